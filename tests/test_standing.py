"""The standing context as a rule of the gate, over small repositories that git itself makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tokencli import comparing
from tokencli.checking import Wish, check
from tokencli.errors import TokError
from tokencli.git.changes import Pair
from tokencli.git.objects import Objects
from tokencli.git.revisions import repository
from tokencli.model.gate import CheckReport
from tokencli.policy.load import load

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

RULE = '[[rules]]\nname = "agents"\npaths = "context"\nmax_tokens = 100\n'
TODAY = date(2026, 11, 22)
Commit = Callable[[Mapping[str, str | None]], None]


@pytest.fixture
def commit(tmp_path: Path) -> Commit:
    """Writes files into a repository (None removes one) and commits them."""

    def git(*arguments: str) -> None:
        variables = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-c", "user.name=tok", "-c", "user.email=tok@example.org", *arguments]
        subprocess.run(command, cwd=tmp_path, env=variables, check=True, capture_output=True)

    def write(files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # Never through a link that an earlier commit left here, which may lead out of the folder.
            path.unlink(missing_ok=text is not None)
            if text is not None and text.startswith("->"):
                path.symlink_to(text[2:])
            elif text is not None:
                path.write_text(text)
        git("add", "--all")
        git("commit", "-qm", "a commit")

    git("init", "-q")
    return write


def checked(folder: Path, base: str = "HEAD~1..HEAD", state: comparing.State = "commit") -> CheckReport:
    with Objects(repository(str(folder), {})) as objects:
        ends = comparing.ends(objects, base if state == "commit" else None, state=state)
        return check(objects, ends, Wish(TODAY))


def words(number: int) -> str:
    """A text of so many tokens: tiktoken 0.14 gives one to each ` word` in o200k_base."""
    return " word" * number


def found(report: CheckReport) -> dict[str, tuple[str, int | None, int | None]]:
    assert not report.problems
    return {verdict.path: (verdict.verdict, verdict.base, verdict.head) for verdict in report.verdicts}


def test_each_agent_is_a_unit_of_its_own(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "AGENTS.md": words(60), "CLAUDE.md": words(90)})
    commit({"CLAUDE.md": words(90) + "\n\n@docs/more.md\n", "docs/more.md": words(40)})
    report = checked(tmp_path)
    verdicts = found(report)
    assert verdicts["context/codex"] == ("ok", 60, 60)
    assert verdicts["context/claude"][:2] == ("over", 90)
    (failed,) = (verdict for verdict in report.failed if verdict.path == "context/claude")
    assert (failed.scope, failed.limit) == ("total", 100)


def test_what_is_loaded_on_demand_counts_for_nothing(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "AGENTS.md": words(60)})
    commit({"sub/AGENTS.md": words(500), ".agents/skills/x/SKILL.md": "---\nname: x\n---\n\n" + "#" + words(1)})
    assert not checked(tmp_path).failed


def test_a_new_agent_is_held_to_the_limit(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "AGENTS.md": words(6)})
    commit({"GEMINI.md": words(101)})
    report = checked(tmp_path)
    assert found(report)["context/gemini"] == ("over", None, 101)
    assert "it loaded nothing before" in next(verdict.message for verdict in report.failed if "gemini" in verdict.path)


def test_the_index_and_the_working_tree(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "AGENTS.md": words(60)})
    (tmp_path / "AGENTS.md").write_text(words(101))
    assert not checked(tmp_path, state="index").failed
    assert {verdict.path for verdict in checked(tmp_path, state="worktree").failed} >= {"context/codex"}


def test_a_ratchet_holds_each_agent(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE.replace("max_tokens = 100", "ratchet = true"), "AGENTS.md": words(60)})
    commit({"AGENTS.md": words(61)})
    assert found(checked(tmp_path))["context/codex"] == ("grew", 60, 61)


def test_a_waiver_for_one_agent(commit: Commit, tmp_path: Path) -> None:
    waiver = '\n[[waivers]]\npaths = ["context/codex"]\nreason = "for now"\nexpires = 2999-12-31\n'
    commit({"tok.toml": RULE + waiver, "AGENTS.md": words(60)})
    commit({"AGENTS.md": words(101)})
    assert "context/codex" not in {verdict.path for verdict in checked(tmp_path).failed}
    assert "context/cursor" in {verdict.path for verdict in checked(tmp_path).failed}


def test_servers_are_named_and_never_started(commit: Commit, tmp_path: Path) -> None:
    server = {"mcpServers": {"one": {"command": "touch", "args": [str(tmp_path / "started")]}}}
    commit({"tok.toml": RULE, "AGENTS.md": words(60)})
    commit({".cursor/mcp.json": json.dumps(server)})
    report = checked(tmp_path)
    assert any(note.startswith("context/cursor: one (.cursor/mcp.json) is not known") for note in report.notes)
    assert not (tmp_path / "started").exists()
    tools = [{"name": "t", "description": words(200), "inputSchema": {}}]
    commit({".mcp/tools/one.json": json.dumps({"tools": tools})})
    assert [verdict.path for verdict in checked(tmp_path).failed] == ["context/cursor"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_read_in_git_as_in_a_checkout(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "AGENTS.md": words(60)})
    skill = "---\nname: x\ndescription: " + words(50) + "\n---\n"
    commit({"CLAUDE.md": "->AGENTS.md", "shared/x/SKILL.md": skill, ".claude/skills": "->../shared"})
    assert found(checked(tmp_path))["context/claude"][2] > 105  # type: ignore[operator]
    commit({"GEMINI.md": "->/nowhere/GEMINI.md"})
    assert any("context/gemini: GEMINI.md is not known" in note for note in checked(tmp_path).notes)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("target", ["../outside.md", "loop.md"])
def test_what_was_counted_and_is_hidden_by_a_change_is_no_pass(commit: Commit, tmp_path: Path, target: str) -> None:
    waiver = '\n[[waivers]]\npaths = ["context/"]\nreason = "moved"\nexpires = 2999-12-31\n'
    commit({"tok.toml": RULE, "AGENTS.md": words(60), "CLAUDE.md": words(90), "loop.md": "->loop.md"})
    commit({"CLAUDE.md": f"->{target}"})
    # Copilot reads it too.
    assert [(problem.code, problem.message.partition(" (")[0]) for problem in checked(tmp_path).problems] == [
        ("not-measured", "context/claude: CLAUDE.md is not known and not counted"),
        ("not-measured", "context/copilot: CLAUDE.md is not known and not counted"),
    ]
    commit({"tok.toml": RULE + waiver, "CLAUDE.md": words(90)})
    commit({"CLAUDE.md": f"->{target}"})
    report = checked(tmp_path)
    assert not report.problems
    assert any("is not known" in note and "waived until 2999-12-31" in note for note in report.notes)


def test_tools_that_are_saved_no_more_are_no_pass(commit: Commit, tmp_path: Path) -> None:
    tools = json.dumps([{"name": "t", "description": words(20), "inputSchema": {}}])
    server = json.dumps({"mcpServers": {"one": {"command": "x"}}})
    commit({"tok.toml": RULE, "AGENTS.md": "a", ".cursor/mcp.json": server, ".mcp/tools/one.json": tools})
    commit({".mcp/tools/one.json": None})
    assert [problem.code for problem in checked(tmp_path).problems] == ["not-measured"]


def test_each_file_that_is_loaded_is_measured_once(commit: Commit, tmp_path: Path) -> None:
    files = '\n[[rules]]\npaths = ["*.md"]\nmax_tokens = 500\n'
    commit({"web/tok.toml": RULE + files, "AGENTS.md": words(5), "web/AGENTS.md": words(5)})
    commit({"web/AGENTS.md": words(6)})
    assert checked(tmp_path / "web").measured == 2


def test_a_rule_below_the_root_looks_from_its_own_folder(commit: Commit, tmp_path: Path) -> None:
    commit({"web/tok.toml": RULE, "AGENTS.md": words(60), "web/AGENTS.md": words(30)})
    commit({"web/AGENTS.md": words(41)})
    assert found(checked(tmp_path / "web"))["web/context/codex"] == ("over", 90, 101)


def test_nothing_that_agents_load_is_no_pass(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "a.md": "a"})
    commit({"a.md": "b"})
    assert "idle-rule" in {problem.code for problem in checked(tmp_path).problems}


def test_a_file_too_large_to_read_is_no_pass(commit: Commit, tmp_path: Path) -> None:
    commit({"tok.toml": RULE, "AGENTS.md": "a"})
    commit({"AGENTS.md": "x" * (9 << 20)})
    assert "too-large" in {problem.code for problem in checked(tmp_path).problems}


def test_a_folder_named_context_is_no_standing_context() -> None:
    policy = load({"tok.toml": RULE.replace('"context"', '["context/"]').encode()}.get, "")
    assert policy is not None
    assert (policy.rules[0].standing, policy.rules[0].scope) == (False, "file")
    policy = load({"tok.toml": RULE.encode()}.get, "")
    assert policy is not None
    assert (policy.rules[0].standing, policy.rules[0].scope) == (True, "total")


@pytest.mark.parametrize("line", ['paths = ["context", "*.md"]', 'paths = "context"\nscope = "file"'])
def test_the_standing_context_is_one_unit(line: str) -> None:
    with pytest.raises(TokError, match=r"stands alone|one unit"):
        load({"tok.toml": RULE.replace('paths = "context"', line).encode()}.get, "")


def test_git_is_asked_once_for_all_paths(commit: Commit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = '\n[[rules]]\npaths = ["*.md"]\nmodel_keys = [{file = "agent.toml", key = "model"}]\n'
    commit({"tok.toml": RULE + model, "AGENTS.md": words(60), "agent.toml": 'model = "gpt-4"\n'})
    commit({"agent.toml": 'model = "gpt-5"\n'})
    asked = []
    ask = comparing.everything

    def counted(*arguments: Any) -> list[Pair]:
        asked.append(1)
        return ask(*arguments)

    monkeypatch.setattr(comparing, "everything", counted)
    report = checked(tmp_path)
    assert not report.problems
    assert {"ok", "model"} == {verdict.verdict for verdict in report.verdicts}
    assert len(asked) == 1
