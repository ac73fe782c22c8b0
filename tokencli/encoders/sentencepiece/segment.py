"""SentencePiece's two ways to segment normalised text, to the library's own ids: the best path, and merges by score."""

from __future__ import annotations

import heapq
import re
from array import array
from collections.abc import Sequence
from itertools import pairwise

from tokencli.encoders.sentencepiece.model import NORMAL, UNUSED, USER_DEFINED, Model
from tokencli.encoders.sentencepiece.normalizer import BLANK, symbols

UNKNOWN_PENALTY = 10.0
FLOAT_MIN = 1.1754943508222875e-38
KNOWN_WORDS = 1 << 17
"""Words whose pieces are remembered, at most."""

Segment = tuple[str, int]
"""A stretch of text and its id, or -1 for one outside the vocabulary."""


class Unigram:
    """The segmentation of the highest sum of scores, kept in single precision as the library keeps it.

    What is far away matters through rounding, so a text is never cut.
    """

    def __init__(self, model: Model) -> None:
        normal = [piece.score for piece in model.pieces if piece.type == NORMAL]
        self._unknown = array("f", [min(normal, default=0.0) - UNKNOWN_PENALTY])[0]
        highest = max([*normal, FLOAT_MIN])
        self._scores: dict[str, tuple[float, int]] = {}
        lengths: dict[str, set[int]] = {}
        for identity, (text, score, kind) in enumerate(model.pieces):
            if kind in (NORMAL, USER_DEFINED) and text:
                own = len(text.encode()) * highest - 0.1 if kind == USER_DEFINED else score
                self._scores[text] = (own, identity)
                if len(text) > 1:
                    lengths.setdefault(text[:2], set()).add(len(text))
        self._lengths = {start: tuple(sorted(found)) for start, found in lengths.items()}

    def segment(self, text: str) -> list[Segment]:
        """The segments of a text, those outside the vocabulary a character each."""
        size = len(text)
        best = array("f", bytes(4 * (size + 1)))
        starts = array("l", [-1]) * (size + 1)
        scores, lengths = self._scores, self._lengths
        rounded = array("f", [0])
        for at in range(size):
            here = best[at]
            known = scores.get(text[at])
            rounded[0] = (self._unknown if known is None else known[0]) + here
            if starts[at + 1] < 0 or rounded[0] > best[at + 1]:
                best[at + 1] = rounded[0]
                starts[at + 1] = at
            for length in lengths.get(text[at : at + 2], ()):
                end = at + length
                found = scores.get(text[at:end])
                if found is not None and end <= size:
                    rounded[0] = found[0] + here
                    if starts[end] < 0 or rounded[0] > best[end]:
                        best[end] = rounded[0]
                        starts[end] = at
        return self._backwards(text, starts)

    def _backwards(self, text: str, starts: Sequence[int]) -> list[Segment]:
        found: list[Segment] = []
        end = len(text)
        while end > 0:
            piece = text[starts[end] : end]
            found.append((piece, self._scores[piece][1] if piece in self._scores else -1))
            end = starts[end]
        return found[::-1]


class Merges:
    """Neighbours are joined to the piece of the highest score, the leftmost of equals, until no two make a piece."""

    def __init__(self, model: Model) -> None:
        if any(piece.type == UNUSED for piece in model.pieces):
            raise ValueError("some of its pieces are unused, whose merges depend on the whole text")
        usable = [(at, piece) for at, piece in enumerate(model.pieces) if piece.type in (NORMAL, USER_DEFINED)]
        self._pieces = {piece.text: (piece.score, at) for at, piece in usable if piece.text}
        self.pairs = {two for text in self._pieces for two in map("".join, pairwise(text))}
        self._frozen = symbols(model)
        own = "|".join(map(re.escape, self._frozen))
        self._symbol = re.compile(f"({own})") if own else None
        inside = any(two[1] == BLANK != two[0] for two in self.pairs)
        self._words = None if inside else re.compile(f"{BLANK}*[^{BLANK}]+|{BLANK}+")
        self._known: dict[str, list[Segment]] = {}

    def segment(self, text: str) -> list[Segment]:
        """The segments of a text, those outside the vocabulary a character each."""
        if self._symbol is None:
            return self._ordinary(text)
        found: list[Segment] = []
        for at, part in enumerate(self._symbol.split(text)):
            found += [(part, self._pieces[part][1])] if at % 2 else self._ordinary(part)
        return found

    def _ordinary(self, text: str) -> list[Segment]:
        """The segments of a text without symbols, word by word where no piece goes on behind a word."""
        if self._words is None:
            return self._merged(text) if text else []
        known = self._known
        found: list[Segment] = []
        for word in self._words.findall(text):
            pieces = known.get(word)
            if pieces is None:
                pieces = self._merged(word)
                if len(known) < KNOWN_WORDS and len(word) < 100:
                    known[word] = pieces
            found += pieces
        return found

    def _merged(self, text: str) -> list[Segment]:
        """The pieces of a text; it is taken apart first where two neighbours stand in no piece."""
        pairs = self.pairs
        found: list[Segment] = []
        start = 0
        for at in range(1, len(text) + 1):
            if at == len(text) or text[at - 1 : at + 1] not in pairs:
                found += self._joined(text[start:at])
                start = at
        return found

    def _joined(self, text: str) -> list[Segment]:
        pieces = self._pieces
        whole = pieces.get(text)
        if len(text) == 1:
            return [(text, whole[1] if whole else -1)]
        parts = list(text)
        after = [*range(1, len(parts)), -1]
        before = list(range(-1, len(parts) - 1))
        agenda: list[tuple[float, int, int, int]] = []

        def add(left: int, right: int) -> None:
            if left >= 0 <= right:
                joined = parts[left] + parts[right]
                found = pieces.get(joined)
                if found is not None:
                    heapq.heappush(agenda, (-found[0], left, right, len(joined)))

        for left in range(len(parts) - 1):
            add(left, left + 1)
        while agenda:
            _, left, right, size = heapq.heappop(agenda)
            if not parts[left] or not parts[right] or len(parts[left]) + len(parts[right]) != size:
                continue
            parts[left] += parts[right]
            parts[right] = ""
            after[left] = after[right]
            if after[right] >= 0:
                before[after[right]] = left
            add(before[left], left)
            add(left, after[left])
        return [(part, pieces[part][1] if part in pieces else -1) for part in parts if part]
