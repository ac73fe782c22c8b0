"""What a SentencePiece model holds, read from its protobuf (`sentencepiece_model.proto`) without a library."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
"""Types of pieces."""

UNIGRAM, BPE = 1, 2
"""Types of models that are counted here; the others are words and characters."""


class Piece(NamedTuple):
    """A piece; its place in the model is its id."""

    text: str
    score: float
    type: int


class Model(NamedTuple):
    """A model: its pieces, how it segments, and how it normalises text first.

    `charsmap` is the compiled table of replacements, empty for none. `byte_fallback` writes a character outside the
    vocabulary as its bytes. `suffix` puts the mark of a blank behind a word.
    """

    pieces: tuple[Piece, ...]
    type: int
    charsmap: bytes = b""
    dummy_prefix: bool = True
    remove_extra: bool = True
    escape: bool = True
    byte_fallback: bool = False
    suffix: bool = False


def parse(data: bytes) -> Model:
    """The model of a file's bytes; ValueError for bytes that are none."""
    pieces: list[Piece] = []
    trainer: dict[int, int | bytes] = {}
    normalizer: dict[int, int | bytes] = {}
    for number, value in fields(data):
        if isinstance(value, bytes):
            if number == 1:
                pieces.append(_piece(value))
            elif number == 2:
                trainer = dict(fields(value))
            elif number == 3:
                normalizer = dict(fields(value))
    if not pieces:
        raise ValueError("there are no pieces in it")
    return Model(
        pieces=tuple(pieces),
        type=int(trainer.get(3, UNIGRAM)),
        charsmap=_bytes(normalizer.get(2, b"")),
        dummy_prefix=bool(normalizer.get(3, 1)),
        remove_extra=bool(normalizer.get(4, 1)),
        escape=bool(normalizer.get(5, 1)),
        byte_fallback=bool(trainer.get(35, 0)),
        suffix=bool(trainer.get(24, 0)),
    )


def _piece(data: bytes) -> Piece:
    values = dict(fields(data))
    (score,) = struct.unpack("<f", _bytes(values.get(2, b"\0\0\0\0")))
    return Piece(_bytes(values.get(1, b"")).decode(), score, int(values.get(3, NORMAL)))


def _bytes(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a field is of another type than in SentencePiece's models")
    return value


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message in order: a number and a whole number or bytes; ValueError for broken ones."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError("it is no protobuf")
        if at + size > len(data):
            raise ValueError("it ends in the middle of a field")
        yield tag >> 3, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70 and at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise ValueError("it is no protobuf")
