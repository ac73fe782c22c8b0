"""OpenAI Responses: requests (`input`, `instructions`, `tools`), responses (`output` items), batch lines.

Shapes: openai-openapi, CreateResponse and Response, and the items of ItemResource.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.content import Claim, Out, items, json_text, mapping, media, objects, thinking, tool, words
from tokencli.transcripts.openai_chat import item_part

FORMAT = "openai-responses"

CALLS = {
    "function_call": ("name", "arguments"),
    "custom_tool_call": ("name", "input"),
    "mcp_call": ("name", "arguments"),
    "local_shell_call": ("", "action"),
    "shell_call": ("", "action"),
    "apply_patch_call": ("", "operation"),
    "computer_call": ("", "action"),
    "web_search_call": ("", "action"),
    "file_search_call": ("", "queries"),
    "code_interpreter_call": ("", "code"),
    "tool_search_call": ("", "arguments"),
}
GIVEN = ("output", "outputs", "results")
"""Where an item that calls a tool of OpenAI's own has what it gave."""
KEPT = ("previous_response_id", "conversation", "prompt")
"""Names of what OpenAI keeps and the model is given too."""

"""Items that call a tool: where its name stands (the type of the item itself where "") and its arguments."""

RESULTS = tuple(f"{name}_output" for name in CALLS)


def claims(value: Any) -> Claim:
    """A response by its `object` and `output`, a request by `input` beside what only such a request has."""
    body = _body(value)
    if body.get("object") == "response" or (isinstance(body.get("output"), list) and "usage" in body):
        return "mine" if isinstance(body.get("output"), list) else ""
    if "messages" in body or "contents" in body:
        return ""
    if "/responses" in words(mapping(value).get("url")):
        return "mine"
    items = body.get("input")
    if isinstance(items, list):
        return "mine" if objects(items) and all(_is_item(item) for item in objects(items)) else ""
    return "mine" if isinstance(items, str) and ("model" in body or "instructions" in body) else ""


def read(value: Any, out: Out) -> bool:
    """Instructions as a system message, then tools, input and output."""
    body = _body(value)
    if not ({"input", "output", "instructions"} & body.keys()):
        return False
    if "input" in body:
        out.begin()
    out.note_model(body.get("model"))
    for key in KEPT:
        if body.get(key) and "output" not in body:
            out.leave_out(f"item that OpenAI keeps ({key})")
    if "schema" in mapping(mapping(body.get("text")).get("format")):
        out.leave_out("content of type json_schema (text.format)")
    if instructions := words(body.get("instructions")):
        out.message("system", [Part("text", instructions)])
    for definition in objects(body.get("tools")):
        found = tool(definition, "openai")
        if found:
            out.tools.append(found)
        else:
            out.leave_out(f"tool of type {words(definition.get('type')) or 'unknown'}")
    if isinstance(body.get("input"), str):
        out.message("user", [Part("text", words(body["input"]))])
    for key in ("input", "output", "instructions"):
        items = body.get(key)
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, dict) or not read_item(item, out):
                out.leave_out(f"item of type {words(mapping(item).get('type')) or 'unknown'}")
    return True


def _body(value: Any) -> Mapping[str, Any]:
    whole = mapping(value)
    if "body" in whole:
        return mapping(whole["body"])
    response = mapping(whole.get("response"))
    return mapping(response["body"]) if "body" in response else response if "output" in response else whole


def _is_item(item: Mapping[str, Any]) -> bool:
    known = item.get("type") in ("message", "reasoning", "item_reference", "compaction", *CALLS, *RESULTS)
    return known or ("role" in item and "content" in item)


def read_item(item: Mapping[str, Any], out: Out) -> bool:
    """One item of an input or output; False for a type that is not known."""
    kind = item.get("type", "message")
    if kind == "message" and isinstance(item.get("role"), str):
        content = item.get("content")
        out.message(item["role"], _parts(content, out))
    elif kind == "reasoning":
        texts = [*objects(item.get("summary")), *objects(item.get("content"))]
        parts = [part for text in texts for part in thinking(text.get("text"), out)]
        if not parts and item.get("encrypted_content"):
            thinking("", out)
        elif parts:
            out.message("assistant", parts)
    elif kind in CALLS:
        name, arguments = CALLS[kind]
        called = item.get(name) if name else kind.removesuffix("_call")
        out.message("assistant", [out.call(called, item.get(arguments), item.get("call_id"))])
        for key in GIVEN:
            if item.get(key) is not None:
                _result({**item, "output": item[key]}, out, called)
    elif kind in RESULTS:
        _result(item, out)
    elif kind == "mcp_list_tools":
        out.tools += [found for each in objects(item.get("tools")) if (found := tool(each, "anthropic"))]
    elif kind == "image_generation_call":
        out.message("assistant", [media("image", data=item.get("result"))])
    else:
        return False
    return True


def _parts(content: Any, out: Out) -> list[Part]:
    return [part for item in items(content, out) if (part := item_part(item, out))]


def _result(item: Mapping[str, Any], out: Out, called: object = None) -> None:
    """What a tool gave: a text, a list of content items, a picture of the screen, or an object with either."""
    output = item.get("output")
    if isinstance(output, dict) and output.get("type") == "computer_screenshot":
        output = [{**output, "type": "input_image"}]
    elif isinstance(output, dict):
        output = output.get("content", output.get("output", output))
    name = out.name_of(item.get("call_id")) or words(called)
    if isinstance(output, list):
        found = [part for each in output for part in _given(each, out)]
        parts = [part._replace(kind="tool_result", name=name) if part.kind == "text" else part for part in found]
    else:
        parts = [Part("tool_result", json_text(output), name)]
    out.message("tool", parts)


def _given(each: Any, out: Out) -> list[Part]:
    """One of several things that a tool gave: a content item, logs, or an object of the tool's own."""
    if not isinstance(each, dict):
        return [Part("text", json_text(each))]
    if each.get("type") == "logs":
        return [Part("text", words(each.get("logs")))]
    if "type" not in each:
        return [Part("text", json_text(each))]
    part = item_part(each, out)
    return [part] if part else []
