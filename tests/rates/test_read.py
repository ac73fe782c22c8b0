"""A card of YAML -> its prices, exact; a bad one -> the file, the line and what to write instead."""

from decimal import Decimal
from textwrap import dedent

import pytest

from tokencli.errors import ExitCode, TokError
from tokencli.model.rates import CacheRules, Duration, Fee, Override, Segment, Source, Threshold, When, Window
from tokencli.rates.read import problems, read_card

HEAD = """\
schema: tok-ratecard/1
provider: acme
currency: USD
sources:
  - {url: "https://acme.example/prices", retrieved: 2026-11-21}
"""


def card(models):
    return HEAD + "models:\n" + dedent(models)


def wrong(models):
    return [(one.line, one.message, one.hint) for one in problems(card(models), "acme.yaml")]


def test_every_key_of_a_card_is_read():
    text = """\
    schema: tok-ratecard/1
    provider: acme-cn
    name: Acme China
    provider_aliases: [acme-beijing]
    currency: CNY
    unit: per_1m_tokens
    tax: included
    defaults: {tier_basis: input_tokens, tier_mode: slices}
    sources:
      - {url: "https://acme.example", retrieved: 2026-11-21, via: a data set, quote: "0.1 per million"}
    windows:
      night: {days: [sun, mon], days_tz: Asia/Shanghai, hours: ["22:30-06:00"], hours_tz: UTC}
      noon: {hours: ["11:00-13:00", "14:00-14:30"], hours_tz: Asia/Tokyo}
    models:
      - id: Big-1
        aliases: [big]
        snapshots: none
        context_window: 1_000_000
        max_output: 8192
        deprecated: 2026-10-01
        retires: 2027-01-01
        successor: big-2
        note: large
        cache:
          {min_tokens: 1024, ttl_seconds: [300, 3600], breakpoints: 4, automatic: no, as_of: 2026-11-01, source: docs}
        prices:
          - from: 2026-02-01T08:00:00+08:00
            checked: 2026-11-20
            confidence: confirmed
            note: autumn
            rates: {input: 0.10, output: 3, cache_read: .005}
            fees: {web_search: {price: 10, per: 1000, free: {count: 1500, period: day, group: grounding}}}
            durations: {audio_seconds: {price: 0.04, per: 3600, minimum: 10}}
            storage: {cache_token_hours: 4.5}
            overrides:
              - when: {input_tokens: {gt: 200000, lte: 500000}, region: [us, eu], window: night}
                rates: {input: 0.2}
                note: x
              - {when: {batch: true, thinking: false, speed: fast}, multiply: 0.5, only: [input, web_search]}
            sources: [{url: "https://acme.example/2", retrieved: 2026-11-22}]
          - {until: 2026-02-01, rates: {input: 1}}
    """
    read = read_card(dedent(text), "cards/acme.yaml")
    head, (model,) = read
    assert head._replace(digest="") == (
        "acme-cn",
        "CNY",
        "Acme China",
        ("acme-beijing",),
        "included",
        True,
        {
            "night": Window(((1350, 360),), (0, 6), "Asia/Shanghai", "UTC"),
            "noon": Window(((660, 780), (840, 870)), (), "Asia/Tokyo", "Asia/Tokyo"),
        },
        (Source("https://acme.example", "2026-11-21", "a data set", "0.1 per million"),),
        "cards/acme.yaml",
        "",
    )
    assert model.id == "Big-1"
    assert model[3:] == (
        ("big",),
        False,
        1_000_000,
        8192,
        CacheRules(1024, (300, 3600), 4, False, "2026-11-01", "docs"),
        "2026-10-01",
        "2027-01-01",
        "big-2",
        "large",
    )
    # date -u -d 2026-02-01 +%s
    assert model.prices[0] == Segment(end=1769904000, rates={"input": Decimal(1)})
    assert model.prices[1] == Segment(
        start=1769904000,
        rates={"input": Decimal("0.1"), "output": Decimal(3), "cache_read": Decimal("0.005")},
        fees={"web_search": Fee(Decimal(10), 1000, 1500, "day", "grounding")},
        durations={"audio_seconds": Duration(Decimal("0.04"), 3600, 10)},
        cache_token_hours=Decimal("4.5"),
        overrides=(
            Override(
                When(input_tokens=Threshold(gt=200000, lte=500000), region=("us", "eu"), window="night"),
                rates={"input": Decimal("0.2")},
                note="x",
            ),
            Override(
                When(batch=True, thinking=False, speed=("fast",)),
                multiply=Decimal("0.5"),
                only=("input", "web_search"),
            ),
        ),
        checked="2026-11-20",
        sources=(Source("https://acme.example/2", "2026-11-22"),),
        note="autumn",
        confidence="confirmed",
    )


def test_a_decimal_is_exact_as_no_float_is():
    (model,) = read_card(card("- {id: a, prices: [{rates: {input: 0.1, output: 0.003625}}]}"), "a.yaml").models
    assert model.prices[0].rates == {"input": Decimal("0.1"), "output": Decimal("0.003625")}
    assert all(type(rate) is Decimal for rate in model.prices[0].rates.values())


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ("1.5e-3", "'1.5e-3' is no plain decimal number"),
        (".inf", "'.inf' is no plain decimal number"),
        (".nan", "'.nan' is no plain decimal number"),
        ("010", "'010' is no plain decimal number"),
        ("0x1F", "'0x1F' is no plain decimal number"),
        ("1:30", "'1:30' is no plain decimal number"),
        ("0.1234567890123", "0.1234567890123 has more than 12 digits after the point"),
        ("9" * 5000, "9999999999999999999999999999999999999... has more than 15 digits before the point"),
        ("0." + "9" * 5000, "0.99999999999999999999999999999999999... has more than 12 digits after the point"),
        ("1e-3", "models.a.prices.0.rates.input takes a number, not '1e-3'"),
        ('"0.1"', "models.a.prices.0.rates.input takes a number, not '0.1'"),
        ("true", "models.a.prices.0.rates.input takes a number, not true"),
        ("-0.1", "models.a.prices.0.rates.input is -0.1, which is not at least 0"),
        ("1000000.1", "models.a.prices.0.rates.input is 1000000.1, which is not at most 1000000"),
    ],
)
def test_a_price_that_is_no_plain_decimal_is_refused_once(price, message):
    ((line, said, hint),) = wrong(f"- {{id: a, prices: [{{rates: {{input: {price}}}}}]}}")
    assert (line, said) == (7, message)
    assert hint


def test_the_first_problem_is_raised_with_its_place_and_the_number_of_the_others():
    text = card("- id: a\n  prices:\n  - rates: {inptu: 1}\n  - rates: {output: -1}\n")
    with pytest.raises(TokError) as raised:
        read_card(text, "cards/acme.yaml")
    assert (raised.value.code, raised.value.exit) == ("card", ExitCode.DATA)
    assert raised.value.message == (
        "cards/acme.yaml:9: models.a.prices.0.rates: unknown key 'inptu' (and 1 more: tok rates check cards/acme.yaml)"
    )
    assert raised.value.hint == "did you mean 'input'?"


@pytest.mark.parametrize(
    ("models", "line", "message", "hint"),
    [
        ("- id: a\n  id: b\n", 8, "'id' stands here twice, first in line 7", "keep one of the two"),
        ("- id: 4.0\n", 7, "models.0.id takes a text, not 4.0", '"4.0"'),
        ("- {id: a, prices: [{rates: {input: 1}, from: 22.11.2026}]}", 7, "is '22.11.2026'", "such as 2026-11-22"),
        ("- {id: a, prices: [{from: 2026-01-01}]}", 7, "has none of rates, fees, durations", "add rates: ..."),
        ("- {id: a, prices: [{rates: {}}]}", 7, "rates is empty", "leave it out"),
        ("- {id: a, price: []}", 7, "unknown key 'price'", "did you mean 'prices'?"),
        ("- &a {id: a, prices: [{rates: {input: 1}}]}\n- *a\n", 8, "*a repeats another part", "write the values out"),
        ("- {id: a, <<: {prices: []}}", 7, "<< takes in another part", "cards use no merges"),
        ("- {id: a, prices: [{rates: {input: 1}, overrides: [{when: {batch: true}}]}]}", 7, "has none of rates", "add"),
        (
            "- {id: a, prices: [{rates: {input: 1}, overrides: [{when: {region: no}, multiply: 2}]}]}",
            7,
            "not false",
            '"no"',
        ),
        (
            "- {id: a, prices: [{rates: {input: 1}, storage: {cache_hours: 1}}]}",
            7,
            "unknown key 'cache_hours'",
            "cache_token_hours",
        ),
        ("- {id: a\n", 8, "not valid YAML", "mend the YAML"),
        ("- " + "[" * 40 + "]" * 40, 7, "more than 30 levels", "tok rates schema"),
    ],
)
def test_a_card_of_another_shape_is_refused_with_the_line_and_what_to_write(models, line, message, hint):
    found = [each for each in wrong(models) if message in each[1]]
    assert found, wrong(models)
    assert found[0][0] == line
    assert hint in found[0][2]


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ("- {id: a, prices: [{from: 2026-02-30, rates: {input: 1}}]}", "from is '2026-02-30', which is no day"),
        ("- {id: a, prices: [{from: 2026-02-02, until: 2026-02-02, rates: {input: 1}}]}", "is not after from"),
        (
            "- id: a\n  prices: [{until: 2026-02-02, rates: {input: 1}},"
            " {from: 2026-02-01T23:59:59Z, rates: {input: 2}}]",
            "a: these prices hold while those of line 8 still do",
        ),
        ("- {id: a, prices: [{rates: {input: 1}}]}\n- {id: A, prices: [{rates: {input: 1}}]}", "stands for a already"),
        ("- {id: a, aliases: [b, B], prices: [{rates: {input: 1}}]}", "stands for a already"),
        ("- {id: ' a', prices: [{rates: {input: 1}}]}", "the name ' a' cannot be typed"),
        ("- {id: a, context_window: -1, prices: [{rates: {input: 1}}]}", "context_window is -1, less than nothing"),
        (
            "- {id: a, prices: [{rates: {input: 1}, overrides: [{when: {window: night}, multiply: 2}]}]}",
            "there is no window 'night' in this card",
        ),
        (
            "- {id: a, prices: [{rates: {input: 1}, overrides: [{when: {batch: true}, multiply: 2, only: [inptu]}]}]}",
            "only: 'inptu' is no unit of a card",
        ),
        (
            "- {id: a, cache_min_tokens: 1, cache: {min_tokens: 2}, prices: [{rates: {input: 1}}]}",
            "cache_min_tokens is 1 and cache.min_tokens is 2",
        ),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(models, message):
    ((line, said, hint),) = [each for each in wrong(models) if message in each[1]][:1] or [(0, wrong(models), "")]
    assert line in (7, 8)
    assert message in said
    assert hint


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30"])
def test_a_date_out_of_the_calendar_is_refused_wherever_it_stands(day):
    said = [
        (line, message) for line, message, _ in wrong(f"- {{id: a, prices: [{{from: '{day}', rates: {{input: 1}}}}]}}")
    ]
    assert (7, f"from is {day!r}, which is no day or hour of the calendar") in said


def test_a_zone_that_is_not_known_is_refused():
    windows = "windows:\n  night: {hours: ['22:00-06:00'], hours_tz: Asia/Peking}\n"
    text = HEAD + windows + "models: [{id: a, prices: [{rates: {input: 1}}]}]\n"
    assert [(one.line, one.message) for one in problems(text, "a.yaml")] == [
        (7, "hours_tz is 'Asia/Peking', no time zone that is known")
    ]


def test_prices_may_meet_at_an_instant():
    text = "- {id: a, prices: [{until: 2026-02-02, rates: {input: 1}}, {from: 2026-02-02, rates: {input: 2}}]}"
    assert wrong(text) == []


@pytest.mark.parametrize("text", ["", "42", "- a\n", "null", "a: b: c", "\x00", "---\na: 1\n---\nb: 2\n"])
def test_what_is_no_card_is_refused_and_not_a_crash(text):
    assert problems(text, "a.yaml")
