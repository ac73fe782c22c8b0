"""The flagships as they were priced on a day: a card of this repository may add a price, never change that day's."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from tests.billing import cases
from tokencli.model.cost import Selectors
from tokencli.model.rates import PricedModel
from tokencli.rates.pricing import price
from tokencli.rates.read import read_card

CARDS = Path(__file__).parents[2] / "ratecards"
BUNDLED = [case for case in cases.priced() if case["card"] == "bundled"]


@pytest.fixture(scope="module")
def models() -> dict[str, PricedModel]:
    found = {}
    for provider in sorted({case["provider"] for case in BUNDLED}):
        path = CARDS / f"{provider}.yaml"
        card = read_card(path.read_text(encoding="utf-8"), str(path))
        found.update({f"{provider}/{model.id}": model for model in card.models})
    return found


@pytest.mark.parametrize("case", BUNDLED, ids=cases.ident)
def test_a_flagship_costs_what_it_did(case: cases.Case, models: dict[str, PricedModel]) -> None:
    at = round(datetime.fromisoformat(case["at"]).timestamp())
    cost = price(models[f"{case['provider']}/{case['model']}"], case["usage"], Selectors(**case.get("options", {})), at)
    assert cases.same([(line.unit, line.quantity, line.rate, line.per) for line in cost.lines], cases.rows(case))
    assert cost.total == Fraction(case["total"])
    assert cost.currency == case["currency"]
