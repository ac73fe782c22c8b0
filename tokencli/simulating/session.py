"""The requests of a session: each one sends again all that the agent holds.

The rules, which `tests/simulating` works through a second time on its own:

- The context begins with the system prompt and the tools (`prefix`). A turn adds the user's message, and sends one
  request for each call of a tool or sub-agent, and one for the answer; what comes back is added, and after each call
  its result. The output and the thinking of a turn are spread over its requests evenly, in whole tokens.
- Thinking stays in the context until the turn is over, and is dropped then unless it is kept; the cache holds what
  stood before the first of it.
- A turn that is done again begins from the context that it began with before, and sends the same sizes again.
- A request whose input would be over `compact_at` is preceded by one that sends that input and puts out a summary,
  so that the context is `compact_to` after it. Of the cache only the prefix is of use then.
- A sub-agent begins with the same prefix and what it gets, in a cache of its own; each of its turns is a request, the
  last one puts out what it returns. It keeps its thinking, and is not compacted.
- The cache holds what the last request sent, for as long as its lifetime; the gap between turns decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tokencli.model.simulation import Request, SubAgent, Turn
from tokencli.prefix_cache import Policy


class Rules(NamedTuple):
    """What holds for all requests on one model; `compact_at` None: never. `gap` is the seconds between turns."""

    prefix: int
    policy: Policy | None = None
    gap: int = 0
    keep_thinking: bool = False
    compact_at: int | None = None
    compact_to: int = 0


def requests(turns: Sequence[Turn], rules: Rules) -> Iterator[Request]:
    """Every request of a session, in order."""
    agent = _Agent(rules)
    for number, turn in enumerate(turns):
        if number and rules.policy is not None and rules.gap >= rules.policy.seconds:
            agent.held = 0
        agent.turn = number
        began = agent.context
        if turn.twice:
            yield from agent.one_turn(turn)
            agent.context, agent.held = began, began + turn.user
        yield from agent.one_turn(turn)


class _Agent:
    """The main agent: its context, and how much of it the cache holds."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.turn = 0
        self.context = rules.prefix
        self.held = 0
        self._thought = 0
        self._first_thought: int | None = None

    def one_turn(self, turn: Turn) -> Iterator[Request]:
        """A turn, once."""
        self._thought, self._first_thought = 0, None
        self.context += turn.user
        calls = len(turn.subagents) + len(turn.results)
        for call in range(calls + 1):
            output, thinking = part(turn.output, call, calls + 1), part(turn.thinking, call, calls + 1)
            yield from self._send(output, thinking)
            if call < len(turn.subagents):
                yield from self._delegate(turn.subagents[call])
                self.context += turn.subagents[call].returned
            elif call < calls:
                self.context += turn.results[call - len(turn.subagents)]
        if self._first_thought is not None and not self.rules.keep_thinking:
            self.context -= self._thought
            self.held = min(self.held, self._first_thought)

    def _send(self, output: int, thinking: int) -> Iterator[Request]:
        rules = self.rules
        if rules.compact_at is not None and self.context > rules.compact_at:
            summary = rules.compact_to - rules.prefix
            sent, self.context = self.context, rules.compact_to
            yield _request(rules.policy, self.turn, "compaction", sent, self.held, (summary, 0), self.context)
            self.held = min(sent, rules.prefix)
            self._thought, self._first_thought = 0, None
        sent = self.context
        self.context += output + thinking
        if thinking and self._first_thought is None:
            self._first_thought = sent
        self._thought += thinking
        yield _request(rules.policy, self.turn, "main", sent, self.held, (output, thinking), self.context)
        self.held = sent

    def _delegate(self, agent: SubAgent) -> Iterator[Request]:
        """The requests of a sub-agent."""
        context, held = self.rules.prefix + agent.prompt, 0
        last = len(agent.thinking) - 1
        for number, thinking in enumerate(agent.thinking):
            output = agent.returned if number == last else agent.outputs[number]
            made = output, thinking
            yield _request(self.rules.policy, self.turn, "sub-agent", context, held, made, self.context)
            held = context
            if number < last:
                context += output + thinking + agent.results[number]


def part(total: int, at: int, parts: int) -> int:
    """The `at`-th of so many parts of a total that are as equal as whole numbers can be."""
    return total * (at + 1) // parts - total * at // parts


def _request(
    policy: Policy | None, turn: int, kind: str, sent: int, held: int, made: tuple[int, int], context: int
) -> Request:
    read = policy.read(held) if policy else 0
    written = policy.written(sent, read) if policy else 0
    output, thinking = made
    return Request(turn, kind, sent, read, written, output + thinking, thinking, context)  # type: ignore[arg-type]
