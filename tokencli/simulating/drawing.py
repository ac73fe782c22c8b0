"""Sessions drawn from ranges: whole numbers only, the same ones for the same seed everywhere.

The generator is SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): the state
grows by 0x9E3779B97F4A7C15 with each draw, and a number from `low` to `high` is `low + (word x (high - low + 1) >> 64)`
of its 64-bit word. One generator, begun with the seed, draws all runs one after the other; a range that is a single
number draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tokencli.model.simulation import Plan, Range, SubAgent, Turn

MASK = (1 << 64) - 1

Take = Callable[[Range], int]
"""A number out of a range."""


class Generator:
    """SplitMix64."""

    def __init__(self, seed: int) -> None:
        self._state = seed & MASK

    def word(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)

    def take(self, range: Range) -> int:
        """A number from a range."""
        if range.low == range.high:
            return range.low
        return range.low + (self.word() * (range.high - range.low + 1) >> 64)


def middle(range: Range) -> int:
    """The number in the middle of a range."""
    return range.middle


def draw(plan: Plan, take: Take) -> tuple[Turn, ...]:
    """A session: the number of turns and of sub-agents first, then turn by turn the user's message, its sub-agents,
    calls of tools, their results, output and thinking. Sub-agents and turns that are done again are spread evenly."""
    turns, subagents = take(plan.turns), take(plan.subagents)
    retries = Fraction(plan.retries)
    return tuple(
        Turn(
            user=take(plan.user),
            subagents=tuple(_subagent(plan, take) for _ in range(_between(subagents, at, turns))),
            results=tuple(take(plan.result) for _ in range(take(plan.tool_calls))),
            output=take(plan.output),
            thinking=take(plan.thinking),
            twice=int((at + 1) * retries) > int(at * retries),
        )
        for at in range(turns)
    )


def _between(count: int, at: int, turns: int) -> int:
    """How many of `count` things are in one turn."""
    return count * (at + 1) // turns - count * at // turns


def _subagent(plan: Plan, take: Take) -> SubAgent:
    """What it gets and in how many turns, then of each turn the thinking and, but for the last, output and result; at
    last what it returns."""
    prompt, turns = take(plan.subagent_prompt), take(plan.subagent_turns)
    thinking, outputs, results = [], [], []
    for at in range(turns):
        thinking.append(take(plan.thinking))
        if at < turns - 1:
            outputs.append(take(plan.output))
            results.append(take(plan.result))
    return SubAgent(prompt, tuple(outputs), tuple(thinking), tuple(results), take(plan.subagent_return))


def ranged(plan: Plan) -> bool:
    """Whether any size is a range, so that runs differ."""
    return any(isinstance(value, Range) and value.low != value.high for value in plan)
