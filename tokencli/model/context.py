"""What an agent is sent before anybody says a word, and what it may load later."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from tokencli.model import Column, Count, Problem, Skipped
from tokencli.model.rates import Confidence

Kind = Literal["instructions", "import", "rule", "skill", "command", "agent", "tools", "framing", "server"]
Load = Literal["always", "demand", "unknown"]
"""In every request; when the agent or a person asks for it; not known, as nobody looked or it lies outside."""


class Item(NamedTuple):
    """One thing that an agent loads: its kind, its path (or a server's name), when, and its tokens in each column.

    `counts` is None where they are not known. `remark` says why it is loaded then, or why nothing is known. A range
    in a column that is no estimate is that of tool definitions, whose framing is the provider's secret; `framing` is
    what a model is told once beside all of them.
    """

    kind: Kind
    path: str
    load: Load
    counts: tuple[Count, ...] | None
    remark: str = ""


class CachedPrice(NamedTuple):
    """What the same costs from a cache: written once (for `lifetime`), read by each request, and a thousand requests of
    which the first one writes. Where nothing is cached the amounts are None and `why` says it."""

    lifetime: str = ""
    read: Fraction | None = None
    write: Fraction | None = None
    thousand: Fraction | None = None
    why: str = ""


class StandingPrice(NamedTuple):
    """What an agent's standing context costs on the model of a column: in one request, and in a thousand; `low` and
    `high` bound the thousand."""

    provider: str
    model: str
    currency: str
    confidence: Confidence
    request: Fraction
    thousand: Fraction
    low: Fraction
    high: Fraction
    cached: CachedPrice


class AgentContext(NamedTuple):
    """What one agent loads, and the sums of what is always loaded and of what is loaded on demand. Where `folded`,
    `items` are without the latter. `notes` are what there is to know about it. `prices` are what is always loaded costs
    in each column, None where that has no price; () where no column names a model."""

    agent: str
    title: str
    items: tuple[Item, ...]
    always: tuple[Count, ...]
    demand: tuple[Count, ...]
    folded: bool = False
    notes: tuple[str, ...] = ()
    prices: tuple[StandingPrice | None, ...] = ()

    @property
    def unknown(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.load == "unknown")


class ContextReport(NamedTuple):
    """Everything `tok context` has to say about a folder. `limit` is `--max`, held against the high end of what each
    agent always loads."""

    folder: str
    columns: tuple[Column, ...]
    agents: tuple[AgentContext, ...]
    limit: int | None = None
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    default_encoding: bool = False

    @property
    def complete(self) -> bool:
        return not self.problems

    @property
    def over(self) -> bool:
        """Whether any agent is over the limit; what is not known could only add to it."""
        most = self.limit
        return most is not None and any(count.high > most for agent in self.agents for count in agent.always)
