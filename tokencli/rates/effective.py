"""The prices that hold for one request: of the dated segment, changed by every row whose conditions hold, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.model.rates import Duration, Fee, Override, PricedModel, Segment, Threshold, When, Window
from tokencli.rates.units import STORED
from tokencli.rates.windows import holds

Applied = tuple[str, ...]
"""The rows that bear on a price, in words."""


class Price(NamedTuple):
    """A price after every row that bears on it; `applied` says which those are."""

    amount: Fraction
    applied: Applied = ()


class Prices(NamedTuple):
    """The prices that hold: `rates` and `storage` per 1,000,000, the others as their card says."""

    rates: Mapping[str, Price]
    fees: Mapping[str, tuple[Fee, Price]]
    durations: Mapping[str, tuple[Duration, Price]]
    storage: Price | None


class Facts(NamedTuple):
    """What conditions look at."""

    selectors: Selectors
    at: int
    input_tokens: int
    output_tokens: int


def covering(model: PricedModel, at: int) -> Segment:
    """The dated prices that cover an instant; TokError `no-price` before, between and after them."""
    for segment in model.prices:
        if (segment.start is None or segment.start <= at) and (segment.end is None or at < segment.end):
            return segment
    name = f"{model.card.provider}/{model.id}"
    starts = [segment.start for segment in model.prices if segment.start is not None and segment.start > at]
    ends = [segment.end for segment in model.prices if segment.end is not None and segment.end <= at]
    if not ends and starts:
        said, hint = f"is not known before {day(min(starts))}", "ask for a later instant (--at), or add what held then"
    elif not starts and ends:
        said, hint = f"expired at {day(max(ends))}", "the card needs the price that holds since then"
    elif starts:
        said, hint = f"has a gap from {day(max(ends))} to {day(min(starts))}", "the card needs the price in between"
    else:
        said, hint = "is not in its card", "the card needs a price"
    raise TokError(f"the price of {name} {said}; asked for {day(at)}", hint=hint, code="no-price")


def effective(model: PricedModel, segment: Segment, facts: Facts) -> Prices:
    """The prices of a segment for one request: rates and fees merge key by key, factors are applied at the end."""
    rates: dict[str, tuple[Decimal, Applied]] = {key: (rate, ()) for key, rate in segment.rates.items()}
    fees: dict[str, tuple[Fee, Applied]] = {key: (fee, ()) for key, fee in segment.fees.items()}
    factors: list[tuple[Override, str]] = []
    for row in segment.overrides:
        if not matches(row.when, facts, model.card.windows):
            continue
        words = row_words(row)
        rates |= {key: (rate, (words,)) for key, rate in row.rates.items()}
        fees |= {key: (fee, (words,)) for key, fee in row.fees.items()}
        if row.multiply is not None:
            factors.append((row, words))
    return _scaled(segment, rates, fees, factors, facts.selectors.contract_multiplier)


def _scaled(
    segment: Segment,
    rates: Mapping[str, tuple[Decimal, Applied]],
    fees: Mapping[str, tuple[Fee, Applied]],
    factors: list[tuple[Override, str]],
    contract: Decimal | None,
) -> Prices:
    """The prices as stated, times every factor that is meant for them, times that of the contract."""

    def price(key: str, stated: Decimal, applied: Applied, unnamed: bool) -> Price:
        amount = Fraction(stated)
        for row, words in factors:
            if key in row.only or (unnamed and not row.only):
                amount *= Fraction(row.multiply or 1)
                applied = (*applied, words)
        if contract is not None:
            amount *= Fraction(contract)
            applied = (*applied, f"contract x {contract}")
        return Price(amount, applied)

    # Where nothing is sold by the token, a factor without `only` can but mean what is sold.
    other = not rates
    return Prices(
        {key: price(key, rate, words, True) for key, (rate, words) in rates.items()},
        {key: (fee, price(key, fee.price, words, other)) for key, (fee, words) in fees.items()},
        {key: (row, price(key, row.price, (), other)) for key, row in segment.durations.items()},
        None if segment.cache_token_hours is None else price(STORED, segment.cache_token_hours, (), False),
    )


def matches(when: When, facts: Facts, windows: Mapping[str, Window]) -> bool:
    """Whether all conditions of a row hold."""
    return (
        selected(when, facts.selectors)
        and within(when.input_tokens, facts.input_tokens)
        and within(when.output_tokens, facts.output_tokens)
        and (not when.window or holds(windows[when.window], facts.at))
    )


def selected(when: When, chosen: Selectors) -> bool:
    """Whether the conditions hold that neither counts nor the time decide."""
    return (
        when.thinking in (None, chosen.thinking)
        and when.batch in (None, chosen.batch)
        and one_of(chosen.service_tier, when.service_tier)
        and one_of(chosen.speed, when.speed)
        and one_of(chosen.region, when.region)
        and one_of(chosen.resolution, when.resolution)
        and when.cache_mode in ("", chosen.cache_mode)
        and when.search_size in ("", chosen.search_size)
        and within(when.duration_seconds, chosen.duration_seconds)
    )


def one_of(chosen: str, words: tuple[str, ...]) -> bool:
    """Whether a word is among those asked for, in whatever case; every word is where none are."""
    return not words or chosen.casefold() in [word.casefold() for word in words]


def within(bounds: Threshold | None, count: int | Decimal | None) -> bool:
    """Whether a count lies within bounds; one that is not known lies within none."""
    if bounds is None:
        return True
    return count is not None and (
        (bounds.gt is None or count > bounds.gt)
        and (bounds.gte is None or count >= bounds.gte)
        and (bounds.lt is None or count < bounds.lt)
        and (bounds.lte is None or count <= bounds.lte)
    )


def cuts(bounds: Threshold | None) -> Iterator[int]:
    """The counts from which on bounds may answer otherwise than for the count before."""
    if bounds is not None:
        yield from (bound for bound in (bounds.gte, bounds.lt) if bound is not None)
        yield from (bound + 1 for bound in (bounds.gt, bounds.lte) if bound is not None)


def row_words(row: Override) -> str:
    """What a row asks for and does to factors, in one phrase: "batch and input_tokens > 272000: x 0.5"."""
    asked = " and ".join(_conditions(row.when))
    return f"{asked}: x {row.multiply}" if row.multiply is not None else asked


def _conditions(when: When) -> Iterator[str]:
    for name in ("batch", "thinking"):
        value = getattr(when, name)
        if value is not None:
            yield name if value else f"not {name}"
    for name in ("service_tier", "speed", "region", "resolution"):
        if words := getattr(when, name):
            yield f"{name} {' or '.join(words)}"
    for name in ("cache_mode", "search_size", "window"):
        if word := getattr(when, name):
            yield f"{name} {word}"
    for name in ("input_tokens", "output_tokens", "duration_seconds"):
        for sign, bound in zip((">", ">=", "<", "<="), getattr(when, name) or (), strict=False):
            if bound is not None:
                yield f"{name} {sign} {bound}"


def day(at: int) -> str:
    """An instant as people write it, in UTC: the date alone at midnight."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(at, UTC)
    return moment.strftime("%Y-%m-%d" if at % 86400 == 0 else "%Y-%m-%dT%H:%M:%SZ")
