"""CSV after RFC 4180: a header, CRLF line ends, a line for each turn of each model and one for all of its turns.

`p50` and `p95` are of the price, with caching where there is caching, over the sessions that were drawn.
"""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.count.csv import harmless
from tokencli.formats.simulate import spread_of
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
    "p50",
    "p95",
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
            message = harmless(each.problem.message) if each.problem else ""
            out.writerow((*start, *[""] * (len(HEADER) - 3), message))
            continue
        for turn in (*each.turns, each.total):
            label = "total" if turn is each.total else turn.turn + 1
            counts = (turn.requests, turn.input, turn.cached, turn.written, turn.output, turn.context)
            cost = "" if turn.cost is None else money.exact(turn.cost)
            spread = spread_of(each.spreads if turn is each.total else turn.spreads)
            ends = ("", "") if spread is None else (money.exact(spread.p50), money.exact(spread.p95))
            out.writerow((*start, label, *counts, money.exact(turn.plain), cost, *ends, each.currency, ""))
    write(text.getvalue())
