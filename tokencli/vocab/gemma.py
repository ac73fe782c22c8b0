"""Gemma 4's vocabulary as (token, id) pairs for `pack`, read out of splintr. Used by build.py only.

Keys of the packed file are what a lookup of text may find, so the entries are of two kinds:

* a token that merging can make, or a single character, stands as its UTF-8 text, a space written as a
  space (Gemma writes U+2581 for it, and no token holds a real one);
* everything else stands behind a byte 0xFF, which no UTF-8 text contains: the 256 byte tokens (`FF 0A`
  is `<0x0A>`), control and unused tokens, and tokens that no merge leads to (`<table>`, ` YYYY`).

Ids 494 to 236742 are merges, and their order is the order of priority. Only the runs of blanks, tabs and
newlines have an order of their own (longest first, before every other merge), which the encoder replaces
by cutting them out. Checked against the 514,906 merges of Gemma 3's published tokenizer, which are every
split of a token into two tokens, by id and then by the longer left half.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

SIZE = 262_144
FIRST_BYTE = 238
HIDDEN = b"\xff"
BLANK = "\u2581"
CONTROL = {"<pad>": 0, "<eos>": 1, "<bos>": 2, "<unk>": 3}
"""Splintr gives these four no bytes."""

SPECIAL_IDS = (*range(5), *range(46, 53), 98, 100, 101, 105, 106, 255_999, 256_000, *range(258_880, 258_885))
"""The control tokens of Gemma 4: those whose text is not `<unusedN>`, an HTML tag or `[multimodal]`."""


def tokens(tokenizer: Any) -> list[tuple[bytes, int]]:
    """The 262,144 (key, id) pairs of a splintr `gemma4` tokenizer, keys as the module text says."""
    texts = _texts(tokenizer)
    ranks = {text: identity for identity, text in texts.items()}
    pairs = [(HIDDEN + bytes([byte]), FIRST_BYTE + byte) for byte in range(256)]
    for identity, text in texts.items():
        key = text.replace(BLANK, " ").encode()
        pairs.append((key if _is_made(text, ranks) else HIDDEN + key, identity))
    return pairs


def special(tokenizer: Any) -> dict[str, int]:
    """The control tokens: text to id."""
    texts = _texts(tokenizer)
    return {texts[identity]: identity for identity in SPECIAL_IDS}


def _texts(tokenizer: Any) -> dict[int, str]:
    control = {identity: text for text, identity in CONTROL.items()}
    return {
        identity: control.get(identity) or tokenizer.decode_token_bytes(identity).decode()
        for identity in range(SIZE)
        if not FIRST_BYTE <= identity < FIRST_BYTE + 256
    }


def _is_made(text: str, ranks: dict[str, int]) -> bool:
    """Whether merging the characters of a token ends in that token (a run of one white space always does)."""
    if text in ("\n" * len(text), "\t" * len(text), BLANK * len(text)):
        return True
    parts = list(text)
    while len(parts) > 1:
        pairs = [(ranks.get(left + right), at) for at, (left, right) in enumerate(pairwise(parts))]
        known = [(rank, at) for rank, at in pairs if rank is not None]
        if not known:
            return False
        at = min(known)[1]
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return True
