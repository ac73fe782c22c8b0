"""Many sessions of one plan: what they come to, turn by turn and in all, as medians and 95th percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, repeat

from tokencli.model.simulation import Spread, Spreads, TurnSum

Numbers = dict[str, list[Fraction]]
"""The numbers of all runs, by name: input, output, plain, cost."""


class Runs:
    """The sums of sessions that were drawn."""

    def __init__(self) -> None:
        self._total: Numbers = {}
        self._turns: list[Numbers] = []
        self._largest: list[int] = []

    def add(self, sums: Sequence[TurnSum]) -> None:
        """One more session."""
        self._turns += [{} for _ in range(len(sums) - len(self._turns))]
        for numbers, turn in zip(self._turns, sums, strict=False):
            _put(numbers, turn)
        total = together(sums)
        _put(self._total, total)
        self._largest.append(total.largest)

    def spreads(self) -> Spreads:
        """Those of whole sessions."""
        return _spreads(self._total)

    def beside(self, sums: Sequence[TurnSum]) -> tuple[TurnSum, ...]:
        """The turns with their spreads, each over the sessions that have such a turn, none where there are none."""
        drawn = chain(map(_spreads, self._turns), repeat(()))
        return tuple(turn._replace(spreads=spreads) for turn, spreads in zip(sums, drawn, strict=False))

    def over(self, window: int) -> int:
        """How many sessions have a request that a window is too small for."""
        return sum(largest > window for largest in self._largest)


def together(sums: Sequence[TurnSum]) -> TurnSum:
    """All turns as one."""
    costs = [each.cost for each in sums if each.cost is not None]
    return TurnSum(
        len(sums),
        sum(each.requests for each in sums),
        sum(each.input for each in sums),
        sum(each.cached for each in sums),
        sum(each.written for each in sums),
        sum(each.output for each in sums),
        context=sums[-1].context,
        largest=max(each.largest for each in sums),
        plain=sum((each.plain for each in sums), Fraction()),
        cost=sum(costs, Fraction()) if costs else None,
    )


def percentile(numbers: Sequence[Fraction], percent: int) -> Fraction:
    """The smallest number that so many percent of all are not above (nearest rank)."""
    return sorted(numbers)[-(-percent * len(numbers) // 100) - 1]


def _put(numbers: Numbers, sums: TurnSum) -> None:
    found = {"input": Fraction(sums.input), "output": Fraction(sums.output), "plain": sums.plain}
    if sums.cost is not None:
        found["cost"] = sums.cost
    for name, number in found.items():
        numbers.setdefault(name, []).append(number)


def _spreads(numbers: Numbers) -> Spreads:
    return tuple((name, Spread(percentile(own, 50), percentile(own, 95))) for name, own in numbers.items())
