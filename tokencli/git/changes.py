"""What differs between two states of a repository, and what is in one of them: paths, modes and blobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokencli.git.program import split
from tokencli.git.revisions import Repository

RAW = ("-r", "-z", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=dirty")
RENAMES = ("-M", "-l2000")
"""Renames are found as `git diff -M` finds them; among more than 2,000 files that came or went only exact ones."""

SUBMODULE, LINK, NOTHING = "160000", "120000", "000000"


class Entry(NamedTuple):
    """A file on one side: its mode, and its blob ("" for a file of the working tree, which may differ from all)."""

    mode: str
    blob: str


class Pair(NamedTuple):
    """A path on both sides; None where it is not there. `old_path` is that at the base of a renamed file."""

    path: str
    base: Entry | None
    head: Entry | None
    old_path: str = ""


def between(repo: Repository, base: str, head: str) -> list[Pair]:
    """What differs between two commits or trees."""
    return _pairs(repo.git("diff-tree", *RAW, *RENAMES, base, head))[0]


Staged = tuple[list[Pair], list[str]]
"""What differs between a commit or tree and the index, and the paths with conflicts."""


def staged(repo: Repository, base: str) -> Staged:
    """What is staged."""
    return begin_staged(repo, base)()


def begin_staged(repo: Repository, base: str, paths: Sequence[str] = ()) -> Callable[[], Staged]:
    """Start to find what is staged, and give a function that waits for it.

    With `paths` only these are looked at, and none of them is seen to be renamed.
    """
    command = ("diff-index", "--cached", "--ita-invisible-in-index", *RAW, *RENAMES, base, "--", *paths)
    ended = repo.begin("--literal-pathspecs", *command)
    return lambda: _pairs(ended())


def working(repo: Repository, base: str) -> list[Pair]:
    """What may differ between a commit or tree and the working tree, untracked files included.

    Renames are those up to the index. A file that was touched is among them, with the same bytes or not: git would
    find that out by running the filters of its configuration, which are switched off. Of one with a conflict both
    sides are as in `base` and as it lies there.
    """
    found, conflicts = staged(repo, base)
    pairs = {pair.path: pair for pair in found}
    if conflicts:
        before = tree(repo, base)
        pairs |= {path: Pair(path, before.get(path), Entry("100644", "")) for path in conflicts}
    unfiltered = _unfiltered(repo)
    for pair in _pairs(repo.git(*unfiltered, "diff-files", *RAW, "--no-renames"))[0]:
        staged_one = pairs.pop(pair.path, None)
        pairs[pair.path] = pair if staged_one is None else staged_one._replace(head=pair.head)
    for path in split(repo.git("ls-files", "-z", "-o", "--exclude-standard")):
        if not path.endswith("/"):
            pairs[path] = _with_base(pairs.pop(path, None), path)
    return [pair for pair in pairs.values() if pair.base != pair.head or pair.old_path]


def _with_base(before: Pair | None, path: str) -> Pair:
    """An untracked file; of one removed from the index alone the base is known."""
    return Pair(path, before.base if before else None, Entry("100644", ""))


def _unfiltered(repo: Repository) -> list[str]:
    """Options that take the commands out of every filter that the configuration names."""
    names = {
        key.rpartition(".")[0]
        for key in split(repo.git("config", "-z", "--name-only", "--list"))
        if key.startswith("filter.")
    }
    settings = (f"{name}.{command}=" for name in sorted(names) for command in ("clean", "smudge", "process"))
    options = [option for setting in settings for option in ("-c", setting)]
    return options + [option for name in sorted(names) for option in ("-c", f"{name}.required=false")]


def tree(repo: Repository, revision: str) -> dict[str, Entry]:
    """Every file of a commit or tree."""
    found = {}
    for line in split(repo.git("ls-tree", "-r", "-z", "--full-tree", revision)):
        words, _, path = line.partition("\t")
        mode, _, blob = words.split(" ")
        found[path] = Entry(mode, blob)
    return found


def indexed(repo: Repository) -> dict[str, Entry]:
    """Every file of the index, without those that have a conflict; one only announced (`git add -N`) is empty there."""
    found = {}
    for line in split(repo.git("ls-files", "-s", "-z")):
        words, _, path = line.partition("\t")
        mode, blob, stage = words.split(" ")
        if stage == "0":
            found[path] = Entry(mode, blob)
    return found


def _pairs(output: bytes) -> Staged:
    """Raw output as pairs, and the paths of conflicts."""
    fields = iter(split(output))
    pairs, conflicts = [], []
    for field in fields:
        old_mode, new_mode, old, new, status = field.removeprefix(":").split(" ")
        path = next(fields)
        if status[0] == "U":
            conflicts.append(path)
            continue
        old_path = path if status[0] in "RC" else ""
        if old_path:
            path = next(fields)
        base, head = _entry(old_mode, old), _entry(new_mode, new)
        pairs.append(Pair(path, base, head, old_path))
    # A conflict is listed once more, with what is in the working tree.
    return [pair for pair in pairs if pair.path not in conflicts], conflicts


def _entry(mode: str, blob: str) -> Entry | None:
    if mode == NOTHING:
        return None
    return Entry(mode, blob if blob.strip("0") else "")
