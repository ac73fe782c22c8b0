"""Reports that every format is tested with; their numbers are made up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tokencli.model import Column, Count, Problem
from tokencli.model.replay import RecordedSum, Replayed, ReplayReport

O200K = Column("o200k_base", "exact", model="gpt-5.5")
GUESS = Column("claude-4.8", "estimate", model="claude-opus-5-5", proxy="o200k_base")
NOTES = ("what was recorded is priced at its own instants, targets at 2026-11-22T00:00:00Z (--at)",)


def ran(model: str) -> RecordedSum:
    counts = 12, 1_234_567, 1_000_000, 34_567, 8_900
    return RecordedSum("anthropic", model, *counts, currency="USD", cost=Fraction(3, 2), confidence="confirmed")


def target(model: str, column: Column, input: Count, **more: Any) -> Replayed:
    made = Replayed(
        model,
        "acme",
        model,
        column,
        requests=12,
        input=input,
        output=Count(8_000, 8_000, 8_000),
        cached=900_000,
        written=0,
        currency="USD",
        confidence="confirmed",
        source="https://example.com/prices",
        checked="2026-11-01",
        caching="automatic, lasts 300 seconds",
        plain=Fraction(9, 4),
        cost=Fraction(3, 4),
        low=Fraction(3, 4),
        high=Fraction(3, 4),
        same=Fraction(4, 5),
    )
    return made._replace(**more)


def whole() -> ReplayReport:
    """All is known: a target of exact counts, an estimate, and one without caching."""
    exact = target("gpt-5.5", O200K, Count(1_100_000, 1_100_000, 1_100_000))
    guess = target("claude-opus-5-5", GUESS, Count(1_200_000, 1_100_000, 1_400_000), high=Fraction(1), written=99)
    plain = target(
        "gpt-5.5-plain", O200K, Count(1, 1, 1), cost=None, caching="", low=Fraction(9, 4), high=Fraction(9, 4)
    )
    return ReplayReport("session.jsonl", "claude-code", (ran("claude-opus-5"),), (exact, guess, plain), NOTES)


def missing() -> ReplayReport:
    """A model that ran has no price, another is not named; nothing to count for one target, no price for the other."""
    recorded = (
        ran("claude-99")._replace(cost=None, currency="", confidence=None, why="no price for the model 'claude-99'"),
        RecordedSum("", "", 1, 100, 0, 0, 5, why="the log does not say which model ran"),
    )
    nothing = Replayed("gpt-5.5", "acme", "gpt-5.5", O200K, currency="USD", same=Fraction(1, 3))
    problem = Problem("no-rate", "acme/old has no price for output (1 tokens)", "tok rates show old")
    targets = (nothing, Replayed("old", "acme", "old", problem=problem))
    return ReplayReport("s.jsonl", "codex", recorded, targets, NOTES, ("the file holds no system prompt and no tools",))


def broken() -> ReplayReport:
    """Hostile names."""
    name = 'evil\x1b[31m\nname\u202e,"x"|`.md'
    hostile = target(name, O200K, Count(7, 7, 7), provider="=cmd()", notes=(f"note {name}",), caching=name)
    failed = Replayed(name, "@p", "+1", problem=Problem("no-price", f"-no {name}"))
    return ReplayReport(name, "codex", (ran(name),), (hostile, failed), (f"note {name}",), (f"unknown {name}",))


@pytest.fixture(params=[whole, missing, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, ReplayReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()
