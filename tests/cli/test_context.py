"""`tok context`, option by option, through real processes in small trees."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]

SERVER = """
import json, sys
open("started", "w").write("x")
for line in sys.stdin:
    asked = json.loads(line)
    if "id" in asked:
        result = {"tools": [{"name": "add", "description": "Adds", "inputSchema": {}}]}
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A repository whose agents are Claude Code, Codex and others that read AGENTS.md."""
    folder = tmp_path / "here"
    adder = {"command": sys.executable, "args": ["server.py"]}
    config = {"mcpServers": {"adder": adder, "web": {"url": "http://x"}, "off": {**adder, "disabled": True}}}
    files = {
        ".git": "",
        "AGENTS.md": " word" * 100,
        "CLAUDE.md": " word" * 50 + "\n\n@AGENTS.md\n",
        ".mcp.json": json.dumps(config),
        "server.py": SERVER,
        "sub/AGENTS.md": " word" * 7,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def answer(ended: Any) -> dict[str, Any]:
    return dict(json.loads(ended.out))


def agent(ended: Any, name: str) -> dict[str, Any]:
    (found,) = (one for one in answer(ended)["data"]["agents"] if one["agent"] == name)
    return dict(found)


def test_each_agent_with_files_here_has_its_own_sum(tok: Tok, here: Path) -> None:
    ended = tok("context", "--json", cwd=here)
    assert ended.code == 0
    sums = {one["agent"]: one["always"][0]["tokens"] for one in answer(ended)["data"]["agents"]}
    # tiktoken 0.14 gives one token to each ` word`; the import's line is 5 more in o200k_base.
    assert sums["codex"] == sums["cursor"] == 100
    assert sums["claude"] > 150
    assert "gemini" not in sums
    assert agent(ended, "codex")["always"][0]["per_1000_requests"] == 100_000


def test_what_lies_below_is_loaded_on_demand(tok: Tok, here: Path) -> None:
    assert agent(tok("context", "--agent", "cursor", "--json", cwd=here), "cursor")["demand"][0]["tokens"] == 7
    assert agent(tok("context", "sub", "--agent", "codex", "--json", cwd=here), "codex")["always"][0]["tokens"] == 107


def test_nothing_is_started_and_servers_are_not_known(tok: Tok, here: Path) -> None:
    ended = tok("context", "--agent", "claude", cwd=here)
    assert "?\tclaude\tunknown\tserver\tadder (.mcp.json)" in ended.out
    assert not (here / "started").exists()


def test_run_starts_the_server_that_is_named(tok: Tok, here: Path) -> None:
    ended = tok("context", "--agent", "claude", "--run", "adder", cwd=here)
    assert ended.code == 0
    assert (here / "started").exists()
    assert f"starts    {sys.executable} server.py" in ended.err
    assert "claude\talways\ttools\tadder (.mcp.json)\tnames of 1 tool" in ended.out


@pytest.mark.parametrize(
    ("name", "words"), [("nobody", "not configured here"), ("web", "has an address"), ("off", "is switched off")]
)
def test_servers_that_cannot_be_run(tok: Tok, here: Path, name: str, words: str) -> None:
    ended = tok("context", "--run", name, cwd=here)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert not (here / "started").exists()


def test_what_cannot_be_started_is_no_bug(tok: Tok, here: Path) -> None:
    (here / ".mcp.json").write_text('{"mcpServers": {"nul": {"command": "a\\u0000b"}}}')
    ended = tok("context", "--agent", "claude", "--run", "nul", cwd=here)
    assert ended.code == 3
    assert "server nul: cannot be started (embedded null byte)" in ended.err


def test_saved_tools_of_a_server(tok: Tok, here: Path) -> None:
    (here / "saved.json").write_text(json.dumps({"tools": [{"name": "get", "inputSchema": {"type": "object"}}]}))
    ended = tok("context", "--agent", "claude", "--tools", "web=saved.json", "--json", cwd=here)
    web = [item for item in agent(ended, "claude")["items"] if item["path"].startswith("web")]
    assert [item["load"] for item in web] == ["always", "demand"]


SCHEMA = {
    "type": "object",
    "properties": {"location": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
}
WEATHER = {"name": "now", "description": "Get the weather"}
LISTS: dict[str, Any] = {
    "mcp": {"tools": [{**WEATHER, "title": "Weather", "inputSchema": SCHEMA}, {"name": "b", "inputSchema": {}}]},
    "openai": [{"type": "function", "function": {**WEATHER, "parameters": SCHEMA, "strict": True}}],
    "anthropic": [{**WEATHER, "input_schema": SCHEMA}],
    "gemini": [{"functionDeclarations": [{**WEATHER, "parameters": SCHEMA}, {"name": "bare"}]}],
}


@pytest.mark.parametrize("form", LISTS)
@pytest.mark.parametrize("model", ["gpt-5.5", "claude-opus-4-8", "gemini-3.5-flash", "qwen3-8b", "grok-4"])
def test_a_list_of_tools_is_the_same_number_as_in_tok_count(tok: Tok, tmp_path: Path, model: str, form: str) -> None:
    (tmp_path / "weather.json").write_text(json.dumps(LISTS[form]))
    (tmp_path / "empty").mkdir()
    counted = answer(tok("count", "weather.json", "-m", model, "--json", cwd=tmp_path))["data"]["totals"][0]
    always = tok("context", "empty", "--agent", "codex", "--tools", "weather.json", "-m", model, "--json", cwd=tmp_path)
    (total,) = agent(always, "codex")["always"]
    assert {key: total[key] for key in ("tokens", "low", "high")} == {
        key: counted[key] for key in ("tokens", "low", "high")
    }
    assert total["tokens"] > 0


def test_tools_of_no_configured_server_count_for_every_agent(tok: Tok, here: Path) -> None:
    (here / "extra.json").write_text(json.dumps([{"name": "get", "input_schema": {}}]))
    ended = tok("context", "--agent", "codex", "--tools", "extra.json", cwd=here)
    assert "codex\talways\ttools\textra\t1 tool" in ended.out


@pytest.mark.parametrize("text", ["{", "[]7", '{"x": 1}'])
def test_a_broken_file_of_tools(tok: Tok, here: Path, text: str) -> None:
    (here / "bad.json").write_text(text)
    ended = tok("context", "--tools", "bad.json", cwd=here)
    assert ended.code == 3
    assert "bad.json" in ended.err


def test_a_limit_is_held_against_each_agent(tok: Tok, here: Path) -> None:
    assert tok("context", "--agent", "codex", "--max", "100", cwd=here).code == 0
    ended = tok("context", "--agent", "codex", "--max", "99", cwd=here)
    assert ended.code == 1
    assert "max 99 tokens: FAILED (1 over)" in ended.out


def test_a_limit_cannot_be_kept_by_what_is_not_known(tok: Tok, here: Path) -> None:
    ended = tok("context", "--agent", "claude", "--max", "100000", cwd=here)
    assert ended.code == 3
    assert "is not known" in ended.err
    assert tok("context", "--agent", "claude", "--max", "9", cwd=here).code == 1


def test_the_users_own_files_only_where_asked(tok: Tok, here: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".codex").mkdir(parents=True)
    (home / ".codex" / "AGENTS.md").write_text(" word" * 11)
    (home / "secret").mkdir()
    env = {"HOME": str(home)}
    assert agent(tok("context", "--json", cwd=here, env=env), "codex")["always"][0]["tokens"] == 100
    ended = tok("context", "--user", "--json", cwd=here, env=env)
    assert agent(ended, "codex")["always"][0]["tokens"] == 111
    assert "~/.codex/AGENTS.md" in ended.out


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_followed_inside_the_tree_and_not_out_of_it(tok: Tok, here: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret " * 500)
    (here / "CLAUDE.md").unlink()
    (here / "CLAUDE.md").symlink_to("AGENTS.md")
    (here / "GEMINI.md").symlink_to(tmp_path / "secret.md")
    (here / ".claude").symlink_to(tmp_path)
    ended = tok("context", "--agent", "claude", "--agent", "gemini", cwd=here)
    assert "100\tclaude\talways\tinstructions\tCLAUDE.md" in ended.out
    assert "?\tgemini\tunknown\tinstructions\tGEMINI.md\ta link that leads out of the tree" in ended.out


def test_a_large_file_is_an_error_and_no_zero(tok: Tok, here: Path) -> None:
    (here / "AGENTS.md").write_bytes(b"x" * (9 << 20))
    ended = tok("context", "--agent", "codex", cwd=here)
    assert ended.code == 3
    assert "AGENTS.md: larger than 8 MB" in ended.err


def test_nothing_here(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("")
    ended = tok("context", cwd=tmp_path)
    assert ended.code == 0
    assert "nothing that agents load" in ended.err
    assert tok("context", "--agent", "claude", cwd=tmp_path).code == 3
    assert tok("context", "--max", "5", cwd=tmp_path).code == 3


@pytest.mark.parametrize("arguments", [["nowhere"], ["--agent", "nobody"], ["--max", "-1"]])
def test_wrong_options(tok: Tok, here: Path, arguments: list[str]) -> None:
    assert tok("context", *arguments, cwd=here).code == 2


def test_the_table_folds_what_is_loaded_on_demand(tok: Tok, here: Path) -> None:
    folded = tok("context", "--agent", "cursor", "--format", "table", cwd=here).out
    assert "sub/AGENTS.md" not in folded
    assert "7  on demand  (--all lists it)" in folded
    assert "sub/AGENTS.md" in tok("context", "--agent", "cursor", "--format", "table", "--all", cwd=here).out


def test_shares_of_the_window_and_several_columns(tok: Tok, here: Path) -> None:
    ended = tok("context", "--agent", "codex", "-m", "gpt-4o", "-m", "grok-4", "--format", "table", cwd=here)
    assert "gpt-4o: 0.1% of the window, 100,000 tokens in 1,000 requests, o200k_base, exact" in ended.out
    assert "grok-4:" in ended.out
    # No window of the first GPT-3 is in the catalog.
    assert "window not known, 100,000 tokens" in tok("context", "--agent", "codex", "-m", "davinci", cwd=here).out


def test_a_list_of_skills_that_is_too_long_is_cut_and_it_is_said(tok: Tok, tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / f".claude/skills/s{number}/SKILL.md"
        path.parent.mkdir(parents=True)
        path.write_text(f"---\nname: s{number}\ndescription: {'word ' * 300}\n---\n")
    ended = tok("context", "--agent", "claude", cwd=tmp_path)
    assert "claude\talways\tskill\t.claude/skills/s0/SKILL.md\tname and description, cut to fit the list" in ended.out
    assert "Claude Code lists 10 skills in 8,000 characters, as the window is not known: 10 descriptions" in ended.err


CARD = """\
schema: tok-ratecard/1
provider: acme
currency: USD
sources: [{url: "https://acme.example/prices", retrieved: 2026-11-01}]
models:
  - id: gpt-4o
    cache: {min_tokens: 64}
    prices:
      - from: 2026-01-01
        checked: 2026-11-01
        confidence: confirmed
        rates: {input: 2, cache_read: 0.2, cache_write_5m: 2.5, output: 10}
"""


def money(ended: Any, name: str = "codex") -> Any:
    (total,) = agent(ended, name)["always"]
    return total["money"]


def test_what_is_always_loaded_has_its_price_on_the_model(tok: Tok, here: Path) -> None:
    (here / "acme.yaml").write_text(CARD)
    options = ["--agent", "codex", "-m", "gpt-4o", "--ratecard", "acme.yaml", "--at", "2026-11-20"]
    found = money(tok("context", *options, "--json", cwd=here))
    # 100 x 2 / 1,000,000, and a thousand of it; one write of 100 x 2.5 and 999 reads of 100 x 0.2.
    assert (found["request"], found["requests_1000"], found["currency"]) == ("0.0002", "0.2", "USD")
    assert found["cached"] == {
        "lifetime": "5 minutes",
        "read": "0.00002",
        "write": "0.00025",
        "requests_1000": "0.02023",
        "remark": "",
    }
    plain = tok("context", *options, "--format", "plain", cwd=here).out
    assert "0.0002\t0.2\t0.00002\t0.00025\t0.02023\tUSD\tcodex\tmoney\tgpt-4o\n" in plain


def test_what_is_too_short_for_a_cache_has_no_price_from_one(tok: Tok, here: Path) -> None:
    (here / "acme.yaml").write_text(CARD.replace("min_tokens: 64", "min_tokens: 101"))
    options = ["--agent", "codex", "-m", "gpt-4o", "--ratecard", "acme.yaml", "--json"]
    cached = money(tok("context", *options, cwd=here))["cached"]
    assert (cached["requests_1000"], cached["remark"]) == (None, "no prefix under 101 tokens is cached")


def test_what_has_no_price_is_never_zero(tok: Tok, here: Path) -> None:
    (here / "acme.yaml").write_text(CARD)
    options = ["--agent", "codex", "-m", "gpt-4o", "--ratecard", "acme.yaml", "--at", "2025-01-01"]
    ended = tok("context", *options, "--format", "plain", cwd=here)
    assert ended.code == 0
    assert "--\t--\t--\t--\t--\t--\tcodex\tmoney\tgpt-4o\n" in ended.out
    assert "no price: the price of acme/gpt-4o is not known before 2026-01-01" in ended.err


def test_without_a_model_there_is_no_money(tok: Tok, here: Path) -> None:
    assert money(tok("context", "--agent", "codex", "--json", cwd=here)) is None
