"""The rate cards that lie in a repository, as they are on one side of a change, above those of the package.

A change must not loosen its own verdict: the gate prices with the cards of where its rules were read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

from tokencli import rates
from tokencli.comparing import Ends, Paths
from tokencli.errors import TokError
from tokencli.git.changes import LINK, SUBMODULE, Entry, tree
from tokencli.git.objects import LARGEST, Objects
from tokencli.model.gate import Policy
from tokencli.rates import Cards
from tokencli.rates.cards import Layer
from tokencli.rates.folders import shipped
from tokencli.rates.index import Index
from tokencli.rates.layers import File, compiled
from tokencli.sources.text import open_regular

OpenCards = Callable[[Sequence[str]], Cards]
"""The cards of the package, with the providers that are preferred."""

Side = Literal["base", "head", "tip", "merged"]
"""Whose files hold: those at the base, at the head, of the branch that a change goes to, or what the change makes of
that branch."""

FOLDER = "ratecards/"
"""Where the cards of a repository lie, in the folder of the settings file or one above it."""


class Place(NamedTuple):
    """Where cards lie: the repository, and every file of one of its states by its path."""

    objects: Objects
    entries: Mapping[str, Entry]


def open_cards(place: Place, policy: Policy, bundled: OpenCards) -> Cards:
    """The cards of a state of the repository above those of the package; TokError for one that cannot be read."""
    below = bundled(policy.providers)
    files = [(path, _read(place, path)) for path in _card_paths(place, policy)]
    if not files:
        return below

    return Cards([Layer(partial(_opened, files)), *below.layers], policy.providers)


def _opened(files: Sequence[File]) -> Index:
    return Index(compiled(files, shipped=False))


def at_rest(providers: Sequence[str]) -> Cards:
    """The cards of the package, kept nowhere."""
    return rates.open_cards(shipped(), (), None, providers)


def place(objects: Objects, ends: Ends, paths: Paths, side: Side) -> Place:
    """The files of a side; `tip` is the commit that a change goes to."""
    if side in ("tip", "merged"):
        found = tree(objects.repo, ends.tip)
        for pair in paths.differing if side == "merged" else ():
            found.pop(pair.old_path or pair.path, None)
            if pair.head is not None:
                found[pair.path] = pair.head
        return Place(objects, found)
    if side == "base":
        found = {pair.old_path or pair.path: pair.base for pair in paths.everything if pair.base is not None}
        return Place(objects, found)
    return Place(objects, {pair.path: pair.head for pair in paths.everything if pair.head is not None})


def same_cards(base: Place, head: Place, policy: Policy) -> bool:
    """Whether both states of a repository have the same cards, byte for byte."""
    one, other = ({path: place.entries[path] for path in _card_paths(place, policy)} for place in (base, head))
    return one == other and all(entry.blob for entry in one.values())


def _card_paths(place: Place, policy: Policy) -> list[str]:
    """The cards of the nearest folder of them, from that of the settings file up to the root. The folder of the package
    itself, in its own repository, is none of a project.

    TokError `link` where a link or a submodule stands for the folder or a card of it: what it leads to is elsewhere.
    """
    home = policy.file[: policy.file.rfind("/") + 1]
    while True:
        folder = home + FOLDER
        for name in (folder, f"{folder}imported/"):
            _refuse_link(place, name.rstrip("/"))
        found = [*_yaml(place.entries, folder), *_yaml(place.entries, f"{folder}imported/")]
        if found and not _is_shipped(place, folder):
            for path in found:
                _refuse_link(place, path)
            return found
        if not home:
            return []
        home = home[: home.rstrip("/").rfind("/") + 1]


def _refuse_link(place: Place, path: str) -> None:
    entry = place.entries.get(path)
    if entry is not None and entry.mode in (LINK, SUBMODULE):
        what = "a link" if entry.mode == LINK else "a submodule"
        message = f"{path}: is {what}, and rate cards of the gate are files of the repository itself"
        raise TokError(message, hint="put the cards in its place", code="link")


def _is_shipped(place: Place, folder: str) -> bool:
    """Whether a folder is that of the package. A link in the working tree makes none of it: a change may bring one."""
    root = os.path.realpath(place.objects.repo.root)
    return os.path.join(root, *folder.rstrip("/").split("/")) == os.path.realpath(shipped())


def _yaml(files: Iterable[str], folder: str) -> list[str]:
    """The YAML files that lie in a folder itself, sorted."""
    return sorted(
        path
        for path in files
        if path.startswith(folder) and "/" not in path[len(folder) :] and path.endswith((".yaml", ".yml"))
    )


def _read(place: Place, path: str) -> bytes:
    """The bytes of a card; TokError for one that cannot be read, or is too large to be one."""
    entry, objects = place.entries[path], place.objects
    try:
        if not entry.blob:
            with open(open_regular(os.path.join(objects.repo.root, path), follow=False), "rb") as stream:
                data = stream.read(LARGEST + 1)
    except OSError as problem:
        message = f"{path}: cannot read the rate card: {problem.strerror}"
        raise TokError(message, hint="make it readable, or remove it", code="no-card") from problem
    if (objects.sizes([entry.blob]).get(entry.blob, 0) if entry.blob else len(data)) > LARGEST:
        raise TokError(f"{path}: larger than {LARGEST >> 20} MB", hint="split the rate card", code="too-large")
    return objects.read(entry.blob) if entry.blob else data
