"""Plain lines for pipes: tab-separated, exact amounts first so that `sort -n` works, never cut.

A row is: amount, currency, tokens of the input (an estimate is followed by a field `low-high` of amounts), the model
with its provider, what it is. A ranking has the difference and what made the price after the model. Other ways to have
the same, and what caching comes to, follow; the totals are last: amount, currency, `total`, rows, confidence. A receipt
(--explain) has a line for each unit: amount, currency, unit, count, rate, per, what made the rate. What has no price
has `--`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost import model_of, percent, provenance, quantity, what_of
from tokencli.formats.wording import plural, printable
from tokencli.model.cost import CostReport, CostRow, CostTotal, Ranked


def render(report: CostReport, view: View, write: Write) -> None:
    """Write a line for each row, then the totals."""
    for fields in _lines(report):
        write("\t".join(printable(field) for field in fields) + "\n")


def _lines(report: CostReport) -> Iterator[list[str]]:
    for each in report.ranking:
        yield _ranked(report, each)
        if report.explain:
            yield from _receipt(each.row)
    for row in () if report.ranking else report.rows:
        yield [*_amount(row), model_of(row), what_of(row)]
        if report.explain:
            yield from _receipt(row)
    if report.rest:
        yield ["-", "-", "-", plural(report.rest, "more row")]
    for other in report.alternatives:
        saves = f"saves {money.exact(other.saving)}"
        yield [money.exact(other.amount), _currency(report), other.kind, other.words, saves]
    for caching in report.caching:
        reads = "never" if caching.reads is None else str(caching.reads)
        amounts = [money.exact(amount) for amount in (caching.write, caching.read, caching.plain)]
        thousand = [money.exact(caching.cached_1000), money.exact(caching.plain_1000)]
        yield [*amounts, _currency(report), "caching", caching.lifetime, f"break-even reads {reads}", *thousand]
    for total in report.totals:
        yield _total(report, total)


def _amount(row: CostRow) -> list[str]:
    tokens = str(row.tokens.tokens if row.tokens else row.usage.get("input_tokens", 0))
    if row.cost is None:
        return ["--", "--", tokens]
    shown = (row.cost.total, row.cost.currency)
    if row.converted is not None:
        shown = (row.converted.amount, row.converted.currency)
    between = []
    if row.low is not None and row.high is not None and row.low != row.high:
        between = [f"{money.exact(row.low)}-{money.exact(row.high)}"]
    return [money.exact(shown[0]), shown[1], tokens, *between]


def _ranked(report: CostReport, each: Ranked) -> list[str]:
    _, _, *tokens = _amount(each.row)
    points = ["--" if cost is None else money.exact(cost) for cost in each.per_point]
    points += ["unbeaten" if best else "beaten" for best in each.unbeaten]
    return [
        money.exact(each.amount),
        report.currency,
        *tokens,
        model_of(each.row),
        percent(each.difference),
        *points,
        "; ".join(each.hits),
    ]


def _receipt(row: CostRow) -> Iterator[list[str]]:
    cost = row.cost
    if cost is None:
        return
    for line in cost.lines:
        count, rate = quantity(line.quantity).replace(",", ""), money.exact(line.rate)
        free = [f"{line.free} free"] if line.free else []
        yield [money.exact(line.amount), cost.currency, line.unit, count, rate, str(line.per), *line.applied, *free]
    source = cost.source
    yield [
        "price",
        provenance(cost),
        source.url,
        f"read {source.retrieved}",
        *([f"via {source.via}"] if source.via else []),
    ]


def _currency(report: CostReport) -> str:
    return report.currency or next((row.cost.currency for row in report.rows if row.cost is not None), "")


def _total(report: CostReport, total: CostTotal) -> list[str]:
    amount, currency = total.total, total.currency
    if total.converted is not None:
        amount, currency = total.converted.amount, total.converted.currency
    calls = [f"{report.calls} calls: {money.exact(amount * report.calls)}"] if report.calls > 1 else []
    missing = [f"{total.unpriced} without a price"] if total.unpriced else []
    return [money.exact(amount), currency, "total", plural(total.rows, "row"), *missing, *calls, total.confidence]
