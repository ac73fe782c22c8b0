"""What a session of an agent comes to on a model: its requests, worked out one by one, priced, and drawn many times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from tokencli.costing import Target
from tokencli.errors import ExitCode, TokError
from tokencli.model import Count, Problem
from tokencli.model.cost import Selectors
from tokencli.model.simulation import Plan, Request, Simulated, Turn, TurnSum
from tokencli.money import product
from tokencli.prefix_cache import Policy, policy
from tokencli.rates.pricing import price
from tokencli.simulating.drawing import Generator, draw, middle, ranged
from tokencli.simulating.metering import Meter
from tokencli.simulating.runs import Runs, together
from tokencli.simulating.session import Rules, requests

Timed = tuple[Request, int]
"""A request and its instant."""


def simulate(
    to: Target,
    plan: Plan,
    prefix: Count,
    selectors: Selectors,
    at: int,
    *,
    caching: str | None = None,
    runs: int = 0,
    seed: int = 0,
) -> Simulated:
    """The session on one model. `prefix` is what the system prompt and tools come to there, `caching` the name of a
    policy (None: what the card has); `runs` sessions are drawn where a size is a range.

    TokError where the model has no price for what is asked for, or the compaction does not fit it.
    """
    multipliers = [one for one in (selectors.contract_multiplier, to.multiplier) if one is not None]
    chosen = selectors._replace(
        contract_multiplier=product(*multipliers) if multipliers else None,
        thinking=selectors.thinking or plan.thinking.high > 0,
    )
    return _Session(to, plan, chosen, at, policy(to.model, caching, chosen, at)).simulated(prefix, runs, seed)


def failed(to: Target, error: TokError) -> Simulated:
    """A model that cannot be simulated, and why."""
    problem = Problem(error.code, error.message, error.hint)
    return Simulated(to.name, to.model.card.provider, to.model.id, column=to.column, problem=problem)


class _Session:
    """A plan on one model."""

    def __init__(self, to: Target, plan: Plan, selectors: Selectors, at: int, caching: Policy | None) -> None:
        self.to = to
        self.plan = plan
        self.selectors = selectors
        self.at = at
        self.caching = caching
        self.plain = Meter(to.model, selectors, None)
        self.cached = Meter(to.model, selectors, caching) if caching else None
        self.window = to.model.context_window or (to.column.window if to.column else None)

    def simulated(self, prefix: Count, runs: int, seed: int) -> Simulated:
        turns = draw(self.plan, middle)
        rows = self._requests(turns, prefix.tokens)
        drawn = self._drawn(prefix.tokens, runs, seed) if runs and ranged(self.plan) else Runs()
        sums = drawn.beside(self._sums(rows))
        ends = [self._money(turns, end) for end in sorted({prefix.low, prefix.tokens, prefix.high})]
        first = price(self.to.model, {"input_tokens": 1, "output_tokens": 1}, self.selectors, self.at)
        return Simulated(
            self.to.name,
            self.to.model.card.provider,
            self.to.model.id,
            currency=first.currency,
            confidence=first.confidence,
            source=first.source.url,
            checked=first.checked,
            column=self.to.column,
            prefix=prefix,
            window=self.window,
            caching=self.caching.words if self.caching else "",
            turns=sums,
            total=together(sums),
            question=sum(turn.user for turn in turns),
            low=min(ends),
            high=max(ends),
            spreads=drawn.spreads(),
            notes=(*self.to.notes, *first.notes, *self._remarks(rows, sums, drawn)),
        )

    def _rules(self, prefix: int) -> Rules:
        plan = self.plan
        most = self._threshold()
        if most is not None:
            name = f"{self.to.model.card.provider}/{self.to.model.id}"
            if plan.compact_to <= prefix:
                message = f"--compact-to {plan.compact_to:,}: system prompt and tools alone are {prefix:,} on {name}"
                raise TokError(message, hint="compact to more", code="usage", exit=ExitCode.USAGE)
            if plan.compact_to >= most:
                message = f"--compact-to {plan.compact_to:,} is not below --compact-at, {most:,} on {name}"
                raise TokError(message, hint="compact to less", code="usage", exit=ExitCode.USAGE)
        return Rules(prefix, self.caching, plan.gap, plan.keep_thinking, most, plan.compact_to)

    def _threshold(self) -> int | None:
        """The tokens over which the context is compacted."""
        at = self.plan.compact_at
        if at is None or not self.plan.compact_share:
            return None if at is None else int(at)
        if self.window is None:
            message = f"the window of {self.to.model.card.provider}/{self.to.model.id} is not known"
            raise TokError(message, hint="--compact-at takes a number of tokens, too", code="no-window")
        return int(self.window * Fraction(at))

    def _requests(self, turns: Sequence[Turn], prefix: int) -> list[Timed]:
        """The requests, each with its instant: the turns follow each other by the gap."""
        rules = self._rules(prefix)
        return [(request, self.at + request.turn * self.plan.gap) for request in requests(turns, rules)]

    def _money(self, turns: Sequence[Turn], prefix: int) -> Fraction:
        return (self.cached or self.plain).together(self._requests(turns, prefix))

    def _sums(self, rows: Sequence[Timed]) -> list[TurnSum]:
        return [self._sum(turn, list(own)) for turn, own in groupby(rows, lambda row: row[0].turn)]

    def _sum(self, turn: int, rows: Sequence[Timed]) -> TurnSum:
        return TurnSum(
            turn,
            len(rows),
            sum(request.input for request, _ in rows),
            sum(request.cached for request, _ in rows),
            sum(request.written for request, _ in rows),
            sum(request.output for request, _ in rows),
            context=rows[-1][0].context,
            largest=max(request.input for request, _ in rows),
            plain=self.plain.together(rows),
            cost=self.cached.together(rows) if self.cached else None,
        )

    def _drawn(self, prefix: int, runs: int, seed: int) -> Runs:
        """So many sessions, drawn one after the other."""
        found, generator = Runs(), Generator(seed)
        for _ in range(runs):
            found.add(self._sums(self._requests(draw(self.plan, generator.take), prefix)))
        return found

    def _remarks(self, rows: Sequence[Timed], sums: Sequence[TurnSum], drawn: Runs) -> Iterator[str]:
        """What the session runs into that its price does not show, and what is in the price beside tokens."""
        model = self.to.model
        if self.window is not None:
            over = [each for each in sums if each.largest > self.window]
            some = drawn.over(self.window)
            if over:
                yield (
                    f"from turn {over[0].turn + 1} on requests of {over[0].largest:,} tokens do not fit into the window"
                    f" of {model.id}, {self.window:,}: they would fail (--compact-at)"
                )
            if some:
                yield f"{some:,} of the sessions drawn do not fit into the window of {model.id}, {self.window:,}"
        most = max(request.output for request, _ in rows)
        if model.max_output is not None and most > model.max_output:
            yield f"requests put out {most:,} tokens, {model.id} {model.max_output:,} at most: they would be cut off"
        if self.plain.fee(*rows[0]):
            yield f"{model.id}: with its fee for each request"
        if self.caching and not any(each.cached for each in sums):
            yield f"{model.id}: nothing is read from the cache: {self.caching.words}"
        if self.caching is None:
            yield f"{model.id}: no caching, or no price for it"
