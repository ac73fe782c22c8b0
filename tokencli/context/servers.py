"""MCP servers in the configuration files of agents, and saved answers to `tools/list`. Nothing is started here."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tokencli.errors import TokError
from tokencli.model.transcript import Tool

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


def servers(path: str, data: bytes, key: str, notes: list[str]) -> list[Server]:
    """The servers in a file of JSON, with comments or without, or TOML; TokError where it cannot be read.

    What stands among them and is none is added to the notes.
    """
    try:
        values = _toml(data) if path.endswith(".toml") else loose_json(data)
    except ValueError as problem:
        raise TokError(f"{path}: cannot be read ({problem})", hint="mend the file", code="config-file") from problem
    found = values.get(key, {}) if isinstance(values, Mapping) else values
    if not isinstance(found, Mapping):
        raise TokError(f"{path}: {key} holds no servers by name", hint="mend the file", code="config-file")
    notes += [
        f"{path}: {name or 'a server without a name'}: no server, not counted"
        for name, one in found.items()
        if not (name and isinstance(one, Mapping))
    ]
    return [_server(str(name), path, one) for name, one in found.items() if name and isinstance(one, Mapping)]


def tools(path: str, data: bytes, notes: list[str]) -> list[Tool]:
    """The tools in a saved answer to `tools/list`, or in a list of tools as OpenAI, Anthropic or Gemini take it.

    They are those that `tok count` reads in it; what it leaves out is added to the notes.
    """
    try:
        values = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise TokError(f"{path}: no JSON ({problem})", hint="save what tools/list gave", code="tools-file") from problem
    return tools_of(path, values, notes)


def tools_of(path: str, values: Any, notes: list[str]) -> list[Tool]:
    """The tools in a JSON value; TokError where it is no list of tools, or one of more depth than DEEPEST."""
    from tokencli.transcripts.content import Out
    from tokencli.transcripts.tools import read

    if _is_too_deep(values):
        raise TokError(f"{path}: the schema of a tool is too deep", hint="save what tools/list gave", code="tools-file")
    out = Out()
    if not read(values, out) or (out.left_out and not out.tools):
        hint = 'it holds {"tools": [{"name": ..., "description": ..., "inputSchema": {...}}]}'
        raise TokError(f"{path}: there are no tools in it", hint=hint, code="tools-file")
    notes += [f"{path}: left out: {number:,} {what}" for what, number in out.left_out.items()]
    notes += [f"{path}: {number:,} {what}" for what, number in out.notes.items()]
    return out.tools


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


def _is_too_deep(values: Any) -> bool:
    level = [values]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)
