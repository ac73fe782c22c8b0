"""Which files lie in a folder, as git sees it."""

from __future__ import annotations

import os
from typing import NamedTuple

from tokencli.git.program import MISSING, answers, program, reason, split, start

IGNORED = "the folder is git-ignored"
EXPECTED = (IGNORED, "this operation must be run in a work tree")
"""Reasons for no listing that need no word: nothing is tracked there."""

UNREADABLE = "warning: could not open directory '"


class Listing(NamedTuple):
    """The files below a folder, relative to it, with `/` separators, each once.

    `files`: tracked ones and untracked ones that are not ignored. A nested repository or submodule stands there as
    one entry, with or without a `/` at its end; a tracked file may be missing from the folder. `ignored`: ignored
    files, and folders (with a `/` at the end) of which everything is ignored. `unreadable`: folders git could not
    open.
    """

    files: tuple[str, ...]
    ignored: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def worktree(folder: str) -> str | None:
    """The folder or the nearest one above it that holds a `.git` entry, None without one; git is not asked."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def listing(folder: str) -> Listing | str:
    """What git knows about a folder inside a working tree; one line saying why not, where it cannot tell.

    The folder itself being ignored is such a case, one of EXPECTED.
    """
    found = program()
    if found is None:
        return MISSING
    # Both run at the same time: each walks the tree on its own.
    try:
        kept = start(found, folder, "ls-files", "-z", "-c", "-o", "--exclude-standard")
    except OSError as error:
        return f"git cannot be run: {error.strerror or error}"
    left = start(found, folder, "ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory")
    tracked, errors = kept.communicate()
    ignored, refused = left.communicate()
    if kept.returncode:
        return reason(errors)
    names = [] if left.returncode else split(ignored)
    if (left.returncode or "./" in names) and answers(found, folder, "check-ignore", "-q", "."):
        return IGNORED
    if left.returncode:
        return reason(refused)
    # An unmerged path is listed once for each of its stages.
    return Listing(tuple(dict.fromkeys(split(tracked))), _topmost(names), _unreadable(errors))


def index(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    """Tracked paths below the folder that are (left out of the working tree by a sparse checkout, submodules)."""
    found = program()
    if found is None:
        return frozenset(), frozenset()
    output, _ = start(found, folder, "ls-files", "-z", "-t", "-s").communicate()
    sparse, submodules = set(), set()
    for entry in split(output):
        state, _, path = entry.partition("\t")
        if state.startswith("S "):
            sparse.add(path)
        if state[2:].startswith("160000 "):
            submodules.add(path)
    return frozenset(sparse), frozenset(submodules)


def _unreadable(errors: bytes) -> tuple[str, ...]:
    lines = os.fsdecode(errors).splitlines()
    found = (line.removeprefix(UNREADABLE).rpartition("':")[0] for line in lines if line.startswith(UNREADABLE))
    return tuple(sorted(set(found)))


def _topmost(names: list[str]) -> tuple[str, ...]:
    """The names without those below a folder that is named too."""
    kept: list[str] = []
    for name in sorted(set(names) - {"./"}):
        if not (kept and kept[-1].endswith("/") and name.startswith(kept[-1])):
            kept.append(name)
    return tuple(kept)
