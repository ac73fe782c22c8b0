"""`tok check`, option by option and verdict by verdict, through real processes in small repositories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]
Repo = Any

PAST, FUTURE = "2020-01-31", "2999-12-31"

RULE = """\
[[rules]]
name = "prompts"
paths = ["prompts/**"]
max_tokens = 50
reason = "each call pays for them"
owner = "the prompt team"
"""

KEPT = '[[rules]]\nname = "texts"\npaths = ["*.txt"]\nmax_tokens = 500\n'
"""A rule that nothing here goes against."""


def words(number: int) -> str:
    """A text of so many tokens: tiktoken 0.14 gives one to each ` word` in o200k_base."""
    return " word" * number


@pytest.fixture
def repo(new_repo: Callable[[Path], Repo], tmp_path: Path) -> Repo:
    """`feature`, checked out and equal to `main`, where one prompt of two is over its limit of 50 tokens."""
    repo = new_repo(tmp_path / "repo")
    files = {"prompts/a.md": words(10), "prompts/big.md": words(80), "notes.txt": words(5)}
    repo.commit({"tok.toml": RULE, **files})
    repo.git("switch", "--quiet", "--create", "feature")
    return repo


def ruled(repo: Repo, text: str) -> None:
    """Let these be the rules of main, from which feature goes on."""
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.toml": text})
    repo.git("switch", "--quiet", "--force-create", "feature")


def data(ended: Any) -> dict[str, Any]:
    found = json.loads(ended.out)["data"]
    assert isinstance(found, dict)
    return found


def judged(ended: Any) -> dict[str, tuple[str, bool]]:
    """The verdict about each path, and whether it fails; without those that are ok."""
    found = data(ended)["verdicts"]
    return {one["path"]: (one["verdict"], one["fails"]) for one in found if one["verdict"] != "ok"}


def messages(ended: Any) -> str:
    return "\n".join(one["message"] for one in data(ended)["verdicts"])


def errors(ended: Any) -> list[str]:
    return [error["code"] for error in json.loads(ended.out)["errors"]]


BEFORE = {"prompts/big.md": ("over-before", False)}


def test_what_was_over_before_is_reported_and_fails_nothing(tok: Tok, repo: Repo) -> None:
    repo.commit({"notes.txt": words(7)})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, ended.err) == (0, "")
    first, last = (line.split("\t") for line in ended.out.splitlines())
    assert first[:7] == ["30", "80", "80", "50", "note", "over-before", "prompts/big.md"]
    assert last[:3] == ["gate", "passed", "2 files, 1 rule"]


@pytest.mark.parametrize(
    ("path", "tokens", "word", "message"),
    [
        ("prompts/a.md", 60, "over", "60 tokens of 50: over by 10; it was 10 before"),
        ("prompts/new.md", 70, "new", "70 tokens of 50: over by 20; a new file"),
        (
            "prompts/big.md",
            90,
            "grew",
            "90 tokens of 50: over by 40; it was over before, at 80, and grew by 10",
        ),
    ],
)
def test_what_the_change_did_fails_it_and_says_by_how_much(
    tok: Tok, repo: Repo, path: str, tokens: int, word: str, message: str
) -> None:
    repo.commit({path: words(tokens)})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 1
    failing = [line.split("\t") for line in ended.out.splitlines() if "\terror\t" in line]
    assert [row[5:] for row in failing] == [
        [
            word,
            path,
            message,
            "rule prompts (tok.toml:1), o200k_base, exact",
            "each call pays for them (owner the prompt team)",
        ]
    ]
    assert "gate\tFAILED (1)\t" in ended.out


def test_what_shrinks_or_goes_passes(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/big.md": words(60), "prompts/a.md": None})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (0, BEFORE)


def test_a_file_that_was_renamed_is_not_new(tok: Tok, repo: Repo) -> None:
    repo.git("mv", "prompts/big.md", "prompts/large.md")
    repo.commit({})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (0, {"prompts/large.md": ("over-before", False)})


def test_the_branch_is_held_against_its_merge_base_and_not_blamed_for_main(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(20)})
    repo.git("switch", "--quiet", "main")
    repo.commit({"prompts/b.md": words(99), "tok.toml": RULE.replace("50", "5")})
    repo.git("switch", "--quiet", "feature")
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (0, BEFORE)
    assert data(ended)["base"]["name"] == "merge base of main and HEAD"


def test_staged_and_worktree_look_at_what_is_not_committed(tok: Tok, repo: Repo) -> None:
    repo.stage({"prompts/a.md": words(60)}).write({"prompts/a.md": words(20), "prompts/new.md": words(70)})
    staged = tok("check", "--staged", "--json", cwd=repo.folder)
    assert (staged.code, judged(staged)) == (1, {**BEFORE, "prompts/a.md": ("over", True)})
    lying = tok("check", "--worktree", "--base", "main", "--json", cwd=repo.folder)
    assert (lying.code, judged(lying)) == (1, {**BEFORE, "prompts/new.md": ("new", True)})
    assert tok("check", "--base", "main", cwd=repo.folder).code == 0


def test_paths_are_all_that_is_measured(tok: Tok, repo: Repo) -> None:
    repo.stage({"prompts/a.md": words(60), "prompts/b c.md": words(70)})
    only = tok("check", "--staged", "prompts/a.md", "--json", cwd=repo.folder)
    assert (only.code, judged(only), data(only)["measured"]) == (1, {"prompts/a.md": ("over", True)}, 1)
    assert judged(tok("check", "--staged", "prompts", "--json", cwd=repo.folder)).keys() == {
        "prompts/a.md",
        "prompts/b c.md",
        "prompts/big.md",
    }
    assert judged(tok("check", "--staged", "--json", "b c.md", cwd=repo / "prompts")).keys() == {"prompts/b c.md"}


def test_a_path_without_a_rule_is_no_error(tok: Tok, repo: Repo) -> None:
    repo.stage({"notes.txt": words(600)})
    ended = tok("check", "--staged", "notes.txt", cwd=repo.folder)
    assert (ended.code, ended.err) == (0, "")
    assert "gate\tpassed\t0 files, 1 rule\t" in ended.out


def test_a_path_that_git_does_not_know_is_an_error(tok: Tok, repo: Repo) -> None:
    ended = tok("check", "--staged", "prompts/c.md", cwd=repo.folder)
    assert ended.code == 3
    assert "prompts/c.md: neither in HEAD nor in the index" in ended.err


TOTAL = '[[rules]]\nname = "all"\npaths = ["prompts/**"]\nmax_tokens = 100\nscope = "total"\n'


def test_a_total_is_held_against_its_limit(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + TOTAL)
    repo.commit({"prompts/a.md": words(21)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (1, {**BEFORE, "prompts/**": ("over", True)})
    assert "2 files together: 101 tokens of 100: over by 1; it was 90 before" in messages(ended)


def test_scope_chooses_rules(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + TOTAL)
    repo.commit({"prompts/a.md": words(60)})
    both = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert judged(both).keys() == {"prompts/a.md", "prompts/big.md", "prompts/**"}
    files = tok("check", "--base", "main", "--scope", "file", "--json", cwd=repo.folder)
    assert judged(files).keys() == {"prompts/a.md", "prompts/big.md"}
    total = tok("check", "--base", "main", "--scope", "total", "--json", cwd=repo.folder)
    assert judged(total).keys() == {"prompts/**"}
    # A hook that names files says nothing about totals, of which it sees a part.
    assert judged(tok("check", "--base", "main", "prompts/a.md", "--json", cwd=repo.folder)).keys() == {"prompts/a.md"}


def test_a_scope_without_rules_is_no_pass(tok: Tok, repo: Repo) -> None:
    ended = tok("check", "--base", "main", "--scope", "total", cwd=repo.folder)
    assert (ended.code, "tok.toml: there are no rules of scope total" in ended.err) == (3, True)


@pytest.mark.parametrize(
    ("increase", "tokens", "code"), [("10", 20, 0), ("10", 21, 1), ('"50%"', 15, 0), ('"50%"', 16, 1)]
)
def test_growth_may_be_limited_in_tokens_or_per_cent(
    tok: Tok, repo: Repo, increase: str, tokens: int, code: int
) -> None:
    ruled(repo, f'[[rules]]\npaths = ["prompts/**"]\nmax_increase = {increase}\n')
    repo.commit({"prompts/a.md": words(tokens)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (code, {"prompts/a.md": ("grew", True)} if code else {})


def test_a_warning_and_report_only_fail_nothing(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + 'severity = "warning"\n')
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)["prompts/a.md"]) == (0, ("over", False))
    assert 'only a warning, by severity = "warning"' in messages(ended)


def test_a_policy_that_is_extended_may_only_report(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "main")
    repo.commit({"policies/org.toml": "report_only = true\n" + RULE})
    ruled(repo, 'extends = "policies/org.toml"\n' + KEPT)
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)["prompts/a.md"]) == (0, ("over", False))
    assert "only reported, by report_only" in messages(ended)
    assert data(ended)["rules"] == 2
    repo.commit({"notes.txt": words(501)})
    assert tok("check", "--base", "main", cwd=repo.folder).code == 1


def test_over_before_may_be_made_an_error(tok: Tok, repo: Repo) -> None:
    ruled(repo, '[gate]\nover_before = "error"\n' + RULE)
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (1, {"prompts/big.md": ("over-before", True)})


WAIVER = '[[waivers]]\npaths = ["prompts/a.md"]\nreason = "rewritten in spring"\nexpires = {}\n'


def test_a_waiver_lets_pass_until_its_day_and_says_why(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + WAIVER.format(FUTURE))
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)["prompts/a.md"]) == (0, ("over", False))
    assert f"waived until {FUTURE} (tok.toml:7): rewritten in spring" in messages(ended)


def test_a_waiver_past_its_day_lets_nothing_pass(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + WAIVER.format(PAST))
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 1
    assert f"note      the waiver of tok.toml:7 expired on {PAST} and does not hold" in ended.err


def test_a_rule_past_its_day_does_not_apply_and_that_is_said(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + f"expires = {PAST}\n" + KEPT)
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 0
    assert f"note      rule prompts (tok.toml:1) expired on {PAST} and does not apply" in ended.err
    ruled(repo, RULE + f"expires = {PAST}\n")
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, "there are no rules that still apply" in ended.err) == (3, True)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (RULE, RULE.replace("50", "500"), "max_tokens raised from 50 to 500"),
        (RULE + KEPT, KEPT, "the rule was removed"),
        (RULE, RULE + 'severity = "warning"\n', "severity changed from error to warning"),
        (RULE, RULE.replace("**", "b*"), "paths changed from prompts/** to prompts/b*"),
        (RULE, RULE + WAIVER.format(FUTURE), f"the waiver for prompts/a.md was added: until {FUTURE}"),
        (RULE, RULE + 'encoding = "cl100k_base"\n', "encoding changed from none to cl100k_base"),
    ],
)
def test_a_change_that_loosens_its_own_rules_fails(tok: Tok, repo: Repo, before: str, after: str, message: str) -> None:
    ruled(repo, before)
    repo.commit({"tok.toml": after, "prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert ended.code == 1
    assert judged(ended)["prompts/a.md"] == ("over", True)
    [policy] = [one for one in data(ended)["verdicts"] if one["verdict"] == "policy"]
    assert (policy["message"], policy["fails"], policy["loosened"]) == (f"loosened: {message}", True, True)


def test_a_change_of_the_rules_may_be_allowed_and_they_still_hold(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RULE.replace("50", "500")})
    assert tok("check", "--base", "main", cwd=repo.folder).code == 1
    ended = tok("check", "--base", "main", "--allow-policy-change", cwd=repo.folder)
    assert (ended.code, "allowed by --allow-policy-change" in ended.out) == (0, True)
    repo.commit({"prompts/a.md": words(60)})
    assert tok("check", "--base", "main", "--allow-policy-change", cwd=repo.folder).code == 1


def test_a_change_of_the_rules_may_be_a_warning_if_the_base_says_so(tok: Tok, repo: Repo) -> None:
    ruled(repo, '[gate]\npolicy_change = "warning"\n' + RULE)
    repo.commit({"tok.toml": RULE.replace("50", "500")})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, 'only a warning, by policy_change = "warning"' in ended.out) == (0, True)


def test_a_change_cannot_make_changes_of_the_rules_a_warning_for_itself(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": '[gate]\npolicy_change = "warning"\n' + RULE.replace("50", "500")})
    assert tok("check", "--base", "main", cwd=repo.folder).code == 1


@pytest.mark.parametrize("after", [RULE.replace("50", "40"), RULE + KEPT])
def test_tightened_or_added_rules_pass_and_are_shown(tok: Tok, repo: Repo, after: str) -> None:
    repo.commit({"tok.toml": after})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)["tok.toml"]) == (0, ("policy", False))


def test_rules_that_the_change_brings_judge_it(tok: Tok, repo: Repo) -> None:
    ruled(repo, "cache = true\n")
    repo.commit({"tok.toml": RULE, "prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, "\tover\tprompts/a.md\t" in ended.out) == (1, True)
    assert "note      the rules of tok.toml are new in this change, which is judged by them" in ended.err


def test_rules_that_came_to_the_branch_since_hold_before_those_of_the_change(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.toml": None})
    repo.git("switch", "--quiet", "--force-create", "feature")
    repo.commit(
        {"prompts/a.md": words(60), "pyproject.toml": '[[tool.tok.rules]]\npaths = ["*.md"]\nmax_tokens = 999\n'}
    )
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.toml": RULE})
    repo.git("switch", "--quiet", "feature")
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (1, {"prompts/a.md": ("over", True), **BEFORE})
    assert "the rules of tok.toml are newer than this change, which is judged by them" in ended.out


def test_a_change_that_deletes_the_rules_fails(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": None, "prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert ended.code == 1
    assert judged(ended) == {**BEFORE, "prompts/a.md": ("over", True), "tok.toml": ("policy", True)}
    assert "loosened: the rule was removed" in messages(ended)


def test_a_nearer_settings_file_does_not_take_the_rules_away(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/tok.toml": KEPT.replace("*.txt", "*.md"), "prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo / "prompts")
    assert ended.code == 1
    assert "the settings file changed from tok.toml to prompts/tok.toml" in messages(ended)
    assert judged(ended)["prompts/a.md"] == ("over", True)


MODEL = '[[rules]]\npaths = ["prompts/**"]\nmodel_keys = [{{ file = "{}", {} }}]\n'


@pytest.mark.parametrize(
    ("file", "where", "before"),
    [
        ("agent.yaml", 'key = "llm.model"', "llm:\n  model: gpt-4o  # the large one\n"),
        ("agent.json", 'key = "llm.0.model"', '{"llm": [{"model": "gpt-4o"}]}'),
        ("agent.toml", "key = 'llm.\"the.model\"'", '[llm]\n"the.model" = "gpt-4o"\n'),
        ("agent.py", 'pattern = \'MODEL = "([^"]+)"\'', 'MODEL = "gpt-4o"\n'),
    ],
)
def test_another_model_is_shown_with_what_it_means_in_tokens(
    tok: Tok, repo: Repo, file: str, where: str, before: str
) -> None:
    repo.git("switch", "--quiet", "main")
    # The OpenAI cookbook's example: 8 tokens in o200k_base, 9 in cl100k_base.
    repo.commit({file: before, "prompts/a.md": "お誕生日おめでとう", "prompts/big.md": None})
    ruled(repo, MODEL.format(file, where))
    repo.commit({file: before.replace("gpt-4o", "gpt-4")})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (0, {file: ("model", False)})
    # By the package's cards 8 x 2.5 and 9 x 30 / 1,000,000.
    assert messages(ended) == (
        "gpt-4o became gpt-4: 1 file, 8 by o200k_base become 9 by cl100k_base (+12.5%); "
        "$0.00002 for a call become $0.00027 (+$0.00025), $0.02 for 1,000 calls become $0.27 (+$0.25)"
    )


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("model: gpt-4o", "model: my-own", "gpt-4o became my-own: unknown model 'my-own', so what that means in"),
        ("model: gpt-4o", "other: 1", "the model gpt-4o is named here no more"),
        ("other: 1", "model: gpt-4o", "the model gpt-4o is named here now"),
    ],
)
def test_a_model_that_is_not_known_or_comes_or_goes_is_shown(
    tok: Tok, repo: Repo, before: str, after: str, message: str
) -> None:
    repo.git("switch", "--quiet", "main")
    repo.commit({"agent.yaml": before})
    ruled(repo, MODEL.format("agent.yaml", 'key = "model"'))
    repo.commit({"agent.yaml": after})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)) == (0, {"agent.yaml": ("model", False)})
    assert message in messages(ended)


def test_a_place_where_no_model_stands_is_no_pass(tok: Tok, repo: Repo) -> None:
    ruled(repo, MODEL.format("agent.yaml", 'key = "model"'))
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 3
    assert "no model is named at model of agent.yaml, neither now nor before" in ended.err


def test_a_rule_that_fits_no_file_is_no_pass(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + '[[rules]]\nname = "skills"\npaths = ["SKILL.md"]\nmax_tokens = 5\n')
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 3
    assert "tok.toml:7: rule skills fits no file, neither now nor before" in ended.err
    assert "gate\tNO VERDICT (1 error)\t" in ended.out


def test_a_change_that_leaves_a_rule_without_files_is_told_what_comes_of_it(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": None, "prompts/big.md": None})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    note = "after this change rule prompts (tok.toml:1) fits no file: the next check cannot pass while the rule stands"
    assert (ended.code, ended.err) == (0, f"  note      {note}\n")
    repo.commit({"tok.toml": KEPT})
    assert note not in tok("check", "--base", "main", "--allow-policy-change", cwd=repo.folder).err


def test_rules_that_measure_nothing_are_no_pass(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "main")
    repo.commit({"logo.png": b"\x89PNG\r\n\x1a\n\x00"})
    ruled(repo, '[[rules]]\npaths = ["*.png"]\nmax_tokens = 5\n')
    ended = tok("check", "--base", "main", "--show-skipped", cwd=repo.folder)
    assert ended.code == 3
    assert "nothing was measured: no rule of tok.toml fits a text file" in ended.err
    assert "logo.png: image" in ended.err


def test_an_inexact_count_where_the_rule_says_exact_is_no_pass(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE + 'model = "grok-4"\nrequire = "exact"\n')
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 3
    assert "tok.toml:1: rule prompts requires exact, and grok-4 is estimate" in ended.err
    ruled(repo, RULE + 'model = "gpt-4o"\nrequire = "exact"\n')
    assert tok("check", "--base", "main", cwd=repo.folder).code == 0


def test_the_high_end_of_an_estimate_is_held_against_the_limit(tok: Tok, repo: Repo) -> None:
    ruled(repo, RULE.replace("50", "80") + 'model = "grok-4"\n')
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    [big] = [one for one in data(ended)["verdicts"] if one["path"] == "prompts/big.md"]
    assert (big["verdict"], big["head"] > 80, big["method"]) == ("over-before", True, "estimate")


def test_without_rules_there_is_no_pass(tok: Tok, repo: Repo) -> None:
    ruled(repo, "cache = true\n")
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 3
    assert ended.err.splitlines() == [
        "  error     there are no rules: no [[rules]] in tok.toml",
        "  hint      tok gate init writes a first set",
    ]


def test_without_a_base_there_is_no_pass(tok: Tok, repo: Repo) -> None:
    ended = tok("check", cwd=repo.folder)
    assert ended.code == 3
    assert "there is no base to compare with: no --base, no TOK_BASE, nothing from CI and no origin/HEAD" in ended.err
    assert "hint      --base main, or --staged for the next commit" in ended.err


@pytest.mark.parametrize(
    "env",
    [
        {"TOK_BASE": "main"},
        {"GITHUB_BASE_REF": "main"},
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "main"},
        {"TOK_BASE": "main", "GITHUB_BASE_REF": "no-such", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "no-such"},
        {},
    ],
    ids=str,
)
def test_the_base_is_told_by_the_environment_or_by_the_clone(
    tok: Tok, repo: Repo, tmp_path: Path, new_repo: Callable[[Path], Repo], env: dict[str, str]
) -> None:
    repo.git("switch", "--quiet", "main")
    repo.git("clone", "--quiet", repo.folder.as_uri(), str(tmp_path / "clone"))
    clone = new_repo(tmp_path / "clone")
    clone.git("switch", "--quiet", "--create", "feature")
    clone.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--json", cwd=clone.folder, env=env)
    assert (ended.code, judged(ended)["prompts/a.md"]) == (1, ("over", True))


def test_an_option_names_the_base_before_the_environment(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(60)})
    assert tok("check", "--base", "HEAD", cwd=repo.folder, env={"TOK_BASE": "main"}).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--base", "no-such"], 3, "unknown revision 'no-such'"),
        (["--base", ""], 2, "--base names nothing"),
        (["--base", "...HEAD"], 2, "--base names nothing"),
        (["--staged", "--worktree"], 2, "--staged and --worktree exclude each other"),
        (["--base", "main...feature", "--worktree"], 2, "main...feature has an end already"),
        (["--staged", "../elsewhere"], 2, "../elsewhere: outside of the repository"),
        (["--scope", "some", "--staged"], 2, "'some' is not one of"),
        (["--scope", "total", "--staged", "prompts"], 2, "a total is of all files of a rule"),
        (["--format", "csv"], 2, "--format: 'csv' is not one of table, plain, json, markdown, sarif, github"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    tok: Tok, repo: Repo, arguments: list[str], code: int, message: str
) -> None:
    ended = tok("check", *arguments, cwd=repo.folder)
    assert ended.code == code
    said, advice = ended.err.splitlines()
    assert message in said
    assert "hint" in advice


def test_a_base_that_was_not_fetched_is_no_pass(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    repo.commit({"prompts/a.md": words(60)})
    repo.git("clone", "--quiet", "--depth", "1", "--no-single-branch", repo.folder.as_uri(), str(tmp_path / "shallow"))
    ended = tok("check", "--base", "origin/main", cwd=tmp_path / "shallow")
    assert ended.code == 3
    assert "origin/main and HEAD have no common ancestor in this clone" in ended.err
    assert "git fetch --unshallow" in ended.err
    repo.git("clone", "--quiet", "--depth", "1", repo.folder.as_uri(), str(tmp_path / "single"))
    ended = tok("check", cwd=tmp_path / "single", env={"GITHUB_BASE_REF": "main"})
    assert (ended.code, "git fetch origin main --unshallow" in ended.err) == (3, True)


def test_a_partial_clone_fetches_nothing_and_is_no_pass(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit({"prompts/a.md": words(60)})
    options = ("--quiet", "--no-checkout", "--filter=blob:none")
    repo.git("clone", *options, repo.folder.as_uri(), str(tmp_path / "partial"))
    for more in ((), ("--allow-policy-change",)):
        ended = tok("check", "--base", "origin/main", *more, cwd=tmp_path / "partial")
        assert ended.code == 3
        assert "hint      this is a partial clone, and nothing is fetched here: clone without --filter" in ended.err


def test_other_parents_for_a_commit_are_not_believed(tok: Tok, repo: Repo) -> None:
    over = repo.commit({"prompts/a.md": words(60)})
    repo.commit({"notes.txt": words(6)})
    (repo / ".git/info").mkdir(exist_ok=True)
    (repo / ".git/info/grafts").write_text(f"{repo.git('rev-parse', 'main')} {over}\n")
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, judged(ended)["prompts/a.md"]) == (1, ("over", True))


def test_outside_of_a_repository_there_is_no_pass(tok: Tok, tmp_path: Path) -> None:
    ended = tok("check", "--staged", cwd=tmp_path)
    assert (ended.code, "there is no git repository" in ended.err) == (3, True)


@pytest.mark.parametrize("where", ["base", "head"])
def test_rules_that_are_wrong_are_2_with_their_line(tok: Tok, repo: Repo, where: str) -> None:
    wrong = RULE.replace("max_tokens", "max_token")
    if where == "base":
        ruled(repo, wrong)
        repo.commit({"tok.toml": RULE})
    else:
        repo.commit({"tok.toml": wrong})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 2
    said, advice = ended.err.splitlines()
    assert said.startswith("tok: error: tok.toml:4: unknown key 'max_token' of a rule")
    assert advice.startswith("hint: did you mean 'max_tokens'?")
    mended = tok("check", "--base", "main", "--allow-policy-change", cwd=repo.folder)
    assert mended.code == (0 if where == "base" else 2)


def test_warn_only_shows_failures_and_ends_with_0(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(60), "tok.toml": RULE.replace("50", "500")})
    ended = tok("check", "--base", "main", "--warn-only", cwd=repo.folder)
    assert ended.code == 0
    assert "\twarning\tover\tprompts/a.md\t" in ended.out
    assert "\twarning\tpolicy\ttok.toml\t" in ended.out
    assert "over by 10; it was 10 before; only shown, by --warn-only" in ended.out
    assert "gate\tpassed, 2 warnings\t" in ended.out


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (RULE, ["--base", "no-such"], "unknown revision 'no-such'"),
        (RULE, [], "there is no base"),
        ("cache = true\n", ["--staged"], "there are no rules"),
        ("[[rules]]\n", ["--staged"], "tok.toml:1: paths is missing"),
        ("[[rules", ["--staged"], "not valid TOML"),
        (RULE.replace("prompts/**", "x"), ["--staged"], "fits no file"),
    ],
)
def test_warn_only_shows_errors_and_ends_with_0(
    tok: Tok, repo: Repo, text: str, arguments: list[str], message: str
) -> None:
    ruled(repo, text)
    ended = tok("check", *arguments, "--warn-only", cwd=repo.folder)
    assert (ended.code, message in ended.err) == (0, True)
    assert "NO VERDICT" in ended.out


def test_warn_only_is_no_excuse_for_wrong_arguments(tok: Tok, repo: Repo) -> None:
    for arguments in (["--no-such-option"], ["--staged", "--worktree"], ["--format", "xml"]):
        assert tok("check", "--warn-only", *arguments, cwd=repo.folder).code == 2


def test_tok_lock_pins_how_rules_count(tok: Tok, repo: Repo) -> None:
    assert tok("gate", "lock", cwd=repo.folder).code == 0
    lock = (repo / "tok.lock").read_text()
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.lock": lock})
    assert tok("check", "--base", "main", cwd=repo.folder).code == 0
    pin = json.loads(lock)["encodings"]["o200k_base"]
    repo.commit({"tok.lock": lock.replace(pin, "0" * 64).replace('"tok_version": "', '"tok_version": "99.')})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, errors(tok("check", "--base", "main", "--json", cwd=repo.folder))) == (3, ["lock-mismatch"])
    assert "tok.lock: o200k_base counts otherwise in this tok (it was written by tok 99." in ended.err
    assert "install tok 99." in ended.err


def test_a_lock_that_lacks_an_encoding_is_no_pass_and_changing_it_loosens(tok: Tok, repo: Repo) -> None:
    tok("gate", "lock", cwd=repo.folder)
    lock = (repo / "tok.lock").read_text()
    repo.git("switch", "--quiet", "main")
    repo.commit({"tok.lock": lock})
    ruled(repo, RULE + 'model = "gpt-4"\n')
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, "tok.lock: cl100k_base is not in it" in ended.err) == (3, True)
    ruled(repo, RULE)
    repo.commit({"tok.lock": None})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, "loosened: tok.lock was removed" in ended.out) == (1, True)


def test_a_folder_of_a_monorepo_has_rules_of_its_own(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "main")
    own = '[[rules]]\npaths = ["*.md"]\nmax_tokens = 5\n'
    repo.commit({"apps/one/tok.toml": own, "apps/one/a.md": words(3), "apps/two/a.md": words(9)})
    ruled(repo, RULE)
    repo.commit({"apps/one/a.md": words(6), "apps/two/a.md": words(99)})
    for below in ("apps/one", "apps/one/deeper"):
        (repo / below).mkdir(exist_ok=True)
        ended = tok("check", "--base", "main", "--json", cwd=repo / below)
        assert (ended.code, data(ended)["policy"], judged(ended)) == (
            1,
            "apps/one/tok.toml",
            {"apps/one/a.md": ("over", True)},
        )
    ended = tok("check", "--base", "main", "--json", cwd=repo / "apps/two")
    assert (ended.code, data(ended)["policy"], judged(ended)) == (0, "tok.toml", BEFORE)
    ended = tok("-C", "apps/one", "check", "--base", "main", "a.md", cwd=repo.folder)
    assert (ended.code, "apps/one/a.md" in ended.out) == (1, True)


def test_rules_may_stand_in_pyproject_toml(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "main")
    repo.commit({"pyproject.toml": RULE.replace("[[rules]]", "[[tool.tok.rules]]"), "tok.toml": None})
    repo.git("switch", "--quiet", "--force-create", "feature")
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--json", cwd=repo.folder)
    assert (ended.code, data(ended)["policy"], judged(ended)["prompts/a.md"]) == (1, "pyproject.toml", ("over", True))


def test_rules_without_a_model_count_as_the_project_says(tok: Tok, repo: Repo) -> None:
    ruled(repo, 'model = ["gpt-4", "gpt-4o"]\n' + RULE)
    verdict = data(tok("check", "--base", "main", "--json", cwd=repo.folder))["verdicts"][0]
    assert (verdict["model"], verdict["encoding"]) == ("gpt-4", "cl100k_base")
    # What the person who runs it has set does not move the gate.
    env = {"TOK_MODEL": "gpt-4o", "TOK_ENCODING": "r50k_base"}
    assert data(tok("check", "--base", "main", "--json", cwd=repo.folder, env=env))["verdicts"][0]["model"] == "gpt-4"


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("table", "failed\n  over     prompts/a.md\n"),
        ("plain", "10\t10\t60\t50\terror\tover\tprompts/a.md\t"),
        ("json", '{\n  "schema": "tok.check/1"'),
        ("markdown", "**Token gate: FAILED (1)** (2 files, 1 rule)\n"),
        ("sarif", '{\n  "$schema": "https://docs.oasis-open.org/sarif/'),
        ("github", "::error file=prompts/a.md,line=1,title=tok check%3A over%2C prompts::60 tokens of 50: over by 10"),
    ],
)
def test_every_format_says_what_failed(tok: Tok, repo: Repo, tmp_path: Path, form: str, begins: str) -> None:
    repo.commit({"prompts/a.md": words(60)})
    ended = tok("check", "--base", "main", "--format", form, cwd=repo.folder)
    assert ended.code == 1
    assert ended.out.startswith(begins)
    written = tok("check", "--base", "main", "--format", form, "-o", str(tmp_path / "out"), cwd=repo.folder)
    assert (written.code, written.out, (tmp_path / "out").read_text()) == (1, "", ended.out)


@pytest.mark.parametrize("form", ["table", "plain", "json", "markdown", "sarif", "github"])
def test_every_format_says_that_there_is_no_verdict(tok: Tok, repo: Repo, form: str) -> None:
    ended = tok("check", "--base", "no-such", "--format", form, cwd=repo.folder)
    assert ended.code == 3
    assert "unknown revision" in ended.out + ended.err
    assert "passed" not in ended.out


def test_the_summary_of_a_github_job_is_added_to(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    repo.commit({"prompts/a.md": words(60)})
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    env = {"GITHUB_STEP_SUMMARY": str(summary)}
    assert tok("check", "--base", "main", "--format", "github", cwd=repo.folder, env=env).code == 1
    text = summary.read_text()
    assert text.startswith("# Before\n**Token gate: FAILED (1)**")
    assert "| over | `prompts/a.md` | 10 | 60 | 50 |" in text
    tok("check", "--base", "no-such", cwd=repo.folder, env=env)
    assert "**Token gate: NO VERDICT (1 error)**" in summary.read_text()


def test_a_summary_that_cannot_be_written_is_a_note(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    ended = tok("check", "--base", "main", cwd=repo.folder, env={"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert (ended.code, "the job summary could not be written" in ended.err) == (0, True)


def test_the_cache_changes_no_verdict(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    repo.commit({"prompts/long.md": words(60_000)})
    env = {"TOK_CACHE": "1", "TOK_CACHE_DIR": str(tmp_path / "counts")}
    first, second = (tok("check", "--base", "main", cwd=repo.folder, env=env).out for _ in range(2))
    assert first == second == tok("check", "--base", "main", "--no-cache", cwd=repo.folder, env=env).out


def test_a_terminal_gets_the_table_in_its_width(on_terminal: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": words(60)})
    for width in (40, 80):
        env = {"NO_COLOR": "1"}
        out = on_terminal("check", "--base", "main", cwd=repo.folder, width=width, env=env).out
        assert all(len(line) <= width for line in out.splitlines())
        assert "FAILED (1)" in out
        assert "\x1b" not in out
    assert "\x1b[31m" in on_terminal("check", "--base", "main", cwd=repo.folder).out


def test_a_pipe_gets_whole_lines_without_colour(tok: Tok, repo: Repo) -> None:
    long = "prompts/" + "x" * 120 + ".md"
    repo.commit({long: words(60)})
    for options in ([], ["--format", "table"]):
        out = tok("check", "--base", "main", *options, cwd=repo.folder, env={"COLUMNS": "40"}).out
        assert long in out
        assert "\x1b" not in out


def test_the_first_line_of_a_pipe_may_be_all_that_is_read(repo: Repo, environment: Tok) -> None:
    repo.commit({f"prompts/{number}.md": words(60) for number in range(1_500)})
    command = [sys.executable, "-m", "tokencli", "check", "--base", "main"]
    process = subprocess.Popen(
        command, cwd=repo.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"10\t-\t60\t50\terror\tnew\tprompts/")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extends = "../outside.toml"\n' + RULE, "'../outside.toml' is no file inside the repository"),
        ('extends = "/etc/passwd"\n' + RULE, "'/etc/passwd' is no relative path"),
        ('extends = "https://example.org/p.toml"\n' + RULE, "'https://example.org/p.toml' is an address"),
        (MODEL.format("../outside.json", 'key = "model"'), "'../outside.json' is no file inside the repository"),
        ('[gate]\nbaseline = "../outside.json"\n' + RULE, "'../outside.json' is no file inside the repository"),
    ],
)
def test_nothing_outside_of_the_repository_is_read(tok: Tok, repo: Repo, text: str, message: str) -> None:
    ruled(repo, text)
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, message in ended.err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
@pytest.mark.parametrize("state", ["--worktree", "--staged"])
def test_links_are_not_followed(tok: Tok, repo: Repo, tmp_path: Path, state: str) -> None:
    (tmp_path / "outside.toml").write_text(KEPT)
    (tmp_path / "outside.yaml").write_text("model: gpt-4o\n")
    (tmp_path / "outside.md").write_text(words(99))
    ruled(repo, RULE + MODEL.format("agent.yaml", 'key = "model"'))
    (repo / "tok.toml").unlink()
    for link, target in (("tok.toml", "toml"), ("agent.yaml", "yaml"), ("prompts/link.md", "md")):
        (repo / link).symlink_to(tmp_path / f"outside.{target}")
        repo.git("add", link)
    ended = tok("check", state, "--no-config", cwd=repo.folder)
    assert ended.code != 0
    assert "gpt-4o" not in ended.out + ended.err
    assert "texts" not in ended.out + ended.err
    assert "99" not in ended.out


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script")
def test_nothing_that_the_tree_names_is_run(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    repo.commit({".gitattributes": "*.md filter=evil diff=evil\n"})
    for name in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv"):
        repo.git("config", name, str(trap))
    for name in ("core.fsmonitor", "diff.external", "core.pager"):
        repo.git("config", name, str(trap))
    repo.write({"prompts/a.md": words(60)})
    assert tok("check", "--worktree", "--base", "main", cwd=repo.folder).code == 1
    assert tok("check", "--base", "main", cwd=repo.folder).code == 0
    assert tok("check", "--staged", cwd=repo.folder).code == 0
    assert not (tmp_path / "sprung").exists()


def test_nothing_in_the_repository_is_written(tok: Tok, repo: Repo) -> None:
    repo.write({"notes.txt": words(6)})

    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(repo.folder.rglob("*")) if path.is_file()}

    before = state()
    for arguments in (["--base", "main"], ["--staged"], ["--worktree", "--base", "main"], ["--staged", "notes.txt"]):
        assert tok("check", *arguments, cwd=repo.folder).code == 0
    assert state() == before


def test_what_stops_the_gate_is_json_with_an_empty_report(tok: Tok, repo: Repo) -> None:
    ended = tok("check", "--json", cwd=repo.folder)
    document = json.loads(ended.out)
    assert (ended.code, document["status"], errors(ended), ended.err) == (3, "error", ["no-base"], "")
    assert (document["data"]["complete"], document["data"]["verdicts"]) == (False, [])


def test_a_tag_of_the_name_of_a_remote_branch_is_no_base(
    tok: Tok, repo: Repo, tmp_path: Path, new_repo: Callable[[Path], Repo]
) -> None:
    repo.git("switch", "--quiet", "main")
    repo.git("clone", "--quiet", repo.folder.as_uri(), str(tmp_path / "clone"))
    clone = new_repo(tmp_path / "clone")
    clone.git("switch", "--quiet", "--create", "feature")
    clone.commit({"prompts/a.md": words(60)})
    clone.git("tag", "origin/main")
    clone.git("branch", "origin/HEAD")
    for env in ({"GITHUB_BASE_REF": "main"}, {}):
        ended = tok("check", "--json", cwd=clone.folder, env=env)
        assert (ended.code, judged(ended)["prompts/a.md"]) == (1, ("over", True))
