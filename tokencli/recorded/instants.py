"""When a line of a log was written."""

from __future__ import annotations

from tokencli.errors import TokError
from tokencli.usage.instants import instant


def instant_of(value: object) -> int | None:
    """Seconds since 1970 UTC, None where a line has no time that can be read."""
    try:
        return None if value is None else instant(value)
    except TokError:
        return None
