"""Amounts of money as people and machines read them: exact fractions until here, rounded once, half to even."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact
from fractions import Fraction

SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£", "INR": "₹", "KRW": "₩"}
"""Signs that mean one currency here; any other stands with its code (the yen has the sign of the yuan)."""

PLACES = 18
"""Fraction digits of an amount whose decimal does not end."""


def show(amount: Fraction, currency: str, places: int = 0) -> str:
    """An amount for people: "$1,234.50", "¥0.00123", "JPY 12.00"; two places, or as many as three digits need, or as
    `places` asks for where that is more."""
    places = max(places, places_of(amount))
    whole, _, digits = _decimal(abs(amount), places).partition(".")
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, f'{currency} ')}{int(whole):,}.{digits}"


def places_of(amount: Fraction) -> int:
    """The fraction digits that an amount is shown with: two, or as many as its first three digits need."""
    size = abs(amount)
    places = 2
    while size and size * 10**places < 100:
        places += 1
    return max(2, len(_decimal(size, places).rstrip("0").partition(".")[2]))


def column(amounts: Iterable[Fraction], currency: str) -> list[str]:
    """Amounts that stand below each other, all with as many fraction digits as one of them needs."""
    listed = list(amounts)
    places = max(map(places_of, listed), default=2)
    return [show(amount, currency, places) for amount in listed]


def exact(amount: Fraction) -> str:
    """An amount for machines: its whole decimal where that ends, else 18 fraction digits (see `ratio`)."""
    places = _places(amount.denominator)
    return _decimal(amount, PLACES if places is None else places)


def ends(amount: Fraction) -> bool:
    """Whether the decimal of an amount ends, so that `exact` gives all of it."""
    return _places(amount.denominator) is not None


def ratio(amount: Fraction) -> str:
    """An amount as "numerator/denominator", in lowest terms."""
    return f"{amount.numerator}/{amount.denominator}"


def product(*factors: Decimal) -> Decimal:
    """The product with all its digits."""
    whole = Context(prec=sum(len(factor.as_tuple().digits) for factor in factors) or 1, traps=[Inexact])
    result = Decimal(1)
    for factor in factors:
        result = whole.multiply(result, factor)
    return result


def _places(denominator: int) -> int | None:
    """The fraction digits that fractions over `denominator` need; None where no number of them is enough."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _decimal(amount: Fraction, places: int) -> str:
    digits = str(round(abs(amount) * 10**places)).rjust(places + 1, "0")
    sign = "-" if amount < 0 and digits.strip("0") else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
