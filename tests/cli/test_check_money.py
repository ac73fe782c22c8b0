"""Limits in money, and what another model costs: `tok check` and `tok gate` with cards of the tests, through real
processes in small repositories.

Expected amounts are worked by hand from the cards: count x rate / 1,000,000. tiktoken 0.14 gives one token to each
` word` in o200k_base.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

Tok = Callable[..., Any]
Repo = Any

CARD = """\
schema: tok-ratecard/1
provider: acme
currency: USD
sources: [{url: "https://acme.example/prices", retrieved: 2026-11-01}]
windows:
  night: {hours: ["22:00-04:00"]}
models:
  - id: acme-5-big
    aliases: [gpt-4o]
    prices:
      - from: 2026-01-01
        checked: 2026-11-01
        confidence: confirmed
        rates: {input: 200, cache_read: 20, output: 1000}
        overrides:
          - when: {input_tokens: {gt: 500}}
            rates: {input: 400, cache_read: 40, output: 2000}
          - {when: {batch: true}, multiply: 0.5}
          - {when: {window: night}, multiply: 0.25}
  - id: acme-5-small
    aliases: [gpt-4o-mini]
    prices: [{rates: {input: 100}, checked: 2026-11-01}]
  - id: acme-5-old
    aliases: [gpt-3.5-turbo]
    prices: [{until: 2026-02-01, rates: {input: 1}, checked: 2026-01-01}]
  - id: acme-5-input
    prices: [{rates: {input: 1}, checked: 2026-01-01}]
"""

YUAN = """\
schema: tok-ratecard/1
provider: acme-cn
currency: CNY
sources: [{url: "https://acme.example/cn", retrieved: 2026-11-01}]
models:
  - id: acme-5-cn
    aliases: [gpt-4]
    prices: [{rates: {input: 700, output: 1400}, checked: 2026-11-01}]
"""

NOON = "at = 2026-11-20T12:00:00Z"

RULE = f"""\
[[rules]]
name = "prompts"
paths = ["prompts/**"]
model = "acme-5-big"
encoding = "o200k_base"
max_cost = 0.02
{NOON}
"""


def words(number: int) -> str:
    return " word" * number


@pytest.fixture
def repo(new_repo: Callable[[Path], Repo], tmp_path: Path) -> Repo:
    """`feature`, equal to `main`: two prompts of 50 and 150 tokens, at 200 dollars per million $0.01 and $0.03."""
    repo = new_repo(tmp_path / "repo")
    prompts = {"prompts/a.md": words(50), "prompts/big.md": words(150)}
    repo.commit({"tok.toml": RULE, "ratecards/acme.yaml": CARD, "ratecards/acme-cn.yaml": YUAN, **prompts})
    repo.git("switch", "--quiet", "--create", "feature")
    return repo


def ruled(repo: Repo, text: str, **files: str) -> None:
    """Let these be the rules of main, from which feature goes on."""
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.toml": text, **files})
    repo.git("switch", "--quiet", "--force-create", "feature")


@pytest.fixture
def check(tok: Tok, repo: Repo) -> Tok:
    def run(*arguments: str, **more: Any) -> Any:
        return tok("check", "--base", "main", *arguments, cwd=repo.folder, **more)

    return run


def verdicts(ended: Any) -> dict[str, Any]:
    """Each path's only verdict."""
    listed = json.loads(ended.out)["data"]["verdicts"]
    found = {one["path"]: one for one in listed}
    assert len(found) == len(listed)
    return found


def errors(ended: Any) -> list[str]:
    return [error["code"] for error in json.loads(ended.out)["errors"]]


HOW = "acme/acme-5-big at 2026-11-20T12:00:00Z, no output"


@pytest.mark.parametrize(
    ("path", "tokens", "word", "message"),
    [
        ("prompts/a.md", 100, "ok", "$0.02 per call (100 tokens) of $0.02"),
        # 101 x 200 / 1,000,000 = 0.0202
        ("prompts/a.md", 101, "over", "$0.0202 per call (101 tokens) of $0.02: over by $0.0002; it was $0.01 before"),
        ("prompts/new.md", 120, "new", "$0.024 per call (120 tokens) of $0.02: over by $0.004; a new file"),
        (
            "prompts/big.md",
            160,
            "grew",
            "$0.032 per call (160 tokens) of $0.02: over by $0.012; it was over before, at $0.03, and grew by $0.002",
        ),
        (
            "prompts/big.md",
            140,
            "over-before",
            "$0.028 per call (140 tokens) of $0.02: over by $0.008; it was $0.03 before",
        ),
    ],
)
def test_a_call_may_cost_so_much(check: Tok, repo: Repo, path: str, tokens: int, word: str, message: str) -> None:
    repo.commit({path: words(tokens)})
    ended = check("--json")
    one = verdicts(ended)[path]
    assert (one["verdict"], one["message"], one["priced"]) == (word, message, HOW)
    assert ended.code == (1 if word in ("over", "new", "grew") else 0)


def test_amounts_are_decimals_beside_their_currency(check: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(101)})
    one = verdicts(check("--json"))["prompts/a.md"]
    amounts = {key: one[key] for key in ("base", "head", "limit", "over", "unit", "calls", "tokens", "savings")}
    assert amounts == {
        "base": "0.01",
        "head": "0.0202",
        "limit": "0.02",
        "over": "0.0002",
        "unit": "USD",
        "calls": 1,
        "tokens": 101,
        "savings": {"currency": "USD", "per_call": "0.0002", "per_1000_calls": "0.2"},
    }


def test_every_format_shows_the_money(check: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(101)})
    plain = check("--format", "plain").out.splitlines()[0].split("\t")
    assert plain[:7] == ["0.0002", "0.01", "0.0202", "0.02", "error", "over", "prompts/a.md"]
    message = "$0.0202 per call (101 tokens) of $0.02: over by $0.0002"
    for name in ("table", "markdown", "github", "sarif"):
        assert message in check("--format", name).out.replace("\\", ""), name
    assert "| `prompts/a.md` | $0.01 | $0.0202 | $0.02 |" in check("--format", "markdown").out
    found = [one["properties"] for one in json.loads(check("--format", "sarif").out)["runs"][0]["results"]]
    assert found[0] == {"verdict": "over", "base": "0.01", "head": "0.0202", "limit": "0.02", "unit": "USD"}


def test_amounts_that_would_look_alike_are_shown_with_more_digits(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("max_cost = 0.02", "max_cost = 0.2003"))
    # 501 x 400 / 1,000,000 = 0.2004
    repo.commit({"prompts/a.md": words(501)})
    assert "$0.2004 per call (501 tokens) of $0.2003: over by $0.0001; it was $0.01 before" in check().out


def test_limits_of_a_call_and_of_1000_calls_are_alerts_of_their_own(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("max_cost = 0.02", "max_tokens = 100\nmax_cost = 0.02\nmax_cost_per_1000 = 20"))
    repo.commit({"prompts/a.md": words(101)})
    results = json.loads(check("--format", "sarif").out)["runs"][0]["results"]
    mine = [one for one in results if one["level"] == "error"]
    # 101 x 200 / 1,000,000 x 1,000 = 20.2
    assert [one["properties"]["head"] for one in mine] == [101, "0.0202", "20.2"]
    assert len({one["partialFingerprints"]["ruleAndPath/v1"] for one in mine}) == 3


@pytest.mark.parametrize(
    ("more", "head", "how"),
    [
        # 50 x 200 + 8 x 1,000 = 18,000
        ("output_tokens = 8", "0.018", "8 tokens of output"),
        # 50 x 200 + 25 x 1,000 = 35,000
        ("output_ratio = 0.5", "0.035", "output 0.5 of the input"),
        # 40 x 20 + 10 x 200 = 2,800
        ("cached_share = 0.8", "0.0028", "no output, 0.8 of the input cached"),
        ("batch = true", "0.005", "no output, batch"),
    ],
)
def test_a_rule_says_what_it_assumes_of_a_call(check: Tok, repo: Repo, more: str, head: str, how: str) -> None:
    ruled(repo, RULE + more + "\n")
    one = verdicts(check("--json"))["prompts/a.md"]
    assert (one["head"], one["priced"]) == (head, f"acme/acme-5-big at 2026-11-20T12:00:00Z, {how}")


def test_the_instant_of_a_rule_decides_the_price(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("T12:", "T23:"))
    # 50 x 200 x 0.25 / 1,000,000
    assert verdicts(check("--json"))["prompts/a.md"]["head"] == "0.0025"


def test_a_total_is_one_call_of_all_files(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("max_cost = 0.02", 'scope = "total"\nmax_cost = 0.1'))
    repo.commit({"prompts/c.md": words(301)})
    ended = check("--json")
    [one] = verdicts(ended).values()
    # 50 + 150 + 301 = 501 tokens are over the tier of 500: 501 x 400 / 1,000,000; before 200 x 200 / 1,000,000
    assert (one["base"], one["head"], one["verdict"], ended.code) == ("0.04", "0.2004", "over", 1)
    assert one["message"].startswith("3 files together: $0.20 per call (501 tokens) of $0.10: over by $0.10; it was")


def test_the_standing_context_has_its_price(check: Tok, repo: Repo) -> None:
    rule = RULE.replace('paths = ["prompts/**"]', 'paths = "context"').replace("max_cost = 0.02", "max_cost = 0.000001")
    ruled(repo, rule, **{"CLAUDE.md": words(10)})
    repo.commit({"CLAUDE.md": words(50)})
    ended = check("--json")
    one = verdicts(ended)["context/claude"]
    assert (one["verdict"], one["unit"], ended.code) == ("grew", "USD", 1)
    # Each token of what is sent costs 200 / 1,000,000.
    assert round(float(one["head"]) * 1_000_000) == one["tokens"] * 200


def test_estimates_are_judged_by_their_high_end(check: Tok, repo: Repo) -> None:
    card = CARD.replace("aliases: [gpt-4o]", "aliases: [grok-4]")
    rule = RULE.replace('"acme-5-big"', '"grok-4"').replace('encoding = "o200k_base"\n', "max_tokens = 1\n")
    ruled(repo, rule, **{"ratecards/acme.yaml": card})
    listed = json.loads(check("--json").out)["data"]["verdicts"]
    tokens, money = (one for one in listed if one["path"] == "prompts/big.md")
    assert (tokens["method"], money["method"]) == ("estimate", "estimate")
    assert money["tokens"] == tokens["head"] > 150


@pytest.mark.parametrize(
    ("model", "code", "said"),
    [
        ("acme-5-none", "unknown-model", "no price for the model 'acme-5-none'"),
        ("acme-5-old", "no-price", "the price of acme/acme-5-old expired at 2026-02-01"),
    ],
)
def test_no_price_is_no_pass(check: Tok, repo: Repo, model: str, code: str, said: str) -> None:
    ruled(repo, RULE.replace("acme-5-big", model))
    ended = check("--json")
    assert (ended.code, errors(ended)) == (3, [code])
    assert f"tok.toml:1: rule prompts: {said}" in json.loads(ended.out)["errors"][0]["message"]


def test_a_count_without_a_rate_is_no_pass(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("acme-5-big", "acme-5-input") + "output_tokens = 5\n")
    assert errors(check("--json")) == ["no-rate"]


def test_a_limit_is_in_the_currency_of_the_card(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("acme-5-big", "acme-5-cn"))
    ended = check()
    assert ended.code == 2
    assert "tok.toml:1: rule prompts limits USD, and acme-cn/acme-5-cn is priced in CNY" in ended.err
    ruled(repo, RULE.replace("acme-5-big", "acme-5-cn") + 'currency = "CNY"\n')
    # 150 x 700 / 1,000,000
    assert "¥0.105 per call (150 tokens) of ¥0.02" in check().out


def test_a_change_of_a_card_does_not_loosen_its_own_verdict(check: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(101), "ratecards/acme.yaml": CARD.replace("input: 200", "input: 2")})
    ended = check("--json")
    found = {(one["path"], one["verdict"]): one for one in json.loads(ended.out)["data"]["verdicts"]}
    assert found["prompts/a.md", "over"]["head"] == "0.0202"
    policy = found["tok.toml", "policy"]
    assert (policy["fails"], policy["loosened"]) == (True, True)
    assert policy["message"] == "loosened: the cards of the repository price acme/acme-5-big otherwise"
    repo.commit({"prompts/a.md": words(50)})
    assert (check().code, check("--allow-policy-change").code) == (1, 0)


def test_a_card_that_says_where_it_was_read_anew_is_no_change_of_prices(check: Tok, repo: Repo) -> None:
    repo.commit({"ratecards/acme.yaml": CARD.replace("checked: 2026-11-01", "checked: 2026-11-20")})
    assert check().code == 0


def test_a_card_that_was_broken_or_is_gone_has_to_be_agreed_on(check: Tok, repo: Repo) -> None:
    for card in ("schema: none\n", None):
        repo.commit({"ratecards/acme.yaml": card})
        ended = check()
        assert (ended.code, "acme/acme-5-big is not priced any more" in ended.out) == (1, True)


def link(repo: Repo, path: str, target: str) -> None:
    repo.git("rm", "-r", "--quiet", path)
    (repo / path).parent.mkdir(exist_ok=True)
    (repo / path).symlink_to(target)
    repo.git("add", path)
    repo.commit({})


@pytest.mark.parametrize("path", ["ratecards", "ratecards/acme.yaml"])
def test_links_are_no_cards(check: Tok, repo: Repo, path: str) -> None:
    """Not even to the folder of the package, which in the repository of the package is none of a project."""
    target = Path(__file__).parents[2] / "ratecards"
    link(repo, path, str(target if path == "ratecards" else target / "openai.yaml"))
    ended = check()
    assert (ended.code, f"loosened: no rule can be priced any more: {path}: is a link" in ended.out) == (1, True)
    repo.git("branch", "--force", "main")
    assert errors(check("--json")) == ["link"]


def test_a_submodule_is_no_card(check: Tok, repo: Repo) -> None:
    repo.git("rm", "-r", "--quiet", "ratecards")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},ratecards")
    repo.git("commit", "--quiet", "--message", "a submodule")
    assert "loosened: no rule can be priced any more: ratecards: is a submodule" in check().out


def test_a_card_that_is_too_large_is_read_nowhere(check: Tok, repo: Repo) -> None:
    """8 MB are the most; a comment makes it so, and nothing is cut off before it is read."""
    repo.write({"ratecards/acme.yaml": CARD + "#" * (8 << 20)})
    ended = check("--worktree")
    assert (ended.code, "no rule can be priced any more: ratecards/acme.yaml: larger than 8 MB" in ended.out) == (
        1,
        True,
    )
    repo.commit({"ratecards/acme.yaml": CARD + "#" * (8 << 20)})
    assert (check().code, check("--allow-policy-change").code) == (1, 0)


def test_imported_cards_alone_are_cards_of_the_repository(check: Tok, repo: Repo) -> None:
    card = CARD.replace("provider: acme", "provider: openai").replace("acme-5-big", "gpt-5.5")
    ruled(repo, RULE.replace("acme-5-big", "gpt-5.5"))
    repo.git("rm", "-r", "--quiet", "ratecards")
    repo.commit({"ratecards/imported/openai.yaml": card})
    assert "loosened: the cards of the repository price openai/gpt-5.5 otherwise" in check().out


@pytest.mark.parametrize(
    ("since", "cards", "said"),
    [
        (
            "tok.toml",
            CARD.replace("input: 200", "input: 2"),
            "the cards of the repository price acme/acme-5-big otherwise",
        ),
        ("pyproject.toml", CARD, "max_cost raised from 0.02 to 9"),
    ],
)
def test_a_change_from_before_the_rules_does_not_loosen_them(
    check: Tok, repo: Repo, since: str, cards: str, said: str
) -> None:
    """What it makes of the branch that it goes to counts: of pyproject.toml and tok.toml there, tok.toml holds."""
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.toml": None})
    repo.git("switch", "--quiet", "--force-create", "feature")
    own = {} if since == "tok.toml" else {"tok.toml": RULE.replace("0.02", "9")}
    repo.commit({"ratecards/acme.yaml": cards, **own})
    repo.git("switch", "--quiet", "main")
    repo.commit({since: RULE if since == "tok.toml" else RULE.replace("[[rules]]", "[[tool.tok.rules]]")})
    repo.git("switch", "--quiet", "feature")
    ended = check()
    assert (ended.code, f"loosened: {said}" in ended.out) == (1, True)


def test_cards_that_are_broken_at_the_base_can_be_mended(check: Tok, repo: Repo) -> None:
    ruled(repo, RULE, **{"ratecards/acme.yaml": "schema: none\n"})
    repo.commit({"ratecards/acme.yaml": CARD, "prompts/a.md": words(101)})
    assert errors(check("--json")) == ["card"]
    ended = check("--json", "--allow-policy-change")
    assert (ended.code, verdicts(ended)["prompts/a.md"]["head"]) == (1, "0.0202")
    assert "prices are those of the change, which mends those of the base" in ended.out


def test_terms_of_payment_in_the_settings_move_no_verdict(check: Tok, repo: Repo) -> None:
    ruled(repo, f'{RULE}[[discounts]]\nprovider = "acme"\nmultiply = 0.1\n')
    assert verdicts(check("--json"))["prompts/big.md"]["head"] == "0.03"


def test_prices_of_the_user_move_no_verdict(check: Tok, repo: Repo, tmp_path: Path) -> None:
    home = tmp_path / "data"
    (home / "ratecards").mkdir(parents=True)
    (home / "ratecards/acme.yaml").write_text(CARD.replace("input: 200", "input: 2"))
    discount = tmp_path / "user.toml"
    discount.write_text('[[discounts]]\nprovider = "acme"\nmultiply = 0.1\n')
    ended = check("--json", "--config", str(discount), env={"TOK_DATA_DIR": str(home)})
    assert verdicts(ended)["prompts/big.md"]["head"] == "0.03"


def lock(tok: Tok, repo: Repo, *arguments: str) -> dict[str, Any]:
    assert tok("gate", "lock", *arguments, cwd=repo.folder).code == 0
    found = json.loads((repo / "tok.lock").read_text())
    assert isinstance(found, dict)
    return found


def test_the_lock_pins_prices_and_their_instant(tok: Tok, check: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace(NOON, ""))
    pinned = lock(tok, repo, "--at", "2026-11-20T23:00:00Z")
    assert pinned["prices_at"] == "2026-11-20T23:00:00Z"
    assert list(pinned["prices"]) == ["acme/acme-5-big"]
    ruled(repo, RULE.replace(NOON, ""), **{"tok.lock": json.dumps(pinned)})
    # At night: 150 x 200 x 0.25 / 1,000,000
    assert verdicts(check("--json"))["prompts/big.md"]["head"] == "0.0075"


def test_another_price_than_the_pinned_one_is_no_pass(tok: Tok, check: Tok, repo: Repo) -> None:
    pinned = lock(tok, repo)
    assert "prices_at" not in pinned
    ruled(repo, RULE, **{"tok.lock": json.dumps(pinned)})
    assert check().code == 0
    ruled(repo, RULE, **{"ratecards/acme.yaml": CARD.replace("input: 200", "input: 201")})
    ended = check("--json")
    assert (ended.code, errors(ended)) == (3, ["lock-mismatch"])
    [error] = json.loads(ended.out)["errors"]
    assert "tok.lock: the prices of acme/acme-5-big are not those that it pins" in error["message"]
    assert "`tok gate lock`" in error["hint"]
    lock(tok, repo)
    ruled(repo, RULE, **{"tok.lock": (repo / "tok.lock").read_text()})
    assert check().code == 0


def test_a_price_by_the_hour_needs_an_instant(tok: Tok, check: Tok, repo: Repo) -> None:
    """Who runs the check again by night would else pass."""
    ruled(repo, RULE.replace(NOON, ""))
    ended = check("--json")
    assert (ended.code, errors(ended)) == (3, ["unpinned-price"])
    assert "tok.toml:1: rule prompts: the price of acme/acme-5-big depends on the hour" in ended.out
    ruled(repo, RULE.replace(NOON, "").replace("acme-5-big", "acme-5-small"))
    assert check().code == 0


@pytest.mark.parametrize("pin", ["acme/acme-5-big", "o200k_base"])
def test_a_lock_is_written_anew_by_a_change_that_is_agreed_on(tok: Tok, check: Tok, repo: Repo, pin: str) -> None:
    good = lock(tok, repo)
    bad = {
        key: {**value, pin: "0" * 64} if isinstance(value, dict) and pin in value else value
        for key, value in good.items()
    }
    ruled(repo, RULE, **{"tok.lock": json.dumps(bad)})
    repo.commit({"tok.lock": json.dumps(good)})
    assert errors(check("--json")) == ["lock-mismatch"]
    assert check("--allow-policy-change").code == 0


def test_a_lock_that_is_changed_beside_the_text_has_to_be_agreed_on(tok: Tok, check: Tok, repo: Repo) -> None:
    good = lock(tok, repo)
    ruled(repo, RULE, **{"tok.lock": json.dumps(good)})
    repo.commit({"tok.lock": json.dumps({**good, "prices": {"acme/acme-5-big": "0" * 64}})})
    ended = check()
    assert (ended.code, "the pin of the prices of acme/acme-5-big was changed" in ended.out) == (1, True)


def test_a_lock_that_lacks_a_price_is_no_pass(tok: Tok, check: Tok, repo: Repo) -> None:
    pinned = lock(tok, repo)
    del pinned["prices"]
    ruled(repo, RULE, **{"tok.lock": json.dumps(pinned)})
    ended = check("--json")
    assert errors(ended) == ["lock-mismatch"]
    assert "the prices of acme/acme-5-big are not in it" in ended.out


KEYS = """\
[[rules]]
name = "prompts"
paths = ["prompts/**"]
model_keys = [{ file = "agent.yaml", key = "model" }]
"""


@pytest.mark.parametrize(
    ("more", "after", "message", "difference"),
    [
        # 200 tokens x 200 and x 100 / 1,000,000
        (
            f'scope = "total"\n{NOON}',
            "gpt-4o-mini",
            "$0.04 for a call become $0.02 (-$0.02), $40.00 for 1,000 calls become $20.00 (-$20.00)",
            {"currency": "USD", "per_call": "-0.02", "per_1000_calls": "-20"},
        ),
        # 8 tokens of output for each of two calls: 40 x 20 + 10 x 200 + 120 x 20 + 30 x 200 + 2 x 8 x 1,000 = 27,200
        (
            f"cached_share = 0.8\noutput_tokens = 8\n{NOON}",
            "gpt-3.5-turbo",
            "$0.0272 for one call of each become --, $27.20 for 1,000 calls of each become -- (the price of "
            "acme/acme-5-old expired at 2026-02-01; asked for 2026-11-20T12:00:00Z)",
            None,
        ),
        # 200 x 700 / 1,000,000
        (
            NOON,
            "gpt-4",
            "$0.04 for one call of each become ¥0.14, $40.00 for 1,000 calls of each become ¥140.00 "
            "(USD and CNY are not compared)",
            None,
        ),
    ],
)
def test_another_model_is_shown_with_what_it_costs(
    check: Tok, repo: Repo, more: str, after: str, message: str, difference: Any
) -> None:
    ruled(repo, f"{KEYS}{more}\n", **{"agent.yaml": "model: gpt-4o\n"})
    repo.commit({"agent.yaml": f"model: {after}\n"})
    ended = check("--json")
    one = verdicts(ended)["agent.yaml"]
    assert (ended.code, one["switch"]["difference"]) == (0, difference)
    assert one["message"].partition("; ")[2] == message


SMALL = f"{RULE}{KEYS.splitlines()[-1]}\n".replace("acme-5-big", "acme-5-small")


@pytest.mark.parametrize(
    ("limits", "passed"),
    [
        # The dearer of two calls: 150 x 200 / 1,000,000; it was 150 x 100 / 1,000,000.
        ("max_cost = 0.02", "$0.03 per call of $0.02: over by $0.01"),
        ("max_cost = 0.03", ""),
        ("max_cost_per_1000 = 25", "$30.00 per 1,000 calls of $25.00: over by $5.00"),
        # 200 x 200 / 1,000,000
        ('scope = "total"\nmax_cost = 0.03', "$0.04 per call of $0.03: over by $0.01"),
    ],
)
def test_a_dearer_model_is_held_to_the_limits_in_money(check: Tok, repo: Repo, limits: str, passed: str) -> None:
    ruled(repo, SMALL.replace("max_cost = 0.02", limits), **{"agent.yaml": "model: gpt-4o-mini"})
    repo.commit({"agent.yaml": "model: gpt-4o"})
    ended = check("--json")
    one = verdicts(ended)["agent.yaml"]
    assert (ended.code, one["fails"]) == (1 if passed else 0, bool(passed))
    assert one["message"].endswith(passed or "become $40.00 (+$20.00)")


@pytest.mark.parametrize(("most", "code"), [(149, 1), (150, 0)])
def test_a_waiver_up_to_so_many_tokens_waives_a_dearer_model_up_to_them(
    check: Tok, repo: Repo, most: int, code: int
) -> None:
    waiver = f'[[waivers]]\nrule = "prompts"\nreason = "agreed"\nexpires = 2999-01-01\nmax_tokens = {most}\n'
    ruled(repo, f"{SMALL}{waiver}", **{"agent.yaml": "model: gpt-4o-mini"})
    repo.commit({"agent.yaml": "model: gpt-4o"})
    ended = check("--json")
    assert (ended.code, "; waived until 2999-01-01" in verdicts(ended)["agent.yaml"]["message"]) == (code, not code)


def test_a_dearer_model_with_a_price_by_the_hour_needs_an_instant(check: Tok, repo: Repo) -> None:
    ruled(repo, SMALL.replace(NOON, ""), **{"agent.yaml": "model: gpt-4o-mini"})
    repo.commit({"agent.yaml": "model: gpt-4o"})
    ended = check("--json")
    assert (ended.code, errors(ended)) == (3, ["no-price"])
    assert "the price of acme/acme-5-big depends on the hour" in json.loads(ended.out)["errors"][0]["message"]


def test_a_cheaper_model_passes_even_above_the_limit(check: Tok, repo: Repo) -> None:
    ruled(repo, SMALL.replace("0.02", "0.001"), **{"agent.yaml": "model: gpt-4o"})
    repo.commit({"agent.yaml": "model: gpt-4o-mini"})
    assert (check().code, verdicts(check("--json"))["agent.yaml"]["fails"]) == (0, False)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        ("model: acme-5-none", "unknown model 'acme-5-none'"),
        ("model: gpt-3.5-turbo", "the price of acme/acme-5-old expired at 2026-02-01"),
        ("model: gpt-4", "acme-cn/acme-5-cn is priced in CNY, and the limit in USD"),
        ("llm: gpt-4o", "the model gpt-4o-mini is named here no more"),
    ],
)
def test_a_model_without_a_price_is_no_pass_where_money_is_limited(
    check: Tok, repo: Repo, after: str, why: str
) -> None:
    ruled(repo, SMALL, **{"agent.yaml": "model: gpt-4o-mini"})
    repo.commit({"agent.yaml": after})
    ended = check("--json")
    assert (ended.code, errors(ended)) == (3, ["no-price"])
    assert why in json.loads(ended.out)["errors"][0]["message"]
    ruled(repo, f'{SMALL}severity = "warning"\n', **{"agent.yaml": "model: gpt-4o-mini"})
    repo.commit({"agent.yaml": after})
    assert check().code == 0


def test_explain_shows_limits_and_prices(tok: Tok, repo: Repo) -> None:
    said = tok("gate", "explain", "prompts/big.md", cwd=repo.folder).out
    assert "  limit    USD 0.02 per call\n" in said
    assert f"  prices   {HOW}\n" in said
    assert "  now      over-before: $0.03 per call (150 tokens) of $0.02: over by $0.01; as before\n" in said
    [row] = json.loads(tok("gate", "explain", "prompts/big.md", "--json", cwd=repo.folder).out)["data"]["rules"]
    assert (row["max_cost"], row["currency"], row["states"][0]["cost"]) == ("0.02", "USD", "0.03")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("check", ["check", "--base", "main"]),
        ("gate.explain", ["gate", "explain", "prompts/a.md"]),
        ("gate.lock", ["gate", "lock", "--at", "2026-11-20"]),
        ("diff", ["diff", "main", "-m", "gpt-4o", "--no-config"]),
    ],
)
def test_answers_with_money_fit_their_schemas(tok: Tok, repo: Repo, name: str, arguments: list[str]) -> None:
    keys = KEYS.splitlines()[-1]
    ruled(repo, f"{RULE}{keys}\n", **{"agent.yaml": "model: gpt-4o"})
    repo.commit({"agent.yaml": "model: gpt-4o-mini", "prompts/a.md": words(101)})
    schema = json.loads((files("tokencli") / f"formats/schemas/tok.{name}-1.schema.json").read_text())
    answer = json.loads(tok(*arguments, "--json", cwd=repo.folder).out)
    jsonschema.validate(answer, schema)
    assert '"USD"' in json.dumps(answer) or name == "gate.lock"


def test_a_change_is_priced_on_the_one_model_that_is_asked_for(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(10), "prompts/c.md": words(5)})
    # 15 - 50 = -35 tokens x 200 / 1,000,000
    said = "-$0.007 per call on gpt-4o input, -$7.00 per 1,000 calls"
    options = ("diff", "main", "-m", "gpt-4o", "--no-config")
    by_day = repo.folder / "ratecards/acme.yaml"
    by_day.write_text(CARD.replace("          - {when: {window: night}, multiply: 0.25}\n", ""))
    for name in ("plain", "table", "markdown"):
        assert said in tok(*options, "--format", name, cwd=repo.folder).out, name
    cost = json.loads(tok(*options, "--json", cwd=repo.folder).out)["data"]["cost"]
    assert cost == {"model": "acme/acme-5-big", "currency": "USD", "per_call": "-0.007", "per_1000_calls": "-7"}


def test_a_change_is_not_priced_on_two_models_nor_on_none(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(10)})
    for models in (["-m", "gpt-4o", "-m", "gpt-4o-mini"], ["-e", "o200k_base"], []):
        ended = tok("diff", "main", *models, "--no-config", "--json", cwd=repo.folder)
        assert (ended.code, json.loads(ended.out)["data"]["cost"]) == (0, None)


def test_a_price_of_a_change_that_is_not_known_is_said(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(10)})
    ended = tok("diff", "main", "-m", "gpt-3.5-turbo", "--no-config", cwd=repo.folder)
    assert "no price is shown: the price of acme/acme-5-old expired at 2026-02-01" in ended.err
