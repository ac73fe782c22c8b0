"""Windows of time: which instants lie in them. Expected values are read off a calendar and a clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from tokencli.errors import TokError
from tokencli.model.rates import Window
from tokencli.rates.windows import holds

OFFICE = Window(((9 * 60, 17 * 60),), (0, 1, 2, 3, 4))
NIGHT = Window(((22 * 60, 6 * 60),))
NIGHT_OF_FRIDAY = Window(((22 * 60, 6 * 60),), (4,))
ALL_DAY = Window(((0, 0),), (5, 6))
SHANGHAI = Window(((60, 240), (360, 600)), (0, 1, 2, 3, 4), "Asia/Shanghai", "UTC")
NEW_YORK = Window(((9 * 60, 10 * 60),), (), "America/New_York", "America/New_York")


@pytest.mark.parametrize(
    ("window", "at", "expected"),
    [
        (OFFICE, "2026-11-20T09:00:00Z", True),
        (OFFICE, "2026-11-20T08:59:59Z", False),
        (OFFICE, "2026-11-20T16:59:59Z", True),
        (OFFICE, "2026-11-20T17:00:00Z", False),
        (OFFICE, "2026-11-21T12:00:00Z", False),  # a Saturday
        (NIGHT, "2026-11-20T23:00:00Z", True),
        (NIGHT, "2026-11-20T05:59:59Z", True),
        (NIGHT, "2026-11-20T06:00:00Z", False),
        (NIGHT_OF_FRIDAY, "2026-11-20T23:00:00Z", True),
        (NIGHT_OF_FRIDAY, "2026-11-21T01:00:00Z", False),  # of that night, but a Saturday
        (ALL_DAY, "2026-11-22T00:00:00Z", True),
        (ALL_DAY, "2026-11-23T00:00:00Z", False),
        # Sunday 17:00 UTC is Monday 01:00 in Shanghai, but the hours are in UTC; Monday 01:00 UTC is both.
        (SHANGHAI, "2026-11-22T17:00:00Z", False),
        (SHANGHAI, "2026-11-22T03:00:00Z", False),
        (SHANGHAI, "2026-11-23T03:00:00Z", True),
        (SHANGHAI, "2026-11-23T04:00:00Z", False),
        # New York left summer time on 2026-11-01: 13:30 UTC was 09:30 the day before, and is 08:30 since.
        (NEW_YORK, "2026-10-31T13:30:00Z", True),
        (NEW_YORK, "2026-11-02T13:30:00Z", False),
        (NEW_YORK, "2026-11-02T14:30:00Z", True),
    ],
)
def test_an_instant_lies_in_a_window_or_not(window: Window, at: str, expected: bool) -> None:
    assert holds(window, int(datetime.fromisoformat(at).timestamp())) is expected


def test_an_unknown_zone_is_an_error_of_the_card() -> None:
    with pytest.raises(TokError, match="'Asia/Peking'") as error:
        holds(Window(((0, 60),), (), "UTC", "Asia/Peking"), 0)
    assert error.value.code == "bad-card"
