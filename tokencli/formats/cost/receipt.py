"""The receipt: every line of a cost, what made its rate, and where the price is from; the lines are the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokencli import money
from tokencli.formats.cost import (
    caching_words,
    card_of,
    converted_of,
    provenance,
    quantity,
    range_of,
    rate_of,
    tokens_of,
    what_of,
)
from tokencli.formats.wording import plural, printable, share
from tokencli.model.cost import Cost, CostReport, CostRow, Line


def receipt(report: CostReport, row: CostRow, *, unicode: bool) -> Iterator[str]:
    """The lines of one row, as text."""
    cost = row.cost
    yield heading(row)
    if cost is None:
        yield f"  no price: {printable(row.error.message if row.error else '')}"
        return
    yield ""
    *amounts, total = money.column([*(line.amount for line in cost.lines), cost.total], cost.currency)
    cells = [_cells(line, cost, amount) for line, amount in zip(cost.lines, amounts, strict=True)]
    widths = [max(len(cell[at]) for cell in [*cells, ("one call", "", "", total)]) for at in range(4)]
    for cell, line in zip(cells, cost.lines, strict=True):
        yield _row(cell, widths)
        if report.explain:
            yield from (f"      {printable(words)}" for words in _why(line))
    yield "  " + ("\u2500" if unicode else "-") * (sum(widths) + 8)
    yield _row(("one call", "", "", total), widths) + _calls(report, row)
    yield from _below(row, cost)
    if report.explain:
        yield from _sources(cost)


def heading(row: CostRow) -> str:
    """What is priced, by its tokens, on which model."""
    what = printable(what_of(row))
    how = f"{row.column.encoding}, {row.method}" if row.column is not None else "as given"
    return f"{what}  {tokens_of(row)} tokens ({printable(how)}), {printable(row.model)} at {printable(row.provider)}"


def _cells(line: Line, cost: Cost, amount: str) -> tuple[str, str, str, str]:
    return line.unit.replace("_", " "), quantity(line.quantity), f"x {rate_of(line, cost.currency)}", amount


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, count, rate, amount = cells
    return f"  {name:<{widths[0]}}  {count:>{widths[1]}} {rate:<{widths[2]}}  {amount:>{widths[3]}}"


def _why(line: Line) -> Iterator[str]:
    if line.applied:
        yield "rate: " + "; ".join(line.applied)
    if line.free:
        yield f"{line.free:,} more are free"


def _calls(report: CostReport, row: CostRow) -> str:
    assert row.cost is not None
    if report.calls == 1:
        return ""
    whole, other = row.all_calls(report.calls), ""
    if row.converted is not None:
        other = f" = {money.show(whole * row.converted.factor, row.converted.currency)}"
    return f"   {plural(report.calls, 'call')} {money.show(whole, row.cost.currency)}{other}"


def _below(row: CostRow, cost: Cost) -> Iterator[str]:
    if row.converted is not None:
        yield f"  {printable(converted_of(row.converted))}"
    if range_of(row):
        yield f"  range {range_of(row)}, as the tokens are an estimate"
    if row.window and row.tokens is not None:
        yield f"  window {share(row.tokens.high, row.window)} of {row.window:,}"
    yield f"  price of {printable(provenance(cost))}"


def _sources(cost: Cost) -> Iterator[str]:
    source = cost.source
    if cost.card:
        yield f"  card {printable(card_of(cost))}"
    via = f", by way of {source.via}" if source.via else ""
    yield f"  source {printable(source.url)}, read {source.retrieved}{printable(via)}"
    if source.quote:
        yield f'  "{printable(source.quote)}"'


def otherwise(report: CostReport) -> Iterator[str]:
    """What the same call would cost otherwise."""
    row = report.rows[0] if report.rows else None
    if row is None or row.cost is None or not report.alternatives:
        return
    amounts = money.column((each.amount for each in report.alternatives), row.cost.currency)
    savings = money.column((each.saving for each in report.alternatives), row.cost.currency)
    widest = max(map(len, amounts))
    yield ""
    yield "  otherwise"
    for each, amount, less in zip(report.alternatives, amounts, savings, strict=True):
        yield f"  {amount:>{widest}}  saves {less}  {printable(each.words)}"


def caching(report: CostReport, currency: str) -> Iterator[str]:
    """When caching pays."""
    if not report.caching:
        return
    first = report.caching[0]
    yield ""
    yield f"  caching these {first.tokens:,} tokens as a prefix: plain {money.show(first.plain, currency)} a request, "
    yield f"  read from the cache {money.show(first.read, currency)}"
    yield from (f"  {words}" for words in caching_words(report.caching, currency))
