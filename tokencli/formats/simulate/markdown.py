"""Markdown for comments on pull requests: a table of the models, and of each its turns."""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.simulate import SPREADS, amplification, drawn, name, remarks, saved, spread_of, spread_words
from tokencli.formats.wording import plural
from tokencli.model.simulation import Simulated, SimulationReport


def render(report: SimulationReport, view: View, write: Write) -> None:
    """Write the tables, and what qualifies them."""
    page = Page()
    page.add("| Model | Uncached | Cached | Saved | Input | Output | Amplified |")
    page.add("|:--|--:|--:|--:|--:|--:|--:|")
    for each in report.models:
        page.add(_summary(each))
    for each in report.models:
        if each.total is not None:
            _turns(each, page)
    page.add()
    for words in (*report.assumptions, *drawn(report), *remarks(report)):
        page.add(f"- {escape(words)}")
    for problem in report.problems:
        page.add(f"- **No price**: {escape(problem.message)}")
    write(page.text)


def _summary(each: Simulated) -> str:
    total = each.total
    if total is None:
        return f"| {code(name(each))} | -- | -- | -- | -- | -- | -- |"
    cost = "--" if total.cost is None else money.show(total.cost, each.currency)
    cells = [money.show(total.plain, each.currency), cost, saved(total.plain, total.cost)]
    cells += [f"{total.input:,}", f"{total.output:,}", amplification(each)]
    return f"| {code(name(each))} | {' | '.join(cells)} |"


def _turns(each: Simulated, page: Page) -> None:
    page.add()
    heads = ["Requests", "Input", "Cached", "Written", "Output", "Context", "Uncached", "Cached"]
    heads += ["p50", "p95"] if each.spreads else []
    page.add(f"| {code(name(each))} turn | {' | '.join(heads)} |")
    page.add("|--:" * (len(heads) + 1) + "|")
    rows = []
    for turn in each.turns:
        counts = (turn.turn + 1, turn.requests, turn.input, turn.cached, turn.written, turn.output, turn.context)
        cost = "--" if turn.cost is None else money.show(turn.cost, each.currency)
        cells = [*(f"{count:,}" for count in counts), money.show(turn.plain, each.currency), cost]
        if each.spreads:
            ends = spread_of(turn.spreads)
            cells += ["--", "--"] if ends is None else [money.show(end, each.currency) for end in ends]
        rows.append(f"| {' | '.join(cells)} |")
    page.add_while_room(rows, lambda left: f"| {plural(left, 'more turn')}, no room here |" + " |" * len(heads))
    page.add()
    for key, spread in each.spreads:
        p50, p95 = spread_words(each, key, spread.p50), spread_words(each, key, spread.p95)
        page.add(f"- {SPREADS[key]}: p50 {p50}, p95 {p95}")
