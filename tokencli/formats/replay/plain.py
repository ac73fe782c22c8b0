"""Plain lines for pipes, tab-separated: a line for each model that ran, then one for each target.

The fields: cost, cost without caching, currency, requests, input, read from the cache, written to it, output, model,
and `recorded` or the range of the cost low-high with what the recorded tokens would cost there; `--` is not known.
"""

from __future__ import annotations

from fractions import Fraction

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.replay import name
from tokencli.formats.wording import printable
from tokencli.model.replay import ReplayReport


def render(report: ReplayReport, view: View, write: Write) -> None:
    """Write every line."""
    for each in report.recorded:
        counts = (each.requests, each.input, each.cached, each.written, each.output)
        fields = [_exact(each.cost), "--", each.currency or "--", *map(str, counts), printable(name(each)), "recorded"]
        write("\t".join(fields) + "\n")
    for to in report.targets:
        if to.plain is None:
            same = ["no price"] if to.problem else ["--", _exact(to.same)]
            write("\t".join([*["--"] * 8, printable(name(to)), *same]) + "\n")
            continue
        counts = (to.requests, to.input.tokens, to.cached, to.written, to.output.tokens)
        cost = _exact(to.plain if to.cost is None else to.cost)
        between = f"{_exact(to.low)}-{_exact(to.high)}"
        fields = [cost, _exact(to.plain), to.currency, *map(str, counts), printable(name(to)), between, _exact(to.same)]
        write("\t".join(fields) + "\n")


def _exact(amount: Fraction | None) -> str:
    return "--" if amount is None else money.exact(amount)
