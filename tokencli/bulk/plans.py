"""Sums of usage rows that are alike: counts are added up, and multiplied by their prices once.

A price is linear in the counts wherever the prices that hold are the same. Rows of the same model, options and keys
share a plan; a plan has a sum for each state of what else prices depend on: the dated segment, the tiers, the
windows of time and the discount. What is not linear (free quotas, least durations, slices), and every row that is
wrong in any way, is left to the route that prices one by one, so that both routes have the same answers and errors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import add

from tokencli.errors import TokError
from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import PricedModel, Segment
from tokencli.rates.effective import Facts, Prices, covering, cuts, effective
from tokencli.rates.pricing import cost_of
from tokencli.rates.units import (
    DURATIONS,
    FEES,
    INPUT_MEDIA,
    OUTPUT_PARTS,
    READ_PARTS,
    STORAGE,
    TOKENS,
    WRITE_PARTS,
)
from tokencli.rates.usage import checked
from tokencli.rates.windows import holds

MINUTES = 100_000
"""Minutes whose windows are kept: two months, if every minute has a request."""


class Sum:
    """The counts of rows in one state. `guarded` are positions of counts that must be 0 for a row to be linear."""

    def __init__(self, segment: Segment, prices: Prices, facts: Facts, keys: Sequence[str]) -> None:
        self.segment = segment
        self.prices = prices
        self.facts = facts
        self.rows = 0
        self.counts = [0] * len(keys)
        self.guarded = tuple(place for place, key in enumerate(keys) if not _linear(key, segment, prices))


class Plan:
    """How rows of one model, one set of options and the same keys are added up."""

    def __init__(
        self,
        model: PricedModel,
        selectors: Selectors,
        keys: tuple[str, ...],
        notes: tuple[str, ...],
        discount: Callable[[PricedModel, int], Decimal | None] | None,
    ) -> None:
        self.model, self.keys, self.notes = model, keys, notes
        self._selectors = selectors
        self._discount = discount if selectors.contract_multiplier is None else None
        self.groups = _groups(keys)
        self._sent = keys.index("input_tokens") if "input_tokens" in keys else None
        self._made = keys.index("output_tokens") if "output_tokens" in keys else None
        rows = [row.when for segment in model.prices for row in segment.overrides]
        self._input_cuts = sorted({cut for when in rows for cut in cuts(when.input_tokens)})
        self._output_cuts = sorted({cut for when in rows for cut in cuts(when.output_tokens)})
        names = sorted({when.window for when in rows if when.window})
        self._windows = [model.card.windows[name] for name in names]
        ends = {end for segment in model.prices for end in (segment.start, segment.end) if end is not None}
        self._epochs = sorted(ends)
        self._clock: dict[int, tuple[bool, ...]] = {}
        self.sums: dict[tuple[object, ...], Sum | None] = {}

    @property
    def possible(self) -> bool:
        """Whether any row with these keys can be added up."""
        return not self.model.card.slices and self.groups is not None

    def add(self, values: list[int], at: int) -> bool:
        """Add the counts of one row, in the order of the keys; False where it must be priced by itself."""
        for total, parts in self.groups or ():
            rest = values[total]
            for part in parts:
                rest -= values[part]
            if rest < 0:
                return False
        state = self._state(values, at)
        found = self.sums.get(state, state)
        if found is state:
            found = self.sums[state] = self._sum(values, at)
        if not isinstance(found, Sum):
            return False
        for place in found.guarded:
            if values[place]:
                return False
        found.rows += 1
        found.counts = list(map(add, found.counts, values))
        return True

    def cost(self, found: Sum) -> Cost:
        """What all rows of a sum cost together."""
        counts = checked(dict(zip(self.keys, found.counts, strict=True)))
        parts = [(found.prices, Fraction(1))]
        facts = found.facts
        return cost_of(self.model, found.segment, counts, found.prices, parts, facts.selectors, facts.at)

    def _state(self, values: list[int], at: int) -> tuple[object, ...]:
        """Everything about a row that prices depend on, beside its counts."""
        return (
            bisect_right(self._epochs, at),
            bisect_right(self._input_cuts, values[self._sent]) if self._sent is not None else 0,
            bisect_right(self._output_cuts, values[self._made]) if self._made is not None else 0,
            self._open(at // 60) if self._windows else None,
            self._discount(self.model, at) if self._discount else None,
        )

    def _open(self, minute: int) -> tuple[bool, ...]:
        """Which windows are open in a minute; they open and close with one."""
        found = self._clock.get(minute)
        if found is None:
            if len(self._clock) >= MINUTES:
                self._clock.clear()
            found = self._clock[minute] = tuple(holds(window, minute * 60) for window in self._windows)
        return found

    def _sum(self, values: list[int], at: int) -> Sum | None:
        """An empty sum for the state that a row is in; None where there is no price in it."""
        selectors = self._selectors
        if self._discount:
            selectors = selectors._replace(contract_multiplier=self._discount(self.model, at))
        sent, made = (values[place] if place is not None else 0 for place in (self._sent, self._made))
        facts = Facts(selectors, at, sent, made)
        try:
            segment = covering(self.model, at)
        except TokError:
            return None
        return Sum(segment, effective(self.model, segment, facts), facts, self.keys)


def _groups(keys: tuple[str, ...]) -> tuple[tuple[int, tuple[int, ...]], ...] | None:
    """Positions of each total and of the parts that must not exceed it; None where a total of parts is missing."""
    writes = ["cache_write_tokens"] if "cache_write_tokens" in keys else list(WRITE_PARTS)
    reads = ["cache_read_tokens"] if "cache_read_tokens" in keys else list(READ_PARTS)
    wholes: list[tuple[str, Sequence[str]]] = [
        ("input_tokens", [*reads, *writes, *INPUT_MEDIA]),
        ("output_tokens", OUTPUT_PARTS),
        ("output_tokens", ["reasoning_tokens"]),
    ]
    wholes += [(total, parts) for total, parts in _TOTALS if total in keys]
    found = []
    for total, parts in wholes:
        places = tuple(keys.index(part) for part in parts if part in keys)
        if places and total not in keys:
            return None
        if places:
            found.append((keys.index(total), places))
    return tuple(found)


_TOTALS = (("cache_read_tokens", tuple(READ_PARTS)), ("cache_write_tokens", tuple(WRITE_PARTS)))


def _linear(key: str, segment: Segment, prices: Prices) -> bool:
    """Whether any count of a key has a price here, and the same for each unit."""
    rates = prices.rates
    if key in FEES:
        return FEES[key] in prices.fees and not prices.fees[FEES[key]][0].free
    if key in DURATIONS:
        return key in prices.durations and not segment.durations[key].minimum
    if key == STORAGE:
        return prices.storage is not None
    if key == "reasoning_tokens":
        # Priced apart, it must also leave room for the media in the output.
        return "reasoning" not in rates
    if key in ("input_tokens", "output_tokens"):
        return TOKENS[key] in rates or f"{TOKENS[key]}_text" in rates
    if key == "cache_write_tokens":
        return "cache_write" in rates or "cache_write_5m" in rates
    return TOKENS[key] in rates
