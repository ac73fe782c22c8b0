"""Mistral's `tekken.json`: byte-level BPE whose ids stand behind those of the special tokens."""

from __future__ import annotations

import json
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tokencli.encoders import Recipe, own, recipes
from tokencli.encoders.byte_bpe import ByteBPE
from tokencli.encoders.rank_file import PatternBPE, checked

MOST_SPECIAL = 100_000
"""Special tokens that a file may list; Mistral's have 1,000."""


def load(name: str, recipe: Recipe) -> ByteBPE | PatternBPE:
    """The encoder of an own `tekken.json`."""
    return read(name, own.content(name), recipe)


def read(name: str, data: bytes, recipe: Recipe) -> ByteBPE | PatternBPE:
    """The encoder of the bytes of a `tekken.json`; TokError where they are none.

    Of the ranks it lists only those are used that, with the special tokens, make up `default_vocab_size`.
    """
    try:
        document = json.loads(data)
        config = document["config"]
        offset = int(config["default_num_special_tokens"])
        used = int(config["default_vocab_size"]) - offset
        pattern = config["pattern"]
        if offset < 0 or not isinstance(pattern, str):
            raise ValueError
        rows = [row for row in document["vocab"] if int(row["rank"]) < used]
        ranks = {a2b_base64(row["token_bytes"]): int(row["rank"]) for row in rows}
        special = _special(document, offset)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as problem:
        raise own.unreadable(name, "no tekken.json: config and vocab are not as Mistral writes them") from problem
    table = checked(name, ranks, len(rows))
    for like in recipes().values():
        if like.unicode == pattern and like.ascii is not None and like.normalize is None:
            made = replace(like, table=name, sha256=recipe.sha256, limit=None, offset=offset)
            return ByteBPE(name, made, table, lambda: special)
    return PatternBPE(name, table, pattern, offset, special)


def _special(document: Mapping[str, Any], offset: int) -> dict[str, int]:
    """The special tokens that the file lists: text to id; ValueError where an id is that of another token."""
    listed = document.get("special_tokens") or []
    found = {str(token["token_str"]): int(token["rank"]) for token in listed}
    ids = set(found.values())
    if len(ids) < len(listed) or "" in found or not ids <= set(range(min(offset, MOST_SPECIAL))):
        raise ValueError
    return found
