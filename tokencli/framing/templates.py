"""Chat templates that were published with their models, written out: Qwen 2.5, Qwen 3, Llama 3 and 3.1, DeepSeek V3.

Conversations of text come to the exact ids that rendering the template with jinja2 gives, the opening of the reply
included (tests/framing renders them). Special tokens are one each; between them stands text, in which a fixed beginning
may join with the first characters of the content: that is why `_more` counts both together. How tools and their calls
are rendered is counted from their texts, with a range.
"""

from __future__ import annotations

from itertools import pairwise

from tokencli.framing.rule import Rule, calls
from tokencli.model.transcript import Message, Tool

EDGE = 256
"""Characters at the edge of a text in which a place to cut is looked for, before it is counted whole."""

CALL, RESULT, TOOL = (14, 4, 30), (8, 2, 20), (6, 0, 24)
TOOLS = (120, 20, 260)
"""Estimates: tokens, low and high for each call, result and tool, and for the prompt that comes with tools."""


class Template(Rule):
    """What templates have in common: special tokens around the text of a message."""

    special = 0
    """Special tokens of each message."""

    def message(self, message: Message) -> None:
        self.add("messages", self.special + self.opened(message.role + "\n", message))
        self._extras(message)

    def tool(self, tool: Tool) -> None:
        if "prompt for tools" not in self._lines:
            self.add("prompt for tools", *TOOLS)
        self.add("tools", *TOOL)

    def opened(self, opening: str, message: Message, *, strip: bool = False) -> int:
        """Tokens of an opening before the text of a message, and what the joints between its texts make of them."""
        texts = [part.text for part in message.parts if part.kind == "text" and part.text]
        joints = sum(self.joint(left, "", right) for left, right in pairwise(texts))
        if not texts or (strip and len(texts) > 1):
            return self.known(opening) + joints
        return self._more(opening, texts[0], strip=strip) + joints

    def joint(self, left: str, between: str, right: str) -> int:
        """Tokens that two texts with something between them have more than each alone."""
        end, start = self._end(left), self._start(right)
        count = self.tokens.count
        return count(end + between + start) - count(end) - count(start)

    def _more(self, opening: str, text: str, *, strip: bool = False) -> int:
        """Tokens that an opening and a text (stripped of white space) have more than the text alone as it stands."""
        start, end = self._start(text), self._end(text)
        if len(start) + len(end) > len(text):
            start, end = text, ""
        count = self.tokens.count
        if not strip:
            return count(opening + start) - count(start)
        if not end:
            return count(opening + start.strip()) - count(start)
        return count(opening + start.lstrip()) - count(start) + count(end.rstrip()) - count(end)

    def _start(self, text: str) -> str:
        """The beginning of a text up to a place where it may be cut; all of it where there is none."""
        if len(text) <= EDGE:
            return text
        found = self.tokens.cut.search(text, 16 + len(text) - len(text.lstrip()))
        return text[: found.start()] if found else text

    def _end(self, text: str) -> str:
        """The end of a text from a place where it may be cut; all of it where there is none."""
        size = EDGE
        while size < len(text):
            places = [match.start() for match in self.tokens.cut.finditer(text, len(text) - size)]
            # The first place in view has no left side to look at.
            if len(places) > 1 and text[places[1] :].strip():
                return text[places[1] :]
            size *= 8
        return text

    def _extras(self, message: Message) -> None:
        called, given = calls(message)
        if called:
            self.add("tool calls", *(called * value for value in CALL))
        if given:
            self.add("tool results", *(given * value for value in RESULT))
        for part in message.parts:
            if part.kind == "thinking":
                # Most templates leave the thinking of earlier turns out.
                tokens = self.tokens.count(part.text)
                self.add("thinking", 0, -tokens, 4)


class Qwen25(Template):
    """ChatML, with a system prompt where the first message is none."""

    title = "the chat template of Qwen 2.5"
    special = 2
    default = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."

    def __init__(self, *made: object) -> None:
        super().__init__(*made)  # type: ignore[arg-type]
        self._first = True

    def begin(self) -> None:
        super().begin()
        self._first = True

    def message(self, message: Message) -> None:
        if self._first and message.role != "system" and self.default:
            self.add("default system prompt", 2 + self.known(f"system\n{self.default}") + self.known("\n"))
        self._first = False
        role = {"developer": "system", "tool": "user", "function": "user", "model": "assistant"}.get(message.role)
        self._say(message if role is None else message._replace(role=role))
        self._extras(message)

    def _say(self, message: Message) -> None:
        self.add("messages", 2 + self.opened(message.role + "\n", message) + self.known("\n"))

    def end(self) -> None:
        self.add("reply", 1 + self.known("assistant\n"))


class Qwen3(Qwen25):
    """ChatML without a system prompt of its own; an answer at the very end begins with thinking, mostly empty."""

    title = "the chat template of Qwen 3"
    default = ""

    def __init__(self, *made: object) -> None:
        super().__init__(*made)
        self._answer: int | None = None

    def begin(self) -> None:
        super().begin()
        self._answer = None

    def _say(self, message: Message) -> None:
        if message.role == "assistant":
            opening = self._assistant(message, "assistant\n")
            thought = 2 + self.known("assistant\n") + self.tokens.count(f"\n{_thinking(message)}\n")
            self._answer = thought + self._assistant(message, "\n\n", lstrip=True) - opening
            self.add("messages", 2 + opening + self.known("\n"))
            return
        self._answer = None
        super()._say(message)

    def _assistant(self, message: Message, opening: str, *, lstrip: bool = False) -> int:
        """Tokens of an opening before an answer, whose thinking in the text is left out."""
        texts = [part.text for part in message.parts if part.kind == "text" and part.text]
        if len(texts) != 1:
            return self.opened(opening, message)
        text = texts[0]
        if "</think>" in text:
            said = text.split("</think>")[-1].lstrip("\n")
            return self.tokens.count(opening + said) - self.tokens.count(text)
        start = self._start(text)
        shown = start.lstrip("\n") if lstrip else start
        return self.tokens.count(opening + shown) - self.tokens.count(start)

    def end(self) -> None:
        if self._answer is not None:
            self.add("thinking of the last answer", self._answer)
        super().end()


def _thinking(message: Message) -> str:
    """The thinking that an answer's text begins with, "" where it has none."""
    text = "".join(part.text for part in message.parts if part.kind == "text")
    before, mark, _ = text.partition("</think>")
    return before.rstrip("\n").split("<think>")[-1].lstrip("\n").strip("\n") if mark else ""


class Llama3(Template):
    """Headers of a role between two special tokens; content is stripped of white space at its ends."""

    title = "the chat template of Llama 3"
    special = 3

    def message(self, message: Message) -> None:
        opened = self.known(message.role) + self.opened("\n\n", message, strip=True)
        self.add("messages", self.special + opened)
        self._extras(message)

    def end(self) -> None:
        self.add("beginning", 1)
        self.add("reply", 2 + self.known("assistant") + self.known("\n\n"))


class Llama31(Llama3):
    """The same with a system message always, which names two dates."""

    title = "the chat template of Llama 3.1"
    dates = "\n\nCutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"

    def __init__(self, *made: object) -> None:
        super().__init__(*made)  # type: ignore[arg-type]
        self._first = True

    def begin(self) -> None:
        super().begin()
        self._first = True

    def message(self, message: Message) -> None:
        if self._first and message.role == "system":
            self.add("messages", 3 + self.known("system") + self.opened(self.dates, message, strip=True))
            self._extras(message)
        else:
            if self._first:
                self.add("dates", 3 + self.known("system") + self.known(self.dates))
            super().message(message)
        self._first = False


class DeepSeekV3(Template):
    """System prompts in front, joined by empty lines; a special token before what is said and after an answer."""

    title = "the chat template of DeepSeek V3"

    def __init__(self, *made: object) -> None:
        super().__init__(*made)  # type: ignore[arg-type]
        self._system: str | None = None

    def begin(self) -> None:
        super().begin()
        self._system = None

    def message(self, message: Message) -> None:
        if message.role in ("system", "developer"):
            text = "".join(part.text for part in message.parts if part.kind == "text")
            if self._system is not None:
                self.add("system prompts", self.joint(self._system, "\n\n", text))
            self._system = text
        else:
            self.add("messages", (2 if message.role == "assistant" else 1) + self.opened("", message))
        self._extras(message)

    def end(self) -> None:
        self.add("beginning", 1)
        self.add("reply", 1)
