"""The JSON envelope `tok.simulate/1`."""

from __future__ import annotations

from typing import Any

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost.objects import amount, maybe
from tokencli.formats.envelope import envelope, problem_objects
from tokencli.formats.simulate import remarks
from tokencli.model.simulation import Simulated, SimulationReport, Spreads, TurnSum


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
    """A model; amounts are decimal strings in its currency, None where there is none, and with the fraction beside them
    where the decimal does not end."""
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
        "turns": [
            {"turn": turn.turn + 1, **sum_object(turn), "spread": spreads_object(turn.spreads)} for turn in each.turns
        ],
        "total": None if each.total is None else sum_object(each.total),
        **maybe("low", each.low),
        **maybe("high", each.high),
        "question_tokens": each.question,
        "amplification": None if each.amplification is None else money.exact(each.amplification),
        "spread": spreads_object(each.spreads),
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
        **amount("uncached", turn.plain),
        **maybe("cached", turn.cost),
    }


def spreads_object(spreads: Spreads) -> dict[str, Any]:
    """Medians and 95th percentiles by name; empty where no size is a range."""
    return {
        key: {**amount("p50", spread.p50), **amount("p95", spread.p95)}
        if key in ("plain", "cost")
        else {"p50": int(spread.p50), "p95": int(spread.p95)}
        for key, spread in spreads
    }
