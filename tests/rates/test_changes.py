"""What is said of two sets of cards: each test gives the prices before and after and the words for the difference."""

import pytest

from tokencli.rates.changes import compare
from tokencli.rates.read import read_card


@pytest.fixture
def told(head):
    """The changes between two cards of a provider p, given as the YAML of their models: kind, model and text."""

    def make(before, after, more=("", "")):
        cards = [
            [read_card(head("p", "USD") + extra + f"models: [{models}]\n", "p.yaml")]
            for models, extra in zip((before, after), more, strict=True)
        ]
        return [(one.kind, one.model, one.text) for one in compare(*cards, ("a", "b")).changes]

    return make


def model(prices, more=""):
    return f"{{id: m, {more}prices: [{prices}]}}"


BASE = "{rates: {input: 5, output: 30}}"


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (BASE, []),
        ("{rates: {input: 4, output: 30}}", [("down", "m", "input 5 -> 4 (-20%)")]),
        ("{rates: {input: 5, output: 31}}", [("up", "m", "output 30 -> 31 (+3.3%)")]),
        ("{rates: {input: 5.0, output: 30}}", []),
        ("{rates: {input: 5.0001, output: 30}}", [("up", "m", "input 5 -> 5.0001 (<+0.1%)")]),
        ("{rates: {input: 0, output: 30}}", [("down", "m", "input 5 -> 0")]),
        ("{rates: {output: 30}}", [("price", "m", "input has no price, had 5")]),
        ("{rates: {input: 5, output: 30, cache_read: 1}}", [("price", "m", "cache_read is priced: 1")]),
        (
            "{rates: {input: 5, output: 30}, confidence: confirmed}",
            [("rule", "m", "the price is confirmed, was imported")],
        ),
        (
            "{rates: {input: 5, output: 30}, fees: {web_search: {price: 10, per: 1000}}}",
            [("price", "m", "web_search is priced: 10 for 1,000")],
        ),
        (
            "{rates: {input: 5, output: 30}, overrides: [{when: {input_tokens: {gt: 272000}}, rates: {input: 10}}]}",
            [("price", "m", "input over 272,000 tokens: input 10 is new")],
        ),
        (
            "{rates: {input: 5, output: 30}, checked: 2026-11-22, note: seen}",
            [],
        ),
    ],
)
def test_a_price_that_moved_is_said_with_its_share(told, after, changes):
    assert told(model(BASE), model(after)) == changes


def test_a_new_dated_price_is_a_change_from_its_day_on(told):
    after = "{until: 2026-08-21, rates: {input: 5, output: 30}}, {from: 2026-08-21, rates: {input: 4, output: 20}}"
    assert told(model(BASE), model(after)) == [
        ("down", "m", "input 5 -> 4 (-20%) from 2026-08-21"),
        ("down", "m", "output 30 -> 20 (-33.3%) from 2026-08-21"),
    ]


def test_a_change_over_several_segments_is_said_once(told):
    before = "{until: 2026-08-21, rates: {input: 5, output: 1}}, {from: 2026-08-21, rates: {input: 5, output: 2}}"
    after = "{until: 2026-08-21, rates: {input: 6, output: 1}}, {from: 2026-08-21, rates: {input: 6, output: 2}}"
    assert told(model(before), model(after)) == [("up", "m", "input 5 -> 6 (+20%)")]


def test_an_end_without_a_next_price_is_said(told):
    assert told(model(BASE), model("{until: 2026-08-21, rates: {input: 5, output: 30}}")) == [
        ("price", "m", "no price any more from 2026-08-21")
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("multiply: 0.5", "multiply: 0.6", [("rule", "m", "batch: x 0.6, was x 0.5")]),
        ("rates: {input: 2}", "rates: {input: 3}", [("up", "m", "batch: input 2 -> 3 (+50%)")]),
        ("rates: {input: 2}", "multiply: 0.5", [("rule", "m", "batch: x 0.5 instead of input 2")]),
    ],
)
def test_a_row_that_changed_is_said_with_its_condition(told, before, after, changes):
    rows = (f"{{rates: {{input: 5}}, overrides: [{{when: {{batch: true}}, {one}}}]}}" for one in (before, after))
    assert told(*map(model, rows)) == changes


def test_rows_in_another_order_are_a_change(told):
    first, second = "{when: {batch: true}, rates: {input: 2}}", "{when: {region: us}, rates: {input: 3}}"
    rows = (
        f"{{rates: {{input: 5}}, overrides: [{one}, {other}]}}" for one, other in ((first, second), (second, first))
    )
    assert told(*map(model, rows)) == [("rule", "m", "its rows apply in another order")]


def test_models_and_names_that_came_and_went(told):
    before = "{id: a, prices: [{rates: {input: 1}}]}, {id: b, aliases: [b-1], prices: [{rates: {input: 1}}]}"
    after = "{id: b, aliases: [a, b-2], prices: [{rates: {input: 1}}]}, {id: c, prices: [{rates: {input: 2}}]}"
    assert told(before, after) == [
        ("removed", "a", "removed, is an alias of b now: input 1"),
        ("name", "b", "alias a is new"),
        ("name", "b", "alias b-2 is new"),
        ("name", "b", "alias b-1 is gone"),
        ("new", "c", "new: input 2"),
    ]


def test_limits_and_windows_are_changes_of_their_own(told):
    windows = 'windows: {{night: {{hours: ["{}-06:00"]}}}}\n'
    changes = told(
        model(BASE, "context_window: 1000, "),
        model(BASE, "context_window: 200000, retires: 2027-01-01, "),
        (windows.format("00:00"), windows.format("01:00")),
    )
    assert changes == [
        (
            "card",
            "",
            'window night is {hours: ["01:00-06:00"], hours_tz: UTC}, was {hours: ["00:00-06:00"], hours_tz: UTC}',
        ),
        ("limit", "m", "context window is 200,000, was 1,000"),
        ("limit", "m", "retires is 2027-01-01, was not known"),
    ]


def test_a_rise_is_an_exact_fraction_of_the_price_before(head):
    cards = [
        [read_card(head("p", "USD") + f"models: [{model(one)}]\n", "p")]
        for one in (BASE, "{rates: {input: 5, output: 40}}")
    ]
    (change,) = compare(*cards, ("a", "b")).changes
    assert change.percent * 3 == 100
