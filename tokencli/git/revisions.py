"""Repositories and the commits in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import new
from typing import Literal

from tokencli.errors import ExitCode, TokError
from tokencli.git.program import output

EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without files, which git knows without it being there (`git hash-object -t tree /dev/null`)."""

SHALLOW = "a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"


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

    def relative(self, path: str) -> str:
        """A path from the current folder as one from the root; TokError (usage) for one outside the repository."""
        folder, name = os.path.split(os.path.abspath(path))
        full = os.path.join(os.path.realpath(folder), name)
        relative = os.path.relpath(full, self.root).replace(os.sep, "/")
        if relative == ".." or relative.startswith("../"):
            raise TokError(f"{path}: outside of the repository {self.root}", code="outside", exit=ExitCode.USAGE)
        return relative

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


def merge_bases(repo: Repository, one: str, other: str) -> list[str]:
    """The best common ancestors of two commits, best first; none where they have none."""
    try:
        return repo.git("merge-base", "--all", one, other).decode().split()
    except TokError as error:
        # Without a common ancestor git says nothing and ends with 1.
        if error.message == "git: git merge-base failed":
            return []
        raise
