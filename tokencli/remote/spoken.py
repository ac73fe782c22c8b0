"""The messages of a transcript as every provider takes them: turns of texts, calls of tools and their results.

What cannot be sent as the model would get it is an error that names it: media, whose bytes a transcript does not hold,
thinking, which goes with a signature, and results of no call.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, NoReturn

from tokencli.errors import TokError
from tokencli.model.transcript import Message, Part

ROLES = {
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
    "system": "system",
    "developer": "developer",
    "tool": "user",
    "function": "user",
}


class Block(NamedTuple):
    """A text, or a call or a result with the tool's name and an id that pairs both."""

    kind: Literal["text", "call", "result"]
    text: str
    name: str = ""
    identity: str = ""


class Turn(NamedTuple):
    """What one side says: `role` is user, assistant, system or developer."""

    role: str
    blocks: tuple[Block, ...]


def turns(messages: Iterable[Message]) -> list[Turn]:
    """The messages that are not empty; TokError for what cannot be sent. Ids are made up, in order, as a result
    belongs to the first call of its name that has none yet."""
    found: list[Turn] = []
    waiting: list[Block] = []
    made = 0
    for message in messages:
        if message.role not in ROLES:
            _refuse(message, f"has the role {message.role!r}")
        blocks = []
        for part in message.parts:
            if part.kind == "tool_call":
                made += 1
                blocks.append(Block("call", part.text, part.name, f"call_{made}"))
                waiting.append(blocks[-1])
            elif part.kind == "tool_result":
                blocks.append(_result(message, part, blocks, waiting))
            elif part.kind != "text":
                _refuse(message, f"holds a part of the kind {part.kind}")
            elif part.text:
                blocks.append(Block("text", part.text))
        if blocks:
            found.append(Turn(ROLES[message.role], tuple(blocks)))
    return found


def arguments(block: Block) -> dict[str, Any]:
    """The arguments of a call as an object; TokError where they are none."""
    try:
        value = json.loads(block.text or "{}")
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    what = f"a call of {block.name or 'a tool'} has arguments that are no JSON object"
    raise TokError(f"{what}, which --remote cannot send", hint="count it without --remote", code="not-sent")


def _result(message: Message, part: Part, blocks: list[Block], waiting: list[Block]) -> Block:
    """A result with the id of its call; a further text of the same result is one with it."""
    last = blocks[-1] if blocks else None
    call = next((call for call in waiting if call.name == part.name), None)
    if call is None and last is not None and last.kind == "result" and last.name == part.name:
        blocks.pop()
        return last._replace(text=f"{last.text}\n{part.text}")
    if call is None and not part.name and waiting:
        call = waiting[0]
    if call is None:
        _refuse(message, "holds the result of a call that is not in the file")
    waiting.remove(call)
    return Block("result", part.text, call.name, call.identity)


def _refuse(message: Message, what: str) -> NoReturn:
    text = f"message {message.index + 1} {what}, which --remote cannot send"
    raise TokError(text, hint="count it without --remote", code="not-sent")
