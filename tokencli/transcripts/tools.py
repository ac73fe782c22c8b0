"""Tool definitions: lists for OpenAI, Anthropic and Gemini, and what an MCP server answers to `tools/list`.

Shapes: the `tools` of each provider's request; modelcontextprotocol.io, ListToolsResult, with its JSON-RPC envelope or
without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import ToolForm
from tokencli.transcripts.content import Claim, Out, mapping, objects, tool, words

FORMAT = "tools"

CONVERSATION = ("messages", "input", "contents", "candidates", "choices", "output", "conversations", "role")


def claims(value: Any) -> Claim:
    """A list in which everything defines a tool, or an object with such a list and no conversation."""
    found = _definitions(value)
    return "mine" if found and all(_form(definition) for definition in found) else ""


def read(value: Any, out: Out) -> bool:
    """The tools of the list."""
    found = _definitions(value)
    pages = objects(value)
    if pages and _result(pages[-1]).get("nextCursor"):
        out.note("page of tools that says there are more (nextCursor)")
    for definition in found:
        form = _form(definition)
        made = tool(definition, form) if form else None
        declarations = objects(definition.get("functionDeclarations", definition.get("function_declarations")))
        declared = [each for declaration in declarations if (each := tool(declaration, "gemini"))]
        if made or declared:
            out.tools += [made] if made else declared
        else:
            out.leave_out(f"tool of type {words(definition.get('type')) or 'unknown'}")
    return bool(found) or _is_empty_list(value)


def _definitions(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list) and objects(value) and all("jsonrpc" in page for page in objects(value)):
        return [definition for page in objects(value) for definition in _definitions(page)]
    if isinstance(value, list):
        return objects(value) if len(objects(value)) == len(value) else []
    body = _result(value)
    if any(key in body for key in CONVERSATION):
        return []
    tools = body.get("tools")
    if isinstance(tools, list):
        return _definitions(tools)
    return [dict(body)] if _form(body) else []


def _result(value: Any) -> Mapping[str, Any]:
    """The answer inside a JSON-RPC envelope, or the value itself."""
    whole = mapping(value)
    return mapping(whole.get("result")) if "jsonrpc" in whole else whole


def _is_empty_list(value: Any) -> bool:
    tools = value if isinstance(value, list) else _result(value).get("tools")
    return tools == []


def _form(definition: Mapping[str, Any]) -> ToolForm | None:
    """Whose shape a definition has; None where it is none."""
    if "functionDeclarations" in definition or "function_declarations" in definition:
        return "gemini"
    if isinstance(definition.get("function"), dict) or definition.get("type") == "function":
        return "openai"
    if not isinstance(definition.get("name"), str):
        return None
    if "inputSchema" in definition:
        return "mcp"
    if "input_schema" in definition:
        return "anthropic"
    return "openai" if isinstance(definition.get("parameters"), dict) else None
