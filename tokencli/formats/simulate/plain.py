"""Plain lines for pipes, tab-separated: a line for each turn of each model, its total, its spreads.

The fields of a turn: cost with caching (`--` where there is none), cost without, currency, input, read from the cache,
written to it, output, context after it, model, and `turn N` or `total`.
"""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.simulate import amplification, name
from tokencli.formats.wording import printable
from tokencli.model.simulation import SimulationReport


def render(report: SimulationReport, view: View, write: Write) -> None:
    """Write every line."""
    for each in report.models:
        model = printable(name(each))
        if each.total is None:
            write("\t".join(["--"] * 2 + ["-"] * 6 + [model, "no price"]) + "\n")
            continue
        for turn in (*each.turns, each.total):
            cost = "--" if turn.cost is None else money.exact(turn.cost)
            counts = (turn.input, turn.cached, turn.written, turn.output, turn.context)
            label = "total" if turn is each.total else f"turn {turn.turn + 1}"
            last = [amplification(each)] if turn is each.total else []
            fields = [cost, money.exact(turn.plain), each.currency, *map(str, counts), model, label, *last]
            write("\t".join(fields) + "\n")
        for key, spread in each.spreads:
            write("\t".join([money.exact(spread.p50), money.exact(spread.p95), model, f"p50 and p95 of {key}"]) + "\n")
