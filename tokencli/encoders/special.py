"""Special tokens spelled out in a text, for `--special parse`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping


def split_special(text: str, special: Mapping[str, int]) -> Iterator[str | int]:
    """The text in order as ordinary stretches (never empty) and ids of special tokens; the longest match wins."""
    if not special:
        if text:
            yield text
        return
    longest_first = sorted(special, key=len, reverse=True)
    at = 0
    for match in re.finditer("|".join(map(re.escape, longest_first)), text):
        if match.start() > at:
            yield text[at : match.start()]
        yield special[match.group()]
        at = match.end()
    if at < len(text):
        yield text[at:]
