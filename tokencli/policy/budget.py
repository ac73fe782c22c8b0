"""What a rule says about money: read, and compared with what it said before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

from tokencli.model.gate import Budget
from tokencli.policy.tables import Table

LIMITS = ("max_cost", "max_cost_per_1000")
ASSUMED = ("output_tokens", "output_ratio", "cached_share", "batch", "service_tier", "speed", "region", "thinking")
KEYS = (*LIMITS, "currency", *ASSUMED, "at")

DIGITS = 12
"""Fraction digits of an amount, and so many before the point."""


def read(table: Table) -> Budget | None:
    """The limits of a rule in money, None where it has none. Besides them the words of `tok cost` may stand in a rule
    that names models, as what is priced when one of those changes."""
    limits = [key for key in LIMITS if key in table.values]
    said = next((key for key in KEYS if key in table.values), "")
    if said and not limits and "model_keys" not in table.values:
        hint = "give max_cost or max_cost_per_1000"
        raise table.wrong(said, f"{said} says how to price, and the rule limits no money", hint)
    if "output_tokens" in table.values and "output_ratio" in table.values:
        raise table.wrong("output_ratio", "output_tokens and output_ratio exclude each other", "keep one")
    if not said:
        return None
    share = _amount(table, "cached_share")
    if share is not None and share > 1:
        hint = "a share from 0 to 1, such as cached_share = 0.8"
        raise table.wrong("cached_share", f"cached_share: {share} is more than all of the input", hint)
    return Budget(
        currency=_currency(table),
        max_cost=_amount(table, "max_cost"),
        max_cost_per_1000=_amount(table, "max_cost_per_1000"),
        output_tokens=table.whole("output_tokens"),
        output_ratio=_amount(table, "output_ratio"),
        cached_share=share,
        batch=table.flag("batch"),
        service_tier=table.text("service_tier"),
        speed=table.text("speed"),
        region=table.text("region"),
        thinking=table.flag("thinking"),
        at=_instant(table),
    )


def _amount(table: Table, key: str) -> Decimal | None:
    """A number of at least 0 with all the digits that stand there."""
    value = table.values.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise table.wrong(key, f"{key} takes a number of at least 0", f"without quotes: {key} = 0.02")
    exponent = value.as_tuple().exponent
    if value >= 10**DIGITS or not isinstance(exponent, int) or -exponent > DIGITS:
        message = f"{key}: {value} has more than {DIGITS} digits before or after the point"
        raise table.wrong(key, message, f"such as {key} = 0.02")
    return abs(value)


def _currency(table: Table) -> str:
    code = table.text("currency") or "USD"
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise table.wrong("currency", f"{code!r} is no currency", 'a code of three letters: currency = "USD"')
    return code


def _instant(table: Table) -> int | None:
    """Seconds since 1970 UTC of a date (00:00 UTC) or of a time that says its zone."""
    value = table.values.get("at")
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    if not isinstance(value, datetime) or value.tzinfo is None:
        hint = "without quotes: at = 2026-11-22, or at = 2026-11-22T08:30:00Z"
        raise table.wrong("at", "at takes a date, or a time with its zone", hint)
    try:
        return int(value.astimezone(UTC).timestamp())
    except OverflowError as problem:
        raise table.wrong(
            "at", f"at: {value} is outside the years 1 to 9999 of UTC", "such as at = 2026-11-22"
        ) from problem


def changes(base: Budget | None, head: Budget | None) -> Iterator[tuple[str, bool]]:
    """What is different in words, and whether it lets more pass: a higher limit does, and fewer tokens to pay for.

    What is cheaper than what stands in the cards, so another tier, currency or instant always does.
    """
    was, now = base or Budget(), head or Budget()
    for key in LIMITS:
        yield from _limit(key, getattr(was, key), getattr(now, key))
    if not (was.limited and now.limited):
        return
    for key in ("output_tokens", "output_ratio"):
        before, after = getattr(was, key), getattr(now, key)
        if before != after:
            yield _changed(key, before, after), (after or 0) < (before or 0)
    if was.cached_share != now.cached_share:
        more = (now.cached_share or 0) > (was.cached_share or 0)
        yield _changed("cached_share", was.cached_share, now.cached_share), more
    for key in ("currency", "batch", "service_tier", "speed", "region", "thinking"):
        before, after = getattr(was, key), getattr(now, key)
        if before != after:
            yield _changed(key, before, after), True
    if was.at != now.at:
        yield (
            _changed("at", *(None if at is None else datetime.fromtimestamp(at, UTC) for at in (was.at, now.at))),
            True,
        )


def _limit(key: str, base: Decimal | None, head: Decimal | None) -> Iterator[tuple[str, bool]]:
    if base == head:
        return
    if base is None:
        yield f"{key} of {head} added", False
    elif head is None:
        yield f"{key} of {base} removed", True
    else:
        yield f"{key} {'raised' if head > base else 'lowered'} from {base} to {head}", head > base


def _changed(key: str, before: object, after: object) -> str:
    was, now = (
        "none" if value in (None, "") else str(value).lower() if isinstance(value, bool) else value
        for value in (before, after)
    )
    return f"{key} changed from {was} to {now}"
