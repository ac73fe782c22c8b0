"""Unicode normal forms in linear time."""

from __future__ import annotations

import re
from typing import Literal


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """The text in a normal form, as `unicodedata.normalize` gives it.

    The library sorts the marks of a letter by insertion, which is quadratic in a long pile of them (minutes for
    600,000), so long piles come to it sorted.
    """
    if text.isascii():
        return text
    from unicodedata import combining, is_normalized, normalize

    if is_normalized(form, text):
        return text
    # Three Tibetan vowel signs count as letters of their own until they are taken apart.
    for sign, marks in (("\u0f73", "\u0f71\u0f72"), ("\u0f75", "\u0f71\u0f74"), ("\u0f81", "\u0f71\u0f80")):
        text = text.replace(sign, marks)
    parts, done = [], 0
    for pile in re.finditer(rb"[^\0]{50,}", bytes(map(combining, text))):
        parts += [text[done : pile.start()], *sorted(text[pile.start() : pile.end()], key=combining)]
        done = pile.end()
    return normalize(form, "".join([*parts, text[done:]]) if parts else text)
