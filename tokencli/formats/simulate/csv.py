"""CSV after RFC 4180: a header, CRLF line ends, a line for each turn of each model and one for all of its turns."""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.count.csv import harmless
from tokencli.model.simulation import SimulationReport

HEADER = (
    "provider",
    "model",
    "turn",
    "requests",
    "input",
    "cache_read",
    "cache_write",
    "output",
    "context",
    "uncached",
    "cached",
    "currency",
    "error",
)


def render(report: SimulationReport, view: View, write: Write) -> None:
    """Write all turns of all models."""
    import csv
    from io import StringIO

    text = StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEADER)
    for each in report.models:
        start = (harmless(each.provider), harmless(each.model))
        if each.total is None:
            out.writerow((*start, *[""] * 10, each.problem.message if each.problem else ""))
            continue
        for turn in (*each.turns, each.total):
            label = "total" if turn is each.total else turn.turn + 1
            counts = (turn.requests, turn.input, turn.cached, turn.written, turn.output, turn.context)
            cost = "" if turn.cost is None else money.exact(turn.cost)
            out.writerow((*start, label, *counts, money.exact(turn.plain), cost, each.currency, ""))
    write(text.getvalue())
