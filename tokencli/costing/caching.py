"""When caching a prefix pays: one write, so many reads, against sending it anew each time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from tokencli.errors import TokError
from tokencli.model.cost import CacheEconomics, Selectors, Usage
from tokencli.model.rates import PricedModel
from tokencli.rates.pricing import price

LIFETIMES = {
    "cache_write_5m_tokens": "5 minutes",
    "cache_write_30m_tokens": "30 minutes",
    "cache_write_1h_tokens": "1 hour",
    "cache_write_12h_tokens": "12 hours",
    "cache_write_tokens": "written",
    "": "automatic",
}
"""How the first request of a cached prefix is billed: as a unit of its own, or as plain input where caches are free."""

REQUESTS = 1000


def economics(model: PricedModel, tokens: int, selectors: Selectors, at: int) -> tuple[CacheEconomics, ...]:
    """What caching a prefix of so many tokens comes to, for each lifetime that the card prices; nothing where it has no
    price for reads."""
    try:
        plain = price(model, {"input_tokens": tokens}, selectors, at).total
        read = price(model, {"input_tokens": tokens, "cache_read_tokens": tokens}, selectors, at).total
    except TokError:
        return ()
    return tuple(_each(model, tokens, selectors, at, plain, read))


def _each(
    model: PricedModel, tokens: int, selectors: Selectors, at: int, plain: Fraction, read: Fraction
) -> Iterator[CacheEconomics]:
    written = False
    for unit, lifetime in LIFETIMES.items():
        if not unit and written:
            return
        usage: Usage = {"input_tokens": tokens, unit: tokens} if unit else {"input_tokens": tokens}
        if unit == "cache_write_tokens" and written:
            # A card that has a lifetime prices writes of no stated one by it.
            continue
        try:
            write = price(model, usage, selectors, at).total
        except TokError:
            continue
        written = True
        yield CacheEconomics(
            lifetime=lifetime,
            tokens=tokens,
            write=write,
            read=read,
            plain=plain,
            reads=break_even(write, read, plain),
            cached_1000=write + (REQUESTS - 1) * read,
            plain_1000=REQUESTS * plain,
            note=_note(model, tokens),
        )


def break_even(write: Fraction, read: Fraction, plain: Fraction) -> int | None:
    """The fewest reads n for which write + n x read <= (n + 1) x plain; None where no number of them is enough."""
    if write <= plain:
        return 0
    return ceil((write - plain) / (plain - read)) if read < plain else None


def _note(model: PricedModel, tokens: int) -> str:
    least = model.cache.min_tokens
    if least and tokens < least:
        return f"{model.id} caches no prefix under {least:,} tokens"
    stored = any(segment.cache_token_hours is not None for segment in model.prices)
    return "without what the provider takes for each hour of storage" if stored else ""
