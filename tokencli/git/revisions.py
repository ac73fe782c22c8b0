"""Repositories and the commits in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import new
from typing import Literal

from tokencli.errors import TokError
from tokencli.git.program import output

EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without files, which git knows without it being there (`git hash-object -t tree /dev/null`)."""

LINE = 1 << 16
"""No line of cat-file about an object is longer, as no path is."""

LOST = "a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree: its top folder without links on the way, the folder asked about below it
    ("" or ending in `/`), whether its history is cut off, how it names objects, and the index that a hook is given
    (None for its own)."""

    root: str
    prefix: str
    shallow: bool
    hash: Literal["sha1", "sha256"]
    index: str | None = None

    @property
    def empty_tree(self) -> str:
        return EMPTY_TREES[self.hash]

    def blob_id(self, data: bytes) -> str:
        """The id that git gives to these bytes."""
        return new(self.hash, b"blob %d\0" % len(data) + data).hexdigest()

    def git(self, *arguments: str, data: bytes | None = None) -> bytes:
        """What git prints when run at the top of the repository."""
        return output(self.root, *arguments, data=data, index=self.index)


def repository(folder: str, environ: Mapping[str, str]) -> Repository:
    """The repository a folder lies in; TokError where it lies in none.

    In a hook git may have prepared another index than the repository's, as for `git commit -a` or `git commit FILE`,
    and says so in GIT_INDEX_FILE: what is about to be committed is in that one.
    """
    asked = ("--is-shallow-repository", "--show-object-format", "--git-dir", "--show-toplevel")
    try:
        printed = output(folder, "rev-parse", *asked)
    except TokError as error:
        if "not a git repository" in error.message:
            where = "here" if folder in (".", os.getcwd()) else f"in {folder}"
            message, hint = f"there is no git repository {where}", "-C DIR names another folder; tok count needs none"
            raise TokError(message, hint=hint, code="no-repository") from None
        raise
    shallow, form, git_dir, root = os.fsdecode(printed).removesuffix("\n").split("\n", 3)
    root = os.path.realpath(root)
    prefix = os.path.relpath(os.path.realpath(folder), root).replace(os.sep, "/")
    return Repository(
        root,
        "" if prefix == "." else f"{prefix}/",
        shallow == "true",
        "sha256" if form == "sha256" else "sha1",
        _index(environ, folder, os.path.join(folder, git_dir)),
    )


def _index(environ: Mapping[str, str], folder: str, git_dir: str) -> str | None:
    """The index that git has prepared for a hook, if it is one of this repository."""
    named = environ.get("GIT_INDEX_FILE")
    if not named:
        return None
    path = os.path.realpath(os.path.join(folder, named))
    below = os.path.join(os.path.realpath(git_dir), "")
    return path if path.startswith(below) and os.path.isfile(path) else None


def commits(repo: Repository, names: Sequence[str]) -> list[str]:
    """The full ids of commits; TokError `unknown-revision` for a name that is none."""
    for name in names:
        if "\n" in name or not name:
            raise _unknown(repo, name)
    asked = "".join(f"{name}^{{commit}}\n" for name in names).encode(errors="surrogateescape")
    lines = os.fsdecode(repo.git("cat-file", "--batch-check=%(objecttype) %(objectname)", data=asked)).splitlines()
    for name, line in zip(names, lines, strict=True):
        if not line.startswith("commit "):
            raise _unknown(repo, name)
    return [line.split(" ")[1] for line in lines]


def _unknown(repo: Repository, name: str) -> TokError:
    remote, _, branch = name.partition("/")
    hint = "git branch --all lists branches"
    if re.fullmatch(r"[0-9a-f]{7,64}", name) and repo.shallow:
        hint = f"this is {LOST}"
    elif remote in os.fsdecode(repo.git("remote")).splitlines() and branch:
        hint = f"git fetch {remote} {branch}" + (" --unshallow" if repo.shallow else "")
    return TokError(f"unknown revision {name!r}", hint=hint, code="unknown-revision")


def head_commit(repo: Repository) -> str | None:
    """The commit of HEAD; None before the first one."""
    line = repo.git("cat-file", "--batch-check=%(objecttype) %(objectname)", data=b"HEAD^{commit}\n").decode()
    return line.split()[1] if line.startswith("commit ") else None


def merge_bases(repo: Repository, one: str, other: str) -> list[str]:
    """The best common ancestors of two commits, best first; none where they have none."""
    try:
        return repo.git("merge-base", "--all", one, other).decode().split()
    except TokError as error:
        # Without a common ancestor git says nothing and ends with 1.
        if error.message == "git: git merge-base failed":
            return []
        raise


def contents(repo: Repository, revision: str, paths: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the files that are there at a revision (a commit, a tree, or "" for the index), by path.

    Paths are relative to the root; git cannot be asked for one with a line break in this way, and it is left out.
    """
    names = [path for path in paths if "\n" not in path]
    asked = b"".join(os.fsencode(f"{revision}:{path}\n") for path in names)
    printed = memoryview(repo.git("cat-file", "--batch=%(objecttype) %(objectsize)", data=asked))
    found = {}
    at = 0
    for path in names:
        end = at + bytes(printed[at : at + LINE]).index(b"\n")
        kind, _, size = bytes(printed[at:end]).partition(b" ")
        at = end + 1
        if kind == b"blob":
            found[path] = bytes(printed[at : at + int(size)])
        if kind in (b"blob", b"tree", b"commit"):
            at += int(size) + 1
    return found
