"""What the gate and a comparison say in money: exact amounts, with what they are made of."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Charge(NamedTuple):
    """What `calls` calls cost at base (None where nothing was there) and head, and what they may.

    `tokens` are those of the head's input in one call; `how` says in words which prices these are and what is assumed
    of a call.
    """

    currency: str
    calls: int
    base: Fraction | None
    head: Fraction
    limit: Fraction
    tokens: int
    how: str

    @property
    def over(self) -> Fraction | None:
        """What is past the limit; None where it holds."""
        return self.head - self.limit if self.head > self.limit else None


class Quote(NamedTuple):
    """What a call costs on a model (`provider/id`), or why that is not known."""

    model: str
    currency: str = ""
    amount: Fraction | None = None
    unknown: str = ""
    estimate: bool = False


class Switch(NamedTuple):
    """What the same files cost before and after a change of the model: in one call where `together`, else one each."""

    before: Quote
    after: Quote
    together: bool

    @property
    def difference(self) -> Fraction | None:
        """How much more a call costs; None where a price is not known, or in other currencies."""
        before, after = self.before, self.after
        if before.amount is None or after.amount is None or before.currency != after.currency:
            return None
        return after.amount - before.amount


class CostChange(NamedTuple):
    """By how much the price of a call changes, all changed files being input of it, on a model (`provider/id`)."""

    name: str
    model: str
    currency: str
    amount: Fraction
    estimate: bool = False
