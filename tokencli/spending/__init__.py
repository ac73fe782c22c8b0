"""Prices for the gate, which opens rate cards only where a rule limits money or a model was replaced."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tokencli.comparing import Ends, Paths
from tokencli.git.objects import Objects
from tokencli.model import Problem
from tokencli.model.gate import Policy, PolicyChange, Rule

if TYPE_CHECKING:
    from tokencli.spending.cards import OpenCards, Side
    from tokencli.spending.prices import Prices


class Money:
    """Prices for a policy from the cards of the `side` where it was read, at the instant `at` (seconds since 1970 UTC).

    `open_cards` gives the cards of the package; without it they are compiled anew.
    """

    def __init__(
        self,
        objects: Objects,
        ends: Ends,
        paths: Paths,
        policy: Policy,
        side: Side,
        at: int,
        open_cards: OpenCards | None = None,
    ) -> None:
        self._objects, self._ends, self._paths, self._policy = objects, ends, paths, policy
        self._side: Side = side
        self._at, self._open_cards = at, open_cards

    @cached_property
    def prices(self) -> Prices:
        return self._of(self._side)

    def problems(self, rules: Sequence[Rule]) -> list[Problem]:
        """Why rules that limit money cannot be priced."""
        return self.prices.problems(rules) if any(rule.priced for rule in rules) else []

    def changes(self, rules: Sequence[Rule]) -> list[PolicyChange]:
        """What the change's own cards say otherwise about the models of these rules."""
        if self._side != "base" or not any(rule.priced for rule in rules):
            return []
        from tokencli.spending.cards import place, same_cards
        from tokencli.spending.prices import changes

        base, head = (place(self._objects, self._ends, self._paths, side) for side in ("base", "head"))
        if same_cards(base, head, self._policy):
            return []
        return changes(self.prices, self._of("head"), rules)

    @property
    def notes(self) -> list[str]:
        """What is to be known of the prices that were used."""
        return list(self.prices.notes) if "prices" in self.__dict__ else []

    def _of(self, side: Side) -> Prices:
        from tokencli.spending.cards import at_rest, open_cards, place
        from tokencli.spending.prices import Prices

        where = place(self._objects, self._ends, self._paths, side)
        cards = open_cards(where, self._policy, self._open_cards or at_rest)
        return Prices(cards, self._policy, self._at)
