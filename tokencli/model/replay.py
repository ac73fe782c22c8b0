"""A recorded session: what its log says was used, and what its requests come to on other models."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from tokencli.model import Column, Count, Problem
from tokencli.model.cost import Selectors, Usage
from tokencli.model.rates import Confidence


class Recorded(NamedTuple):
    """The usage of one request as the log has it, and the 1-based line where it stands; words that nothing tells are
    "", an instant that nothing tells is None."""

    line: int
    usage: Usage
    selectors: Selectors = Selectors()
    model: str = ""
    provider: str = ""
    at: int | None = None
    id: str = ""
    side: bool = False


class Log(NamedTuple):
    """What a log tells beside its messages, by the numbers of its lines: the usage of requests, `chains` the lines of
    sub-agents with the name of each, `ids` the message that a line is a piece of, `resets` the lines that end a context
    (compactions), `times` in seconds since 1970 UTC. `unread` are usages that could not be read, `notes` what was left
    out, each with why."""

    requests: tuple[Recorded, ...] = ()
    chains: Mapping[int, str] = {}
    ids: Mapping[int, str] = {}
    resets: frozenset[int] = frozenset()
    times: Mapping[int, int] = {}
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class RecordedSum(NamedTuple):
    """The recorded requests of one model: tokens as they were recorded, and their price at the instants of then.

    `cost` is None where a request of them has no price, and `why` says it; `notes` are on how they were priced.
    """

    provider: str
    model: str
    requests: int
    input: int
    cached: int
    written: int
    output: int
    currency: str = ""
    cost: Fraction | None = None
    confidence: Confidence | None = None
    why: str = ""
    notes: tuple[str, ...] = ()


class Replayed(NamedTuple):
    """The session on another model: tokens counted anew, with caching (`cost`, None where there is none) and without
    (`plain`). `low` and `high` bound the cost, or what it is without caching. `same` is what the recorded tokens would
    cost here as they are, None where none are recorded. A model that has no price has a `problem`."""

    name: str
    provider: str
    model: str
    column: Column | None = None
    requests: int = 0
    input: Count = Count(0, 0, 0)
    output: Count = Count(0, 0, 0)
    cached: int = 0
    written: int = 0
    currency: str = ""
    confidence: Confidence | None = None
    source: str = ""
    checked: str = ""
    caching: str = ""
    plain: Fraction | None = None
    cost: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    same: Fraction | None = None
    notes: tuple[str, ...] = ()
    problem: Problem | None = None


class ReplayReport(NamedTuple):
    """Everything `tok replay` has to say of a session."""

    path: str
    format: str
    recorded: tuple[RecordedSum, ...]
    targets: tuple[Replayed, ...]
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(each.problem for each in self.targets if each.problem is not None)
