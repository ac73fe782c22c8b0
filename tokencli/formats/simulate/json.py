"""The JSON envelope `tok.simulate/1`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.envelope import envelope, problem_objects
from tokencli.formats.simulate import remarks
from tokencli.model.simulation import Simulated, SimulationReport, TurnSum


def render(report: SimulationReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    data = {
        "models": [model_object(each) for each in report.models],
        "assumptions": list(report.assumptions),
        "runs": report.runs,
        "seed": report.seed if report.runs else None,
        "complete": not report.problems,
    }
    said = (*report.notes, *remarks(report))
    write(envelope("simulate", data, view.exit_code, said, problem_objects(report.problems)))


def model_object(each: Simulated) -> dict[str, Any]:
    """A model; amounts are decimal strings in its currency, None where there is none."""
    count = each.prefix
    return {
        "name": each.name,
        "provider": each.provider,
        "model": each.model,
        "currency": each.currency or None,
        "confidence": each.confidence,
        "card": {"source": each.source, "checked": each.checked} if each.source else None,
        "window": each.window,
        "caching": each.caching or None,
        "prefix": {
            "tokens": count.tokens,
            "low": count.low,
            "high": count.high,
            "method": each.prefix_method,
        },
        "turns": [{"turn": turn.turn + 1, **sum_object(turn)} for turn in each.turns],
        "total": None if each.total is None else sum_object(each.total),
        "low": amount(each.low),
        "high": amount(each.high),
        "question_tokens": each.question,
        "amplification": amount(each.amplification),
        "spread": {
            key: {"p50": _spread(key, spread.p50), "p95": _spread(key, spread.p95)} for key, spread in each.spreads
        },
        "error": problem_objects([each.problem])[0] if each.problem else None,
    }


def sum_object(turn: TurnSum) -> dict[str, Any]:
    """A turn, or all of them."""
    return {
        "requests": turn.requests,
        "input_tokens": turn.input,
        "cache_read_tokens": turn.cached,
        "cache_write_tokens": turn.written,
        "output_tokens": turn.output,
        "context_tokens": turn.context,
        "largest_input_tokens": turn.largest,
        "uncached": amount(turn.plain),
        "cached": amount(turn.cost),
    }


def amount(number: Fraction | None) -> str | None:
    """An exact decimal, or as many digits as are kept of one that does not end."""
    return None if number is None else money.exact(number)


def _spread(key: str, number: Fraction) -> str | int | None:
    return amount(number) if key in ("plain", "cost") else int(number)
