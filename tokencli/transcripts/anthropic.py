"""Anthropic Messages: requests (`messages`, `system`, `tools`), responses, batch lines.

Shapes: docs.anthropic.com, Messages API and Message Batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.content import (
    Claim,
    Out,
    all_objects,
    items,
    json_text,
    kind_of,
    mapping,
    media,
    objects,
    thinking,
    tool,
    words,
)

FORMAT = "anthropic"

CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
RESULT = "_tool_result"
OWN_PARTS = (*CALLS, "tool_result", "thinking", "redacted_thinking", "image", "document", "search_result")


def claims(value: Any) -> Claim:
    """Marked by content blocks, tools with an `input_schema`, `system` or a version of its own; else it only fits."""
    body = _body(value)
    if body.get("type") == "message" and isinstance(body.get("content"), list) and "usage" in body:
        return "mine"
    messages = _messages(value, body)
    if messages is None or not any("content" in message for message in messages):
        return ""
    if {"sessionId", "uuid", "parts"} & body.keys():
        return ""
    own = any(block.get("type") in OWN_PARTS for message in messages for block in objects(message.get("content")))
    own = own or any("input_schema" in definition for definition in objects(body.get("tools")))
    marked = "messages" in body and ("system" in body or "anthropic_version" in body or "thinking" in body)
    return "mine" if own or marked or words(body.get("model")).startswith("claude") else ""


def read(value: Any, out: Out) -> bool:
    """The system prompt as a system message, then tools and messages."""
    body = _body(value)
    messages = _messages(value, body)
    if messages is None:
        return False
    if "messages" in body:
        out.begin()
    out.note_model(body.get("model"))
    if body.get("system"):
        out.message("system", blocks(body["system"], out))
    for definition in objects(body.get("tools")):
        found = tool(definition, "anthropic") if "input_schema" in definition else None
        if found:
            out.tools.append(found)
        else:
            out.leave_out(f"tool of type {words(definition.get('type')) or 'unknown'}")
    for message in messages:
        if isinstance(message.get("role"), str):
            out.message(message["role"], blocks(message.get("content"), out))
        else:
            out.leave_out("item that is no message")
    return True


def _body(value: Any) -> Mapping[str, Any]:
    """The request or response inside a line of a batch, or the value itself."""
    whole = mapping(value)
    if "params" in whole and "custom_id" in whole:
        return mapping(whole["params"])
    result = mapping(whole.get("result"))
    return mapping(result["message"]) if "message" in result else whole


def _messages(value: Any, body: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    if isinstance(body.get("messages"), list):
        return [item if isinstance(item, dict) else {} for item in body["messages"]]
    if all_objects(value) and all("role" in item for item in value):
        return list(value)
    return [dict(body)] if isinstance(body.get("role"), str) and "content" in body else None


def blocks(content: Any, out: Out) -> list[Part]:
    """The parts of a content: a text, or blocks."""
    return [part for block in items(content, out) for part in _block(block, out)]


def _block(block: Mapping[str, Any], out: Out) -> list[Part]:
    kind = words(block.get("type"))
    if kind == "text":
        return [Part("text", words(block.get("text")))]
    if kind == "thinking":
        return thinking(block.get("thinking"), out)
    if kind == "redacted_thinking":
        return thinking("", out)
    if kind in CALLS:
        return [out.call(block.get("name"), block.get("input"), block.get("id"))]
    if kind == "tool_result" or kind.endswith(RESULT):
        return _result(block, out)
    if kind == "document":
        said = [words(block.get(key)) for key in ("title", "context")]
        return [*(Part("text", text) for text in said if text), *_media(block, out)]
    if kind == "image":
        return _media(block, out)
    if kind == "search_result":
        return [Part("text", words(block.get("title"))), *blocks(block.get("content"), out)]
    out.leave_out(f"content of type {kind or 'unknown'}")
    return []


def _result(block: Mapping[str, Any], out: Out) -> list[Part]:
    name = out.name_of(block.get("tool_use_id"))
    content = block.get("content")
    if block.get("type") not in ("tool_result", "mcp_tool_result") and isinstance(content, dict | list):
        parts = [part for item in objects(content) for part in _served(item, out)]
    else:
        parts = blocks(content, out)
    return [part._replace(kind="tool_result", name=name) if part.kind == "text" else part for part in parts]


def _served(item: Mapping[str, Any], out: Out) -> list[Part]:
    """What a tool of Anthropic's own gave: a document that it fetched, or an object, whose encrypted texts the model
    reads in the clear, so that their tokens are not known."""
    plain = {}
    parts: list[Part] = []
    for key, value in item.items():
        if key.startswith("encrypted_"):
            out.leave_out(f"encrypted text of type {words(item.get('type')) or 'unknown'}")
        elif isinstance(value, dict) and value.get("type") == "document":
            parts += blocks([value], out)
        else:
            plain[key] = value
    return [Part("text", json_text(plain)), *parts]


def _media(block: Mapping[str, Any], out: Out) -> list[Part]:
    source = mapping(block.get("source"))
    mime = source.get("media_type")
    if source.get("type") == "text":
        return [Part("text", words(source.get("data")))]
    if source.get("type") == "content":
        return blocks(source.get("content"), out)
    kind = "image" if block.get("type") == "image" else kind_of(mime)
    data = source.get("data") if source.get("type") == "base64" else None
    return [media(kind, data=data, url=source.get("url"), mime=mime, name=block.get("title"))]
