"""Each rule of `tok rates check`: a card that shows it, and how it is written right."""

from datetime import date

import pytest

from tokencli.rates.lint import check

TODAY = date(2026, 11, 22)


def found(head, prices, *, before="", more=""):
    """(rule, message) of what is found in a card of one model, whose prices are given."""
    text = head("acme", "USD") + before + f"models:\n  - id: m\n{more}    prices:\n"
    text += "".join(f"      - {{{price}}}\n" for price in prices)
    return [(one.rule, one.message) for one in check(text, "acme.yaml", TODAY, 45)]


BASE = "rates: {input: 2, cache_read: 0.2, output: 10}"


def rows(*overrides):
    return f"{BASE}, overrides: [{', '.join(f'{{{row}}}' for row in overrides)}]"


RIGHT = {
    "tier": rows("when: {input_tokens: {gt: 200}}, rates: {input: 4, cache_read: 0.2, output: 10}"),
    # The second row of a tier changes one rate of what the first one states.
    "tier of two rows": rows(
        "when: {input_tokens: {gt: 200}}, rates: {input: 4, cache_read: 0.4, output: 20}",
        "when: {input_tokens: {gt: 200}, thinking: true}, rates: {output: 30}",
        "when: {input_tokens: {gt: 500}}, rates: {input: 8, cache_read: 0.8, output: 40}",
    ),
    "short": rows("when: {batch: true, input_tokens: {lte: 200}}, rates: {input: 1}"),
    "batch": rows("when: {batch: true}, multiply: 0.5"),
    # A batch above the base, below the tier in which it lies.
    "batch in a tier": rows(
        "when: {input_tokens: {gte: 200}}, rates: {input: 4, cache_read: 0.4, output: 20}",
        "when: {batch: true, input_tokens: {gte: 200}}, rates: {input: 3}",
    ),
    "read for nothing": "rates: {input: 0, cache_read: 0, output: 0}",
}


@pytest.mark.parametrize("price", RIGHT.values(), ids=RIGHT)
def test_nothing_is_said_of_what_is_right(head, price):
    assert found(head, [price]) == []


WRONG = {
    # Helicone/helicone#5766: what a tier leaves out stays at the base price.
    "tier": (
        rows("when: {input_tokens: {gt: 200000}}, rates: {input: 4, output: 20}"),
        "m: the tier from 200,001 tokens leaves cache_read at the base price",
    ),
    "tier-order": (
        rows(
            "when: {input_tokens: {gte: 500}}, rates: {input: 8, cache_read: 0.8, output: 40}",
            "when: {input_tokens: {gt: 200}}, rates: {input: 4, cache_read: 0.4, output: 20}",
        ),
        "m: this tier undoes the higher one of line 8, which stands before it",
    ),
    "threshold": (rows("when: {input_tokens: {gt: 200, lt: 201}}, multiply: 2"), "m: nothing is from 201 to 200"),
    "cache-read": (
        "rates: {input: 2, cache_read: 2.1, output: 10}",
        "m: cache_read 2.1 is above input 2",
    ),
    "batch": (
        rows("when: {batch: true}, rates: {output: 10.5}"),
        "m: output 10.5 in a batch is above 10 without",
    ),
    "checked": (f"{BASE}, confidence: confirmed", "m: a price is confirmed, and nothing says when"),
    "source": (
        f"{BASE}, sources: [{{url: https://a.example, retrieved: 2026-11-24}}]",
        "2026-11-24 is still to come",
    ),
}


@pytest.mark.parametrize("rule", WRONG)
def test_what_makes_bills_wrong_is_said(head, rule):
    price, message = WRONG[rule]
    assert found(head, [price]) == [(rule, message)]


def test_a_factor_above_one_is_no_batch(head):
    assert found(head, [rows("when: {batch: true}, multiply: 1.5")]) == [
        ("batch", "m: a batch costs more than a request")
    ]


def test_a_cache_read_in_a_row_is_held_against_the_input_there(head):
    row = rows("when: {speed: fast}, rates: {input: 0.1}")
    assert found(head, [row]) == [("cache-read", "m: cache_read 0.2 is above input 0.1")]


def test_days_without_a_price_are_said(head):
    prices = [f"until: 2026-02-01, {BASE}", f"from: 2026-02-02, {BASE}"]
    assert found(head, prices) == [("gap", "m has no price from 2026-02-01 to 2026-02-02")]
    assert found(head, [prices[0], prices[1].replace("02-02", "02-01")]) == []


def test_a_model_that_writes_has_a_price_for_it(head):
    assert found(head, ["rates: {input: 2}"]) == []
    said = [("output", "m has max_output, and no price for its output")]
    assert found(head, ["rates: {input: 2}"], more="    max_output: 10\n") == said


@pytest.mark.parametrize(
    ("checked", "days"),
    [("2026-10-08", 45), ("2026-10-07", 46)],
)
def test_a_price_is_stale_after_so_many_days(head, checked, days):
    """45 days before 2026-11-22 is 2026-10-08: 22 of November, 31 of October less 8."""
    said = [("stale", f"m: checked on {checked}, more than 45 days ago")] if days > 45 else []
    assert found(head, [f"{BASE}, checked: {checked}"]) == said


def test_a_price_that_holds_no_more_or_not_yet_is_not_stale(head):
    old = f"{BASE}, checked: 2026-01-01"
    assert found(head, [f"until: 2026-11-22, {old}", f"from: 2026-11-22, {BASE}"]) == []
    assert found(head, [f"until: 2026-11-23, {BASE}", f"from: 2026-11-23, {old}"]) == []


def test_the_card_as_a_whole_is_looked_at(card):
    def said(text):
        return [(one.rule, one.line, one.message) for one in check(text, "a.yaml", TODAY, 45)]

    assert said(card("x", "id: B", "id: a")) == [("sorted", 7, "a stands after b")]
    assert said(card("x", "id: a", currency="XXX")) == [
        ("currency", 3, "XXX is no currency in which services are sold")
    ]
    window = "windows: {night: {hours: ['22:00-06:00']}}\n"
    assert said(card("x", "id: a", more=window)) == [("window", 5, "no price uses the window 'night'")]
    assert said(card("x", "id: a").replace("https://", "")) == [("source", 4, "'a.example' is no address")]


def test_a_wrong_card_is_told_of_its_errors_alone(card):
    (one,) = check(card("x", "id: a, idd: b", currency="XXX"), "a.yaml", TODAY, 45)
    assert (one.level, one.rule, one.line, one.hint) == ("error", "card", 6, "did you mean 'id'?")
