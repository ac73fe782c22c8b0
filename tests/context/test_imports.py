"""Imports in Markdown as Claude Code and Gemini CLI find them."""

from __future__ import annotations

import time

import pytest

from tokencli.context.frontmatter import patterns_of, split, text_of
from tokencli.context.imports import MOST, imports, without_comments


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@a.md", ["a.md"]),
        ("see @docs/a.md and\n- @b.md", ["docs/a.md", "b.md"]),
        ("**@a.md** and [@b.md](x)", ["a.md", "b.md"]),
        ("@./a\\ b.md#part", ["./a b.md"]),
        ("@a.md @a.md", ["a.md"]),
        ("mail me@example.org", []),
        ("`@a.md` and ``x @b.md``", []),
        ("```\n@a.md\n```\n\n~~~ md\n@b.md\n~~~", []),
        ("    @a.md", []),
        ("<!-- @a.md -->", []),
        ("@(x) @# @@a.md", []),
        ("```\nunclosed @a.md", []),
        ("> quoted @a.md", ["a.md"]),
    ],
)
def test_what_is_imported(text: str, written: list[str]) -> None:
    assert [one.written for one in imports(text, "")] == written


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("a.md", "sub/a.md"),
        ("./a.md", "sub/a.md"),
        ("../a.md", "a.md"),
        ("x/../../a.md", "a.md"),
        ("../../a.md", None),
        ("~/a.md", None),
        ("/a.md", None),
    ],
)
def test_paths_are_relative_to_the_file(written: str, path: str | None) -> None:
    assert [one.path for one in imports(f"@{written}", "sub/")] == [path]


def test_a_large_text_is_not_searched() -> None:
    assert imports("@a.md " + "x" * MOST, "") == []


@pytest.mark.parametrize(
    "text", ["[" * 50_000 + "@a.md", "> " * 5_000 + "@a.md", "`" * 50_000 + "@a.md", "<!--" * 9_999]
)
def test_hostile_markdown_takes_no_time(text: str) -> None:
    start = time.monotonic()
    imports("@x.md\n" + text, "")
    without_comments(text)
    assert time.monotonic() - start < 5


def test_front_matter_that_is_no_yaml() -> None:
    front, body = split('---\nglobs: **/*.ts,src/{a,b}.js\nname: "a: b" \nlist: [x, "y"]\n# no\nempty:\n---\nbody')
    assert body == "body"
    assert patterns_of(front, "globs") == ["**/*.ts", "src/{a,b}.js"]
    assert text_of(front, "name") == "a: b"
    assert patterns_of(front, "list") == ["x", "y"]
    assert text_of(front, "empty") == text_of(front, "none") == ""


@pytest.mark.parametrize("text", ["", "---", "---\nunclosed: x\n", "text\n---\na: b\n---\n", "--- x\n---\n"])
def test_no_front_matter(text: str) -> None:
    assert split(text) == (None, text)
