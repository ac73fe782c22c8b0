"""The price tests that genai-prices and litellm publish, at the prices they reckon with, and where this differs."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from tests.billing import cases
from tokencli.errors import TokError
from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import PricedModel
from tokencli.rates.pricing import price
from tokencli.rates.read import read_card

PEERS = cases.FOLDER / "peers"
MADE = ("output", "output_audio", "output_image", "output_video", "output_text", "reasoning")


def published() -> list[dict[str, Any]]:
    """Every case of both, with the card it is priced by."""
    return [
        {**case, "card": table["card"]}
        for path in sorted(PEERS.glob("*.json"))
        for table in [json.loads(path.read_text(encoding="utf-8"))]
        for case in table["cases"]
    ]


def ident(case: dict[str, Any]) -> str:
    return f"{case['card'].removesuffix('.yaml')}: {case['test']}"


@cache
def models(name: str) -> dict[str, PricedModel]:
    path = PEERS / name
    return {model.id: model for model in read_card(path.read_text(encoding="utf-8"), str(path)).models}


def priced(case: dict[str, Any]) -> Cost:
    usage = {key: Decimal(value) if isinstance(value, str) else value for key, value in case["usage"].items()}
    at = round(datetime.fromisoformat(case["at"]).timestamp())
    return price(models(case["card"])[case["model"]], usage, Selectors(**case.get("options", {})), at)


@pytest.mark.parametrize("case", [case for case in published() if "ours" not in case], ids=ident)
def test_a_published_test_comes_out_the_same(case: dict[str, Any]) -> None:
    cost = priced(case)
    made = sum((line.amount for line in cost.lines if line.unit in MADE), Fraction())
    found = {"total": cost.total, "sent": cost.total - made, "made": made}
    for side, text in case["expected"].items():
        places = len(text.partition(".")[2])
        slack = Fraction(1, 2 * 10**places) if case.get("rounded") else 0
        assert abs(found[side] - Fraction(text)) <= slack, side


@pytest.mark.parametrize("case", [case for case in published() if "ours" in case], ids=ident)
def test_a_difference_is_the_one_that_is_told(case: dict[str, Any]) -> None:
    if "error" in case["ours"]:
        with pytest.raises(TokError) as refusal:
            priced(case)
        assert refusal.value.code == case["ours"]["error"]
    else:
        assert priced(case).total == Fraction(case["ours"]["total"])
    told = (cases.FOLDER / "PEERS.md").read_text(encoding="utf-8")
    assert f"`{case['test']}`" in told
    assert case["because"] in told
