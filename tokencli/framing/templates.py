"""Chat templates that were published with their models, written out: Qwen 2.5, Qwen 3, Llama 3 and 3.1, DeepSeek V3.

Conversations of text, tools, their calls and results come to the exact ids that rendering the template with jinja2
gives, the opening of the reply included (tests/framing renders them). What a template leaves out, such as thinking of
earlier turns, is taken off again, and so is what special tokens in the content counted as text. The arguments of calls
are given to Qwen's templates as objects, as their documentation does and servers do. Several texts of one message stand
in a row, as no template says what is between them. Media stand nowhere: these models read text. What Llama 3.1 does
with tools is an estimate.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import NamedTuple

from tokencli.encoders import special_tokens
from tokencli.framing.page import (
    Atom,
    Content,
    Page,
    Run,
    excess,
    held,
    is_empty,
    trimmed_end,
    trimmed_start,
    without_line_ends,
    written,
)
from tokencli.framing.rule import Line, Rule
from tokencli.model.transcript import Message, Part, Tool

CALL, TOOL = (30, 10, 60), (25, 0, 60)
TOOLS = (70, 20, 160)
"""Estimates for Llama 3.1: tokens, low and high for each call and tool, and for the prompt that comes with tools."""

ROLES = {"developer": "system", "function": "tool", "model": "assistant"}


class Call(NamedTuple):
    """A call of a tool: its name, and its texts as they are counted."""

    name: Content
    arguments: Content


class Turn(NamedTuple):
    """A message as templates see it; `query` is whether a user asks something. `thinking` is None where there is none,
    and `thought` its tokens; `inner` is thinking that stands in the text of the answer itself."""

    role: str
    content: tuple[Content, ...]
    calls: tuple[Call, ...] = ()
    thinking: Content | None = None
    thought: int = 0
    inner: str = ""
    query: bool = False


class Template(Rule):
    """What templates have in common: they see a conversation when it is over, with its tools."""

    unknown: tuple[str, ...] = ()
    """Special tokens of the encoding that these models do not have."""
    whole = False
    """Whether all content is kept, for `pieces`."""
    roles: tuple[str, ...] = ()
    """The roles that are shown; all where none is named."""
    shows_tools = False

    def __init__(self, *made: object) -> None:
        super().__init__(*made)  # type: ignore[arg-type]
        self._turns: list[Turn] = []
        self._tools: list[Content] = []
        self._open = False
        self._marks = _marks(self.encoding, self.unknown)
        self.runs: list[Run] = []

    def begin(self) -> None:
        super().begin()
        self._open = True

    def tool(self, tool: Tool) -> None:
        super().tool(tool)
        text = "".join(self.tool_texts(tool))
        if self.shows_tools:
            self._tools.append(self._held(text))
        else:
            self._leave_out("tools", *self.tool_texts(tool))

    def message(self, message: Message) -> None:
        role = ROLES.get(message.role, message.role)
        said = [part.text for part in message.parts if part.kind == "text"]
        results = [part.text for part in message.parts if part.kind == "tool_result"]
        calls = [part for part in message.parts if part.kind == "tool_call"]
        thought = "".join(part.text for part in message.parts if part.kind == "thinking")
        # Other providers give results in messages of the user.
        if role != "tool":
            self._turns += [Turn("tool", (self._held(text),)) for text in results]
            results = []
        if self.roles and role not in self.roles:
            self._leave_out("messages", *said, thought)
        elif said or calls or thought or results or not message.parts:
            self._turns.append(self._turn(role, [*results, *said], thought))
        self._take_calls(role, said, calls)

    def _turn(self, role: str, said: list[str], thought: str) -> Turn:
        turn = Turn(role, tuple(map(self._held, said)))
        if not thought:
            return turn
        return turn._replace(thinking=self._held(thought), thought=self.tokens.count(thought))

    def _take_calls(self, role: str, said: list[str], calls: list[Part]) -> None:
        """Add calls to the last turn, where they are shown."""
        for part in calls:
            if role == "assistant" and self._shows_calls(said):
                turn = self._turns[-1]
                self._turns[-1] = turn._replace(calls=(*turn.calls, self._call(part)))
            else:
                self._leave_out("tool calls", *self.part_texts(part))

    def _shows_calls(self, said: list[str]) -> bool:
        return False

    def _call(self, part: Part) -> Call:
        return Call(self._held(part.name), self._held(part.text))

    def _held(self, text: str) -> Content:
        return held(text, self.tokens, self._marks, whole=self.whole)

    def _leave_out(self, what: str, *texts: str) -> None:
        """Take off again what was counted as content and is not shown."""
        self.add(f"{what} that are left out", -sum(map(self.tokens.count, texts)))

    def _leave_thinking_out(self, turn: Turn) -> None:
        self.add("thinking that is left out", -turn.thought)

    def end(self) -> None:
        page = Page(self._marks)
        self.write(page, self._turns, tuple(self._tools))
        if self.whole:
            self.runs += page.runs
        for run in page.runs:
            self.add(run.what, excess(run, self.known if _is_short(run) else self.tokens.count))
        self._turns, self._tools, self._open = [], [], False

    def lines(self) -> tuple[Line, ...]:
        if self._tools and not self._open:
            self.end()
        return super().lines()

    def write(self, page: Page, turns: list[Turn], tools: tuple[Content, ...]) -> None:
        """Write a conversation; without messages what stands before them."""
        raise NotImplementedError


def pieces(rule: Template) -> list[tuple[str, bool]]:
    """The conversation that a rule with `whole` was told: texts in order, and whether each is a special token."""
    return [(written(run), run.special) for run in rule.runs]


def _is_short(run: Run) -> bool:
    return all(isinstance(atom, str) and len(atom) < 100 for atom in run.atoms)


@cache
def _marks(encoding: str, unknown: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the special tokens of an encoding, the longest first, in a group."""
    known = sorted(special_tokens(encoding).keys() - set(unknown), key=lambda name: (-len(name), name))
    return re.compile(f"({'|'.join(map(re.escape, known))})")


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


def _without_line_ends(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Contents in a row without line feeds at the beginning of the whole."""
    found = list(contents)
    for at in range(len(found)):
        found[at] = without_line_ends(found[at])
        if not is_empty(found[at : at + 1]):
            break
    return tuple(found)


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
            return (_call_object(part),)
        return (part.text,) if part.text else ()

    @staticmethod
    def tool_texts(tool: Tool) -> tuple[str, ...]:
        """The definition as JSON, in the shape of chat completions."""
        return (_definition(tool),)

    roles = ("system", "user", "assistant", "tool")

    def _shows_calls(self, said: list[str]) -> bool:
        return True

    def _call(self, part: Part) -> Call:
        return Call(self._held(""), self._held(_call_object(part)))

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
        credit = sum(self.tokens.count(each) for each in said)
        return turn._replace(content=(Content((text.split("</think>")[-1].lstrip("\n"),), credit),), inner=inner)

    def _write_answer(self, page: Page, turn: Turn, *, after: bool, last: bool) -> None:
        page.write("messages", "\n")
        content = turn.content
        if after and (last or turn.thinking or turn.inner):
            content = _without_line_ends(content)
            inner = Content((turn.inner.strip("\n"),), 0)
            thinking = _bare(turn.thinking) if turn.thinking else inner
            page.write("thinking", "<think>\n", thinking, "\n</think>\n\n", *content)
        else:
            self._leave_thinking_out(turn)
            page.write("messages", *content)
        for at, call in enumerate(turn.calls):
            between = "\n" if at or not is_empty(turn.content) else ""
            page.write("tool calls", f"{between}<tool_call>\n", call.arguments, "\n</tool_call>")


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


def _bare(content: Content) -> Content:
    """Thinking without line feeds at its ends."""
    begun = without_line_ends(content)
    return begun._replace(shown=(*begun.shown[:-1], begun.shown[-1].rstrip("\n")))


TOOLS_BEGIN = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function "
    "signatures within <tools></tools> XML tags:\n<tools>"
)
TOOLS_END = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments within "
    '<tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n'
    "</tool_call><|im_end|>\n"
)


def _call_object(part: Part) -> str:
    try:
        arguments = json.dumps(json.loads(part.text), ensure_ascii=False)
    except (ValueError, RecursionError):
        arguments = part.text or "{}"
    return f'{{"name": "{part.name}", "arguments": {arguments}}}'


def _definition(tool: Tool) -> str:
    if tool.form == "openai" and isinstance(tool.given, dict) and "function" in tool.given:
        return json.dumps(tool.given, ensure_ascii=False)
    function = {"name": tool.name, "description": tool.description, "parameters": tool.schema or {}}
    return json.dumps({"type": "function", "function": function}, ensure_ascii=False)
