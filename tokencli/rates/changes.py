"""Two sets of cards compared: what costs more or less, from when, and what else is said otherwise.

Provenance (sources, notes, the date a price was checked) is left out: it changes with every look and moves no price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tokencli.model.price_changes import Kind, PriceChange, PriceChanges
from tokencli.model.rates import Card, CardHead, Duration, Fee, Override, PricedModel, Segment, Threshold, When
from tokencli.rates.importing import writing

LIMITS = ("context_window", "max_output", "snapshots", "cache", "deprecated", "retires", "successor")
"""Fields of a model that are no price and no name."""

HEAD = ("currency", "tax", "slices", "aliases")
"""Fields of a card that hold for all its models."""


def compare(before: Sequence[Card], after: Sequence[Card], names: tuple[str, str]) -> PriceChanges:
    """What `after` says otherwise than `before`, sorted by provider and model; `names` are those of the two sets.

    Cards of one provider count as one; of two that price a model the first holds.
    """
    old, new = _models(before), _models(after)
    found: list[PriceChange] = []
    heads_old, heads_new = _heads(before), _heads(after)
    for provider in sorted(heads_old.keys() & heads_new.keys()):
        found += _heads_changed(heads_old[provider], heads_new[provider])
    for key in sorted(old.keys() | new.keys()):
        found += _model_changed(old.get(key), new.get(key), new, old)
    found.sort(key=lambda change: (change.provider, change.model != "", change.model.lower()))
    return PriceChanges(*names, tuple(found), len(old.keys() & new.keys()))


def _models(cards: Iterable[Card]) -> dict[tuple[str, str], PricedModel]:
    models: dict[tuple[str, str], PricedModel] = {}
    for card in cards:
        for model in card.models:
            models.setdefault((card.head.provider, model.id.lower()), model)
    return models


def _heads(cards: Iterable[Card]) -> dict[str, CardHead]:
    heads: dict[str, CardHead] = {}
    for card in cards:
        heads.setdefault(card.head.provider, card.head)
    return heads


def _heads_changed(old: CardHead, new: CardHead) -> Iterator[PriceChange]:
    for field in HEAD:
        before, after = _said(getattr(old, field)), _said(getattr(new, field))
        if before != after:
            text = f"{field.replace('_', ' ')} is {after or 'not set'}, was {before or 'not set'}"
            yield PriceChange("card", new.provider, "", field, text, before=before, after=after)
    for name in sorted(old.windows.keys() | new.windows.keys()):
        before, after = (
            writing.flow(writing.window(head.windows[name])) if name in head.windows else "" for head in (old, new)
        )
        if before != after:
            text = f"window {name} is {after or 'gone'}, was {before or 'not there'}"
            yield PriceChange("card", new.provider, "", f"windows.{name}", text, before=before, after=after)


def _model_changed(
    old: PricedModel | None,
    new: PricedModel | None,
    all_new: Mapping[tuple[str, str], PricedModel],
    all_old: Mapping[tuple[str, str], PricedModel],
) -> Iterator[PriceChange]:
    if old is None and new is not None:
        other = _alias(all_old.values(), new)
        text = f"new{f', was an alias of {other}' if other else ''}: {_price(new)}"
        yield PriceChange("new", new.card.provider, new.id, "model", text, after=new.id)
    elif new is None and old is not None:
        other = _alias(all_new.values(), old)
        text = f"removed{f', is an alias of {other} now' if other else ''}: {_price(old)}"
        yield PriceChange("removed", old.card.provider, old.id, "model", text, before=old.id)
    elif old is not None and new is not None:
        yield from _names(old, new)
        yield from _limits(old, new)
        yield from _prices(old, new)


def _alias(models: Iterable[PricedModel], wanted: PricedModel) -> str:
    """The model of the same provider that has the id of another as its alias."""
    name = wanted.id.lower()
    fits = (one for one in models if one.card.provider == wanted.card.provider)
    return next((one.id for one in fits if name in map(str.lower, one.aliases)), "")


def _price(model: PricedModel) -> str:
    """The newest prices of a model in a few words."""
    last = model.prices[-1]
    units = {**last.rates, **{name: fee.price for name, fee in last.fees.items()}}
    units |= {name: one.price for name, one in last.durations.items()}
    return ", ".join(f"{name} {writing.plain(price)}" for name, price in list(units.items())[:4])


def _names(old: PricedModel, new: PricedModel) -> Iterator[PriceChange]:
    before, after = ({name.lower(): name for name in one.aliases} for one in (old, new))
    for key in sorted(after.keys() - before.keys()):
        text = f"alias {after[key]} is new"
        yield PriceChange("name", new.card.provider, new.id, "aliases", text, after=after[key])
    for key in sorted(before.keys() - after.keys()):
        text = f"alias {before[key]} is gone"
        yield PriceChange("name", new.card.provider, new.id, "aliases", text, before=before[key])


def _limits(old: PricedModel, new: PricedModel) -> Iterator[PriceChange]:
    for field in LIMITS:
        before, after = _said(getattr(old, field)), _said(getattr(new, field))
        if before != after:
            text = f"{field.replace('_', ' ')} is {after or 'not known'}, was {before or 'not known'}"
            yield PriceChange("limit", new.card.provider, new.id, field, text, before=before, after=after)


def _said(value: Any) -> str:
    """A value of a field as text; "" where it says nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    if hasattr(value, "_asdict"):
        return ", ".join(f"{key} {_said(one)}" for key, one in value._asdict().items() if one not in (None, "", ()))
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return "" if value is None else str(value)


def _prices(old: PricedModel, new: PricedModel) -> Iterator[PriceChange]:
    """Differences of prices over each stretch of time in which both sets keep theirs."""
    edges = sorted(
        {edge for model in (old, new) for one in model.prices for edge in (one.start, one.end) if edge is not None}
    )
    before: list[tuple[PriceChange, int | None, int | None]] = []
    for start, end in zip([None, *edges], [*edges, None], strict=True):
        found = [(change, start, end) for change in _between(old, new, start)]
        before = _continued(before, found)
        yield from (_dated(*one) for one in before if one[2] != end)
        before = [one for one in before if one[2] == end]
    yield from (_dated(*one) for one in before)


Stretch = tuple[PriceChange, "int | None", "int | None"]


def _continued(before: list[Stretch], found: list[Stretch]) -> list[Stretch]:
    """Differences that went on from the stretch before begin where they began; those that ended stay as they are."""
    began = {change: start for change, start, _ in before}
    going = {change for change, _, _ in found}
    ended = [one for one in before if one[0] not in going]
    return [*ended, *((change, began.get(change, start), end) for change, start, end in found)]


def _dated(change: PriceChange, start: int | None, end: int | None) -> PriceChange:
    first = writing.instant(start) if start is not None else ""
    last = writing.instant(end) if end is not None else ""
    words = "".join((f" from {first}" if first else "", f" until {last}" if last else ""))
    return change._replace(text=change.text + words, start=first, end=last)


def _at(model: PricedModel, instant: int | None) -> Segment | None:
    """The prices that hold at an instant (None: before all dates)."""
    for one in model.prices:
        begun = one.start is None or (instant is not None and one.start <= instant)
        if begun and (one.end is None or instant is None or instant < one.end):
            return one
    return None


def _between(old: PricedModel, new: PricedModel, instant: int | None) -> Iterator[PriceChange]:
    before, after = _at(old, instant), _at(new, instant)
    say = _Sayer(new.card.provider, new.id)
    if before is None and after is None:
        return
    if before is None or after is None:
        gone = after is None
        yield say("price", "prices", "no price any more" if gone else f"a price where there was none: {_price(new)}")
        return
    yield from _units(say, "", before, after)
    rows_old, rows_new = ({words(row.when): row for row in one.overrides} for one in (before, after))
    for condition in (*rows_old, *(one for one in rows_new if one not in rows_old)):
        yield from _rows(say, condition, rows_old.get(condition), rows_new.get(condition))
    kept = [one for one in rows_old if one in rows_new]
    if kept != [one for one in rows_new if one in rows_old]:
        yield say("rule", "overrides", "its rows apply in another order")
    if before.confidence != after.confidence:
        text = f"the price is {after.confidence}, was {before.confidence}"
        yield say("rule", "confidence", text, before=before.confidence, after=after.confidence)


class _Sayer:
    """Makes the changes of one model."""

    def __init__(self, provider: str, model: str) -> None:
        self.provider = provider
        self.model = model

    def __call__(self, kind: Kind, what: str, text: str, **more: Any) -> PriceChange:
        return PriceChange(kind, self.provider, self.model, what, text, **more)


def _rows(say: _Sayer, condition: str, old: Override | None, new: Override | None) -> Iterator[PriceChange]:
    if old is None and new is not None:
        yield say("price", "overrides", f"{condition}: {_row(new)} is new", condition=condition, after=_row(new))
    elif new is None and old is not None:
        yield say("price", "overrides", f"{condition}: {_row(old)} is gone", condition=condition, before=_row(old))
    elif old is not None and new is not None and bool(old.rates or old.fees) != bool(new.rates or new.fees):
        text = f"{condition}: {_row(new)} instead of {_row(old)}"
        yield say("rule", "overrides", text, condition=condition, before=_row(old), after=_row(new))
    elif old is not None and new is not None:
        yield from _units(say, condition, old, new)
        if (old.multiply, old.only) != (new.multiply, new.only):
            before, after = (_factor(one) for one in (old, new))
            text = f"{condition}: {after or 'no multiplier'}, was {before or 'none'}"
            yield say("rule", "multiply", text, condition=condition, before=before, after=after)


def _row(row: Override) -> str:
    parts = [f"{name} {writing.plain(price)}" for name, price in row.rates.items()]
    parts += [f"{name} {_fee(fee)}" for name, fee in row.fees.items()]
    return ", ".join([*parts, *filter(None, [_factor(row)])])


def _factor(row: Override) -> str:
    if row.multiply is None:
        return ""
    return f"x {writing.plain(row.multiply)}{' of ' + ', '.join(row.only) if row.only else ''}"


def _units(say: _Sayer, condition: str, old: Segment | Override, new: Segment | Override) -> Iterator[PriceChange]:
    """Differences of rates, fees and durations that stand in the same place of both sets."""
    kinds: list[tuple[Mapping[str, Any], Mapping[str, Any], Callable[[Any], str], Callable[[Any], Fraction]]] = [
        (old.rates, new.rates, writing.plain, Fraction),
        (old.fees, new.fees, _fee, lambda fee: Fraction(fee.price) / fee.per),
    ]
    if isinstance(old, Segment) and isinstance(new, Segment):
        kinds.append((old.durations, new.durations, _duration, lambda one: Fraction(one.price) / one.per))
        kinds.append((_storage(old), _storage(new), writing.plain, Fraction))
    start = f"{condition}: " if condition else ""
    for before, after, show, value in kinds:
        for name in (*before, *(one for one in after if one not in before)):
            if name not in before:
                told = show(after[name])
                yield say("price", name, f"{start}{name} is priced: {told}", condition=condition, after=told)
            elif name not in after:
                told = show(before[name])
                yield say("price", name, f"{start}{name} has no price, had {told}", condition=condition, before=told)
            elif before[name] != after[name]:
                yield _moved(say, condition, name, (before[name], after[name]), show, value)


def _moved(
    say: _Sayer,
    condition: str,
    name: str,
    pair: tuple[Any, Any],
    show: Callable[[Any], str],
    value: Callable[[Any], Fraction],
) -> PriceChange:
    old, new = value(pair[0]), value(pair[1])
    percent = (new / old - 1) * 100 if old and new else None
    kind: Kind = "rule" if old == new else "up" if new > old else "down"
    share = f" ({percent_text(percent)})" if percent else ""
    start = f"{condition}: " if condition else ""
    before, after = map(show, pair)
    text = f"{start}{name} {before} -> {after}{share}"
    return say(kind, name, text, condition=condition, before=before, after=after, percent=percent)


def percent_text(percent: Fraction) -> str:
    """A rise with its sign and at most one digit after the point: "+12.5%"; one too small for that as "<0.1%"."""
    tenths = round(percent * 10)
    if not tenths:
        return "<+0.1%" if percent > 0 else "<-0.1%"
    whole, rest = divmod(abs(tenths), 10)
    return f"{'+' if tenths > 0 else '-'}{whole}{f'.{rest}' if rest else ''}%"


def _storage(one: Segment) -> dict[str, Decimal]:
    return {} if one.cache_token_hours is None else {"cache_token_hours": one.cache_token_hours}


def _fee(fee: Fee) -> str:
    group = f" in {fee.group}" if fee.group else ""
    free = f", {fee.free:,} free a {fee.period}{group}" if fee.free else ""
    return f"{writing.plain(fee.price)} for {fee.per:,}{free}"


def _duration(one: Duration) -> str:
    least = f", at least {one.minimum}" if one.minimum else ""
    return f"{writing.plain(one.price)} for {one.per:,} s{least}"


def words(when: When) -> str:
    """The conditions of a row, in words."""
    parts = []
    for count, bound in (("input", when.input_tokens), ("output", when.output_tokens)):
        if bound is not None:
            parts.append(f"{count} {_bounds(bound)} tokens")
    if when.duration_seconds is not None:
        parts.append(f"{_bounds(when.duration_seconds)} seconds")
    for flag, word in ((when.batch, "batch"), (when.thinking, "thinking")):
        if flag is not None:
            parts.append(word if flag else f"not {word}")
    for name in ("service_tier", "speed", "region", "resolution"):
        if told := getattr(when, name):
            parts.append(f"{name.replace('_', ' ')} {' or '.join(told)}")
    for name in ("cache_mode", "search_size", "window"):
        if told := getattr(when, name):
            parts.append(f"{name.replace('_', ' ')} {told}")
    return ", ".join(parts)


def _bounds(bound: Threshold) -> str:
    signs = (("gt", "over"), ("gte", "from"), ("lt", "under"), ("lte", "up to"))
    return " and ".join(f"{word} {getattr(bound, sign):,}" for sign, word in signs if getattr(bound, sign) is not None)
