"""The table for a terminal: numbers first and right-aligned, then the model; where it is narrow, fewer columns."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.models import HEADERS, cells, remark
from tokencli.formats.wording import DIM, NARROWEST_PATH, paint, plural, printable, shorten
from tokencli.model.listing import ModelsReport

LEAVE_OUT = ("CACHE FROM", "MAX OUT", "COUNTS", "ENCODING", "CACHED")
"""Columns for which a terminal may have no room, the first to go first."""


def render(report: ModelsReport, view: View, write: Write) -> None:
    """Write the table."""
    rows = [cells(model) for model in report.models]
    widths = {head: max([len(head), *(len(row[at]) for row in rows)]) for at, head in enumerate(HEADERS)}
    shown = list(HEADERS)
    for head in LEAVE_OUT:
        if view.width is not None and sum(widths[each] + 2 for each in shown) + 2 + NARROWEST_PATH > view.width:
            shown.remove(head)
    write(paint("".join(f"  {head:>{widths[head]}}" for head in shown) + "  MODEL", DIM, view.color) + "\n")
    for model, row in zip(report.models, rows, strict=True):
        start = "".join(f"  {cell:>{widths[head]}}" for head, cell in zip(HEADERS, row, strict=True) if head in shown)
        name = printable(model.name + remark(model))
        room = NARROWEST_PATH if view.width is None else max(NARROWEST_PATH, view.width - len(start) - 2)
        write(f"{start}  {name if view.width is None else shorten(name, room, view.unicode)}\n")
    words = f"{plural(len(report.models), 'model')}; prices per 1,000,000 tokens"
    write("\n" + paint(f"  {words}", DIM, view.color) + "\n")
