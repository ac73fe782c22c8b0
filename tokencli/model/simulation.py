"""What a session of an agent is made of, and what it comes to: the values of `tok simulate`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from tokencli.model import Column, Count, Method, Problem
from tokencli.model.rates import Confidence


class Range(NamedTuple):
    """A whole number from `low` to `high`, both of them included; each is as likely as any other."""

    low: int
    high: int

    @property
    def middle(self) -> int:
        return (self.low + self.high) // 2


class Plan(NamedTuple):
    """A session as it is expected. Sizes are tokens, `gap` and lifetimes seconds.

    Output, thinking and calls of tools are those of a whole turn; `retries` is the share of turns that are done again.
    `compact_at` is a number of tokens, or a share of the window where `compact_share`; None: never.
    """

    turns: Range
    tool_calls: Range
    result: Range
    user: Range
    output: Range
    thinking: Range
    retries: Decimal = Decimal(0)
    subagents: Range = Range(0, 0)
    subagent_turns: Range = Range(5, 5)
    subagent_prompt: Range = Range(1000, 1000)
    subagent_return: Range = Range(1000, 1000)
    keep_thinking: bool = False
    compact_at: Decimal | None = None
    compact_share: bool = False
    compact_to: int = 0
    gap: int = 60


class SubAgent(NamedTuple):
    """What one sub-agent gets, puts out and thinks in each of its turns, gets from tools between them, and returns."""

    prompt: int
    outputs: tuple[int, ...]
    thinking: tuple[int, ...]
    results: tuple[int, ...]
    returned: int


class Turn(NamedTuple):
    """The sizes of one turn, in tokens; `twice` where it is done again."""

    user: int
    results: tuple[int, ...]
    output: int
    thinking: int
    subagents: tuple[SubAgent, ...] = ()
    twice: bool = False


class Request(NamedTuple):
    """One request of a session: the turn it is of (from 0), what of its `input` was read from the cache or written to
    it, and what came back, `thinking` included. `context` is what the main agent holds after it."""

    turn: int
    kind: Literal["main", "sub-agent", "compaction"]
    input: int
    cached: int
    written: int
    output: int
    thinking: int
    context: int


class Spread(NamedTuple):
    """The median and the 95th percentile of a number over all runs, by nearest rank."""

    p50: Fraction
    p95: Fraction


Spreads = tuple[tuple[str, Spread], ...]
"""By name: input, output, plain, cost."""


class TurnSum(NamedTuple):
    """All requests of a turn together; `cost` is with caching (None where there is none), `plain` without. `context`
    is what the main agent holds after its answer, with all thinking of the turn; `largest` is the largest input.
    `spreads` are over the drawn sessions that have the turn, where sizes are ranges."""

    turn: int
    requests: int
    input: int
    cached: int
    written: int
    output: int
    context: int
    largest: int
    plain: Fraction
    cost: Fraction | None
    spreads: Spreads = ()


class Simulated(NamedTuple):
    """A session on one model. `turns` and the sums are those of sizes in the middle of their ranges; `low` and `high`
    bound the money where the tokens of a system prompt or of tools are an estimate. A model that
    cannot be simulated has a `problem`."""

    name: str
    provider: str
    model: str
    currency: str = ""
    confidence: Confidence | None = None
    source: str = ""
    checked: str = ""
    column: Column | None = None
    prefix: Count = Count(0, 0, 0)
    prefix_method: Method = "exact"
    window: int | None = None
    caching: str = ""
    turns: tuple[TurnSum, ...] = ()
    total: TurnSum | None = None
    question: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    spreads: Spreads = ()
    notes: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def amplification(self) -> Fraction | None:
        """Tokens of input that are billed for each token that the user wrote."""
        return Fraction(self.total.input, self.question) if self.total and self.question else None


class SimulationReport(NamedTuple):
    """Everything `tok simulate` has to say. `runs` is how many sessions were drawn, 0 where no size is a range."""

    models: tuple[Simulated, ...]
    assumptions: tuple[str, ...]
    runs: int = 0
    seed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(each.problem for each in self.models if each.problem is not None)
