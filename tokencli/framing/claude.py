"""Claude's framing. The frame of one user message is known from measured counts (ctok 1.3.0): 7 tokens up to 4.6, 11
for 4.7, 6 later. A system prompt adds its content alone (the one example in Anthropic's documents: 14 tokens for "You
are a scientist" and "Hello, Claude" together).

What further messages cost, and the hidden prompt that comes with tools, is not published for every model: estimates
with a range. The hidden prompts are those of Anthropic's tool use page as of 2025, `tool_choice` auto.
"""

from __future__ import annotations

from tokencli.framing.rule import Line, Rule, calls
from tokencli.model.transcript import Message, Tool

FRAMES = {"claude-3": 7, "claude-4.7": 11, "claude-4.8": 6}

FURTHER = 4
"""Tokens of a message after the first: an estimate, between 2 and a whole frame."""

TOOL_PROMPTS = {"claude-3-opus": 530, "claude-3-sonnet": 159, "claude-3-haiku": 264}
OTHER_PROMPT = (346, 159, 700)
"""346 is documented for Claude 4; the range goes beyond all that are documented, as newer models are not among them."""

TOOL = (-20, -45, 40)
"""Beside its definition as JSON. Anthropic's one example, a tool and a message in 403 tokens, is 29 below the JSON."""
CALL, RESULT = (10, 0, 40), (8, 0, 40)


class Claude(Rule):
    """The frame of a message, estimates for everything else."""

    title = "Claude's"
    forgets_thinking = True

    def __init__(self, *made: object) -> None:
        super().__init__(*made)  # type: ignore[arg-type]
        self._spoken = 0

    def begin(self) -> None:
        super().begin()
        self._spoken = 0

    @staticmethod
    def tool_texts(tool: Tool) -> tuple[str, ...]:
        """The definition as JSON: that is how the model is told of it."""
        import json

        definition = {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
        return (json.dumps(definition, ensure_ascii=False),)

    def message(self, message: Message) -> None:
        if message.role not in ("system", "developer"):
            self._spoken += 1
            frame = FRAMES.get(self.encoding, 7)
            if self._spoken == 1:
                self.add("first message", frame)
            else:
                self.add("further messages", FURTHER, 2, frame)
        called, given = calls(message)
        if called:
            self.add("tool calls", *(called * value for value in CALL))
        if given:
            self.add("tool results", *(given * value for value in RESULT))

    def tool(self, tool: Tool) -> None:
        super().tool(tool)
        # A definition of a few tokens is no less than nothing.
        (text,) = self.tool_texts(tool)
        (tokens,) = self.tokens.count_all([text])
        self.add("tools", *(max(-tokens, value) for value in TOOL))

    def lines(self) -> tuple[Line, ...]:
        known = TOOL_PROMPTS.get(self.model)
        prompt = OTHER_PROMPT if known is None else (known, known, known)
        self.add("hidden prompt for tools", *(self.with_tools * value for value in prompt))
        return super().lines()


class Legacy(Rule):
    """Claude 1 and 2 are given `\\n\\nHuman: ` and `\\n\\nAssistant:` in front of what is said."""

    title = "the text that Claude 2 was given"

    def message(self, message: Message) -> None:
        if message.role in ("system", "developer"):
            return
        opening = "\n\nAssistant: " if message.role == "assistant" else "\n\nHuman: "
        self.add_text("messages", opening)
        self.add("messages", 0, -1, 1)

    def end(self) -> None:
        self.add_text("reply", "\n\nAssistant:")
