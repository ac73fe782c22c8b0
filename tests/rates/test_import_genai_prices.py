"""Cards made from genai-prices: each test gives a bit of its JSON (version 2) and says what the card must hold.

What the data means is taken from types.py of genai-prices 0.2.3: the docstrings of ConditionalPrice, PriceVariant and
TieredPrices.
"""

import json
import zipfile
from decimal import Decimal

import pytest

from tokencli.errors import TokError
from tokencli.model.rates import Threshold, When
from tokencli.rates.importing import convert, writing
from tokencli.rates.read import read_card

SEPTEMBER = 1_788_220_800  # 2026-09-01T00:00:00Z


@pytest.fixture
def imported():
    """What becomes of one model; the first card and the remarks."""

    def make(provider="p", **model):
        model = {"id": "m", "match": {"equals": "m"}, **model}
        data = json.dumps([{"id": provider, "name": "P", "pricing_urls": ["https://p.example"], "models": [model]}])
        found = convert("genai-prices", data.encode(), "data.json", "2026-11-22")
        for card in found.cards:
            again = read_card(writing.text(card), "x.yaml")
            assert again.models[0].prices == card.models[0].prices
        return (found.cards[0].models[0] if found.cards else None), found.remarks

    return make


def rates(**given):
    return {name: Decimal(price) for name, price in given.items()}


def test_prices_are_taken_digit_by_digit(imported):
    model, remarks = imported(prices={"input_mtok": 0.003625, "output_mtok": 15, "cache_read_mtok": 0.1})
    assert model.prices[0].rates == rates(input="0.003625", output="15", cache_read="0.1")
    assert remarks == ()


def test_a_price_that_was_taken_from_a_reseller_is_not_confirmed(imported):
    said = "Imported from OpenRouter pricing; verify against OpenAI pricing when native API pricing is published."
    model, _ = imported(prices={"input_mtok": 0.039}, price_comments=said)
    assert (model.prices[0].confidence, model.prices[0].note[:23]) == ("unconfirmed", "the price of a reseller")
    model, _ = imported(prices={"input_mtok": 0.039}, price_comments="Seen on the page.")
    assert (model.prices[0].confidence, model.prices[0].note) == ("imported", "")


def test_what_a_float_left_behind_is_rounded_and_said(imported):
    model, remarks = imported(prices={"input_mtok": 0.18000000000000002})
    assert model.prices[0].rates == rates(input="0.18")
    assert [(one.kind, one.what) for one in remarks] == [("rounded", "input_mtok")]


def test_a_start_date_ends_the_price_before_it(imported):
    later = {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 2}}
    model, _ = imported(prices=[{"prices": {"input_mtok": 1}}, later])
    first, second = model.prices
    assert (first.start, first.end, first.rates) == (None, SEPTEMBER, rates(input="1"))
    assert (second.start, second.end, second.rates) == (SEPTEMBER, None, rates(input="2"))


def test_hours_of_the_day_become_a_window_of_the_last_dated_price(imported):
    later = {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 2}}
    peak = {"constraint": {"start_time": "22:30:00Z", "end_time": "02:00:00Z"}, "prices": {"input_mtok": 4}}
    model, _ = imported(prices=[{"prices": {"input_mtok": 1}}, later, peak])
    first, second = model.prices
    assert first.overrides == ()
    (row,) = second.overrides
    assert row.rates == rates(input="4")
    assert model.card.windows[row.when.window].hours == ((22 * 60 + 30, 2 * 60),)


def test_a_tier_restates_every_rate_and_is_for_the_whole_request_above_its_start(imported):
    tiered = {"base": 3, "tiers": [{"start": 200000, "price": 6}]}
    model, _ = imported(prices={"input_mtok": tiered, "output_mtok": 15})
    (row,) = model.prices[0].overrides
    assert (row.when.input_tokens, row.rates) == (Threshold(gt=200000), rates(input="6", output="15"))


def test_a_start_one_below_a_round_number_means_from_that_number_on(imported):
    tiered = {"base": 2, "tiers": [{"start": 199999, "price": 4}]}
    model, _ = imported(prices={"input_mtok": tiered})
    assert model.prices[0].overrides[0].when.input_tokens == Threshold(gte=200000)


def test_variants_become_rows_and_the_first_of_the_data_wins(imported):
    batch = {"when": {"processing": "batch"}, "prices": {"input_mtok": 1}}
    older = {"when": {"processing": "batch"}, "prices": {"input_mtok": 9, "output_mtok": 5}}
    fast = {"when": {"speed": "fast"}, "prices": {"input_mtok": 4}}
    model, _ = imported(prices={"input_mtok": 2, "output_mtok": 10}, price_variants=[batch, older, fast])
    rows = model.prices[0].overrides
    assert [row.when for row in rows] == [When(speed=("fast",)), When(batch=True), When(batch=True)]
    assert rows[1].rates | rows[2].rates == rates(input="1", output="5")


def test_a_tiered_variant_of_a_tiered_price_has_its_own_tier(imported):
    tiered = {"base": 2, "tiers": [{"start": 272000, "price": 4}]}
    half = {"base": 1, "tiers": [{"start": 272000, "price": 2}]}
    batch = {"when": {"processing": "batch"}, "prices": {"input_mtok": half}}
    model, _ = imported(prices={"input_mtok": tiered}, price_variants=[batch])
    assert [(row.when.batch, row.when.input_tokens, row.rates) for row in model.prices[0].overrides] == [
        (None, Threshold(gt=272000), rates(input="4")),
        (True, None, rates(input="1")),
        (True, Threshold(gt=272000), rates(input="2")),
    ]


def test_a_write_for_an_hour_makes_plain_writes_those_for_five_minutes(imported):
    model, _ = imported(prices={"input_mtok": 3, "cache_write_mtok": 3.75, "cache_write_1h_mtok": 6})
    assert model.prices[0].rates == rates(input="3", cache_write_5m="3.75", cache_write_1h="6")


def test_thousands_are_fees_and_hours_are_durations(imported):
    model, _ = imported(prices={"web_searches_kcount": 10, "audio_hours": 0.36, "input_audio_hours": 0.36})
    price = model.prices[0]
    assert {name: (fee.price, fee.per) for name, fee in price.fees.items()} == {"web_search": (Decimal(10), 1000)}
    assert {name: (one.price, one.per) for name, one in price.durations.items()} == {
        "audio_seconds": (Decimal("0.36"), 3600)
    }


@pytest.mark.parametrize(
    ("model", "what"),
    [
        ({"prices": {"input_mtok": 1, "input_mchars": 15}}, "input_mchars"),
        ({"prices": {}}, "the model"),
        (
            {"prices": {"input_mtok": 1}, "price_variants": [{"when": {"route": "eu"}, "prices": {"input_mtok": 2}}]},
            "the variant route=eu",
        ),
    ],
)
def test_what_no_card_can_say_is_remarked(imported, model, what):
    _, remarks = imported(**model)
    assert [(one.kind, one.provider, one.model, one.what) for one in remarks] == [("left out", "p", "m", what)]


def test_only_exact_names_become_aliases(imported):
    clauses = [{"equals": "m-2"}, {"starts_with": "m-3"}, {"contains": "m"}, {"regex": "^m-4"}, {"equals": "M-2"}]
    model, _ = imported(match={"or": clauses}, prices={"input_mtok": 1})
    assert [name.lower() for name in model.aliases] == ["m-2"]


def test_dollars_made_from_another_currency_are_left_out_unless_asked_for(imported):
    data = json.dumps(
        [{"id": "zhipuai", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1}}]}]
    )
    found = convert("genai-prices", data.encode(), "data.json", "2026-11-22")
    assert (found.cards, [one.provider for one in found.remarks]) == ((), ["zhipu"])
    assert (
        convert("genai-prices", data.encode(), "data.json", "2026-11-22", ("zhipu",)).cards[0].head.provider == "zhipu"
    )


MODULE = """
from decimal import Decimal
import datetime
from .types import *
raise SystemExit("this is never run")
providers: list[Provider] = [
    Provider(id='x-ai', name='X', api_pattern='', pricing_urls=['https://x.example'], models=[
        ModelInfo(id='g', match=ClauseOr(or_=[ClauseEquals(equals='g-1')]), prices=[
            ConditionalPrice(prices=ModelPrice(
                input_mtok=TieredPrices(base=Decimal('2'), tiers=[Tier(start=5, price=Decimal('4'))])
            )),
            ConditionalPrice(
                constraint=StartDateConstraint(start_date=datetime.date(2026, 9, 1)),
                prices=ModelPrice(input_mtok=Decimal('0.1')),
            ),
            ConditionalPrice(
                constraint=TimeOfDateConstraint(
                    start_time=datetime.time(1, 0, tzinfo=datetime.UTC),
                    end_time=datetime.time(4, 30, tzinfo=datetime.UTC),
                ),
                prices=ModelPrice(input_mtok=Decimal('0.2')),
            ),
        ]),
    ]),
]
"""


@pytest.fixture
def wheel(tmp_path):
    """The bytes of a wheel with that data.py."""

    def make(module):
        path = tmp_path / "genai_prices-9.8.7-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("genai_prices/data.py", module)
            archive.writestr("genai_prices-9.8.7.dist-info/METADATA", "")
        return path.read_bytes()

    return make


def test_a_wheel_is_read_without_running_it_and_gives_its_version(wheel):
    (card,) = convert("genai-prices", wheel(MODULE), "x.whl", "2026-11-22").cards
    assert (card.head.provider, card.head.aliases) == ("xai", ("x-ai",))
    assert [(one.url, one.retrieved, one.via) for one in card.head.sources] == [
        ("https://x.example", "2026-11-22", "genai-prices 9.8.7 (MIT)")
    ]
    first, second = card.models[0].prices
    assert (first.rates, first.overrides[0].rates) == (rates(input="2"), rates(input="4"))
    assert (second.start, second.rates, second.overrides[0].rates) == (
        SEPTEMBER,
        rates(input="0.1"),
        rates(input="0.2"),
    )
    assert card.head.windows == {second.overrides[0].when.window: ((((60, 270),)), (), "UTC", "UTC")}


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "data.json", "data.json: not JSON"),
        (b"{}", "data.json", "no list of providers with models"),
        (b'[{"id": "p", "models": [{"id": "m", "prices": {"input_mtok": NaN}}]}]', "data.json", "NaN is no number"),
        (b"providers = ", "data.py", "neither JSON nor a Python module"),
        (b"providers: list = [open('x')]", "data.py", "calls open in another way"),
        (b"providers: list = [x for x in y]", "data.py", "holds ListComp"),
        (b"other: int = 1", "data.py", "does not set providers"),
        (b"PK\x03\x04 no wheel", "x.whl", "not a whole wheel"),
        (b"[" * 100_000, "data.json", "not JSON"),
        (b'[{"id": "p", "models": [{"prices": {}}]}]', "data.json", "not the data of genai-prices as it is known"),
        (b'[{"id": "p", "models": [{"id": "m", "prices": {"input_mtok": "x"}}]}]', "data.json", "as it is known"),
        (
            b'[{"id": "p", "models": [{"id": "m", "prices": {"input_mtok": {"base": 1}}}]}]',
            "data.json",
            "as it is known",
        ),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_one_line(data, name, message):
    with pytest.raises(TokError, match=message) as refused:
        convert("genai-prices", data, name, "2026-11-22")
    assert refused.value.code == "invalid-import"
    assert "\n" not in refused.value.message


def test_a_provider_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(TokError, match="no provider 'q'") as refused:
        convert("genai-prices", b'[{"id": "p", "models": []}]', "data.json", "2026-11-22", ("q",))
    assert refused.value.hint == "it has p"
