"""Gemini: `contents` with `systemInstruction` and `tools`, responses with `candidates`, batch and tuning lines.

Shapes: ai.google.dev, GenerateContentRequest and GenerateContentResponse; names in camel case or with underscores.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.content import (
    Claim,
    Out,
    all_objects,
    kind_of,
    mapping,
    media,
    objects,
    thinking,
    tool,
    words,
)

FORMAT = "gemini"


def claims(value: Any) -> Claim:
    """Marked by `parts`, which no other format has in its messages."""
    if all_objects(value) and all("candidates" in item for item in value):
        return "mine"
    body = _body(value)
    if any("content" in candidate for candidate in objects(body.get("candidates"))):
        return "mine"
    if isinstance(body.get("contents"), list | str | dict) or "generationConfig" in body:
        return "mine" if "contents" in body else ""
    if all_objects(value):
        return "mine" if all(isinstance(item.get("parts"), list) for item in value) else ""
    return "mine" if isinstance(body.get("parts"), list) and isinstance(body.get("role"), str) else ""


def read(value: Any, out: Out) -> bool:
    """The system instruction, tools, contents and candidates."""
    if all_objects(value) and all("candidates" in item for item in value):
        for item in value:
            _read_candidates(item, out, stream=True)
        return True
    body = _body(value)
    if body.get("cachedContent", body.get("cached_content")):
        out.leave_out("item that Google keeps (cachedContent)")
    if mapping(body.get("generationConfig")).keys() & {"responseSchema", "responseJsonSchema"}:
        out.leave_out("content of type responseSchema (generationConfig)")
    out.note_model(body.get("model") or body.get("modelVersion"))
    system = body.get("systemInstruction", body.get("system_instruction"))
    if system is not None:
        out.message("system", _parts(system, out))
    for group in objects(body.get("tools")):
        _read_tools(group, out)
    if "candidates" in body:
        _read_candidates(body, out)
    elif "contents" in body:
        out.begin()
        contents = body["contents"]
        for content in contents if isinstance(contents, list) else [contents]:
            _read_content(content, "user", out)
    elif isinstance(value, list):
        for content in value:
            _read_content(content, "user", out)
    elif "parts" in body:
        _read_content(body, "user", out)
    else:
        return system is not None
    return True


def _body(value: Any) -> Mapping[str, Any]:
    whole = mapping(value)
    for key in ("request", "generateContentRequest", "response"):
        inner = mapping(whole.get(key))
        if "contents" in inner or "candidates" in inner:
            return inner
    return whole


def _read_tools(group: Mapping[str, Any], out: Out) -> None:
    declarations = group.get("functionDeclarations", group.get("function_declarations"))
    for declaration in objects(declarations):
        found = tool(declaration, "gemini")
        if found:
            out.tools.append(found)
        else:
            out.leave_out("tool without a name")
    for key in group.keys() - {"functionDeclarations", "function_declarations"}:
        out.leave_out(f"tool of type {words(key)}")


def _read_candidates(body: Mapping[str, Any], out: Out, *, stream: bool = False) -> None:
    """The answers of a response; those of a `stream`, one response after the other, go on where they ended."""
    out.note_model(body.get("modelVersion"))
    for at, candidate in enumerate(objects(body.get("candidates"))):
        if stream:
            parts = _parts(candidate.get("content"), out) if "content" in candidate else []
            out.message("model", parts, key=f"candidate {candidate.get('index', at)}", stream=True)
        else:
            _read_content(candidate.get("content"), "model", out)


def _read_content(content: Any, role: str, out: Out) -> None:
    if not isinstance(content, dict | str):
        out.leave_out("item that is no message")
        return
    said = mapping(content).get("role")
    out.message(said if isinstance(said, str) and said else role, _parts(content, out))


def _parts(content: Any, out: Out) -> list[Part]:
    """The parts of a content: a text, one part, or an object with `parts`."""
    if isinstance(content, str):
        return [Part("text", words(content))]
    inner = mapping(content).get("parts", content)
    items = inner if isinstance(inner, list) else [inner]
    return [part for item in items for part in _part(item, out)]


def _part(item: Any, out: Out) -> list[Part]:
    if isinstance(item, str):
        return [Part("text", words(item))]
    part = mapping(item)
    if "text" in part:
        return thinking(part["text"], out) if part.get("thought") is True else [Part("text", words(part["text"]))]
    call = part.get("functionCall", part.get("function_call"))
    if isinstance(call, dict):
        return [out.call(call.get("name"), call.get("args"), call.get("id"))]
    response = part.get("functionResponse", part.get("function_response"))
    if isinstance(response, dict):
        return [out.call(response.get("name"), response.get("response"))._replace(kind="tool_result")]
    for key in ("inlineData", "inline_data", "fileData", "file_data"):
        if isinstance(part.get(key), dict):
            return [_media(part, part[key])]
    code = mapping(part.get("executableCode", part.get("executable_code")))
    if code:
        return [Part("tool_call", words(code.get("code")), "code_execution")]
    result = mapping(part.get("codeExecutionResult", part.get("code_execution_result")))
    if result:
        return [Part("tool_result", words(result.get("output")), "code_execution")]
    out.leave_out(f"content of type {', '.join(map(words, part)) or 'unknown'}")
    return []


def _media(part: Mapping[str, Any], inner: Mapping[str, Any]) -> Part:
    mime = inner.get("mimeType", inner.get("mime_type"))
    resolution = part.get("mediaResolution", part.get("media_resolution"))
    detail = mapping(resolution).get("level", resolution)
    url = inner.get("fileUri", inner.get("file_uri"))
    return media(kind_of(mime), data=inner.get("data"), url=url, mime=mime, detail=detail)
