"""Instants as logs write them."""

from __future__ import annotations

import re
from decimal import Decimal

from tokencli.errors import TokError

LATEST = 100_000_000_000
"""Seconds, in the year 5138: larger numbers are milliseconds, micro- or nanoseconds."""

DIGITS = re.compile(r"[0-9]{10,}")
"""Numbers as OTLP writes them; fewer digits could be a date."""

ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*([Zz]|[+-]\d{2}:?\d{2}))?")


def instant(value: object) -> int:
    """Seconds since 1970 UTC of a date (00:00 UTC), a time with its zone, or a number; fractions are cut off.

    TokError `bad-instant` for anything else: without a zone, hours and dates would be guessed.
    """
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value >= 0 and value == value:
        while value >= LATEST:
            value //= 1000
        return int(value)
    parts = ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if parts is not None:
            return _seconds(*parts.groups())
    except ValueError:
        pass
    hint = "write 2026-11-22T08:30:00Z, 2026-11-22T16:30:00+08:00, a date (00:00 UTC), or seconds since 1970"
    raise TokError(f"not an instant: {value!r}", hint=hint, code="bad-instant")


def _seconds(date: str, time: str | None, zone: str | None) -> int:
    from datetime import datetime

    clock = time if time is None or len(time) > 5 else f"{time}:00"
    offset = "+00:00" if zone is None or zone in "Zz" else zone
    return int(datetime.fromisoformat(f"{date}T{clock or '00:00:00'}{offset}").timestamp())
