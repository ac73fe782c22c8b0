"""What every rule of framing is: fed with messages and tools in order, it says what they cost beside their content."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokencli.model import ZERO, Count
from tokencli.model.transcript import Message, Part, Tool


class Line(NamedTuple):
    """One kind of framing, in words, and what it comes to; below 0 where a template leaves content out."""

    what: str
    tokens: Count


class Tokens(NamedTuple):
    """How texts are counted for a model: the count of each of many, which is quicker than one by one, and where a text
    may be cut without changing the sum."""

    count_all: Callable[[Sequence[str]], Sequence[int]]
    cut: re.Pattern[str]


TOGETHER = 1 << 20
"""Code points of texts that are held to be counted together."""


class Later:
    """Texts that are counted many at a time. Of each only its count is kept, under the place that `add` gives it."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._counts: list[int] = []
        self._texts: list[str] = []
        self._size = 0

    def add(self, text: str) -> int:
        self._texts.append(text)
        self._size += len(text)
        if self._size > TOGETHER:
            self._count()
        return len(self._counts) + len(self._texts) - 1

    def __getitem__(self, place: int) -> int:
        if place >= len(self._counts):
            self._count()
        return self._counts[place]

    def _count(self) -> None:
        self._counts += self._tokens.count_all(self._texts)
        self._texts, self._size = [], 0


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
        self._lines: dict[str, list[int]] = {}
        self._texts: dict[tuple[str, str], int] = {}
        self._size = 0

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
        self._count_texts()
        counts = ((what, Count(*sums)) for what, sums in self._lines.items())
        return tuple(Line(what, count) for what, count in counts if count != ZERO)

    def add(self, what: str, tokens: int, low: int | None = None, high: int | None = None) -> None:
        """Add to a line; without `low` and `high` it is known."""
        sums = self._lines.setdefault(what, [0, 0, 0])
        sums[0] += tokens
        sums[1] += tokens if low is None else low
        sums[2] += tokens if high is None else high

    def add_text(self, what: str, text: str, times: int = 1) -> None:
        """Add the tokens of a text so many times, which may be less than 0. It is counted together with others, and
        once only where it comes again and again, or not at all where all its times come to nothing."""
        self._lines.setdefault(what, [0, 0, 0])
        key = what, text
        known = self._texts.get(key)
        if known is None:
            self._size += len(text)
        self._texts[key] = (known or 0) + times
        if self._size > TOGETHER:
            self._count_texts()

    def _count_texts(self) -> None:
        owed = {key: times for key, times in self._texts.items() if times and key[1]}
        self._texts, self._size = {}, 0
        if owed:
            texts = list(dict.fromkeys(text for _, text in owed))
            counts = dict(zip(texts, self.tokens.count_all(texts), strict=True))
            for (what, text), times in owed.items():
                self.add(what, times * counts[text])


def calls(message: Message) -> tuple[int, int]:
    """How many calls of tools, and how many of their results, a message holds."""
    kinds = [part.kind for part in message.parts]
    return kinds.count("tool_call"), kinds.count("tool_result")
