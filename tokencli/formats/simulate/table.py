"""For a terminal: the models side by side where there are several, and of each its turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.simulate import SPREADS, amplification, name, prefix, saved, spread_words
from tokencli.formats.wording import BOLD, DIM, paint, plural, printable
from tokencli.model.simulation import Simulated, SimulationReport, TurnSum

HEADS = ("TURN", "REQUESTS", "INPUT", "CACHED", "WRITTEN", "OUTPUT", "CONTEXT", "UNCACHED", "CACHED")


def render(report: SimulationReport, view: View, write: Write) -> None:
    """Write the summary, then the turns of each model."""
    shown = [each for each in report.models if each.total is not None]
    lines = [*(_summary(report, view) if len(report.models) > 1 else ())]
    for each in shown:
        lines += ["", *_model(each, view)] if lines else [*_model(each, view)]
    for line in lines:
        write(line.rstrip() + "\n")


def _summary(report: SimulationReport, view: View) -> Iterator[str]:
    heads = ("UNCACHED", "CACHED", "SAVED", "INPUT", "OUTPUT", "AMPLIFIED")
    rows = []
    for each in report.models:
        total = each.total
        if total is None:
            rows.append(["--"] * 6)
            continue
        cost = "--" if total.cost is None else money.show(total.cost, each.currency)
        plain = money.show(total.plain, each.currency)
        saving = saved(total.plain, total.cost)
        rows.append([plain, cost, saving, f"{total.input:,}", f"{total.output:,}", amplification(each)])
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    yield paint(_aligned(heads, widths) + "MODEL", DIM, view.color)
    for each, row in zip(report.models, rows, strict=True):
        yield _aligned(row, widths) + printable(name(each))


def _model(each: Simulated, view: View) -> Iterator[str]:
    assert each.total is not None
    yield paint(printable(name(each)), BOLD, view.color)
    yield f"  every request begins with {prefix(each)} tokens; cache: {printable(each.caching) or 'none'}"
    sums = (*each.turns, each.total)
    plain = money.column((turn.plain for turn in sums), each.currency)
    costs = ["--"] * len(sums)
    if each.total.cost is not None:
        costs = money.column((turn.cost or Fraction() for turn in sums), each.currency)
    rows = [[*_counts(turn), *amounts] for turn, *amounts in zip(sums, plain, costs, strict=True)]
    rows[-1][0] = "all"
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, strict=True)]
    yield paint(_aligned(HEADS, widths), DIM, view.color)
    yield from (_aligned(row, widths) for row in rows[:-1])
    yield "  " + ("\u2500" if view.unicode else "-") * (sum(widths) + 2 * len(widths) - 2)
    yield paint(_aligned(rows[-1], widths), BOLD, view.color)
    yield from _below(each)


def _below(each: Simulated) -> Iterator[str]:
    total = each.total
    assert total is not None
    question = f"{plural(each.question, 'token')} of the user became {total.input:,} of input, {amplification(each)}"
    yield f"  {question}; caching saves {saved(total.plain, total.cost)}"
    if each.low is not None and each.high is not None and each.low != each.high:
        between = f"{money.show(each.low, each.currency)} to {money.show(each.high, each.currency)}"
        yield f"  range {between}, as the system prompt or tools are an estimate"
    for key, spread in each.spreads:
        p50, p95 = spread_words(each, key, spread.p50), spread_words(each, key, spread.p95)
        yield f"  {SPREADS[key]}: p50 {p50}, p95 {p95}"


def _counts(turn: TurnSum) -> list[str]:
    counts = (turn.turn + 1, turn.requests, turn.input, turn.cached, turn.written, turn.output, turn.context)
    return [f"{count:,}" for count in counts]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "".join(f"{cell:>{width}}  " for cell, width in zip(cells, widths, strict=True))
