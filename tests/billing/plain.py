"""A second reckoning of a bill, straight from the YAML of a card: naive on purpose, and without a line of tokencli.

Every number is a fraction from the text of the card on; a bill is a list of (unit, quantity, rate, per).
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Row = tuple[str, Fraction, Fraction, int]
Table = Mapping[str, Any]

OPERATORS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FEES = {
    "web_searches": "web_search",
    "file_searches": "file_search",
    "requests": "request",
    "rerank_queries": "rerank_query",
    "images": "image",
    "pages": "page",
    "generations": "generation",
}
MEDIA = ("audio", "image", "video")
LIVES = ("5m", "30m", "1h", "12h")
KNOWN = {
    *FEES,
    *(f"{kind}_tokens" for kind in ("input", "output", "cache_read", "cache_write", "reasoning", "citation")),
    *(f"{side}_{kind}_tokens" for side in ("input", "output", "cache_read") for kind in MEDIA),
    *(f"cache_write_{life}_tokens" for life in LIVES),
    *(f"{kind}_seconds" for kind in ("audio", "video", "input_audio", "output_audio", "session")),
    "cache_storage_token_hours",
}


class RefusedError(Exception):
    """Why there is no bill, by the code of the error."""


def load(path: Path) -> Table:
    """The card as text and tables: the base loader makes no numbers, so no float can come about."""
    card: Table = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return card


def instant(text: str) -> datetime:
    """An instant, or a date as its midnight in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def bill(card: Table, model: str, usage: Table, options: Table, at: datetime) -> list[Row]:
    """The rows of a bill; RefusedError where the counts contradict each other or something has no price."""
    counts = _counts(usage)
    (entry,) = [entry for entry in card["models"] if entry["id"] == model]
    segment = _segment(entry["prices"], at)
    tokens = _tokens(counts)
    size = counts.get("input_tokens", Fraction())
    sliced = card.get("defaults", {}).get("tier_mode") == "slices"
    rows: list[Row] = []
    for top, share in _slices(segment, size) if sliced else [(size, Fraction(1))]:
        rates, fees = _in_force(card, segment, {**counts, "input_tokens": top}, options, at)
        rows += _token_rows({key: count * share for key, count in tokens.items()}, rates)
    rows += _fee_rows(counts, fees, options) + _other_rows(counts, segment, rates)
    contract = Fraction(options.get("contract_multiplier", "1"))
    return [(unit, quantity, rate * contract, per) for unit, quantity, rate, per in rows if quantity]


def _counts(usage: Table) -> dict[str, Fraction]:
    """The counts above 0; tokens and calls are whole, seconds and token-hours need not be."""
    counts = {key: Fraction(value) for key, value in usage.items() if Fraction(value)}
    for key, count in counts.items():
        if key not in KNOWN:
            raise RefusedError("unknown-usage")
        if count < 0 or (count.denominator > 1 and not key.endswith(("_seconds", "_hours"))):
            raise RefusedError("bad-usage")
    return counts


def _segment(prices: list[Table], at: datetime) -> Table:
    for segment in prices:
        begun = "from" not in segment or instant(segment["from"]) <= at
        ended = "until" in segment and instant(segment["until"]) <= at
        if begun and not ended:
            return segment
    raise RefusedError("no-price")


def _tokens(counts: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Disjoint counts by the key that prices them; what is left of a total goes to the key of the total."""
    count = {key.removesuffix("_tokens"): value for key, value in counts.items() if key.endswith("_tokens")}
    parts = {
        "cache_read": [f"cache_read_{kind}" for kind in MEDIA],
        "cache_write": [f"cache_write_{life}" for life in LIVES],
        "input": ["cache_read", "cache_write", "input_audio", "input_image", "input_video"],
        "output": ["output_audio", "output_image", "output_video"],
    }
    whole = {total: sum((count.get(part, Fraction()) for part in names), Fraction()) for total, names in parts.items()}
    for total in ("cache_read", "cache_write"):
        count.setdefault(total, whole[total])
    whole["input"] = sum((count.get(part, Fraction()) for part in parts["input"]), Fraction())
    rest = dict(count)
    for total, taken in whole.items():
        rest[total] = count.get(total, Fraction()) - taken
    if min(rest.values()) < 0 or count.get("reasoning", 0) > count.get("output", 0):
        raise RefusedError("inconsistent-usage")
    return rest


def _slices(segment: Table, size: Fraction) -> list[tuple[Fraction, Fraction]]:
    """The top of each slice of the input, and its share of the input."""
    cuts = {
        Fraction(row["when"]["input_tokens"]["gt"])
        for row in segment.get("overrides", [])
        if "gt" in row["when"].get("input_tokens", {})
    }
    edges = [Fraction(), *sorted(cut for cut in cuts if cut < size), size]
    return [(top, (top - low) / size) for low, top in pairwise(edges)]


def _in_force(
    card: Table, segment: Table, counts: Table, options: Table, at: datetime
) -> tuple[dict[str, Fraction], dict[str, dict[str, Any]]]:
    """The rates (of tokens, seconds and storage, by unit) and fees that hold for a request."""
    rates = {key: Fraction(value) for key, value in segment.get("rates", {}).items()}
    sold_by_token = set(rates)
    fees = {key: dict(fee) for key, fee in segment.get("fees", {}).items()}
    factors: list[tuple[Fraction, list[str] | None]] = []
    for row in segment.get("overrides", []):
        if all(_holds(card, key, wanted, counts, options, at) for key, wanted in row["when"].items()):
            rates |= {key: Fraction(value) for key, value in row.get("rates", {}).items()}
            fees |= {key: dict(fee) for key, fee in row.get("fees", {}).items()}
            if "multiply" in row:
                factors.append((Fraction(row["multiply"]), row.get("only")))
    sold_by_token |= set(rates)
    rates |= {key: Fraction(value["price"]) for key, value in segment.get("durations", {}).items()}
    rates |= {key: Fraction(value) for key, value in segment.get("storage", {}).items()}
    everything = [*segment.get("durations", {}), *fees]
    for factor, only in factors:
        for unit in only or sold_by_token or everything:
            if unit in fees:
                fees[unit]["price"] = Fraction(fees[unit]["price"]) * factor
            else:
                rates[unit] *= factor
    return rates, fees


def _holds(card: Table, key: str, wanted: Any, counts: Table, options: Table, at: datetime) -> bool:
    if key == "window":
        return _within(card["windows"][wanted], at)
    if key in ("batch", "thinking"):
        return bool(options.get(key, False)) == (wanted == "true")
    if isinstance(wanted, dict):
        known = counts.get(key, 0) if key.endswith("tokens") else options.get(key)
        return known is not None and all(
            OPERATORS[word](Fraction(known), Fraction(bound)) for word, bound in wanted.items()
        )
    return options.get(key, "") in ([wanted] if isinstance(wanted, str) else wanted)


def _within(window: Table, at: datetime) -> bool:
    hours_tz = window.get("hours_tz", "UTC")
    day = at.astimezone(ZoneInfo(window.get("days_tz", hours_tz)))
    if "days" in window and DAYS[day.weekday()] not in window["days"]:
        return False
    clock = at.astimezone(ZoneInfo(hours_tz)).strftime("%H:%M")
    spans = [hours.split("-") for hours in window["hours"]]
    return any(start <= clock < end if start < end else clock >= start or clock < end for start, end in spans)


def _token_rows(tokens: Mapping[str, Fraction], rates: Mapping[str, Fraction]) -> list[Row]:
    left = dict(tokens)
    reasoning = left.pop("reasoning", Fraction())
    if "reasoning" in rates:
        left["output"] -= reasoning
        left["reasoning"] = reasoning
    if "cache_write" not in rates and "cache_write_5m" in rates:
        left["cache_write_5m"] = left.get("cache_write_5m", Fraction()) + left.pop("cache_write")
    for side in ("input", "output"):
        if f"{side}_text" in rates:
            left[f"{side}_text"] = left.pop(side)
    if any(count and unit not in rates for unit, count in left.items() if unit != "cache_storage"):
        raise RefusedError("no-rate")
    return [(unit, count, rates[unit], 1_000_000) for unit, count in left.items() if count]


def _fee_rows(counts: Mapping[str, Fraction], fees: Mapping[str, Table], options: Table) -> list[Row]:
    rows: list[Row] = []
    for key, name in FEES.items():
        count = counts.get(key, Fraction())
        if count and name not in fees:
            raise RefusedError("no-rate")
        if count:
            free = fees[name].get("free", {"count": "0"})
            used = Fraction(options.get("period_used", {}).get(free.get("group", name), 0))
            left = max(Fraction(free["count"]) - used, Fraction())
            rows.append((name, max(count - left, Fraction()), Fraction(fees[name]["price"]), int(fees[name]["per"])))
    return rows


def _other_rows(counts: Mapping[str, Fraction], segment: Table, rates: Mapping[str, Fraction]) -> list[Row]:
    rows: list[Row] = []
    for unit in (key for key in counts if key.endswith("_seconds")):
        if unit not in segment.get("durations", {}):
            raise RefusedError("no-rate")
        sold = segment["durations"][unit]
        rows.append((unit, max(counts[unit], Fraction(sold.get("minimum", 0))), rates[unit], int(sold["per"])))
    if stored := counts.get("cache_storage_token_hours"):
        if "cache_token_hours" not in rates:
            raise RefusedError("no-rate")
        rows.append(("cache_token_hours", stored, rates["cache_token_hours"], 1_000_000))
    return rows
