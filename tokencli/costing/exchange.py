"""Amounts in another currency: only by a rate that somebody wrote down with its date, never by a chain of rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tokencli.errors import ExitCode, TokError
from tokencli.model.cost import Converted, Rate

TYPED = re.compile(r"([A-Za-z]{3})/([A-Za-z]{3})=(\d{1,12}(?:\.\d{1,12})?)")


def typed(text: str, today: str) -> Rate:
    """The rate of `--fx USD/CNY=7.1`; TokError (usage) for another form."""
    found = TYPED.fullmatch(text.strip())
    rate = Decimal(found[3]) if found else Decimal(0)
    if not found or not rate or found[1].upper() == found[2].upper():
        hint = "write what one unit of the first currency is worth: --fx USD/CNY=7.1"
        raise TokError(f"--fx: {text!r} is no exchange rate", hint=hint, code="usage", exit=ExitCode.USAGE)
    return Rate(found[1].upper(), found[2].upper(), rate, today, "--fx")


def convert(amount: Fraction, currency: str, wanted: str, rates: Sequence[Rate], day: str) -> Converted:
    """The amount in another currency, by the newest rate of the pair that is of `day` (ISO) or before; of rates of
    one date the first counts. TokError `no-exchange-rate` where there is none."""
    known = [rate for rate in rates if {rate.base, rate.quote} == {currency, wanted} and rate.date <= day]
    if not known:
        later = any({rate.base, rate.quote} == {currency, wanted} for rate in rates)
        message = f"no exchange rate from {currency} to {wanted}{f' on {day} or before' if later else ''}"
        hint = f"--fx {currency}/{wanted}=RATE, or [[fx]] in the settings (tok help cost)"
        raise TokError(message, hint=hint, code="no-exchange-rate", exit=ExitCode.DATA)
    best = max(known, key=lambda rate: rate.date)
    factor = Fraction(best.rate) if best.base == currency else 1 / Fraction(best.rate)
    return Converted(wanted, amount * factor, best, factor)
