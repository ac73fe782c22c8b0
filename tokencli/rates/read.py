"""A rate card from YAML: checked against the schema and for its meaning, then built, with every price exact.

Whatever is wrong is collected with its line, so that a card can be mended in one go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tokencli.errors import ExitCode, TokError
from tokencli.model.rates import (
    CacheRules,
    Card,
    CardHead,
    Duration,
    Fee,
    Override,
    PricedModel,
    Segment,
    Source,
    Threshold,
    When,
    Window,
)
from tokencli.rates.marks import Items, Problem, Table, document
from tokencli.rates.meaning import judge
from tokencli.rates.shape import check

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_schemas: dict[str, Mapping[str, Any]] = {}


def read_card(text: str, path: str) -> Card:
    """The card of a YAML text, with `path` as its origin; TokError `card` (data) that names file, line and remedy."""
    table, wrong = _read(text)
    if wrong:
        first, more = wrong[0], len(wrong) - 1
        others = f" (and {more:,} more: tok rates check {path})" if more else ""
        message = f"{path}:{first.line}: {first.message}{others}"
        raise TokError(message, hint=first.hint, code="card", exit=ExitCode.DATA)
    return _card(table, path, text)


def problems(text: str, path: str) -> list[Problem]:
    """Everything for which `read_card` would refuse the text, in the order of its lines; none where it is a card."""
    return _read(text)[1]


def decoded(content: bytes, path: str) -> str:
    """The text of a card; TokError `card` where it is no UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        message = f"{path}:{line}: byte {problem.start + 1} is not UTF-8"
        raise TokError(message, hint="save the card as UTF-8", code="card", exit=ExitCode.DATA) from problem


def schema_text() -> str:
    """The JSON Schema of cards, as it ships."""
    from os.path import join

    from tokencli.rates.folders import shipped

    with open(join(shipped(), "ratecard.schema.json"), encoding="utf-8") as file:
        return file.read()


def schema() -> Mapping[str, Any]:
    """The JSON Schema of cards, read once."""
    if "card" not in _schemas:
        import json

        _schemas["card"] = json.loads(schema_text())
    return _schemas["card"]


def _read(text: str) -> tuple[Table, list[Problem]]:
    """The values of a card and what is wrong with them; meaning is judged of what has the right shape."""
    out: list[Problem] = []
    value = document(text, out)
    if value is None and out:
        return Table(1), out
    check(value, schema(), out)
    if not out:
        judge(value, _units(), out)
    return value, sorted(out, key=lambda problem: problem.line)


def _units() -> tuple[str, ...]:
    """Every key that has a price."""
    parts = schema()["$defs"]
    return (*(key for kind in ("rates", "fees", "durations") for key in parts[kind]["properties"]), "cache_token_hours")


def instant(text: str) -> int:
    """Seconds since 1970 of a date (00:00 UTC) or an instant; ValueError for a day or hour that does not exist."""
    from datetime import UTC, datetime

    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _card(table: Table, path: str, text: str) -> Card:
    import hashlib

    head = CardHead(
        provider=table["provider"],
        currency=table["currency"],
        name=table.get("name", ""),
        aliases=tuple(table.get("provider_aliases", ())),
        tax=table.get("tax", "excluded"),
        slices=table.get("defaults", {}).get("tier_mode") == "slices",
        windows={name: _window(window) for name, window in table.get("windows", {}).items()},
        sources=_sources(table["sources"]),
        origin=path,
        digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    return Card(head, tuple(_model(model, head) for model in table["models"]))


def _model(table: Table, head: CardHead) -> PricedModel:
    segments = [_segment(price) for price in table["prices"]]
    return PricedModel(
        head,
        id=table["id"],
        prices=tuple(sorted(segments, key=lambda segment: (segment.start is not None, segment.start or 0))),
        aliases=tuple(table.get("aliases", ())),
        snapshots=table.get("snapshots") != "none",
        context_window=_whole(table.get("context_window")),
        max_output=_whole(table.get("max_output")),
        cache=_cache(table),
        deprecated=table.get("deprecated", ""),
        retires=table.get("retires", ""),
        successor=table.get("successor", ""),
        note=table.get("note", ""),
    )


def _cache(table: Table) -> CacheRules:
    rules = table.get("cache", {})
    return CacheRules(
        min_tokens=_whole(rules.get("min_tokens", table.get("cache_min_tokens"))),
        ttl_seconds=tuple(int(seconds) for seconds in rules.get("ttl_seconds", ())),
        breakpoints=_whole(rules.get("breakpoints")),
        automatic=rules.get("automatic"),
        as_of=rules.get("as_of", ""),
        source=rules.get("source", ""),
    )


def _segment(table: Table) -> Segment:
    hours = table.get("storage", {}).get("cache_token_hours")
    return Segment(
        start=instant(table["from"]) if "from" in table else None,
        end=instant(table["until"]) if "until" in table else None,
        rates=_prices(table.get("rates", {})),
        fees={name: _fee(fee) for name, fee in table.get("fees", {}).items()},
        durations={name: _duration(each) for name, each in table.get("durations", {}).items()},
        cache_token_hours=None if hours is None else Decimal(hours),
        overrides=tuple(_override(each) for each in table.get("overrides", ())),
        checked=table.get("checked", ""),
        sources=_sources(table.get("sources", ())),
        note=table.get("note", ""),
        confidence=table.get("confidence", "imported"),
    )


def _override(table: Table) -> Override:
    factor = table.get("multiply")
    return Override(
        _when(table["when"]),
        rates=_prices(table.get("rates", {})),
        fees={name: _fee(fee) for name, fee in table.get("fees", {}).items()},
        multiply=None if factor is None else Decimal(factor),
        only=tuple(table.get("only", ())),
        note=table.get("note", ""),
    )


def _when(table: Table) -> When:
    given: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Table):
            given[key] = Threshold(**{bound: int(number) for bound, number in value.items()})
        elif key in ("service_tier", "speed", "region", "resolution"):
            given[key] = (value,) if isinstance(value, str) else tuple(value)
        else:
            given[key] = value
    return When(**given)


def _prices(table: Mapping[str, Any]) -> dict[str, Decimal]:
    return {key: Decimal(price) for key, price in table.items()}


def _fee(table: Table) -> Fee:
    free = table.get("free", {})
    return Fee(
        Decimal(table["price"]),
        int(table["per"]),
        free=int(free.get("count", 0)),
        period=free.get("period", ""),
        group=free.get("group", ""),
    )


def _duration(table: Table) -> Duration:
    return Duration(Decimal(table["price"]), int(table["per"]), int(table.get("minimum", 0)))


def _sources(items: Items | tuple[()]) -> tuple[Source, ...]:
    return tuple(Source(**source) for source in items)


def _window(table: Table) -> Window:
    zone = table.get("hours_tz", "UTC")
    hours = []
    for span in table["hours"]:
        start, end = (60 * int(part[:2]) + int(part[3:]) for part in re.split("-", span.strip()))
        hours.append((start, end))
    days = tuple(sorted(DAYS.index(day) for day in table.get("days", ())))
    return Window(tuple(hours), days, table.get("days_tz", zone), zone)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
