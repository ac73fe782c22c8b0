"""The objects of `tok.cost/1`: money as decimal strings, with "n/d" beside those whose decimal does not end."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tokencli import money
from tokencli.formats.envelope import problem_objects
from tokencli.model.cost import (
    Alternative,
    CacheEconomics,
    Converted,
    Cost,
    CostReport,
    CostRow,
    CostTotal,
    LeftOut,
    Line,
    Ranked,
)


def amount(name: str, value: Fraction) -> dict[str, str]:
    """An amount under a name; under `NAME_exact` as a fraction too, where its decimal had to be rounded."""
    rounded = {} if money.ends(value) else {f"{name}_exact": money.ratio(value)}
    return {name: money.exact(value), **rounded}


def maybe(name: str, value: Fraction | None) -> dict[str, str | None]:
    """The same, None for an amount that is not known."""
    return {name: None} if value is None else {**amount(name, value)}


def row_object(row: CostRow) -> dict[str, Any]:
    """One priced thing, or the error that stands in place of its total."""
    found: dict[str, Any] = {"id": row.id, "path": row.path, "provider": row.provider, "model": row.model}
    if row.name:
        found["name"] = row.name
    found["method"] = row.method
    if row.column is not None:
        found["encoding"] = row.column.encoding
    if row.tokens is not None:
        found["tokens"] = {"input": row.tokens.tokens, "low": row.tokens.low, "high": row.tokens.high}
    if row.window is not None:
        found["window"] = row.window
    found["usage"] = {key: _count(Fraction(value)) for key, value in row.usage.items()}
    found.update(_cost(row, row.cost) if row.cost is not None else {"total": None, "currency": None})
    if row.error is not None:
        found["error"] = problem_objects([row.error])[0]
    found["notes"] = [*row.notes, *(row.cost.notes if row.cost is not None else ())]
    return found


def line_object(row: CostRow) -> dict[str, Any]:
    """A row as a line of its own: one without a price has an error in place of its total."""
    found = row_object(row)
    if row.cost is None:
        del found["total"], found["currency"]
    return found


def _cost(row: CostRow, cost: Cost) -> dict[str, Any]:
    found: dict[str, Any] = {**amount("total", cost.total), "currency": cost.currency, "confidence": cost.confidence}
    if row.low is not None and row.high is not None:
        found.update({**amount("low", row.low), **amount("high", row.high)})
    if row.converted is not None:
        found["converted"] = _converted(row.converted, row.low, row.high)
    source = cost.source
    found["lines"] = [_line(line) for line in cost.lines]
    found["at"] = _instant(cost.at)
    found["card"] = {
        "provider": cost.provider,
        "origin": cost.card,
        "source": source.url,
        "retrieved": source.retrieved,
        "via": source.via,
        "checked": cost.checked,
        "from": _instant(cost.start),
        "until": _instant(cost.end),
        "tax": cost.tax,
    }
    return found


def _line(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": line.unit, "count": _count(line.quantity)}
    found.update({**amount("rate", line.rate), "per": line.per, **amount("amount", line.amount)})
    return {**found, "applied": list(line.applied), "free": line.free}


def _count(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else money.exact(value)


def _converted(converted: Converted, low: Fraction | None, high: Fraction | None) -> dict[str, Any]:
    by = converted.by
    ends: dict[str, str] = {}
    if low is not None and high is not None:
        ends = {**amount("low", low * converted.factor), **amount("high", high * converted.factor)}
    rate = {"pair": f"{by.base}/{by.quote}", "rate": format(by.rate, "f"), "date": by.date, "source": by.source}
    return {**amount("total", converted.amount), **ends, "currency": converted.currency, "exchange": rate}


def _instant(at: int | None) -> str | None:
    from time import gmtime, strftime

    return None if at is None else strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(at))


def total_object(total: CostTotal, calls: int) -> dict[str, Any]:
    """The sum of the rows in one currency, and of all calls where there are several of each."""
    found: dict[str, Any] = {"currency": total.currency, **amount("total", total.total)}
    found.update({"rows": total.rows, "unpriced": total.unpriced, "confidence": total.confidence})
    if total.low is not None and total.high is not None:
        found.update({**amount("low", total.low), **amount("high", total.high)})
    if calls > 1:
        found.update({"calls": calls, **amount("total_of_calls", total.all_calls(calls))})
    if total.converted is not None:
        found["converted"] = _converted(total.converted, total.low, total.high)
        if calls > 1:
            found["converted"].update(amount("total_of_calls", total.all_calls(calls) * total.converted.factor))
    return found


def ranked_object(each: Ranked, report: CostReport) -> dict[str, Any]:
    """A row of a ranking: its place follows from the order."""
    found: dict[str, Any] = {
        "provider": each.row.provider,
        "model": each.row.model,
        **amount("amount", each.amount),
        **(amount("amount_of_calls", each.of_calls) if report.calls > 1 else {}),
        "currency": report.currency,
        "difference": None if each.difference is None else money.exact(each.difference),
        "hits": list(each.hits),
    }
    if each.per_point:
        points = zip(report.scores, each.per_point, each.unbeaten, strict=True)
        found["scores"] = [
            {"name": name, "cost_per_point": None if cost is None else money.exact(cost), "unbeaten": best}
            for name, cost, best in points
        ]
    return found


def left_out_object(each: LeftOut) -> dict[str, Any]:
    """A model that is not compared."""
    return {"provider": each.provider, "model": each.model, "reason": each.reason}


def alternative_object(each: Alternative, currency: str) -> dict[str, Any]:
    """Another way to have the same."""
    amounts = {**amount("total", each.amount), **amount("saving", each.saving)}
    return {"kind": each.kind, "words": each.words, **amounts, "currency": currency}


def caching_object(each: CacheEconomics, currency: str) -> dict[str, Any]:
    """What caching a prefix comes to for one lifetime."""
    found: dict[str, Any] = {"lifetime": each.lifetime, "tokens": each.tokens, "break_even_reads": each.reads}
    for name in ("write", "read", "plain", "cached_1000", "plain_1000"):
        found.update(amount(name, getattr(each, name)))
    return {**found, "currency": currency, "note": each.note}
