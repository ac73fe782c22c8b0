"""Every worked bill comes out to the last digit, by the engine and by a reckoning that shares no code with it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

from tests.billing import cases, plain
from tokencli.errors import TokError
from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import Card
from tokencli.rates.pricing import price
from tokencli.rates.read import read_card

OWN = [case for case in cases.priced() if case["card"] != "bundled"]


@cache
def card(name: str) -> Card:
    path = cases.FOLDER / name
    return read_card(path.read_text(encoding="utf-8"), str(path))


def priced(case: cases.Case) -> Cost:
    (model,) = [model for model in card(case["card"]).models if model.id == case["model"]]
    return price(model, usage(case), selectors(case), round(datetime.fromisoformat(case["at"]).timestamp()))


def usage(case: cases.Case) -> dict[str, int | Decimal]:
    return {key: Decimal(value) if isinstance(value, str) else value for key, value in case["usage"].items()}


def selectors(case: cases.Case) -> Selectors:
    decimals = ("contract_multiplier", "duration_seconds")
    options = case.get("options", {})
    return Selectors(**{key: Decimal(value) if key in decimals else value for key, value in options.items()})


@pytest.mark.parametrize("case", list(cases.priced()), ids=cases.ident)
def test_the_lines_of_a_case_are_right_sums(case: cases.Case) -> None:
    for line in case["lines"]:
        assert Fraction(line["quantity"]) * Fraction(line["rate"]) / line["per"] == Fraction(line["amount"])
    assert sum(Fraction(line["amount"]) for line in case["lines"]) == Fraction(case["total"])


@pytest.mark.parametrize("case", OWN, ids=cases.ident)
def test_the_engine_comes_to_the_worked_bill(case: cases.Case) -> None:
    cost = priced(case)
    assert cases.same([(line.unit, line.quantity, line.rate, line.per) for line in cost.lines], cases.rows(case))
    assert cost.total == Fraction(case["total"])
    assert cost.currency == case["currency"]
    assert all(line.quantity * line.rate / line.per == line.amount for line in cost.lines)
    assert sum(line.amount for line in cost.lines) == cost.total
    assert "tax" not in case or cost.tax == case["tax"]


@pytest.mark.parametrize("case", OWN, ids=cases.ident)
def test_a_second_reckoning_comes_to_the_worked_bill(case: cases.Case) -> None:
    table = plain.load(cases.FOLDER / case["card"])
    bill = plain.bill(table, case["model"], case["usage"], case.get("options", {}), plain.instant(case["at"]))
    assert cases.same(bill, cases.rows(case))
    assert sum(quantity * rate / per for _, quantity, rate, per in bill) == Fraction(case["total"])


@pytest.mark.parametrize("case", list(cases.refused()), ids=cases.ident)
def test_what_has_no_price_is_refused_by_both(case: cases.Case) -> None:
    with pytest.raises(TokError) as refusal:
        priced(case)
    assert refusal.value.code == case["error"]
    table = plain.load(cases.FOLDER / case["card"])
    with pytest.raises(plain.RefusedError, match=case["error"]):
        plain.bill(table, case["model"], case["usage"], case.get("options", {}), plain.instant(case["at"]))


@pytest.mark.parametrize("case", [case for case in cases.priced() if "published" in case], ids=cases.ident)
def test_a_published_bill_is_met_at_all_its_digits(case: cases.Case) -> None:
    published = case["published"]
    found = {line["unit"]: Fraction(line["amount"]) for line in case["lines"]}
    said = [(published["total"], Fraction(case["total"]))] if "total" in published else []
    said += [(amount, found[unit]) for unit, amount in published.get("lines", {}).items()]
    assert said
    for text, worked in said:
        places = len(text.partition(".")[2])
        assert abs(Fraction(text) - worked) <= Fraction(1, 2 * 10**places), text


def test_the_cases_cover_what_the_readme_says() -> None:
    held = Counter(dimension for case in cases.every() for dimension in case["dimensions"])
    readme = (cases.FOLDER / "README.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in readme.splitlines() if line.startswith("| `")}
    assert told == set(held)
    assert min(count for dimension, count in held.items()) >= 2
    assert len(list(cases.priced())) >= 150
    assert sum("published" in case for case in cases.every()) >= 20


def test_no_two_cases_have_one_name() -> None:
    assert not [name for name, count in Counter(case["name"] for case in cases.every()).items() if count > 1]
