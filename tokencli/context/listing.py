"""The list of skills that an agent sends with every request, and how it is cut where it takes more than it may.

Read in November 2026:

Claude Code   https://code.claude.com/docs/en/skills ("Skill descriptions are cut short"): 1% of the window in
              characters, names always kept; 4 characters to a token and 8,000 characters for a window of 200,000
              were measured at 2.1.159: https://github.com/anthropics/claude-code/issues/64606. It cuts those first
              that were used least, which no file says: here all are cut alike.
Codex         https://github.com/openai/codex, codex-rs/core-skills/src/render.rs, merged as pull request 18298: 2% of
              the window in tokens of 4 bytes, 8,000 characters where no window is known. Room for descriptions is
              given out character by character; where names alone do not fit, the last are left out. It counts whole
              paths, and with its own window of a model: 272,000 for GPT-5, https://github.com/openai/codex/issues/24299.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokencli.model.context import Kind

UNKNOWN = 8_000
"""Characters of the list where the window of a model is not known, of both agents."""

Cost = Callable[[str], int]


class Entry(NamedTuple):
    """One thing in the list: its name, its description, and what follows that."""

    name: str
    about: str
    after: str = ""

    def text(self, length: int | None = None) -> str:
        """What is listed, with so many characters of the description; none: with all."""
        about = self.about[:length]
        return f"{self.name}{f': {about}' if about else ''}{self.after}"


class Cap(NamedTuple):
    """What the list may take: per cent of the window, which is measured in `characters`, 4 to a token, or in tokens of
    4 bytes. `omits` what has no room for its name either. `kinds` are in the list together."""

    kinds: tuple[Kind, ...]
    percent: int
    characters: bool
    omits: bool

    def limit(self, window: int | None) -> tuple[int, Cost, str]:
        """The most that the list may take, what a line of it takes, and both in words."""
        if window is None:
            return UNKNOWN, len, f"{UNKNOWN:,} characters, as the window is not known"
        share = f"{self.percent}% of the window of {window:,} tokens"
        if self.characters:
            most = 4 * window * self.percent // 100
            return most, len, f"{most:,} characters, {share}"
        most = window * self.percent // 100
        return most, _tokens, f"{most:,} tokens of 4 bytes, {share}"


class Cut(NamedTuple):
    """The texts that are listed, None for what is left out, and how many descriptions are not whole."""

    texts: list[str | None]
    shortened: int


def cut(entries: Sequence[Entry], limit: int, cost: Cost, *, omits: bool) -> Cut:
    """The list in as much room as there is."""

    def price(entry: Entry, length: int | None) -> int:
        return cost(f"- {entry.text(length)}\n")

    if sum(price(entry, None) for entry in entries) <= limit:
        return Cut([entry.text() for entry in entries], 0)
    prices = [price(entry, 0) for entry in entries]
    left = limit - sum(prices)
    lengths = [0] * len(entries)
    growing = [at for at, entry in enumerate(entries) if entry.about] if left > 0 else []
    while growing:
        grown = []
        for at in growing:
            wanted = price(entries[at], lengths[at] + 1)
            if wanted - prices[at] <= left:
                left -= wanted - prices[at]
                prices[at] = wanted
                lengths[at] += 1
                grown.append(at)
        growing = [at for at in grown if lengths[at] < len(entries[at].about)]
    texts = [entry.text(length) for entry, length in zip(entries, lengths, strict=True)]
    shortened = sum(length < len(entry.about) for entry, length in zip(entries, lengths, strict=True))
    return Cut(_with_room(texts, prices, limit) if omits else list(texts), shortened)


def _with_room(texts: Sequence[str], prices: Sequence[int], limit: int) -> list[str | None]:
    """The texts that fit, each where there is room left."""
    kept: list[str | None] = []
    for text, price in zip(texts, prices, strict=True):
        fits = price <= limit
        limit -= price if fits else 0
        kept.append(text if fits else None)
    return kept


def _tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)
