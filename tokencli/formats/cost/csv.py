"""CSV after RFC 4180: a header, CRLF line ends, a line for each unit of each row, and for each row and total its sum.

`row` is line, row, total or calls (the total of so many calls); `converted` is the amount in the currency that was
asked for, or by which models are compared. Of models side by side `error` says why one is left out. Text that a
spreadsheet would take for a formula gets `./` before it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost.objects import row_object
from tokencli.formats.count.csv import harmless
from tokencli.model.cost import CostReport, CostRow, CostTotal

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
    "converted",
    "converted_currency",
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
        converted = ("", "")
        if row.converted is not None:
            converted = (money.exact(row.converted.amount), row.converted.currency)
        for each in report.ranking:
            if each.row is row:
                converted = (money.exact(each.amount), report.currency)
        _write(row, left.get((row.provider, row.model), ""), converted, out)
    for total in report.totals:
        out.writerow(_total("total", total, total.rows, total.total))
        if report.calls > 1:
            out.writerow(_total("calls", total, report.calls, total.all_calls(report.calls)))
    write(text.getvalue())


def _total(name: str, total: CostTotal, count: int, amount: Fraction) -> tuple[object, ...]:
    unpriced = f"{total.unpriced} without a price" if total.unpriced else ""
    converted = ("", "")
    if total.converted is not None:
        converted = (money.exact(amount * total.converted.factor), total.converted.currency)
    cells = (count, "", "", money.exact(amount), total.currency, total.confidence, "", unpriced)
    return (name, *[""] * 6, *cells, *converted)


def _write(row: CostRow, left_out: str, converted: tuple[str, str], writer: Any) -> None:
    found = row_object(row)
    start = (*map(harmless, (row.id, row.path, row.provider, row.model)), row.method)
    for line in found.get("lines", ()):
        cells = (line["unit"], line["count"], line["rate"], line["per"], line["amount"], found["currency"])
        writer.writerow(("line", *start, *cells, *[""] * 5))
    if row.cost is None:
        writer.writerow(("row", *start, *[""] * 8, harmless(row.error.message if row.error else left_out), "", ""))
        return
    cost = row.cost
    whole = (money.exact(cost.total), cost.currency, cost.confidence, cost.checked, harmless(left_out))
    writer.writerow(("row", *start, "", "", "", "", *whole, *converted))
