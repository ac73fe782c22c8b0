"""What prompts cost: counted tokens and stated assumptions become usage, usage becomes rows, rows add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, Count, FileCount, Problem
from tokencli.model.cost import CostRow, CostTotal, Line, Selectors, Usage
from tokencli.model.rates import CONFIDENCES, PricedModel
from tokencli.money import product
from tokencli.rates.encodings import column_of
from tokencli.rates.pricing import price

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


def file_row(
    to: Target, file: FileCount, at_column: int, assumed: Assumptions, selectors: Selectors, at: int
) -> CostRow:
    """The row of a counted file, at one of its columns, as one call."""
    media = _media(to.model, file, at_column)
    assumed = assumed._replace(units={**media, **assumed.units})
    row = prompt_row(to, file.counts[at_column], assumed, selectors, at)
    column = (file.columns[at_column] if file.columns else None) or to.column
    return row._replace(path=file.path, column=column)


def prompt_row(to: Target, tokens: Count, assumed: Assumptions, selectors: Selectors, at: int) -> CostRow:
    """The row of one call with so many tokens of input; the ends of an estimate are priced too.

    TokError where the usage contradicts itself or has no price.
    """
    multipliers = [one for one in (selectors.contract_multiplier, to.multiplier) if one is not None]
    chosen = selectors._replace(contract_multiplier=product(*multipliers) if multipliers else None)
    usage = usage_of(tokens.tokens, assumed)
    cost = price(to.model, usage, chosen, at)
    ends = [cost.total]
    if (tokens.low, tokens.high) != (tokens.tokens, tokens.tokens):
        ends += [price(to.model, usage_of(end, assumed), chosen, at).total for end in (tokens.low, tokens.high)]
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
        notes=(*to.notes, *_remarks(to.model, usage)),
    )


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


def _media(model: PricedModel, file: FileCount, at_column: int) -> dict[str, int | Decimal]:
    """The tokens of images, sound and film in a file, as far as the model has prices of their own for them."""
    found: dict[str, int | Decimal] = {}
    for kind in MEDIA:
        if not any(f"input_{kind}" in segment.rates for segment in model.prices):
            continue
        if file.kind == kind:
            found[f"input_{kind}_tokens"] = file.counts[at_column].tokens
        elif file.transcript is not None:
            sums = file.transcript.sums.items()
            tokens = sum(counts[at_column].tokens for (_, part, _), counts in sums if part == kind)
            if tokens:
                found[f"input_{kind}_tokens"] = tokens
    return found


def unpriced(to: Target, path: str, error: TokError) -> CostRow:
    """The row of something that has no price, and why."""
    problem = Problem(error.code, error.message, error.hint)
    card = to.model.card
    return CostRow("", path, card.provider, to.model.id, {}, None, name=to.name, column=to.column, error=problem)


def added(rows: Sequence[CostRow]) -> CostRow:
    """Several calls on one model as one row; lines that price a unit alike are one."""
    if len(rows) == 1:
        return rows[0]
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
        tokens=sum(counts[1:], counts[0]) if counts else None,
        low=_sum(row.low for row in rows if row.low is not None),
        high=_sum(row.high for row in rows if row.high is not None),
        notes=tuple(dict.fromkeys(note for row in rows for note in row.notes)),
    )


def counts_alike(first: Column, second: Column) -> bool:
    """Whether two columns give the same number for any text."""
    return (first.encoding, first.method, first.proxy) == (second.encoding, second.method, second.proxy)


def totals(rows: Iterable[CostRow]) -> tuple[CostTotal, ...]:
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
            )
        )
    return tuple(found)


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))


def together(files: Sequence[FileCount]) -> FileCount:
    """All files as the one input of one call."""
    counts = tuple(sum(own[1:], own[0]) for own in zip(*(file.counts for file in files), strict=True))
    return FileCount(f"{len(files)} files", "together", sum(file.bytes for file in files), counts)


def need_encoding(to: Target) -> TokError:
    """The error for a model that nobody knows how to count."""
    hint = "-e ENCODING counts with one you choose; --input-tokens N needs no counting"
    message = f"how {to.model.card.provider}/{to.model.id} counts tokens is not known"
    return TokError(message, hint=hint, code="no-encoding", exit=ExitCode.DATA)
