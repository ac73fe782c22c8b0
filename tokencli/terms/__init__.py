"""The user's own terms of payment: found for a model on a day, and said in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tokencli import money
from tokencli.errors import TokError
from tokencli.model.cost import Alternative, CostRow
from tokencli.model.rates import PricedModel
from tokencli.model.terms import Commitment, Pack, Plan, Scope, Terms

if TYPE_CHECKING:
    from tokencli.rates import Cards

T = TypeVar("T", Commitment, Pack, Plan)


class Names(NamedTuple):
    """A model by all names that terms may give it: those of its provider, and its own, all in lower case."""

    provider: str
    providers: frozenset[str]
    models: frozenset[str]


def names_of(model: PricedModel, name: str = "") -> Names:
    """A model that was asked for as `name`; terms may write its provider before a name, as options may."""
    head = model.card
    providers = frozenset(word.lower() for word in (head.provider, *head.aliases))
    own = {word.lower() for word in (model.id, *model.aliases)} | ({name.strip().lower()} if name else set())
    return Names(head.provider, providers, frozenset({*own, *(f"{each}/{word}" for each in providers for word in own)}))


def applies(scope: Scope, to: Names, day: str) -> bool:
    """Whether terms hold for a model on a day (ISO)."""
    if (scope.start and day < scope.start) or (scope.end and day >= scope.end):
        return False
    if scope.provider and scope.provider not in to.providers:
        return False
    return not scope.models or not to.models.isdisjoint(scope.models)


def discount(terms: Terms, to: Names, day: str) -> tuple[Decimal | None, tuple[str, ...]]:
    """What all prices of a model are multiplied by on a day (None: nothing), and which terms say so."""
    found = [each for each in terms.discounts if applies(each.scope, to, day)]
    notes = tuple(f"{to.provider}: prices x {each.multiply} ({each.scope.where})" for each in found)
    return (money.product(*(each.multiply for each in found)), notes) if found else (None, ())


def notes(terms: Terms, to: Names, day: str) -> tuple[str, ...]:
    """Terms that change what is paid for a month and not for a call."""
    found = []
    for each in _of(terms.commitments, to, day):
        least = money.show(Fraction(each.minimum), each.currency)
        beyond = f", use beyond it x {each.overage}" if each.overage != 1 else ""
        found.append(f"{to.provider}: at least {least} a {each.period} is paid{beyond} ({each.scope.where})")
    for plan in _of(terms.plans, to, day):
        price = money.show(Fraction(plan.price) * plan.seats, plan.currency)
        found.append(
            f"covered by the plan {plan.name}, {price} a {plan.period}: the price at list ({plan.scope.where})"
        )
    return tuple(found)


def astray(terms: Terms, cards: Cards) -> tuple[str, ...]:
    """Notes on terms that can hold for nothing, as no card has their provider or one of their models."""
    providers = {word.lower() for head in cards.heads() for word in (head.provider, *head.aliases)}
    found = []
    for scope in (
        each.scope for kind in (terms.discounts, terms.commitments, terms.packs, terms.plans) for each in kind
    ):
        if scope.provider and scope.provider not in providers:
            found.append(f"{scope.where}: no card has a provider {scope.provider}: this holds for nothing")
            continue
        for name in scope.models:
            try:
                cards.find(name, scope.provider)
            except TokError as error:
                if error.code == "unknown-model":
                    found.append(f"{scope.where}: no card has a model {name}: this does not hold for it")
    return tuple(found)


def by_pack(terms: Terms, row: CostRow, to: Names, day: str) -> Iterator[Alternative]:
    """What a priced call comes to where it is taken from a prepaid pack in the same currency."""
    if row.cost is None:
        return
    for pack in _of(terms.packs, to, day):
        if pack.currency != row.cost.currency:
            continue
        if pack.tokens is not None:
            tokens = Fraction(row.usage.get("input_tokens", 0)) + Fraction(row.usage.get("output_tokens", 0))
            amount = tokens * Fraction(pack.price) / pack.tokens
        else:
            amount = row.cost.total * Fraction(pack.price) / Fraction(pack.amount or 1)
        until = f", until {pack.scope.end}" if pack.scope.end else ""
        yield Alternative("pack", f"from the pack {pack.name}{until}", amount, row.cost.total - amount)


def _of(each: Sequence[T], to: Names, day: str) -> Iterator[T]:
    return (one for one in each if applies(one.scope, to, day))
