"""`tok cost`, option by option, through real processes, priced by a card of the tests.

Expected amounts are worked by hand from the card: count x rate / 1,000,000. tiktoken 0.14 gives one token to each
` word` in o200k_base.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]

CARD = """\
schema: tok-ratecard/1
provider: acme
currency: USD
sources:
  - {url: "https://acme.example/prices", retrieved: 2026-11-01, quote: "Input 2 dollars per million"}
windows:
  night: {hours: ["22:00-04:00"]}
models:
  - id: acme-5-big
    context_window: 1000
    cache: {min_tokens: 64}
    prices:
      - from: 2026-01-01
        checked: 2026-11-01
        confidence: confirmed
        rates: {input: 2, cache_read: 0.2, cache_write_5m: 2.5, cache_write_1h: 4, output: 10}
        fees: {web_search: {price: 10, per: 1000}, image: {price: 1, per: 1, free: {count: 100, period: day}}}
        overrides:
          - when: {input_tokens: {gt: 500}}
            rates: {input: 4, cache_read: 0.4, cache_write_5m: 5, cache_write_1h: 8, output: 20}
          - {when: {batch: true}, multiply: 0.5}
          - {when: {service_tier: flex}, multiply: 0.5}
          - {when: {window: night}, multiply: 0.25}
  - id: acme-5-small
    context_window: 400
    prices:
      - rates: {input: 1, output: 4}
        checked: 2026-11-01
        confidence: unconfirmed
  - id: acme-4-old
    retires: "2026-11-30"
    successor: acme-5-small
    prices:
      - {until: "2026-12-01", rates: {input: 3, output: 3}, checked: 2026-11-01}
      - {from: "2026-12-01", rates: {input: 6, output: 3}, checked: 2026-11-01}
  - id: acme-draw
    prices: [{fees: {generation: {price: 0.04, per: 1}}, checked: 2026-11-01}]
"""

YUAN = """\
schema: tok-ratecard/1
provider: acme-cn
currency: CNY
sources: [{url: "https://acme.example/cn", retrieved: 2026-11-01}]
models:
  - id: acme-5-cn
    prices: [{rates: {input: 7, output: 14}, checked: 2026-11-01}]
"""

NOON = "2026-11-20T12:00:00Z"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A folder with cards and a prompt of 100 tokens."""
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards/acme.yaml").write_text(CARD)
    (tmp_path / "cards/acme-cn.yaml").write_text(YUAN)
    (tmp_path / "prompt.md").write_text(" word" * 100)
    return tmp_path


@pytest.fixture
def cost(tok: Tok, acme: Path) -> Tok:
    """Run `tok cost` in that folder with its cards, at noon."""

    def run(*arguments: str, at: str = NOON, **more: Any) -> Any:
        return tok("cost", *arguments, "--ratecard", "cards", "--at", at, "-e", "o200k_base", cwd=acme, **more)

    return run


def data(ended: Any) -> Any:
    assert ended.code == 0, ended.err
    return json.loads(ended.out)["data"]


def only(ended: Any) -> Any:
    (row,) = data(ended)["rows"]
    return row


def test_a_prompt_costs_its_tokens_times_the_rate(cost: Tok) -> None:
    row = only(cost("prompt.md", "-m", "acme-5-big", "--output-tokens", "50", "--json"))
    assert row["tokens"] == {"input": 100, "low": 100, "high": 100}
    # 100 x 2 / 1,000,000 + 50 x 10 / 1,000,000
    assert (row["total"], row["currency"], row["method"], row["confidence"]) == ("0.0007", "USD", "exact", "confirmed")
    assert [(line["unit"], line["count"], line["rate"], line["per"], line["amount"]) for line in row["lines"]] == [
        ("input", 100, "2", 1000000, "0.0002"),
        ("output", 50, "10", 1000000, "0.0005"),
    ]
    assert row["card"]["source"] == "https://acme.example/prices"
    assert (row["card"]["checked"], row["card"]["from"], row["card"]["until"]) == (
        "2026-11-01",
        "2026-01-01T00:00:00Z",
        None,
    )


def test_output_is_priced_only_where_it_is_said_and_that_is_told(cost: Tok) -> None:
    ended = cost("prompt.md", "-m", "acme-5-big", "--json")
    assert only(ended)["total"] == "0.0002"
    (said,) = data(ended)["assumptions"]
    assert said.startswith("no output is priced: --output-tokens N")


@pytest.mark.parametrize(
    ("options", "total"),
    [
        # 25 tokens of output
        (["--output-ratio", "0.25"], "0.00045"),
        # 80 x 0.2 + 20 x 2 = 56
        (["--cached-share", "0.8"], "0.000056"),
        (["--cached-tokens", "80"], "0.000056"),
        # (100 - 60) x 2 + 60 x 4 = 320
        (["--unit", "cache_write_1h_tokens=60"], "0.00032"),
        # 200 of tokens + 3 x 10 / 1,000
        (["--unit", "web_searches=3"], "0.0302"),
        (["--batch"], "0.0001"),
    ],
)
def test_what_is_said_of_a_call_is_priced(cost: Tok, options: list[str], total: str) -> None:
    assert only(cost("prompt.md", "-m", "acme-5-big", *options, "--json"))["total"] == total


def test_prices_depend_on_the_instant(cost: Tok) -> None:
    row = only(cost("prompt.md", "-m", "acme-5-big", "--json", at="2026-11-20T23:30:00+00:00"))
    # 100 x 2 x 0.25 / 1,000,000
    assert row["total"] == "0.00005"
    assert row["lines"][0]["applied"] == ["window night: x 0.25"]
    early = cost("prompt.md", "-m", "acme-5-big", at="2025-12-31")
    assert (early.code, early.out) == (3, "")
    assert "is not known before 2026-01-01" in early.err


def test_a_long_prompt_is_at_the_price_of_its_tier_as_a_whole(cost: Tok) -> None:
    row = only(cost("--input-tokens", "501", "--output-tokens", "1", "-m", "acme-5-big", "--json"))
    # 501 x 4 + 1 x 20 = 2,024
    assert row["total"] == "0.002024"
    assert row["lines"][0]["applied"] == ["input_tokens > 500"]


def test_many_calls_are_shown_beside_one(cost: Tok) -> None:
    found = data(cost("prompt.md", "-m", "acme-5-big", "--calls", "1000", "--json"))
    (total,) = found["totals"]
    assert (total["total"], total["calls"], total["total_of_calls"]) == ("0.0002", 1000, "0.2")
    assert cost("prompt.md", "-m", "acme-5-big", "--calls", "1000", "-q").out == "0.2\n"


def test_files_are_a_call_each_or_all_together_one(cost: Tok, acme: Path) -> None:
    (acme / "more.md").write_text(" word" * 450)
    each = data(cost("prompt.md", "more.md", "-m", "acme-5-big", "--json"))
    assert [(row["path"], row["total"]) for row in each["rows"]] == [("more.md", "0.0009"), ("prompt.md", "0.0002")]
    assert each["totals"][0]["total"] == "0.0011"
    # 550 tokens are over the tier: 550 x 4 / 1,000,000
    assert only(cost("prompt.md", "more.md", "-m", "acme-5-big", "--together", "--json"))["total"] == "0.0022"


def test_models_are_ranked_by_what_the_same_text_costs_on_each(cost: Tok) -> None:
    found = data(
        cost("prompt.md", "-m", "acme-5-big", "-m", "acme-5-small", "--output-tokens", "10", "--compare", "--json")
    )
    # 100 x 2 + 10 x 10 = 300; 100 x 1 + 10 x 4 = 140, 53.3 % less
    ranked = [(each["model"], each["amount"], each["difference"]) for each in found["ranking"]]
    assert ranked == [("acme-5-small", "0.00014", "-0.533333333333333333"), ("acme-5-big", "0.0003", None)]
    assert found["totals"] == []


def test_a_model_that_cannot_be_compared_is_left_out_with_the_reason(cost: Tok) -> None:
    models = ["-m", "acme-5-big", "-m", "acme-5-small", "-m", "acme-5-cn"]
    ended = cost("--input-tokens", "450", *models, "--compare", "--json")
    found = json.loads(ended.out)["data"]
    # One that was named is missing for want of a rate, which is no complete answer.
    assert (ended.code, found["complete"]) == (3, False)
    assert "--fx USD/CNY=RATE" in ended.out
    assert [each["model"] for each in found["ranking"]] == ["acme-5-big"]
    reasons = {each["model"]: each["reason"] for each in found["left_out"]}
    assert reasons["acme-5-small"] == "450 tokens do not fit into its window of 400"
    assert reasons["acme-5-cn"] == "no exchange rate from CNY to USD"


def test_currencies_are_compared_only_by_a_stated_rate(cost: Tok) -> None:
    models = ["-m", "acme-5-big", "-m", "acme-5-cn"]
    found = data(cost("prompt.md", *models, "--compare", "--fx", "USD/CNY=7", "--json"))
    # CNY 700 / 1,000,000 at 7 to the dollar is USD 100 / 1,000,000
    assert [(each["model"], each["amount"]) for each in found["ranking"]] == [
        ("acme-5-cn", "0.0001"),
        ("acme-5-big", "0.0002"),
    ]


def test_an_amount_in_another_currency_says_its_rate(cost: Tok) -> None:
    row = only(cost("prompt.md", "-m", "acme-5-big", "--currency", "CNY", "--fx", "USD/CNY=7.1", "--json"))
    assert (row["total"], row["currency"]) == ("0.0002", "USD")
    assert row["converted"]["total"] == "0.00142"
    assert row["converted"]["exchange"] == {"pair": "USD/CNY", "rate": "7.1", "date": "2026-11-20", "source": "--fx"}
    missing = cost("prompt.md", "-m", "acme-5-big", "--currency", "EUR")
    assert missing.code == 3
    assert "no exchange rate from USD to EUR" in missing.err


def test_alternatives_say_what_they_save(cost: Tok) -> None:
    found = data(cost("prompt.md", "-m", "acme-5-big", "--json"))["alternatives"]
    # night: x 0.25; batch: x 0.5; 80 of 100 tokens at 0.2 instead of 2: 56
    assert [(each["kind"], each["total"]) for each in found] == [
        ("off-peak", "0.00005"),
        ("cached", "0.000056"),
        ("batch", "0.0001"),
        ("service-tier", "0.0001"),
        ("sibling", "0.0001"),
    ]
    assert found[0]["words"] == "off-peak, from Fri 2026-11-20 22:00 UTC"


def test_caching_pays_from_so_many_reads_on(cost: Tok) -> None:
    found = data(cost("prompt.md", "-m", "acme-5-big", "--caching", "--json"))["caching"]
    # plain 200, read 20, written for 5 minutes 250: 250 + 20 <= 2 x 200. For an hour 400: 400 + 20 > 400, 440 <= 600.
    assert [(each["lifetime"], each["break_even_reads"]) for each in found] == [("5 minutes", 1), ("1 hour", 2)]
    assert (found[0]["cached_1000"], found[0]["plain_1000"]) == ("0.02023", "0.2")


def test_scores_give_the_cost_of_a_point_and_who_is_unbeaten(cost: Tok, acme: Path) -> None:
    (acme / "scores.csv").write_text("model,accuracy\nacme-5-big,80\nacme-5-small,50\n")
    models = ["-m", "acme-5-big", "-m", "acme-5-small"]
    found = data(cost("prompt.md", *models, "--compare", "--scores", "scores.csv", "--json"))["ranking"]
    # 0.0001 / 50 and 0.0002 / 80
    points = [(each["scores"][0]["cost_per_point"], each["scores"][0]["unbeaten"]) for each in found]
    assert points == [("0.000002", True), ("0.0000025", True)]
    (acme / "scores.csv").write_text("model,accuracy\nacme-5-big,50\nacme-5-small,50\n")
    found = data(cost("prompt.md", *models, "--compare", "--scores", "scores.csv", "--json"))["ranking"]
    assert [each["scores"][0]["unbeaten"] for each in found] == [True, False]


def test_terms_of_the_settings_change_what_is_paid(cost: Tok, acme: Path) -> None:
    (acme / "tok.toml").write_text(
        '[[discounts]]\nprovider = "acme"\nmultiply = 0.9\nuntil = 2026-12-01\n\n'
        '[[packs]]\nname = "starter"\nprovider = "acme"\nprice = 1\ntokens = 1_000_000\nexpires = 2027-01-01\n\n'
        '[[plans]]\nname = "team"\nprovider = "acme"\nprice = 20\nseats = 5\n\n'
        '[[fx]]\npair = "USD/CNY"\nrate = 7.2\ndate = 2026-11-02\nsource = "bank"\n'
    )
    found = data(cost("prompt.md", "-m", "acme-5-big", "--currency", "CNY", "--json"))
    # 200 x 0.9 = 180; x 7.2 = 1,296; from the pack 100 tokens of a dollar a million
    assert found["rows"][0]["total"] == "0.00018"
    assert found["rows"][0]["converted"]["total"] == "0.001296"
    assert found["rows"][0]["converted"]["exchange"]["date"] == "2026-11-02"
    assert ("pack", "0.0001") in [(each["kind"], each["total"]) for each in found["alternatives"]]
    assert any("covered by the plan team, $100.00 a month" in note for note in found["rows"][0]["notes"])
    late = only(cost("prompt.md", "-m", "acme-5-big", "--json", at="2026-12-01T12:00:00Z"))
    assert late["total"] == "0.0002"


def test_wrong_terms_are_named_by_file_and_line(cost: Tok, acme: Path) -> None:
    (acme / "tok.toml").write_text('top = 5\n\n[[discounts]]\nprovider = "acme"\nmultiply = 1.5\n')
    ended = cost("prompt.md", "-m", "acme-5-big")
    assert ended.code == 2
    assert "tok.toml:3: [[discounts]] multiply = 1.5 would raise prices" in ended.err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["prompt.md"], 2, "no model to price for"),
        (["prompt.md", "-m", "acme-5-bug"], 3, "no price for the model 'acme-5-bug'"),
        (["prompt.md", "-m", "acme-5-small", "--cached-tokens", "10"], 3, "no price for cache_read"),
        (
            ["prompt.md", "-m", "acme-5-big", "--cached-tokens", "101"],
            3,
            "cache_read_tokens 101 is more than input_tokens 100",
        ),
        (["prompt.md", "-m", "acme-5-big", "--unit", "cached=3"], 3, "unknown count in the usage: cached"),
        (["prompt.md", "-m", "acme-5-big", "--output-tokens", "1", "--output-ratio", "2"], 2, "exclude each other"),
        (["prompt.md", "-m", "acme-5-big", "--all"], 2, "add --compare"),
        (["prompt.md", "--input-tokens", "5", "-m", "acme-5-big"], 2, "files and --input-tokens exclude each other"),
        (["--usage", "a.jsonl", "--usage", "b.jsonl"], 2, "--usage takes one file"),
        (["--input-tokens", "1k", "-m", "acme-5-big"], 2, "'1k' is no whole number"),
        (["--input-tokens", "5", "-m", "acme-5-big", "--fx", "USD=7"], 2, "is no exchange rate"),
        (["--input-tokens", "5", "-m", "acme-5-big", "--fx", "USD/USD=7"], 2, "is no exchange rate"),
        (["--input-tokens", "5", "-m", "acme-5-big", "--unit", "output_tokens=7"], 2, "--output-tokens says"),
        (["prompt.md", "--compare", "--family", "acme-5", "-q"], 2, "a ranking has no total"),
        (["prompt.md", "-m", "acme-5-big", "-m", "acme-5-small", "--total"], 2, "side by side have no total"),
    ],
)
def test_what_is_wrong_is_one_line_and_never_a_zero(cost: Tok, options: list[str], code: int, words: str) -> None:
    ended = cost(*options)
    assert (ended.code, ended.out) == (code, "")
    assert words in ended.err


def test_what_has_no_price_is_shown_as_such_or_left_out_as_asked(cost: Tok) -> None:
    options = ["prompt.md", "-m", "acme-5-small", "--cached-tokens", "10"]
    warned = cost(*options, "--on-unknown", "warn", "--format", "plain")
    assert (warned.code, warned.out.split("\t")[0]) == (0, "--")
    assert "no price for cache_read" in warned.err
    skipped = cost(*options, "--on-unknown", "skip", "--json")
    assert data(skipped)["rows"] == []


def test_a_price_that_nobody_confirmed_says_so(cost: Tok) -> None:
    ended = cost("prompt.md", "-m", "acme-5-small")
    assert "acme/acme-5-small is not confirmed" in ended.err


def test_the_lines_of_a_receipt_are_the_total(cost: Tok) -> None:
    ended = cost("prompt.md", "-m", "acme-5-big", "--output-tokens", "50", "--batch", "--explain", "--format", "plain")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert rows[0][:2] == ["0.00035", "USD"]
    assert rows[1] == ["0.0001", "USD", "input", "100", "1", "1000000", "batch: x 0.5"]
    assert rows[2] == ["0.00025", "USD", "output", "50", "5", "1000000", "batch: x 0.5"]
    assert rows[3][0] == "price"
    assert rows[3][2] == "https://acme.example/prices"


def test_a_file_without_a_price_does_not_take_the_others_with_it(cost: Tok, acme: Path) -> None:
    (acme / "less.md").write_text(" word" * 10)
    options = ["prompt.md", "less.md", "-m", "acme-5-big", "--cached-tokens", "50"]
    ended = cost(*options, "--format", "plain")
    assert ended.code == 3
    assert "less.md: cache_read_tokens 50 is more than input_tokens 10" in ended.err
    # 50 x 2 + 50 x 0.2 = 110
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["0.00011", "--", "0.00011"]
    assert "1 without a price" in ended.out
    assert cost(*options, "--on-unknown", "warn").code == 0
    assert cost(*options, "--on-unknown", "skip", "-q").out == "0.00011\n"


def test_an_unknown_model_is_an_error_or_left_out_as_asked(cost: Tok) -> None:
    options = ["prompt.md", "-m", "acme-5-big", "-m", "acme-5-bug", "--compare"]
    assert cost(*options).code == 3
    found = data(cost(*options, "--on-unknown", "warn", "--json"))
    assert [each["model"] for each in found["ranking"]] == ["acme-5-big"]
    assert found["left_out"][0]["model"] == "acme-5-bug"
    alone = cost("prompt.md", "-m", "acme-5-bug", "--on-unknown", "warn", "-q")
    assert (alone.code, alone.out) == (0, "--\n")


def test_a_named_model_without_a_price_for_a_count_is_an_error_beside_others(cost: Tok) -> None:
    ended = cost("prompt.md", "-m", "acme-5-big", "-m", "acme-5-small", "--compare", "--cached-tokens", "9", "--json")
    assert ended.code == 3
    found = json.loads(ended.out)
    assert [each["model"] for each in found["data"]["ranking"]] == ["acme-5-big"]
    assert "acme/acme-5-small has no price for cache_read" in found["errors"][0]["message"]


def test_files_that_are_a_call_each_need_not_fit_into_the_window_together(cost: Tok, acme: Path) -> None:
    for number in range(5):
        (acme / f"{number}.md").write_text(" word" * (300 + number))
    files = [f"{number}.md" for number in range(5)]
    found = data(cost(*files, "-m", "acme-5-big", "-m", "acme-5-small", "--json"))
    # 5 x 300 + 10 = 1,510 tokens, of which no call sends more than 304
    assert [each["model"] for each in found["ranking"]] == ["acme-5-small", "acme-5-big"]


def test_bare_amounts_of_models_stand_in_the_order_of_their_names(cost: Tok) -> None:
    models = ["-m", "acme-5-big", "-m", "acme-5-small", "-m", "acme-5-cn"]
    assert cost("prompt.md", *models, "-q").out == "0.0002\n0.0001\n--\n"


def test_units_that_are_free_are_free_once_for_all_calls(cost: Tok) -> None:
    options = ["--input-tokens", "100", "--unit", "images=1", "--calls", "150"]
    found = data(cost(*options, "-m", "acme-5-big", "--json"))["totals"][0]
    # 150 x 100 x 2 / 1,000,000 + (150 - 100) x 1
    assert (found["total"], found["total_of_calls"]) == ("0.0002", "50.03")
    ranked = data(cost(*options, "-m", "acme-5-big", "--compare", "--json"))["ranking"][0]
    assert (ranked["amount"], ranked["amount_of_calls"]) == ("0.0002", "50.03")


def test_what_is_sold_by_the_piece_needs_no_text(cost: Tok) -> None:
    assert only(cost("--unit", "generations=3", "-m", "acme-draw", "--json"))["total"] == "0.12"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-m", "acme-5-small-20260101"], "acme-5-small-20260101 is priced as acme-5-small"),
        (["-m", "acme-4-old"], "acme-4-old is retired on 2026-11-30, acme-5-small follows it"),
        (["-m", "acme-4-old", "--at", "2026-11-30"], "acme-4-old was retired on 2026-11-30, acme-5-small follows it"),
        # 100 x 6 / 1,000,000
        (["-m", "acme-4-old"], "from 2026-12-01 on acme-4-old costs $0.0006 instead of $0.0003 for this"),
        (["-m", "acme-5-big", "--at", "2026-12-17"], "last checked on 2026-11-01, more than 45 days before"),
        (["-m", "acme-5-big", "--batch", "--service-tier", "flex"], "see that both are sold at once"),
        (["-m", "acme-5-small", "--at", "2026-01-01"], "since when acme/acme-5-small has its price is not known"),
    ],
)
def test_what_is_to_be_known_of_a_price_is_said(tok: Tok, acme: Path, options: list[str], words: str) -> None:
    at = [] if "--at" in options else ["--at", NOON]
    ended = tok("cost", "--input-tokens", "100", *options, *at, "--ratecard", "cards", cwd=acme)
    assert ended.code == 0
    assert words in ended.err
    quiet = tok("cost", "--input-tokens", "100", "-m", "acme-5-big", "--at", NOON, "--ratecard", "cards", cwd=acme)
    assert words not in quiet.err


def test_a_change_of_price_is_told_once_for_all_files(cost: Tok, acme: Path) -> None:
    (acme / "more.md").write_text(" word" * 50)
    told = [line for line in cost("prompt.md", "more.md", "-m", "acme-4-old").err.splitlines() if "instead" in line]
    # 150 x 6 and 150 x 3
    assert [line.split("costs ")[1] for line in told] == ["$0.0009 instead of $0.00045 for this"]


def test_an_old_price_of_usage_is_said_too(cost: Tok, acme: Path) -> None:
    (acme / "tok.toml").write_text("stale-after-days = 10\n")
    ended = cost("--usage", "-", "-m", "acme-5-big", stdin=b'{"input_tokens": 100}')
    assert "last checked on 2026-11-01, more than 10 days before" in ended.err


def test_all_is_converted_that_belongs_to_an_amount(cost: Tok) -> None:
    options = ["prompt.md", "-m", "acme-5-big", "--calls", "10", "--currency", "EUR", "--fx", "EUR/USD=1.25"]
    total = data(cost(*options, "--json"))["totals"][0]["converted"]
    # 0.0002 / 1.25, and ten of them
    assert (total["total"], total["low"], total["total_of_calls"]) == ("0.00016", "0.00016", "0.0016")
    for form in ("table", "markdown"):
        assert "10 calls $0.002 = \u20ac0.0016" in cost(*options, "--format", form).out.replace(
            "\u20ac0.00160", "\u20ac0.0016"
        )


def test_a_discount_holds_for_the_economics_of_a_cache_too(cost: Tok, acme: Path) -> None:
    (acme / "tok.toml").write_text('[[discounts]]\nprovider = "Acme"\nmultiply = 0.5\n')
    found = data(cost("prompt.md", "-m", "acme-5-big", "--caching", "--json"))["caching"]
    assert (found[0]["plain"], found[0]["write"], found[0]["read"]) == ("0.0001", "0.000125", "0.00001")


def test_the_receipt_names_its_card(cost: Tok) -> None:
    ended = cost("prompt.md", "-m", "acme-5-big", "--explain", "--format", "table")
    assert "card cards" in ended.out
    assert "acme.yaml" in ended.out


def test_scores_of_others_and_second_lines_are_told(cost: Tok, acme: Path) -> None:
    (acme / "scores.csv").write_text("model,accuracy\nacme-5-big,80\nacme-5-bug,50\n")
    options = ["prompt.md", "-m", "acme-5-big", "--compare", "--scores", "scores.csv"]
    assert "scores.csv: scores of models that are not compared: acme-5-bug" in cost(*options).err
    (acme / "scores.csv").write_text("model,accuracy\nacme-5-big,80\nacme-5-big,50\n")
    twice = cost(*options)
    assert twice.code == 3
    assert "scores.csv:3: a second line for acme-5-big" in twice.err


def test_several_models_of_the_settings_do_not_bar_usage(cost: Tok, acme: Path) -> None:
    (acme / "tok.toml").write_text('model = ["acme-5-big", "acme-5-small"]\n')
    (acme / "rows.jsonl").write_text(ROWS)
    assert len(data(cost("--usage", "rows.jsonl", "--json"))["rows"]) == 3
    named = cost("--usage", "rows.jsonl", "-m", "acme-5-big", "-m", "acme-5-small")
    assert named.code == 2


def test_a_spreadsheet_takes_no_formula_from_usage(cost: Tok, acme: Path) -> None:
    row = {"id": "=cmd()", "model": "+1", "usage": {"input_tokens": 1}}
    (acme / "rows.jsonl").write_text(json.dumps(row))
    cells = cost("--usage", "rows.jsonl", "--format", "csv").out.splitlines()[1].split(",")
    assert cells[1] == "./=cmd()"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


ROWS = """\
{"id": "a", "model": "acme-5-big", "usage": {"input_tokens": 100, "output_tokens": 10}, "at": "2026-11-20T12:00:00Z"}
{"id": "b", "model": "acme-5-big", "usage": {"input_tokens": 100, "cache_read_tokens": 50}, "at": "2026-11-20T23:00Z"}
{"id": "c", "model": "acme-5-cn", "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}}
"""


def test_usage_is_priced_at_its_own_instant_in_its_own_currency(cost: Tok, acme: Path) -> None:
    (acme / "rows.jsonl").write_text(ROWS)
    found = data(cost("--usage", "rows.jsonl", "--json"))
    # 100 x 2 + 10 x 10 = 300; (50 x 2 + 50 x 0.2) x 0.25 = 27.5; 10 x 7 + 1 x 14 = 84
    assert [(row["id"], row["total"]) for row in found["rows"]] == [
        ("a", "0.0003"),
        ("b", "0.0000275"),
        ("c", "0.000084"),
    ]
    sums = {total["currency"]: (total["total"], total["rows"]) for total in found["totals"]}
    assert sums == {"USD": ("0.0003275", 2), "CNY": ("0.000084", 1)}
    whole = data(cost("--usage", "rows.jsonl", "--total", "--json"))
    assert whole["rows"] == []
    assert {total["currency"]: (total["total"], total["rows"]) for total in whole["totals"]} == sums
    assert cost("--usage", "rows.jsonl", "-q").out == "0.000084 CNY\n0.0003275 USD\n"


def test_a_row_without_a_price_is_an_error_with_its_line(cost: Tok, acme: Path) -> None:
    bad = '{"id": "d", "model": "acme-5-big", "usage": {"input_tokens": 5, "cache_read_tokens": 6}}\n'
    (acme / "rows.jsonl").write_text(ROWS + bad + "{broken\n")
    for options in ((), ("--total",)):
        ended = cost("--usage", "rows.jsonl", *options)
        assert ended.code == 3
        assert "rows.jsonl:4: cache_read_tokens 6 is more than input_tokens 5" in ended.err
        assert "rows.jsonl:5: " in ended.err
        assert "2 without a price" in ended.out
        assert cost("--usage", "rows.jsonl", *options, "--on-unknown", "warn").code == 0
    lines = cost("--usage", "rows.jsonl", "--format", "jsonl").out.splitlines()
    failed = json.loads(lines[3])
    assert (failed["id"], "total" in failed) == ("d", False)
    assert failed["error"]["code"] == "inconsistent-usage"


def test_lines_are_written_as_they_are_priced_and_end_with_the_totals(cost: Tok, acme: Path) -> None:
    (acme / "rows.jsonl").write_text(ROWS)
    streamed = cost("--usage", "rows.jsonl", "--format", "jsonl")
    written = cost("--usage", "rows.jsonl", "--format", "jsonl", "-o", "out.jsonl")
    assert (streamed.code, written.code) == (0, 0)
    lines = [json.loads(line) for line in streamed.out.splitlines()]
    whole = [json.loads(line) for line in (acme / "out.jsonl").read_text().splitlines()]
    assert lines[:-1] == whole[:-1]
    sums = {total["currency"]: (total["total"], total["rows"]) for total in lines[-1]["totals"]}
    assert sums == {"USD": ("0.0003275", 2), "CNY": ("0.000084", 1)}
    yuan = cost("--usage", "rows.jsonl", "--format", "jsonl", "--currency", "CNY", "--fx", "USD/CNY=7").out.splitlines()
    # 300 / 1,000,000 at 7
    assert json.loads(yuan[0])["converted"]["total"] == "0.0021"


def test_usage_without_a_model_takes_the_one_that_is_named(cost: Tok, acme: Path) -> None:
    (acme / "answer.json").write_text('{"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}')
    assert only(cost("--usage", "answer.json", "-m", "acme-5-big", "--json"))["total"] == "0.0003"
    assert only(cost("--usage", "-", "-m", "acme-5-big", "--json", stdin=b'{"input_tokens": 100}'))["total"] == "0.0002"
    nobody = cost("--usage", "answer.json")
    assert nobody.code == 3
    assert "the row names no model" in nobody.err
    nothing = cost("--usage", "-", "-m", "acme-5-big", stdin=b"")
    assert nothing.code == 3
    assert "nothing was priced" in nothing.err


def test_a_mark_of_utf_8_before_usage_is_none_of_it(cost: Tok, acme: Path) -> None:
    (acme / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + ROWS.replace("\n", "\r\n").encode())
    for options in ((), ("--total",)):
        assert sum(total["rows"] for total in data(cost("--usage", "rows.jsonl", *options, "--json"))["totals"]) == 3


def test_compressed_usage_is_named_as_such(cost: Tok, acme: Path) -> None:
    (acme / "rows.jsonl.gz").write_bytes(gzip.compress(ROWS.encode()))
    for options in ((), ("--total",)):
        ended = cost("--usage", "rows.jsonl.gz", *options)
        assert ended.code == 3
        assert "rows.jsonl.gz is compressed" in ended.err


@pytest.mark.parametrize("model", ["acme-5-big", "ACME/acme-5-big"])
def test_terms_may_name_a_model_with_its_provider(cost: Tok, acme: Path, model: str) -> None:
    (acme / "tok.toml").write_text(f'[[discounts]]\nmodels = ["{model}"]\nmultiply = 0.9\n')
    assert only(cost("prompt.md", "-m", "acme-5-big", "--json"))["total"] == "0.00018"


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ('provider = "amce"', "no card has a provider amce"),
        ('models = ["acme-5-bug"]', "no card has a model acme-5-bug"),
        ('provider = "acme"\nmodels = ["acme-5-cn"]', "no card has a model acme-5-cn"),
    ],
)
def test_terms_that_hold_for_nothing_are_told(cost: Tok, acme: Path, scope: str, words: str) -> None:
    (acme / "tok.toml").write_text(f"[[discounts]]\n{scope}\nmultiply = 0.9\n")
    ended = cost("prompt.md", "-m", "acme-5-big", "--json")
    assert only(ended)["total"] == "0.0002"
    (note,) = [note for note in json.loads(ended.out)["notes"] if "tok.toml:1: " in note]
    assert words in note


def test_terms_of_one_model_multiply_with_those_of_its_provider(cost: Tok, acme: Path) -> None:
    one, other = (
        '[[discounts]]\nprovider = "acme"\nmultiply = 0.9\n',
        '[[discounts]]\nmodels = ["acme-5-big"]\nmultiply = 0.5\n',
    )
    (acme / "tok.toml").write_text(one + other)
    # 200 x 0.9 x 0.5
    assert only(cost("prompt.md", "-m", "acme-5-big", "--json"))["total"] == "0.00009"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[[discounts]]\nmultiply = true", "multiply = true is not a number above 0"),
        ("[[discounts]]\nmultiply = -0.5", "multiply = -0.5 is not a number above 0"),
        ("[[discounts]]\nmultiply = inf", "multiply = Infinity is not a number above 0"),
        ("[[discounts]]\nmultiply = 0.5\nuntil = 2026-12-01T00:00:00Z", "is not a date"),
        ('[[discounts]]\nmultiply = 0.5\nuntil = "2026-02-31"', "until = '2026-02-31' is not a date"),
        ("[discounts]\nmultiply = 0.5", "write each as [[discounts]]"),
        ('[[own_models]]\nid = "m"\ninput = false', "input = false is not a number"),
        ('[[packs]]\nname = "p"\nprice = 1\ntokens = 0.5', "tokens = 0.5 is not a whole number above 0"),
        ('[[fx]]\npair = "USD/CNY"\nrate = 7', "lacks 'date'"),
    ],
)
def test_odd_terms_are_refused(cost: Tok, acme: Path, table: str, words: str) -> None:
    (acme / "tok.toml").write_text(f"{table}\n")
    ended = cost("prompt.md", "-m", "acme-5-big")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


def test_a_model_of_ones_own_is_priced_by_the_settings(cost: Tok, tok: Tok, acme: Path) -> None:
    (acme / "tok.toml").write_text(
        '[[own_models]]\nid = "in-house"\ncurrency = "EUR"\ninput = 0.1\noutput = 0.4\nencoding = "o200k_base"\n'
    )
    row = only(tok("cost", "prompt.md", "-m", "in-house", "--output-tokens", "100", "--json", cwd=acme))
    # 100 x 0.1 + 100 x 0.4 = 50
    assert (row["provider"], row["total"], row["currency"], row["method"]) == ("own", "0.00005", "EUR", "exact")
    assert row["card"]["source"].endswith("tok.toml:1")
    (acme / "tok.toml").write_text('[[own_models]]\nid = "in-house"\ninptu = 0.1\n')
    wrong = cost("prompt.md", "-m", "in-house")
    assert wrong.code == 2
    assert "tok.toml:1: [[own_models]] unknown key 'inptu'" in wrong.err


SEARCHER = """\
schema: tok-ratecard/1
provider: finder
currency: USD
sources: [{url: "https://finder.example/prices", retrieved: 2026-11-01}]
models:
  - id: finder-1
    prices:
      - checked: 2026-11-01
        rates: {input: 1, output: 1}
        fees: {request: {price: 5, per: 1000}}
        overrides: [{when: {search_size: high}, fees: {request: {price: 12, per: 1000}}}]
"""


def test_a_call_is_a_request_where_requests_have_a_fee(cost: Tok, acme: Path) -> None:
    (acme / "cards/finder.yaml").write_text(SEARCHER)
    # 100 x 1 / 1,000,000 + 5 / 1,000
    assert only(cost("prompt.md", "-m", "finder-1", "--json"))["total"] == "0.0051"
    assert only(cost("prompt.md", "-m", "finder-1", "--search-size", "high", "--json"))["total"] == "0.0121"
    assert only(cost("prompt.md", "-m", "finder-1", "--unit", "requests=3", "--json"))["total"] == "0.0151"
