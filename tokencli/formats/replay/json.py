"""The JSON envelope `tok.replay/1`."""

from __future__ import annotations

from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.cost.objects import maybe
from tokencli.formats.envelope import envelope, problem_objects
from tokencli.formats.replay import remarks, unknown
from tokencli.model import Count
from tokencli.model.replay import RecordedSum, Replayed, ReplayReport


def render(report: ReplayReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    data = {
        "path": report.path,
        "format": report.format,
        "recorded": [_recorded(each) for each in report.recorded],
        "targets": [_target(each) for each in report.targets],
        "unknown": unknown(report),
        "complete": not report.problems,
    }
    write(envelope("replay", data, view.exit_code, (*report.notes, *remarks(report)), problem_objects(report.problems)))


def _recorded(each: RecordedSum) -> dict[str, Any]:
    return {
        "provider": each.provider or None,
        "model": each.model or None,
        "requests": each.requests,
        "input_tokens": each.input,
        "cache_read_tokens": each.cached,
        "cache_write_tokens": each.written,
        "output_tokens": each.output,
        "currency": each.currency or None,
        **maybe("total", each.cost),
        "confidence": each.confidence,
        "remark": each.why,
    }


def _target(each: Replayed) -> dict[str, Any]:
    return {
        "name": each.name,
        "provider": each.provider,
        "model": each.model,
        "encoding": each.column.encoding if each.column else None,
        "method": each.column.method if each.column else None,
        "requests": each.requests,
        "input": _count(each.input),
        "output": _count(each.output),
        "cache_read_tokens": each.cached,
        "cache_write_tokens": each.written,
        "caching": each.caching or None,
        "currency": each.currency or None,
        **maybe("uncached", each.plain),
        **maybe("cached", each.cost),
        **maybe("recorded_tokens", each.same),
        **maybe("low", each.low),
        **maybe("high", each.high),
        "confidence": each.confidence,
        "card": {"source": each.source, "checked": each.checked} if each.source else None,
        "error": problem_objects([each.problem])[0] if each.problem else None,
    }


def _count(count: Count) -> dict[str, int]:
    return {"tokens": count.tokens, "low": count.low, "high": count.high}
