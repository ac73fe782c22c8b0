"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tokencli.cli.commands import COMMANDS
from tokencli.encoders import names
from tokencli.policy.load import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block_after(mark: str, language: str) -> str:
    found = re.search(rf"{mark}.*?```{language}\n(.*?)\n```", README, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("mark", ["count", "tokenizers", "context", "cost", "receipt", "simulate"])
def test_a_command_prints_what_is_shown(monkeypatch: pytest.MonkeyPatch, mark: str) -> None:
    for name in ("TOK_ENCODING", "TOK_MODEL", "TOK_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    command = shlex.split(block_after(f"<!-- {mark} -->", "console").rpartition("&&")[2])
    assert (Path(command[0]).name, command[1]) == ("tok", "cost" if mark == "receipt" else mark)
    arguments = [sys.executable, "-m", "tokencli", *command[1:], "--format", "table", "--no-config"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True, env=None)
    shown = block_after(f"<!-- {mark} -->", "text").replace("─", "-")
    printed = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n").replace("─", "-")
    assert printed.rstrip("\n") == shown


LINE = "Answer briefly, and say in which file you found it.\n"
"""12 tokens, in o200k_base by tiktoken 0.14."""


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """The repository of the README's examples, on a branch; names and times are fixed, and with them the commits."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    env = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "tok", f"GIT_{who}_EMAIL": "tok@example.org"}
        env |= {f"GIT_{who}_DATE": "2026-11-22T12:00:00Z"}

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, env=env, check=True, capture_output=True)

    def commit(**files: str | int) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes((LINE * text if isinstance(text, int) else text).encode())
            git("add", name)
        git("commit", "--quiet", "--message", "a commit")

    git("init", "--quiet", "--initial-branch", "main", "--object-format", "sha1")
    before = {"prompts/system.md": 250, "prompts/examples.md": 470, "prompts/tools.md": 90, "AGENTS.md": 60}
    commit(**before, **{"tok.toml": block_after("<!-- rules -->", "toml") + "\n", "agent.yaml": "model: gpt-5.5\n"})
    git("switch", "--quiet", "--create", "feature")
    git("mv", "prompts/tools.md", "prompts/triage.md")
    after = {"prompts/system.md": 360, "prompts/few-shot.md": 45, "AGENTS.md": 55}
    commit(**after, **{"agent.yaml": "model: claude-opus-4-8\n"})
    return tmp_path


@pytest.mark.parametrize(("mark", "arguments"), [("diff", ["diff", "main"]), ("check", ["check", "--base", "main"])])
def test_what_is_shown_of_a_branch_is_printed(branch: Path, mark: str, arguments: list[str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOK_", "GIT_", "GITHUB_"))}
    command = [sys.executable, "-m", "tokencli", *arguments, "--format", "table"]
    env = kept | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(branch / "nowhere")}
    done = subprocess.run(command, cwd=branch, capture_output=True, env=env)
    shown = block_after(f"<!-- {mark} -->", "text").replace("─", "-")
    printed = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n").replace("─", "-")
    assert printed.rstrip("\n") == shown


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"tok {name}" in README


@pytest.mark.parametrize("name", names())
def test_every_encoding_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_the_number_of_encodings_is_right() -> None:
    assert f"{len(names())} encodings" in README


def test_the_hooks_of_the_readme_are_those_of_the_manifest() -> None:
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    shown = re.findall(r"- id: (\S+)", block_after("<!-- pre-commit -->", "yaml"))
    assert sorted(shown) == sorted(hook["id"] for hook in offered)


def test_the_rules_of_the_readme_are_rules() -> None:
    rules = block_after("### In CI and in hooks", "toml").encode()
    policy = load({"tok.toml": rules}.get, "")
    assert policy is not None
    assert [(rule.name, rule.max_tokens) for rule in policy.rules] == [("prompts", 4000), ("prompts together", 12000)]
