"""SentencePiece models, unigram and BPE, read and counted here: the ids are those of the `sentencepiece` package.

The package would be a dependency of some megabytes for a format of which these two ways are in use; tests compare
with it. Its control pieces (`<s>`) spelled out in a text are ordinary text unless they are asked for; between such
tokens text goes on without a mark in front.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tokencli.encoders import Recipe, own
from tokencli.encoders.sentencepiece.model import BPE, BYTE, CONTROL, UNIGRAM, UNKNOWN, Model, parse
from tokencli.encoders.sentencepiece.normalizer import BLANK, Normalizer, symbols
from tokencli.encoders.sentencepiece.segment import Merges, Unigram
from tokencli.encoders.special import split_special, unknown_token
from tokencli.model import Method

if TYPE_CHECKING:
    from tokencli.encoders import Parallel

LONGEST = 4 << 20
"""Code points that are counted in one piece at most."""

UNKNOWN_TEXT = " \u2047 "
"""What the library decodes the unknown piece to."""


class SentencePiece:
    """Counts, encodes and decodes with a model."""

    method: Method = "exact"
    parallel: Parallel = "copies"

    def __init__(self, name: str, model: Model) -> None:
        self.name = name
        self._model = model
        self._normalizer = Normalizer(model)
        self._segments: Unigram | Merges = Merges(model) if model.type == BPE else Unigram(model)
        by_type = {kind: at for at, (_, _, kind) in reversed(list(enumerate(model.pieces)))}
        if UNKNOWN not in by_type:
            raise ValueError("it has no piece for what is unknown")
        self._unknown = by_type[UNKNOWN]
        self._special = {piece.text: at for at, piece in enumerate(model.pieces) if piece.type == CONTROL}
        self._bytes = {int(text[3:5], 16): at for at, (text, _, kind) in enumerate(model.pieces) if kind == BYTE}
        if model.byte_fallback and len(self._bytes) != 256:
            raise ValueError("it falls back to bytes and has not all of them")

    @property
    def cut(self) -> re.Pattern[str]:
        return re.compile(self._cut)

    @cached_property
    def _cut(self) -> str:
        """Between a word and a blank, where no piece, no replacement and no symbol holds that place."""
        model = self._model
        if not isinstance(self._segments, Merges) or model.suffix:
            return r"(?!)"
        whole = any(BLANK in symbol[1:] or " " in symbol[1:] for symbol in symbols(model))
        pairs = self._segments.pairs
        words = [
            letter
            for letter in string.ascii_letters
            if letter + BLANK not in pairs and letter + " " not in pairs and not self._normalizer.joins(letter + " ")
        ]
        return rf"(?<=[{''.join(words)}])(?= [A-Za-z])" if words and not whole else r"(?!)"

    @property
    def longest(self) -> int:
        """Code points that may be counted in one piece."""
        return LONGEST

    @property
    def vocabulary(self) -> int:
        """The number of tokens."""
        return len(self._model.pieces)

    def expect(self, size: int) -> None:
        """There is one engine."""

    def start(self) -> None:
        """The engine is started when it is loaded."""

    def count(self, text: str, *, special: bool = False) -> int:
        return len(self.encode(text, special=special))

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text; one that goes on after a cut gets no mark in front."""
        if special or not any(inner):
            return [self.count(text, special=special) for text in texts]
        return [len(self._ids(text, inner=within)) for text, within in zip(texts, inner, strict=True)]

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        if not special:
            return self._ids(text)
        ids: list[int] = []
        for at, part in enumerate(split_special(text, self._special)):
            ids += [part] if isinstance(part, int) else self._ids(part, inner=at > 0)
        return ids

    def _ids(self, text: str, *, inner: bool = False) -> list[int]:
        if len(text) > LONGEST:
            raise own.too_long(self.name, LONGEST)
        ids: list[int] = []
        unknown = False
        for part, identity in self._segments.segment(self._normalizer.normal(text, inner=inner)):
            if identity >= 0:
                ids.append(identity)
            elif self._model.byte_fallback:
                ids += [self._bytes[byte] for byte in part.encode()]
            elif not unknown:  # a run of unknown characters is one token
                ids.append(self._unknown)
            unknown = identity < 0
        return ids

    def decode(self, ids: Sequence[int]) -> bytes:
        model = self._model
        parts: list[bytes] = []
        first = model.dummy_prefix or model.remove_extra
        for identity in ids:
            if identity >= len(model.pieces):
                raise unknown_token(self.name, identity)
            text, _, kind = model.pieces[identity]
            if first and text.startswith(BLANK):
                text, first = text[1:], model.remove_extra
            parts.append(self._spelled(text, kind))
            first = first and not parts[-1]
        return b"".join(parts)

    def _spelled(self, text: str, kind: int) -> bytes:
        if kind == BYTE:
            return bytes([int(text[3:5], 16)])
        return UNKNOWN_TEXT.encode() if kind == UNKNOWN else text.replace(BLANK, " ").encode()


def load(name: str, recipe: Recipe) -> SentencePiece:
    """The encoder of an own SentencePiece model."""
    return read(name, own.content(name))


def read(name: str, data: bytes) -> SentencePiece:
    """The encoder of the bytes of a model; TokError where they are none or cannot be counted exactly."""
    try:
        return make(name, parse(data))
    except (ValueError, UnicodeDecodeError) as problem:
        raise own.unreadable(name, f"no SentencePiece model that can be counted: {problem}") from problem


def make(name: str, model: Model) -> SentencePiece:
    """The encoder of a model; ValueError for one that cannot be counted exactly."""
    if model.type not in (UNIGRAM, BPE):
        raise ValueError("it is neither a unigram nor a BPE model")
    if any(piece.score != piece.score for piece in model.pieces):
        raise ValueError("the score of a piece is no number")
    return SentencePiece(name, model)
