"""Cuts text to a number of tokens without splitting a character. Pure: it is given the ways to count and encode.

The place to cut is searched in the text itself: what an encoding decodes its ids to may differ from the text, because
some normalise it first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tokencli.errors import ExitCode, TokError

Keep = Literal["head", "tail", "both"]
Counter = Callable[[str], int]

SPARED = 3
"""Tokens that may be given up to keep the parts of one visible character together."""


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

    `ids` only tell where to search first. What is returned has been counted as a whole, in a number of counts that
    grows with the logarithm of the limit. TokError (usage) where the marker alone is over the limit.
    """
    tokens = _within(text, limit, count)
    if tokens is not None:
        return Truncated(text, tokens, False)
    if keep != "both" or limit == 0:
        side = _Side(text, keep == "tail", count, ids)
        return Truncated(*side.keep(limit), True)
    spent = count(marker)
    if spent > limit:
        message = f"the marker has {spent} tokens, more than the limit of {limit}"
        raise TokError(message, hint="a shorter --marker", code="usage", exit=ExitCode.USAGE)
    budget = limit - spent
    while True:
        head, used = _Side(text, False, count, ids).keep((budget + 1) // 2)
        tail, _ = _Side(text[len(head) :], True, count, ids).keep(budget - used)
        whole = head + marker + tail
        tokens = count(whole)
        if tokens <= limit or budget == 0:
            break
        budget = max(0, budget - (tokens - limit))
    return Truncated(whole, tokens, True)


def _within(text: str, limit: int, count: Counter) -> int | None:
    """The tokens of a text with at most `limit`, else None; one clearly too long is not counted to its end."""
    size = _enough(limit)
    while size < len(text):
        # A cut can cost or save a few tokens around it, never this many.
        if count(text[:size]) > limit + 64:
            return None
        size *= 4
    tokens = count(text)
    return tokens if tokens <= limit else None


def _enough(limit: int) -> int:
    """Code points that usually hold more than `limit` tokens."""
    return 8 * limit + 1024


class _Side:
    """One end of a text, whose parts are given by their length from that end."""

    def __init__(self, text: str, tail: bool, count: Counter, ids: Ids | None) -> None:
        self._text = text
        self._tail = tail
        self._count = count
        self._ids = ids

    def keep(self, limit: int) -> tuple[str, int]:
        """As much as has at most `limit` tokens, and its tokens; a text that fits is kept whole."""
        if limit <= 0:
            return "", 0
        length = _enough(limit)
        while length < len(self._text):
            tokens = self._tokens(length)
            if tokens > limit + 64:
                break
            length *= 4
        else:
            length = len(self._text)
            tokens = self._tokens(length)
            if tokens <= limit:
                return self._text, tokens
        length, tokens = self._search(limit, length, tokens)
        length, tokens = self._unbroken(limit, length, tokens)
        return self._part(length), tokens

    def _part(self, length: int) -> str:
        return self._text[len(self._text) - length :] if self._tail else self._text[:length]

    def _tokens(self, length: int) -> int:
        return self._count(self._part(length))

    def _search(self, limit: int, high: int, above: int) -> tuple[int, int]:
        """A length with at most `limit` tokens where one character more is over it, and its tokens.

        `high` is a length with `above` tokens, which are too many. Every other step halves what is left.
        """
        low = below = 0
        if self._ids is not None:
            guess, exact = self._guess(self._ids, limit, high)
            if 0 < guess < high:
                tokens = self._tokens(guess)
                if exact and tokens == limit:
                    return guess, tokens
                if tokens <= limit:
                    low, below = guess, tokens
                else:
                    high, above = guess, tokens
        halve = False
        while low + 1 < high:
            middle = (low + high) // 2
            if not halve:
                middle = low + round((high - low) * (limit + 0.5 - below) / (above - below))
                middle = min(max(middle, low + 1), high - 1)
            halve = not halve
            tokens = self._tokens(middle)
            if tokens <= limit:
                low, below = middle, tokens
            else:
                high, above = middle, tokens
        return low, below

    def _guess(self, ids: Ids, limit: int, length: int) -> tuple[int, bool]:
        """The length of `limit` ids, cut short to whole characters; whether ids stand for the text byte for byte."""
        part = self._part(length)
        data = part.encode("utf-8", "surrogatepass")
        tokens = ids.encode(part)
        decoded = len(ids.decode(tokens))
        kept = len(ids.decode(tokens[-limit:] if self._tail else tokens[:limit]))
        size = kept * len(data) // decoded if decoded else 0
        if not self._tail:
            return len(data[:size].decode("utf-8", "ignore")), decoded == len(data)
        start = len(data) - size
        while start < len(data) and data[start] & 0xC0 == 0x80:
            start += 1
        return len(data[start:].decode("utf-8", "ignore")), decoded == len(data)

    def _unbroken(self, limit: int, length: int, tokens: int) -> tuple[int, int]:
        """The length without the part of a visible character at the cut, where that costs few tokens."""
        shorter = length
        while shorter > 0 and self._joined(len(self._text) - shorter if self._tail else shorter):
            shorter -= 1
        if shorter in (0, length):
            return length, tokens
        fewer = self._tokens(shorter)
        return (shorter, fewer) if limit - SPARED <= fewer <= limit else (length, tokens)

    def _joined(self, at: int) -> bool:
        """Whether the character at that place is shown together with the one before it."""
        if not 0 < at < len(self._text):
            return False
        from unicodedata import category

        before, after = self._text[at - 1], self._text[at]
        return (
            category(after).startswith("M")
            or "\u200d" in (before, after)
            or "\U0001f3fb" <= after <= "\U0001f3ff"
            or (before, after) == ("\r", "\n")
        )
