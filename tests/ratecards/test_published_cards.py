"""The cards of this repository: well formed, the prices of the models most named, and one of each worked by hand."""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import Card, PricedModel
from tokencli.rates.names import snapshot_of
from tokencli.rates.pricing import price
from tokencli.rates.read import instant, problems, read_card

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "ratecards"
FILES = sorted(FOLDER.glob("*.yaml"))
CARDS: dict[str, Card] = {path.stem: read_card(path.read_text("utf-8"), path.name) for path in FILES}
with (HERE / "flagships.csv").open(encoding="utf-8") as flagships:
    FLAGSHIPS = list(csv.DictReader(flagships))
WORKED = tomllib.loads((HERE / "worked.toml").read_text("utf-8"), parse_float=Decimal)["case"]
SUBSETS = {
    "cache_read": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_has_no_problem(path: Path) -> None:
    assert problems(path.read_text("utf-8"), path.name) == []


@pytest.mark.parametrize("name", CARDS)
def test_is_named_by_its_provider_sorted_by_id_and_dated(name: str) -> None:
    card = CARDS[name]
    ids = [model.id.lower() for model in card.models]
    assert card.head.provider == name
    assert ids == sorted(ids)
    assert all(segment.checked for model in card.models for segment in model.prices)


@pytest.mark.parametrize("row", FLAGSHIPS, ids=lambda row: "-".join([*list(row.values())[:6]]))
def test_holds_the_rates_of_the_flagships(row: dict[str, str]) -> None:
    given = {key: Decimal(row[key]) for key in ("input", "output", *SUBSETS) if row[key]}
    counts = {"input_tokens": int(row["input_tokens"]), "output_tokens": int(row["output_tokens"])}
    counts |= {SUBSETS[key]: 10 for key in given if key in SUBSETS}
    if "cache_write_1h" in given:
        counts["cache_write_tokens"] = 20
    cost = bill(
        row["provider"],
        row["model"],
        counts,
        dict(part.split("=") for part in row["options"].split(",") if part),
        row["at"],
    )
    charged = {line.unit.replace("cache_write_5m", "cache_write"): line.rate for line in cost.lines}
    assert charged == given


@pytest.mark.parametrize("case", WORKED, ids=lambda case: f"{case['provider']}-{case['model']}")
def test_prices_what_was_worked_by_hand(case: dict[str, Any]) -> None:
    expected = [worked(line) for line in case["lines"]]
    cost = bill(case["provider"], case["model"], case["usage"], case.get("options", {}), case.get("at", "2026-11-22"))
    assert sorted(line.amount for line in cost.lines) == sorted(expected)
    assert cost.total == sum(expected) == Fraction(case["total"])


def test_works_a_price_of_every_card_by_hand() -> None:
    assert {case["provider"] for case in WORKED} == set(CARDS)


def bill(provider: str, model: str, usage: Any, options: dict[str, Any], at: str) -> Cost:
    flags = {key: str(value).lower() == "true" for key, value in options.items() if key in ("batch", "thinking")}
    return price(found(provider, model), usage, Selectors(**{**options, **flags}), instant(at))


def found(provider: str, name: str) -> PricedModel:
    models = CARDS[provider].models
    exact = [model for model in models if name.lower() in [each.lower() for each in (model.id, *model.aliases)]]
    (model,) = exact or [model for model in models if snapshot_of(name, model)]
    return model


def worked(line: str) -> Fraction:
    count, _, rate, _, per = line.split()
    return Fraction(count) * Fraction(rate) / Fraction(per)
