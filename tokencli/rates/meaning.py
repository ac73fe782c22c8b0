"""What a card of the right shape must still not say: prices that overlap, names twice, windows that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from tokencli.rates.marks import Items, Problem, Table
from tokencli.rates.shape import near

OPEN = {"from": datetime.min.replace(tzinfo=UTC), "until": datetime.max.replace(tzinfo=UTC)}
"""What a price without one of its dates begins or ends with."""


YEARS = range(1970, 3000)
"""Years of a date in a card: at either end of the calendar an hour has no place in another time zone."""


def judge(card: Table, units: tuple[str, ...], out: list[Problem]) -> None:
    """Put to `out` what is wrong in a card that fits the schema; `units` are the keys that have prices."""
    _names(card, out)
    for holder, key in _dates(card):
        if _moment(holder[key]) is None:
            message = f"{key} is {holder[key]!r}, which is no day or hour of the calendar"
            out.append(Problem(holder.lines[key], message, "write a date such as 2026-11-22"))
    _windows(card, out)
    for holder, key in _counts(card):
        if holder[key] < 0:
            message = f"{key} is {holder[key]}, less than nothing"
            out.append(Problem(holder.lines[key], message, "write a whole number from 0, or leave it out if unknown"))
    for model in card["models"]:
        _minimum(model, out)
        _spans(model, out)
        for price in model["prices"]:
            for row in price.get("overrides", ()):
                _row(row, card.get("windows", {}), units, out)


def _names(card: Table, out: list[Problem]) -> None:
    """Every id and alias is one model's alone, in any case, and can be typed in one line."""
    seen: dict[str, tuple[str, int]] = {}
    for model in card["models"]:
        aliases = model.get("aliases", Items(0))
        for name, line in [(model["id"], model.lines["id"]), *zip(aliases, aliases.lines, strict=True)]:
            if not name or name != name.strip() or not name.isprintable():
                out.append(Problem(line, f"the name {name!r} cannot be typed", "write it without blanks around it"))
            if name.lower() in seen:
                owner, first = seen[name.lower()]
                message = f"the name {name!r} stands for {owner} already, in line {first}"
                out.append(Problem(line, message, "a name is the id or an alias of one model, once"))
            seen[name.lower()] = (model["id"], line)


def _tables(value: Any) -> Iterator[Table]:
    """A value's tables, itself first."""
    if isinstance(value, Table):
        yield value
        for part in value.values():
            yield from _tables(part)
    elif isinstance(value, Items):
        for part in value:
            yield from _tables(part)


def _dates(card: Table) -> Iterator[tuple[Table, str]]:
    for table in _tables(card):
        for key in ("retrieved", "from", "until", "checked", "deprecated", "retires", "as_of"):
            if isinstance(table.get(key), str):
                yield table, key


def _counts(card: Table) -> Iterator[tuple[Table, str]]:
    """Whole numbers to which the schema gives no least value."""
    keys = ("context_window", "max_output", "cache_min_tokens", "min_tokens", "breakpoints", "count", "minimum")
    for model in card["models"]:
        for table in _tables(model):
            for key in keys:
                if key in table and not isinstance(table[key], str | Table | Items):
                    yield table, key


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _windows(card: Table, out: list[Problem]) -> None:
    for window in card.get("windows", {}).values():
        for key in ("days_tz", "hours_tz"):
            if key in window and not _is_zone(window[key]):
                message = f"{key} is {window[key]!r}, no time zone that is known"
                out.append(Problem(window.lines[key], message, "write a name such as Asia/Shanghai, or UTC"))


def _is_zone(name: str) -> bool:
    if name == "UTC":
        return True
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _minimum(model: Table, out: list[Problem]) -> None:
    least, within = model.get("cache_min_tokens"), model.get("cache", {}).get("min_tokens")
    if least is not None and within is not None and least != within:
        message = f"cache_min_tokens is {least} and cache.min_tokens is {within}"
        out.append(Problem(model.lines["cache_min_tokens"], message, "keep the one in cache"))


def _spans(model: Table, out: list[Problem]) -> None:
    """Each dated price ends after it begins, and no two hold at once."""
    spans = []
    for price in model["prices"]:
        start, end = (_moment(price[key]) if key in price else OPEN[key] for key in ("from", "until"))
        if start is None or end is None:
            return
        if end <= start:
            message = f"{model['id']}: until {price['until']} is not after from {price.get('from', '')}"
            out.append(
                Problem(price.lines["until"], message, "a price holds from `from` to the instant before `until`")
            )
        spans.append((start, end, price))
    spans.sort(key=lambda span: span[0])
    for (_, end, first), (start, _, price) in pairwise(spans):
        if start < end:
            message = f"{model['id']}: these prices hold while those of line {first.line} still do"
            hint = f"let the earlier ones end: until: {price.get('from', 'the day these begin')}"
            out.append(Problem(price.line, message, hint))


def _row(row: Table, windows: Table, units: tuple[str, ...], out: list[Problem]) -> None:
    """A row of overrides names a window of the card, and units that can be priced."""
    when = row["when"]
    if "window" in when and when["window"] not in windows:
        message = f"there is no window {when['window']!r} in this card"
        hint = near(when["window"], list(windows)) or "write it under windows: at the top of the card"
        out.append(Problem(when.lines["window"], message, hint))
    if "only" not in row:
        return
    if "multiply" not in row:
        message = "`only` says which units `multiply` scales, and there is none"
        out.append(Problem(row.lines["only"], message, "add multiply: ..., or leave `only` out"))
    for unit in row["only"]:
        if unit not in units:
            hint = near(unit, list(units)) or f"the units are {', '.join(units)}"
            out.append(Problem(row.lines["only"], f"only: {unit!r} is no unit of a card", hint))
