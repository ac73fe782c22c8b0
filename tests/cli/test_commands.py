"""The command table, help, topics, settings and the cache as commands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tokencli import __version__
from tokencli.catalog import models
from tokencli.cli.commands import COMMANDS, Stub
from tokencli.cli.help import TOPICS, topic, topics
from tokencli.cli.names import NORMALISING
from tokencli.encoders import aliases, recipes
from tokencli.errors import ExitCode
from tokencli.policy import load

Tok = Callable[..., Any]
Golden = Callable[[str, str], None]

LEAVES = [leaf for stub in COMMANDS for leaf in (stub.children or (stub,))]
PATHS = [[stub.name] for stub in COMMANDS] + [[stub.name, child.name] for stub in COMMANDS for child in stub.children]


@pytest.mark.parametrize("stub", LEAVES, ids=lambda stub: stub.target)
def test_every_command_has_a_function_with_help(stub: Stub) -> None:
    module, _, function = stub.target.partition(":")
    assert getattr(import_module(f"tokencli.cli.{module}"), function).__doc__
    assert stub.help


def test_the_version(tok: Tok, tmp_path: Path) -> None:
    for arguments in (["--version"], ["-V"], ["--json", "--version"]):
        assert tok(*arguments, cwd=tmp_path).out == f"tok {__version__}\n"


def test_help_as_its_golden_file(tok: Tok, tmp_path: Path, golden: Golden) -> None:
    out = tok("--help", cwd=tmp_path).out
    golden("help.txt", out)
    assert max(map(len, out.splitlines())) <= 80


def test_every_way_to_ask_for_help_gives_the_same(tok: Tok, tmp_path: Path) -> None:
    out = tok("--help", cwd=tmp_path).out
    assert tok("-h", cwd=tmp_path).out == out
    assert tok("--no-config", "--help", cwd=tmp_path).out == out
    assert tok("help", cwd=tmp_path).out.startswith(out)
    assert tok(cwd=tmp_path).out == out


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_explains_itself(tok: Tok, tmp_path: Path, path: list[str]) -> None:
    ended = tok(*path, "--help", cwd=tmp_path)
    assert ended.code == 0
    assert f"Usage: tok {' '.join(path)}" in ended.out
    more = topic(path[0]) if len(path) == 1 and path[0] in topics() else ""
    assert tok("help", *path, cwd=tmp_path).out.split() == [*ended.out.split(), *more.split()]
    assert tok(*path, "-h", cwd=tmp_path).out == ended.out


@pytest.mark.parametrize("name", topics())
def test_topics(tok: Tok, tmp_path: Path, name: str) -> None:
    out = tok("help", name, cwd=tmp_path).out
    assert out.endswith(topic(name))
    assert out == topic(name) or name in {stub.name for stub in COMMANDS}
    assert max(map(len, topic(name).splitlines())) <= 80
    document = json.loads(tok("help", name, "--json", cwd=tmp_path).out)
    assert document["data"]["text"] == out


def test_every_encoding_and_its_other_names_are_listed() -> None:
    rows = {line.split()[0]: line for line in topic("encodings").splitlines() if line}
    for name, recipe in recipes().items():
        assert recipe.method in rows[name]
    for alias, name in aliases().items():
        assert f"{alias}," in f"{rows[name]},".replace(" ", "").partition(recipes()[name].method)[2]


def test_every_model_is_listed() -> None:
    words = set(topic("models").replace(",", " ").split())
    assert {model.id for model in models()} <= words


def test_what_normalises_is_what_help_says() -> None:
    text = " ".join(NORMALISING.split())
    forms = {form: [name for name, r in recipes().items() if r.normalize == form] for form in ("NFC", "NFKC")}
    assert forms == {"NFC": ["qwen2", "qwen3.5", "minimax"], "NFKC": ["claude-legacy"]}
    assert "qwen2, qwen3.5 and minimax bring it to Unicode NFC, claude-legacy to NFKC" in text
    assert [name for name, r in recipes().items() if r.kind.startswith("gemma")] == ["gemma4", "gemma3"]
    assert [name for name, r in recipes().items() if r.kind == "claude"] == ["claude-3", "claude-4.7", "claude-4.8"]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (["-e", "gpt-4o"], "-m gpt-4o"),
        (["-m", "qwen3.5"], "-e qwen3.5"),
        (["-e", "x200k_base"], "tok help encodings"),
        (["-e", "zzzzzz"], "tok help encodings"),
        (["-m", "no-such-model"], "tok help models"),
    ],
)
def test_an_unknown_name_is_answered_with_what_it_may_mean(
    tok: Tok, tmp_path: Path, typed: list[str], hint: str
) -> None:
    ended = tok("count", *typed, cwd=tmp_path)
    assert ended.code == 3
    assert hint in ended.err.splitlines()[1]


def test_every_key_of_the_gate_is_explained() -> None:
    words = set(topic("gate").replace(",", " ").split())
    assert {*load.RULE, *load.WAIVER, *load.GATE, *load.MODEL_KEY, "extends", "report_only"} <= words


def test_the_formats_of_every_command_are_explained() -> None:
    told = dict(re.findall(r"^  (\w+) +((?:all|count|diff|check)(?: \w+)*)   ", topic("formats"), re.MULTILINE))
    for command in ("count", "cost", "diff", "models", "check"):
        stub = next(stub for stub in COMMANDS if stub.name == command)
        assert {name for name, commands in told.items() if command in commands or commands == "all"} == {*stub.formats}


def exit_codes(text: str) -> dict[int, str]:
    """Exit codes and their meanings from lines that begin with a number; a line that does not goes on with the last."""
    table: dict[int, str] = {}
    for line in text.splitlines():
        number, _, meaning = line.strip(" |").replace("|", " ").partition(" ")
        if number.isdigit():
            table[int(number)] = meaning.strip()
        elif table and line.startswith("       "):
            table[max(table)] += " " + line.strip()
        elif table:
            break
    return table


def test_exit_codes_are_the_same_in_help_readme_and_program() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8").partition("| exit code |")[2].replace("`", "")
    assert exit_codes(TOPICS["exit-codes"]) == exit_codes(readme)
    assert list(exit_codes(readme)) == [int(code) for code in ExitCode]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (["cuont"], "tok count"),
        (["trunc"], "tok truncate"),
        (["cache", "claer"], "tok cache clear"),
        (["config", "shwo"], "tok config show"),
        (["help", "exit-code"], "exit-codes"),
        (["count", "--encodin", "x"], "--encoding"),
    ],
)
def test_the_nearest_name_is_suggested(tok: Tok, tmp_path: Path, typed: list[str], hint: str) -> None:
    ended = tok(*typed, cwd=tmp_path)
    assert ended.code == 2
    assert hint in ended.err.splitlines()[1]


def test_settings_are_shown_with_their_origin(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    path = tmp_path / "tok.toml"
    path.write_text('sort = "path"\n')
    out = tok("config", "show", cwd=tmp_path, env={"TOK_TOP": "5"}).out
    rows = {line.split()[0]: line.split(maxsplit=2)[1:] for line in out.splitlines() if line}
    assert rows["top"] == ["5", "TOK_TOP"]
    assert rows["sort"] == ['"path"', f"{path}:1"]
    assert rows["keep"] == ['"head"', "built-in"]
    document = json.loads(tok("config", "show", "--json", cwd=tmp_path).out)
    assert {"name": "sort", "value": "path"}.items() <= document["data"]["settings"][8].items()
    assert document["data"]["files"] == [{"path": str(path), "scope": "project"}]


def test_a_format_that_config_show_does_not_offer_is_shown(tok: Tok, tmp_path: Path) -> None:
    ended = tok("config", "show", cwd=tmp_path, env={"TOK_FORMAT": "csv"})
    assert ended.code == 0
    assert ["format", '"csv"', "TOK_FORMAT"] in [line.split() for line in ended.out.splitlines()]


def test_a_format_for_all_commands_is_ignored_by_one_that_lacks_it(tok: Tok, tmp_path: Path) -> None:
    ended = tok("encode", "--text", "hello world", cwd=tmp_path, env={"TOK_FORMAT": "csv"})
    assert (ended.code, ended.out) == (0, "24912 2375\n")


def test_a_format_option_that_the_command_lacks_is_an_error_with_its_help(tok: Tok, tmp_path: Path) -> None:
    ended = tok("encode", "--text", "x", "--format", "xml", cwd=tmp_path)
    assert (ended.code, "hint: see tok encode --help" in ended.err) == (2, True)


def test_a_wrong_format_in_a_settings_file_names_the_file(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / "tok.toml").write_text('format = "xml"\n')
    ended = tok("encode", "--text", "x", cwd=tmp_path)
    assert (ended.code, f"{tmp_path / 'tok.toml'}:1" in ended.err) == (2, True)


def test_the_cache_that_is_not_there_is_empty(tok: Tok, tmp_path: Path) -> None:
    env = {"TOK_CACHE_DIR": str(tmp_path / "none")}
    data = json.loads(tok("cache", "info", "--json", cwd=tmp_path, env=env).out)["data"]
    assert (data["files"], data["counts"], data["bytes"]) == (0, 0, 0)
    assert tok("cache", "clear", cwd=tmp_path, env=env).code == 0
    assert not (tmp_path / "none").exists()


def test_a_missing_argument_is_asked_for_on_one_line(tok: Tok, tmp_path: Path) -> None:
    ended = tok("completions", cwd=tmp_path)
    assert ended.err.splitlines()[0].endswith("'SHELL'. Choose from: bash, zsh, fish, powershell")
