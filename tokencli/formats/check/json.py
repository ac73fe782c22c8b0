"""The JSON envelope `tok.check/1`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.check import figures
from tokencli.formats.envelope import envelope, problem_objects, side_object, skipped_objects
from tokencli.model.gate import CheckReport, Verdict
from tokencli.model.spending import Charge, Quote, Switch


def render(report: CheckReport, view: View, write: Write) -> None:
    """Write the whole report, verdicts that are ok included, as one JSON object."""
    data = {
        "base": side_object(report.base),
        "head": side_object(report.head),
        "policy": report.policy,
        "measured": report.measured,
        "rules": report.rules,
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
        "warn_only": report.warn_only,
        "skipped": skipped_objects(report.skipped),
        "complete": report.complete,
    }
    write(envelope("check", data, view.exit_code, report.notes, problem_objects(report.problems)))


def _verdict(verdict: Verdict) -> dict[str, Any]:
    column = verdict.column
    over, base, head, limit = figures(verdict)
    return {
        "rule": verdict.rule,
        "path": verdict.path,
        "old_path": verdict.old_path or None,
        "line": verdict.line,
        "scope": verdict.scope,
        "verdict": verdict.verdict,
        "fails": verdict.fails,
        "loosened": verdict.loosened,
        "severity": verdict.severity,
        "base": base,
        "head": head,
        "limit": limit,
        "over": over,
        "unit": verdict.unit,
        **_exact(verdict.charge),
        "calls": verdict.charge.calls if verdict.charge else None,
        "tokens": verdict.charge.tokens if verdict.charge else verdict.head,
        "priced": verdict.charge.how if verdict.charge else None,
        "encoding": column.encoding if column else None,
        "model": column.model if column else None,
        "method": column.method if column else None,
        "message": verdict.message,
        "savings": _savings(verdict.charge),
        "switch": _switch(verdict.switch),
        "origin": verdict.origin,
        "reason": verdict.reason,
        "owner": verdict.owner,
    }


def _exact(charge: Charge | None) -> dict[str, str]:
    """The fractions of base and head, where their decimals had to be rounded."""
    if charge is None:
        return {}
    from tokencli.formats.cost.objects import amount

    sides = {"base": charge.base, "head": charge.head}
    both = [amount(name, value) for name, value in sides.items() if value is not None]
    return {name: text for one in both for name, text in one.items() if name.endswith("_exact")}


def _savings(charge: Charge | None) -> dict[str, str] | None:
    """What is saved in money by keeping to a limit in money."""
    if charge is None or charge.over is None:
        return None
    return {"currency": charge.currency, **_calls(charge.over / charge.calls)}


def _calls(per_call: Fraction) -> dict[str, str]:
    from tokencli.formats.cost.objects import amount

    return {**amount("per_call", per_call), **amount("per_1000_calls", per_call * 1000)}


def _switch(switch: Switch | None) -> dict[str, Any] | None:
    """What a change of the model costs; null for what is not known."""
    if switch is None:
        return None
    more = switch.difference
    return {
        "calls": "together" if switch.together else "each",
        "before": _quote(switch.before),
        "after": _quote(switch.after),
        "difference": None if more is None else {"currency": switch.after.currency, **_calls(more)},
    }


def _quote(quote: Quote) -> dict[str, Any]:
    nothing: dict[str, str | None] = {"per_call": None, "per_1000_calls": None}
    amounts = nothing if quote.amount is None else _calls(quote.amount)
    return {"model": quote.model, "currency": quote.currency or None, **amounts, "unknown": quote.unknown or None}
