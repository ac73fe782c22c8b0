"""A table for comments: the best encoding first."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.fertility import cells, headers, name, sizes
from tokencli.formats.markdown import escape
from tokencli.model.comparison import Comparison


def render(report: Comparison, view: View, write: Write) -> None:
    """Write the table, with what was compared below it."""
    heads = headers(report)
    write(f"| encoding | {' | '.join(head.lower() for head in heads)} |\n")
    write(f"|---|{'---:|' * len(heads)}\n")
    for row in report.rows:
        write(f"| {escape(name(row))} | {' | '.join(cells(report, row))} |\n")
    write(f"\n{escape(sizes(report))}\n")
