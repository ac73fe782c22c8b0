"""Two states of a repository, the files that differ, and their counts on both sides."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial
from typing import Literal, NamedTuple

from tokencli.counting import CACHED, Counted, OpenCache, Options, Progress, count
from tokencli.errors import TokError, usage_error
from tokencli.git.changes import (
    LINK,
    SUBMODULE,
    Entry,
    Pair,
    Staged,
    begin_staged,
    between,
    indexed,
    staged,
    tree,
    working,
)
from tokencli.git.objects import LARGEST, REMOTES, Objects, blob_id
from tokencli.git.revisions import SHALLOW, Repository, merge_bases
from tokencli.git.worktree import Attributes, added, attributes
from tokencli.model import Column, Document, FileCount, Skipped
from tokencli.model.diff import Change, Side, Status
from tokencli.sources.rules import Ignore, Selection, compile_patterns, ignore_rules
from tokencli.sources.text import WHOLE, read_bytes, signature

State = Literal["commit", "index", "worktree"]

FEW = 100
"""So many paths are named to git one by one."""

UNREADABLE = "unreadable"
"""What stands for a file that could not be read; why is among the problems."""


class Ends(NamedTuple):
    """The two states: a commit or tree to compare with, and a commit, the index or the working tree.

    `common` is the commit from which both went on, for what is agreed there (rules, ignore files); the empty tree
    before the first commit. `note` says what was chosen among several. `tip` is the commit whose common one with the
    head the base is, "" where the base was named itself.
    """

    base: Side
    head: Side
    common: str
    state: State
    note: str = ""
    tip: str = ""


class Outcome(NamedTuple):
    """A path on both sides: its counts, what it is where it is no text that one counts (`binary`, `submodule`), or
    None where it is not there."""

    pair: Pair
    base: FileCount | str | None
    head: FileCount | str | None


def ends(objects: Objects, revisions: str | None, *, state: State) -> Ends:
    """What to compare: `BASE` (from its merge base with HEAD), `BASE...HEAD` (from their merge base), `BASE..HEAD`
    (the two themselves), None (from HEAD); up to a commit, the index or the working tree."""
    if revisions is None:
        now = objects.head()
        base = Side("HEAD", now) if now else Side("nothing (no commit yet)")
        return Ends(base, _end(state, base), now or objects.repo.empty_tree, state)
    if not revisions:
        raise usage_error("an empty name is no revision", "a variable may not be set; name what to compare with")
    for dots in ("...", ".."):
        if dots in revisions:
            left, _, right = revisions.partition(dots)
            break
    else:
        dots, left, right = "...", revisions, ""
    if right and state != "commit":
        raise usage_error(f"{revisions} has an end already", f"give {left or 'HEAD'} alone")
    left, right = left or "HEAD", right or "HEAD"
    one, other = objects.commits([left, right])
    left, right = (name.removeprefix(REMOTES) for name in (left, right))
    end = _end(state, Side(right, other))
    if dots == "..":
        return Ends(Side(left, one), end, one, state)
    common, note = _common(objects.repo, (left, one), (right, other))
    name = left if common == one else f"merge base of {left} and {right}"
    return Ends(Side(name, common), end, common, state, note, one)


def _end(state: State, commit: Side) -> Side:
    return {"commit": commit, "index": Side("the index"), "worktree": Side("the working tree")}[state]


def _common(repo: Repository, one: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    """The merge base of two commits with their names, and a note where there are several."""
    found = merge_bases(repo, one[1], other[1])
    if not found:
        lost = repo.shallow
        hint = f"this is {SHALLOW}" if lost else f"{one[0]}..{other[0]} compares the two themselves"
        message = f"{one[0]} and {other[0]} have no common ancestor{' in this clone' if lost else ''}"
        raise TokError(message, hint=hint, code="no-merge-base")
    more = f"{one[0]} and {other[0]} have {len(found)} merge bases; {found[0][:10]} is used" if len(found) > 1 else ""
    return found[0], more


def differing(repo: Repository, between_: Ends) -> list[Pair]:
    """The paths that differ; TokError where the index has a conflict."""
    base = between_.base.commit or repo.empty_tree
    if between_.state == "commit":
        return between(repo, base, str(between_.head.commit))
    if between_.state == "worktree":
        return working(repo, base)
    return _merged(staged(repo, base))


def begin_few(repo: Repository, between_: Ends, paths: Sequence[str]) -> Callable[[], list[Pair] | None]:
    """Start to look at a few staged files alone, and give a function that waits for what differs of them.

    None where that does not tell all: one is not staged, or new there and so perhaps renamed.
    """
    if between_.state != "index" or not 0 < len(paths) <= FEW:
        return lambda: None
    ended = begin_staged(repo, between_.base.commit or repo.empty_tree, paths)

    def found() -> list[Pair] | None:
        pairs = _merged(ended())
        return pairs if {pair.path for pair in pairs if pair.base is not None} == set(paths) else None

    return found


def _merged(found: Staged) -> list[Pair]:
    pairs, conflicts = found
    if conflicts:
        more = f" and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
        raise TokError(f"{conflicts[0]}{more}: not merged yet", hint="resolve the conflict and add it", code="unmerged")
    return pairs


def everything(repo: Repository, between_: Ends, changed: Sequence[Pair] | None = None) -> list[Pair]:
    """Every path of either side; `changed` are those that differ, where they are known."""
    if changed is None:
        changed = differing(repo, between_)
    entries = tree(repo, str(between_.head.commit)) if between_.state == "commit" else indexed(repo)
    for pair in changed:
        for path in (pair.path, pair.old_path):
            entries.pop(path, None)
    return [*changed, *(Pair(path, entry, entry) for path, entry in entries.items())]


class Paths:
    """The paths of both sides; git is asked when they are first wanted, and once."""

    def __init__(self, repo: Repository, between_: Ends) -> None:
        self._of = repo, between_

    @cached_property
    def differing(self) -> list[Pair]:
        """Those that differ; TokError where the index has a conflict."""
        return differing(*self._of)

    @cached_property
    def everything(self) -> list[Pair]:
        """Every path of either side."""
        return everything(*self._of, self.differing)


def measure(
    objects: Objects,
    between_: Ends,
    pairs: Sequence[Pair],
    columns: Sequence[Column],
    options: Options,
    *,
    open_cache: OpenCache | None = None,
    progress: Progress | None = None,
) -> tuple[list[Outcome], Counted]:
    """The counts of every path on both sides, each blob counted once, and what was said on the way."""
    sides = _Documents(objects, between_, pairs, remembered=open_cache is not None)
    keys = [(sides.key(pair, "base"), sides.key(pair, "head")) for pair in pairs]
    counted = count(list(sides.documents.values()), columns, options, open_cache=open_cache, progress=progress)
    by_path: dict[str, FileCount | str] = {file.path: file for file in counted.files}
    by_path |= {skipped.path: skipped.reason for skipped in counted.skipped}

    def result(key: str | None) -> FileCount | str | None:
        if key is None or key not in sides.documents:
            return key
        return by_path.get(sides.documents[key].path, UNREADABLE)

    return [Outcome(pair, result(one), result(other)) for pair, (one, other) in zip(pairs, keys, strict=True)], counted


class _Documents:
    """The documents of pairs, each blob once. A key is that of a document, or what stands there instead of a text."""

    def __init__(self, objects: Objects, between_: Ends, pairs: Sequence[Pair], *, remembered: bool) -> None:
        self._objects = objects
        self._repo = objects.repo
        self._like = between_.common
        self._names = {"base": between_.base.name, "head": between_.head.name}
        entries = [entry for pair in pairs for entry in (pair.base, pair.head) if entry is not None]
        self._sizes = objects.sizes(entry.blob for entry in entries if entry.blob and entry.mode != SUBMODULE)
        at_hand = [pair.path for pair in pairs if pair.head is not None and not pair.head.blob]
        self._attributes = attributes(objects.repo, at_hand) if at_hand else {}
        # A count is remembered by the blob's id, for all repositories: then the blob has to be what its id says.
        self._checked = remembered and (bool(at_hand) or sum(self._sizes.values()) >= CACHED)
        self.documents: dict[str, Document] = {}

    def key(self, pair: Pair, side: Literal["base", "head"]) -> str | None:
        entry, path = (pair.base, pair.old_path or pair.path) if side == "base" else (pair.head, pair.path)
        if entry is None:
            return None
        if entry.mode == SUBMODULE:
            return "submodule"
        if not entry.blob:
            return self._at_hand(path, pair.base)
        if entry.mode == LINK:
            return "symlink"
        size = self._sizes.get(entry.blob, 0)
        whole = partial(self._objects.read, entry.blob, checked=self._checked)
        read = whole if size <= LARGEST else partial(self._objects.stream, entry.blob)
        return self._add(entry.blob, Document(f"{self._names[side]}:{path}", size, blob=entry.blob, open=read))

    def _add(self, key: str, document: Document) -> str:
        self.documents.setdefault(key, document)
        return key

    def _at_hand(self, path: str, before: Entry | None) -> str | None:
        """A file of the working tree, as git would store it: it may prove to be the blob that it was."""
        file = os.path.join(self._repo.root, path)
        try:
            status = os.lstat(file)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(status.st_mode):
            return "symlink" if stat.S_ISLNK(status.st_mode) else "special-file"
        rules = self._attributes[path]
        if rules.filter == "lfs":
            return "lfs-pointer"
        document = Document(path, status.st_size, file, signature=signature(status))
        if status.st_size > WHOLE:
            return self._add(f"./{path}", document)
        try:
            data = self._stored(document, rules, before)
        except TokError:
            # Counting says what is the matter with it.
            return self._add(f"./{path}", document)
        blob = blob_id(data, like=self._like)
        return self._add(
            blob, Document(path, len(data), blob=blob, open=partial(self._stored, document, rules, before))
        )

    def _stored(self, document: Document, rules: Attributes, before: Entry | None) -> bytes:
        old = self._objects.read(before.blob) if before and rules.line_ends == "clean" else None
        return added(read_bytes(document), rules, old)


def changes(outcomes: Iterable[Outcome]) -> tuple[list[Change], list[Skipped]]:
    """The files whose text differs, and those that differ and have no text to count."""
    found, skipped = [], []
    for pair, base, head in outcomes:
        before = base.counts if isinstance(base, FileCount) else None
        after = head.counts if isinstance(head, FileCount) else None
        if before is None and after is None:
            if pair.base != pair.head:
                skipped.append(Skipped(pair.path, next(what for what in (head, base) if isinstance(what, str))))
        elif base is not head or pair.old_path:
            warnings = head.warnings if isinstance(head, FileCount) else ()
            found.append(Change(pair.path, _status(pair), before, after, pair.old_path, _remark(base, head), warnings))
    return found, skipped


def _status(pair: Pair) -> Status:
    if pair.base is None:
        return "added"
    if pair.head is None:
        return "deleted"
    return "renamed" if pair.old_path else "changed"


def _remark(base: FileCount | str | None, head: FileCount | str | None) -> str:
    """What a file was or became that has text on one side only."""
    if isinstance(base, str):
        return f"was {base}"
    return f"now {head}" if isinstance(head, str) else ""


class Wanted:
    """Which paths are asked about: those named, fitting the patterns, and not left out by .tokignore files.

    The .tokignore files are those of the common commit, so that a change cannot take a file out of sight by itself.
    """

    def __init__(
        self, objects: Objects, common: str, paths: Sequence[str], include: Sequence[str], exclude: Sequence[str]
    ) -> None:
        self._objects = objects
        self._common = common
        self._paths = frozenset(paths)
        self._excluded = Ignore("excluded")
        if exclude:
            self._excluded.add("", compile_patterns(exclude, "--exclude"))
        self._include = compile_patterns(include, "--include") if include else None

    def of(self, pairs: Iterable[Pair]) -> tuple[list[Pair], list[Skipped]]:
        """Those of the pairs that are wanted, and what was left out among those that were named."""
        named = [pair for pair in pairs if not self._paths or is_named(pair, self._paths)]
        ignored = Ignore("tok-ignored")
        folders = {"", *(f"{folder}/" for pair in named for folder in above(pair.path))}
        for folder in folders:
            if data := self._objects.file(self._common, f"{folder}.tokignore"):
                ignored.add(folder, ignore_rules(data))
        selection = Selection((ignored, self._excluded), self._include, 0)
        kept = [pair for pair in named if selection.wants(pair.path)]
        skipped = [Skipped(path, reason) for path, reason in selection.left_out]
        if selection.not_included:
            skipped.append(Skipped(".", "not-included", selection.not_included))
        return kept, skipped


def is_named(pair: Pair, names: Collection[str]) -> bool:
    """Whether one of the names is the path of the pair, now or before, or a folder above it."""
    return not namings(pair).isdisjoint(names)


def namings(pair: Pair) -> set[str]:
    """All that names a pair: its path, now or before, and each folder above it, of which the root is `.`."""
    paths = {pair.path, pair.old_path or pair.path}
    return paths.union(".", *map(above, paths))


def above(path: str) -> list[str]:
    """The folders above a path below the root: "a/b/c.md" -> ["a", "a/b"]."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
