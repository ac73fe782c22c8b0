"""`tok simulate`, option by option, through real processes, priced by a card of the tests.

Expected amounts are worked by hand: requests send again all that came before. tiktoken 0.14 gives one token to each
` word` in o200k_base.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]

CARD = """\
schema: tok-ratecard/1
provider: acme
currency: USD
sources: [{url: "https://acme.example/prices", retrieved: 2026-11-01}]
models:
  - id: acme-5-big
    context_window: 10000
    prices:
      - checked: 2026-11-01
        confidence: confirmed
        rates: {input: 2, cache_read: 0.2, cache_write_5m: 2.5, cache_write_1h: 4, output: 10}
        overrides:
          - when: {input_tokens: {gt: 5000}}
            rates: {input: 4, cache_read: 0.4, cache_write_5m: 5, cache_write_1h: 8, output: 20}
  - id: acme-5-search
    prices: [{rates: {input: 1, output: 4}, fees: {request: {price: 5, per: 1000}}, checked: 2026-11-01}]
  - id: acme-5-small
    max_output: 2048
    prices: [{rates: {input: 1, output: 4}, checked: 2026-11-01, confidence: unconfirmed}]
"""

ONE = ["--turns", "1", "--user-tokens", "100", "--tool-calls", "1", "--result-tokens", "500", "--output-tokens", "200"]
"""A turn of two requests: 100 tokens, then 100 + 100 of output + 500 of result."""


@pytest.fixture
def simulate(tok: Tok, tmp_path: Path) -> Tok:
    """Run `tok simulate` with the card, at noon."""
    (tmp_path / "acme.yaml").write_text(CARD)

    def run(*arguments: str, **more: Any) -> Any:
        common = ["--ratecard", "acme.yaml", "--at", "2026-11-20T12:00:00Z"]
        return tok("simulate", *arguments, *common, cwd=tmp_path, **more)

    return run


def model(ended: Any) -> Any:
    assert ended.code == 0, ended.err
    (found,) = json.loads(ended.out)["data"]["models"]
    return found


def test_each_request_of_a_turn_sends_again_what_came_before(simulate: Tok) -> None:
    found = model(simulate("-m", "acme-5-big", *ONE, "--json"))
    total = found["total"]
    # 100 + 700; the second request reads the first one's 100 tokens and writes 600.
    assert (total["requests"], total["input_tokens"], total["output_tokens"]) == (2, 800, 200)
    assert (total["cache_read_tokens"], total["cache_write_tokens"], total["context_tokens"]) == (100, 700, 800)
    # 800 x 2 + 200 x 10 = 3,600; 100 x 0.2 + 700 x 2.5 + 200 x 10 = 3,770
    assert (total["uncached"], total["cached"]) == ("0.0036", "0.00377")
    assert found["amplification"] == "8"
    assert found["caching"] == "written for 5m with each request"


@pytest.mark.parametrize(
    ("options", "tokens", "cached"),
    [
        # 800 of input before, twice 50 more of a system prompt: 150 and 750; 150 read, 750 written.
        # 150 x 0.2 + 750 x 2.5 + 2,000 = 3,905
        (["--system", "50"], 900, "0.003905"),
        (["--system", "20", "--tools", "30"], 900, "0.003905"),
        # 700 x 4 instead of x 2.5: 20 + 2,800 + 2,000
        (["--cache", "1h"], 800, "0.00482"),
        (["--cache", "none"], 800, None),
        # Done again: 100, 700, 100, 700; of the second 100 all is read, of the second 700 the first 100:
        # 300 x 0.2 + 1,300 x 2.5 + 400 x 10 = 7,310
        (["--retries", "1"], 1600, "0.00731"),
        # 300 of thinking, half with each request: 100, then 100 + 100 + 150 + 500.
        # 100 x 0.2 + 850 x 2.5 + 500 x 10 = 7,145
        (["--thinking-tokens", "300"], 950, "0.007145"),
        # A sub-agent takes a request of the turn: 100, 100 + 66 + 40, 206 + 67 + 500 = 773, where 200 of output are
        # 66, 67 and 67. It sends 30, then 30 + 200 + 500, and puts out 200 and 40.
        # Input 100 + 206 + 773 + 30 + 730 = 1,839, read 100 + 206 + 30 = 336, written 1,503, output 440:
        # 336 x 0.2 + 1,503 x 2.5 + 440 x 10 = 8,224.7
        (
            ["--subagents", "1", "--subagent-turns", "2", "--subagent-prompt", "30", "--subagent-return", "40"],
            1839,
            "0.0082247",
        ),
    ],
)
def test_options_change_what_is_sent(simulate: Tok, options: list[str], tokens: int, cached: str | None) -> None:
    total = model(simulate("-m", "acme-5-big", *ONE, *options, "--json"))["total"]
    assert (total["input_tokens"], total["cached"]) == (tokens, cached)


def turns(ended: Any) -> list[tuple[Any, ...]]:
    keys = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "context_tokens")
    return [tuple(turn[key] for key in keys) for turn in model(ended)["turns"]]


TWO = ["--turns", "2", "--user-tokens", "100", "--tool-calls", "0", "--output-tokens", "200"]


def test_a_gap_as_long_as_the_lifetime_lets_the_cache_expire(simulate: Tok) -> None:
    # 100, then 100 + 200 + 100.
    assert turns(simulate("-m", "acme-5-big", *TWO, "--json")) == [(100, 0, 100, 300), (400, 100, 300, 600)]
    assert turns(simulate("-m", "acme-5-big", *TWO, "--gap", "5m", "--json"))[1] == (400, 0, 400, 600)
    assert turns(simulate("-m", "acme-5-big", *TWO, "--gap", "299", "--json"))[1] == (400, 100, 300, 600)
    assert turns(simulate("-m", "acme-5-big", *TWO, "--gap", "5m", "--cache", "1h", "--json"))[1] == (
        400,
        100,
        300,
        600,
    )


def test_thinking_is_dropped_after_its_turn_unless_it_is_kept(simulate: Tok) -> None:
    options = ["-m", "acme-5-big", *TWO, "--thinking-tokens", "1000", "--json"]
    assert [row[0] for row in turns(simulate(*options))] == [100, 400]
    assert [row[0] for row in turns(simulate(*options, "--keep-thinking"))] == [100, 1400]


def test_a_context_is_compacted_by_a_request_of_its_own(simulate: Tok) -> None:
    # The second turn would send 400: over 300, so 400 are sent for a summary of 120, then those 120.
    options = ["--compact-at", "300", "--compact-to", "120"]
    ended = simulate("-m", "acme-5-big", *TWO, *options, "--json")
    assert turns(ended)[1] == (520, 100, 420, 320)
    assert model(ended)["turns"][1]["requests"] == 2
    # 320 of output: 120 of the summary. 520 x 2 + 320 x 10
    assert model(ended)["turns"][1]["uncached"] == "0.00424"
    # 3% of the window of 10,000.
    assert turns(simulate("-m", "acme-5-big", *TWO, "--compact-at", "3%", "--compact-to", "120", "--json"))[1][0] == 520


def test_each_request_is_at_the_price_of_its_own_tier(simulate: Tok) -> None:
    options = ["--turns", "2", "--user-tokens", "3000", "--tool-calls", "0", "--output-tokens", "0", "--cache", "none"]
    # 3,000 x 2, then 6,000 x 4, above 5,000.
    assert [turn["uncached"] for turn in model(simulate("-m", "acme-5-big", *options, "--json"))["turns"]] == [
        "0.006",
        "0.024",
    ]


@pytest.mark.parametrize(
    ("options", "costs"),
    [
        # 2,000, 4,100, 6,200: each reads what the one before sent and writes 2,000 or 2,100; the third is above 5,000.
        # 2,000 x 2.5 + 1,000; 2,000 x 0.2 + 2,100 x 2.5 + 1,000; 4,100 x 0.4 + 2,100 x 5 + 2,000
        ("--turns 3 --user-tokens 2000 --tool-calls 0 --output-tokens 100", ["0.006", "0.00665", "0.01414"]),
        # 1,500 x 2.5 + 1,000. Then all has expired: 2,600 are written and 1,000 put out to compact them to 1,500, of
        # which 500 are read: 2,600 x 2.5 + 10,000 + 500 x 0.2 + 1,000 x 2.5 + 1,000; and so again.
        (
            "--turns 3 --system 500 --user-tokens 1000 --tool-calls 0 --output-tokens 100 --gap 5m"
            " --compact-at 2500 --compact-to 1500",
            ["0.00475", "0.0201", "0.0201"],
        ),
        # Turn 1 sends 150, 200 and 530, reading 0, 150 and 200, and its sub-agent 140 and 530, reading 140 of these:
        # 490 x 0.2 + 1,060 x 2.5 + 200 x 10. Turn 2 sends 610, 660 and 990 beside the same sub-agent, reading 530, 610
        # and 660 (1,940 with 140), writing 460 (990 with 530), and again with 610 read at first (2,020, 910):
        # 3,960 x 0.2 + 1,900 x 2.5 + 400 x 10
        (
            "--turns 2 --system 100 --user-tokens 50 --tool-calls 1 --result-tokens 300 --output-tokens 90"
            " --retries 0.5 --subagents 2 --subagent-turns 2 --subagent-prompt 40 --subagent-return 20",
            ["0.004748", "0.009542"],
        ),
    ],
)
def test_sessions_worked_by_hand(simulate: Tok, options: str, costs: list[str]) -> None:
    found = model(simulate("-m", "acme-5-big", *options.split(), "--json"))
    assert [turn["cached"] for turn in found["turns"]] == costs


def test_what_does_not_fit_into_the_window_is_said(simulate: Tok) -> None:
    ended = simulate("-m", "acme-5-big", "--turns", "3", "--user-tokens", "4000", "--tool-calls", "0")
    assert ended.code == 0
    assert "from turn 3 on requests of 13,000 tokens do not fit into the window of acme-5-big, 10,000" in ended.err


def test_what_only_some_drawn_sessions_run_into_is_said(simulate: Tok) -> None:
    # Of two turns the second sends 2,000 to 18,000 and nothing else: over 10,000 in half of the sessions.
    sizes = ["--turns", "2", "--user-tokens", "1000-9000", "--tool-calls", "0", "--output-tokens", "0"]
    ended = simulate("-m", "acme-5-big", *sizes, "--runs", "200")
    found = re.search(r"(\d+) of the sessions drawn do not fit into the window of acme-5-big, 10,000", ended.err)
    assert found
    assert 70 < int(found[1]) < 130
    assert "from turn" not in ended.err


def test_output_beyond_what_a_model_puts_out_is_said(simulate: Tok) -> None:
    # 4,097 over two requests: 2,048 and 2,049.
    ended = simulate("-m", "acme-5-small", *ONE[:-1], "4097")
    assert "requests put out 2,049 tokens, acme-5-small 2,048 at most: they would be cut off" in ended.err
    assert "cut off" not in simulate("-m", "acme-5-small", *ONE[:-1], "4096").err


def test_a_fee_for_each_request_is_in_the_price(simulate: Tok) -> None:
    ended = simulate("-m", "acme-5-search", *ONE, "--json")
    # Two requests at 5 per 1,000, and 800 x 1 + 200 x 4.
    assert model(ended)["total"]["uncached"] == "0.0116"
    assert "acme-5-search: with its fee for each request" in json.loads(ended.out)["notes"]


def test_turns_have_spreads_of_their_own(simulate: Tok) -> None:
    sizes = ["--turns", "1-2", "--user-tokens", "100-101", "--tool-calls", "0", "--output-tokens", "0"]
    ended = simulate("-m", "acme-5-small", *sizes, "--runs", "400", "--json")
    (first,) = model(ended)["turns"]
    # The first turn is 100 in half of the sessions and 101 in the others, at 1 per million.
    assert first["spread"]["input"]["p95"] == 101
    assert first["spread"]["plain"]["p95"] == "0.000101"
    assert first["spread"]["output"] == {"p50": 0, "p95": 0}
    # A single run may have fewer turns than the middle of the range.
    assert model(simulate("-m", "acme-5-small", "--turns", "1-9", "--runs", "1", "--json"))["turns"]


def test_ranges_are_drawn_alike_for_the_same_seed(simulate: Tok) -> None:
    options = ["-m", "acme-5-big", "--turns", "2-4", "--result-tokens", "10-900", "--runs", "50", "--json"]
    first, again = simulate(*options), simulate(*options)
    assert first.out == again.out
    other = model(simulate(*options, "--seed", "2"))["spread"]
    spread = model(first)["spread"]
    assert set(spread) == {"input", "output", "plain", "cost"}
    assert other != spread
    # The table has the middle of each range: 3 turns, 455 tokens of result.
    assert len(model(first)["turns"]) == 3
    assert json.loads(first.out)["data"]["runs"] == 50


def test_files_are_counted_as_the_model_counts(simulate: Tok, tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text(" word" * 400)
    found = model(simulate("-m", "acme-5-big", "-e", "o200k_base", "--system", "AGENTS.md", "--json"))
    assert found["prefix"] == {"tokens": 400, "low": 400, "high": 400, "method": "exact"}
    ended = simulate("-m", "acme-5-big", "--system", "AGENTS.md")
    assert (ended.code, ended.out) == (3, "")
    assert "how acme/acme-5-big counts tokens is not known" in ended.err


def test_models_stand_side_by_side(simulate: Tok) -> None:
    ended = simulate("-m", "acme-5-big", "-m", "acme-5-small", *ONE, "--format", "table")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].split() == ["UNCACHED", "CACHED", "SAVED", "INPUT", "OUTPUT", "AMPLIFIED", "MODEL"]
    # 800 x 1 + 200 x 4
    assert lines[2].split() == ["$0.0016", "--", "--", "800", "200", "8.00x", "acme/acme-5-small"]
    assert "not confirmed" in ended.err


def test_csv_has_a_line_for_each_turn(simulate: Tok) -> None:
    rows = list(csv.DictReader(StringIO(simulate("-m", "acme-5-big", *TWO, "--format", "csv").out)))
    assert [(row["turn"], row["input"]) for row in rows] == [("1", "100"), ("2", "400"), ("total", "500")]
    # 500 x 2 + 400 x 10
    assert rows[2]["uncached"] == "0.005"


@pytest.mark.parametrize("name", ["plain", "markdown"])
def test_other_formats_have_the_total(simulate: Tok, name: str) -> None:
    ended = simulate("-m", "acme-5-big", *ONE, "--format", name)
    assert {"plain": "0.00377\t0.0036\tUSD\t800\t100\t700\t200\t800", "markdown": "| $0.0036 | $0.00377 |"}[name] in (
        ended.out
    )


@pytest.mark.parametrize(
    ("options", "words", "code"),
    [
        (["--turns", "9-3"], "--turns: '9-3' ends below where it begins", 2),
        (["--turns", "0"], "--turns: 0 is below 1", 2),
        (["--result-tokens", "many"], "--result-tokens: 'many' is no number and no range", 2),
        (["--gap", "soon"], "--gap: 'soon' is no length of time", 2),
        (["--retries", "2"], "--retries: 2 is more than every turn", 2),
        (["--compact-at", "500"], "--compact-to is missing", 2),
        (["--compact-at", "500", "--compact-to", "600"], "--compact-to 600 is not below --compact-at, 500", 2),
        (["--compact-at", "0%", "--compact-to", "600"], "--compact-at: '0%' is no size", 2),
        (["--system", "200", "--compact-at", "500", "--compact-to", "150"], "tools alone are 200", 2),
        (["--turns", "99999", "--tool-calls", "999"], "more than 2,000,000 are not simulated", 2),
        (["--turns", "1000000", "--tool-calls", "0"], "--turns: 1,000,000 are more than 100,000", 2),
        (["--system", "missing.md"], "missing.md: No such file or directory", 3),
        (["--tools", "missing.json"], "--tools missing.json: no such file", 3),
        (["--tools", ""], "--tools is empty", 2),
        (["--fx", "USD/CNY=7"], "--fx is missing the currency", 2),
        (["--currency", "CNY"], "no exchange rate from USD to CNY", 3),
        (["--cache", "12h"], "acme/acme-5-big has no price for cache_write_12h", 3),
    ],
)
def test_bad_input_is_one_line(simulate: Tok, options: list[str], words: str, code: int) -> None:
    ended = simulate("-m", "acme-5-big", *options)
    assert (ended.code, ended.out) == (code, "")
    assert words in ended.err


@pytest.mark.parametrize("option", ["--system", "--tools"])
def test_files_of_bytes_are_refused_with_what_to_give(simulate: Tok, tmp_path: Path, option: str) -> None:
    (tmp_path / "bytes.bin").write_bytes(bytes(range(256)))
    ended = simulate("-m", "acme-5-big", "-e", "o200k_base", option, "bytes.bin")
    assert (ended.code, ended.out) == (3, "")
    assert f"{option} takes a file" in ended.err


def test_amounts_are_shown_in_another_currency(simulate: Tok) -> None:
    ended = simulate("-m", "acme-5-big", *ONE, "--currency", "CNY", "--fx", "USD/CNY=7", "--json")
    found = model(ended)
    # 0.0036 and 0.00377 dollars.
    assert (found["currency"], found["total"]["uncached"], found["total"]["cached"]) == ("CNY", "0.0252", "0.02639")
    assert (found["turns"][0]["uncached"], found["low"], found["high"]) == ("0.0252", "0.02639", "0.02639")
    assert "acme-5-big: USD converted at 7 USD/CNY of 2026-11-20 (--fx)" in json.loads(ended.out)["notes"]
    third = model(simulate("-m", "acme-5-big", *ONE, "--currency", "CNY", "--fx", "CNY/USD=3", "--json"))["total"]
    assert (third["uncached"], "uncached_exact" in third, third["cached_exact"]) == ("0.0012", False, "377/300000")


def test_without_a_model_there_is_nothing_to_simulate(simulate: Tok) -> None:
    ended = simulate()
    assert ended.code == 2
    assert "no model to simulate on" in ended.err
    assert simulate("-m", "acme-9").code == 3


def test_the_example_of_the_readme_is_worked_by_hand(tok: Tok, tmp_path: Path) -> None:
    ended = tok(
        "simulate", "-m", "claude-opus-4-8", "--system", "3000", "--turns", "1", "--at", "2026-11-22", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    total = model(ended)["total"]
    # 3,100, then four times 100 of output and 1,000 of result more: 3,100 + 4,200 + 5,300 + 6,400 + 7,500.
    assert total["input_tokens"] == 26_500
    # Each request reads what the one before sent: 3,100 + 4,200 + 5,300 + 6,400.
    assert total["cache_read_tokens"] == 19_000
    # Input 5, output 25, read 0.5, write 6.25 dollars per million: 26,500 x 5 + 500 x 25 = 145,000;
    # 19,000 x 0.5 + 7,500 x 6.25 + 500 x 25 = 68,875
    assert (total["uncached"], total["cached"]) == ("0.145", "0.068875")
