"""CSV after RFC 4180: a header, CRLF line ends, a line for each unit of each row, and for each row and total its sum.

`row` is line, row or total; of models side by side `error` says why one is left out. Text that a spreadsheet would take
for a formula gets `./` before it.
"""

from __future__ import annotations

from typing import Any

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost.objects import row_object
from tokencli.formats.count.csv import harmless
from tokencli.model.cost import CostReport, CostRow

HEADER = (
    "row",
    "id",
    "path",
    "provider",
    "model",
    "method",
    "unit",
    "count",
    "rate",
    "per",
    "amount",
    "currency",
    "confidence",
    "checked",
    "error",
)


def render(report: CostReport, view: View, write: Write) -> None:
    """Write all rows."""
    import csv
    from io import StringIO

    text = StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEADER)
    left = {(each.provider, each.model): each.reason for each in report.left_out}
    for row in report.rows:
        _write(row, left.get((row.provider, row.model), ""), out)
    for total in report.totals:
        amount = money.exact(total.total)
        unpriced = f"{total.unpriced} without a price" if total.unpriced else ""
        out.writerow(
            ("total", *[""] * 5, "", total.rows, "", "", amount, total.currency, total.confidence, "", unpriced)
        )
    write(text.getvalue())


def _write(row: CostRow, left_out: str, writer: Any) -> None:
    found = row_object(row)
    start = (*map(harmless, (row.id, row.path, row.provider, row.model)), row.method)
    for line in found.get("lines", ()):
        cells = (line["unit"], line["count"], line["rate"], line["per"], line["amount"], found["currency"])
        writer.writerow(("line", *start, *cells, "", "", ""))
    if row.cost is None:
        writer.writerow(("row", *start, *[""] * 8, harmless(row.error.message if row.error else left_out)))
        return
    cost = row.cost
    whole = (money.exact(cost.total), cost.currency, cost.confidence, cost.checked, harmless(left_out))
    writer.writerow(("row", *start, "", "", "", "", *whole))
