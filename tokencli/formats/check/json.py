"""The JSON envelope `tok.check/1`."""

from __future__ import annotations

from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.envelope import envelope, problem_objects, side_object, skipped_objects
from tokencli.model.gate import CheckReport, Verdict


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
        "base": verdict.base,
        "head": verdict.head,
        "limit": verdict.limit,
        "over": verdict.over,
        "unit": verdict.unit,
        "encoding": column.encoding if column else None,
        "model": column.model if column else None,
        "method": column.method if column else None,
        "message": verdict.message,
        # What is saved in money by keeping to the limit, once there are prices.
        "savings": None,
        "origin": verdict.origin,
        "reason": verdict.reason,
        "owner": verdict.owner,
    }
