"""Cards from files and folders, compiled once: the index is kept by the content of the files, and made anew for others.

Where the cache cannot be read or written, the index is made in memory, each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from tokencli.errors import ExitCode, TokError
from tokencli.rates.cards import Cards, Layer
from tokencli.rates.index import FORMAT, Index
from tokencli.rates.precedence import IMPORTED

COMPILED = "prices.index"
"""The index beside the cards of an installed package."""

EXTENSIONS = (".yaml", ".yml")

File = tuple[str, bytes]
"""A file of a layer: its path as it is shown, and its bytes."""


def open_cards(
    bundled: str, folders: Sequence[str], cache: str | None, prefer: Sequence[str] = (), named: Sequence[str] = ()
) -> Cards:
    """The cards of files and folders, topmost first, above those that ship in the folder `bundled`, and above all those
    that somebody `named` for this once, which are taken literally: no seller in them goes before another.

    `cache` is the folder where indexes are kept, None for nowhere. TokError for a path that is not there; one for a
    card that is wrong is raised when its layer is first asked.
    """
    for path in (*named, *folders):
        if not os.path.exists(path):
            message = f"no rate card at {path}"
            raise TokError(message, hint="name a YAML file or a folder of them", code="no-card", exit=ExitCode.USAGE)
    layers = [Layer(partial(_opened, path, cache), makers=False) for path in named]
    layers += [Layer(partial(_opened, path, cache)) for path in folders]
    return Cards([*layers, Layer(partial(_shipped, bundled, cache))], prefer)


def card_files(path: str) -> list[str]:
    """The cards at a path: itself, or the YAML files of a folder, sorted, then those of its folder `imported`."""
    if not os.path.isdir(path):
        return [path]
    own = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(EXTENSIONS)]
    imported = os.path.join(path, IMPORTED)
    return [*own, *(card_files(imported) if os.path.isdir(imported) else ())]


def _shipped(folder: str, cache: str | None) -> Index:
    """The cards of the package: compiled when it was built, or, in a checkout, as those of any folder."""
    try:
        with open(os.path.join(folder, COMPILED), "rb") as file:
            return Index(file.read())
    except (FileNotFoundError, ValueError):
        return _opened(folder, cache, shipped=True)


def _opened(path: str, cache: str | None, *, shipped: bool = False) -> Index:
    files = files_of(path)
    kept = _kept_at(path, files, cache, shipped=shipped) if cache else ""
    try:
        with open(kept, "rb") as file:
            return Index(file.read(), verify=True)
    except (OSError, ValueError):
        pass
    data = compiled(files, shipped=shipped)
    if kept:
        _keep(kept, data)
    return Index(data)


def compiled(files: Sequence[File], *, shipped: bool) -> bytes:
    """The index of some files; TokError `card` for the first that is wrong. The origin of cards that ship is "bundled",
    and the catalog's prefixes lead to them."""
    from tokencli.rates import makers, precedence
    from tokencli.rates.index import compile_cards
    from tokencli.rates.read import decoded, read_card

    read = [(read_card(decoded(content, path), path), precedence.is_imported(path)) for path, content in files]
    cards = precedence.settled(read)
    if shipped:
        return compile_cards(cards, makers.own, makers.prefixes(cards), "bundled")
    return compile_cards(cards, makers.own, {})


def files_of(path: str) -> list[File]:
    """The cards at a path, read; TokError `no-card` for one that cannot be."""
    found = []
    for name in card_files(path):
        try:
            with open(name, "rb") as file:
                found.append((name, file.read()))
        except OSError as problem:
            message = f"{name}: cannot read the rate card: {problem.strerror}"
            raise TokError(message, hint="name a YAML file or a folder of them", code="no-card") from problem
    return found


def _kept_at(path: str, files: Sequence[File], cache: str, *, shipped: bool) -> str:
    """Where the index of these files is kept: a name of their place, and one of all that the index depends on."""
    import hashlib

    from tokencli import catalog

    place = hashlib.sha256(os.path.abspath(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    content = hashlib.sha256(f"{FORMAT} {shipped}".encode())
    content.update(catalog.text())
    for name, data in files:
        content.update(f"\n{name} {len(data)}\n".encode("utf-8", "surrogateescape"))
        content.update(data)
    return os.path.join(cache, f"{place}-{content.hexdigest()[:32]}.index")


def _keep(path: str, data: bytes) -> None:
    """Write an index in one piece and remove older ones of the same place; nothing happens where that cannot be."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
        for other in os.listdir(folder):
            if other.startswith(name[:17]) and other != name:
                os.remove(os.path.join(folder, other))
    except OSError:
        return
