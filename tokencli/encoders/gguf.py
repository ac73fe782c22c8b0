"""The tokenizer in the header of a GGUF file: byte-level BPE ("gpt2"), SentencePiece's BPE ("llama") or unigram ("t5").

Byte-level BPE is counted by the `tokenizers` package with the file's own merges and the split that
`tokenizer.ggml.pre` names; SentencePiece's as the model that the file was made from, by the encoder here.
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Only the header is read, and a length in it is
believed only as far as the file goes.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from tokencli.encoders import Recipe, own, recipes
from tokencli.encoders.sentencepiece import model as pieces

if TYPE_CHECKING:
    from tokencli.encoders.huggingface import HuggingFace
    from tokencli.encoders.sentencepiece import SentencePiece

MAGIC = b"GGUF"
LARGEST = 96 << 20
"""Bytes of a header that are read, at most; those of models in use have 2 to 20 MB."""
MOST_KEYS = 100_000
MOST_ITEMS = 4_000_000
"""Texts and lists in all lists of a header, at most; the largest vocabularies have a million tokens and merges."""
NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
"""Types of numbers, as `array` and `struct` know them; 7 is true or false."""
TEXT, LIST = 8, 9
SWAPPED = (1 << 24, 2 << 24, 3 << 24)
"""The versions as a big-endian file has them."""

SPLITS = {
    "gpt-2": "claude-legacy",
    "llama3": "glm-4",
    "llama-v3": "glm-4",
    "llama-bpe": "glm-4",
    "glm4": "glm-4",
    "chatglm-bpe": "glm-4",
    "qwen2": "qwen2",
    "deepseek-r1-qwen": "qwen2",
    "qwen35": "qwen3.5",
    "gpt-4o": "o200k_base",
    "llama4": "o200k_base",
    "minimax-m2": "o200k_base",
    "kimi-k2": "kimi-k2",
    "tekken": "tekken",
    "deepseek-v3": "deepseek-v3",
}
"""`tokenizer.ggml.pre` to the encoding here that splits text the same way."""
NORMAL_FORM = {"qwen2": "NFC", "deepseek-r1-qwen": "NFC", "qwen35": "NFC", "minimax-m2": "NFC"}
"""What the models behind these names bring text to first."""
WHOLE_FIRST = ("llama3", "llama-v3", "llama-bpe", "glm4", "chatglm-bpe", "tekken", "gpt-4o", "llama4", "kimi-k2")
"""Of these a piece that is a token is not merged from its bytes."""


class Header(NamedTuple):
    """The values of the tokenizer in a header, by the rest of their names, and where the values end in the file."""

    values: Mapping[str, Any]
    end: int


class _Reader:
    """Reads little-endian values of a stream, never more than LARGEST bytes in all; ValueError where it ends."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._items = 0
        self.at = 0

    def take(self, size: int) -> bytes:
        if self.at + size > LARGEST:
            raise ValueError(f"its header is longer than {LARGEST >> 20} MB, or its lengths are wrong")
        data = self._stream.read(size)
        if len(data) < size:
            raise ValueError("it ends in the middle of its header")
        self.at += size
        return data

    def number(self, code: str) -> Any:
        return struct.unpack(f"<{code}", self.take(struct.calcsize(f"<{code}")))[0]

    def text(self) -> bytes:
        return self.take(self.number("Q"))

    def value(self, kind: int, *, depth: int = 0) -> Any:
        if kind in NUMBERS:
            return self.number(NUMBERS[kind])
        if kind == TEXT:
            return self.text()
        if kind != LIST or depth > 3:
            raise ValueError(f"a value of the unknown type {kind}")
        inner, size = self.number("I"), self.number("Q")
        if inner in NUMBERS:
            numbers = array(NUMBERS[inner])
            numbers.frombytes(self.take(size * numbers.itemsize))
            if sys.byteorder == "big":
                numbers.byteswap()
            return numbers
        self._items += size
        if self._items > MOST_ITEMS:
            raise ValueError("its lists are longer than those of any tokenizer")
        return [self.value(inner, depth=depth + 1) for _ in range(size)]


def header(stream: BinaryIO) -> Header:
    """The tokenizer in the header of a file; ValueError for one that has none or is broken."""
    reader = _Reader(stream)
    if reader.take(4) != MAGIC:
        raise ValueError("it is no GGUF file")
    version = reader.number("I")
    if version in SWAPPED:
        raise ValueError("it is for big-endian machines, and only little-endian files are read")
    if version not in (2, 3):
        raise ValueError(f"GGUF of version {version}, of which nothing is known here")
    _, keys = reader.number("Q"), reader.number("Q")
    if keys > MOST_KEYS:
        raise ValueError("it has more keys than a header can have")
    values = {}
    for _ in range(keys):
        key = reader.text().decode("utf-8", "replace")
        value = reader.value(reader.number("I"))
        if key.startswith("tokenizer.ggml."):
            values[key.removeprefix("tokenizer.ggml.")] = value
    if "model" not in values or "tokens" not in values:
        raise ValueError("there is no tokenizer in its header")
    return Header(values, reader.at)


def load(name: str, recipe: Recipe) -> HuggingFace | SentencePiece:
    """The encoder of the header of a GGUF file that was added."""
    return read(name, own.content(name))


def read(name: str, data: bytes) -> HuggingFace | SentencePiece:
    """The encoder of the bytes of a header; TokError where there is none that can be counted exactly."""
    from io import BytesIO

    try:
        values = header(BytesIO(data)).values
        kind = _text(values, "model", "")
        tokens = _texts(values, "tokens")
        types = _numbers(values, "token_type").tolist() or [pieces.NORMAL] * len(tokens)
        if len(types) != len(tokens):
            raise ValueError("it has not as many types as tokens")
        if kind == "gpt2":
            return _byte_level(name, values, tokens, types)
        if kind in ("llama", "t5"):
            return _sentencepiece(name, kind, values, tokens, types)
    except ValueError as problem:
        raise own.unreadable(name, f"no tokenizer of a GGUF file that can be counted: {problem}") from problem
    raise own.unreadable(name, f"its tokenizer is of the kind {kind!r}; gpt2, llama and t5 can be counted")


def _text(values: Mapping[str, Any], key: str, default: str) -> str:
    found = values.get(key, default.encode())
    if not isinstance(found, bytes):
        raise ValueError(f"{key} is no text")
    return found.decode()


def _texts(values: Mapping[str, Any], key: str) -> list[str]:
    found = values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(text, bytes) for text in found):
        raise ValueError(f"{key} is no list of texts")
    return [text.decode() for text in found]


def _numbers(values: Mapping[str, Any], key: str) -> array[Any]:
    found = values.get(key, array("i"))
    if not isinstance(found, array):
        raise ValueError(f"{key} is no list of numbers")
    return found


def _sentencepiece(
    name: str, kind: str, values: Mapping[str, Any], tokens: Sequence[str], types: Sequence[int]
) -> SentencePiece:
    from tokencli.encoders.sentencepiece import make

    scores = _numbers(values, "scores")
    if len(scores) != len(tokens):
        raise ValueError("it has not as many scores as tokens")
    charsmap = bytes(byte & 255 for byte in _numbers(values, "precompiled_charsmap"))
    made = pieces.Model(
        pieces=tuple(map(pieces.Piece, tokens, array("f", scores), types)),
        type=pieces.BPE if kind == "llama" else pieces.UNIGRAM,
        charsmap=charsmap,
        dummy_prefix=bool(values.get("add_space_prefix", True)),
        remove_extra=bool(values.get("remove_extra_whitespaces", kind == "t5")),
        byte_fallback=pieces.BYTE in types,
    )
    return make(name, made)


def _byte_level(name: str, values: Mapping[str, Any], tokens: Sequence[str], types: Sequence[int]) -> HuggingFace:
    """A `tokenizer.json` of the same tokens, merges and split."""
    from tokencli.encoders.huggingface import DEEPSEEK
    from tokencli.encoders.huggingface import read as read_json

    pre = _text(values, "pre", "default")
    if pre not in SPLITS:
        raise ValueError(f"its split is {pre!r}; known are {', '.join(SPLITS)}")
    # DeepSeek's one pattern here is made for tiktoken; the package takes the three of its maker.
    patterns = DEEPSEEK if pre == "deepseek-v3" else (recipes()[SPLITS[pre]].unicode,)
    added = [
        {"id": at, "content": token, "special": types[at] == pieces.CONTROL, "normalized": False}
        | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
        for at, token in enumerate(tokens)
        if types[at] in (pieces.CONTROL, pieces.USER_DEFINED)
    ]
    splits = [
        {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
        for pattern in patterns
    ]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    form = NORMAL_FORM.get(pre)
    document = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": form} if form else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [*splits, level]},
        "post_processor": None,
        "decoder": level | {"use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": pre in WHOLE_FIRST,
            "vocab": {token: at for at, token in enumerate(tokens)},
            "merges": [merge.split(" ", 1) for merge in _texts(values, "merges")],
        },
    }
    return read_json(name, json.dumps(document).encode())
