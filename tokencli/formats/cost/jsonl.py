"""One JSON object a line: a row each, then the totals; no envelope."""

from __future__ import annotations

from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.cost.objects import left_out_object, line_object, ranked_object, total_object
from tokencli.model.cost import CostReport


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the rows, and in the last line the totals, or of models side by side the ranking."""
    import json

    for row in report.rows:
        write(json.dumps(line_object(row)) + "\n")
    totals = [total_object(total, report.calls) for total in report.totals]
    last: dict[str, Any] = {"totals": totals}
    if report.ranking or report.left_out:
        last["ranking"] = [ranked_object(each, report) for each in report.ranking]
        last["left_out"] = [left_out_object(each) for each in report.left_out]
    write(json.dumps({**last, "complete": report.complete}) + "\n")
