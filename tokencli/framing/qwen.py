"""The chat templates of Qwen 2.5 and Qwen 3, written out."""

from __future__ import annotations

import json
from functools import lru_cache

from tokencli.framing.page import Atom, Content, Page, is_empty, without_line_ends
from tokencli.framing.templates import Call, Template, Turn
from tokencli.model.transcript import Part, Tool

TOOLS_BEGIN = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function "
    "signatures within <tools></tools> XML tags:\n<tools>"
)
TOOLS_END = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments within "
    '<tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n'
    "</tool_call><|im_end|>\n"
)


class Qwen25(Template):
    """ChatML, with a system prompt where the first message is none."""

    title = "the chat template of Qwen 2.5"
    unknown: tuple[str, ...] = ("<tool_response>", "</tool_response>", "<think>", "</think>")
    shows_tools = True
    default = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
    gap = "\n\n"
    """What stands between a system prompt, if there is one, and the tools."""

    @staticmethod
    def part_texts(part: Part) -> tuple[str, ...]:
        """Of a call the object that a model would write."""
        if part.kind == "tool_call":
            return (_call_object(part.name, part.text),)
        return (part.text,) if part.text else ()

    @staticmethod
    def tool_texts(tool: Tool) -> tuple[str, ...]:
        """The definition as JSON, in the shape of chat completions."""
        return (_definition(tool),)

    roles = ("system", "user", "assistant", "tool")

    def _shows_calls(self, said: list[str]) -> bool:
        return True

    def _call(self, part: Part) -> Call:
        return Call(self._held(""), self._held(_call_object(part.name, part.text)))

    def write(self, page: Page, turns: list[Turn], tools: tuple[Content, ...]) -> None:
        system = turns[0] if turns and turns[0].role == "system" else None
        if tools:
            self._write_tools(page, system, tools)
        elif system:
            page.write("messages", "<|im_start|>system\n", *system.content, "<|im_end|>\n")
        elif self.default:
            page.write("default system prompt", f"<|im_start|>system\n{self.default}<|im_end|>\n")
        if not turns:
            return
        query = max((at for at, turn in enumerate(turns) if turn.query), default=len(turns) - 1)
        for at, turn in enumerate(turns):
            if turn.role == "tool":
                self._write_result(page, turns, at)
            elif turn.role == "assistant":
                page.write("messages", "<|im_start|>assistant")
                self._write_answer(page, turn, after=at > query, last=at == len(turns) - 1)
                page.write("messages", "<|im_end|>\n")
            elif turn.role == "user" or (turn.role == "system" and at > 0):
                page.write("messages", f"<|im_start|>{turn.role}\n", *turn.content, "<|im_end|>\n")
        page.write("reply", "<|im_start|>assistant\n")

    def _write_tools(self, page: Page, system: Turn | None, tools: tuple[Content, ...]) -> None:
        default: tuple[Atom, ...] = (self.default + self.gap,) if self.default else ()
        prompt: tuple[Atom, ...] = (*system.content, self.gap) if system else default
        page.write("tools", "<|im_start|>system\n", *prompt, TOOLS_BEGIN)
        for tool in tools:
            page.write("tools", "\n", tool)
        page.write("tools", TOOLS_END)

    def _write_result(self, page: Page, turns: list[Turn], at: int) -> None:
        if at == 0 or turns[at - 1].role != "tool":
            page.write("tool results", "<|im_start|>user")
        page.write("tool results", "\n<tool_response>\n", *turns[at].content, "\n</tool_response>")
        if at == len(turns) - 1 or turns[at + 1].role != "tool":
            page.write("tool results", "<|im_end|>\n")

    def _write_answer(self, page: Page, turn: Turn, *, after: bool, last: bool) -> None:
        self._leave_thinking_out(turn)
        if not turn.calls or not is_empty(turn.content):
            page.write("messages", "\n", *turn.content)
        for call in turn.calls:
            page.write("tool calls", "\n<tool_call>\n", call.arguments, "\n</tool_call>")


class Qwen3(Qwen25):
    """ChatML without a system prompt of its own; answers after the last question keep their thinking."""

    title = "the chat template of Qwen 3"
    unknown = ()
    default = ""

    def _turn(self, role: str, said: list[str], thought: str) -> Turn:
        turn = super()._turn(role, said, thought)
        text = "".join(said)
        if role == "user":
            wrapped = text.startswith("<tool_response>") and text.endswith("</tool_response>")
            return turn._replace(query=bool(said) and not wrapped)
        if role != "assistant" or thought or "</think>" not in text:
            return turn
        inner = text.split("</think>")[0].rstrip("\n").split("<think>")[-1].lstrip("\n")
        counted = tuple(each for each in said if each)
        return turn._replace(content=(Content((text.split("</think>")[-1].lstrip("\n"),), counted),), inner=inner)

    def _write_answer(self, page: Page, turn: Turn, *, after: bool, last: bool) -> None:
        page.write("messages", "\n")
        content = turn.content
        if after and (last or turn.thinking or turn.inner):
            content = _without_line_ends(content)
            inner = Content((turn.inner.strip("\n"),), ())
            thinking = _bare(turn.thinking) if turn.thinking else inner
            page.write("thinking", "<think>\n", thinking, "\n</think>\n\n", *content)
        else:
            self._leave_thinking_out(turn)
            page.write("messages", *content)
        for at, call in enumerate(turn.calls):
            between = "\n" if at or not is_empty(turn.content) else ""
            page.write("tool calls", f"{between}<tool_call>\n", call.arguments, "\n</tool_call>")


@lru_cache(maxsize=32)
def _call_object(name: str, text: str) -> str:
    """What a call looks like; it is asked for when the call is told and again when it is counted."""
    try:
        arguments = json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        arguments = text or "{}"
    return f'{{"name": "{name}", "arguments": {arguments}}}'


def _definition(tool: Tool) -> str:
    if tool.form == "openai" and isinstance(tool.given, dict) and "function" in tool.given:
        return json.dumps(tool.given, ensure_ascii=False)
    function = {"name": tool.name, "description": tool.description, "parameters": tool.schema or {}}
    return json.dumps({"type": "function", "function": function}, ensure_ascii=False)


def _bare(content: Content) -> Content:
    """Thinking without line feeds at its ends."""
    begun = without_line_ends(content)
    return begun._replace(shown=(*begun.shown[:-1], begun.shown[-1].rstrip("\n")))


def _without_line_ends(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Contents in a row without line feeds at the beginning of the whole."""
    found = list(contents)
    for at in range(len(found)):
        found[at] = without_line_ends(found[at])
        if not is_empty(found[at : at + 1]):
            break
    return tuple(found)
