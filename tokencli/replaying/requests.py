"""The requests of a conversation: every answer of the assistant is one, with all that stood before it as its input.

What the assistant says in a row, or in pieces of one message, is one answer. Thinking is sent again until the user
says something new, unless it is kept. A sub-agent is a conversation of its own; a compaction begins the context anew,
with the system prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tokencli.model import ZERO, Count
from tokencli.model.replay import Log
from tokencli.model.transcript import Message, Tool

Chain = tuple[int, str]
"""A conversation of a file, and in it a sub-agent ("": none)."""


class Step(NamedTuple):
    """A message in its conversation. `answer` numbers the request that it answers, or is a piece of the answer of;
    None: it is sent. `parts` and `thinking` are places among the parts of all messages."""

    chain: Chain
    parts: tuple[int, ...]
    thinking: tuple[int, ...]
    line: int | None
    answer: int | None
    system: bool
    speaks: bool
    resets: bool


class Size(NamedTuple):
    """A request in tokens: what is sent, how much of it the one before sent alike, what is made and thought."""

    chain: Chain
    line: int | None
    sent: Count
    same: Count
    made: Count
    thought: Count


class Conversation(NamedTuple):
    """The messages of a file, step by step, and its tools."""

    messages: tuple[Message, ...]
    steps: tuple[Step, ...]
    tools: tuple[Tool, ...]
    keep_thinking: bool = False

    def sizes(self, pieces: Sequence[Count], framing: Count, prefix: Count) -> Iterator[Size]:
        """Every request in tokens. `pieces` are the counts of the parts of all messages, `framing` is what stands
        beside them, spread over the messages evenly; `prefix` begins every request."""
        states: dict[Chain, _State] = {}
        open_: dict[int, Size] = {}
        for number, step in enumerate(self.steps):
            state = states.setdefault(step.chain, _State(prefix))
            if step.resets:
                state.reset()
            if step.speaks and not self.keep_thinking:
                state.forget()
            made, thought = (_sum(pieces, places) for places in (step.parts, step.thinking))
            if step.answer is not None:
                asked = open_.get(step.answer) or Size(step.chain, step.line, state.sent, state.same, ZERO, ZERO)
                open_[step.answer] = asked._replace(made=asked.made + made, thought=asked.thought + thought)
                state.same = asked.sent
            state.add(made + _share(framing, number, len(self.steps)), thought, system=step.system)
        yield from (open_[answer] for answer in sorted(open_))


class _State:
    """A context as it grows: all that is in it, the thinking that may be dropped, what begins it whatever happens."""

    def __init__(self, prefix: Count) -> None:
        self.sent = prefix
        self.same = ZERO
        self._standing = prefix
        self._thought = ZERO
        self._before_thought: Count | None = None

    def add(self, made: Count, thought: Count, *, system: bool) -> None:
        if thought != ZERO and self._before_thought is None:
            self._before_thought = self.sent
        self.sent += made + thought
        self._thought += thought
        if system:
            self._standing += made

    def forget(self) -> None:
        """Thinking is not sent again; what stood before the first of it is all that stays alike."""
        if self._before_thought is not None:
            self.sent = _less(self.sent, self._thought)
            self.same = _least(self.same, self._before_thought)
        self._thought, self._before_thought = ZERO, None

    def reset(self) -> None:
        """A compaction: only what stands at the beginning is left."""
        self.sent, self.same = self._standing, _least(self.same, self._standing)
        self._thought, self._before_thought = ZERO, None


def conversation(
    messages: Iterable[Message], tools: Sequence[Tool], log: Log, *, keep_thinking: bool = False
) -> Conversation:
    """The steps of messages that were read from a file with this log; `tools` are complete after the last message."""
    kept, steps = [], []
    resets = sorted(log.resets)
    place = 0
    answers = _Answers()
    for message in messages:
        line = message.line or 0
        chain = (message.conversation, log.chains.get(line, ""))
        places = range(place, place + len(message.parts))
        place += len(places)
        thinking = tuple(at for at, part in zip(places, message.parts, strict=True) if part.kind == "thinking")
        anew = bool(resets) and not chain[1] and line >= resets[0]
        if anew:
            resets = [each for each in resets if each > line]
        steps.append(
            Step(
                chain,
                tuple(at for at in places if at not in thinking),
                thinking,
                message.line,
                answers.of(chain, message, log.ids.get(line, "")),
                system=message.role in ("system", "developer") and chain not in answers.begun,
                speaks=message.role == "user" and any(part.kind != "tool_result" for part in message.parts),
                resets=anew,
            )
        )
        kept.append(message)
    return Conversation(tuple(kept), tuple(steps), tuple(tools), keep_thinking)


class _Answers:
    """Numbers the answers of the assistant; `begun` are the conversations that have one."""

    def __init__(self) -> None:
        self.begun: set[Chain] = set()
        self._count = 0
        self._running: dict[Chain, int | None] = {}
        self._by_id: dict[str, int] = {}

    def of(self, chain: Chain, message: Message, identity: str) -> int | None:
        """The answer that a message is of, by the id of its log, or as it follows another piece; None for no answer."""
        if message.role not in ("assistant", "model"):
            self._running[chain] = None
            return None
        answer = self._by_id.get(identity) if identity else self._running.get(chain)
        if answer is None:
            answer, self._count = self._count, self._count + 1
        if identity:
            self._by_id[identity] = answer
        self.begun.add(chain)
        self._running[chain] = answer
        return answer


def _sum(pieces: Sequence[Count], places: Iterable[int]) -> Count:
    return sum((pieces[place] for place in places), ZERO)


def _share(whole: Count, at: int, parts: int) -> Count:
    """The `at`-th of so many parts of a count that are as equal as whole numbers can be."""
    return Count(*((each * (at + 1)) // parts - each * at // parts for each in (whole.tokens, whole.low, whole.high)))


def _less(one: Count, other: Count) -> Count:
    return Count(one.tokens - other.tokens, one.low - other.low, one.high - other.high)


def _least(one: Count, other: Count) -> Count:
    return Count(min(one.tokens, other.tokens), min(one.low, other.low), min(one.high, other.high))
