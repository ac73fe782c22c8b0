"""For a terminal: one call as its receipt, several as a table, models side by side as a ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost import amount_of, calls_of, converted_of, model_of, percent, tokens_of, what_of
from tokencli.formats.cost.receipt import caching, otherwise, receipt
from tokencli.formats.wording import DIM, NARROWEST_PATH, paint, plural, printable, share, shorten
from tokencli.model.cost import CostReport, CostRow, CostTotal, Ranked


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the report."""
    for line in _lines(report, view):
        write(line.rstrip() + "\n")


def _lines(report: CostReport, view: View) -> Iterator[str]:
    currency = report.currency or next((row.cost.currency for row in report.rows if row.cost is not None), "")
    if report.ranking:
        yield from _ranking(report, view)
    elif report.explain or len(report.rows) == 1:
        for row in report.rows:
            yield from receipt(report, row, unicode=view.unicode)
        if len(report.rows) > 1:
            yield from _totals(report)
    else:
        yield from _rows(report, view)
    yield from otherwise(report)
    yield from caching(report, currency)


def _ranking(report: CostReport, view: View) -> Iterator[str]:
    heads = ["COST", "TOKENS", "DIFFERENCE", "WINDOW", *(f"PER POINT OF {name}".upper() for name in report.scores)]
    if report.calls > 1:
        heads.insert(1, f"{report.calls:,} CALLS")
    amounts = money.column((each.amount for each in report.ranking), report.currency)
    cells = [_ranked(report, each, amount) for each, amount in zip(report.ranking, amounts, strict=True)]
    names = [_name(each) for each in report.ranking]
    yield from _table(heads, "MODEL", cells, names, view)
    if report.rest:
        yield f"  {plural(report.rest, 'more model')}, dearer  (--top N lists more)"
    if any(True in each.unbeaten for each in report.ranking):
        yield "  * no other model here is cheaper and scores as much, or costs as much and scores more"
    if report.explain:
        for each in report.ranking:
            yield ""
            yield from receipt(report, each.row, unicode=view.unicode)


def _ranked(report: CostReport, each: Ranked, amount: str) -> list[str]:
    mark = "~" if each.row.low != each.row.high else ""
    window = share(each.row.sent, each.row.window) if each.row.window else "--"
    cells = [mark + amount, tokens_of(each.row), percent(each.difference), window]
    if report.calls > 1:
        cells.insert(1, mark + money.show(each.of_calls, report.currency))
    for at in range(len(report.scores)):
        cost = each.per_point[at] if at < len(each.per_point) else None
        best = " *" if at < len(each.unbeaten) and each.unbeaten[at] else "  "
        cells.append(("--" if cost is None else money.show(cost, report.currency)) + best)
    return cells


def _name(each: Ranked) -> str:
    native = f" ({each.row.cost.currency})" if each.row.cost is not None else ""
    confidence = f", {each.row.cost.confidence}" if each.row.cost and each.row.cost.confidence == "unconfirmed" else ""
    hits = f"  {'; '.join(each.hits)}" if each.hits else ""
    return printable(f"{each.row.provider}/{each.row.model}{native}{confidence}{hits}")


def _rows(report: CostReport, view: View) -> Iterator[str]:
    cells = [[amount_of(row), tokens_of(row)] for row in report.rows]
    heads = ["COST", "TOKENS"]
    if not cells:
        yield from _totals(report)
        return
    yield from _table(heads, "MODEL  WHAT", cells, [_what(row) for row in report.rows], view)
    if report.rest:
        yield f"  and {plural(report.rest, 'more row')}  (--top N lists more)"
    yield from _totals(report)


def _what(row: CostRow) -> str:
    return printable(f"{model_of(row)}  {what_of(row)}")


def _totals(report: CostReport) -> Iterator[str]:
    for total in report.totals:
        yield ""
        yield f"  {_sum(report, total)}"


def _sum(report: CostReport, total: CostTotal) -> str:
    shown = money.show(total.total, total.currency)
    between = ""
    if total.low is not None and total.high is not None and total.low != total.high:
        between = f" ({money.show(total.low, total.currency)} to {money.show(total.high, total.currency)})"
    other = f" = {printable(converted_of(total.converted))}" if total.converted is not None else ""
    missing = f"{total.unpriced:,} without a price, not in it" if total.unpriced else ""
    words = [plural(total.rows, "row"), missing, calls_of(total, report.calls), total.confidence]
    return f"{shown}{between}{other}  {total.currency}, {', '.join(word for word in words if word)}"


def _table(
    heads: Sequence[str], last: str, cells: Sequence[Sequence[str]], names: Sequence[str], view: View
) -> Iterator[str]:
    """Numbers right-aligned, names after them, shortened to the width of a terminal."""
    widths = [max(len(head), *(len(row[at]) for row in cells)) for at, head in enumerate(heads)]
    yield paint(_cells(heads, widths) + last, DIM, view.color)
    for row, name in zip(cells, names, strict=True):
        start = _cells(row, widths)
        fits = name if view.width is None else shorten(name, max(NARROWEST_PATH, view.width - len(start)), view.unicode)
        yield start + fits


def _cells(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)) + "  "
