"""What a usage costs at a model: one pure function, exact, with a line for every unit that was used.

The rules stand in `ratecards/README.md`. Amounts are fractions; nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from tokencli.errors import TokError
from tokencli.model.cost import Cost, Line, Selectors, Usage
from tokencli.model.rates import PricedModel, Segment, Source, When
from tokencli.rates.effective import Facts, Price, Prices, covering, cuts, effective, one_of
from tokencli.rates.units import (
    DURATIONS,
    FEES,
    INPUT_MEDIA,
    INPUT_PARTS,
    OUTPUT_MEDIA,
    READ_PARTS,
    STORAGE,
    STORED,
    WRITE_PARTS,
)
from tokencli.rates.usage import check_parts, checked

MILLION = 1_000_000

USUAL = {
    "service_tier": ("", "standard", "default", "auto"),
    "speed": ("", "standard", "normal"),
    "region": ("", "global"),
}
"""Words that select what the base states."""


def price(model: PricedModel, usage: Usage, selectors: Selectors, at: int) -> Cost:
    """The price of a usage at an instant (seconds since 1970 UTC).

    TokError, never a zero: `unknown-usage`, `bad-usage`, `inconsistent-usage` about the counts, `no-rate` where the
    model has no price for one of them, `no-price` where no dated prices cover the instant.
    """
    counts = checked(usage)
    segment = covering(model, at)
    facts = Facts(selectors, at, int(counts.get("input_tokens", 0)), int(counts.get("output_tokens", 0)))
    prices = effective(model, segment, facts)
    parts = list(_slices(model, segment, facts)) if model.card.slices else [(prices, Fraction(1))]
    return cost_of(model, segment, counts, prices, parts, selectors, at)


def cost_of(
    model: PricedModel,
    segment: Segment,
    counts: Usage,
    prices: Prices,
    parts: list[tuple[Prices, Fraction]],
    selectors: Selectors,
    at: int,
) -> Cost:
    """What checked counts cost at the prices that hold for them; `parts` are those of tokens, each with its share."""
    lines = _merged([*_token_lines(model, counts, parts), *_other_lines(model, counts, prices, selectors)])
    return Cost(
        provider=model.card.provider,
        model=model.id,
        currency=model.card.currency,
        total=sum((line.amount for line in lines), Fraction()),
        lines=lines,
        at=at,
        start=segment.start,
        end=segment.end,
        confidence=segment.confidence,
        source=next(iter((*segment.sources, *model.card.sources)), Source("", "")),
        checked=segment.checked,
        tax=model.card.tax,
        notes=(*_not_priced_apart(segment, selectors), *_on_counts(counts, prices, selectors)),
        card=model.card.origin,
    )


def quantities(model: PricedModel, counts: Usage, rates: Mapping[str, object]) -> dict[str, int]:
    """The tokens that each rate prices, parts and remainders; TokError `no-rate` for tokens that none does.

    It is a sum of counts times +1 or -1, so that the quantities of many requests are those of their summed counts.
    """
    count = {key: int(value) for key, value in counts.items() if key.endswith("_tokens")}

    def rest(total: str, parts: Iterable[str]) -> int:
        return count.get(total, 0) - sum(count.get(part, 0) for part in parts)

    apart = count.get("reasoning_tokens", 0) if "reasoning" in rates else 0
    if apart:
        check_parts(counts, "output_tokens", (*OUTPUT_MEDIA, "reasoning_tokens"))
    found = {
        _text("input", rates): rest("input_tokens", INPUT_PARTS),
        "cache_read": rest("cache_read_tokens", READ_PARTS),
        "cache_write": rest("cache_write_tokens", WRITE_PARTS),
        **{card: count.get(key, 0) for key, card in _PARTS.items()},
        _text("output", rates): rest("output_tokens", OUTPUT_MEDIA) - apart,
        "reasoning": apart,
        "citation": count.get("citation_tokens", 0),
    }
    if found["cache_write"] and "cache_write" not in rates and "cache_write_5m" in rates:
        found["cache_write_5m"] += found.pop("cache_write")
    for key, tokens in found.items():
        if tokens and key not in rates:
            raise no_rate(model, key, tokens, "tokens")
    return {key: tokens for key, tokens in found.items() if tokens}


_PARTS = {**READ_PARTS, **WRITE_PARTS, **INPUT_MEDIA, **OUTPUT_MEDIA}


def no_rate(model: PricedModel, key: str, count: object, unit: str) -> TokError:
    """The error about units that a model has no price for."""
    name = f"{model.card.provider}/{model.id}"
    return TokError(
        f"{name} has no price for {key} ({count} {unit})",
        hint=f"`tok rates show {name}` lists what it has; nothing is priced at 0 for want of a price",
        code="no-rate",
    )


def _text(side: str, rates: Mapping[str, object]) -> str:
    """The key that prices the tokens of text of one side."""
    return f"{side}_text" if f"{side}_text" in rates else side


def _token_lines(model: PricedModel, counts: Usage, parts: list[tuple[Prices, Fraction]]) -> Iterator[Line]:
    for prices, share in parts:
        for key, tokens in quantities(model, counts, prices.rates).items():
            yield _line(key, tokens * share, prices.rates[key], MILLION)


def _slices(model: PricedModel, segment: Segment, facts: Facts) -> Iterator[tuple[Prices, Fraction]]:
    """The prices of each slice of the input, and its share: token n is priced as in an input of n tokens."""
    whole = facts.input_tokens
    # A cut is the first token that a row may price otherwise.
    starts = {cut - 1 for row in segment.overrides for cut in cuts(row.when.input_tokens) if 0 < cut - 1 < whole}
    for low, high in pairwise([0, *sorted(starts), whole]):
        share = Fraction(high - low, whole) if whole else Fraction(1)
        yield effective(model, segment, facts._replace(input_tokens=high)), share


def _other_lines(model: PricedModel, counts: Usage, prices: Prices, selectors: Selectors) -> Iterator[Line]:
    """What is not sold by the token: fees after what is free, durations of at least their minimum, storage."""
    for key, name in FEES.items():
        if count := int(counts.get(key, 0)):
            if name not in prices.fees:
                raise no_rate(model, name, count, key)
            fee, rate = prices.fees[name]
            used = selectors.period_used.get(fee.group or name, 0)
            billable = max(0, used + count - fee.free) - max(0, used - fee.free)
            yield _line(name, Fraction(billable), rate, fee.per, count - billable)
    for key in DURATIONS:
        if seconds := counts.get(key, 0):
            if key not in prices.durations:
                raise no_rate(model, key, seconds, "seconds")
            duration, rate = prices.durations[key]
            yield _line(key, Fraction(max(seconds, duration.minimum)), rate, duration.per)
    if hours := counts.get(STORAGE, 0):
        if prices.storage is None:
            raise no_rate(model, STORED, hours, "token-hours")
        yield _line(STORED, Fraction(hours), prices.storage, MILLION)


def _line(unit: str, quantity: Fraction, rate: Price, per: int, free: int = 0) -> Line:
    return Line(unit, quantity, rate.amount, per, quantity * rate.amount / per, rate.applied, free)


def _merged(lines: list[Line]) -> tuple[Line, ...]:
    """Slices that price a unit the same way are one line."""
    found: dict[tuple[str, Fraction, int, tuple[str, ...]], Line] = {}
    for line in lines:
        key = (line.unit, line.rate, line.per, line.applied)
        same = found.get(key)
        found[key] = (
            line
            if same is None
            else _line(line.unit, same.quantity + line.quantity, Price(line.rate, line.applied), line.per)
        )
    return tuple(found.values())


def _not_priced_apart(segment: Segment, selectors: Selectors) -> Iterator[str]:
    """A note for each thing selected that no row of the card is about: the base is what holds."""
    rows: list[When] = [row.when for row in segment.overrides]
    if selectors.batch and not any(when.batch for when in rows):
        yield "the card has no price for batch: priced without it"
    for name, usual in USUAL.items():
        chosen: str = getattr(selectors, name)
        if chosen.casefold() in usual:
            continue
        if not any(one_of(chosen, getattr(when, name)) for when in rows if getattr(when, name)):
            yield f"the card has no price for {name} {chosen}: priced without it"


def _on_counts(counts: Usage, prices: Prices, selectors: Selectors) -> Iterator[str]:
    unnamed = counts.get("cache_write_tokens", Decimal()) - sum(counts.get(key, 0) for key in WRITE_PARTS)
    if unnamed and "cache_write" not in prices.rates:
        yield f"{unnamed} cache writes of no stated lifetime are priced as those of 5 minutes"
    for key, name in FEES.items():
        fee = prices.fees[name][0] if counts.get(key) and name in prices.fees else None
        if fee and fee.free and (fee.group or name) not in selectors.period_used:
            yield f"{name}: {fee.free} a {fee.period} are free, taken as not used before"
