"""What prompts cost: counted tokens and stated assumptions become usage, usage becomes rows, rows add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, Count, FileCount, Problem
from tokencli.model.cost import Cost, CostRow, CostTotal, Line, Selectors, Usage
from tokencli.model.rates import CONFIDENCES, PricedModel
from tokencli.money import product
from tokencli.rates.encodings import column_of
from tokencli.rates.pricing import price
from tokencli.rates.units import FEES, INPUT_MEDIA, READ_PARTS, WRITE_PARTS

MEDIA = ("image", "audio", "video")


class Assumptions(NamedTuple):
    """What is said of a call beside the tokens that were counted.

    Output is a number of tokens or a share of the input, cached input likewise; `units` are further counts by their
    names in the normalised usage.
    """

    output_tokens: int | None = None
    output_ratio: Decimal | None = None
    cached_tokens: int | None = None
    cached_share: Decimal | None = None
    units: Mapping[str, int | Decimal] = {}


class Target(NamedTuple):
    """A model to price for: as it was asked for, its prices, how its tokens are counted (None: not at all), and what
    the user's contracts make of its prices."""

    name: str
    model: PricedModel
    column: Column | None
    multiplier: Decimal | None = None
    notes: tuple[str, ...] = ()


def priced_as(name: str, model: PricedModel, column: Column | None = None) -> Target:
    """The target of a model; without a `column` of the user's choice the catalog says how it is counted."""
    return Target(name, model, column or column_of(model))


def usage_of(input_tokens: int, assumed: Assumptions) -> dict[str, int | Decimal]:
    """The usage of one call; shares are rounded to the nearest token, halves to the even one."""
    usage: dict[str, int | Decimal] = {"input_tokens": input_tokens}
    output = assumed.output_tokens
    if assumed.output_ratio is not None:
        output = _share(input_tokens, assumed.output_ratio)
    if output:
        usage["output_tokens"] = output
    cached = assumed.cached_tokens
    if assumed.cached_share is not None:
        cached = _share(input_tokens, assumed.cached_share)
    if cached:
        usage["cache_read_tokens"] = cached
    usage.update(assumed.units)
    return usage


def _share(tokens: int, share: Decimal) -> int:
    return round(tokens * Fraction(share))


def in_words(assumed: Assumptions) -> tuple[str, ...]:
    """The assumptions as sentences; that nothing is assumed of the output is said too."""
    words = []
    if assumed.output_ratio is not None:
        words.append(f"output: {assumed.output_ratio} of the input (--output-ratio)")
    elif assumed.output_tokens is not None:
        words.append(f"output: {assumed.output_tokens:,} tokens a call (--output-tokens)")
    else:
        words.append("no output is priced: --output-tokens N or --output-ratio R says how much to expect")
    if assumed.cached_share is not None:
        words.append(f"read from the cache: {assumed.cached_share} of the input (--cached-share)")
    elif assumed.cached_tokens is not None:
        words.append(f"read from the cache: {assumed.cached_tokens:,} tokens of the input (--cached-tokens)")
    words += [f"{name}: {count:,} (--unit)" for name, count in assumed.units.items()]
    return tuple(words)


class Call(NamedTuple):
    """What is sent in one call: how many tokens in all, those of images, sound and film in them by the names of the
    normalised usage, and how often such a call is made."""

    tokens: Count
    media: Mapping[str, Count] = {}
    times: int = 1


def file_call(to: Target, file: FileCount, at_column: int, times: int = 1) -> Call:
    """A counted file as a call, by one of its columns."""
    return Call(file.counts[at_column], media(to.model, file, at_column), times)


def contract(to: Target, selectors: Selectors) -> Selectors:
    """The selectors with what the user's contracts make of the prices of a model."""
    multipliers = [one for one in (selectors.contract_multiplier, to.multiplier) if one is not None]
    return selectors._replace(contract_multiplier=product(*multipliers) if multipliers else None)


def prompt_row(to: Target, call: Call, assumed: Assumptions, selectors: Selectors, at: int) -> CostRow:
    """The row of one call; the ends of an estimate are priced too.

    TokError where the usage contradicts itself or has no price.
    """
    chosen = contract(to, selectors)
    tokens = call.tokens
    usage = _usage(to.model, tokens.tokens, {name: count.tokens for name, count in call.media.items()}, assumed)
    cost = price(to.model, usage, chosen, at)
    ends = [cost.total]
    if (tokens.low, tokens.high) != (tokens.tokens, tokens.tokens):
        least = _known(assumed)
        low = {name: count.low for name, count in call.media.items()}
        high = {name: count.high for name, count in call.media.items()}
        for end, media in ((tokens.low, low), (tokens.high, high)):
            ends.append(price(to.model, _usage(to.model, max(end, least), media, assumed), chosen, at).total)
    return CostRow(
        id="",
        path="",
        provider=cost.provider,
        model=cost.model,
        usage=usage,
        cost=cost,
        name=to.name,
        tokens=tokens,
        column=to.column,
        window=to.model.context_window or (to.column.window if to.column else None),
        low=min(ends),
        high=max(ends),
        of_calls=_of_calls(to, cost, usage, chosen, call.times),
        notes=(*to.notes, *_remarks(to.model, usage)),
    )


def _known(assumed: Assumptions) -> int:
    """The tokens of the input that were given as numbers: fewer than these no estimate can mean."""
    units = assumed.units
    written = max(units.get("cache_write_tokens", 0), sum(units.get(part, 0) for part in WRITE_PARTS))
    read = assumed.cached_tokens or units.get("cache_read_tokens", 0)
    return int(read + written + sum(units.get(part, 0) for part in INPUT_MEDIA))


def _usage(model: PricedModel, tokens: int, media: Mapping[str, int], assumed: Assumptions) -> dict[str, int | Decimal]:
    """The usage of a call, which is one request where requests have a fee, with media in its input; of what is cached
    as much is text as there is."""
    usage = usage_of(tokens, assumed)
    if "requests" not in usage and any("request" in segment.fees for segment in model.prices):
        usage["requests"] = 1
    parts = {name: count for name, count in media.items() if name not in assumed.units}
    if not parts:
        return usage
    written = max(usage.get("cache_write_tokens", 0), sum(usage.get(part, 0) for part in WRITE_PARTS))
    over = int(usage.get("cache_read_tokens", 0) + written + sum(parts.values())) - tokens
    for name, count in parts.items():
        cached = min(count, max(over, 0))
        over -= cached
        read = f"cache_read_{name.removeprefix('input_')}"
        if cached and any(READ_PARTS[read] in segment.rates for segment in model.prices):
            usage[read] = cached
        usage[name] = count - cached
    return usage


def _of_calls(to: Target, cost: Cost, usage: Usage, chosen: Selectors, calls: int) -> Fraction | None:
    """What all calls come to where units are free for a period: those of all calls together, free once."""
    if calls == 1 or not any(line.free for line in cost.lines):
        return None
    fees = {key: count * calls for key, count in usage.items() if key in FEES}
    once = price(to.model, {**usage, **fees}, chosen, cost.at).total
    others = _sum(line.amount for line in cost.lines if line.unit not in FEES.values())
    return once + others * (calls - 1)


def _remarks(model: PricedModel, usage: Usage) -> list[str]:
    """Where usage goes against a limit of the model that its price does not show."""
    remarks = []
    cached = usage.get("cache_read_tokens", 0)
    least = model.cache.min_tokens
    if least and 0 < cached < least:
        remarks.append(f"{model.id} caches no prefix under {least:,} tokens, and {cached:,} are said to be cached")
    if model.max_output and usage.get("output_tokens", 0) > model.max_output:
        remarks.append(f"{model.id} puts out at most {model.max_output:,} tokens")
    if model.context_window and usage.get("input_tokens", 0) > model.context_window:
        remarks.append(
            f"{usage['input_tokens']:,} tokens do not fit into the window of {model.id}, {model.context_window:,}"
        )
    return remarks


def media(model: PricedModel, file: FileCount, at_column: int) -> dict[str, Count]:
    """The tokens of images, sound and film in a file, as far as the model has prices of their own for them."""
    found: dict[str, Count] = {}
    for kind in MEDIA:
        if not any(f"input_{kind}" in segment.rates for segment in model.prices):
            continue
        counts = [file.counts[at_column]] if file.kind == kind else []
        if file.transcript is not None:
            counts = [own[at_column] for (_, part, _), own in file.transcript.sums.items() if part == kind]
        if any(count.high for count in counts):
            found[f"input_{kind}_tokens"] = added_up(counts)
    return found


def added_up(counts: Sequence[Count]) -> Count:
    """The sum of counts, of which there is one at least."""
    return sum(counts[1:], counts[0])


def unpriced(to: Target, path: str, error: TokError, tokens: Count | None = None) -> CostRow:
    """The row of something that has no price, and why."""
    problem = Problem(error.code, f"{path}: {error.message}" if path else error.message, error.hint)
    provider, name = to.model.card.provider, to.model.id
    return CostRow("", path, provider, name, {}, None, name=to.name, tokens=tokens, column=to.column, error=problem)


def unknown(name: str, error: TokError) -> CostRow:
    """The row of a model that has no card, or more than one."""
    problem = Problem(error.code, error.message, error.hint)
    return CostRow("", "", "", name, {}, None, name=name, error=problem)


def added(rows: Sequence[CostRow], calls: int = 1) -> CostRow:
    """Several calls on one model as one row; lines that price a unit alike are one. Where one of them has no price, nor
    has their sum."""
    failed = next((row for row in rows if row.cost is None), None)
    if failed is not None or len(rows) == 1:
        return failed or rows[0]
    costs = [row.cost for row in rows if row.cost is not None]
    lines: dict[tuple[object, ...], Line] = {}
    for line in (line for cost in costs for line in cost.lines):
        alike = (line.unit, line.rate, line.per, line.applied)
        same = lines.get(alike)
        if same is not None:
            line = line._replace(
                quantity=same.quantity + line.quantity, amount=same.amount + line.amount, free=same.free + line.free
            )
        lines[alike] = line
    notes = tuple(dict.fromkeys(note for cost in costs for note in cost.notes))
    cost = costs[0]._replace(total=_sum(cost.total for cost in costs), lines=tuple(lines.values()), notes=notes)
    usage: dict[str, int | Decimal] = {}
    for key, value in (pair for row in rows for pair in row.usage.items()):
        usage[key] = usage.get(key, 0) + value
    counts = [row.tokens for row in rows if row.tokens is not None]
    return rows[0]._replace(
        path=f"{len(rows)} files",
        usage=usage,
        cost=cost,
        tokens=added_up(counts) if counts else None,
        longest=max(row.sent for row in rows),
        low=_sum(row.low for row in rows if row.low is not None),
        high=_sum(row.high for row in rows if row.high is not None),
        of_calls=_all_calls(rows, calls),
        notes=tuple(dict.fromkeys(note for row in rows for note in row.notes)),
    )


def _all_calls(rows: Sequence[CostRow], calls: int) -> Fraction | None:
    """What all calls of all rows come to; None where that is so many times their total."""
    if all(row.of_calls is None for row in rows):
        return None
    return _sum(row.all_calls(calls) for row in rows)


def counts_alike(first: Column, second: Column) -> bool:
    """Whether two columns give the same number for any text."""
    return (first.encoding, first.method, first.proxy) == (second.encoding, second.method, second.proxy)


def totals(rows: Iterable[CostRow], calls: int = 1) -> tuple[CostTotal, ...]:
    """The sums of the rows, one for each currency; rows without a price are counted, in the first of them."""
    sums: dict[str, list[CostRow]] = {}
    missing = 0
    for row in rows:
        if row.cost is None:
            missing += 1
        else:
            sums.setdefault(row.cost.currency, []).append(row)
    found: list[CostTotal] = []
    for currency, own in sums.items():
        costs = [row.cost for row in own if row.cost is not None]
        found.append(
            CostTotal(
                currency,
                _sum(cost.total for cost in costs),
                len(own),
                missing if not found else 0,
                max((cost.confidence for cost in costs), key=CONFIDENCES.index),
                _sum(row.low if row.low is not None else cost.total for row, cost in zip(own, costs, strict=True)),
                _sum(row.high if row.high is not None else cost.total for row, cost in zip(own, costs, strict=True)),
                of_calls=_all_calls(own, calls),
            )
        )
    return tuple(found)


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))


def together(calls: Sequence[Call]) -> Call:
    """All inputs as the one of one call."""
    media: dict[str, list[Count]] = {}
    for name, count in (pair for call in calls for pair in call.media.items()):
        media.setdefault(name, []).append(count)
    sums = {name: added_up(counts) for name, counts in media.items()}
    return Call(added_up([call.tokens for call in calls]), sums, calls[0].times)


def need_encoding(to: Target) -> TokError:
    """The error for a model that nobody knows how to count."""
    hint = "-e ENCODING counts with one you choose; --input-tokens N needs no counting"
    message = f"how {to.model.card.provider}/{to.model.id} counts tokens is not known"
    return TokError(message, hint=hint, code="no-encoding", exit=ExitCode.DATA)
