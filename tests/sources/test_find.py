"""What the inputs stand for: files, folders, standard input, lists and globs."""

from __future__ import annotations

import ntpath
import os
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
