"""tiktoken, the engine of record for large inputs: fed from the tables that ship, kept from what it bears badly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import tiktoken

from tokencli.encoders.drift import drifts
from tokencli.encoders.patterns import CUT, unicode_splitter
from tokencli.encoders.stitch import Stitcher
from tokencli.vocab.table import Vocabulary

# A piece of so many characters is merged in chunks: tiktoken takes ten times as long for a run of one letter as for
# prose, and overflows its stack on about a million blanks (a panic, which is no Exception).
LONG = 1_000
_PUNCTUATION = re.compile(r"[^\s\w]+")


class TiktokenEngine:
    """Counts and encodes with tiktoken; ids here are ranks, with no offset."""

    def __init__(self, name: str, table: Vocabulary, pattern: str) -> None:
        self._table = table
        self._pattern = pattern
        self._encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=table.ranks(), special_tokens={})

    def count(self, text: str) -> int:
        return len(self.encode(text))

    def encode(self, text: str) -> list[int]:
        """The ranks of a text."""
        ranks: list[int] = []
        at = 0
        for start, end in long_regions(text):
            ranks += self._encoding.encode_ordinary(text[at:start])
            ranks += self._encode_long(text[start:end])
            at = end
        return ranks + self._encoding.encode_ordinary(text[at:]) if at else self._encoding.encode_ordinary(text)

    def _encode_long(self, text: str) -> list[int]:
        """The ranks of a text that holds long pieces, split here and not by tiktoken."""
        encode = self._encoding._core_bpe.encode_single_piece
        merge = self._stitcher.merge
        ranks: list[int] = []
        for piece in unicode_splitter(self._pattern)(text):
            ranks += (encode if len(piece) < LONG else merge)(piece.encode())
        return ranks

    @cached_property
    def _stitcher(self) -> Stitcher[int]:
        return Stitcher(self._encoding._core_bpe.encode_single_piece, self._table.by_id().__getitem__)


def long_regions(text: str) -> Iterator[tuple[int, int]]:
    """Where pieces of twice LONG characters and more lie, as (start, end) of stretches between cuts.

    Each such piece covers one of the windows looked at, of which nearly all are answered by their first characters. A
    stretch with code points that `regex` and tiktoken may split differently is left to tiktoken.
    """
    cut = re.compile(CUT)
    at = 0
    for start in range(0, len(text) - LONG + 1, LONG):
        if start < at or not _uniform(text, start):
            continue
        before = [match.start() for match in cut.finditer(text, max(at, start - LONG), start + 1)]
        after = cut.search(text, start + LONG)
        begin, end = before[-1] if before else at, after.start() if after else len(text)
        if not drifts(text[begin:end]):
            yield begin, end
            at = end


def _uniform(text: str, start: int) -> bool:
    """Whether the window of LONG characters is all letters, all digits, all white space or all punctuation."""
    first = text[start]
    window = text[start : start + LONG]
    if first.isalpha():
        return window.isalpha()
    if first.isspace():
        return window.isspace()
    if first.isnumeric():
        return window.isnumeric()
    return _PUNCTUATION.fullmatch(window) is not None
