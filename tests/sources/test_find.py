"""What is counted, left out and reported for a set of inputs."""

from __future__ import annotations

import ntpath
import os
import socket
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tokencli.errors import ExitCode, TokError
from tokencli.model import Document
from tokencli.sources import Found, find, lists, read, same

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


# .tokignore, --include, --exclude


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


# Several inputs


def test_inputs_keep_their_order_and_walks_are_sorted(write: Write) -> None:
    folder = write("z.txt", "b/2.txt", "b/1.txt", "a.txt")
    assert paths(seek(folder, "z.txt", "b", "a.txt")) == ["z.txt", "b/1.txt", "b/2.txt", "a.txt"]


def test_a_file_counts_once_however_often_it_is_named(write: Write) -> None:
    folder = write("a.txt", "b.txt")
    found = seek(folder, "b.txt", ".", "./b.txt", str(folder / "a.txt"))
    assert paths(found) == ["b.txt", str(folder / "a.txt").replace(os.sep, "/")]
    assert [document.named for document in found.documents] == [True, True]
    assert [reason for _, reason in left(found)] == ["counted-already"] * 3


def listed(file: str, inode: int = 7) -> Document:
    return Document(file, 5, file=file, signature=(1, 5, inode, 1))


@pytest.mark.parametrize("other", [r"C:\w\a\b.txt", r"c:\W\A\B.TXT", r"C:\w\.\a//b.txt"])
def test_on_windows_a_file_is_the_same_however_its_path_is_written(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    walked, named = listed(r"C:\w\a/b.txt"), listed(other)
    monkeypatch.setattr(os, "path", ntpath)
    assert same(walked) == same(named)


def test_names_that_a_file_system_takes_for_the_same_are_one_file_and_others_are_not() -> None:
    assert same(listed("/w/gr\u00fc\u00df.txt")) == same(listed("/w/GRU\u0308\u00df.txt"))
    assert same(listed("/w/a.txt", inode=7)) != same(listed("/w/A.txt", inode=8))
    assert same(listed("/w/a.txt")) != same(listed("/w/hardlink.txt"))
    assert same(Document("pipe", 0, file="/w/pipe")) != same(Document("PIPE", 0, file="/w/PIPE"))


def test_a_file_found_by_two_walks_counts_once(write: Write) -> None:
    folder = write("a/b.txt", "a/c.txt")
    found = seek(folder, "a", ".", "a/b.txt")
    assert (paths(found), [document.named for document in found.documents]) == (["a/b.txt", "a/c.txt"], [True, False])


@posix
def test_hard_links_are_several_files(write: Write) -> None:
    folder = write("a.txt")
    os.link(folder / "a.txt", folder / "b.txt")
    assert paths(seek(folder, "a.txt", ".")) == ["a.txt", "b.txt"]


def test_a_missing_file_is_a_problem_and_the_rest_goes_on(write: Write) -> None:
    found = seek(write("a.txt"), "nosuch.txt", "a.txt")
    assert paths(found) == ["a.txt"]
    assert [problem.message for problem in found.problems] == ["nosuch.txt: no such file or folder"]


def test_a_text_in_place_of_a_file_name_gets_a_hint(tmp_path: Path) -> None:
    assert "pipe it in" in seek(tmp_path, "how many tokens is this").problems[0].hint


def test_an_empty_name_is_a_problem_and_not_the_current_folder(write: Write) -> None:
    found = seek(write("a.txt"), "")
    assert (paths(found), codes(found)) == ([], ["not-found"])


@posix
def test_a_folder_named_by_a_link_is_the_folder_it_points_to(write: Write, git: Git) -> None:
    folder = write("repo/a.txt", "repo/b.log", "repo/.gitignore=*.log\n", "elsewhere/c.txt")
    git("init", below="repo")
    (folder / "link").symlink_to("repo")
    (folder / "repo/out").symlink_to("../elsewhere")
    found = seek(folder, "link", "repo/a.txt", "link/a.txt")
    assert paths(found) == ["link/.gitignore", "repo/a.txt"]
    found = seek(folder / "repo", "out")
    assert (paths(found), found.notes) == (["out/c.txt"], ())


@posix
def test_a_file_in_a_folder_that_cannot_be_entered_is_unreadable(write: Write) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may open everything")
    folder = write("locked/a.txt")
    (folder / "locked").chmod(0)
    try:
        assert codes(seek(folder, "locked/a.txt")) == ["unreadable"]
    finally:
        (folder / "locked").chmod(0o700)


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert seek(tmp_path) == Found(())


# Standard input and lists


def test_a_dash_is_standard_input(tmp_path: Path) -> None:
    found = seek(tmp_path, "-", "-", stdin=lambda: BytesIO(b"piped"))
    assert (paths(found), left(found)) == (["-"], [("-", "counted-already")])
    assert read(found.documents[0]).whole == "piped"


def test_large_standard_input_is_not_held_in_memory(tmp_path: Path) -> None:
    data = b"0123456789abcdef" * (1 << 16) * 12
    document = seek(tmp_path, "-", stdin=lambda: BytesIO(data)).documents[0]
    text = read(document)
    assert text.whole is None
    assert "".join(text.chunks()).encode() == data
    assert text.bytes == len(data)


def from_list(folder: Path, data: bytes, *, null: bool = False) -> Found:
    return find((), cwd=str(folder), files_from="-", null=null, stdin=lambda: BytesIO(data))


@pytest.mark.parametrize(
    ("data", "null"),
    [
        (b"a.txt\nsub/b.txt\n", False),
        (b"a.txt\r\n\r\nsub/b.txt", False),
        (b"a.txt\0sub/b.txt\0", True),
        (b"\xef\xbb\xbfa.txt\nsub/b.txt\n", False),
        ("\ufeffa.txt\r\nsub/b.txt\r\n".encode("utf-16-le"), False),
        ("\ufeffa.txt\r\nsub/b.txt\r\n".encode("utf-16-be"), False),
        ("\ufeffa.txt\0sub/b.txt\0".encode("utf-16-le"), True),
    ],
    ids=["lines", "windows lines", "NUL", "UTF-8 mark", "UTF-16", "UTF-16 big-endian", "UTF-16 NUL"],
)
def test_a_list_of_files_has_one_a_line_or_between_nul_bytes_in_any_marked_encoding(
    write: Write, data: bytes, null: bool
) -> None:
    found = from_list(write("a.txt", "sub/b.txt", "c.txt"), data, null=null)
    assert [(document.path, document.named) for document in found.documents] == [("a.txt", False), ("sub/b.txt", False)]
    assert found.problems == ()


@pytest.mark.parametrize("data", [b"a.txt\0sub/b.txt\0", "a.txt\r\n".encode("utf-16-le"), b"\xef\xbb\xbfa\0"])
def test_a_list_with_nul_bytes_that_were_not_announced_is_a_usage_error(write: Write, data: bytes) -> None:
    with pytest.raises(TokError, match="NUL bytes") as caught:
        from_list(write("a.txt"), data)
    assert (caught.value.exit, "add -0" in caught.value.hint) == (ExitCode.USAGE, True)


def test_a_list_that_breaks_its_encoding_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TokError, match=r"not UTF-16 \(byte 4\)"):
        from_list(tmp_path, b"\xff\xfea\0b")


@posix
def test_a_name_in_a_list_may_be_any_bytes(tmp_path: Path) -> None:
    assert [os.fsencode(problem.message) for problem in from_list(tmp_path, b"caf\xe9\n").problems] == [
        b"caf\xe9: no such file or folder"
    ]


def test_where_names_are_text_a_name_in_other_bytes_is_a_problem_and_the_rest_goes_on(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write("a.txt")
    monkeypatch.setattr(lists.os, "fsdecode", lambda name: name.decode("utf-8", "surrogatepass"))
    found = from_list(folder, b"caf\xe9\na.txt\n")
    assert paths(found) == ["a.txt"]
    assert [problem.message for problem in found.problems] == ["-: name 1 is not UTF-8: caf\\xe9"]


def test_a_list_goes_through_include_and_exclude_and_names_what_is_missing(write: Write) -> None:
    folder = write("a.py", "b.md", "old/c.py", "list=a.py\nb.md\nold/c.py\ngone.py\n")
    found = find((), cwd=str(folder), files_from="list", include=["*.py"], exclude=["old/"])
    assert (paths(found), codes(found)) == (["a.py"], ["not-found"])
    assert left(found) == [("old/c.py", "excluded"), ("--files-from", "not-included")]


def test_an_unreadable_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TokError, match="nolist: no such file"):
        find((), cwd=str(tmp_path), files_from="nolist")


def test_standard_input_cannot_be_both_text_and_list(tmp_path: Path) -> None:
    with pytest.raises(TokError, match="wanted twice"):
        find(["-"], cwd=str(tmp_path), files_from="-", stdin=lambda: BytesIO(b""))


# Globs


def test_a_glob_stands_for_what_a_shell_would_have_put_there(write: Write) -> None:
    folder = write("a.py", "b.py", ".hidden.py", "c.md", "sub/d.py", "sub2/e.py")
    found = seek(folder, "*.py")
    assert [(document.path, document.named) for document in found.documents] == [("a.py", True), ("b.py", True)]
    assert paths(seek(folder, "sub*/?.py")) == ["sub/d.py", "sub2/e.py"]
    assert paths(seek(folder, "[!a].*")) == ["b.py", "c.md"]
    assert paths(seek(folder, str(folder / "s*"))) == [
        str(folder / name).replace(os.sep, "/") for name in ("sub/d.py", "sub2/e.py")
    ]


def test_two_stars_walk_and_leave_out_what_a_walk_leaves_out(write: Write, git: Git) -> None:
    folder = write("a.py", "x/b.py", "x/y/c.py", "x/y/c.md", "node_modules/d.py", ".gitignore=node_modules/\n")
    git("init")
    assert paths(seek(folder, "**/*.py")) == ["a.py", "x/b.py", "x/y/c.py"]
    assert paths(seek(folder, "x/**")) == ["x/b.py", "x/y/c.md", "x/y/c.py"]
    assert paths(seek(folder, "?/**/c.*")) == ["x/y/c.md", "x/y/c.py"]


@posix
def test_a_file_of_the_literal_name_goes_before_the_glob(write: Write) -> None:
    folder = write("[ab].txt", "a.txt", "b.txt")
    assert paths(seek(folder, "[ab].txt")) == ["[ab].txt"]


@pytest.mark.parametrize("pattern", ["*.nosuch", "**/*.nosuch", "nofolder/*", "nofolder/**"])
def test_a_glob_that_fits_nothing_is_a_problem(write: Write, pattern: str) -> None:
    found = seek(write("a.txt", "sub/b.txt"), pattern)
    assert (paths(found), codes(found)) == ([], ["not-found"])


@pytest.mark.parametrize(
    ("pattern", "options", "reason"),
    [
        ("**/*.log", {}, "for files that are left out: git-ignored"),
        ("**/*.o", {}, "perhaps in a folder that is left out: git-ignored"),
        ("**/*.md", {"exclude": ["*.md"]}, "for files that are left out: excluded, git-ignored"),
        ("**/*.md", {"include": ["*.py"]}, "for files that are left out: git-ignored, not-included"),
    ],
)
def test_a_glob_that_fits_only_what_is_left_out_says_so(
    write: Write, pattern: str, options: dict[str, list[str]], reason: str
) -> None:
    folder = write("a.md", "sub/b.log", "build/c.o", ".gitignore=*.log\nbuild/\n")
    (problem,) = seek(folder, pattern, **options).problems
    assert problem.message == f"{pattern}: no such file, and no file fits it as a pattern but {reason}"


def test_a_walk_by_a_glob_names_only_what_it_left_out_that_could_fit(write: Write) -> None:
    folder = write("a.py", "b.log", "c_test.py", "build/d.o", ".gitignore=*.log\nbuild/\nc_*\n")
    assert left(seek(folder, "**/*.py")) == [("build/", "git-ignored"), ("c_test.py", "git-ignored")]


def test_a_glob_that_fits_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert seek(tmp_path, "em*") == Found(())
