"""Other ways to have the same answer, priced by the same cards: batch, tiers, hours, a cached prefix, a sibling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from tokencli.costing import Target
from tokencli.errors import TokError
from tokencli.model.cost import Alternative, CostRow, Selectors
from tokencli.model.rates import Override, PricedModel
from tokencli.rates.effective import covering
from tokencli.rates.pricing import price

CACHED = Fraction(4, 5)
"""The share of the input that an alternative assumes to be a cached prefix."""

STEP, WEEK = 900, 7 * 86400
"""Seconds between the instants at which later prices are looked for, and how far ahead: windows of the day begin on
quarters of an hour, and repeat after a week."""


def alternatives(to: Target, row: CostRow, selectors: Selectors, siblings: Iterable[Target]) -> tuple[Alternative, ...]:
    """What the same call would cost otherwise, where that is less; the largest saving first.

    `siblings` are other models that count the input alike. Only what the cards have a price for is offered.
    """
    if row.cost is None:
        return ()
    chosen = selectors._replace(contract_multiplier=to.multiplier or selectors.contract_multiplier)
    found = [
        *_processing(to.model, row, chosen),
        *_later(to.model, row, chosen),
        *_cached(to.model, row, chosen),
        *_sibling(row, selectors, siblings),
    ]
    return tuple(sorted((each for each in found if each.saving > 0), key=lambda each: -each.saving))


def _alternative(
    kind: str, words: str, model: PricedModel, row: CostRow, selectors: Selectors, at: int
) -> Iterator[Alternative]:
    """The alternative of a price, where there is one."""
    assert row.cost is not None
    try:
        total = price(model, row.usage, selectors, at).total
    except TokError:
        return
    yield Alternative(kind, words, total, row.cost.total - total)


def _rows(model: PricedModel, at: int) -> Iterator[Override]:
    return iter(covering(model, at).overrides)


def _processing(model: PricedModel, row: CostRow, selectors: Selectors) -> Iterator[Alternative]:
    """Batch, and the service tiers that the card prices."""
    assert row.cost is not None
    at = row.cost.at
    whens = [override.when for override in _rows(model, at)]
    if not selectors.batch and any(when.batch for when in whens):
        yield from _alternative("batch", "in a batch (--batch)", model, row, selectors._replace(batch=True), at)
    if selectors.batch:
        return
    for tier in sorted({tier for when in whens for tier in when.service_tier} - {selectors.service_tier}):
        words = f"service tier {tier} (--service-tier {tier})"
        yield from _alternative("service-tier", words, model, row, selectors._replace(service_tier=tier), at)


def _later(model: PricedModel, row: CostRow, selectors: Selectors) -> Iterator[Alternative]:
    """The first instant within a week at which the call costs least, where prices depend on the hour."""
    assert row.cost is not None
    at = row.cost.at
    if not any(override.when.window for override in _rows(model, at)):
        return
    best: Alternative | None = None
    for later in range(at - at % STEP + STEP, at + WEEK, STEP):
        for found in _alternative("off-peak", "", model, row, selectors, later):
            if best is None or found.amount < best.amount:
                best = found._replace(words=f"off-peak, from {_instant(later)}")
    if best is not None:
        yield best


def _instant(at: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).strftime("%a %Y-%m-%d %H:%M UTC")


def _cached(model: PricedModel, row: CostRow, selectors: Selectors) -> Iterator[Alternative]:
    """Most of the input read from the cache, where nothing is cached yet and so much can be."""
    assert row.cost is not None
    tokens = int(Fraction(row.usage.get("input_tokens", 0)) * CACHED)
    if "cache_read_tokens" in row.usage or not tokens or tokens < (model.cache.min_tokens or 0):
        return
    usage: dict[str, int | Decimal] = {**row.usage, "cache_read_tokens": tokens}
    words = "with 80% of the input read from the cache (--cached-share 0.8)"
    yield from _alternative("cached", words, model, row._replace(usage=usage), selectors, row.cost.at)


def _sibling(row: CostRow, selectors: Selectors, siblings: Iterable[Target]) -> Iterator[Alternative]:
    """The next cheaper model of the same generation."""
    assert row.cost is not None
    found: list[Alternative] = []
    for other in siblings:
        own = selectors._replace(contract_multiplier=other.multiplier or selectors.contract_multiplier)
        words = f"on {other.model.id}, the next cheaper of its generation"
        found += _alternative("sibling", words, other.model, row, own, row.cost.at)
    cheaper = [each for each in found if each.saving > 0]
    if cheaper:
        yield max(cheaper, key=lambda each: each.amount)


def generation(name: str) -> str:
    """The part of a model's id that its siblings share: the letters before the version, and the version's first number
    (`gpt-6` of gpt-6.1-sol, `claude-5` of claude-opus-5-5: a word between them is the size)."""
    words = re.split(r"[-_.:/ ]", name.lower())
    numbers = [word for word in words if word[:1].isdigit()]
    return "-".join(words[:1] + numbers[:1])


KINDS = {
    *("audio", "chat", "codex", "coder", "deep", "embed", "embedding", "guard", "image", "instruct", "live", "math"),
    *("moderation", "ocr", "omni", "realtime", "rerank", "research", "safeguard", "search", "transcribe", "translate"),
    *("tts", "video", "vision", "vl"),
}
"""Words in ids that say what a model is for; a sibling is for the same."""


def purpose(name: str) -> frozenset[str]:
    """What a model is for, by the words of its id."""
    return frozenset(KINDS & set(re.split(r"[-_.:/ ]", name.lower())))


def line_of(name: str) -> str:
    """The first word of a model's id, with which those of its siblings begin."""
    return re.split(r"[-_.:/ ]", name.lower(), maxsplit=1)[0]
