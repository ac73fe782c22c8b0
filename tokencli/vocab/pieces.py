"""The piece tables of Claude's reconstructed tokenizers: packing them from ctok's documents, opening them.

A packed table is UTF-8 text of fields that end in a zero byte, which no piece holds: the magic; the family's figures
(`frame`, `fold_quotes`, `allcaps_min`, `byte_prefixes`) as `name value`; an empty field; the endings, each field a
list of lengths, a space and all pairs of characters that pieces of just these lengths end in; an empty field; every
piece in sorted order. Splitting it and making a set takes a few milliseconds, less than a thousand lookups by `mmap`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tokencli.vocab.table import FOLDER

MAGIC = "TOKPIECES1"

# Normalisation removes these control characters from every text, so as markers they meet no literal namesake.
WORD_START, WORD_END, SHIFT, CAPS = "\x02", "\x03", "\x04", "\x05"
MARKERS = {"bow": WORD_START, "eow": WORD_END, "shift": SHIFT, "caps": CAPS}

_ATOMS = re.compile("\u27e8(bow|eow|shift|caps)\u27e9|((?:\u27e80x[0-9A-Fa-f]{2}\u27e9)+)")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A piece table: what costs one token, and how the family treats text.

    `pieces` are marked strings; `endings` gives for two characters the lengths of the pieces that end in them, shortest
    first; `prefixes` are the beginnings of characters in UTF-8 that cost one token; `frame` is the fixed cost of one
    user message; `caps_from` is the shortest word of capitals that is written as one (None: never).
    """

    pieces: frozenset[str]
    endings: Mapping[str, tuple[int, ...]]
    prefixes: frozenset[bytes]
    frame: int
    fold_quotes: bool
    caps_from: int | None


def pack_pieces(document: Mapping[str, Any]) -> bytes:
    """The file image of a `pieces_*.json` document of ctok; ValueError where it breaks a rule the encoder relies on."""
    meta, tokens = document["meta"], document["tokens"]
    pieces = {_marked(piece) for group, rows in tokens.items() if group != "bytes_fallback" for piece in rows}
    # A contraction is listed by its text; where it is used the word ends behind it.
    pieces |= {_marked(piece) + WORD_END for piece in tokens["contractions"]} | {WORD_START, WORD_END, SHIFT, CAPS}
    prefixes = sorted(tokens["bytes_fallback"])
    _check(pieces, prefixes)
    figures = {
        "frame": meta["message_overhead"],
        "fold_quotes": int(meta["fold_quotes"]),
        "allcaps_min": meta["allcaps_min"] or 0,
        "byte_prefixes": " ".join(prefixes),
    }
    head = [MAGIC, *(f"{name} {value}" for name, value in figures.items())]
    fields = [*head, "", *_endings(pieces), "", *sorted(pieces)]
    return "\0".join(fields).encode() + b"\0"


def open_pieces(name: str) -> Pieces:
    """The table in `vocab/<name>.vocab`."""
    fields = (FOLDER / f"{name}.vocab").read_bytes().decode().split("\0")
    if fields[0] != MAGIC:
        raise ValueError("not a packed piece table")
    middle = fields.index("")
    start = fields.index("", middle + 1)
    figures = dict(field.split(" ", 1) for field in fields[1:middle])
    endings: dict[str, tuple[int, ...]] = {}
    for field in fields[middle + 1 : start]:
        lengths, pairs = field.split(" ", 1)
        found = tuple(map(int, reversed(lengths.split(","))))
        endings.update(dict.fromkeys((pairs[at : at + 2] for at in range(0, len(pairs), 2)), found))
    return Pieces(
        pieces=frozenset(fields[start + 1 : -1]),
        endings=endings,
        prefixes=frozenset(map(bytes.fromhex, figures["byte_prefixes"].split())),
        frame=int(figures["frame"]),
        fold_quotes=figures["fold_quotes"] == "1",
        caps_from=int(figures["allcaps_min"]) or None,
    )


def _endings(pieces: set[str]) -> list[str]:
    """The lengths of pieces by the two characters they end in, as fields of the file."""
    lengths: dict[str, set[int]] = {}
    for piece in pieces:
        if len(piece) > 1:
            lengths.setdefault(piece[-2:], set()).add(len(piece))
    pairs: dict[tuple[int, ...], list[str]] = {}
    for pair in sorted(lengths):
        pairs.setdefault(tuple(sorted(lengths[pair], reverse=True)), []).append(pair)
    return [",".join(map(str, found)) + " " + "".join(pairs[found]) for found in sorted(pairs)]


def _marked(piece: str) -> str:
    """A piece in the document's notation as a marked string."""

    def plain(atom: re.Match[str]) -> str:
        if atom[1]:
            return MARKERS[atom[1]]
        return bytes.fromhex(re.sub("\u27e80x|\u27e9", "", atom[2])).decode()

    return _ATOMS.sub(plain, piece)


def _check(pieces: set[str], prefixes: list[str]) -> None:
    """Refuse a table where a run of digits does not cost a token per three, or a prefix starts inside a character."""
    numbers = {piece for piece in pieces if piece.isascii() and piece.isdigit()}
    if numbers != {f"{number:0{width}}" for width in (1, 2, 3) for number in range(10**width)}:
        raise ValueError("the pieces of ASCII digits are not all those of one to three digits")
    if not all(len(prefix) in (4, 6) and int(prefix[:2], 16) >= 0xC2 for prefix in prefixes):
        raise ValueError("a byte prefix is not the first two or three bytes of a character")
