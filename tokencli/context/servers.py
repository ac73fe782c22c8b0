"""MCP servers in the configuration files of agents, and saved answers to `tools/list`. Nothing is started here."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tokencli.errors import TokError
from tokencli.model.transcript import Tool, ToolForm

SAVED = ".mcp/tools/"
"""Where the answer of a server to `tools/list` is looked for, as SERVER.json, in the folders of its configuration."""

# A text, or a comment or a comma before a bracket, which JSON has not and the files of VS Code have.
BLANK = r"(?>//[^\n]*|/\*(?:.*?\*/|.*))"
LOOSE = re.compile(rf'("(?:\\.|[^"\\])*+"?)|{BLANK}|,(?=(?:\s|{BLANK})*+[}}\]])', re.DOTALL)

DEEPEST = 200
"""Lists and objects inside each other in a file of tools; no schema needs more."""


class Server(NamedTuple):
    """One server as it is configured in the file `path`: a program with arguments, or an address."""

    name: str
    path: str
    command: str = ""
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    url: str = ""
    off: bool = False
    always: bool = False


def servers(path: str, data: bytes, key: str) -> list[Server]:
    """The servers in a file of JSON, with comments or without, or TOML; TokError where it cannot be read."""
    try:
        values = _toml(data) if path.endswith(".toml") else loose_json(data)
    except ValueError as problem:
        raise TokError(f"{path}: cannot be read ({problem})", hint="mend the file", code="config-file") from problem
    found = values.get(key) if isinstance(values, Mapping) else None
    if not isinstance(found, Mapping):
        return []
    return [_server(str(name), path, one) for name, one in found.items() if isinstance(one, Mapping)]


def tools(path: str, data: bytes) -> list[Tool]:
    """The tools in a saved answer to `tools/list`, or in a list of tools as OpenAI, Anthropic or Gemini take it."""
    try:
        values = json.loads(data)
        _check_depth(values)
    except (ValueError, RecursionError) as problem:
        raise TokError(f"{path}: no JSON ({problem})", hint="save what tools/list gave", code="tools-file") from problem
    found = list(_listed(values))
    if not found and values not in ([], {"tools": []}):
        hint = 'it holds {"tools": [{"name": ..., "description": ..., "inputSchema": {...}}]}'
        raise TokError(f"{path}: there are no tools in it", hint=hint, code="tools-file")
    return found


def tools_of(values: Any) -> list[Tool]:
    """The tools in what a server answered."""
    try:
        _check_depth(values)
    except ValueError as problem:
        raise TokError("the schema of a tool is too deep", code="tools-file") from problem
    return list(_listed(values))


def saved_at(path: str, name: str) -> str | None:
    """Where the saved tools of a server are looked for, by its configuration file; None for a name no file can have."""
    if not re.fullmatch(r"[\w@][\w@. -]*", name):
        return None
    folder = posixpath.dirname(path)
    above = posixpath.dirname(folder) if posixpath.basename(folder).startswith(".") else folder
    return posixpath.join(above, f"{SAVED}{name}.json")


def loose_json(data: bytes) -> Any:
    """JSON, with comments and commas at the end of lists as the files of editors have them; ValueError for no such."""
    try:
        return json.loads(LOOSE.sub(lambda found: found[1] or "", data.decode("utf-8-sig")))
    except RecursionError:
        raise ValueError("too deep") from None


def _toml(data: bytes) -> Any:
    import tomllib

    return tomllib.loads(data.decode("utf-8-sig"))


def _server(name: str, path: str, one: Mapping[str, Any]) -> Server:
    values = one.get("args")
    environment = one.get("env")
    return Server(
        name,
        path,
        command=str(one.get("command") or ""),
        arguments=tuple(map(str, values)) if isinstance(values, list) else (),
        environment=tuple((str(key), str(value)) for key, value in environment.items())
        if isinstance(environment, Mapping)
        else (),
        folder=str(one.get("cwd") or ""),
        url=str(one.get("url") or one.get("httpUrl") or one.get("serverUrl") or ""),
        off=one.get("disabled") is True or one.get("enabled") is False,
        always=one.get("alwaysLoad") is True,
    )


def _check_depth(values: Any) -> None:
    """ValueError for values inside each other more often than DEEPEST."""
    level = [values]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    if level:
        raise ValueError("too deep")


def _listed(values: Any) -> Iterable[Tool]:
    if isinstance(values, Mapping):
        for key in ("result", "tools", "functionDeclarations", "function_declarations"):
            if isinstance(values.get(key), Mapping | list):
                return _listed(values[key])
        return []
    return (
        [tool for one in values if isinstance(one, Mapping) for tool in _tool(one)] if isinstance(values, list) else []
    )


def _tool(one: Mapping[str, Any]) -> Iterable[Tool]:
    inner = one.get("function")
    if isinstance(inner, Mapping):
        return _made(inner, "parameters", "openai")
    if "functionDeclarations" in one or "function_declarations" in one:
        return _listed(one)
    forms: tuple[tuple[str, ToolForm], ...] = (("inputSchema", "mcp"), ("input_schema", "anthropic"))
    for key, form in forms:
        if key in one:
            return _made(one, key, form)
    return _made(one, "parameters", "openai" if "type" in one else "gemini")


def _made(one: Mapping[str, Any], key: str, form: ToolForm) -> list[Tool]:
    name = one.get("name")
    return [Tool(name, str(one.get("description") or ""), one.get(key), form)] if isinstance(name, str) else []
