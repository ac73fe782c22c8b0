"""Simulated sessions in another currency, by one rate of exchange."""

from __future__ import annotations

from fractions import Fraction

from tokencli.model.cost import Converted
from tokencli.model.simulation import Simulated, Spread, Spreads, TurnSum


def converted(each: Simulated, by: Converted) -> Simulated:
    """Every amount times what one unit of its currency is worth, and a note of the rate."""
    return each._replace(
        currency=by.currency,
        turns=tuple(_turn(turn, by.factor) for turn in each.turns),
        total=None if each.total is None else _turn(each.total, by.factor),
        low=_times(each.low, by.factor),
        high=_times(each.high, by.factor),
        spreads=_spreads(each.spreads, by.factor),
        notes=(*each.notes, f"{each.model}: {each.currency} converted at {by.words}"),
    )


def _turn(sums: TurnSum, factor: Fraction) -> TurnSum:
    spreads = _spreads(sums.spreads, factor)
    return sums._replace(plain=sums.plain * factor, cost=_times(sums.cost, factor), spreads=spreads)


def _spreads(spreads: Spreads, factor: Fraction) -> Spreads:
    return tuple(
        (name, Spread(spread.p50 * factor, spread.p95 * factor) if name in ("plain", "cost") else spread)
        for name, spread in spreads
    )


def _times(amount: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if amount is None else amount * factor
