"""Markdown for comments on pull requests: a table, and under it how the prices were made."""

from __future__ import annotations

from collections.abc import Iterator

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost import (
    amount_of,
    caching_words,
    calls_of,
    card_of,
    converted_of,
    left_out,
    model_of,
    percent,
    provenance,
    quantity,
    range_of,
    rate_of,
    remarks,
    tokens_of,
    what_of,
)
from tokencli.formats.markdown import code, escape
from tokencli.formats.wording import plural, share
from tokencli.model.cost import CostReport, CostRow, Ranked


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the table of rows or the ranking, receipts where they are asked for, and everything that qualifies them."""
    for line in (*_table(report), *_receipts(report), "", *_below(report)):
        write(line + "\n")


def _table(report: CostReport) -> Iterator[str]:
    if report.ranking:
        yield from _ranking(report)
        return
    yield "| What | Model | Tokens | Cost |"
    yield "|:--|:--|--:|--:|"
    for row in report.rows:
        name = code(model_of(row))
        yield f"| {code(what_of(row))} | {name} | {tokens_of(row)} | {amount_of(row)} |"
    if report.rest:
        yield f"| and {plural(report.rest, 'more row')} | | | |"
    for total in report.totals:
        words = f"**Total**, {plural(total.rows, 'row')}"
        yield f"| {words} | | | **{money.show(total.total, total.currency)}** |"


def _ranking(report: CostReport) -> Iterator[str]:
    calls = [f"{report.calls:,} calls"] if report.calls > 1 else []
    heads = ["Model", "Tokens", "Cost", *calls, "Difference", "Window", "Price of"]
    heads[-1:-1] = [f"per point of {escape(name)}" for name in report.scores]
    yield "| " + " | ".join(heads) + " |"
    yield "|:--|" + "--:|" * (len(heads) - 2) + ":--|"
    for each in report.ranking:
        whole = [_mark(each.row) + money.show(each.of_calls, report.currency)] if calls else []
        window = share(each.row.sent, each.row.window) if each.row.window else "--"
        cells = [tokens_of(each.row), _mark(each.row) + money.show(each.amount, report.currency), *whole]
        cells += [percent(each.difference), window, *_points(each, report), escape("; ".join(each.hits)) or "--"]
        yield f"| {code(model_of(each.row))} | " + " | ".join(cells) + " |"
    if report.rest:
        yield f"| {plural(report.rest, 'more model')}, dearer |" + " |" * (len(heads) - 1)


def _mark(row: CostRow) -> str:
    return "~" if row.low != row.high else ""


def _points(each: Ranked, report: CostReport) -> list[str]:
    """The cost of a point of each score, in bold where no other model is cheaper and better."""
    found = []
    for at in range(len(report.scores)):
        cost = each.per_point[at] if at < len(each.per_point) else None
        shown = "--" if cost is None else money.show(cost, report.currency)
        found.append(f"**{shown}**" if at < len(each.unbeaten) and each.unbeaten[at] else shown)
    return found


def _receipts(report: CostReport) -> Iterator[str]:
    if not report.explain:
        return
    for row in report.rows:
        yield from _receipt(row)


def _receipt(row: CostRow) -> Iterator[str]:
    cost = row.cost
    if cost is None:
        return
    yield ""
    yield f"| {code(what_of(row))} | Count | Rate | Amount | Why |"
    yield "|:--|--:|--:|--:|:--|"
    for line in cost.lines:
        cells = [quantity(line.quantity), rate_of(line, cost.currency), money.show(line.amount, cost.currency)]
        yield f"| {line.unit} | " + " | ".join(cells) + f" | {escape('; '.join(line.applied))} |"
    yield ""
    yield f"Price of {escape(provenance(cost))}: {escape(cost.source.url)}, read {cost.source.retrieved}"
    if cost.card:
        yield f"Card: {escape(card_of(cost))}"


def _below(report: CostReport) -> Iterator[str]:
    for row in report.rows if not report.ranking else ():
        if range_of(row):
            yield f"- {code(row.path or row.model)}: {range_of(row)}, as the tokens are an estimate"
    for total in report.totals:
        if total.converted is not None:
            yield f"- {money.show(total.total, total.currency)} = {escape(converted_of(total.converted))}"
        if report.calls > 1:
            yield f"- {calls_of(total, report.calls)}"
        if total.unpriced:
            yield f"- **{plural(total.unpriced, 'row')} without a price**, not in the total"
    for each in report.alternatives:
        currency = report.totals[0].currency if report.totals else report.currency
        saving = money.show(each.saving, currency)
        yield f"- Otherwise: {money.show(each.amount, currency)}, saves {saving}, {escape(each.words)}"
    if any(True in each.unbeaten for each in report.ranking):
        yield "- **Bold**: no other model here is cheaper and scores as much, or costs as much and scores more"
    yield from _caching(report)
    for words in (*report.assumptions, *remarks(report), *left_out(report.left_out), *report.notes):
        yield f"- {escape(words)}"
    for problem in report.problems:
        yield f"- **Incomplete**: {escape(problem.message)}"


def _caching(report: CostReport) -> Iterator[str]:
    currency = next((row.cost.currency for row in report.rows if row.cost is not None), report.currency)
    yield from (f"- Caching, {escape(words)}" for words in caching_words(report.caching, currency))
