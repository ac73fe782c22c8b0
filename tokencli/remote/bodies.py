"""What is sent to a counting endpoint, made from the messages of a transcript, and the number in its answer.

Shapes: anthropic-sdk-python `message_count_tokens_params.py`, openai-python `input_token_count_params.py`, and
`models.countTokens` of ai.google.dev/api/tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tokencli.errors import TokError
from tokencli.model.transcript import Message, Part, Tool

JSON = dict[str, Any]


def of_text(text: str) -> tuple[Message, ...]:
    """The messages that a text stands for: one of the user."""
    return (Message(0, "user", (Part("text", text),)),)


def body(provider: str, model: str, messages: Iterable[Message], tools: Iterable[Tool] = ()) -> JSON:
    """The request that counts the messages and tools of a transcript; TokError for what cannot be sent as the model
    would get it.

    Text of every role and tools are sent. Tool calls, their results, thinking and media are refused: a transcript does
    not hold the ids, signatures and bytes that the providers ask for with them. `tools` is read after `messages`.
    """
    said = list(messages)
    for message in said:
        _check(message)
    if not any(part.text for message in said for part in message.parts):
        raise TokError("there is nothing to send: it is empty", hint="providers count no empty message", code="empty")
    make = {"anthropic": _anthropic, "openai": _openai, "gemini": _gemini}[provider]
    return make(model, said, list(tools))


def tokens(provider: str, answer: object) -> int:
    """The number in a provider's answer; ValueError where it holds none."""
    name = "totalTokens" if provider == "gemini" else "input_tokens"
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(name)
    return value


def _check(message: Message) -> None:
    for part in message.parts:
        if part.kind != "text":
            what = f"message {message.index + 1} holds a part of the kind {part.kind}"
            raise TokError(f"{what}, which --remote cannot send", hint="count it without --remote", code="not-sent")
    if message.role not in ("user", "assistant", "model", "system", "developer"):
        what = f"message {message.index + 1} has the role {message.role!r}"
        raise TokError(f"{what}, which --remote cannot send", hint="count it without --remote", code="not-sent")


def _texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if part.text]


def _told(messages: Iterable[Message]) -> tuple[list[str], list[Message]]:
    """The texts of the system prompts, and the messages of the conversation that are not empty."""
    system: list[str] = []
    spoken: list[Message] = []
    for message in messages:
        if message.role in ("system", "developer"):
            system += _texts(message)
        elif _texts(message):
            spoken.append(message)
    return system, spoken


def _anthropic(model: str, messages: list[Message], tools: list[Tool]) -> JSON:
    system, spoken = _told(messages)
    made: JSON = {"model": model, "messages": [_turn(message) for message in spoken]}
    if system:
        made["system"] = _blocks(system, "text")
    if tools:
        made["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema or {"type": "object"}}
            for tool in tools
        ]
    return made


def _turn(message: Message) -> JSON:
    texts = _texts(message)
    role = "user" if message.role == "user" else "assistant"
    return {"role": role, "content": texts[0] if len(texts) == 1 else _blocks(texts, "text")}


def _blocks(texts: Iterable[str], kind: str) -> list[JSON]:
    return [{"type": kind, "text": text} for text in texts]


def _openai(model: str, messages: list[Message], tools: list[Tool]) -> JSON:
    items: list[JSON] = []
    for message in messages:
        texts = _texts(message)
        role = "assistant" if message.role == "model" else message.role
        kind = "output_text" if role == "assistant" else "input_text"
        if texts:
            content = texts[0] if len(texts) == 1 else _blocks(texts, kind)
            items.append({"type": "message", "role": role, "content": content})
    made: JSON = {"model": model, "input": items}
    if tools:
        made["tools"] = [
            {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.schema or {}}
            for tool in tools
        ]
    return made


def _gemini(model: str, messages: list[Message], tools: list[Tool]) -> JSON:
    system, spoken = _told(messages)
    contents = [
        {"role": "user" if message.role == "user" else "model", "parts": [{"text": text} for text in _texts(message)]}
        for message in spoken
    ]
    if not system and not tools:
        return {"contents": contents}
    # The endpoint takes system instructions and tools only inside a whole request, which excludes `contents`.
    whole: JSON = {"model": f"models/{model}", "contents": contents}
    if system:
        whole["systemInstruction"] = {"parts": [{"text": text} for text in system]}
    if tools:
        whole["tools"] = [{"functionDeclarations": [_declaration(tool) for tool in tools]}]
    return {"generateContentRequest": whole}


def _declaration(tool: Tool) -> JSON:
    made: JSON = {"name": tool.name, "description": tool.description}
    if tool.schema is not None:
        # Gemini's own schemas are a dialect; those of others are plain JSON Schema, which has a field of its own.
        made["parameters" if tool.form == "gemini" else "parametersJsonSchema"] = tool.schema
    return made
