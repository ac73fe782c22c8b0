"""For a terminal: one call as its receipt, several as a table, models side by side as a ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost import amount_of, calls_of, converted_of, model_of, percent, tokens_of, what_of
from tokencli.formats.cost.receipt import caching, otherwise, receipt
from tokencli.formats.fitting import fitted
from tokencli.formats.wording import DIM, NARROWEST_PATH, display_width, paint, plural, printable, share, shorten
from tokencli.model.cost import CostReport, CostRow, CostTotal, Ranked

NARROW = ("WINDOW", "DIFFERENCE", "TOKENS")
"""Columns that are left out, the first one first, until a name has `ROOM` columns of the terminal."""

ROOM = 20


def render(report: CostReport, view: View, write: Write) -> None:
    """Write the report."""
    for line in _lines(report, view):
        for part in fitted(line.rstrip(), view.width):
            write(part + "\n")


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
    heads = ["COST", "TOKENS", "DIFFERENCE", "WINDOW", *(f"PER {name}".upper() for name in report.scores)]
    if report.calls > 1:
        heads.insert(1, f"{report.calls:,} CALLS")
    amounts = money.column((each.amount for each in report.ranking), report.currency)
    cells = [_ranked(report, each, amount) for each, amount in zip(report.ranking, amounts, strict=True)]
    names = [printable(model_of(each.row)) for each in report.ranking]
    remarks = [printable("; ".join(_remarks(report, each))) for each in report.ranking]
    yield from _table(heads, "MODEL", cells, names, view, remarks)
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


def _remarks(report: CostReport, each: Ranked) -> Iterator[str]:
    """The currency of a price where that is another, that nobody confirmed it, and what made it."""
    cost = each.row.cost
    if cost is not None and cost.currency != report.currency:
        yield f"priced in {cost.currency}"
    if cost is not None and cost.confidence == "unconfirmed":
        yield cost.confidence
    yield from each.hits


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
    heads: Sequence[str],
    last: str,
    cells: Sequence[Sequence[str]],
    names: Sequence[str],
    view: View,
    remarks: Sequence[str] = (),
) -> Iterator[str]:
    """Numbers right-aligned, names after them, shortened to the width of a terminal; remarks after these, or below
    where they do not fit. A narrow terminal has no room for every column."""
    widths = {at: max(len(head), *(len(row[at]) for row in cells)) for at, head in enumerate(heads)}
    for head in NARROW:
        if view.width is not None and head in heads and view.width - len(_cells(heads, widths)) < ROOM:
            del widths[heads.index(head)]
    yield paint(_cells(heads, widths) + last, DIM, view.color)
    for at, (row, name) in enumerate(zip(cells, names, strict=True)):
        start = _cells(row, widths)
        if view.width is not None and view.width - len(start) < NARROWEST_PATH:
            yield f"  {shorten(name, view.width - 2, view.unicode)}"
            yield from (line for line in (start, f"      {remarks[at]}" if remarks else "") if line.strip())
            continue
        room = None if view.width is None else view.width - len(start)
        shown = name if room is None else shorten(name, room, view.unicode)
        remark = remarks[at] if remarks else ""
        if remark and (room is None or display_width(shown) + 2 + display_width(remark) <= room):
            yield f"{start}{shown}  {remark}"
            continue
        yield start + shown
        if remark:
            yield f"      {remark}"


def _cells(cells: Sequence[str], widths: Mapping[int, int]) -> str:
    return "  " + "  ".join(cells[at].rjust(width) for at, width in widths.items()) + "  "
