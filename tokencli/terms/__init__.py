"""The user's own terms of payment: found for a model on a day, and said in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from tokencli import money
from tokencli.model.cost import Alternative, CostRow
from tokencli.model.terms import Commitment, Pack, Plan, Scope, Terms

T = TypeVar("T", Commitment, Pack, Plan)


def applies(scope: Scope, provider: str, names: Sequence[str], day: str) -> bool:
    """Whether terms hold for a model, known by several names, on a day (ISO)."""
    if scope.provider not in ("", provider) or (scope.start and day < scope.start) or (scope.end and day >= scope.end):
        return False
    return not scope.models or any(name.lower() in scope.models for name in names)


def discount(terms: Terms, provider: str, names: Sequence[str], day: str) -> tuple[Decimal | None, tuple[str, ...]]:
    """What all prices of a model are multiplied by on a day (None: nothing), and which terms say so."""
    found = [each for each in terms.discounts if applies(each.scope, provider, names, day)]
    notes = tuple(f"{provider}: prices x {each.multiply} ({each.scope.where})" for each in found)
    return (money.product(*(each.multiply for each in found)), notes) if found else (None, ())


def notes(terms: Terms, provider: str, names: Sequence[str], day: str) -> tuple[str, ...]:
    """Terms that change what is paid for a month and not for a call."""
    found = []
    for each in _of(terms.commitments, provider, names, day):
        least = money.show(Fraction(each.minimum), each.currency)
        beyond = f", use beyond it x {each.overage}" if each.overage != 1 else ""
        found.append(f"{provider}: at least {least} a {each.period} is paid{beyond} ({each.scope.where})")
    for plan in _of(terms.plans, provider, names, day):
        price = money.show(Fraction(plan.price) * plan.seats, plan.currency)
        found.append(
            f"covered by the plan {plan.name}, {price} a {plan.period}: the price at list ({plan.scope.where})"
        )
    return tuple(found)


def by_pack(terms: Terms, row: CostRow, names: Sequence[str], day: str) -> Iterator[Alternative]:
    """What a priced call comes to where it is taken from a prepaid pack in the same currency."""
    if row.cost is None:
        return
    for pack in _of(terms.packs, row.provider, names, day):
        if pack.currency != row.cost.currency:
            continue
        if pack.tokens is not None:
            tokens = Fraction(row.usage.get("input_tokens", 0)) + Fraction(row.usage.get("output_tokens", 0))
            amount = tokens * Fraction(pack.price) / pack.tokens
        else:
            amount = row.cost.total * Fraction(pack.price) / Fraction(pack.amount or 1)
        until = f", until {pack.scope.end}" if pack.scope.end else ""
        yield Alternative("pack", f"from the pack {pack.name}{until}", amount, row.cost.total - amount)


def _of(each: Sequence[T], provider: str, names: Sequence[str], day: str) -> Iterator[T]:
    return (one for one in each if applies(one.scope, provider, names, day))
