"""Markdown for comments on pull requests: a table, and under it how the prices were made."""

from __future__ import annotations

from collections.abc import Iterator

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost import (
    amount_of,
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
from tokencli.formats.wording import plural
from tokencli.model.cost import CostReport, CostRow


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the table of rows or the ranking, receipts where they are asked for, and everything that qualifies them."""
    for line in (*_table(report), *_receipts(report), "", *_below(report)):
        write(line + "\n")


def _table(report: CostReport) -> Iterator[str]:
    if report.ranking:
        yield "| Model | Tokens | Cost | Difference |" + "".join(
            f" per point of {escape(name)} |" for name in report.scores
        )
        yield "|:--|--:|--:|--:|" + "--:|" * len(report.scores)
        for each in report.ranking:
            points = ["--" if cost is None else money.show(cost, report.currency) for cost in each.per_point]
            cells = [tokens_of(each.row), money.show(each.amount, report.currency), percent(each.difference), *points]
            yield f"| {code(model_of(each.row))} | " + " | ".join(cells) + " |"
        return
    yield "| What | Model | Tokens | Cost |"
    yield "|:--|:--|--:|--:|"
    for row in report.rows:
        name = code(model_of(row))
        yield f"| {code(what_of(row))} | {name} | {tokens_of(row)} | {amount_of(row)} |"
    for total in report.totals:
        words = f"**Total**, {plural(total.rows, 'row')}"
        yield f"| {words} | | | **{money.show(total.total, total.currency)}** |"


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


def _below(report: CostReport) -> Iterator[str]:
    for row in report.rows if not report.ranking else ():
        if range_of(row):
            yield f"- {code(row.path or row.model)}: {range_of(row)}, as the tokens are an estimate"
    for total in report.totals:
        if report.calls > 1:
            yield f"- {plural(report.calls, 'call')}: {money.show(total.total * report.calls, total.currency)}"
        if total.unpriced:
            yield f"- **{plural(total.unpriced, 'row')} without a price**, not in the total"
    for each in report.alternatives:
        currency = report.totals[0].currency if report.totals else report.currency
        saving = money.show(each.saving, currency)
        yield f"- Otherwise: {money.show(each.amount, currency)}, saves {saving}, {escape(each.words)}"
    for words in (*report.assumptions, *remarks(report), *left_out(report.left_out), *report.notes):
        yield f"- {escape(words)}"
    for problem in report.problems:
        yield f"- **Incomplete**: {escape(problem.message)}"
