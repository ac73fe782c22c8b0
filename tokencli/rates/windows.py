"""Times of day at which another price holds, in the zones that the card names."""

from __future__ import annotations

from tokencli.errors import TokError
from tokencli.model.rates import Window

DAY = 1440
"""Minutes."""


def holds(window: Window, at: int) -> bool:
    """Whether an instant (seconds since 1970 UTC) lies in a window: starts belong to it, ends do not.

    Hours that end at or before their start go over midnight; the day asked for is always that of the instant itself.
    TokError `bad-card` for a zone that does not exist.
    """
    if window.days and local(at, window.days_tz)[0] not in window.days:
        return False
    minute = local(at, window.hours_tz)[1]
    return any(start <= minute < end if start < end else minute >= start or minute < end for start, end in window.hours)


def local(at: int, zone: str) -> tuple[int, int]:
    """The weekday (0 is Monday) and the minute of the day of an instant in a zone."""
    # Most windows are in UTC, and the time zone database costs more to load than the rest of a price.
    minutes = at // 60 if zone == "UTC" else at // 60 + _offset(at, zone)
    # The first of January 1970 was a Thursday.
    return (minutes // DAY + 3) % 7, minutes % DAY


def _offset(at: int, zone: str) -> int:
    """Minutes that a zone is ahead of UTC at an instant."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    try:
        there = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        hint = "zones are names like Asia/Shanghai; on Windows they come with the tzdata package"
        raise TokError(f"there is no time zone {zone!r}", hint=hint, code="bad-card") from error
    offset = datetime.fromtimestamp(at, UTC).astimezone(there).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60
