"""One JSON object a line: a row each, then the totals; no envelope."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.cost.objects import row_object, total_object
from tokencli.model.cost import CostReport


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the rows, and in the last line the totals."""
    import json

    for row in report.rows:
        write(json.dumps(row_object(row)) + "\n")
    totals = [total_object(total, report.calls) for total in report.totals]
    write(json.dumps({"totals": totals, "complete": report.complete}) + "\n")
