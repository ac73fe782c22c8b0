"""What a plain run loads. A list of modules, never a stopwatch."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Environment = Callable[..., dict[str, str]]

HEAVY = {
    "asyncio",
    "concurrent.futures",
    "email",
    "hashlib",
    "http",
    "httpx",
    "importlib.metadata",
    "pathspec",
    "platformdirs",
    "pydantic",
    "regex",
    "rich",
    "sqlite3",
    "tempfile",
    "tiktoken",
    "tokenizers",
    "tomllib",
    "yaml",
}


def loaded(cwd: Path, environment: dict[str, str], *arguments: str) -> set[str]:
    code = (
        "import sys; from tokencli.__main__ import main; code = main(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture
def isolated(environment: Environment) -> dict[str, str]:
    made = environment()
    del made["TOK_CACHE"]
    return made


def test_a_plain_count_loads_nothing_heavy(tmp_path: Path, isolated: dict[str, str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "five.md").write_text("Some words, a list:\n\n- one\n- two 23\n" * 130)
    modules = loaded(tmp_path, isolated, "count", "five.md", "-e", "o200k_base")
    allowed = set() if sys.platform == "linux" else {"platformdirs"}
    assert modules & HEAVY <= allowed
    ours = {module for module in modules if module.startswith("tokencli.cli.")}
    assert "tokencli.cli.encode" not in ours
    ours = {module for module in modules if module.startswith("tokencli.formats")}
    assert ours == {f"tokencli.formats{name}" for name in ("", ".count", ".count.plain", ".notes", ".wording")}


@pytest.mark.parametrize("arguments", [["--version"], ["-V"]])
def test_the_version_loads_nothing_at_all(tmp_path: Path, isolated: dict[str, str], arguments: list[str]) -> None:
    modules = loaded(tmp_path, isolated, *arguments)
    assert {module for module in modules if module.startswith("tokencli")} == {"tokencli", "tokencli.__main__"}
    assert not modules & {"typer", "dataclasses", "typing", "re", "json", "argparse"}


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_is_written_without_the_parser(tmp_path: Path, isolated: dict[str, str], arguments: list[str]) -> None:
    assert not loaded(tmp_path, isolated, *arguments) & {"typer", "dataclasses", "typing", "re"}


def test_a_plain_check_of_what_is_staged_loads_what_it_needs(
    tmp_path: Path, isolated: dict[str, str], new_repo: Callable[[Path], Any]
) -> None:
    repo = new_repo(tmp_path)
    repo.commit({"tok.toml": "[[rules]]\npaths = ['*.md']\nmax_tokens = 9\n", "a.md": "hello", "b.md": "hi"})
    repo.stage({"a.md": "hello world"})
    for arguments in (["check", "--staged"], ["check", "--staged", "a.md"]):
        modules = loaded(tmp_path, isolated, *arguments)
        # Rules are TOML, and git names blobs by their hashes.
        allowed = {"tomllib", "hashlib"} if sys.platform == "linux" else {"tomllib", "hashlib", "platformdirs"}
        assert modules & HEAVY <= allowed
        unneeded = {"tokencli.model_keys", "tokencli.switches", "tokencli.policy.compare", "tokencli.policy.draft"}
        unneeded |= {"tokencli.catalog", "tokencli.cache", "tokencli.breakdown", "tokencli.cli.diff"}
        unneeded |= {
            "tokencli.spending.prices",
            "tokencli.spending.cards",
            "tokencli.costing",
            "tokencli.money",
            "tokencli.rates",
        }
        assert not modules & unneeded
        ours = {module for module in modules if module.startswith("tokencli.formats")}
        assert ours == {f"tokencli.formats{name}" for name in ("", ".check", ".check.plain", ".notes", ".wording")}
