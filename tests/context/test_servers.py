"""MCP servers: configurations as editors write them, saved lists of tools, and how definitions are counted."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tokencli.catalog import resolve
from tokencli.context import AGENTS, Standing, Tree, gather
from tokencli.context.measure import measure
from tokencli.context.servers import loose_json, saved_at, servers, tools
from tokencli.encoders import column
from tokencli.errors import TokError
from tokencli.model.transcript import Tool

O200K = column("o200k_base")
SCHEMA = {"type": "object", "properties": {"message": {"type": "string", "description": "What was done"}}}
COMMIT = {"name": "commit", "description": "Makes a commit", "inputSchema": SCHEMA}
SAVED = json.dumps({"tools": [COMMIT]})
CONFIG = '{"mcpServers": {"git": {"command": "git-mcp", "args": ["-v"], "env": {"A": "b"}}}}'


def loads(agent: str, files: dict[str, str], known: dict[str, list[Tool]] | None = None) -> Standing:
    (found,) = (one for one in AGENTS if one.name == agent)
    return gather(
        found, Tree(tuple(sorted(files)), lambda path: files[path].encode() if path in files else None), None, known
    )


@pytest.mark.parametrize(
    ("agent", "path", "text"),
    [
        ("claude", ".mcp.json", CONFIG),
        ("cursor", ".cursor/mcp.json", CONFIG),
        ("copilot", ".vscode/mcp.json", '{// mine\n"servers": {"git": {"command": "git-mcp",},},}'),
        ("gemini", ".gemini/settings.json", CONFIG),
        ("codex", ".codex/config.toml", '[mcp_servers.git]\ncommand = "git-mcp"'),
    ],
)
def test_a_server_without_a_saved_list_is_not_known(agent: str, path: str, text: str) -> None:
    found = loads(agent, {path: text})
    assert [(one.kind, one.load, one.path) for one in found.pieces] == [("server", "unknown", f"git ({path})")]
    assert "--tools git=FILE" in found.pieces[0].remark
    (counted,) = measure([found], [column("o200k_base")])
    assert counted.items[0].counts is None


def test_a_saved_list_is_found_beside_the_configuration() -> None:
    found = loads("cursor", {".cursor/mcp.json": CONFIG, ".mcp/tools/git.json": SAVED})
    assert [(one.kind, one.load, one.remark) for one in found.pieces] == [("tools", "always", "1 tool")]


def test_claude_code_loads_names_and_searches_for_the_rest() -> None:
    found = loads("claude", {".mcp.json": CONFIG, ".mcp/tools/git.json": SAVED})
    assert [(one.load, one.texts) for one in found.pieces] == [("always", ("mcp__git__commit",)), ("demand", ())]
    always = CONFIG.replace('"command"', '"alwaysLoad": true, "command"')
    found = loads("claude", {".mcp.json": always, ".mcp/tools/git.json": SAVED})
    assert [(one.load, len(one.tools)) for one in found.pieces] == [("always", 1)]


def test_a_server_that_is_off_costs_nothing_and_is_named() -> None:
    found = loads("cursor", {".cursor/mcp.json": '{"mcpServers": {"git": {"command": "x", "disabled": true}}}'})
    assert not found.pieces
    assert found.notes == ("git (.cursor/mcp.json): switched off, not counted",)


def test_tools_that_were_named_win_over_saved_ones() -> None:
    known = {"git": [Tool("a", "", {}, "mcp"), Tool("b", "", {}, "mcp")]}
    found = loads("cursor", {".cursor/mcp.json": CONFIG, ".mcp/tools/git.json": SAVED}, known)
    assert found.pieces[0].remark == "2 tools"


@pytest.mark.parametrize("text", ["{", "[1]", '{"mcpServers": 7}', "\xff"])
def test_broken_configurations(text: str) -> None:
    found = loads("cursor", {".cursor/mcp.json": text})
    assert not found.pieces
    assert [problem.code for problem in found.problems] == ["config-file"]


def test_what_is_no_server_is_named_and_the_others_stand() -> None:
    found = loads(
        "cursor", {".cursor/mcp.json": '{"mcpServers": {"a": 1, "": {"command": "x"}, "b": {"command": "x"}}}'}
    )
    assert [piece.path for piece in found.pieces] == ["b (.cursor/mcp.json)"]
    assert found.notes == (
        ".cursor/mcp.json: a: no server, not counted",
        ".cursor/mcp.json: a server without a name: no server, not counted",
    )


def test_a_configuration_without_servers_is_none() -> None:
    assert not loads("gemini", {".gemini/settings.json": '{"theme": "dark"}'}).problems


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({"tools": [COMMIT]}, "mcp"),
        ({"jsonrpc": "2.0", "id": 1, "result": {"tools": [COMMIT]}}, "mcp"),
        ([COMMIT], "mcp"),
        ([{"name": "commit", "description": "Makes a commit", "input_schema": SCHEMA}], "anthropic"),
        (
            [
                {
                    "type": "function",
                    "function": {"name": "commit", "description": "Makes a commit", "parameters": SCHEMA},
                }
            ],
            "openai",
        ),
        ([{"type": "function", "name": "commit", "description": "Makes a commit", "parameters": SCHEMA}], "openai"),
        (
            [{"functionDeclarations": [{"name": "commit", "description": "Makes a commit", "parameters": SCHEMA}]}],
            "gemini",
        ),
    ],
)
def test_tools_in_every_form(value: Any, form: str) -> None:
    (tool,) = tools("f", json.dumps(value).encode(), [])
    assert (tool.name, tool.description, tool.schema, tool.form) == ("commit", "Makes a commit", SCHEMA, form)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a": 1}',
        "7",
        "[7]",
        '{"tools": [{"name": "no schema"}]}',
        "[" * 100_000,
        '{"tools":' + "[" * 300 + "]" * 300 + "}",
    ],
)
def test_files_without_tools(text: str) -> None:
    with pytest.raises(TokError) as error:
        tools("f", text.encode(), [])
    assert error.value.code == "tools-file"


def test_an_empty_list_is_one() -> None:
    assert tools("f", b'{"tools": []}', []) == []


@pytest.mark.parametrize("name", ["../../x", "a/b", "", ".", "a\nb"])
def test_no_name_of_a_server_leads_elsewhere(name: str) -> None:
    assert saved_at(".mcp.json", name) is None
    assert saved_at(".cursor/mcp.json", "git") == saved_at(".mcp.json", "git") == ".mcp/tools/git.json"


@pytest.mark.parametrize("text", ["//" * 200_000, "/*" * 200_000, ",//," * 100_000, '\\"' * 200_000, "," * 200_000])
def test_hostile_comments_take_no_time(text: str) -> None:
    start = time.monotonic()
    with pytest.raises(ValueError):  # noqa: PT011
        loose_json(text.encode())
    assert time.monotonic() - start < 5


def test_comments_in_texts_are_kept() -> None:
    assert loose_json(b'{"a": "http://x/*y*/", /* b */ "c": [1, 2,], } // end') == {"a": "http://x/*y*/", "c": [1, 2]}


def test_what_a_server_is_started_with() -> None:
    (found,) = servers(".mcp.json", CONFIG.encode(), "mcpServers", [])
    assert (found.command, found.arguments, found.environment) == ("git-mcp", ("-v",), (("A", "b"),))


def test_what_is_no_definition_is_left_out_and_named() -> None:
    notes: list[str] = []
    found = tools("f", json.dumps([COMMIT, {"type": "web_search"}]).encode(), notes)
    assert [tool.name for tool in found] == ["commit"]
    assert notes == ["f: left out: 1 tool of type web_search"]


def test_a_page_that_is_not_the_last_is_named() -> None:
    notes: list[str] = []
    tools("f", json.dumps({"tools": [COMMIT], "nextCursor": "2"}).encode(), notes)
    assert notes == ["f: 1 page of tools that says there are more (nextCursor)"]


def test_the_tools_of_several_servers_share_what_is_paid_once() -> None:
    config = CONFIG.replace('{"git": {', '{"two": {"command": "x"}, "git": {')
    files = {".cursor/mcp.json": config, ".mcp/tools/git.json": SAVED, ".mcp/tools/two.json": SAVED}
    (counted,) = measure([loads("cursor", files)], [resolve("gpt-4o")])
    sizes = {item.path: item.counts[0].tokens for item in counted.items if item.counts}
    # openai-cookbook: 12 tokens after all tools, and for each 7, 3 for its properties and 3 for each of these, beside
    # `commit:Makes a commit` (5 tokens by tiktoken 0.14) and `message:string:What was done` (6).
    assert sizes == {"git (.cursor/mcp.json)": 24, "two (.cursor/mcp.json)": 24, "(framing)": 12}
    assert counted.always[0].tokens == 60


def test_an_encoding_alone_has_no_framing() -> None:
    (counted,) = measure([loads("cursor", {".cursor/mcp.json": CONFIG, ".mcp/tools/git.json": SAVED})], [O200K])
    assert [item.kind for item in counted.items] == ["tools"]
    assert counted.always[0].low == counted.always[0].high
