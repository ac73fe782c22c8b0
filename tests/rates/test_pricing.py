"""Prices worked by hand: every expected amount is count x rate / 1,000,000 as written beside it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tokencli.errors import TokError
from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import (
    CardHead,
    Duration,
    Fee,
    Override,
    PricedModel,
    Segment,
    Threshold,
    When,
    Window,
)
from tokencli.rates.pricing import price

NOON = 1795348800
"""2026-11-22T12:00:00Z, a Sunday."""


def rates(**prices: str) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in prices.items()}


def model(*segments: Segment, **head: Any) -> PricedModel:
    return PricedModel(CardHead("maker", "USD", **head), "model", segments)


def cost(priced: PricedModel, usage: Mapping[str, Any], at: int = NOON, **options: Any) -> Cost:
    return price(priced, usage, Selectors(**options), at)


def amounts(found: Cost) -> dict[str, str]:
    return {line.unit: str(Decimal(line.amount.numerator) / line.amount.denominator) for line in found.lines}


# Published: Anthropic's Claude Haiku 5.5, tier above 100,000 tokens, batch at half, US at 1.1.
HAIKU = model(
    Segment(
        rates=rates(input="0.1", cache_read="0.01", cache_write_5m="0.125", cache_write_1h="0.2", output="0.5"),
        fees={"web_search": Fee(Decimal(10), 1000)},
        overrides=(
            Override(
                When(input_tokens=Threshold(gt=100000)),
                rates(input="0.5", cache_read="0.05", cache_write_5m="0.625", cache_write_1h="1", output="2.5"),
            ),
            Override(When(batch=True), multiply=Decimal("0.5")),
            Override(When(region=("us",)), multiply=Decimal("1.1")),
        ),
    )
)


def test_every_part_is_billed_once_at_its_own_rate() -> None:
    usage = {
        "input_tokens": 10000,
        "cache_read_tokens": 4000,
        "cache_write_tokens": 3000,
        "cache_write_5m_tokens": 1000,
        "cache_write_1h_tokens": 2000,
        "output_tokens": 800,
        "reasoning_tokens": 300,
        "web_searches": 2,
    }
    # 3,000 x 0.1, 4,000 x 0.01, 1,000 x 0.125, 2,000 x 0.2, 800 x 0.5 (reasoning is in the output), 2 x 10 / 1,000
    assert amounts(cost(HAIKU, usage)) == {
        "input": "0.0003",
        "cache_read": "0.00004",
        "cache_write_5m": "0.000125",
        "cache_write_1h": "0.0004",
        "output": "0.0004",
        "web_search": "0.02",
    }


@pytest.mark.parametrize(
    ("count", "total"),
    [
        (100000, Fraction(100000 * 1 + 10 * 5, 10 * 1_000_000)),
        (100001, Fraction(100001 * 5 + 10 * 25, 10 * 1_000_000)),
    ],
)
def test_a_tier_prices_the_whole_request_from_its_first_token_above(count: int, total: Fraction) -> None:
    assert cost(HAIKU, {"input_tokens": count, "output_tokens": 10}).total == total


def test_cached_tokens_count_for_the_tier() -> None:
    usage = {"input_tokens": 100001, "cache_read_tokens": 100000}
    # 1 x 0.5 + 100,000 x 0.05
    assert cost(HAIKU, usage).total == Fraction(50005, 10_000_000)


def test_tier_batch_and_region_stack_but_not_on_fees() -> None:
    usage = {"input_tokens": 200000, "web_searches": 1}
    found = cost(HAIKU, usage, batch=True, region="us")
    # 200,000 x 0.5 x 0.5 x 1.1; the search stays at 0.01
    assert amounts(found) == {"input": "0.055", "web_search": "0.01"}
    assert found.lines[0].rate == Fraction(275, 1000)
    assert found.lines[0].applied == ("input_tokens > 100000", "batch: x 0.5", "region us: x 1.1")


def test_a_contract_scales_every_line_last() -> None:
    found = cost(HAIKU, {"input_tokens": 1_000_000, "web_searches": 100}, contract_multiplier=Decimal("0.8"))
    # 1,000,000 x 0.5 x 0.8; 100 x 0.01 x 0.8
    assert amounts(found) == {"input": "0.4", "web_search": "0.8"}


def test_writes_of_no_stated_lifetime_are_priced_as_five_minutes_and_said_so() -> None:
    found = cost(HAIKU, {"input_tokens": 100, "cache_write_tokens": 100, "cache_write_1h_tokens": 40})
    assert amounts(found) == {"cache_write_5m": "0.0000075", "cache_write_1h": "0.000008"}
    assert found.notes == ("60 cache writes of no stated lifetime are priced as those of 5 minutes",)


def test_later_rows_win_key_by_key() -> None:
    # Published for gpt-5.4: batch reads of the cache at 0.13, not at half of 0.25.
    row = Override(When(batch=True, input_tokens=Threshold(lte=272000)), rates(input="1.25", cache_read="0.13"))
    sol = model(Segment(rates=rates(input="2.5", cache_read="0.25", output="15"), overrides=(row,)))
    usage = {"input_tokens": 3000, "cache_read_tokens": 1000, "output_tokens": 100}
    # 2,000 x 1.25, 1,000 x 0.13, 100 x 15
    assert amounts(cost(sol, usage, batch=True)) == {"input": "0.0025", "cache_read": "0.00013", "output": "0.0015"}


def test_a_factor_scales_exactly_the_units_it_names() -> None:
    row = Override(When(batch=True), multiply=Decimal("0.5"), only=("output", "web_search"))
    found = model(
        Segment(rates=rates(input="1", output="2"), fees={"web_search": Fee(Decimal(10), 1000)}, overrides=(row,))
    )
    usage = {"input_tokens": 1000, "output_tokens": 1000, "web_searches": 1}
    assert amounts(cost(found, usage, batch=True)) == {"input": "0.001", "output": "0.001", "web_search": "0.005"}


def test_without_token_rates_a_factor_scales_what_is_sold() -> None:
    row = Override(When(batch=True), multiply=Decimal("0.5"))
    image = model(
        Segment(
            fees={"generation": Fee(Decimal("0.04"), 1)},
            durations={"video_seconds": Duration(Decimal("0.3"), 1)},
            overrides=(row,),
        )
    )
    found = cost(image, {"generations": 3, "video_seconds": Decimal("2.5")}, batch=True)
    # 3 x 0.04 x 0.5; 2.5 x 0.3 x 0.5
    assert amounts(found) == {"generation": "0.06", "video_seconds": "0.375"}


def test_reasoning_is_priced_apart_only_where_it_has_a_rate() -> None:
    usage = {"output_tokens": 1000, "reasoning_tokens": 600}
    assert amounts(cost(model(Segment(rates=rates(output="2"))), usage)) == {"output": "0.002"}
    apart = model(Segment(rates=rates(output="2", reasoning="3")))
    assert amounts(cost(apart, usage)) == {"output": "0.0008", "reasoning": "0.0018"}


def test_text_rates_price_the_remainders() -> None:
    image = model(Segment(rates=rates(input_text="5", input_image="8", output_text="10", output_image="32")))
    usage = {"input_tokens": 500, "input_image_tokens": 300, "output_tokens": 1100, "output_image_tokens": 1000}
    found = {"input_text": "0.001", "input_image": "0.0024", "output_text": "0.001", "output_image": "0.032"}
    assert amounts(cost(image, usage)) == found


def test_a_free_quota_is_used_up_before_anything_is_billed() -> None:
    # Published by Google: 1,500 grounded requests a day free, then 35 for 1,000.
    free = model(Segment(fees={"web_search": Fee(Decimal(35), 1000, 1500, "day", "grounding")}))
    found = cost(free, {"web_searches": 100}, period_used={"grounding": 1450})
    # 1,550 - 1,500 = 50 billed at 0.035
    assert (found.total, found.lines[0].quantity, found.lines[0].free) == (Fraction(175, 100), 50, 50)
    assert cost(free, {"web_searches": 100}, period_used={"grounding": 1500}).total == Fraction(35, 10)
    unsaid = cost(free, {"web_searches": 100})
    assert (unsaid.total, unsaid.notes) == (0, ("web_search: 1500 a day are free, taken as not used before",))


def test_a_request_is_billed_for_the_least_duration() -> None:
    # Published by Groq for whisper-large-v3: 0.111 an hour, 10 seconds at least.
    whisper = model(Segment(durations={"audio_seconds": Duration(Decimal("0.111"), 3600, 10)}))
    assert cost(whisper, {"audio_seconds": Decimal("0.5")}).total == Fraction(1110, 3600 * 1000)
    assert cost(whisper, {"audio_seconds": 7200}).total == Fraction(222, 1000)
    assert cost(whisper, {"audio_seconds": 0}).lines == ()


def test_storage_is_per_million_tokens_and_hour() -> None:
    gemini = model(Segment(rates=rates(input="1.25"), cache_token_hours=Decimal("4.5")))
    assert cost(gemini, {"cache_storage_token_hours": Decimal("200000.5")}).total == Fraction(90000225, 100_000_000)


def test_slices_price_each_share_of_the_input_at_its_own_tier() -> None:
    row = Override(When(input_tokens=Threshold(gt=1000)), rates(input="2", output="8"))
    sliced = model(Segment(rates=rates(input="1", cache_read="0.5", output="4"), overrides=(row,)), slices=True)
    found = cost(sliced, {"input_tokens": 4000, "cache_read_tokens": 400, "output_tokens": 100})
    # 1,000 of 4,000 below: 900 x 1; 100 + 300 x 0.5 (one rate, one line); 25 x 4; above 2,700 x 2; 75 x 8
    assert [(line.unit, line.quantity, line.amount * 1_000_000) for line in found.lines] == [
        ("input", 900, 900),
        ("cache_read", 400, 200),
        ("output", 25, 100),
        ("input", 2700, 5400),
        ("output", 75, 600),
    ]


def test_the_dated_prices_of_the_instant_hold_from_their_start_to_before_their_end() -> None:
    dated = model(Segment(None, 1000, rates(input="1")), Segment(1000, 2000, rates(input="2")))
    assert [cost(dated, {"input_tokens": 1_000_000}, at).total for at in (0, 999, 1000, 1999)] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("bounds", "at", "said"),
    [
        ([(86400, None)], 0, "is not known before 1970-01-02"),
        ([(None, 86400)], 86400, "expired at 1970-01-02"),
        ([(None, 86400), (172800, None)], 100000, "has a gap from 1970-01-02 to 1970-01-03"),
    ],
)
def test_no_price_is_an_error_that_says_why(bounds: list[tuple[int | None, int | None]], at: int, said: str) -> None:
    dated = model(*(Segment(start, end, rates(input="1")) for start, end in bounds))
    with pytest.raises(TokError, match=said) as error:
        cost(dated, {"input_tokens": 1}, at)
    assert error.value.code == "no-price"


def test_weekday_and_hour_together_decide_the_price() -> None:
    # Published by DeepSeek: Monday to Friday in China, 01:00 to 04:00 UTC, twice the price.
    peak = Window(((60, 240),), (0, 1, 2, 3, 4), "Asia/Shanghai", "UTC")
    row = Override(When(window="peak"), rates(input="1.32"))
    deepseek = model(Segment(rates=rates(input="0.66"), overrides=(row,)), windows={"peak": peak})
    sunday_two, monday_two = NOON - 10 * 3600, NOON + 14 * 3600
    assert cost(deepseek, {"input_tokens": 1_000_000}, sunday_two).total == Fraction(66, 100)
    assert cost(deepseek, {"input_tokens": 1_000_000}, monday_two).total == Fraction(132, 100)


@pytest.mark.parametrize(
    ("usage", "code", "said"),
    [
        ({"input_tokens": 5, "cache_read_tokens": 6}, "inconsistent-usage", "6 is more than input_tokens 5"),
        ({"cache_read_tokens": 6}, "inconsistent-usage", "more than input_tokens 0"),
        ({"output_tokens": 5, "reasoning_tokens": 6}, "inconsistent-usage", "tokens 6 is more than output_tokens 5"),
        ({"input_tokens": 5, "cache_write_tokens": 2, "cache_write_1h_tokens": 3}, "inconsistent-usage", "3 is more"),
        ({"input_tokens": 5, "input_audio_tokens": 1}, "no-rate", "input_audio \\(1 tokens\\)"),
        ({"input_tokens": 5, "cache_write_30m_tokens": 1}, "no-rate", "cache_write_30m"),
        ({"pages": 1}, "no-rate", "page"),
        ({"video_seconds": 1}, "no-rate", "video_seconds"),
        ({"cache_storage_token_hours": 1}, "no-rate", "cache_token_hours"),
        ({"inptu_tokens": 1}, "unknown-usage", "inptu_tokens = 1"),
        ({"input_tokens": True}, "bad-usage", "whole number"),
        ({"input_tokens": 1.0}, "bad-usage", "whole number"),
        ({"input_tokens": 0.0}, "bad-usage", "whole number"),
        ({"input_tokens": "12"}, "bad-usage", "whole number"),
        ({"input_tokens": None}, "bad-usage", "whole number"),
        ({"input_tokens": -1}, "bad-usage", "below 0"),
        ({"audio_seconds": Decimal("NaN")}, "bad-usage", "decimal number"),
        ({"audio_seconds": 1.5}, "bad-usage", "decimal number"),
    ],
)  # fmt: skip
def test_what_cannot_be_priced_is_an_error_and_never_0(usage: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(TokError, match=said) as error:
        cost(HAIKU, usage)
    assert (error.value.code, error.value.exit) == (code, 3)


def test_an_unknown_count_names_the_nearest_known() -> None:
    with pytest.raises(TokError) as error:
        cost(HAIKU, {"cached_read_tokens": 3})
    assert error.value.hint == "did you mean cache_read_tokens?"


@pytest.mark.parametrize(
    ("options", "notes"),
    [
        ({"service_tier": "priority"}, ("the card has no price for service_tier priority: priced without it",)),
        ({"service_tier": "default"}, ()),
        ({"speed": "fast"}, ("the card has no price for speed fast: priced without it",)),
        ({"region": "eu"}, ("the card has no price for region eu: priced without it",)),
        ({"region": "US"}, ()),
        ({"region": "global"}, ()),
        ({"thinking": True, "cache_mode": "explicit", "resolution": "1k", "duration_seconds": Decimal(5)}, ()),
    ],
)
def test_what_is_selected_and_not_in_the_card_is_said(options: dict[str, Any], notes: tuple[str, ...]) -> None:
    assert cost(HAIKU, {"input_tokens": 1}, **options).notes == notes
