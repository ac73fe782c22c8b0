"""What holds of every price, whatever the card and the counts: the engine beside plain fractions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import CardHead, Override, PricedModel, Segment, Threshold, When
from tokencli.rates.pricing import price

PRICE = st.decimals(0, 100, places=6, allow_nan=False)
RATES = (
    "input",
    "cache_read",
    "cache_read_audio",
    "cache_write",
    "cache_write_5m",
    "cache_write_1h",
    "input_audio",
    "output",
    "output_image",
    "reasoning",
    "citation",
)
"""Each rate here is the price of exactly one count, so that a bill is a sum of products."""

BASE = Selectors()
BUCKETS = st.fixed_dictionaries(dict.fromkeys(RATES, st.integers(0, 10**9)))


def usage_of(buckets: Mapping[str, int]) -> dict[str, int]:
    """A normalised usage from disjoint buckets, one for each rate."""
    read = buckets["cache_read"] + buckets["cache_read_audio"]
    written = buckets["cache_write"] + buckets["cache_write_5m"] + buckets["cache_write_1h"]
    return {
        "input_tokens": buckets["input"] + read + written + buckets["input_audio"],
        "cache_read_tokens": read,
        "cache_read_audio_tokens": buckets["cache_read_audio"],
        "cache_write_tokens": written,
        "cache_write_5m_tokens": buckets["cache_write_5m"],
        "cache_write_1h_tokens": buckets["cache_write_1h"],
        "input_audio_tokens": buckets["input_audio"],
        "output_tokens": buckets["output"] + buckets["output_image"] + buckets["reasoning"],
        "output_image_tokens": buckets["output_image"],
        "reasoning_tokens": buckets["reasoning"],
        "citation_tokens": buckets["citation"],
    }


def cost(usage: Mapping[str, int], segment: Segment, selectors: Selectors = BASE, *, slices: bool = False) -> Cost:
    return price(PricedModel(CardHead("maker", "USD", slices=slices), "model", (segment,)), usage, selectors, 0)


@given(BUCKETS, st.fixed_dictionaries(dict.fromkeys(RATES, PRICE)))
def test_a_bill_is_the_sum_of_counts_times_rates(buckets: dict[str, int], rates: dict[str, Decimal]) -> None:
    found = cost(usage_of(buckets), Segment(rates=rates))
    assert found.total == sum(Fraction(rates[key]) * count for key, count in buckets.items()) / 1_000_000
    assert {line.unit: line.quantity for line in found.lines} == {key: count for key, count in buckets.items() if count}


@given(BUCKETS, st.fixed_dictionaries(dict.fromkeys(RATES, PRICE)), PRICE, PRICE, st.integers(0, 10**10), st.booleans())
def test_lines_multiply_out_and_add_up(
    buckets: dict[str, int], rates: dict[str, Decimal], factor: Decimal, tier: Decimal, above: int, slices: bool
) -> None:
    rows = (
        Override(When(input_tokens=Threshold(gt=above)), {"input": tier, "output": tier}),
        Override(When(batch=True), multiply=factor + 1),
    )
    segment = Segment(rates=rates, overrides=rows)
    found = cost(usage_of(buckets), segment, Selectors(batch=True, contract_multiplier=factor), slices=slices)
    assert all(line.quantity * line.rate / line.per == line.amount for line in found.lines)
    assert sum(line.amount for line in found.lines) == found.total
    quantities = {key: sum(line.quantity for line in found.lines if line.unit == key) for key in buckets}
    assert quantities == buckets


@given(BUCKETS, st.fixed_dictionaries(dict.fromkeys(RATES, PRICE)), st.randoms(use_true_random=False))
def test_the_order_of_counts_does_not_matter(
    buckets: dict[str, int], rates: dict[str, Decimal], chance: object
) -> None:
    items = list(usage_of(buckets).items())
    chance.shuffle(items)  # type: ignore[attr-defined]
    assert cost(dict(items), Segment(rates=rates)) == cost(usage_of(buckets), Segment(rates=rates))


@given(st.integers(0, 10**7), st.integers(0, 10**7), PRICE, PRICE)
def test_caching_a_token_changes_the_bill_by_the_difference_of_rates(
    fresh: int, cached: int, full: Decimal, read: Decimal
) -> None:
    segment = Segment(rates={"input": full, "cache_read": read})
    both = cost({"input_tokens": fresh + cached, "cache_read_tokens": cached}, segment).total
    assert both - cost({"input_tokens": fresh + cached}, segment).total == (
        cached * (Fraction(read) - Fraction(full)) / 1_000_000
    )


@given(st.integers(0, 5000), st.integers(0, 100), st.integers(1, 5000), st.booleans())
def test_more_tokens_never_cost_less_where_tiers_rise(sent: int, more: int, above: int, slices: bool) -> None:
    row = Override(When(input_tokens=Threshold(gt=above)), {"input": Decimal(4), "output": Decimal(15)})
    segment = Segment(rates={"input": Decimal(2), "output": Decimal(10)}, overrides=(row,))
    totals = [cost({"input_tokens": n, "output_tokens": 50}, segment, slices=slices).total for n in (sent, sent + more)]
    assert totals[0] <= totals[1]


@given(st.integers(0, 5000), st.lists(st.integers(1, 4000), min_size=1, max_size=4, unique=True))
def test_slices_are_the_income_tax_of_the_input(sent: int, bounds: list[int]) -> None:
    # Token n is priced by the last row whose bound is below n, whose rate here is 2 + its place.
    rows = tuple(
        Override(When(input_tokens=Threshold(gt=bound)), {"input": Decimal(2 + place)})
        for place, bound in enumerate(sorted(bounds))
    )
    naive = sum(1 if n <= min(bounds) else 1 + sum(n > bound for bound in bounds) for n in range(1, sent + 1))
    found = cost({"input_tokens": sent}, Segment(rates={"input": Decimal(1)}, overrides=rows), slices=True)
    assert found.total == Fraction(naive, 1_000_000)


PACKAGE = Path(__file__).parents[2] / "tokencli"
MONEY = (
    *("money.py", "costing", "rates", "usage", "bulk", "terms", "formats/cost"),
    *("model/rates.py", "model/cost.py", "model/terms.py"),
    *("cli/cost.py", "cli/cost_report.py", "cli/cost_usage.py", "cli/pricing.py"),
)
OTHERWISE = {
    "rates/names.py": "how alike two names are",
    "rates/updating.py": "seconds to wait for a server",
    "rates/importing/opening.py": "turns the floats of other data into decimals",
}
"""Modules that may speak of floats, and what for."""


def modules() -> list[Path]:
    found = [PACKAGE / name for name in MONEY]
    files = [file for path in found for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return [file for file in files if file.relative_to(PACKAGE).as_posix() not in OTHERWISE]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_money_is_ever_a_float(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"a float in line {node.lineno}"
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"float in line {node.lineno}"
