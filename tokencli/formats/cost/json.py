"""The JSON envelope `tok.cost/1`."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.cost.objects import (
    alternative_object,
    caching_object,
    left_out_object,
    ranked_object,
    row_object,
    total_object,
)
from tokencli.formats.envelope import envelope, problem_objects, skipped_objects
from tokencli.model.cost import CostReport


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    currency = next((row.cost.currency for row in report.rows if row.cost is not None), report.currency)
    data = {
        "rows": [row_object(row) for row in report.rows],
        "totals": [total_object(total, report.calls) for total in report.totals],
        "calls": report.calls,
        "assumptions": list(report.assumptions),
        "ranking": [ranked_object(each, report) for each in report.ranking],
        "left_out": [left_out_object(each) for each in report.left_out],
        "alternatives": [alternative_object(each, currency) for each in report.alternatives],
        "caching": [caching_object(each, currency) for each in report.caching],
        "skipped": skipped_objects(report.skipped),
        "complete": report.complete,
    }
    write(envelope("cost", data, view.exit_code, report.notes, problem_objects(report.problems)))
