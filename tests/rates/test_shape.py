"""The checks of a card's shape, with their lines, and a JSON Schema validator say the same of every card."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli.rates import shape
from tokencli.rates.marks import document
from tokencli.rates.read import schema

CARDS = Path(__file__).parents[2] / "ratecards"
VALIDATOR = jsonschema.Draft202012Validator(schema())

GOOD: dict[str, Any] = {
    "schema": "tok-ratecard/1",
    "provider": "acme-cn",
    "name": "Acme",
    "provider_aliases": ["acme"],
    "currency": "CNY",
    "unit": "per_1m_tokens",
    "tax": "included",
    "defaults": {"tier_basis": "input_tokens", "tier_mode": "slices"},
    "sources": [{"url": "https://acme.example", "retrieved": "2026-11-21", "via": "x", "quote": "y"}],
    "windows": {"night": {"days": ["mon", "tue"], "days_tz": "UTC", "hours": ["22:00-06:00"], "hours_tz": "UTC"}},
    "models": [
        {
            "id": "a",
            "aliases": ["b"],
            "snapshots": "none",
            "context_window": 1000,
            "max_output": 10,
            "cache_min_tokens": 5,
            "deprecated": "2026-01-01",
            "retires": "2026-01-01T08:00:00+08:00",
            "successor": "c",
            "note": "n",
            "cache": {"ttl_seconds": [300], "breakpoints": 4, "automatic": True, "as_of": "2026-01-01", "source": "s"},
            "prices": [
                {
                    "from": "2026-01-01",
                    "until": "2026-02-01T00:00:00Z",
                    "rates": {"input": 0.1, "output": 3, "cache_read": 0},
                    "fees": {"page": {"price": 1.5, "per": 1000, "free": {"count": 1, "period": "day", "group": "g"}}},
                    "durations": {"audio_seconds": {"price": 1, "per": 3600, "minimum": 10}},
                    "storage": {"cache_token_hours": 4.5},
                    "overrides": [
                        {"when": {"input_tokens": {"gt": 5, "lte": 9}, "region": "us"}, "rates": {"input": 2}},
                        {"when": {"batch": True, "service_tier": ["flex", "x"]}, "multiply": 0.5, "only": ["input"]},
                        {
                            "when": {"window": "night", "cache_mode": "explicit"},
                            "fees": {"image": {"price": 1, "per": 1}},
                        },
                        {"when": {"search_size": "low", "duration_seconds": {"lt": 4}}, "multiply": 2, "note": "z"},
                    ],
                    "checked": "2026-01-01",
                    "sources": [{"url": "u", "retrieved": "2026-01-01"}],
                    "note": "n",
                    "confidence": "confirmed",
                }
            ],
        }
    ],
}


def ours(card: Any) -> list[str]:
    """What the checks say of a value, by way of its YAML."""
    problems: list[Any] = []
    # By way of JSON, since PyYAML writes a value that stands in two places as an anchor.
    value = document(yaml.safe_dump(json.loads(json.dumps(card))), problems)
    assert problems == []
    shape.check(value, schema(), problems)
    return [problem.message for problem in problems]


def agree(card: Any) -> None:
    assert bool(ours(card)) == (not VALIDATOR.is_valid(card)), (ours(card), list(VALIDATOR.iter_errors(card)), card)


def test_the_good_card_is_good() -> None:
    assert ours(GOOD) == []
    assert VALIDATOR.is_valid(GOOD)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a card."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in parts for place in places(part, (*path, key)))]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2_000_000),
    st.sampled_from([0.5, -0.5, 1_000_000.5, 100.5, 2.0]),
    st.sampled_from(
        ["", "x", "Acme Corp", "USD", "usd", "2026-01-01", "2026-1-1", "flex", "low", "none", "mon", "25:00-26:00"]
    ),
    st.sampled_from(
        [{}, [], ["x"], [1], {"x": 1}, {"gt": 1}, {"gt": 1.5}, {"input": 1}, ["mon", "mon"], {"batch": True}]
    ),
)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_of_any_changed_card_both_say_the_same(data: Any) -> None:
    """One or two changes to a good card: a value replaced, a key or item taken out or put in."""
    card = json.loads(json.dumps(GOOD))
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from(places(card)[1:])) if places(card)[1:] else ("schema",)
        holder = card
        for key in way:
            holder = holder[key]
        change = data.draw(st.sampled_from(["replace", "remove", "insert"]))
        if change == "replace":
            holder[last] = data.draw(VALUES)
        elif change == "remove":
            del holder[last]
        elif isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["x", "input", "note", "gt", "multiply", "prices", "id"]))] = data.draw(
                VALUES
            )
        else:
            holder.insert(0, data.draw(VALUES))
    agree(card)


@pytest.mark.parametrize("card", [None, [], {}, "x", 4, {"schema": "tok-ratecard/2"}, [GOOD]])
def test_of_what_is_no_card_at_all_both_say_so(card: Any) -> None:
    assert ours(card)
    assert not VALIDATOR.is_valid(card)


def plain(value: Any) -> Any:
    """A card as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("path", sorted(CARDS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_both_take_every_card_that_ships(path: Path) -> None:
    problems: list[Any] = []
    card = document(path.read_text("utf-8"), problems)
    shape.check(card, schema(), problems)
    assert problems == []
    assert list(VALIDATOR.iter_errors(plain(card))) == []


def test_an_extension_of_the_schema_that_nothing_checks_is_refused() -> None:
    with pytest.raises(ValueError, match="minLength, which is not checked"):
        shape.check({}, {"type": "object", "properties": {"x": {"type": "string", "minLength": 1}}}, [])
