"""The rules outside a repository leave out what git itself leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli.sources import find, globs
from tokencli.sources.rules import Rules
from tokencli.sources.walk import Walk

FOLDERS = ["", "a/", "b/", "a/b/", "a/b/a/", "b/c/"]
FILES = [folder + name for folder in FOLDERS for name in ("x.py", "y.log", "ab.txt")]
PATTERNS = st.sampled_from([
    r"*.log", r"!y.log", r"a/", r"/a", r"b", r"/b/", r"a/b", r"a/b/", r"**/b", r"a/**", r"a/**/x.py", r"*.py",
    r"!*.py", r"# *.txt", r"a?.txt", r"[xy].*", r"[!x].*", r"/*", r"!/a/", r"!/b/", r"*", r"!*/", r"c/", r"\!x",
    r"ab.txt ", r"a*", r"!a/b/x.py", r"", r"**/", r"/**", r"**/a/**/x.py", r"**/**/y.log", r"a**", r"**b*", r"a/**/",
    r"!**/b/", r"*/*/x.py", r"[", r"[a", r"[]x]*", r"[a-x].py", r"[^[:alpha:]]*", r"[[:lower:]].*", r"[x-a]*",
    r"[!]a]*", r"a\b.txt", r"\*", r"x.p[\y]", r"//a", r"a//", r"/", r"!", r"!/", r"./a", r"a/[!/]/*", r"a[/]b",
    r"a?b", r"ab.txt\ ", r"   ", r"[a-]*", r"[-x].py", "\\", r"a**/b", r"a/b**", r"**a/b", r"[[:digit:][:punct:]]*",
    r"[a-c-x].*", r"[\]x].*", r"[x\]].*", r"a/**b", "a\\\\ ", "a   ", "ab.txt\\  ",
])  # fmt: skip
PIECES = [
    "*",
    "**",
    "**/",
    "***/",
    "**\\/",
    "/",
    "?",
    "a",
    "b",
    "ab",
    "ba",
    "[ab]",
    "[!a]",
    "[a-b]",
    r"\a",
    "x",
    ".",
    "!",
    "*a*b*",
]
WILD = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)
TREE = ["a", "ab", "ba", "b/a", "b/ab", "b/aab/x", "b/b/a/ba", "b/b/b/abab", "bab/aa/b/ab.x", "x.a/abba/a/bb", "xb"]


EXAMPLES = int(os.environ.get("TOK_TEST_EXAMPLES", "60"))
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is the reference")


def by_rules(folder: Path) -> set[str]:
    """The files of a walk that asks no git."""
    walk = Walk(str(folder), ".", cwd=str(folder), include=(), exclude=())
    walk.run()
    return {document.path for document in walk.documents}


def by_git(folder: Path, *options: str) -> set[str]:
    """The files of a folder that git lists as untracked, which makes it a repository."""
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", str(folder)], env=environment, check=True)
    command = ["git", "-C", str(folder), *options, "ls-files", "-z", "-o", "--exclude-standard"]
    output = subprocess.run(command, env=environment, check=True, capture_output=True).stdout
    return set(output.decode().split("\0")[:-1])


def fill(folder: Path, files: Sequence[str], rules: Mapping[str, Sequence[str]]) -> None:
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("text")
    for place, lines in rules.items():
        (folder / place / ".gitignore").write_text("".join(line + "\n" for line in lines))


def assert_like_git(files: Sequence[str], rules: Mapping[str, Sequence[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, files, rules)
        walked = by_rules(folder)
        assert walked == by_git(folder)
        assert {document.path for document in find(["."], cwd=name).documents} == walked


@needs_git
@settings(max_examples=EXAMPLES, deadline=None)
@given(rules=st.dictionaries(st.sampled_from(FOLDERS), st.lists(PATTERNS, max_size=5), max_size=3))
def test_ignore_files_mean_what_they_mean_to_git(rules: dict[str, list[str]]) -> None:
    assert_like_git(FILES, rules)


@needs_git
@settings(max_examples=EXAMPLES, deadline=None)
@given(patterns=st.lists(WILD, min_size=1, max_size=3), deeper=st.lists(WILD, max_size=2))
def test_any_wildcards_mean_what_they_mean_to_git(patterns: list[str], deeper: list[str]) -> None:
    assert_like_git(TREE, {"": patterns, "b/": deeper})


@needs_git
@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ({"": ["b/", "!x.py"]}, {"x.py", "x.log"}),
        ({"": ["b/", "*.log", "!b/"]}, {"x.py", "b/x.py", "a/b/x.py"}),
        ({"": ["b/", "*.log"], "a/": ["!b/"]}, {"x.py", "a/b/x.py"}),
        ({"": ["a/*", "!a/b/"], "a/b/": ["x.py"]}, {"x.py", "x.log", "b/x.py", "b/x.log", "a/b/x.log"}),
    ],
    ids=["a file of a folder", "one ignore file", "a deeper ignore file", "below what was taken back"],
)
def test_a_line_about_a_folder_does_not_decide_on_the_files_in_it(
    tmp_path: Path, rules: dict[str, list[str]], kept: set[str]
) -> None:
    """pathspec 1.1.1 differs from git in the first case, where it takes back a file of a folder that is left out, and
    in the third, where the line that takes back the folder decides on `x.log`."""
    fill(tmp_path, [folder + name for folder in ("", "b/", "a/b/") for name in ("x.py", "x.log")], rules)
    for place in rules:
        kept.add(f"{place}.gitignore")
    assert by_rules(tmp_path) == kept
    assert by_git(tmp_path) == kept


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 12 + "*b", "a" * 120),
        ("/x/" + "*a" * 12 + "*b", "x/" + "a" * 120),
        ("**/a/" * 12 + "b", "a/" * 120 + "c"),
        ("**/*a*a/" * 12 + "b", "aaa/" * 60 + "c"),
    ],
)
def test_no_pattern_takes_long_to_match(pattern: str, path: str) -> None:
    """Each would take a matcher that tries every combination longer than a lifetime."""
    assert not Rules([pattern]).covers(path)
    assert Rules([pattern]).verdict(path) is None
    assert not globs.below(f"**/{pattern.removeprefix('/')}").fullmatch(path)


@needs_git
@pytest.mark.parametrize("ignorecase", [False, True])
def test_case_counts_where_it_does_in_the_file_system(tmp_path: Path, ignorecase: bool) -> None:
    fill(tmp_path, ["a.LOG", "B/x.py", "c/x.py"], {"": ["*.log", "b/", "[C-E]/"]})
    upper = tmp_path / ".GITIGNORE"
    if ignorecase and not upper.exists():
        # The same file under both names, as in a file system that does not tell case apart.
        os.link(tmp_path / ".gitignore", upper)
    if not ignorecase and upper.exists():
        pytest.skip("case never counts in this file system")
    walked = by_rules(tmp_path)
    assert walked - {".GITIGNORE"} == ({".gitignore"} if ignorecase else {".gitignore", "a.LOG", "B/x.py", "c/x.py"})
    assert walked == by_git(tmp_path, "-c", f"core.ignorecase={str(ignorecase).lower()}")


def test_an_ignore_file_may_have_a_mark_and_windows_line_ends(tmp_path: Path) -> None:
    for name in ("a.log", "b.txt", "c.tmp"):
        (tmp_path / name).write_text("text")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbf*.log\r\n*.tmp\r\n")
    assert by_rules(tmp_path) == {".gitignore", "b.txt"}


def test_a_line_that_is_no_rule_leaves_the_others_in_force(tmp_path: Path) -> None:
    for name in ("a.log", "b.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / ".gitignore").write_text("!\n*.log\n")
    assert by_rules(tmp_path) == {".gitignore", "b.txt"}
