"""Plain lines for pipes: tab-separated, exact amounts first so that `sort -n` works, never cut.

A row is: amount, currency, tokens of the input, the model with its provider, what it is, and of an estimate the range
`low-high` of the amount. A ranking has the difference, what made the price, and then the range, after the model. What
caching comes to (--caching) follows; the totals are last: amount, currency, `total`, rows, confidence. A receipt
(--explain) has a line for each unit: amount, currency, unit, count, rate, per, what made the rate. What has no price
has `--`. Other ways to have the same are in the other formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.cost import card_of, model_of, percent, provenance, quantity, what_of
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
        yield [*_amount(row), model_of(row), what_of(row), *_range(row)]
        if report.explain:
            yield from _receipt(row)
    if report.rest:
        yield ["-", "-", "-", plural(report.rest, "more row")]
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
    factor, currency = Fraction(1), row.cost.currency
    if row.converted is not None:
        factor, currency = row.converted.factor, row.converted.currency
    return [money.exact(row.cost.total * factor), currency, tokens]


def _range(row: CostRow, factor: Fraction = Fraction(1)) -> list[str]:
    """The ends of the amount of an estimate."""
    if row.low is None or row.high is None or row.low == row.high:
        return []
    factor = row.converted.factor if row.converted is not None else factor
    return [f"{money.exact(row.low * factor)}-{money.exact(row.high * factor)}"]


def _ranked(report: CostReport, each: Ranked) -> list[str]:
    row = each.row
    # What the row's own total is worth in the ranking's currency, its ends are too.
    factor = each.amount / row.cost.total if row.cost is not None and row.cost.total else Fraction(1)
    calls = [f"{report.calls} calls: {money.exact(each.of_calls)}"] if report.calls > 1 else []
    points = ["--" if cost is None else money.exact(cost) for cost in each.per_point]
    points += ["unbeaten" if best else "beaten" for best in each.unbeaten]
    return [
        money.exact(each.amount),
        report.currency,
        str(row.tokens.tokens if row.tokens else row.usage.get("input_tokens", 0)),
        model_of(row),
        percent(each.difference),
        *calls,
        *points,
        "; ".join(each.hits),
        *_range(row, factor),
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
        *([f"card {card_of(cost)}"] if cost.card else []),
    ]


def _currency(report: CostReport) -> str:
    return report.currency or next((row.cost.currency for row in report.rows if row.cost is not None), "")


def _total(report: CostReport, total: CostTotal) -> list[str]:
    factor, currency = Fraction(1), total.currency
    if total.converted is not None:
        factor, currency = total.converted.factor, total.converted.currency
    whole = total.all_calls(report.calls) * factor
    calls = [f"{report.calls} calls: {money.exact(whole)}"] if report.calls > 1 else []
    missing = [f"{total.unpriced} without a price"] if total.unpriced else []
    return [
        money.exact(total.total * factor),
        currency,
        "total",
        plural(total.rows, "row"),
        *missing,
        *calls,
        total.confidence,
    ]
