"""What is sent to a counting endpoint, made from the messages of a transcript, and the number in its answer.

Shapes: anthropic-sdk-python `message_count_tokens_params.py`, openai-python `input_token_count_params.py`, and
`models.countTokens` of ai.google.dev/api/tokens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

from tokencli.errors import TokError
from tokencli.model.transcript import Message, Part, Tool
from tokencli.remote.spoken import Block, Turn, arguments, turns

JSON = dict[str, Any]

FORMS = {"anthropic": "anthropic", "openai": "openai-responses", "gemini": "gemini"}
"""The format of transcripts that is a provider's own."""

MESSAGES = {"anthropic": "messages", "openai": "input", "gemini": "contents"}
COUNTED = {
    "anthropic": ("messages", "system", "tools", "tool_choice", "thinking"),
    "openai": ("input", "instructions", "tools", "tool_choice", "reasoning", "text", "parallel_tool_calls"),
    "gemini": (
        *("contents", "systemInstruction", "system_instruction", "tools", "toolConfig", "tool_config"),
        *("generationConfig", "generation_config"),
    ),
}
"""Where a provider's request has the conversation, and what of it the counting endpoint takes; the rest of a request
(sampling, limits, metadata) costs nothing."""


def of_text(text: str) -> tuple[Message, ...]:
    """The messages that a text stands for: one of the user."""
    return (Message(0, "user", (Part("text", text),)),)


def body(provider: str, model: str, messages: Iterable[Message], tools: Iterable[Tool] = ()) -> JSON:
    """The request that counts the messages and tools of a transcript; TokError for what cannot be sent as the model
    would get it, as `turns` says. `tools` is read after `messages`."""
    said = turns(messages)
    if not any(turn.role not in ("system", "developer") for turn in said) and not (said and provider == "openai"):
        raise TokError(
            "there is no message to send: it is empty", hint="providers count no empty message", code="empty"
        )
    make = {"anthropic": _anthropic, "openai": _openai, "gemini": _gemini}[provider]
    return make(model, said, list(tools))


def own_body(provider: str, model: str, form: str, value: Any) -> JSON | None:
    """The request that a file in the provider's own format holds, media and all, as far as its endpoint takes it; None
    where the file is of another format or no request."""
    if form != FORMS[provider]:
        return None
    request = _inner(value)
    if provider == "anthropic" and isinstance(value, list):
        request = {"messages": value}
    if provider == "gemini" and isinstance(value, list):
        request = {"contents": value}
    if MESSAGES[provider] not in request:
        return None
    kept = {key: request[key] for key in COUNTED[provider] if request.get(key) is not None}
    if provider == "gemini":
        return {"contents": kept["contents"]} if len(kept) == 1 else _whole(model, kept)
    return {"model": model, **kept}


def _inner(value: Any) -> JSON:
    """The request inside a line of a batch, or the value itself."""
    whole = value if isinstance(value, dict) else {}
    for key in ("params", "body", "request", "generateContentRequest"):
        if isinstance(whole.get(key), dict):
            return cast(JSON, whole[key])
    return whole


def _whole(model: str, request: JSON) -> JSON:
    # The endpoint takes system instructions and tools only inside a whole request, which excludes `contents`.
    return {"generateContentRequest": {**request, "model": f"models/{model}"}}


def tokens(provider: str, answer: object) -> int:
    """The number in a provider's answer; ValueError where it holds none."""
    name = "totalTokens" if provider == "gemini" else "input_tokens"
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(name)
    return value


def _told(said: Iterable[Turn]) -> tuple[list[str], list[Turn]]:
    """The texts of the system prompts, and the turns of the conversation; those in a row of one side are one turn, as
    results of calls have to stand together."""
    system: list[str] = []
    spoken: list[Turn] = []
    for turn in said:
        if turn.role in ("system", "developer"):
            system += [block.text for block in turn.blocks]
        elif spoken and spoken[-1].role == turn.role:
            spoken[-1] = Turn(turn.role, spoken[-1].blocks + turn.blocks)
        else:
            spoken.append(turn)
    return system, spoken


def _anthropic(model: str, said: list[Turn], tools: list[Tool]) -> JSON:
    system, spoken = _told(said)
    made: JSON = {"model": model, "messages": [_turn(turn) for turn in spoken]}
    if system:
        made["system"] = [{"type": "text", "text": text} for text in system]
    if tools:
        made["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema or {"type": "object"}}
            for tool in tools
        ]
    return made


def _turn(turn: Turn) -> JSON:
    if len(turn.blocks) == 1 and turn.blocks[0].kind == "text":
        return {"role": turn.role, "content": turn.blocks[0].text}
    return {"role": turn.role, "content": [_block(block) for block in turn.blocks]}


def _block(block: Block) -> JSON:
    if block.kind == "call":
        return {"type": "tool_use", "id": block.identity, "name": block.name, "input": arguments(block)}
    if block.kind == "result":
        return {"type": "tool_result", "tool_use_id": block.identity, "content": block.text}
    return {"type": "text", "text": block.text}


def _openai(model: str, said: list[Turn], tools: list[Tool]) -> JSON:
    items: list[JSON] = []
    for turn in said:
        items += _items(turn)
    made: JSON = {"model": model, "input": items}
    if tools:
        made["tools"] = [
            {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.schema or {}}
            for tool in tools
        ]
    return made


def _items(turn: Turn) -> Iterator[JSON]:
    """The texts of a turn as a message, its calls and results as items of their own."""
    texts = [block.text for block in turn.blocks if block.kind == "text"]
    if texts:
        kind = "output_text" if turn.role == "assistant" else "input_text"
        several = [{"type": kind, "text": text} for text in texts]
        yield {"type": "message", "role": turn.role, "content": texts[0] if len(texts) == 1 else several}
    for block in turn.blocks:
        if block.kind == "call":
            call = {"call_id": block.identity, "name": block.name, "arguments": block.text}
            yield {"type": "function_call", **call}
        elif block.kind == "result":
            yield {"type": "function_call_output", "call_id": block.identity, "output": block.text}


def _gemini(model: str, said: list[Turn], tools: list[Tool]) -> JSON:
    system, spoken = _told(said)
    contents = [
        {"role": "user" if turn.role == "user" else "model", "parts": [_part(block) for block in turn.blocks]}
        for turn in spoken
    ]
    if not system and not tools:
        return {"contents": contents}
    request: JSON = {"contents": contents}
    if system:
        request["systemInstruction"] = {"parts": [{"text": text} for text in system]}
    if tools:
        request["tools"] = [{"functionDeclarations": [_declaration(tool) for tool in tools]}]
    return _whole(model, request)


def _part(block: Block) -> JSON:
    if block.kind == "call":
        return {"functionCall": {"name": block.name, "args": arguments(block)}}
    if block.kind == "result":
        return {"functionResponse": {"name": block.name, "response": _response(block.text)}}
    return {"text": block.text}


def _response(text: str) -> JSON:
    """A result as an object: Google's examples put what is none under `result`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {"result": text}


def _declaration(tool: Tool) -> JSON:
    made: JSON = {"name": tool.name, "description": tool.description}
    if tool.schema is not None:
        # Gemini's own schemas are a dialect; those of others are plain JSON Schema, which has a field of its own.
        made["parameters" if tool.form == "gemini" else "parametersJsonSchema"] = tool.schema
    return made
