"""The JSON envelope `tok.diff/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tokencli.formats import View, Write
from tokencli.formats.envelope import (
    column_object,
    count_objects,
    envelope,
    problem_objects,
    side_object,
    skipped_objects,
)
from tokencli.model import Count
from tokencli.model.diff import Change, DiffReport

if TYPE_CHECKING:
    from tokencli.model.spending import CostChange


def render(report: DiffReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    rest = {"changes": report.rest[0], "change": list(report.rest[1])} if report.rest is not None else None
    data = {
        "base": side_object(report.base),
        "head": side_object(report.head),
        "changes": [_change(change, report) for change in report.changes],
        "rest": rest,
        "totals": [_total(report, index) for index in range(len(report.columns))],
        "limits": [_limit(report, index, report.max_increase) for index in range(len(report.columns))]
        if report.max_increase is not None
        else [],
        "cost": _cost(report.cost) if report.cost is not None else None,
        "skipped": skipped_objects(report.skipped),
        "complete": report.complete,
        "default_encoding": report.default_encoding,
    }
    write(envelope("diff", data, view.exit_code, report.notes, problem_objects(report.problems)))


def _change(change: Change, report: DiffReport) -> dict[str, Any]:
    return {
        "path": change.path,
        "old_path": change.old_path or None,
        "status": change.status,
        "remark": change.remark,
        "base": count_objects(change.base, report.columns) if change.base is not None else None,
        "head": count_objects(change.head, report.columns) if change.head is not None else None,
        "change": [change.delta(index) for index in range(len(report.columns))],
        "warnings": list(change.warnings),
    }


def _total(report: DiffReport, index: int) -> dict[str, Any]:
    column = report.columns[index]
    total = column_object(column) | {
        "base": _count(report.base_totals[index]),
        "head": _count(report.head_totals[index]),
        "change": report.delta(index),
    }
    return total | ({"proxy": column.proxy} if column.proxy else {})


def _count(count: Count) -> dict[str, int]:
    return {"tokens": count.tokens, "low": count.low, "high": count.high}


def _limit(report: DiffReport, index: int, most: int) -> dict[str, Any]:
    grown = report.increase(index)
    held = {"increase": grown, "max_increase": most, "over": max(0, grown - most)}
    return column_object(report.columns[index]) | held


def _cost(cost: CostChange) -> dict[str, Any]:
    from tokencli.formats.cost.objects import amount

    calls = {**amount("per_call", cost.amount), **amount("per_1000_calls", cost.amount * 1000)}
    return {"model": cost.model, "currency": cost.currency, **calls}
