"""Prices for the gate, which opens rate cards only where a rule limits money or a model was replaced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from tokencli.comparing import Ends, Paths
from tokencli.errors import ExitCode, TokError
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
        self._mended = False

    @cached_property
    def prices(self) -> Prices:
        return self._of(self._side, self._policy)

    def problems(self, rules: Sequence[Rule], mended: Policy | None = None) -> list[Problem]:
        """Why rules that limit money cannot be priced. A change that may mend what is wrong at the base, cards or
        tok.lock, is judged by the cards of the head and the policy that it `mended`, where these price all rules."""
        if not any(rule.priced for rule in rules):
            return []
        found = _problems(lambda: self.prices, rules)
        if found and mended is not None and self._side == "base":
            ours = self.__class__(self._objects, self._ends, self._paths, mended, "head", self._at, self._open_cards)
            if not ours.problems(rules):
                self._side, self._policy, self.prices, self._mended = "head", mended, ours.prices, True
                return []
        return found

    def changes(self, rules: Sequence[Rule]) -> list[PolicyChange]:
        """What the change's own cards say otherwise about the models of these rules."""
        if self._side == "head" or not any(rule.priced for rule in rules):
            return []
        from tokencli.spending.cards import place, same_cards
        from tokencli.spending.prices import changes

        after: Side = "head" if self._side == "base" else "merged"
        try:
            one, other = (place(self._objects, self._ends, self._paths, side) for side in (self._side, after))
            if same_cards(one, other, self._policy):
                return []
            return changes(self.prices, self._of(after, self._policy), rules)
        except TokError as error:
            return [PolicyChange("", f"no rule can be priced any more: {error.message}", True, self._policy.file)]

    @property
    def notes(self) -> list[str]:
        """What is to be known of the prices that were used."""
        mended = ["prices are those of the change, which mends those of the base"] if self._mended else []
        return [*mended, *self.prices.notes] if "prices" in self.__dict__ else []

    def _of(self, side: Side, policy: Policy) -> Prices:
        from tokencli.spending.cards import at_rest, open_cards, place
        from tokencli.spending.prices import Prices

        where = place(self._objects, self._ends, self._paths, side)
        return Prices(open_cards(where, policy, self._open_cards or at_rest), policy, self._at)


def _problems(prices: Callable[[], Prices], rules: Sequence[Rule]) -> list[Problem]:
    """Why rules cannot be priced; one that is about the cards themselves alone, where these cannot be read."""
    try:
        return prices().problems(rules)
    except TokError as error:
        if error.exit != ExitCode.DATA:
            raise
        return [Problem(error.code, error.message, error.hint)]
