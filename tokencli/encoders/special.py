"""What encodings do alike with special tokens spelled out in a text, and with ids that do not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tokencli.errors import ExitCode, TokError


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


def count_special(text: str, special: Mapping[str, int], count: Callable[[str], int]) -> int:
    """Tokens of a text in which special tokens count one each, what stands between them by `count`."""
    return sum(1 if isinstance(part, int) else count(part) for part in split_special(text, special))


def encode_special(text: str, special: Mapping[str, int], encode: Callable[[str], list[int]]) -> list[int]:
    """Ids of a text in which special tokens are read, what stands between them by `encode`."""
    ids: list[int] = []
    for part in split_special(text, special):
        ids += [part] if isinstance(part, int) else encode(part)
    return ids


def unknown_token(encoding: str, identity: int) -> TokError:
    """What to say about an id that an encoding does not have."""
    return TokError(
        f"{encoding} has no token {identity}",
        hint="these ids may belong to another encoding; name it with -e",
        code="unknown-token",
        exit=ExitCode.DATA,
    )
