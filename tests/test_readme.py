"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
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


def test_the_first_command_prints_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOK_ENCODING", "TOK_MODEL", "TOK_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    command = shlex.split(block_after("<!-- count -->", "console").rpartition("&&")[2])
    assert command[:2] == [".venv/bin/tok", "count"]
    arguments = [sys.executable, "-m", "tokencli", *command[1:], "--format", "table", "--no-config"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True, env=None)
    shown = block_after("<!-- count -->", "text").replace("─", "-")
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
    assert [(rule.name, rule.max_tokens) for rule in policy.rules] == [("prompts", 4000)]
