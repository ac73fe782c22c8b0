"""What the user's own contracts say, beside the cards: discounts, commitments, packs, plans. Overlays, never prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from tokencli.model.cost import Rate


class Scope(NamedTuple):
    """What terms apply to: a provider ("" is any) and of its models those in `models`, whole names (none: all), from
    `start` (inclusive) to `end` (exclusive), ISO dates in UTC, "" is open. `where` is `file:line`."""

    provider: str = ""
    models: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    where: str = ""


class Discount(NamedTuple):
    """Every price in scope is multiplied by `multiply`."""

    scope: Scope
    multiply: Decimal


class Commitment(NamedTuple):
    """At least `minimum` is paid each `period` whatever is used; `overage` multiplies the price of what exceeds it."""

    scope: Scope
    minimum: Decimal
    currency: str
    period: Literal["day", "month", "year"]
    overage: Decimal = Decimal(1)


class Pack(NamedTuple):
    """Prepaid: `price` buys `tokens`, or `amount` of credit at list prices; it ends on the day of the scope."""

    scope: Scope
    name: str
    price: Decimal
    currency: str
    tokens: int | None = None
    amount: Decimal | None = None
    bought: str = ""


class Plan(NamedTuple):
    """A subscription: `price` for each of `seats` a `period` covers what is in scope."""

    scope: Scope
    name: str
    price: Decimal
    currency: str
    period: Literal["day", "month", "year"]
    seats: int = 1


class Terms(NamedTuple):
    """All that the settings say of money."""

    discounts: tuple[Discount, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    packs: tuple[Pack, ...] = ()
    plans: tuple[Plan, ...] = ()
    rates: tuple[Rate, ...] = ()
