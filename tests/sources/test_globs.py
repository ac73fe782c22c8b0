"""Patterns mean what they mean to a shell."""

from __future__ import annotations

import pytest

from tokencli.sources import globs


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("**", "a", True),
        ("**", "a/b/c.txt", True),
        ("**", ".hidden", False),
        ("**", "a/.hidden/b", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "x/y/a.py", True),
        ("**/*.py", "x/y/a.pyc", False),
        ("**/*.py", "x/.a.py", False),
        ("**/.*", "x/.a.py", True),
        ("**/b/*", "a/b/c", True),
        ("**/b/*", "b/c", True),
        ("**/b/*", "b/c/d", False),
        ("**/b/**/d", "a/b/c/d", True),
        ("**/b/**/d", "a/b/d", True),
        ("**/a?c", "abc", True),
        ("**/a?c", "a/c", False),
        ("**/[a-c]x", "bx", True),
        ("**/[!a-c]x", "bx", False),
        ("**/[^a-c]x", "dx", True),
        ("**/[]]x", "]x", True),
        ("**/[a", "[a", True),
        ("**/a+(b).txt", "a+(b).txt", True),
        ("**/[\\w]", "w", True),
        ("**/[\\w]", "v", False),
        ("**/*\n*", "a\nb", True),
    ],
)
def test_a_pattern_fits_a_path(pattern: str, path: str, fits: bool) -> None:
    assert (globs.below(pattern).fullmatch(path) is not None) == fits


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("*.py", ("*.py", "")),
        ("**/*.py", ("", "**/*.py")),
        ("src/*/**/*.py", ("src/*", "**/*.py")),
        ("/**/x", ("/", "**/x")),
    ],
)
def test_a_pattern_is_cut_at_its_first_two_stars(pattern: str, parts: tuple[str, str]) -> None:
    assert globs.split(pattern) == parts
