"""What chat templates that were published with their models have in common; each family's is a module beside this.

Conversations of text, tools, their calls and results come to the exact ids that rendering the template with jinja2
gives, the opening of the reply included (tests/framing renders them). What a template leaves out, such as thinking of
earlier turns, is taken off again, and so is what special tokens in the content counted as text. The arguments of calls
are given to Qwen's templates as objects, as their documentation does and servers do. Several texts of one message stand
in a row, as no template says what is between them. Media stand nowhere: these models read text. What Llama 3.1 does
with tools is an estimate.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tokencli.encoders import special_tokens
from tokencli.framing.page import Content, Page, Run, excess, held, written
from tokencli.framing.rule import Later, Line, Rule
from tokencli.model.transcript import Message, Part, Tool

ROLES = {"developer": "system", "function": "tool", "model": "assistant"}


class Call(NamedTuple):
    """A call of a tool: its name, and its texts as they are counted."""

    name: Content
    arguments: Content


class Turn(NamedTuple):
    """A message as templates see it; `query` is whether a user asks something. `thinking` is None where there is none,
    and `thought` the place of its tokens; `inner` is thinking that stands in the text of the answer itself."""

    role: str
    content: tuple[Content, ...]
    calls: tuple[Call, ...] = ()
    thinking: Content | None = None
    thought: int | None = None
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
        self._thoughts = Later(self.tokens)
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
        return turn._replace(thinking=self._held(thought), thought=self._thoughts.add(thought))

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
        for text in texts:
            self.add_text(f"{what} that are left out", text, -1)

    def _leave_thinking_out(self, turn: Turn) -> None:
        if turn.thought is not None:
            self.add("thinking that is left out", -self._thoughts[turn.thought])

    def end(self) -> None:
        page = Page(self._marks)
        self.write(page, self._turns, tuple(self._tools))
        if self.whole:
            self.runs += page.runs
        for run in page.runs:
            if run.special:
                self.add(run.what, 1)
                continue
            for text, times in excess(run, self.tokens.cut).items():
                self.add_text(run.what, text, times)
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


@cache
def _marks(encoding: str, unknown: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the special tokens of an encoding, the longest first, in a group."""
    known = sorted(special_tokens(encoding).keys() - set(unknown), key=lambda name: (-len(name), name))
    return re.compile(f"({'|'.join(map(re.escape, known))})")
