"""OpenAI chat completions: requests, responses, message lists, batch lines and fine-tuning examples.

Shapes: openai-openapi, CreateChatCompletionRequest and CreateChatCompletionResponse; batch and fine-tuning guides of
platform.openai.com. Most other providers speak the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.content import Claim, Out, all_objects, items, mapping, media, objects, thinking, tool, words

FORMAT = "openai-chat"

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
OWN_ROLES = ("system", "developer", "tool", "function")
OWN_PARTS = ("image_url", "input_audio", "refusal")


def claims(value: Any) -> Claim:
    """Messages with marks that only this format has are "mine", those that Anthropic's could be too "fits"."""
    body = _body(value)
    if "choices" in body:
        return "mine" if any("message" in choice or "delta" in choice for choice in objects(body["choices"])) else ""
    messages = _messages(value, body)
    spoken = [item for item in messages or () if "role" in item]
    if messages is None or not spoken or any(item["role"] not in ROLES for item in spoken):
        return ""
    if not all({"content", "tool_calls", "function_call", "audio", "refusal"} & item.keys() for item in spoken):
        return ""
    own = any(map(_is_own, messages)) or any(map(_is_own_tool, objects(body.get("tools")))) or "functions" in body
    return "mine" if own else "" if body.get("anthropic_version") else "fits"


def read(value: Any, out: Out) -> bool:
    """A request with its tools, a response, a list of messages, a message."""
    body = _body(value)
    out.note_model(body.get("model"))
    for definition in (*objects(body.get("tools")), *objects(body.get("functions"))):
        found = tool(mapping(definition.get("custom")) or definition, "openai")
        if found:
            out.tools.append(found)
        else:
            out.leave_out(f"tool of type {words(definition.get('type')) or 'unknown'}")
    if "json_schema" in mapping(body.get("response_format")):
        out.leave_out("content of type json_schema (response_format)")
    if "choices" in body:
        return _read_choices(body["choices"], out)
    messages = _messages(value, body)
    if messages is None:
        return False
    if "messages" in body:
        out.begin()
    for message in messages:
        _read_message(message, out)
    if mapping(value).get("preferred_output"):
        out.leave_out("pair of preferred and other output")
    return True


def _body(value: Any) -> Mapping[str, Any]:
    """The request or response inside a batch line or an example of preferences, or the value itself."""
    whole = mapping(value)
    if "body" in whole:
        return mapping(whole["body"])
    if "body" in mapping(whole.get("response")):
        return mapping(whole["response"]["body"])
    inner = mapping(whole.get("input"))
    return inner if "messages" in inner else whole


def _messages(value: Any, body: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    if isinstance(body.get("messages"), list):
        found: list[dict[str, Any]] = [item if isinstance(item, dict) else {} for item in body["messages"]]
        return found
    if all_objects(value) and all("role" in item for item in value):
        return list(value)
    return [dict(body)] if isinstance(body.get("role"), str) and ("content" in body or "tool_calls" in body) else None


def _is_own(message: Mapping[str, Any]) -> bool:
    if message.get("role") in OWN_ROLES or "tool_calls" in message or "function_call" in message:
        return True
    return any(part.get("type") in OWN_PARTS for part in objects(message.get("content")))


def _is_own_tool(definition: Mapping[str, Any]) -> bool:
    return "function" in definition or "parameters" in definition


def _read_choices(choices: Any, out: Out) -> bool:
    for choice in objects(choices):
        if "message" in choice:
            _read_message(mapping(choice["message"]), out)
        else:
            _read_delta(mapping(choice.get("delta")), words(str(choice.get("index", 0))), out)
    return True


def _read_delta(delta: Mapping[str, Any], choice: str, out: Out) -> None:
    """A piece of an answer that was streamed; all of them have texts that go on."""
    text = delta.get("content")
    if isinstance(text, str) and text:
        out.message("assistant", [Part("text", words(text))], key=f"choice {choice}", stream=True)
    for key in delta.keys() & {"tool_calls", "function_call", "reasoning_content", "refusal", "audio"}:
        if delta[key]:
            out.leave_out(f"content of type {key} in pieces of a stream")


def _read_message(message: Mapping[str, Any], out: Out) -> None:
    role = message.get("role")
    if not isinstance(role, str):
        out.leave_out("item that is no message")
        return
    parts: list[Part] = []
    if reasoning := words(message.get("reasoning_content")) or words(message.get("reasoning")):
        parts += thinking(reasoning, out)
    called = out.name_of(message.get("tool_call_id")) or words(message.get("name"))
    parts += _content(message.get("content"), called if role in ("tool", "function") else None, out)
    if refusal := words(message.get("refusal")):
        parts.append(Part("text", refusal))
    if message.get("tool_calls") and not objects(message["tool_calls"]):
        out.leave_out("content of type tool_calls, which are none")
    for call in objects(message.get("tool_calls")):
        function = mapping(call.get("function")) or mapping(call.get("custom"))
        parts.append(out.call(function.get("name"), function.get("arguments", function.get("input")), call.get("id")))
    for call in objects(message.get("function_call")):
        parts.append(out.call(call.get("name"), call.get("arguments")))
    if message.get("audio"):
        parts.append(media("audio", data=mapping(message["audio"]).get("data")))
    out.message(role, parts, words(message.get("name")) if role not in ("tool", "function") else "")


def _content(content: Any, result_of: str | None, out: Out) -> list[Part]:
    """The parts of a message's content; texts are a tool's result where `result_of` names one."""
    parts = []
    for item in items(content, out):
        part = item_part(item, out)
        if part and part.kind == "text" and result_of is not None:
            part = part._replace(kind="tool_result", name=result_of)
        if part:
            parts.append(part)
    return parts


def item_part(item: Mapping[str, Any], out: Out) -> Part | None:
    """One item of a message's content, as chat completions and the Responses API write them."""
    kind = item.get("type")
    if kind in ("text", "input_text", "output_text", "summary_text", "reasoning_text"):
        return Part("text", words(item.get("text")))
    if kind == "refusal":
        return Part("text", words(item.get("refusal")))
    if kind in ("image_url", "input_image"):
        url = item.get("image_url")
        inner = mapping(url)
        detail = inner.get("detail", item.get("detail"))
        return media("image", url=inner.get("url") if inner else url, detail=detail)
    if kind == "input_audio":
        audio = mapping(item.get("input_audio"))
        form = words(audio.get("format"))
        return media("audio", data=audio.get("data"), mime=f"audio/{form}" if form else None)
    if kind in ("file", "input_file"):
        file = mapping(item.get("file")) or item
        return media("file", url=file.get("file_data") or file.get("file_url"), name=file.get("filename"))
    if kind in ("video_url", "input_video"):
        return media("video", url=mapping(item.get("video_url")).get("url") or item.get("video_url"))
    out.leave_out(f"content of type {words(kind) or 'unknown'}")
    return None
