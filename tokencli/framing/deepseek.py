"""The chat template of DeepSeek V3, written out."""

from __future__ import annotations

from tokencli.framing.page import Content, Page
from tokencli.framing.templates import Template, Turn


class DeepSeekV3(Template):
    """System prompts in front, joined by empty lines; a special token before what is said and after an answer.

    The template shows calls only of answers without text, does not close the first of them, and shows no tools.
    """

    title = "the chat template of DeepSeek V3"
    roles = ("system", "user", "assistant", "tool")

    def _shows_calls(self, said: list[str]) -> bool:
        return not said

    def write(self, page: Page, turns: list[Turn], tools: tuple[Content, ...]) -> None:
        if not turns:
            return
        page.write("beginning", "<｜begin▁of▁sentence｜>")
        prompts = [turn.content for turn in turns if turn.role == "system"]
        for at, prompt in enumerate(prompts):
            page.write("system prompts", *(("\n\n",) if at else ()), *prompt)
        called = given = pending = False
        for turn in turns:
            self._leave_thinking_out(turn)
            if turn.role == "user":
                page.write("messages", "<｜User｜>", *turn.content)
                pending = False
            elif turn.role == "assistant":
                opening = "<｜tool▁outputs▁end｜>" if pending and turn.content else "<｜Assistant｜>"
                called = self._write_answer(page, turn, opening, called=called)
                pending = False
            elif turn.role == "tool":
                opening = "\n" if given else "<｜tool▁outputs▁begin｜>"
                page.write("tool results", f"{opening}<｜tool▁output▁begin｜>", *turn.content, "<｜tool▁output▁end｜>")
                given = pending = True
        page.write("reply", "<｜tool▁outputs▁end｜>" if pending else "<｜Assistant｜>")

    def _write_answer(self, page: Page, turn: Turn, opening: str, *, called: bool) -> bool:
        """Write an answer; whether a call has been written by now."""
        if turn.content:
            page.write("messages", opening, *turn.content, "<｜end▁of▁sentence｜>")
            return called
        for call in turn.calls:
            begin = "\n" if called else "<｜Assistant｜><｜tool▁calls▁begin｜>"
            end = "<｜tool▁calls▁end｜><｜end▁of▁sentence｜>" if called else ""
            page.write("tool calls", f"{begin}<｜tool▁call▁begin｜>function<｜tool▁sep｜>", call.name, "\n```json\n")
            page.write("tool calls", call.arguments, f"\n```<｜tool▁call▁end｜>{end}")
            called = True
        return called
