"""Comparisons of rate cards for the golden files: none, many kinds, and names that could do harm."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tokencli.model.price_changes import PriceChange, PriceChanges

SEVERAL = PriceChanges(
    "old",
    "new",
    (
        PriceChange("card", "acme", "", "currency", "currency is CNY, was USD", before="USD", after="CNY"),
        PriceChange("new", "acme", "a-2", "model", "new: input 2, output 10", after="a-2"),
        PriceChange(
            "down",
            "acme",
            "a-1",
            "input",
            "input 5 -> 4 (-20%) from 2026-08-21",
            before="5",
            after="4",
            percent=Fraction(-20),
            start="2026-08-21",
        ),
        PriceChange(
            "up",
            "acme",
            "a-1",
            "output",
            "input over 272,000 tokens: output 30 -> 31 (+3.3%) from 2026-08-21 until 2026-10-01",
            "input over 272,000 tokens",
            "30",
            "31",
            Fraction(10, 3),
            "2026-08-21",
            "2026-10-01",
        ),
        PriceChange("removed", "other", "b-1", "model", "removed: input 1", before="b-1"),
    ),
    17,
)

HOSTILE = PriceChanges(
    "a\x1b[2J",
    "b|c",
    (
        PriceChange(
            "name", "acme", "x\n::error::|`@all`", "aliases", "alias \x1b]0;x\x07<b> is new", after="\x1b]0;x\x07"
        ),
    ),
    1,
    ("a note\x1b[0m",),
)


@pytest.fixture(params=["none", "several", "hostile"])
def report(request: pytest.FixtureRequest) -> tuple[str, PriceChanges]:
    """A comparison with its name."""
    named = {"none": PriceChanges("old", "new", (), 3), "several": SEVERAL, "hostile": HOSTILE}
    return request.param, named[request.param]
