"""What is found in a folder and what is left out of it, with and without git."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokencli.sources import Found, find, read

Write = Callable[..., Path]
Git = Callable[..., None]

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


def paths(found: Found) -> list[str]:
    return [document.path for document in found.documents]


def left(found: Found) -> list[tuple[str, str]]:
    return [(skipped.path, skipped.reason) for skipped in found.skipped]


def codes(found: Found) -> list[str]:
    return [problem.code for problem in found.problems]


def seek(folder: Path, *inputs: str, **options: Any) -> Found:
    return find(inputs or (".",), cwd=str(folder), **options)


# In a repository


def test_tracked_and_untracked_files_are_counted_and_ignored_ones_named(write: Write, git: Git) -> None:
    folder = write("src/a.py", "new.py", "build/x/y.o", "build/z.o", "trace.log", ".gitignore=build/\n*.log\n")
    git("init")
    git("add", "src", ".gitignore")
    found = seek(folder)
    assert paths(found) == [".gitignore", "new.py", "src/a.py"]
    assert left(found) == [("build/", "git-ignored"), ("trace.log", "git-ignored")]


def test_a_tracked_file_that_is_ignored_counts(write: Write, git: Git) -> None:
    folder = write("kept.log", ".gitignore=*.log\n")
    git("init")
    git("add", "--force", ".")
    assert paths(seek(folder)) == [".gitignore", "kept.log"]


def test_only_what_lies_below_the_named_folder_counts_and_is_shown_from_where_one_stands(
    write: Write, git: Git
) -> None:
    folder = write("src/a.py", "src/deep/b.py", "src/c.log", "other.py", ".gitignore=*.log\n")
    git("init")
    found = seek(folder, "src/")
    assert paths(found) == ["src/a.py", "src/deep/b.py"]
    assert left(found) == [("src/c.log", "git-ignored")]
    assert paths(find(["../src"], cwd=str(folder / "src"))) == ["../src/a.py", "../src/deep/b.py"]


def test_an_ignored_folder_that_is_named_is_walked(write: Write, git: Git) -> None:
    folder = write("build/a.txt", "build/deep/b.txt", ".gitignore=build/\n")
    git("init")
    assert paths(seek(folder, "build")) == ["build/a.txt", "build/deep/b.txt"]
    assert paths(seek(folder, "build/deep")) == ["build/deep/b.txt"]


def test_a_deleted_tracked_file_is_named_as_deleted(write: Write, git: Git) -> None:
    folder = write("a.txt", "b.txt")
    git("init")
    git("add", ".")
    (folder / "b.txt").unlink()
    found = seek(folder)
    assert (paths(found), left(found)) == (["a.txt"], [("b.txt", "deleted")])


def test_a_tracked_file_replaced_by_a_folder_is_deleted_and_the_folder_counts_once(write: Write, git: Git) -> None:
    folder = write("a")
    git("init")
    git("add", ".")
    (folder / "a").unlink()
    write("a/inner.txt")
    found = seek(folder)
    assert (paths(found), left(found)) == (["a/inner.txt"], [("a", "deleted")])


def test_an_unmerged_file_counts_once(write: Write, git: Git) -> None:
    folder = write("a.txt=base\n")
    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "-m", "base")
    git("checkout", "-b", "side")
    write("a.txt=side\n")
    git("commit", "-a", "-m", "side")
    git("checkout", "main")
    write("a.txt=main\n")
    git("commit", "-a", "-m", "main")
    with pytest.raises(Exception, match="merge"):
        git("merge", "side")
    assert paths(seek(folder)) == ["a.txt"]


def test_files_outside_a_sparse_checkout_are_named(write: Write, git: Git) -> None:
    folder = write("in/a.txt", "out/b.txt", "top.txt")
    git("init")
    git("add", ".")
    git("commit", "-m", "all")
    git("sparse-checkout", "set", "in")
    found = seek(folder)
    assert (paths(found), left(found)) == (["in/a.txt", "top.txt"], [("out/b.txt", "not-checked-out")])


def test_a_nested_repository_is_walked_by_its_own_rules(write: Write, git: Git) -> None:
    folder = write("a.txt", "vendor/lib/b.txt", "vendor/lib/b.log", "vendor/lib/.gitignore=*.log\n")
    git("init")
    git("init", below="vendor/lib")
    found = seek(folder)
    assert paths(found) == ["a.txt", "vendor/lib/.gitignore", "vendor/lib/b.txt"]
    assert left(found) == [("vendor/lib/b.log", "git-ignored")]


def test_a_submodule_is_walked_and_one_that_is_not_checked_out_is_named(write: Write, git: Git) -> None:
    folder = write("origin/lib.txt", "main/a.txt")
    git("init", below="origin")
    git("add", ".", below="origin")
    git("commit", "-m", "lib", below="origin")
    git("init", below="main")
    git("submodule", "add", "../origin", "sub", below="main")
    main = folder / "main"
    assert paths(seek(main)) == [".gitmodules", "a.txt", "sub/lib.txt"]
    git("submodule", "deinit", "--force", "sub", below="main")
    found = seek(main)
    assert (paths(found), left(found)) == ([".gitmodules", "a.txt"], [("sub/", "submodule")])


def test_a_linked_worktree_is_a_repository_too(write: Write, git: Git) -> None:
    folder = write("main/a.txt", "main/.gitignore=*.log\n")
    git("init", below="main")
    git("add", ".", below="main")
    git("commit", "-m", "a", below="main")
    git("worktree", "add", "../linked", below="main")
    write("linked/b.log")
    found = seek(folder / "linked")
    assert (paths(found), left(found)) == ([".gitignore", "a.txt"], [("b.log", "git-ignored")])


@posix
@pytest.mark.parametrize("repository", [True, False])
def test_odd_names_are_found_and_readable(tmp_path: Path, git: Git, repository: bool) -> None:
    names = [b"with space", b"new\nline", b"quote\"'", "grüß".encode(), b"-dash", b"[x]"]
    if sys.platform == "linux":
        names.append(b"latin\xe9")
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    if repository:
        git("init")
    found = seek(tmp_path)
    assert sorted(os.fsencode(path) for path in paths(found)) == sorted(names)
    assert sorted(read(document).bytes for document in found.documents) == sorted(map(len, names))


def test_a_repository_is_left_untouched(write: Write, git: Git) -> None:
    folder = write("a.txt", "b.txt")
    git("init")
    git("add", ".")
    write("a.txt")
    before = (folder / ".git/index").read_bytes(), sorted(os.listdir(folder / ".git"))
    seek(folder)
    assert ((folder / ".git/index").read_bytes(), sorted(os.listdir(folder / ".git"))) == before


# Without a repository


def test_gitignore_rules_hold_without_a_repository(write: Write) -> None:
    folder = write(
        "a.txt", "b.log", "keep.log", "build/x.txt", "sub/c.tmp", "sub/build/y.txt", "sub/.gitignore=*.tmp\n"
    )
    write(".gitignore=*.log\n!keep.log\n/build/\n")
    found = seek(folder)
    assert paths(found) == [".gitignore", "a.txt", "keep.log", "sub/.gitignore", "sub/build/y.txt"]
    assert left(found) == [("b.log", "git-ignored"), ("build/", "git-ignored"), ("sub/c.tmp", "git-ignored")]


def test_gitignore_rules_of_the_current_folder_hold_for_a_folder_below_it(write: Write) -> None:
    folder = write("src/a.txt", "src/b.log", ".gitignore=*.log\n")
    assert paths(seek(folder, "src")) == ["src/a.txt"]


def test_a_repository_below_a_plain_folder_is_walked_through_git(write: Write, git: Git) -> None:
    folder = write("a.txt", "repo/b.txt", "repo/c.log", "repo/.git-is-no-store.txt")
    git("init", below="repo")
    (folder / "repo/.git/info/exclude").write_text("*.log\n")
    found = seek(folder)
    assert paths(found) == ["a.txt", "repo/.git-is-no-store.txt", "repo/b.txt"]
    assert left(found) == [("repo/c.log", "git-ignored")]


def test_stores_of_other_version_control_systems_are_left_out(write: Write) -> None:
    folder = write("a.txt", ".svn/pristine/a.txt", "sub/.hg/store")
    found = seek(folder)
    assert paths(found) == ["a.txt"]
    assert left(found) == [(".svn/", "version-control"), ("sub/.hg/", "version-control")]


def test_without_git_the_rules_in_the_files_hold_with_a_note(
    write: Write, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write("a.txt", "b.log", ".gitignore=*.log\n", *(f"sub/{number}/a.txt" for number in range(4)))
    git("init")
    git("add", "--force", "b.log")
    for number in range(4):
        git("init", below=f"sub/{number}")
    monkeypatch.setenv("PATH", "")
    found = seek(folder)
    assert paths(found) == [".gitignore", "a.txt", *(f"sub/{number}/a.txt" for number in range(4))]
    (note,) = found.notes
    assert note.startswith("., ")
    assert note.endswith(
        " and 2 more: listed without git (git is not installed), so ignored files are left out even if tracked"
    )


@posix
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("#!/bin/sh\nexit 3\n", "git ls-files failed"),
        ("#!/bin/sh\ncase $* in *-i*) echo fatal: broken >&2; exit 128;; esac\n", "broken"),
        ("#!/nowhere\n", "git cannot be run: No such file or directory"),
    ],
)
def test_a_git_that_fails_is_a_note(
    write: Write, git: Git, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    folder = write("repo/a.txt", f"bin/git={script}")
    git("init", below="repo")
    (folder / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    found = seek(folder / "repo")
    assert paths(found) == ["a.txt"]
    assert found.notes[0].startswith(f".: listed without git ({reason})")


def test_nothing_is_said_about_a_folder_in_which_git_tracks_nothing(write: Write, git: Git) -> None:
    folder = write("build/a.txt", ".gitignore=build/\n")
    git("init")
    assert seek(folder, "build").notes == ()
    assert seek(folder, ".git/info").notes == ()


def test_what_git_refuses_to_list_is_walked_with_a_note(write: Write, git: Git) -> None:
    folder = write("a.txt", "b.log", ".gitignore=*.log\n")
    git("init")
    git("config", "core.repositoryformatversion", "99")
    found = seek(folder)
    assert paths(found) == [".gitignore", "a.txt"]
    assert found.notes[0].startswith(".: listed without git (")


# Links and special files


@posix
@pytest.mark.parametrize("repository", [True, False])
def test_symlinks_are_not_followed_in_a_walk_but_when_named(write: Write, git: Git, repository: bool) -> None:
    folder = write("real/a.txt", "b.txt")
    (folder / "loop").symlink_to(".")
    (folder / "alias.txt").symlink_to("b.txt")
    (folder / "broken").symlink_to("nowhere")
    if repository:
        git("init")
        git("add", ".")
    found = seek(folder)
    assert paths(found) == ["b.txt", "real/a.txt"]
    assert left(found) == [("alias.txt", "symlink"), ("broken", "symlink"), ("loop", "symlink")]
    assert paths(seek(folder, "alias.txt")) == ["alias.txt"]
    assert codes(seek(folder, "broken")) == ["not-found"]


@posix
def test_a_tracked_folder_replaced_by_a_symlink_is_not_followed(write: Write, git: Git) -> None:
    folder = write("repo/a/b.txt", "repo/c.txt", "outside/b.txt")
    git("init", below="repo")
    git("add", ".", below="repo")
    (folder / "repo/a/b.txt").unlink()
    (folder / "repo/a").rmdir()
    (folder / "repo/a").symlink_to("../outside")
    found = seek(folder / "repo")
    assert (paths(found), left(found)) == (["c.txt"], [("a", "symlink"), ("a/b.txt", "deleted")])


@posix
def test_special_files_are_left_out_of_a_walk(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write("a.txt")
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        found = seek(folder)
    assert (paths(found), left(found)) == (["a.txt"], [("pipe", "special-file"), ("socket", "special-file")])


@posix
def test_a_named_pipe_is_read_to_its_end() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"from a pipe")
    os.close(writer)
    found = find([f"/dev/fd/{reader}"], cwd="/")
    assert read(found.documents[0]).whole == "from a pipe"
    assert found.documents[0].signature is None
    os.close(reader)


@posix
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may open everything")
@pytest.mark.parametrize("repository", [True, False])
def test_a_folder_that_cannot_be_opened_is_a_problem(write: Write, git: Git, repository: bool) -> None:
    folder = write("a.txt", "locked/b.txt")
    if repository:
        git("init")
    (folder / "locked").chmod(0)
    try:
        found = seek(folder)
    finally:
        (folder / "locked").chmod(0o700)
    assert (paths(found), codes(found)) == (["a.txt"], ["unreadable"])
