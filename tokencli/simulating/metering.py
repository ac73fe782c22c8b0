"""Prices of many requests on one model: requests that the same rows of the card price are summed up, then priced."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction

from tokencli.model.cost import Selectors, Usage
from tokencli.model.rates import PricedModel
from tokencli.model.simulation import Request
from tokencli.prefix_cache import Policy
from tokencli.rates.effective import Facts, Prices, covering, cuts, effective
from tokencli.rates.pricing import MILLION, price, quantities
from tokencli.rates.usage import checked


def usage(input: int, output: int, thinking: int, cached: int = 0, written: int = 0, unit: str = "") -> Usage:
    """The counts of a request, or of several together; `unit` is what writes to the cache are billed as."""
    found = {"input_tokens": input, "output_tokens": output}
    if thinking:
        found["reasoning_tokens"] = thinking
    if cached:
        found["cache_read_tokens"] = cached
    if written and unit:
        found[unit] = written
    return found


class Meter:
    """The price of requests, with caching as a policy says, or without (None)."""

    def __init__(self, model: PricedModel, selectors: Selectors, policy: Policy | None) -> None:
        self._model = model
        self._selectors = selectors
        self._policy = policy
        self._cuts: dict[int, tuple[list[int], list[int]]] = {}
        self._prices: dict[tuple[int, int, int], Prices] = {}

    def single(self, request: Request, at: int) -> Fraction:
        """The price of one request."""
        return price(self._model, self._usage(request), self._selectors, at).total

    def together(self, requests: Iterable[tuple[Request, int]]) -> Fraction:
        """The price of requests, each at its instant: exactly the sum of their prices."""
        if self._model.card.slices:
            return sum((self.single(request, at) for request, at in requests), Fraction())
        sums: dict[tuple[int, int, int], list[int]] = {}
        for request, at in requests:
            key = self._key(request, at)
            row = sums.setdefault(key, [0, 0, 0, 0, 0])
            counts = (request.input, request.output, request.thinking, request.cached, request.written)
            for place, count in enumerate(counts):
                row[place] += count
        return sum((self._priced(key, row) for key, row in sums.items()), Fraction())

    def _usage(self, request: Request) -> Usage:
        cache = (request.cached, request.written, self._policy.unit) if self._policy else ()
        return usage(request.input, request.output, request.thinking, *cache)

    def _key(self, request: Request, at: int) -> tuple[int, int, int]:
        """What decides which rows of the card hold: the instant, and between which of its thresholds counts lie."""
        if at not in self._cuts:
            rows = covering(self._model, at).overrides
            inputs = sorted(cut for row in rows for cut in cuts(row.when.input_tokens))
            self._cuts[at] = inputs, sorted(cut for row in rows for cut in cuts(row.when.output_tokens))
        inputs, outputs = self._cuts[at]
        key = at, bisect_right(inputs, request.input), bisect_right(outputs, request.output)
        if key not in self._prices:
            facts = Facts(self._selectors, at, request.input, request.output)
            self._prices[key] = effective(self._model, covering(self._model, at), facts)
        return key

    def _priced(self, key: tuple[int, int, int], row: list[int]) -> Fraction:
        rates = self._prices[key].rates
        cache = (*row[3:], self._policy.unit) if self._policy else ()
        counts = checked(usage(*row[:3], *cache))  # type: ignore[arg-type]
        found = quantities(self._model, counts, rates)
        return sum((tokens * rates[unit].amount for unit, tokens in found.items()), Fraction()) / MILLION
