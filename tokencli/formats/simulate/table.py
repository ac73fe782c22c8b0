"""For a terminal: the models side by side where there are several, and of each its turns."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.fitting import aligned, fitted, named
from tokencli.formats.simulate import SPREADS, amplification, name, prefix, saved, spread_of, spread_words
from tokencli.formats.wording import BOLD, DIM, paint, plural, printable
from tokencli.model.simulation import Simulated, SimulationReport, TurnSum

HEADS = ("TURN", "REQUESTS", "INPUT", "CACHED", "WRITTEN", "OUTPUT", "CONTEXT", "UNCACHED", "CACHED")
DROP = (1, 6, 4, 5, 3, 9, 10, 2)
"""Columns that a narrow terminal has no room for, the first one first; 9 and 10 are the spread of drawn sessions."""

SUMMARY = ("UNCACHED", "CACHED", "SAVED", "INPUT", "OUTPUT", "AMPLIFIED")
DROP_SUMMARY = (4, 5, 2, 3, 0)


def render(report: SimulationReport, view: View, write: Write) -> None:
    """Write the summary, then the turns of each model."""
    lines = [*(_summary(report, view) if len(report.models) > 1 else ())]
    for each in report.models:
        if each.total is not None:
            lines += ["", *_model(each, each.total, view)] if lines else [*_model(each, each.total, view)]
    for line in lines:
        for part in fitted(line.rstrip(), view.width):
            write(part + "\n")


def _summary(report: SimulationReport, view: View) -> Iterator[str]:
    names = ["MODEL", *(printable(name(each)) for each in report.models)]
    head, *lines = named([SUMMARY, *(_summed(each) for each in report.models)], names, DROP_SUMMARY, view)
    yield paint(head, DIM, view.color)
    yield from lines


def _summed(each: Simulated) -> tuple[str, ...]:
    total = each.total
    if total is None:
        return ("--",) * len(SUMMARY)
    cost = "--" if total.cost is None else money.show(total.cost, each.currency)
    amounts = money.show(total.plain, each.currency), cost, saved(total.plain, total.cost)
    return (*amounts, f"{total.input:,}", f"{total.output:,}", amplification(each))


def _model(each: Simulated, total: TurnSum, view: View) -> Iterator[str]:
    yield from (paint(part, BOLD, view.color) for part in fitted(printable(name(each)), view.width))
    yield f"  every request begins with {prefix(each)} tokens; cache: {printable(each.caching) or 'none'}"
    head, *lines = aligned(_cells(each, total), DROP, view.width)
    yield paint(head, DIM, view.color)
    yield from lines[:-1]
    yield "  " + ("\u2500" if view.unicode else "-") * (len(head) - 2)
    yield paint(lines[-1], BOLD, view.color)
    yield from _below(each, total)


def _cells(each: Simulated, total: TurnSum) -> list[list[str]]:
    """The turns and their sum under heads, amounts with the same fraction digits."""
    sums = (*each.turns, total)
    columns = [money.column((turn.plain for turn in sums), each.currency)]
    costs = money.column((turn.cost or Fraction() for turn in sums), each.currency)
    columns.append(["--"] * len(sums) if total.cost is None else costs)
    heads = list(HEADS)
    if each.spreads:
        heads += ["P50", "P95"]
        spreads = [spread_of(turn.spreads) for turn in each.turns] + [spread_of(each.spreads)]
        for at in (0, 1):
            ends = [None if spread is None else spread[at] for spread in spreads]
            columns.append(["--" if end is None else money.show(end, each.currency) for end in ends])
    rows = [[*_counts(turn), *amounts] for turn, *amounts in zip(sums, *columns, strict=True)]
    rows[-1][0] = "all"
    return [heads, *rows]


def _below(each: Simulated, total: TurnSum) -> Iterator[str]:
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
