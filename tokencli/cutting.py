"""Large texts in parts that can be counted apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tokencli.errors import TokError

# Code points in a part, about.
PART = 1 << 20
# A text that offers no place to cut for this many code points is refused: it would have to be held whole.
LONGEST_UNCUT = 64 << 20


def cut(
    chunks: Iterable[str], patterns: Sequence[re.Pattern[str]], path: str, longest: int | None = None
) -> Iterator[str]:
    """The text in parts of about PART code points, cut only where every pattern matches; with no pattern, uncut.

    TokError when there is no such place for `longest` code points (None: LONGEST_UNCUT), since the parts must fit in
    memory.
    """
    longest = LONGEST_UNCUT if longest is None else longest
    buffer = ""
    searched = 0
    for chunk in chunks:
        buffer += chunk
        start = 0
        while patterns:
            place = _next_cut(patterns, buffer, max(start + PART, searched))
            if place is None:
                break
            yield buffer[start:place]
            start = place
        buffer = buffer[start:]
        # What has been searched need not be again, but for the last places, which had no right side to look at.
        searched = max(0, len(buffer) - 4)
        if len(buffer) > longest:
            raise TokError(
                f"{path}: {longest >> 20} million characters with no place to cut, too long to hold in memory",
                hint="break the text into lines or files" if patterns else "--special text counts it in parts",
                code="too-long",
            )
    yield buffer


def _next_cut(patterns: Sequence[re.Pattern[str]], text: str, start: int) -> int | None:
    first, *others = patterns
    for match in first.finditer(text, start):
        if all(pattern.match(text, match.start()) for pattern in others):
            return match.start()
    return None
