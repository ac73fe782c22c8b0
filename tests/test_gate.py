"""What the rules of a gate say about measured files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli import gate
from tokencli.model import Column
from tokencli.model.gate import Increase, Measured, ModelKey, Policy, PolicyChange, Rule, Verdict, Waiver

TODAY = date(2026, 11, 21)
RULE = Rule("r", ("*.md",), "tok.toml:7", max_tokens=200)
POLICY = Policy("tok.toml", (RULE,))


def judge(rule: Rule, *files: Measured, policy: Policy = POLICY) -> list[Verdict]:
    return gate.judge(rule, files, policy, TODAY)


def verdict(
    fields: dict[str, Any], base: int | None, head: int | None, policy: Policy = POLICY
) -> tuple[str, str, bool]:
    [only] = judge(RULE._replace(**fields), Measured("a.md", base, head), policy=policy)
    return only.verdict, only.message, only.fails


NONE: dict[str, Any] = {"max_tokens": None}
TEN = {"max_tokens": None, "max_increase": Increase(10)}
PERCENT = {"max_tokens": None, "max_increase": Increase(10, percent=True)}
RATCHET = {"max_tokens": None, "ratchet": True}
TOTAL = {"scope": "total"}


@pytest.mark.parametrize(
    ("fields", "base", "head", "word", "message"),
    [
        ({}, 118, 200, "ok", "200 tokens of 200"),
        ({}, None, 1, "ok", "1 token of 200"),
        ({}, 118, 246, "over", "246 tokens of 200: over by 46; it was 118 before"),
        ({}, 200, 201, "over", "201 tokens of 200: over by 1; it was 200 before"),
        ({}, None, 1246, "new", "1,246 tokens of 200: over by 1,046; a new file"),
        ({}, 246, 247, "grew", "247 tokens of 200: over by 47; it was over before, at 246, and grew by 1"),
        ({}, 246, 246, "over-before", "246 tokens of 200: over by 46; as before"),
        ({}, 260, 246, "over-before", "246 tokens of 200: over by 46; it was 260 before"),
        ({"max_tokens": 0}, 0, 1, "over", "1 token of 0: over by 1; it was 0 before"),
        (TEN, 100, 110, "ok", "110 tokens of 110"),
        (TEN, 100, 111, "grew", "111 tokens: grew by 11, of which 10 may be; it was 100 before"),
        (TEN, None, 10, "ok", "10 tokens of 10"),
        (TEN, None, 11, "new", "11 tokens: grew by 11, of which 10 may be; a new file"),
        (PERCENT, 109, 119, "ok", "119 tokens of 119"),
        (PERCENT, 109, 120, "grew", "120 tokens: grew by 11, of which 10% of it, 10, may be; it was 109 before"),
        (PERCENT, 0, 1, "grew", "1 token: grew by 1, of which 10% of it, 0, may be; it was 0 before"),
        (PERCENT, None, 5000, "ok", "5,000 tokens"),
        (RATCHET, 100, 100, "ok", "100 tokens of 100"),
        (RATCHET, 100, 101, "grew", "101 tokens: 1 more than what it was, which a ratchet holds it to (100)"),
        (RATCHET, None, 101, "ok", "101 tokens"),
        (TOTAL, 118, 246, "over", "1 file together: 246 tokens of 200: over by 46; it was 118 before"),
        (
            TOTAL,
            201,
            202,
            "grew",
            "1 file together: 202 tokens of 200: over by 2; it was over before, at 201, and grew by 1",
        ),
        (TOTAL, 201, 201, "over-before", "1 file together: 201 tokens of 200: over by 1; as before"),
        (TOTAL, None, 201, "over", "1 file together: 201 tokens of 200: over by 1; there was nothing before"),
        (TOTAL, 118, None, "ok", "0 files together: 0 tokens of 200"),
        (
            TOTAL | TEN,
            None,
            11,
            "grew",
            "1 file together: 11 tokens: grew by 11, of which 10 may be; there was nothing before",
        ),
        (TOTAL | RATCHET, None, 11, "ok", "1 file together: 11 tokens"),
        (TOTAL | PERCENT, None, 11, "ok", "1 file together: 11 tokens"),
    ],
)
def test_a_verdict_says_what_happened_and_by_how_much(
    fields: dict[str, Any], base: int | None, head: int | None, word: str, message: str
) -> None:
    assert verdict(fields, base, head) == (word, message, word in ("over", "grew", "new"))


@pytest.mark.parametrize(
    ("base", "head", "word", "message"),
    [
        (100, 120, "ok", "120 tokens of 120"),
        (100, 121, "grew", "121 tokens: 1 more than the baseline (120)"),
        (None, 121, "new", "121 tokens: 1 more than the baseline (120)"),
        (130, 131, "grew", "131 tokens: 11 more than the baseline (120)"),
        (130, 130, "over-before", "130 tokens of 120 of the baseline: over by 10; as before"),
        (130, 125, "over-before", "125 tokens of 120 of the baseline: over by 5; it was 130 before"),
    ],
)
def test_a_ratchet_goes_by_the_baseline_where_that_has_a_value(
    base: int | None, head: int, word: str, message: str
) -> None:
    policy = POLICY._replace(values={("r", "a.md"): 120, ("r", "*.md"): 120})
    assert verdict(RATCHET, base, head, policy)[:2] == (word, message)
    total = verdict(RATCHET | TOTAL, base, head, policy)
    assert total[:2] == ("grew" if word == "new" else word, f"1 file together: {message}")


def test_a_limit_is_named_before_a_ratchet() -> None:
    policy = POLICY._replace(values={("r", "a.md"): 120})
    assert verdict({"ratchet": True}, 100, 201, policy)[0] == "over"
    assert verdict({"ratchet": True}, 100, 121, policy)[0] == "grew"


def test_a_verdict_holds_what_a_format_needs() -> None:
    column = Column("o200k_base", "exact")
    rule = RULE._replace(reason="small windows", owner="@prompts")
    assert gate.judge(rule, [Measured("a.md", 1, 246)], POLICY, TODAY, column=column) == [
        Verdict(
            rule="r",
            path="a.md",
            verdict="over",
            message="246 tokens of 200: over by 46; it was 1 before",
            base=1,
            head=246,
            limit=200,
            fails=True,
            origin="tok.toml:7",
            column=column,
            reason="small windows",
            owner="@prompts",
        )
    ]


def test_files_that_went_or_that_the_rule_does_not_speak_of_have_no_verdict() -> None:
    assert judge(RULE, Measured("a.md", 5, None), Measured("a.txt", 5, 500)) == []
    assert judge(RULE._replace(scope="total"), Measured("a.txt", 5, 500)) == []


def test_a_rule_that_limits_no_tokens_has_no_verdicts() -> None:
    assert judge(RULE._replace(max_tokens=None, model_keys=(ModelKey("a.json", "m"),)), Measured("a.md", 5, 500)) == []


def test_what_moves_into_a_rule_is_new_to_it() -> None:
    [only] = judge(RULE, Measured("a.md", 300, 300, old_path="a.txt"))
    assert (only.verdict, only.message) == ("new", "300 tokens of 200: over by 100; new here, moved from a.txt")
    assert only.fails


def test_what_moves_within_a_rule_keeps_its_past() -> None:
    [only] = judge(RULE, Measured("a.md", 300, 300, old_path="b.md"))
    assert (only.verdict, only.old_path) == ("over-before", "b.md")
    policy = POLICY._replace(values={("r", "b.md"): 120})
    [only] = judge(RULE._replace(max_tokens=None, ratchet=True), Measured("a.md", 100, 121, "b.md"), policy=policy)
    assert (only.verdict, only.limit) == ("grew", 120)


def test_a_total_grows_by_what_moves_in_and_shrinks_by_what_moves_out() -> None:
    rule = RULE._replace(scope="total", max_tokens=None, max_increase=Increase(0))
    [only] = judge(rule, Measured("a.md", 10, 10, "a.txt"), Measured("b.md", 5, 5))
    assert (only.verdict, only.base, only.head) == ("grew", 5, 15)
    [only] = judge(rule, Measured("a.txt", 10, 10, "a.md"), Measured("b.md", 5, 5))
    assert (only.verdict, only.base, only.head) == ("ok", 15, 5)
    assert (only.path, only.scope) == ("*.md", "total")


@pytest.mark.parametrize(
    ("paths", "folder", "path", "pattern"),
    [
        (("*.md",), "", "a/b.md", "*.md"),
        (("*.md",), "", "a/b.MD", None),
        (("prompts/**", "*.md"), "", "prompts/a.md", "*.md"),
        (("*.md", "prompts/"), "", "prompts/a.md", "prompts/"),
        (("*.md", "!b.md"), "", "b.md", None),
        (("*.md", "!b.md", "a/"), "", "a/b.md", "a/"),
        (("/a.md",), "x/", "x/a.md", "/a.md"),
        (("/a.md",), "x/", "a.md", None),
        (("\\!a.md",), "", "!a.md", "\\!a.md"),
    ],
)
def test_the_last_pattern_that_fits_makes_a_rule_apply(
    paths: tuple[str, ...], folder: str, path: str, pattern: str | None
) -> None:
    assert gate.applies(RULE._replace(paths=paths, folder=folder), path) == pattern


def test_a_warning_fails_nothing_and_says_so() -> None:
    message = "201 tokens of 200: over by 1; it was 1 before; "
    assert verdict({"severity": "warning"}, 1, 201) == (
        "over",
        message + 'only a warning, by severity = "warning"',
        False,
    )
    assert verdict({"report_only": True}, 1, 201) == ("over", message + "only reported, by report_only", False)


def test_what_was_over_before_fails_where_the_policy_wants_it() -> None:
    policy = POLICY._replace(over_before="error")
    assert verdict({}, 201, 201)[2] is False
    assert verdict({}, 201, 201, policy) == ("over-before", "201 tokens of 200: over by 1; as before", True)
    assert verdict({"severity": "warning"}, 201, 201, policy)[2] is False


WAIVER = Waiver(("a.md",), "later", TODAY, "tok.toml:9")


@pytest.mark.parametrize(
    ("fields", "head", "fails"),
    [
        ({}, 201, False),
        ({"rule": "r"}, 201, False),
        ({"rule": "r", "paths": ()}, 201, False),
        ({"rule": "s"}, 201, True),
        ({"paths": ("b.md",)}, 201, True),
        ({"paths": ("*.md", "!a.md")}, 201, True),
        ({"folder": "x/"}, 201, True),
        ({"expires": TODAY - timedelta(1)}, 201, True),
        ({"max_tokens": 250}, 250, False),
        ({"max_tokens": 250}, 251, True),
    ],
)
def test_a_waiver_holds_for_its_files_until_its_day_and_its_tokens(
    fields: dict[str, Any], head: int, fails: bool
) -> None:
    policy = POLICY._replace(waivers=(WAIVER._replace(**fields),))
    message = f"{head} tokens of 200: over by {head - 200}; it was 1 before"
    waived = f"{message}; waived until {TODAY} (tok.toml:9): later"
    assert verdict({}, 1, head, policy) == ("over", message if fails else waived, fails)


@pytest.mark.parametrize(
    ("fields", "fails"),
    [({}, True), ({"paths": ("*.md",)}, False), ({"paths": (), "rule": "r"}, False), ({"rule": "r"}, True)],
)
def test_a_total_is_waived_by_its_rule_or_its_very_paths(fields: dict[str, Any], fails: bool) -> None:
    policy = POLICY._replace(waivers=(WAIVER._replace(**fields),))
    assert verdict(TOTAL, 1, 201, policy)[2] is fails


def test_what_is_past_its_day_does_not_count_and_is_noted() -> None:
    rule = RULE._replace(expires=TODAY - timedelta(1))
    policy = Policy(
        "tok.toml", (rule, RULE), (WAIVER, WAIVER._replace(expires=TODAY - timedelta(2), origin="tok.toml:12"))
    )
    assert judge(rule, Measured("a.md", 1, 500)) == []
    assert judge(RULE._replace(expires=TODAY), Measured("a.md", 1, 500)) != []
    assert gate.expired(policy, TODAY) == [
        "rule r (tok.toml:7) expired on 2026-11-20 and does not apply",
        "the waiver of tok.toml:12 expired on 2026-11-19 and does not hold",
    ]


@pytest.mark.parametrize(
    ("loosened", "policy_change", "allowed", "fails", "message"),
    [
        (True, "error", False, True, "loosened: x"),
        (True, "error", True, False, "loosened: x; allowed by --allow-policy-change"),
        (True, "warning", False, False, 'loosened: x; only a warning, by policy_change = "warning"'),
        (False, "error", False, False, "not loosened: x"),
    ],
)
def test_a_loosened_policy_fails_unless_that_is_allowed(
    loosened: bool, policy_change: Any, allowed: bool, fails: bool, message: str
) -> None:
    policy = POLICY._replace(policy_change=policy_change)
    [only] = gate.policy_verdicts([PolicyChange("r", "x", loosened, "a/tok.toml:7")], policy, allowed)
    assert (only.verdict, only.message, only.fails, only.path, only.line) == ("policy", message, fails, "a/tok.toml", 7)
    assert (only.severity, only.loosened) == ("error" if fails else "warning", loosened)


def test_a_change_without_a_line_stands_on_the_first() -> None:
    [only] = gate.policy_verdicts([PolicyChange("", "x", True, "tok-baseline.json")], POLICY, False)
    assert (only.path, only.line, only.origin) == ("tok-baseline.json", 1, "tok-baseline.json")


def test_a_ratchet_keeps_the_lowest_value_reached() -> None:
    rule = RULE._replace(ratchet=True)
    values = {("r", "a.md"): 100, ("r", "b.md"): 100, ("r", "old.md"): 100, ("r", "gone.md"): 100, ("s", "a.md"): 5}
    policy = Policy("tok.toml", (rule,), values=values)
    files = [
        Measured("a.md", 90, 80),
        Measured("b.md", 100, 150),
        Measured("c.md", 300, 400),
        Measured("d.md", None, 500),
    ]
    judged = judge(rule, *files, Measured("e.md", 130, 120, "old.md"), policy=policy)
    assert gate.ratcheted(policy, judged) == {
        ("r", "a.md"): 80,
        ("r", "b.md"): 100,
        ("r", "c.md"): 300,
        ("r", "d.md"): 500,
        ("r", "e.md"): 100,
        ("r", "old.md"): 100,
        ("r", "gone.md"): 100,
    }
    assert gate.ceilings(policy, judged) == {
        ("r", "a.md"): 100,
        ("r", "b.md"): 100,
        ("r", "c.md"): 300,
        ("r", "d.md"): 500,
        ("r", "e.md"): 100,
    }


TOKENS = st.none() | st.integers(0, 30)
# st.builds would draw the fields with defaults too.
RULES = st.fixed_dictionaries(
    {
        "paths": st.sampled_from([("*.md",), ("*",), ("*", "!b*")]),
        "max_tokens": st.none() | st.integers(0, 30),
        "max_increase": st.none() | st.builds(Increase, st.sampled_from([0, 1, 5, 10, 50, 100]), st.booleans()),
        "scope": st.sampled_from(["file", "total"]),
        "ratchet": st.booleans(),
    }
).map(lambda fields: Rule(name="r", origin="tok.toml:7", **fields))
FILES = st.lists(
    st.builds(
        Measured,
        path=st.sampled_from(["a.md", "b.md", "c.txt", "d.md"]),
        base=TOKENS,
        head=TOKENS,
        old_path=st.sampled_from(["", "", "old.md", "old.txt"]),
    ),
    max_size=4,
    unique_by=lambda file: file.path,
)
POLICIES = st.fixed_dictionaries(
    {
        "over_before": st.sampled_from(["report", "error"]),
        "values": st.dictionaries(st.tuples(st.just("r"), st.sampled_from(["a.md", "*.md"])), st.integers(0, 30)),
    }
).map(lambda fields: Policy("tok.toml", **fields))


@given(RULES, FILES, POLICIES, st.randoms())
def test_the_order_of_files_does_not_matter(rule: Rule, files: list[Measured], policy: Policy, chance: Any) -> None:
    shuffled = [*files]
    chance.shuffle(shuffled)
    assert judge(rule, *files, policy=policy) == judge(rule, *shuffled, policy=policy)


@given(RULES, FILES, FILES)
def test_totals_add_up(rule: Rule, some: list[Measured], others: list[Measured]) -> None:
    total = rule._replace(scope="total", max_tokens=5)
    others = [file._replace(path=f"x/{file.path}") for file in others]
    parts = judge(total, *some) + judge(total, *others)
    for whole in judge(total, *some, *others):
        assert whole.head == sum(part.head or 0 for part in parts)
        assert (whole.base or 0) == sum(part.base or 0 for part in parts)
    each = judge(total._replace(scope="file"), *some, *others)
    assert sum(one.head or 0 for one in each) == sum(part.head or 0 for part in parts)


@given(RULES, FILES, POLICIES, st.integers(0, 30))
def test_a_lower_limit_never_turns_a_failure_into_a_pass(
    rule: Rule, files: list[Measured], policy: Policy, lower: int
) -> None:
    stricter = [rule._replace(max_tokens=lower if rule.max_tokens is None else min(lower, rule.max_tokens))]
    if rule.max_increase is not None:
        amount = min(lower, rule.max_increase.amount)
        stricter.append(rule._replace(max_increase=rule.max_increase._replace(amount=amount)))
    failing = {one.path for one in judge(rule, *files, policy=policy) if one.fails}
    for other in stricter:
        assert failing <= {one.path for one in judge(other, *files, policy=policy) if one.fails}


@given(RULES, FILES, POLICIES)
def test_what_does_not_change_is_never_blamed(rule: Rule, files: list[Measured], policy: Policy) -> None:
    same = [file._replace(base=file.head, old_path="") for file in files]
    for one in judge(rule, *same, policy=policy):
        assert one.verdict in ("ok", "over-before")
        assert not one.fails or (one.verdict == "over-before" and policy.over_before == "error")


@given(RULES, FILES, POLICIES)
def test_a_verdict_fits_its_numbers(rule: Rule, files: list[Measured], policy: Policy) -> None:
    for one in judge(rule, *files, policy=policy):
        assert one.head is not None
        assert (one.verdict == "ok") == (one.limit is None or one.head <= one.limit)
        assert (one.verdict == "new") <= (one.base is None and rule.scope == "file")
        assert (one.verdict == "over-before") <= (one.base is not None and one.head <= one.base)


@given(RULES, FILES, POLICIES)
def test_a_ratchets_values_never_rise_and_hold_what_passed(rule: Rule, files: list[Measured], policy: Policy) -> None:
    rule = rule._replace(ratchet=True)
    policy = policy._replace(rules=(rule,))
    judged = judge(rule, *files, policy=policy)
    values = gate.ratcheted(policy, judged)
    assert all(values[key] <= tokens for key, tokens in policy.values.items())
    assert {one.path for one in judged} <= {path for _, path in values}
    after = policy._replace(values=values)
    assert gate.ratcheted(after, judged) == values
