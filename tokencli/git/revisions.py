"""Repositories and the commits in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tokencli.errors import ExitCode, TokError
from tokencli.git.files import worktree
from tokencli.git.program import begin

EMPTY_TREES = {
    b"sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    b"sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without files, which git knows without it being there (`git hash-object -t tree /dev/null`)."""

SHALLOW = "a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"


class Repository(NamedTuple):
    """A repository with a working tree: its top folder without links on the way, the folder asked about below it
    ("" or ending in `/`), and the index that a hook is given (None for its own)."""

    root: str
    prefix: str
    hook_index: str | None = None

    @property
    def empty_tree(self) -> str:
        return EMPTY_TREES[self.git("rev-parse", "--show-object-format").strip()]

    @property
    def shallow(self) -> bool:
        """Whether its history is cut off."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def relative(self, path: str) -> str:
        """A path from the current folder as one from the root; TokError (usage) for one outside the repository."""
        folder, name = os.path.split(os.path.abspath(path))
        full = os.path.join(os.path.realpath(folder), name)
        relative = os.path.relpath(full, self.root).replace(os.sep, "/")
        if relative == ".." or relative.startswith("../"):
            message, hint = f"{path}: outside of the repository {self.root}", "-C DIR runs in another one"
            raise TokError(message, hint=hint, code="outside", exit=ExitCode.USAGE)
        return relative

    def git(self, *arguments: str, data: bytes | None = None) -> bytes:
        """What git prints when run at the top of the repository."""
        return self.begin(*arguments, data=data)()

    def begin(self, *arguments: str, data: bytes | None = None) -> Callable[[], bytes]:
        """Start git at the top of the repository, and give a function that waits for what it prints."""
        return begin(self.root, *arguments, data=data, index=self.hook_index)


def repository(folder: str, environ: Mapping[str, str]) -> Repository:
    """The repository a folder lies in; TokError where it lies in none.

    In a hook git may have prepared another index than the repository's, as for `git commit -a` or `git commit FILE`,
    and says so in GIT_INDEX_FILE: what is about to be committed is in that one.
    """
    here = os.path.realpath(folder)
    root = worktree(here)
    if root is None:
        message, hint = f"there is no git repository in {folder}", "-C DIR names another folder; tok count needs none"
        raise TokError(message, hint=hint, code="no-repository")
    prefix = os.path.relpath(here, root).replace(os.sep, "/")
    return Repository(root, "" if prefix == "." else f"{prefix}/", _index(environ, folder, root))


def _index(environ: Mapping[str, str], folder: str, root: str) -> str | None:
    """The index that git has prepared for a hook, if it is one of this repository."""
    named = environ.get("GIT_INDEX_FILE")
    if not named:
        return None
    path = os.path.realpath(os.path.join(folder, named))
    below = os.path.join(os.path.realpath(_git_folder(root)), "")
    return path if path.startswith(below) and os.path.isfile(path) else None


def _git_folder(root: str) -> str:
    """The folder in which git keeps a working tree's index; of a linked one, `.git` is a file that names it."""
    entry = os.path.join(root, ".git")
    try:
        with open(entry, encoding="utf-8", errors="surrogateescape") as file:
            return os.path.join(root, file.read().removeprefix("gitdir:").strip())
    except OSError:
        return entry


def merge_bases(repo: Repository, one: str, other: str) -> list[str]:
    """The best common ancestors of two commits, best first; none where they have none."""
    try:
        return repo.git("merge-base", "--all", one, other).decode().split()
    except TokError as error:
        # Without a common ancestor git says nothing and ends with 1.
        if error.message == "git: git merge-base failed":
            return []
        raise
