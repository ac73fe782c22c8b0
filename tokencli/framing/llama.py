"""The chat templates of Llama 3 and 3.1, written out; what 3.1 does with tools is an estimate."""

from __future__ import annotations

from tokencli.framing.page import Content, Page, is_empty, trimmed_end, trimmed_start
from tokencli.framing.templates import Template, Turn
from tokencli.model.transcript import Part

CALL, TOOL = (30, 10, 60), (25, 0, 60)
TOOLS = (70, 20, 160)
"""Estimates for Llama 3.1: tokens, low and high for each call and tool, and for the prompt that comes with tools."""


class Llama3(Template):
    """Headers of a role between two special tokens; content is stripped of white space at its ends. Tools and their
    calls are left out."""

    title = "the chat template of Llama 3"

    def write(self, page: Page, turns: list[Turn], tools: tuple[Content, ...]) -> None:
        if turns:
            page.write("beginning", "<|begin_of_text|>")
        for turn in turns:
            self._write_turn(page, turn)
        if turns:
            page.write("reply", "<|start_header_id|>assistant<|end_header_id|>\n\n")

    def _write_turn(self, page: Page, turn: Turn, opening: str = "") -> None:
        self._leave_thinking_out(turn)
        page.write("messages", "<|start_header_id|>", turn.role, "<|end_header_id|>\n\n", opening)
        page.write("messages", *_stripped(turn.content), "<|eot_id|>")


class Llama31(Llama3):
    """The same with a system message always, which names two dates."""

    title = "the chat template of Llama 3.1"
    shows_tools = True
    dates = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"

    def _take_calls(self, role: str, said: list[str], calls: list[Part]) -> None:
        if calls:
            self.add("tool calls", *(len(calls) * value for value in CALL))

    def write(self, page: Page, turns: list[Turn], tools: tuple[Content, ...]) -> None:
        if tools:
            self.add("prompt for tools", *TOOLS)
            self.add("tools", *(len(tools) * value for value in TOOL))
        if not turns or turns[0].role == "system":
            super().write(page, turns, tools)
        else:
            super().write(page, [Turn("system", ()), *turns], tools)

    def _write_turn(self, page: Page, turn: Turn, opening: str = "") -> None:
        first = turn.role == "system" and [run.what for run in page.runs] == ["beginning"]
        super()._write_turn(page, turn, self.dates if first else "")


def _stripped(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Contents in a row without white space at the ends of the whole."""
    text = "".join(piece for content in contents for piece in content.shown)
    if not text.strip():
        return tuple(content._replace(shown=("",)) for content in contents)
    found = list(contents)
    for at in range(len(found)):
        found[at] = trimmed_start(found[at])
        if not is_empty(found[at : at + 1]):
            break
    for at in reversed(range(len(found))):
        found[at] = trimmed_end(found[at])
        if not is_empty(found[at : at + 1]):
            break
    return tuple(found)
