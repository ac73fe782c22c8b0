"""`tok gate`: first rules, what applies to a file, the ratchet's values and the lock, through real processes."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]
Repo = Any

RULE = """\
[[rules]]
name = "prompts"
paths = ["prompts/**", "!prompts/old/"]
max_tokens = 50
reason = "each call pays for them"
"""
RATCHET = '[[rules]]\nname = "ratchet"\npaths = ["prompts/**"]\nratchet = true\n'


def words(number: int) -> str:
    """A text of so many tokens: tiktoken 0.14 gives one to each ` word` in o200k_base and cl100k_base."""
    return " word" * number


@pytest.fixture
def repo(new_repo: Callable[[Path], Repo], tmp_path: Path) -> Repo:
    """A repository with agent instructions, a skill, prompts, and a text that is none of them."""
    repo = new_repo(tmp_path / "repo")
    files = {"AGENTS.md": 100, "app/AGENTS.md": 20, "skills/x/SKILL.md": 8, "prompts/a.md": 40, "prompts/b.md": 30}
    repo.commit({name: words(number) for name, number in {**files, "notes.txt": 500}.items()})
    return repo


def rules(path: Path) -> dict[str, dict[str, Any]]:
    return {rule["name"]: rule for rule in tomllib.loads(path.read_text("utf-8"))["rules"]}


def test_first_rules_allow_what_there_is_and_a_tenth_more(tok: Tok, repo: Repo) -> None:
    ended = tok("gate", "init", cwd=repo.folder)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{repo / 'tok.toml'}: 7 rules for 5 files\n"
    assert {name: (rule.get("scope"), rule["max_tokens"]) for name, rule in rules(repo / "tok.toml").items()} == {
        "standing context": (None, 110),
        "agent instructions": (None, 110),
        "agent instructions together": ("total", 140),
        "skills": (None, 10),
        "skills together": ("total", 10),
        "prompts": (None, 50),
        "prompts together": ("total", 80),
    }


def test_what_init_writes_passes_and_can_fail(tok: Tok, repo: Repo) -> None:
    tok("gate", "init", cwd=repo.folder)
    repo.commit({"tok.toml": (repo / "tok.toml").read_text()})
    assert tok("check", "--staged", cwd=repo.folder).code == 0
    repo.stage({"prompts/a.md": words(51)})
    assert tok("check", "--staged", cwd=repo.folder).code == 1


def test_first_rules_say_how_they_count_where_nothing_else_does(tok: Tok, repo: Repo) -> None:
    def counted(*arguments: str, env: dict[str, str] | None = None) -> dict[str, Any]:
        ended = tok("gate", "init", "-o", "-", *arguments, cwd=repo.folder, env=env)
        assert ended.code == 0
        first = tomllib.loads(ended.out)["rules"][0]
        return {key: first[key] for key in ("model", "encoding") if key in first}

    assert counted() == {}
    assert counted("-m", "gpt-4") == {"model": "gpt-4"}
    assert counted("-e", "cl100k_base") == {"encoding": "cl100k_base"}
    # What a person has set for themselves is not what others will count by.
    assert counted(env={"TOK_MODEL": "gpt-4"}) == {"model": "gpt-4"}
    repo.write({"tok.toml": 'model = "gpt-4"\n'})
    assert counted() == {}
    assert counted("-e", "p50k_base") == {"encoding": "p50k_base"}


def test_settings_are_kept_and_rules_are_not_touched(tok: Tok, repo: Repo) -> None:
    repo.write({"tok.toml": '# ours\nencoding = "cl100k_base"\n\n'})
    assert tok("gate", "init", cwd=repo.folder).code == 0
    text = (repo / "tok.toml").read_text()
    assert text.startswith('# ours\nencoding = "cl100k_base"\n\n[[rules]]\n')
    ended = tok("gate", "init", cwd=repo.folder)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "tok: error: tok.toml has rules already",
        "hint: tok gate explain PATH shows them; -o - prints what a first set would be",
    ]
    assert (repo / "tok.toml").read_text() == text
    assert "[[rules]]" in tok("gate", "init", "-o", "-", cwd=repo.folder).out


def test_first_rules_go_to_pyproject_toml_where_the_settings_are(tok: Tok, repo: Repo) -> None:
    repo.write({"pyproject.toml": "[tool.tok]\ncache = true\n"})
    assert tok("gate", "init", cwd=repo.folder).out.startswith(f"{repo / 'pyproject.toml'}: ")
    written = tomllib.loads((repo / "pyproject.toml").read_text())["tool"]["tok"]
    assert (written["cache"], len(written["rules"])) == (True, 7)
    assert tok("check", "--worktree", "--base", "HEAD", cwd=repo.folder).code == 0


def test_first_rules_of_a_folder_with_settings_are_about_what_is_below_it(tok: Tok, repo: Repo) -> None:
    repo.write({"app/tok.toml": "cache = true\n"})
    ended = tok("gate", "init", cwd=repo / "app")
    assert ended.out == f"{repo / 'app' / 'tok.toml'}: 3 rules for 1 file\n"
    assert rules(repo / "app" / "tok.toml")["agent instructions"]["max_tokens"] == 30
    assert tok("check", "--worktree", "--base", "HEAD", cwd=repo / "app").code == 0


def test_in_a_folder_without_settings_they_go_to_the_root(tok: Tok, repo: Repo) -> None:
    assert tok("gate", "init", cwd=repo / "app").out == f"{repo / 'tok.toml'}: 7 rules for 5 files\n"


def test_first_rules_may_go_elsewhere(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    ended = tok("gate", "init", "-o", str(tmp_path / "draft.toml"), "--json", cwd=repo.folder)
    assert json.loads(ended.out)["data"] == {"path": str(tmp_path / "draft.toml"), "rules": 7, "files": 5}
    assert len(rules(tmp_path / "draft.toml")) == 7
    assert not (repo / "tok.toml").exists()


def test_without_prompts_there_is_nothing_to_begin_with(
    tok: Tok, new_repo: Callable[[Path], Repo], tmp_path: Path
) -> None:
    repo = new_repo(tmp_path / "other")
    repo.commit({"notes.txt": words(5)})
    ended = tok("gate", "init", cwd=repo.folder)
    assert (ended.code, "nothing lies where prompts usually lie" in ended.err) == (3, True)
    assert "tok help gate" in ended.err
    assert not (repo / "tok.toml").exists()


def test_a_file_is_explained_by_the_rules_that_apply_and_their_patterns(tok: Tok, repo: Repo) -> None:
    total = '[[rules]]\nname = "all"\npaths = ["*.md"]\nmax_tokens = 900\nscope = "total"\n'
    repo.commit({"tok.toml": RULE + 'max_increase = "10%"\nowner = "us"\n' + total})
    repo.write({"prompts/a.md": words(60)})
    ended = tok("gate", "explain", "prompts/a.md", cwd=repo.folder)
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "prompts/a.md: 2 rules of 2 in tok.toml",
        "",
        "  rule     prompts (tok.toml:1), by prompts/**",
        "  limit    50 tokens",
        "  growth   at most 10%",
        "  counts   o200k_base, exact",
        "  now      over: 60 tokens of 50: over by 10; it was 40 before",
        "  reason   each call pays for them",
        "  owner    us",
        "",
        "  rule     all (tok.toml:8), by *.md",
        "  limit    900 tokens for all files together",
        "  counts   o200k_base, exact",
        # 100 + 20 + 8 + 60 + 30
        "  now      ok: 5 files together: 218 tokens of 900",
    ]
    assert tok("gate", "explain", "a.md", cwd=repo / "prompts").out == ended.out


def test_a_file_without_rules_or_that_is_not_there_is_explained_too(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RULE})
    assert tok("gate", "explain", "notes.txt", cwd=repo.folder).out == "notes.txt: 0 rules of 1 in tok.toml\n"
    assert ": 0 rules of 1" in tok("gate", "explain", "prompts/old/x.md", cwd=repo.folder).out
    out = tok("gate", "explain", "prompts/new.md", cwd=repo.folder).out
    assert out.startswith("prompts/new.md (there is no such file now): 1 rule of 1 in tok.toml\n")
    assert "  limit    50 tokens\n" in out


def test_what_stands_against_a_failure_is_explained(tok: Tok, repo: Repo) -> None:
    waiver = '[[waivers]]\npaths = ["prompts/a.md"]\nreason = "rewritten"\nexpires = 2999-12-31\n'
    repo.commit({"tok.toml": RULE + 'severity = "warning"\nexpires = 2999-01-31\n' + waiver})
    out = tok("gate", "explain", "prompts/a.md", cwd=repo.folder).out
    assert "  fails    nothing: waived until 2999-12-31 (tok.toml:8): rewritten\n" in out
    assert "  expires  2999-01-31\n" in out
    assert (
        '  fails    nothing: only a warning, by severity = "warning"\n'
        in tok("gate", "explain", "prompts/b.md", cwd=repo.folder).out
    )
    repo.commit({"tok.toml": RULE + "expires = 2020-01-31\n"})
    out = tok("gate", "explain", "prompts/a.md", cwd=repo.folder).out
    assert "  expires  2020-01-31, which is past: the rule does not apply\n" in out


CONTEXT = '[[rules]]\nname = "agents"\npaths = "context"\nmax_tokens = 90\n'


def test_a_rule_about_the_standing_context_is_explained_by_the_agents_that_load_the_file(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RULE + CONTEXT, "CLAUDE.md": words(80)})
    assert tok("gate", "explain", "CLAUDE.md", cwd=repo.folder).out.splitlines() == [
        "CLAUDE.md: 1 rule of 2 in tok.toml",
        "",
        "  rule     agents (tok.toml:6), by context",
        "  limit    90 tokens for what each agent always loads",
        "  counts   o200k_base, exact",
        "  now      context/claude ok: 80 tokens of 90",
        # 100 of AGENTS.md, which it reads too.
        "  now      context/copilot over-before: 180 tokens of 90: over by 90; as before",
    ]
    assert ": 0 rules of 2" in tok("gate", "explain", "app/AGENTS.md", cwd=repo.folder).out
    assert "now      context/codex over-before: 100 " in tok("gate", "explain", "context", cwd=repo.folder).out
    out = tok("gate", "explain", "context/codex", cwd=repo.folder).out
    assert (out.count("  now "), "context/codex" in out) == (1, True)


def test_json_has_the_state_of_every_agent(tok: Tok, repo: Repo) -> None:
    waiver = '[[waivers]]\npaths = ["context/codex"]\nreason = "now"\nexpires = 2999-12-31\n'
    repo.commit({"tok.toml": CONTEXT + waiver})
    (rule,) = json.loads(tok("gate", "explain", "context", "--json", cwd=repo.folder).out)["data"]["rules"]
    assert (rule["pattern"], rule["scope"], rule["verdict"]) == ("context", "total", "over-before")
    states = {state["path"]: (state["tokens"], state["limit"], state["excuse"]) for state in rule["states"]}
    # Claude Code reads AGENTS.md where there is no CLAUDE.md.
    assert states.keys() == {f"context/{name}" for name in ("claude", "codex", "cursor", "copilot", "windsurf")}
    assert states["context/codex"] == (100, 90, "waived until 2999-12-31 (tok.toml:5): now")
    assert states["context/cursor"] == (100, 90, "")


def test_json_explains_every_rule(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RULE + RATCHET})
    data = json.loads(tok("gate", "explain", "AGENTS.md", "--json", cwd=repo.folder).out)["data"]
    assert (data["path"], data["policy"]) == ("AGENTS.md", "tok.toml")
    assert [(rule["rule"], rule["pattern"], rule["verdict"]) for rule in data["rules"]] == [
        ("prompts", None, None),
        ("ratchet", None, None),
    ]


def test_a_ratchet_keeps_the_lowest_value(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RATCHET})
    path = repo / "tok-baseline.json"
    assert tok("gate", "update", cwd=repo.folder).out == f"{path}: 2 values, 0 lowered, 2 new\n"
    repo.commit({"tok-baseline.json": path.read_text()})
    repo.commit({"prompts/a.md": words(25)})
    assert tok("gate", "update", cwd=repo.folder).out == f"{path}: 2 values, 1 lowered, 0 new\n"
    repo.commit({"tok-baseline.json": path.read_text()})
    repo.stage({"prompts/a.md": words(26)})
    ended = tok("check", "--staged", cwd=repo.folder)
    assert ended.code == 1
    assert "\tgrew\tprompts/a.md\t26 tokens: 1 more than the baseline (25)\t" in ended.out
    assert "  ratchet  25 tokens\n" in tok("gate", "explain", "prompts/a.md", cwd=repo.folder).out
    before = path.read_bytes()
    assert tok("gate", "update", cwd=repo.folder).out == f"{path}: 2 values, 0 lowered, 0 new\n"
    assert path.read_bytes() == before


def test_a_change_cannot_raise_its_baseline_unseen(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RATCHET})
    tok("gate", "update", cwd=repo.folder)
    text = (repo / "tok-baseline.json").read_text()
    repo.commit({"tok-baseline.json": text})
    repo.stage({"tok-baseline.json": text.replace("40", "400")})
    ended = tok("check", "--staged", cwd=repo.folder)
    assert ended.code == 1
    assert "loosened: the baseline of prompts/a.md was raised from 40 to 400 tokens" in ended.out


def test_the_baseline_of_a_folder_lies_beside_its_rules(tok: Tok, repo: Repo) -> None:
    repo.commit({"app/tok.toml": RATCHET.replace("prompts/**", "*.md") + '[gate]\nbaseline = "ci/base.json"\n'})
    (repo / "app" / "ci").mkdir()
    ended = tok("gate", "update", "--json", cwd=repo / "app")
    path = repo / "app" / "ci" / "base.json"
    assert json.loads(ended.out)["data"] == {"path": str(path), "values": 1, "lowered": 0, "new": 1}
    assert json.loads(path.read_text())["values"] == [{"rule": "ratchet", "path": "app/AGENTS.md", "tokens": 20}]


def test_the_lock_pins_encodings_and_models(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": RULE + 'model = "gpt-4"\n' + RATCHET})
    ended = tok("gate", "lock", cwd=repo.folder)
    assert ended.out == f"{repo / 'tok.lock'}: cl100k_base, o200k_base\n"
    lock = json.loads((repo / "tok.lock").read_text())
    assert (lock["encodings"].keys(), lock["models"]) == ({"cl100k_base", "o200k_base"}, {"gpt-4": "cl100k_base"})
    first = (repo / "tok.lock").read_bytes()
    assert json.loads(tok("gate", "lock", "--json", cwd=repo.folder).out)["data"]["models"] == {"gpt-4": "cl100k_base"}
    assert (repo / "tok.lock").read_bytes() == first


@pytest.mark.parametrize(
    ("text", "arguments", "code", "message"),
    [
        ("", ["explain", "a.md"], 3, "there are no rules here"),
        ("", ["update"], 3, "there are no rules here"),
        ("", ["lock"], 3, "there are no rules here"),
        (RULE, ["update"], 3, "tok.toml: no rule has ratchet = true"),
        (RULE, ["explain", "../a.md"], 2, "../a.md: outside of the repository"),
        (RULE, ["explain"], 2, "missing argument 'PATH'"),
        (RULE, ["lock", "--format", "xml"], 2, "--format: 'xml' is not one of plain, json"),
        ("", ["init", "-m", "gpt-4", "-m", "gpt-4o"], 2, "a rule counts in one way"),
        ("", ["init", "-m", "no-such-model"], 3, "no-such-model"),
        ("[[rules]]\n", ["init"], 2, "tok.toml:1: paths is missing"),
        ("[[rules]]\n", ["explain", "a.md"], 2, "tok.toml:1: paths is missing"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    tok: Tok, repo: Repo, text: str, arguments: list[str], code: int, message: str
) -> None:
    if text:
        repo.write({"tok.toml": text})
    before = sorted(os.listdir(repo.folder))
    ended = tok("gate", *arguments, cwd=repo.folder)
    assert (ended.code, ended.out) == (code, "")
    said, advice = ended.err.splitlines()
    assert message in said
    assert advice.startswith("hint: ")
    assert sorted(os.listdir(repo.folder)) == before


@pytest.mark.parametrize("command", [["init"], ["explain", "a.md"], ["update"], ["lock"]], ids=" ".join)
def test_outside_of_a_repository_there_is_no_gate(tok: Tok, tmp_path: Path, command: list[str]) -> None:
    ended = tok("gate", *command, cwd=tmp_path)
    assert (ended.code, "there is no git repository" in ended.err) == (3, True)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
@pytest.mark.parametrize(
    ("command", "name"), [("init", "tok.toml"), ("update", "tok-baseline.json"), ("lock", "tok.lock")]
)
def test_nothing_is_written_through_a_link_that_lies_in_the_tree(
    tok: Tok, repo: Repo, tmp_path: Path, command: str, name: str
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine\n")
    if command != "init":
        repo.write({"tok.toml": RULE + RATCHET})
    (repo / name).symlink_to(precious)
    ended = tok("gate", command, "--no-config", cwd=repo.folder)
    assert (ended.code, f"{name}: there is a link on the way" in ended.err) == (3, True)
    assert precious.read_text() == "mine\n"
