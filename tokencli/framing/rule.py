"""What every rule of framing is: fed with messages and tools in order, it says what they cost beside their content."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tokencli.model import ZERO, Count
from tokencli.model.transcript import Message, Part, Tool


class Line(NamedTuple):
    """One kind of framing, in words, and what it comes to; below 0 where a template leaves content out."""

    what: str
    tokens: Count


class Tokens(NamedTuple):
    """How texts are counted for a model: the count of one, and where a text may be cut without changing the sum."""

    count: Callable[[str], int]
    cut: re.Pattern[str]


class Rule:
    """The rule where no model is named: content only.

    `title` says in words whose rule it is. A rule is told where a conversation begins and ends, and sees its tools and
    then its messages in order; tools that belong to no conversation come alone. `with_tools` is the number of
    conversations that have tools.
    """

    title = "none, as an encoding names no model"
    forgets_thinking = False

    def __init__(self, model: str, encoding: str, tokens: Tokens) -> None:
        self.model = model
        self.encoding = encoding
        self.tokens = tokens
        self.conversations = 0
        self.with_tools = 0
        self._told = -1
        self._lines: dict[str, Count] = {}
        self._known: dict[str, int] = {}

    @staticmethod
    def part_texts(part: Part) -> tuple[str, ...]:
        """The texts that are counted for a part: of a call the tool's name and its arguments."""
        if part.kind == "tool_call":
            return tuple(text for text in (part.name, part.text) if text)
        return (part.text,) if part.text else ()

    @staticmethod
    def tool_texts(tool: Tool) -> tuple[str, ...]:
        """The texts that are counted for a tool: name, description, and its schema as JSON."""
        import json

        schema = "" if tool.schema is None else json.dumps(tool.schema, ensure_ascii=False)
        return tuple(text for text in (tool.name, tool.description, schema) if text)

    def begin(self) -> None:
        """A conversation begins."""
        self.conversations += 1

    def message(self, message: Message) -> None:
        """Take in one message."""

    def end(self) -> None:
        """The conversation is over, and a reply is asked for."""

    def tool(self, tool: Tool) -> None:
        """Take in one tool."""
        if self._told != self.conversations:
            self._told = self.conversations
            self.with_tools += 1

    def thinking(self, tokens: int) -> None:
        """Take in how many tokens of the content are thinking, when all else has been told. Where a model
        `forgets_thinking`, that of earlier turns is not sent again, and nobody says which, so that it may come to
        nothing."""
        if self.forgets_thinking:
            self.add("thinking, perhaps not sent again", 0, -tokens, 0)

    def lines(self) -> tuple[Line, ...]:
        """What all this cost, one line for each kind of framing."""
        return tuple(Line(what, count) for what, count in self._lines.items() if count != ZERO)

    def add(self, what: str, tokens: int, low: int | None = None, high: int | None = None) -> None:
        """Add to a line; without `low` and `high` it is known."""
        known = tokens if low is None else low, tokens if high is None else high
        self._lines[what] = self._lines.get(what, ZERO) + Count(tokens, *known)

    def known(self, text: str) -> int:
        """The tokens of a short text that comes again and again, such as a role."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self.tokens.count(text)
        return found


def calls(message: Message) -> tuple[int, int]:
    """How many calls of tools, and how many of their results, a message holds."""
    kinds = [part.kind for part in message.parts]
    return kinds.count("tool_call"), kinds.count("tool_result")
