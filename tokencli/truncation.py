"""Cuts text to a number of tokens without splitting a character. Pure: it is given the ways to count and encode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tokencli.errors import ExitCode, TokError

Keep = Literal["head", "tail", "both"]
Counter = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Ids:
    """An encoding's ids: `encode` text to ids, `decode` ids to bytes."""

    encode: Callable[[str], list[int]]
    decode: Callable[[Sequence[int]], bytes]


@dataclass(frozen=True, slots=True)
class Truncated:
    """The text that is left, its tokens, and whether anything was cut."""

    text: str
    tokens: int
    cut: bool


def truncate(
    text: str, limit: int, keep: Keep, *, count: Counter, ids: Ids | None = None, marker: str = ""
) -> Truncated:
    """At most `limit` tokens of the text by `count`: its head, its tail, or both around the marker.

    Without `ids` the place to cut is searched by counting. Whatever way it was found, the result has been counted
    as a whole. TokError (usage) where the marker alone is over the limit.
    """
    if fits(text, limit, count):
        return Truncated(text, count(text), False)
    if keep != "both" or limit == 0:
        kept = (_tail if keep == "tail" else _head)(text, limit, count, ids)
        return Truncated(kept, count(kept), True)
    spent = count(marker)
    if spent > limit:
        message = f"the marker has {spent} tokens, more than the limit of {limit}"
        raise TokError(message, hint="a shorter --marker", code="usage", exit=ExitCode.USAGE)
    budget = limit - spent
    while True:
        head = _head(text, (budget + 1) // 2, count, ids)
        tail = _tail(text[len(head) :], budget // 2, count, ids)
        whole = head + marker + tail
        tokens = count(whole)
        if tokens <= limit or budget == 0:
            break
        budget = max(0, budget - (tokens - limit))
    return Truncated(whole, tokens, True)


def fits(text: str, limit: int, count: Counter) -> bool:
    """Whether the text has at most `limit` tokens; a text that is clearly too long is not counted to its end."""
    size = _enough(limit)
    while size < len(text):
        # A cut can cost or save a few tokens around it, never this many.
        if count(text[:size]) > limit + 64:
            return False
        size *= 4
    return count(text) <= limit


def _enough(limit: int) -> int:
    """Code points that usually hold more than `limit` tokens."""
    return 8 * limit + 1024


def _head(text: str, limit: int, count: Counter, ids: Ids | None) -> str:
    if limit <= 0:
        return ""
    size = _enough(limit)
    while size < len(text) and count(text[:size]) <= limit + 64:
        size *= 4
    text = text[:size]
    if ids is None:
        return text[: _search(len(text), lambda end: count(text[:end]) <= limit)]
    tokens = ids.encode(text)
    for kept in range(limit, 0, -1):
        head = ids.decode(tokens[:kept]).decode("utf-8", "ignore")
        if text.startswith(head) and count(head) <= limit:
            return head
    return ""


def _tail(text: str, limit: int, count: Counter, ids: Ids | None) -> str:
    if limit <= 0:
        return ""
    size = _enough(limit)
    while size < len(text) and count(text[-size:]) <= limit + 64:
        size *= 4
    text = text[-size:]
    if ids is None:
        start = len(text) - _search(len(text), lambda length: count(text[len(text) - length :]) <= limit)
        return text[start:]
    tokens = ids.encode(text)
    for kept in range(min(limit, len(tokens)), 0, -1):
        tail = _without_broken_start(ids.decode(tokens[-kept:]))
        if text.endswith(tail) and count(tail) <= limit:
            return tail
    return ""


def _without_broken_start(data: bytes) -> str:
    """The text of bytes whose first character may have lost its first bytes."""
    start = 0
    while start < min(len(data), 4) and data[start] & 0xC0 == 0x80:
        start += 1
    return data[start:].decode("utf-8", "ignore")


def _search(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `most` that holds, where smaller ones hold too (nearly: the answer always holds)."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
