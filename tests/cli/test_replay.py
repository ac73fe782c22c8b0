"""`tok replay` through real processes, priced by cards of the tests; amounts are worked by hand.

tiktoken 0.14 gives one token to each ` word` in o200k_base, which gpt-4o has.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
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
  - id: gpt-4o
    cache: {automatic: true, ttl_seconds: [300]}
    prices:
      - checked: 2026-11-01
        confidence: confirmed
        rates: {input: 2, cache_read: 0.2, output: 10}
"""

THEIRS = """\
schema: tok-ratecard/1
provider: anthropic
currency: USD
sources: [{url: "https://anthropic.example/prices", retrieved: 2026-11-01}]
models:
  - id: claude-3-opus
    cache: {automatic: false}
    prices:
      - until: 2026-06-01
        checked: 2026-11-01
        rates: {input: 1, cache_read: 0.1, cache_write_5m: 1.25, cache_write_1h: 2, output: 5}
      - from: 2026-06-01
        checked: 2026-11-01
        rates: {input: 10, cache_read: 1, cache_write_5m: 12.5, cache_write_1h: 20, output: 50}
"""


@pytest.fixture
def replay(tok: Tok, tmp_path: Path) -> Tok:
    """Run `tok replay` on rows written to a file, with the cards."""
    (tmp_path / "acme.yaml").write_text(CARD)
    (tmp_path / "anthropic.yaml").write_text(THEIRS)

    def run(rows: Any, *arguments: str, format: str = "json") -> Any:
        lines = rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows))
        (tmp_path / "session.jsonl").write_text(lines)
        common = ["--ratecard", "acme.yaml", "--ratecard", "anthropic.yaml", "--at", "2026-11-20", "--format", format]
        return tok("replay", "session.jsonl", *(arguments or ("--on", "acme/gpt-4o")), *common, cwd=tmp_path)

    return run


def data(ended: Any) -> Any:
    assert ended.code == 0, ended.err
    return json.loads(ended.out)["data"]


def words(count: int) -> str:
    return " word" * count


def answer(identity: str, request: str, tokens: dict[str, Any], text: str, line: int, **more: Any) -> dict[str, Any]:
    usage = {"input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
    message = {
        "id": identity,
        "type": "message",
        "role": "assistant",
        "model": "claude-3-opus",
        "content": [{"type": "text", "text": text}],
        "usage": usage | tokens,
    }
    at = f"2026-01-02T03:{line:02}:00.000Z"
    row = {"type": "assistant", "message": message, "uuid": f"u-{line}", "requestId": request, "timestamp": at}
    return {"sessionId": "s", "parentUuid": None, "isSidechain": False, **row, **more}


def user(text: str, line: int, **more: Any) -> dict[str, Any]:
    message = {"role": "user", "content": text}
    row = {"type": "user", "message": message, "uuid": f"u-{line}", "timestamp": f"2026-01-02T03:{line:02}:00.000Z"}
    return {"sessionId": "s", "parentUuid": None, "isSidechain": False, **row, **more}


SESSION = [
    user(words(100), 1),
    # One request in two rows, whose output has grown.
    answer("msg_a", "req_1", {"input_tokens": 1000, "output_tokens": 1}, words(20), 2),
    answer("msg_a", "req_1", {"input_tokens": 1000, "output_tokens": 30}, words(30), 3),
    user(words(50), 4),
    answer("msg_b", "req_2", {"input_tokens": 10, "cache_read_input_tokens": 1000, "output_tokens": 40}, words(40), 5),
]


def test_recorded_usage_counts_once_for_each_request_at_the_prices_of_then(replay: Tok) -> None:
    (recorded,) = data(replay(SESSION))["recorded"]
    assert (recorded["requests"], recorded["input_tokens"], recorded["output_tokens"]) == (2, 2010, 70)
    # In January: 1,010 x 1 + 1,000 x 0.1 + 70 x 5
    assert (recorded["total"], recorded["provider"]) == ("0.00146", "anthropic")


def test_a_message_that_was_tried_again_counts_by_its_largest_output(replay: Tok) -> None:
    again = answer("msg_b", "req_3", {"input_tokens": 10, "output_tokens": 5}, words(5), 6)
    ended = replay([*SESSION, again])
    assert data(ended)["recorded"][0]["total"] == "0.00146"
    assert any("tried again under the same message" in note for note in json.loads(ended.out)["notes"])


def test_errors_of_the_api_are_no_requests(replay: Tok) -> None:
    error = answer("x", "req_9", {"input_tokens": 5000}, "API Error", 6, isApiErrorMessage=True)
    assert data(replay([*SESSION, error]))["recorded"][0]["requests"] == 2


CHAT = [
    {"messages": [
        {"role": "user", "content": words(100)},
        {"role": "assistant", "content": words(30)},
        {"role": "user", "content": words(50)},
        {"role": "assistant", "content": words(40)},
    ]}
]  # fmt: skip


def framing(found: dict[str, Any]) -> int:
    """What all requests send beside 100 and 180 words; the rule of OpenAI's framing is tested elsewhere."""
    return int(found["input"]["tokens"]) - 280


@pytest.mark.parametrize("rows", [CHAT, SESSION], ids=["chat", "log"])
def test_each_answer_is_a_request_with_all_that_stood_before_it(replay: Tok, rows: Any) -> None:
    report = data(replay(json.dumps(rows[0]) if rows is CHAT else rows))
    (found,) = report["targets"]
    # A text that has grown stands for what it was: 30 words, not 50.
    assert (found["requests"], found["output"]["tokens"]) == (2, 70)
    assert 0 < framing(found) < 40
    assert report["recorded"] == [] or rows is SESSION


def test_what_the_request_before_sent_is_read_from_the_cache(replay: Tok) -> None:
    (found,) = data(replay(json.dumps(CHAT[0])))["targets"]
    first = found["cache_read_tokens"]
    # The first request is read by the second: 100 words and its framing.
    assert 100 < first < 120
    sent = found["input"]["tokens"]
    # Sent x 2 + 70 x 10, and with what is read at 0.2.
    assert found["uncached"] == f"{(sent * 2 + 700) / 1_000_000:.6f}".rstrip("0")
    assert round(float(found["cached"]) * 10_000_000) == sent * 20 - first * 18 + 7000
    assert data(replay(json.dumps(CHAT[0]), "--on", "acme/gpt-4o", "--cache", "none"))["targets"][0]["cached"] is None


def test_a_cache_expires_between_requests_as_the_log_tells(replay: Tok) -> None:
    (quick,) = data(replay(SESSION))["targets"]
    late = [*SESSION[:4], {**SESSION[4], "timestamp": "2026-01-02T03:07:00.000Z"}]
    (slow,) = data(replay(late))["targets"]
    assert quick["cache_read_tokens"] > 100
    assert slow["cache_read_tokens"] == 0


def test_recorded_tokens_have_a_price_on_the_target_too(replay: Tok) -> None:
    (found,) = data(replay(SESSION))["targets"]
    # 1,010 x 2 + 1,000 x 0.2 + 70 x 10
    assert found["recorded_tokens"] == "0.00292"


def test_a_session_with_thinking_is_priced_in_thinking_mode(replay: Tok, tmp_path: Path) -> None:
    row = "        overrides: [{when: {thinking: true}, rates: {output: 1000}}]\n"
    card = CARD.replace("provider: acme", "provider: thinker") + row
    (tmp_path / "thinker.yaml").write_text(card)
    options = ["--on", "thinker/gpt-4o", "--ratecard", "thinker.yaml", "--cache", "none"]
    (plain,) = data(replay(SESSION, *options))["targets"]
    block = {"type": "thinking", "thinking": words(7), "signature": "s"}
    message = {**SESSION[4]["message"], "content": [block, *SESSION[4]["message"]["content"]]}
    (found,) = data(replay([*SESSION[:4], {**SESSION[4], "message": message}], *options))["targets"]
    sent = found["input"]["tokens"]
    # Without: 70 x 10. With: 77 x 1,000.
    assert Decimal(plain["uncached"]) == Decimal(plain["input"]["tokens"] * 2 + 700) / 1_000_000
    assert Decimal(found["uncached"]) == Decimal(sent * 2 + 77_000) / 1_000_000


def test_sub_agents_are_conversations_of_their_own(replay: Tok) -> None:
    side = [
        user(words(500), 6, isSidechain=True, agentId="a1"),
        answer("msg_s", "req_s", {"input_tokens": 7, "output_tokens": 9}, words(9), 7, isSidechain=True, agentId="a1"),
    ]
    (found,) = data(replay([*SESSION[:3], *side, *SESSION[3:]]))["targets"]
    # 100, 500 and 180 words: the sub-agent's stand in no request of the session.
    assert found["requests"] == 3
    assert 780 < found["input"]["tokens"] < 830


def test_a_compaction_begins_the_context_anew(replay: Tok) -> None:
    boundary = {"type": "system", "subtype": "compact_boundary", "sessionId": "s", "uuid": "c", "content": "Compacted"}
    (found,) = data(replay([*SESSION[:3], boundary, *SESSION[3:]]))["targets"]
    # 100 words, then 50.
    assert 150 < found["input"]["tokens"] < 190


def codex(*totals: tuple[int, int, int] | None) -> list[dict[str, Any]]:
    """Events with totals of input, cached input and output."""
    rows: list[dict[str, Any]] = [{"type": "turn_context", "payload": {"model": "gpt-4o"}}]
    for total in totals:
        keys = ("input_tokens", "cached_input_tokens", "output_tokens")
        info = None if total is None else {"total_token_usage": dict(zip(keys, total, strict=True))}
        rows.append({"type": "event_msg", "payload": {"type": "token_count", "info": info}})
    return rows


@pytest.mark.parametrize(
    ("totals", "requests", "tokens"),
    [
        # Written again unchanged, and without any: no request.
        ([(100, 0, 10), (100, 0, 10), None, (300, 100, 30)], 2, (300, 100, 30)),
        # Totals that begin anew are a request of their own, those of nothing are none.
        ([(300, 100, 30), (50, 0, 5)], 2, (350, 100, 35)),
        ([(300, 100, 30), (0, 0, 0), (50, 0, 5)], 2, (350, 100, 35)),
        # A few tokens less have not begun anew.
        ([(300, 100, 30), (298, 100, 30), (400, 100, 40)], 2, (400, 100, 40)),
    ],
)
def test_codex_requests_are_what_totals_grew_by(
    replay: Tok, totals: list[Any], requests: int, tokens: tuple[int, int, int]
) -> None:
    ended = replay(codex(*totals))
    (recorded,) = data(ended)["recorded"]
    keys = ("input_tokens", "cache_read_tokens", "output_tokens")
    assert (recorded["requests"], tuple(recorded[key] for key in keys)) == (requests, tokens)
    # There is no text to count: no zero stands for that.
    (target,) = data(ended)["targets"]
    assert (target["uncached"], target["cached"]) == (None, None)
    assert any("0 answers are in the file" in each for each in data(ended)["unknown"])


def test_what_a_sub_agent_of_codex_repeats_of_its_parent_is_none_of_its_requests(replay: Tok) -> None:
    # A test log of ccusage (MIT): what its parent did is written in the second in which the sub-agent begins.
    def at(time: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "timestamp": f"2026-05-12T08:{time}.000Z"} for row in rows]

    spawned = {"id": "b", "source": {"subagent": {"thread_spawn": {"parent_thread_id": "a"}}}}
    begun = at("03:00", [{"type": "session_meta", "payload": spawned}, *codex((1000, 100, 200), (1500, 150, 300))])
    ended = replay([*begun, *at("04:00", codex((1600, 160, 320))[1:])])
    (recorded,) = data(ended)["recorded"]
    keys = ("requests", "input_tokens", "cache_read_tokens", "output_tokens")
    assert tuple(recorded[key] for key in keys) == (1, 100, 10, 20)
    assert "2 requests of the parent session, written as this one began: left out" in json.loads(ended.out)["notes"]


def test_turns_of_codex_exec_count_in_the_words_of_all_its_versions(replay: Tok) -> None:
    # A test log of ccusage (MIT).
    times = {"timestamp": "2026-01-02T03:04:05.000Z", "model": "gpt-4o"}
    old = {"prompt_tokens": 50, "cached_tokens": 5, "completion_tokens": 12}
    new = {"input_tokens": 120, "cached_input_tokens": 20, "output_tokens": 30}
    rows = [
        {"type": "turn.completed", **times, "usage": new},
        {"type": "result", "data": {"model_name": "gpt-4o", "usage": old}},
    ]
    (recorded,) = data(replay(rows))["recorded"]
    assert [recorded[key] for key in ("model", "requests", "input_tokens", "cache_read_tokens", "output_tokens")] == [
        "gpt-4o", 2, 170, 25, 42
    ]  # fmt: skip


def test_what_the_price_of_then_leaves_out_is_told(replay: Tok) -> None:
    fast = answer("msg_a", "req_1", {"input_tokens": 1000, "output_tokens": 1, "speed": "fast"}, "a", 2)
    notes = json.loads(replay([SESSION[0], fast]).out)["notes"]
    expected = "anthropic/claude-3-opus as recorded: the card has no price for speed fast: priced without it"
    assert expected in notes


def test_what_is_missing_is_named(replay: Tok) -> None:
    ended = replay(SESSION, format="table")
    assert "the file holds no system prompt and no tools" in ended.err
    given = replay(SESSION, "--on", "acme/gpt-4o", "--system", "1000")
    assert data(given)["targets"][0]["input"]["tokens"] - data(replay(SESSION))["targets"][0]["input"]["tokens"] == 2000
    unknown = [{**row, "message": {**row["message"], "model": "claude-99"}} for row in SESSION]
    report = data(replay(unknown))
    assert report["recorded"][0]["total"] is None
    assert any("claude-99" in each for each in report["unknown"])


def test_amounts_are_shown_in_another_currency(replay: Tok) -> None:
    report = data(replay(SESSION, "--on", "acme/gpt-4o", "--currency", "CNY", "--fx", "USD/CNY=7"))
    # 0.00146 and 0.00292 dollars.
    assert (report["recorded"][0]["currency"], report["recorded"][0]["total"]) == ("CNY", "0.01022")
    assert (report["targets"][0]["currency"], report["targets"][0]["recorded_tokens"]) == ("CNY", "0.02044")
    ended = replay(SESSION, "--on", "acme/gpt-4o", "--currency", "CNY", format="plain")
    assert ended.code == 3
    assert "no exchange rate from USD to CNY" in ended.err
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["--", "--"]


def test_a_difference_is_shown_only_where_nothing_is_missing(replay: Tok) -> None:
    def row(ended: Any) -> list[str]:
        (line,) = (line for line in ended.out.splitlines() if line.endswith("acme/gpt-4o"))
        return list(line.split())

    assert row(replay(SESSION, format="table"))[2] == "--"
    shown = row(replay(SESSION, "--on", "acme/gpt-4o", "--system", "0", "--cache", "none", format="table"))
    # Against the $0.00146 that were recorded.
    cost = float(shown[0].removeprefix("$"))
    assert float(shown[2].removesuffix("%")) == pytest.approx((cost / 0.00146 - 1) * 100, abs=0.5)


@pytest.mark.parametrize("name", ["table", "plain", "markdown"])
def test_every_format_has_what_was_recorded_and_the_target(replay: Tok, name: str) -> None:
    ended = replay(SESSION, format=name)
    assert ended.code == 0
    assert "anthropic/claude-3-opus" in ended.out
    assert "acme/gpt-4o" in ended.out
    assert "0.00146" in ended.out


@pytest.mark.parametrize(
    ("rows", "options", "message", "code"),
    [
        ("just words", [], "no session that is known", 3),
        ([{"messages": [{"role": "user", "content": "hi"}]}], [], "no answer of a model in it, and no usage", 3),
        (SESSION, ["--on", "no-such-model"], "no-such-model", 3),
        (SESSION, ["--cache", "none"], "no model to replay on", 2),
    ],
)
def test_bad_input_is_one_line(replay: Tok, rows: Any, options: list[str], message: str, code: int) -> None:
    ended = replay(rows, *options, format="table")
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err
