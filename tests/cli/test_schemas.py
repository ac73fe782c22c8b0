"""Every command's JSON, as it comes out of the program, fits the schema that ships for it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli.cli.commands import leaves

Tok = Callable[..., Any]

CARDS = Path(__file__).parents[2] / "ratecards"

RUNS: dict[str, list[str]] = {
    "count": [".", "--by", "section", "--max", "5"],
    "simulate": ["-m", "claude-opus-4-8", "--turns", "1-2", "--system", "notes.txt"],
    "replay": [
        str(Path(__file__).parents[1] / "fixtures/transcripts/claude_code/session.jsonl"),
        "--on",
        "claude-opus-4-8",
    ],
    "diff": ["HEAD~1", "--max", "5", "-m", "gpt-4o", "-m", "grok-4", "--top", "1"],
    "cost": ["notes.txt", "-m", "gpt-6-sol", "-m", "claude-opus-5-5", "--caching", "--calls", "3", "--fx", "USD/CNY=7"],
    "context": ["."],
    "check": ["--base", "HEAD~1"],
    "gate init": ["-o", "first.toml"],
    "gate explain": ["prompts/system.md"],
    "gate update": [],
    "gate lock": [],
    "encode": ["notes.txt"],
    "decode": ["24912", "2375"],
    "truncate": ["1", "notes.txt"],
    "config show": [],
    "cache info": [],
    "cache clear": [],
    "tokenizers add": ["other", "ranks.tiktoken", "--like", "cl100k_base"],
    "tokenizers list": [],
    "tokenizers show": ["mine"],
    "tokenizers verify": [],
    "tokenizers remove": ["mine"],
    "tokenizers compare": ["notes.txt", "-e", "mine", "-m", "grok-4"],
    "models": ["gpt-6", "--all"],
    "rates list": [],
    "rates show": ["gpt-6-sol", "--origin"],
    "rates check": [str(CARDS / "anthropic.yaml")],
    "rates diff": [str(CARDS / "anthropic.yaml"), str(CARDS / "openai.yaml")],
    "rates import": ["--from", "litellm", "prices.json"],
    "rates update": ["--yes"],
    "rates schema": [],
    "completions": ["bash"],
    "help": ["exit-codes"],
}


def validate(document: dict[str, Any], command: str) -> None:
    name = f"tok.{command.replace(' ', '.')}"
    text = (files("tokencli.formats") / "schemas" / f"{name}-1.schema.json").read_text("utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert (document["schema"], document["command"]) == (f"{name}/1", command)
    assert set(document) == set(schema["properties"])
    if document["data"] is not None:
        assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])


RULES = """\
[[rules]]
name = "prompts"
paths = ["prompts/"]
max_tokens = 13
ratchet = true
expires = 2999-12-31

[[rules]]
name = "all"
paths = ["*"]
model = "grok-4"
max_increase = "10%"
scope = "total"
"""


@pytest.fixture
def project(project: Path, tmp_path: Path, new_repo: Callable[[Path], Any]) -> Path:
    """The project as a repository with rules, which its last commit breaks."""
    repo = new_repo(tmp_path)
    repo.commit({"tok.toml": RULES, "prompts/system.md": "hello", "prompts/old.md": "hi " * 9, "data.bin": "hello"})
    repo.git("mv", "prompts/old.md", "prompts/new.md")
    repo.commit({"prompts/system.md": "hello world " * 20, "data.bin": b"a\x00\xff\x00b"})
    return project


@pytest.fixture
def address() -> Iterator[str]:
    """Where a server on this machine gives a card."""
    server = HTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(CARDS)))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/groq.yaml"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("command", leaves())
def test_the_answer_fits_the_schema(tok: Tok, project: Path, command: str, request: Any) -> None:
    given = list(RUNS[command])
    if command == "rates update":
        given += ["--from", request.getfixturevalue("address")]
    (project / "prices.json").write_text('{"m": {"litellm_provider": "p", "input_cost_per_token": 2e-7}}')
    env = {"TOK_CACHE_DIR": str(project / "cache"), "TOK_DATA_DIR": str(project / "data")}
    if command.startswith("tokenizers"):
        rows = (b64encode(bytes([byte])) + b" %d\n" % byte for byte in range(256))
        (project / "ranks.tiktoken").write_bytes(b"".join(rows))
        tok("tokenizers", "add", "mine", "ranks.tiktoken", "--like", "cl100k_base", cwd=project, env=env)
    ended = tok(*command.split(), *given, "--json", cwd=project, env=env)
    document = json.loads(ended.out)
    validate(document, command)
    assert document["data"] is not None
    assert document["exit_code"] == ended.code


@pytest.mark.parametrize("command", leaves())
def test_an_error_fits_the_schema_of_its_command(tok: Tok, project: Path, command: str) -> None:
    document = json.loads(tok(*command.split(), "--json", "--no-such-option", cwd=project).out)
    validate(document, command)
    assert (document["status"], document["data"]) == ("error", None)


@pytest.mark.parametrize("arguments", [["burn"], ["cache"], ["cache", "burn"], ["--no-such-option"]])
def test_an_error_before_a_command_is_known_has_a_schema_of_its_own(
    tok: Tok, project: Path, arguments: list[str]
) -> None:
    validate(json.loads(tok("--json", *arguments, cwd=project).out), "error")


def test_there_is_no_schema_that_nothing_writes() -> None:
    ships = {path.name for path in (files("tokencli.formats") / "schemas").iterdir()}
    assert ships == {f"tok.{command.replace(' ', '.')}-1.schema.json" for command in (*leaves(), "error")}
