"""Models whose framing is not published, or not built in: an estimate after the frames that are known."""

from __future__ import annotations

from tokencli.framing.rule import Line, Rule, calls
from tokencli.model.transcript import Message, Tool

MESSAGE, REPLY = (4, 0, 11), (3, 0, 6)
"""Tokens, low and high. The frames that are known cost from 0 (Gemini) to 11 (Claude 4.7) a message, most 3 to 5."""
TOOLS, TOOL, CALL = (120, 0, 700), (12, 0, 40), (10, 0, 40)


class Unknown(Rule):
    """An estimate for each message, tool and call."""

    title = "not known for this model, an estimate"
    forgets_thinking = True

    def message(self, message: Message) -> None:
        self.add("messages", *MESSAGE)
        if count := sum(calls(message)):
            self.add("tool calls and results", *(count * value for value in CALL))

    def tool(self, tool: Tool) -> None:
        super().tool(tool)
        self.add("tools", *TOOL)

    def end(self) -> None:
        self.add("reply", *REPLY)

    def lines(self) -> tuple[Line, ...]:
        self.add("prompt for tools", *(self.with_tools * value for value in TOOLS))
        return super().lines()
