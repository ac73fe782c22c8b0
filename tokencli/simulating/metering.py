"""Prices of many requests on one model: requests that the same rows of the card price are summed up, then priced.

A model that takes a fee for each request, beside its tokens, is priced with it.
"""

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
        fee = {"requests": 1} if self.fee(request, at) is not None else {}
        return price(self._model, {**self._usage(request), **fee}, self._selectors, at).total

    def fee(self, request: Request, at: int) -> Fraction | None:
        """What a request costs beside its tokens, None where it costs nothing more."""
        return _fee(self._prices[self._key(request, at)])

    def together(self, requests: Iterable[tuple[Request, int]]) -> Fraction:
        """The price of requests, each at its instant: exactly the sum of their prices."""
        if self._model.card.slices:
            return sum((self.single(request, at) for request, at in requests), Fraction())
        sums: dict[tuple[int, int, int], list[int]] = {}
        for request, at in requests:
            key = self._key(request, at)
            row = sums.setdefault(key, [0, 0, 0, 0, 0, 0])
            counts = (1, request.input, request.output, request.thinking, request.cached, request.written)
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
        prices = self._prices[key]
        requests, *tokens = row
        cache = (*tokens[3:], self._policy.unit) if self._policy else ()
        counts = checked(usage(*tokens[:3], *cache))  # type: ignore[arg-type]
        found = quantities(self._model, counts, prices.rates)
        amount = sum((count * prices.rates[unit].amount for unit, count in found.items()), Fraction()) / MILLION
        return amount + requests * (_fee(prices) or 0)


def _fee(prices: Prices) -> Fraction | None:
    """The fee for a request, None where there is none or the first ones of a period are free."""
    fee, rate = prices.fees.get("request", (None, None))
    return None if fee is None or rate is None or fee.free else rate.amount / fee.per
