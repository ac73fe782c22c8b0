"""A recorded session on another model: its requests counted anew, cached by their common beginnings, and priced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from tokencli.costing import Target, need_encoding
from tokencli.errors import TokError
from tokencli.model import Count, Problem
from tokencli.model.cost import Converted, Selectors
from tokencli.model.rates import CONFIDENCES, Confidence
from tokencli.model.replay import Log, Recorded, RecordedSum, Replayed, ReplayReport
from tokencli.model.simulation import Request
from tokencli.prefix_cache import Policy, policy
from tokencli.rates.pricing import price
from tokencli.replaying.counting import counted
from tokencli.replaying.requests import Chain, Conversation, Size
from tokencli.simulating.metering import Meter


class Ends(NamedTuple):
    """All requests by one end of the range of their counts."""

    requests: list[Request]
    plain: Fraction
    cost: Fraction | None


def replay(
    to: Target, talk: Conversation, log: Log, prefix: Count, selectors: Selectors, at: int, caching: str | None
) -> Replayed:
    """The session on one model, every request at the prices of one instant; `prefix` is what all of them begin with
    that the file does not hold. A session in which a model thought is priced in thinking mode.

    TokError where nobody knows how the model counts, or where it has no price.
    """
    if to.column is None:
        raise need_encoding(to)
    chosen = _chosen(to, talk, log, selectors)
    use = policy(to.model, caching, chosen, at)
    first = price(to.model, {"input_tokens": 1, "output_tokens": 1}, chosen, at)
    found = Replayed(
        to.name,
        to.model.card.provider,
        to.model.id,
        to.column,
        currency=first.currency,
        confidence=first.confidence,
        source=first.source.url,
        checked=first.checked,
        caching=use.words if use else "",
        same=_same(to, log, chosen, at, use),
        notes=(*to.notes, *first.notes),
    )
    if not any(step.answer is not None for step in talk.steps):
        return found
    made = counted(talk, to.column)
    sizes = list(talk.sizes(made.pieces, made.framing, prefix + made.tools))
    middle, *others = [
        _priced(to, requests_of(sizes, log, use, which), chosen, at, use)
        for which in (lambda count: count.tokens, lambda count: count.low, lambda count: count.high)
    ]
    ends = [each.plain if each.cost is None else each.cost for each in (middle, *others)]
    return found._replace(
        requests=len(sizes),
        input=sum((size.sent for size in sizes), Count(0, 0, 0)),
        output=sum((size.made + size.thought for size in sizes), Count(0, 0, 0)),
        cached=sum(request.cached for request in middle.requests),
        written=sum(request.written for request in middle.requests),
        plain=middle.plain,
        cost=middle.cost,
        low=min(ends),
        high=max(ends),
        notes=(*found.notes, *made.notes),
    )


def _chosen(to: Target, talk: Conversation, log: Log, selectors: Selectors) -> Selectors:
    """What decides between prices, with the user's terms and what the session did."""
    thought = any(step.thinking for step in talk.steps) or any(
        one.usage.get("reasoning_tokens") for one in log.requests
    )
    multiplier = to.multiplier or selectors.contract_multiplier
    return selectors._replace(contract_multiplier=multiplier, thinking=selectors.thinking or thought)


def _same(to: Target, log: Log, selectors: Selectors, at: int, use: Policy | None) -> Fraction | None:
    """The recorded tokens at the prices of a model, read from and written to its cache as they were recorded."""
    if not log.requests:
        return None
    found = []
    for one in log.requests:
        keys = ("input_tokens", "cache_read_tokens", "output_tokens", "reasoning_tokens")
        sent, read, made, thought = (int(one.usage.get(key, 0)) for key in keys)
        written = _written(one) if use and use.unit else 0
        found.append(Request(0, "main", sent, read if use else 0, written, made, thought, sent))
    return Meter(to.model, selectors, use).together([(request, at) for request in found])


def _priced(to: Target, requests: list[Request], selectors: Selectors, at: int, use: Policy | None) -> Ends:
    timed = [(request, at) for request in requests]
    cost = Meter(to.model, selectors, use).together(timed) if use else None
    return Ends(requests, Meter(to.model, selectors, None).together(timed), cost)


def requests_of(sizes: Sequence[Size], log: Log, use: Policy | None, which: Callable[[Count], int]) -> list[Request]:
    """The requests by one end of their ranges; a cache expires where the log says when, and that is long enough."""
    found = []
    held: dict[Chain, int] = {}
    last: dict[Chain, int | None] = {}
    for size in sizes:
        now = log.times.get(size.line) if size.line is not None else None
        then = last.get(size.chain)
        if use and now is not None and then is not None and now - then >= use.seconds:
            held[size.chain] = 0
        sent, made, thought = which(size.sent), which(size.made), which(size.thought)
        same = min(held.get(size.chain, 0), which(size.same), sent)
        read = use.read(same) if use else 0
        written = use.written(sent, read) if use else 0
        found.append(Request(0, "main", sent, read, written, made + thought, thought, sent))
        held[size.chain], last[size.chain] = sent, now
    return found


def failed(to: Target, error: TokError) -> Replayed:
    """A model that the session cannot be priced on, and why."""
    problem = Problem(error.code, error.message, error.hint)
    return Replayed(to.name, to.model.card.provider, to.model.id, to.column, problem=problem)


Find = Callable[[str, str], Target]
"""The target of a model's name at a provider ("": any)."""


def recorded(log: Log, find: Find, at: int) -> tuple[RecordedSum, ...]:
    """What the log recorded, summed up by model, each request at its own instant (`at` where it has none)."""
    groups: dict[tuple[str, str], list[Recorded]] = {}
    for one in log.requests:
        groups.setdefault((one.provider, one.model), []).append(one)
    return tuple(_summed(provider, model, own, find, at) for (provider, model), own in groups.items())


def _summed(provider: str, model: str, own: Sequence[Recorded], find: Find, at: int) -> RecordedSum:
    def tokens(*keys: str) -> int:
        return sum(int(one.usage.get(key, 0)) for one in own for key in keys)

    written = sum(_written(one) for one in own)
    counts = len(own), tokens("input_tokens"), tokens("cache_read_tokens"), written, tokens("output_tokens")
    bare = RecordedSum(provider, model, *counts)
    if not model:
        return bare._replace(why="the log does not say which model ran")
    total, currency, notes = Fraction(), "", dict[str, None]()
    worst: Confidence = "confirmed"
    try:
        to = find(model, provider)
        for one in own:
            chosen = one.selectors._replace(contract_multiplier=to.multiplier)
            cost = price(to.model, one.usage, chosen, at if one.at is None else one.at)
            total, currency = total + cost.total, cost.currency
            worst = max(worst, cost.confidence, key=CONFIDENCES.index)
            notes |= dict.fromkeys(cost.notes)
    except TokError as error:
        return bare._replace(why=error.message)
    priced = bare._replace(provider=to.model.card.provider, currency=currency, cost=total, confidence=worst)
    return priced._replace(notes=(*to.notes, *notes))


def _written(one: Recorded) -> int:
    whole = one.usage.get("cache_write_tokens")
    parts = (
        count for key, count in one.usage.items() if key.startswith("cache_write_") and key != "cache_write_tokens"
    )
    return int(sum(parts) if whole is None else whole)


def converted(report: ReplayReport, rate_of: Callable[[str], Converted | None]) -> ReplayReport:
    """The report with its amounts in another currency; `rate_of` tells what one unit of a currency is there, None where
    it stays. Amounts that no rate is known for are none, with the reason."""
    recorded = tuple(_recorded_in(each, rate_of) for each in report.recorded)
    return report._replace(recorded=recorded, targets=tuple(_replayed_in(each, rate_of) for each in report.targets))


def _recorded_in(each: RecordedSum, rate_of: Callable[[str], Converted | None]) -> RecordedSum:
    try:
        by = None if each.cost is None else rate_of(each.currency)
    except TokError as error:
        return each._replace(cost=None, currency="", confidence=None, why=error.message)
    if by is None or each.cost is None:
        return each
    notes = (*each.notes, f"{each.currency} converted at {by.words}")
    return each._replace(cost=each.cost * by.factor, currency=by.currency, notes=notes)


def _replayed_in(each: Replayed, rate_of: Callable[[str], Converted | None]) -> Replayed:
    try:
        by = None if each.problem else rate_of(each.currency)
    except TokError as error:
        problem = Problem(error.code, error.message, error.hint)
        return Replayed(each.name, each.provider, each.model, each.column, problem=problem)
    if by is None:
        return each

    def times(amount: Fraction | None) -> Fraction | None:
        return None if amount is None else amount * by.factor

    return each._replace(
        currency=by.currency,
        plain=times(each.plain),
        cost=times(each.cost),
        low=times(each.low),
        high=times(each.high),
        same=times(each.same),
        notes=(*each.notes, f"{each.currency} converted at {by.words}"),
    )
