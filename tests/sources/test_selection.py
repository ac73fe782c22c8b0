"""What .tokignore, --include and --exclude leave out of a walk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokencli.errors import ExitCode, TokError
from tokencli.sources import Found, find

Write = Callable[..., Path]
Git = Callable[..., None]

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


def paths(found: Found) -> list[str]:
    return [document.path for document in found.documents]


def left(found: Found) -> list[tuple[str, str]]:
    return [(skipped.path, skipped.reason) for skipped in found.skipped]


def seek(folder: Path, *inputs: str, **options: Any) -> Found:
    return find(inputs or (".",), cwd=str(folder), **options)


@pytest.mark.parametrize("repository", [True, False])
def test_tokignore_holds_at_any_level_with_and_without_a_repository(write: Write, git: Git, repository: bool) -> None:
    folder = write("a.txt", "gen/x.txt", "sub/b.csv", "sub/keep.csv", "sub/deep/c.csv", "d.csv")
    write(".tokignore=gen/\n", "sub/.tokignore=*.csv\n!keep.csv\n")
    if repository:
        git("init")
    found = seek(folder)
    assert paths(found) == [".tokignore", "a.txt", "d.csv", "sub/.tokignore", "sub/keep.csv"]
    assert left(found) == [("gen/", "tok-ignored"), ("sub/b.csv", "tok-ignored"), ("sub/deep/c.csv", "tok-ignored")]


@pytest.mark.parametrize("repository", [True, False])
def test_tokignore_above_the_named_folder_holds_unless_it_is_the_folder_that_is_left_out(
    write: Write, git: Git, repository: bool
) -> None:
    folder = write("src/a.txt", "src/b.csv", "gen/c.txt", ".tokignore=*.csv\ngen/\n")
    if repository:
        git("init")
    assert paths(seek(folder, "src")) == ["src/a.txt"]
    assert paths(seek(folder, "gen")) == ["gen/c.txt"]


def test_a_tokignore_that_git_ignores_still_holds(write: Write, git: Git) -> None:
    folder = write("a.txt", "b.csv", ".tokignore=*.csv\n", ".gitignore=.tokignore\n")
    git("init")
    assert paths(seek(folder)) == [".gitignore", "a.txt"]


@pytest.mark.parametrize("repository", [True, False])
def test_include_restricts_and_exclude_removes(write: Write, git: Git, repository: bool) -> None:
    folder = write("a.py", "b.md", "sub/c.py", "sub/d.md", "old/e.py")
    if repository:
        git("init")
    found = seek(folder, include=["*.py"], exclude=["old/"])
    assert paths(found) == ["a.py", "sub/c.py"]
    assert [(s.path, s.reason, s.count) for s in found.skipped] == [(".", "not-included", 2), ("old/", "excluded", 1)]


def test_patterns_are_relative_to_the_folder_that_is_walked(write: Write) -> None:
    folder = write("src/gen/a.txt", "src/b.txt", "gen/c.txt")
    assert paths(seek(folder, "src", exclude=["/gen"])) == ["src/b.txt"]
    assert paths(seek(folder, ".", include=["/src/"])) == ["src/b.txt", "src/gen/a.txt"]


def test_a_named_file_counts_whatever_the_rules_say(write: Write, git: Git) -> None:
    folder = write("a.log", ".gitignore=*.log\n", ".tokignore=*.log\n")
    git("init")
    found = seek(folder, "a.log", include=["*.py"], exclude=["*.log"])
    assert [(document.path, document.named) for document in found.documents] == [("a.log", True)]


def test_a_bad_pattern_is_a_usage_error(write: Write) -> None:
    with pytest.raises(TokError, match="--exclude") as caught:
        seek(write("a.txt"), exclude=["!"])
    assert caught.value.exit is ExitCode.USAGE


@posix
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "link"])
@pytest.mark.parametrize("name", [".tokignore", ".gitignore", "sub/.tokignore", "sub/.gitignore"])
def test_an_ignore_file_that_is_no_file_is_not_opened(write: Write, make: Callable[[Path], None], name: str) -> None:
    folder = write("sub/a.txt")
    make(folder / name)
    found = seek(folder)
    assert paths(found) == ["sub/a.txt"]
    assert found.notes == (f"{name}: is no regular file, so its rules are not used",)


@posix
def test_a_tokignore_in_a_repository_that_is_no_file_is_not_opened(write: Write, git: Git) -> None:
    folder = write("sub/a.txt")
    git("init")
    os.mkfifo(folder / ".tokignore")
    (folder / "sub/.tokignore").symlink_to("/dev/zero")
    found = seek(folder, "sub")
    assert paths(found) == ["sub/a.txt"]
    assert found.notes == tuple(
        f"{name}: is no regular file, so its rules are not used"
        for name in (f"{os.path.realpath(folder)}/.tokignore", "sub/.tokignore")
    )


def test_an_ignore_file_without_end_is_not_used(write: Write) -> None:
    folder = write("a.txt", "b.csv", ".tokignore=*.csv\n" + "#" * 1_000_000)
    found = seek(folder)
    assert paths(found) == [".tokignore", "a.txt", "b.csv"]
    assert found.notes == (".tokignore: is longer than 1,000,000 bytes, so its rules are not used",)
