"""Prices of other data made plain decimals: what a float left behind is taken off, and said."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

FRACTION = 12
"""Most digits after the point in a card."""

SIGNIFICANT = 12
"""Digits of a float that are meant; the 16th and 17th, and what a sum of floats leaves before them, are not."""

SHORT = 9
"""Digits that a published price has at most; what is as short as this after rounding was this price."""


def tidy(value: Decimal) -> tuple[Decimal, str]:
    """The price that a number stands for, and why it was rounded, or ""."""
    if _digits(value) <= SIGNIFICANT and _fraction(value) <= FRACTION:
        return value, ""
    short = significant(value, SIGNIFICANT)
    if _digits(short) <= SHORT and _fraction(short) <= FRACTION:
        return short, f"{plain(value):f} is {short:f} as a float leaves it"
    cut = value.quantize(Decimal(1).scaleb(-FRACTION), rounding=ROUND_HALF_EVEN)
    return cut, "" if cut == value else f"{plain(value):f} has more than {FRACTION} digits after the point"


def significant(value: Decimal, digits: int) -> Decimal:
    """A number rounded to so many digits that count, half even."""
    return plain(Context(prec=max(1, digits), rounding=ROUND_HALF_EVEN).plus(value))


def by_time(value: Decimal) -> tuple[Decimal, int, str]:
    """A price by the second as a price, the seconds it is for, and why it was rounded: thirds go by minute or hour."""
    price, why = tidy(value)
    if _digits(price) <= SHORT and not why:
        return price, 1, ""
    for per in (60, 3600):
        longer = significant(value * per, SHORT)
        if _digits(longer) <= 5:
            return longer, per, f"{value:f} a second is {longer:f} for {per} seconds"
    return price, 1, why


def plain(value: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    short = value.normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _fraction(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
