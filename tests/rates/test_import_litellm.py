"""Cards made from litellm: each test gives one entry of its JSON and says what the card must hold.

What the keys mean is taken from litellm 1.109.1: the names themselves, and litellm_core_utils/llm_cost_calc/utils.py.
"""

import json
from decimal import Decimal

import pytest

from tokencli.errors import TokError
from tokencli.model.rates import Duration, Fee, Threshold, When, Window
from tokencli.rates.importing import convert, writing
from tokencli.rates.read import read_card


@pytest.fixture
def imported():
    """What becomes of one entry, as written: the model, or None, and the remarks."""

    def make(text="", provider="p", mode="chat", key="m", **entry):
        told = json.dumps({"litellm_provider": provider, "mode": mode, **entry})
        data = f'{{"{key}": {told[:-1]}{", " + text if text else ""}}}}}'
        found = convert("litellm", data.encode(), "prices.json", "2026-11-22")
        for card in found.cards:
            again = read_card(writing.text(card), "x.yaml")
            assert again.models[0].prices == card.models[0].prices
        return (found.cards[0].models[0] if found.cards else None), found.remarks

    return make


def rates(**given):
    return {name: Decimal(price) for name, price in given.items()}


@pytest.mark.parametrize(
    ("told", "price"),
    [("1.5e-07", "0.15"), ("2.2e-08", "0.022"), ("3e-06", "3"), ("0.0000025", "2.5"), ("1.25e-7", "0.125")],
)
def test_a_price_by_the_token_is_moved_by_six_places_exactly(imported, told, price):
    model, remarks = imported(f'"input_cost_per_token": {told}')
    assert (model.prices[0].rates, remarks) == (rates(input=price), ())


@pytest.mark.parametrize(
    ("told", "price"),
    [
        ("2.0000000000000003e-07", "0.2"),
        ("9.499999999999999e-07", "0.95"),
        ("4.6999999999999995e-07", "0.47"),
        ("1.1428571428571428e-06", "1.142857142857"),
    ],
)
def test_a_float_is_rounded_where_its_digits_say_so_and_that_is_said(imported, told, price):
    model, remarks = imported(f'"input_cost_per_token": {told}')
    assert model.prices[0].rates == rates(input=price)
    assert [(one.kind, one.what) for one in remarks] == [("rounded", "input_cost_per_token")]


def test_a_larger_input_restates_every_rate(imported):
    model, _ = imported(
        input_cost_per_token=2e-6,
        output_cost_per_token=1e-5,
        cache_read_input_token_cost=2e-7,
        input_cost_per_token_above_272k_tokens=4e-6,
        output_cost_per_token_above_272k_tokens=1.5e-5,
    )
    (row,) = model.prices[0].overrides
    assert row.when == When(input_tokens=Threshold(gt=272_000))
    assert row.rates == rates(input="4", output="15", cache_read="0.2")


def test_of_xai_the_larger_price_begins_at_the_size_itself(imported):
    model, _ = imported(provider="xai", input_cost_per_token=2e-6, input_cost_per_token_above_200k_tokens=4e-6)
    assert model.prices[0].overrides[0].when.input_tokens == Threshold(gte=200_000)


def test_ranges_of_input_become_rows(imported):
    ranges = [
        {"range": [0, 32000.0], "input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6},
        {"range": [32000.0, 128000.0], "input_cost_per_token": 1.8e-6, "output_cost_per_token": 9e-6},
    ]
    model, _ = imported(tiered_pricing=ranges)
    assert model.prices[0].rates == rates(input="1", output="5")
    (row,) = model.prices[0].overrides
    assert (row.when.input_tokens, row.rates) == (Threshold(gt=32_000), rates(input="1.8", output="9"))


@pytest.mark.parametrize(
    ("suffix", "when"),
    [
        ("batches", When(batch=True)),
        ("flex", When(service_tier=("flex",))),
        ("priority", When(service_tier=("priority",))),
    ],
)
def test_ends_of_keys_are_conditions(imported, suffix, when):
    model, _ = imported(**{"input_cost_per_token": 2e-6, f"input_cost_per_token_{suffix}": 1e-6})
    assert [(row.when, row.rates) for row in model.prices[0].overrides] == [(when, rates(input="1"))]


def test_a_tier_of_service_without_a_price_of_a_large_input_has_the_standard_one(imported):
    model, _ = imported(
        input_cost_per_token=2e-6, input_cost_per_token_above_200k_tokens=4e-6, input_cost_per_token_priority=3e-6
    )
    assert [(row.when, row.rates) for row in model.prices[0].overrides] == [
        (When(input_tokens=Threshold(gt=200_000)), rates(input="4")),
        (When(service_tier=("priority",)), rates(input="3")),
        (When(service_tier=("priority",), input_tokens=Threshold(gt=200_000)), rates(input="4")),
    ]


@pytest.mark.parametrize(("output", "large"), [(5e-6, rates(input="2", output="7.5", cache_read="0.4")), (6e-6, None)])
def test_a_large_input_in_a_batch_is_less_by_the_factor_of_a_small_one(imported, output, large):
    model, _ = imported(
        input_cost_per_token=2e-6,
        output_cost_per_token=1e-5,
        input_cost_per_token_above_200k_tokens=4e-6,
        output_cost_per_token_above_200k_tokens=1.5e-5,
        cache_read_input_token_cost=2e-7,
        cache_read_input_token_cost_above_200k_tokens=4e-7,
        input_cost_per_token_batches=1e-6,
        output_cost_per_token_batches=output,
    )
    found = [row.rates for row in model.prices[0].overrides if row.when.batch and row.when.input_tokens]
    assert found == ([large] if large else [])


def test_off_peak_hours_are_windows_with_their_days_and_zone(imported):
    off = {
        "input_cost_per_token": 6.6e-7,
        "weekday_timezone": "Asia/Shanghai",
        "windows": [
            {"hours_utc": ["00:00-01:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
            {"hours_utc": "00:00-00:00", "weekdays": [6, 7]},
        ],
    }
    model, _ = imported(input_cost_per_token=1.32e-6, off_peak_pricing=off)
    rows = model.prices[0].overrides
    assert [row.rates for row in rows] == [rates(input="0.66")] * 2
    assert [model.card.windows[row.when.window] for row in rows] == [
        Window(((0, 60), (600, 0)), (0, 1, 2, 3, 4), "Asia/Shanghai"),
        Window(((0, 0),), (5, 6), "Asia/Shanghai"),
    ]


def test_reasoning_of_qwen_is_the_price_of_all_output_while_it_thinks(imported):
    told = {"input_cost_per_token": 4e-7, "output_cost_per_token": 1.2e-6, "output_cost_per_reasoning_token": 4e-6}
    model, _ = imported(provider="dashscope", **told)
    assert model.prices[0].rates == rates(input="0.4", output="1.2")
    assert [(row.when, row.rates) for row in model.prices[0].overrides] == [(When(thinking=True), rates(output="4"))]


def test_an_explicit_cache_has_its_own_price(imported):
    told = {"input_cost_per_token": 2.5e-6, "cache_read_input_token_cost": 5e-7}
    model, _ = imported(**told, explicit_cache_read_input_token_cost=2.5e-7)
    assert [(row.when, row.rates) for row in model.prices[0].overrides] == [
        (When(cache_mode="explicit"), rates(cache_read="0.25"))
    ]


def test_searches_are_sold_by_the_thousand_with_what_is_free(imported):
    sizes = {f"search_context_size_{size}": price for size, price in (("low", 0.03), ("medium", 0.035), ("high", 0.05))}
    free = {"count": 5000, "period": "month", "shared_group": "gemini-3"}
    model, _ = imported(input_cost_per_token=1e-6, search_context_cost_per_query=sizes, search_free_requests=free)
    assert model.prices[0].fees == {"web_search": Fee(Decimal(35), 1000, 5000, "month", "gemini-3")}
    assert [(row.when.search_size, row.fees["web_search"].price) for row in model.prices[0].overrides] == [
        ("low", Decimal(30)),
        ("high", Decimal(50)),
    ]


@pytest.mark.parametrize(
    ("mode", "entry", "fees"),
    [
        ("image_generation", {"output_cost_per_image": 0.04}, {"generation": Fee(Decimal("0.04"), 1)}),
        ("image_generation", {"input_cost_per_image": 0.02}, {"generation": Fee(Decimal("0.02"), 1)}),
        ("embedding", {"input_cost_per_image": 0.0001}, {"image": Fee(Decimal("0.0001"), 1)}),
        ("rerank", {"input_cost_per_query": 0.002}, {"rerank_query": Fee(Decimal("0.002"), 1)}),
        ("search", {"input_cost_per_query": 0.005}, {"web_search": Fee(Decimal("0.005"), 1)}),
        ("ocr", {"ocr_cost_per_page": 0.001}, {"page": Fee(Decimal("0.001"), 1)}),
        ("chat", {"input_cost_per_request": 0.005}, {"request": Fee(Decimal("0.005"), 1)}),
    ],
)
def test_what_is_sold_by_the_piece_is_a_fee(imported, mode, entry, fees):
    model, remarks = imported(mode=mode, **entry)
    assert (model.prices[0].fees, model.prices[0].rates, remarks) == (fees, {}, ())


def test_a_price_by_the_pixel_is_that_of_the_image_whose_size_is_in_the_name(imported):
    # OpenAI's price of a DALL-E 3 image of 1024 x 1024 is $0.04, https://platform.openai.com/docs/pricing
    model, remarks = imported(mode="image_generation", key="1024-x-1024/dall-e-3", input_cost_per_pixel=3.81469e-08)
    assert model.prices[0].fees == {"generation": Fee(Decimal("0.04"), 1)}
    assert [one.kind for one in remarks] == ["rounded"]


@pytest.mark.parametrize(
    ("mode", "key", "price", "unit", "duration"),
    [
        ("audio_transcription", "input_cost_per_second", 0.0001, "audio_seconds", Duration(Decimal("0.0001"), 1)),
        ("realtime", "input_cost_per_second", 0.001333333333333, "audio_seconds", Duration(Decimal("0.08"), 60)),
        ("video_generation", "output_cost_per_second", 0.4, "video_seconds", Duration(Decimal("0.4"), 1)),
    ],
)
def test_seconds_are_durations_and_thirds_go_by_the_minute(imported, mode, key, price, unit, duration):
    model, _ = imported(mode=mode, **{key: price})
    assert model.prices[0].durations == {unit: duration}


def test_a_resolution_multiplies_where_the_multiple_is_plain(imported):
    told = {"output_cost_per_second": 0.4, "output_cost_per_second_4k": 0.6, "output_cost_per_second_8k": 0.7}
    model, remarks = imported(mode="video_generation", **{**told, "output_cost_per_second": 0.3})
    assert [(row.when, row.multiply, row.only) for row in model.prices[0].overrides] == [
        (When(resolution=("4k",)), Decimal(2), ("video_seconds",))
    ]
    assert [(one.kind, one.what) for one in remarks] == [("left out", "output_cost_per_second_8k")]


def test_speed_and_regions_multiply(imported):
    special = {"fast": 2.0, "us": 1.1}
    model, _ = imported(
        input_cost_per_token=4e-6, provider_specific_entry=special, regional_processing_uplift_multiplier_eu=1.1
    )
    assert [(row.when, row.multiply) for row in model.prices[0].overrides] == [
        (When(speed=("fast",)), Decimal("2.0")),
        (When(region=("us",)), Decimal("1.1")),
        (When(region=("eu",)), Decimal("1.1")),
    ]


def test_limits_and_the_day_of_retirement_are_kept(imported):
    model, _ = imported(
        input_cost_per_token=1e-6,
        max_input_tokens=200000,
        max_output_tokens=64000.0,
        prompt_cache_min_tokens=1024,
        deprecation_date="2027-02-26",
    )
    assert (model.context_window, model.max_output, model.cache.min_tokens) == (200000, 64000, 1024)
    assert model.retires == "2027-02-26"


@pytest.mark.parametrize(
    ("mode", "entry", "what"),
    [
        ("chat", {"input_cost_per_token": 1e-6, "input_cost_per_character": 1e-6}, "input_cost_per_character"),
        ("chat", {"input_cost_per_token": 1e-6, "input_dbu_cost_per_token": 1e-6}, "input_dbu_cost_per_token"),
        ("chat", {"input_cost_per_token": 0, "output_cost_per_token": 0.0}, "the model"),
        ("chat", {"input_cost_per_token": 1e-6, "input_cost_per_second": 0.01}, "the model"),
        ("chat", {}, "the model"),
        (
            "image_generation",
            {"output_cost_per_image": 0.13, "output_cost_per_image_token": 1.2e-4},
            "output_cost_per_image",
        ),
    ],
)
def test_what_no_card_can_say_is_remarked(imported, mode, entry, what):
    _, remarks = imported(mode=mode, **entry)
    assert [(one.kind, one.what) for one in remarks] == [("left out", what)]


@pytest.mark.parametrize(
    ("provider", "key", "card", "name"),
    [
        ("gemini", "gemini/gemini-9", "google", "gemini-9"),
        ("bedrock_converse", "us.anthropic.claude-9", "bedrock", "us.anthropic.claude-9"),
        ("bedrock", "bedrock/us-east-1/cohere.x", "bedrock", "us-east-1/cohere.x"),
        ("groq", "groq/openai/gpt-oss-9b", "groq", "openai/gpt-oss-9b"),
        ("cohere_chat", "command-9", "cohere", "command-9"),
    ],
)
def test_the_prefix_that_routes_a_key_is_no_part_of_the_name(imported, provider, key, card, name):
    model, _ = imported(provider=provider, key=key, input_cost_per_token=1e-6)
    assert (model.card.provider, model.id) == (card, name)


def test_what_is_no_data_of_litellm_is_refused():
    with pytest.raises(TokError, match=r"prices\.json: no models of litellm"):
        convert("litellm", b'{"a": {"input": 1}}', "prices.json", "2026-11-22")
