"""A card as YAML: the shortest form that reads back as the same card, one model a line where it fits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from tokencli.model.rates import Card, Duration, Fee, Override, PricedModel, Segment, Source, Threshold, When, Window

WIDTH = 160
"""Longest line that a model or a list is put into."""

ORDER = ("input", "input_text", "cache_read", "cache_write", "cache_write_5m", "cache_write_30m", "cache_write_1h")
"""Rates that stand first, in this order: what is sent before what comes back, as price lists have it."""

LAST = ("output", "output_text", "reasoning", "citation")

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")

# What YAML 1.1 takes for a truth or for nothing, though it looks like a word.
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


class Date(NamedTuple):
    """A date or instant, which stands without quotes where it is a date."""

    text: str


def text(card: Card) -> str:
    """The card as a file: UTF-8, ends in a line end. The currency, order and every figure are kept as they are."""
    head = card.head
    lines = ["# yaml-language-server: $schema=ratecard.schema.json", "schema: tok-ratecard/1"]
    for key, value in (
        ("provider", head.provider),
        ("name", head.name),
        ("provider_aliases", list(head.aliases)),
        ("currency", head.currency),
        ("tax", "included" if head.tax == "included" else ""),
        ("defaults", {"tier_mode": "slices"} if head.slices else {}),
    ):
        if value:
            lines.append(f"{key}: {flow(value)}")
    lines += ["sources:", *(f"  - {flow(source(one))}" for one in head.sources)]
    if head.windows:
        lines += ["windows:", *(f"  {flow(name)}: {flow(window(one))}" for name, one in head.windows.items())]
    lines.append("models:")
    for model in card.models:
        lines += _model(model)
    return "\n".join(lines) + "\n"


def _model(model: PricedModel) -> list[str]:
    """A model in one line, or a line for each segment and override where one would be too long."""
    table = model_table(model)
    short = flow(table)
    if len(short) + 2 <= WIDTH:
        return [f"- {short}"]
    lines = []
    for key, value in table.items():
        if key != "prices":
            lines.append(f"  {key}: {flow(value)}")
    lines.append("  prices:")
    for one in table["prices"]:
        lines += _segment(one)
    return ["- " + lines[0][2:], *lines[1:]]


def _segment(table: dict[str, Any]) -> list[str]:
    short = flow(table)
    if len(short) + 6 <= WIDTH:
        return [f"    - {short}"]
    lines = []
    for key, value in table.items():
        if key == "overrides":
            lines += ["      overrides:", *(f"        - {flow(one)}" for one in value)]
        else:
            lines.append(f"      {key}: {flow(value)}")
    return ["    - " + lines[0][6:], *lines[1:]]


def flow(value: Any) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple) and not isinstance(value, Date):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, Date):
        return value.text if re.fullmatch(r"\d{4}-\d\d-\d\d", value.text) else json.dumps(value.text)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return json.dumps(value, ensure_ascii=not value.isprintable())


def plain(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    digits = format(value, "f")
    return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits


def model_table(model: PricedModel) -> dict[str, Any]:
    """A model as the schema has it, without what is the default."""
    table: dict[str, Any] = {"id": model.id}
    rules = model.cache
    cache = {
        "min_tokens": rules.min_tokens,
        "ttl_seconds": list(rules.ttl_seconds) or None,
        "breakpoints": rules.breakpoints,
        "automatic": rules.automatic,
        "as_of": Date(rules.as_of) if rules.as_of else None,
        "source": rules.source or None,
    }
    for key, value in (
        ("aliases", list(model.aliases) or None),
        ("snapshots", None if model.snapshots else "none"),
        ("context_window", model.context_window),
        ("max_output", model.max_output),
        ("cache", _present(cache.items()) or None),
        ("deprecated", Date(model.deprecated) if model.deprecated else None),
        ("retires", Date(model.retires) if model.retires else None),
        ("successor", model.successor or None),
        ("note", model.note or None),
    ):
        if value is not None:
            table[key] = value
    return table | {"prices": [segment(one) for one in model.prices]}


def _present(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if value is not None}


def segment(one: Segment) -> dict[str, Any]:
    """A dated segment as the schema has it."""
    storage = {} if one.cache_token_hours is None else {"cache_token_hours": one.cache_token_hours}
    pairs: tuple[tuple[str, Any], ...] = (
        ("from", None if one.start is None else Date(instant(one.start))),
        ("until", None if one.end is None else Date(instant(one.end))),
        ("rates", rates(one.rates)),
        ("fees", {key: fee(value) for key, value in one.fees.items()}),
        ("durations", {key: duration(value) for key, value in one.durations.items()}),
        ("storage", storage),
        ("overrides", [override(row) for row in one.overrides]),
        ("checked", Date(one.checked) if one.checked else None),
        ("sources", [source(each) for each in one.sources]),
        ("note", one.note),
        ("confidence", one.confidence if one.confidence != "imported" else ""),
    )
    return {key: value for key, value in pairs if value or isinstance(value, Date)}


def rates(told: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Rates in the order in which they stand in a file."""

    def place(name: str) -> tuple[int, int]:
        if name in ORDER:
            return (0, ORDER.index(name))
        return (2, LAST.index(name)) if name in LAST else (1, 0)

    return {name: told[name] for name in sorted(told, key=place)}


def instant(seconds: int) -> str:
    """Seconds since 1970 UTC as a date where it is the start of one, else as an instant."""
    from datetime import UTC, datetime

    when = datetime.fromtimestamp(seconds, UTC)
    return when.strftime("%Y-%m-%d" if seconds % 86400 == 0 else "%Y-%m-%dT%H:%M:%SZ")


def override(row: Override) -> dict[str, Any]:
    """An override as the schema has it."""
    pairs: tuple[tuple[str, Any], ...] = (
        ("rates", rates(row.rates)),
        ("fees", {key: fee(value) for key, value in row.fees.items()}),
        ("multiply", row.multiply),
        ("only", list(row.only)),
        ("note", row.note),
    )
    return {"when": when(row.when)} | {key: value for key, value in pairs if value}


def when(asked: When) -> dict[str, Any]:
    """Conditions as the schema has them; of one word the word, of several a list."""
    table: dict[str, Any] = {}
    for key, value in zip(When._fields, asked, strict=True):
        if isinstance(value, Threshold):
            table[key] = _present(value._asdict().items())
        elif isinstance(value, tuple):
            if value:
                table[key] = value[0] if len(value) == 1 else list(value)
        elif value not in (None, ""):
            table[key] = value
    return table


def fee(one: Fee) -> dict[str, Any]:
    """A fee as the schema has it."""
    table: dict[str, Any] = {"price": one.price, "per": one.per}
    if one.free:
        table["free"] = {"count": one.free, "period": one.period} | ({"group": one.group} if one.group else {})
    return table


def duration(one: Duration) -> dict[str, Any]:
    """A duration as the schema has it."""
    return {"price": one.price, "per": one.per} | ({"minimum": one.minimum} if one.minimum else {})


def source(one: Source) -> dict[str, Any]:
    """A source as the schema has it."""
    table: dict[str, Any] = {"url": one.url, "retrieved": Date(one.retrieved)}
    return table | {key: value for key, value in (("via", one.via), ("quote", one.quote)) if value}


def window(one: Window) -> dict[str, Any]:
    """A window as the schema has it."""
    table: dict[str, Any] = {}
    if one.days:
        table |= {"days": [DAYS[day] for day in one.days], "days_tz": one.days_tz}
    hours = [f"{start // 60 % 24:02}:{start % 60:02}-{end // 60 % 24:02}:{end % 60:02}" for start, end in one.hours]
    return table | {"hours": hours, "hours_tz": one.hours_tz}
