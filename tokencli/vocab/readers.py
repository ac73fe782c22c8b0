"""Read the vocabulary files of other projects: bytes in, (token, id) pairs and special tokens out; for build.py."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

Tokens = list[tuple[bytes, int]]


def tiktoken_file(data: bytes) -> Tokens:
    """A `.tiktoken` file: a line each of base64 token and rank."""
    words = data.split()
    return [(base64.b64decode(token), int(rank)) for token, rank in zip(words[::2], words[1::2], strict=True)]


def tekken_file(data: bytes, size: int) -> Tokens:
    """The first `size` entries of a `tekken.json`, which lists more than the models use."""
    entries = json.loads(data)["vocab"][:size]
    return [(base64.b64decode(entry["token_bytes"]), entry["rank"]) for entry in entries]


def _byte_letters() -> dict[str, int]:
    """The letters that byte-level BPE files write for bytes (GPT-2's table): printable Latin-1 stands for itself,
    the 68 others are moved up to U+0100 and on, in order."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    moved = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + i): byte for i, byte in enumerate(moved)}


def _tokenizer_json(data: bytes) -> Any:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("tokenizer.json")
    return json.loads(data)


def huggingface_file(data: bytes) -> Tokens:
    """A byte-level BPE `tokenizer.json` (or a zip that holds one), its added tokens left out.

    Raises ValueError when the order of its merges is not the order of its ids, since only then a rank says it all.
    """
    document = _tokenizer_json(data)
    added = {entry["content"] for entry in document["added_tokens"]}
    vocabulary: dict[str, int] = document["model"]["vocab"]
    last = -1
    for merge in document["model"]["merges"]:
        pair = merge.split(" ") if isinstance(merge, str) else merge
        identity = vocabulary["".join(pair)]
        if identity < last:
            raise ValueError(f"merge {pair} stands out of the order of ids")
        last = identity
    letters = _byte_letters()
    return [
        (bytes(letters[letter] for letter in token), identity)
        for token, identity in vocabulary.items()
        if token not in added
    ]


def huggingface_special(data: bytes) -> dict[str, int]:
    """The added tokens of a `tokenizer.json`: text to id."""
    return {entry["content"]: entry["id"] for entry in _tokenizer_json(data)["added_tokens"]}


def splintr_tokens(tokenizer: Any, size: int) -> Tokens:
    """The first `size` tokens of a splintr tokenizer, read out one by one."""
    return [(tokenizer.decode_bytes([identity]), identity) for identity in range(size)]


def distinct(tokens: Iterable[tuple[bytes, int]]) -> Tokens:
    """Each token once, with its lowest id (a few files repeat one)."""
    lowest: dict[bytes, int] = {}
    for token, identity in tokens:
        lowest[token] = min(identity, lowest.get(token, identity))
    return list(lowest.items())
