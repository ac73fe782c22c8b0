"""The rules outside a repository leave out what git itself leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli.sources import find
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
    r"[a-c-x].*", r"[\]x].*", r"[x\]].*", r"a/**b",
])  # fmt: skip


def by_rules(folder: Path) -> set[str]:
    """The files of a walk that asks no git."""
    walk = Walk(str(folder), ".", cwd=str(folder), include=(), exclude=())
    walk.run()
    return {document.path for document in walk.documents}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the reference")
@settings(max_examples=int(os.environ.get("TOK_TEST_EXAMPLES", "60")), deadline=None)
@given(rules=st.dictionaries(st.sampled_from(FOLDERS), st.lists(PATTERNS, max_size=5), max_size=3))
def test_ignore_files_mean_what_they_mean_to_git(rules: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in FILES:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text("text")
        for place, lines in rules.items():
            (folder / place / ".gitignore").write_text("".join(line + "\n" for line in lines))
        walked = by_rules(folder)
        environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", "init", "-q", name], env=environment, check=True)
        command = ["git", "-C", name, "ls-files", "-z", "-o", "--exclude-standard"]
        output = subprocess.run(command, env=environment, check=True, capture_output=True).stdout
        assert walked == set(output.decode().split("\0")[:-1])
        assert {document.path for document in find(["."], cwd=name).documents} == walked


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
