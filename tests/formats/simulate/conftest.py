"""Reports that every format is tested with; their numbers are made up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tokencli.model import Column, Count, Problem
from tokencli.model.simulation import Simulated, SimulationReport, Spread, TurnSum

O200K = Column("o200k_base", "exact", model="gpt-5.5")
ASSUMED = ("2 turns, 60 seconds apart", "system prompt: AGENTS.md, counted")


def turn(at: int, amount: Fraction, cost: Fraction | None) -> TurnSum:
    return TurnSum(at, 5, 26_500 * (at + 1), 19_000, 7_500, 500, 7_600, 7_500, amount, cost)


def model(name: str, *, cost: bool = True, currency: str = "USD") -> Simulated:
    plain = Fraction(145, 1000)
    turns = tuple(turn(at, plain * (at + 1), plain / 2 if cost else None) for at in range(2))
    total = TurnSum(2, 10, 79_500, 38_000, 15_000, 1_000, 7_600, 7_500, plain * 3, plain if cost else None)
    return Simulated(
        name,
        "acme",
        name,
        currency=currency,
        confidence="confirmed",
        source="https://example.com/prices",
        checked="2026-11-01",
        column=O200K,
        prefix=Count(3_000, 3_000, 3_000),
        window=200_000,
        caching="written for 5m with each request" if cost else "",
        turns=turns,
        total=total,
        question=200,
        low=plain,
        high=plain,
    )


def single() -> SimulationReport:
    """One model, whose system prompt is an estimate."""
    one = model("acme-5-big")._replace(prefix=Count(3_000, 2_800, 3_300), prefix_method="estimate", low=Fraction(1, 8))
    return SimulationReport((one,), ASSUMED)


def drawn() -> SimulationReport:
    """Sizes that are ranges, and amounts whose decimals do not end."""
    spread = Spread(Fraction(1, 7), Fraction(22, 7))
    tokens = ("input", Spread(Fraction(26_000), Fraction(99_000))), ("output", Spread(Fraction(500), Fraction(900)))
    spreads = (*tokens, ("plain", spread), ("cost", spread))
    one = model("acme-5-big", currency="CNY")
    turns = tuple(each._replace(spreads=spreads, plain=each.plain / 7) for each in one.turns)
    one = one._replace(spreads=spreads, turns=turns, notes=("acme-5-big: USD converted at 7 USD/CNY of 2026-11-20",))
    return SimulationReport((one,), ASSUMED, runs=1000, seed=1)


def several() -> SimulationReport:
    """Models side by side: one without caching whose price nobody confirmed, and one that has no price."""
    problem = Problem("no-rate", "acme/acme-5-old has no price for output (1 tokens)", "tok rates show acme-5-old")
    plain = model("acme-5-with-a-name-that-is-long", cost=False)._replace(confidence="unconfirmed")
    failed = Simulated("acme-5-old", "acme", "acme-5-old", problem=problem)
    return SimulationReport((model("acme-5-big"), plain, failed), ASSUMED)


def broken() -> SimulationReport:
    """Hostile names."""
    name = 'evil\x1b[31m\nname\u202e,"x"|`.md'
    hostile = model(name)._replace(provider="=cmd()", notes=(f"note {name}",), caching=name)
    failed = Simulated(name, "@p", "+1", problem=Problem("no-price", f"-no {name}"))
    return SimulationReport((hostile, failed), (f"system prompt: {name}, counted",))


@pytest.fixture(params=[single, drawn, several, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, SimulationReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()
