"""What requests that begin alike read from a provider's cache and write to it, and for how long it lasts."""

from __future__ import annotations

from typing import NamedTuple

from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.model.rates import PricedModel
from tokencli.rates.pricing import price

WRITES = {
    "5m": ("cache_write_5m_tokens", 300),
    "30m": ("cache_write_30m_tokens", 1800),
    "1h": ("cache_write_1h_tokens", 3600),
    "12h": ("cache_write_12h_tokens", 43200),
}
"""Lifetimes that are asked for: the unit that is billed, and how many seconds it lasts after its last use."""

UNNAMED = "cache_write_tokens"
LIFETIME = 300
"""Seconds that a cache of no stated lifetime is taken to last: the shortest that providers state (OpenAI, "Prompt
caching": 5 to 10 minutes of inactivity; Anthropic, "Prompt caching": 5 minutes)."""


class Policy(NamedTuple):
    """How the requests of a session are cached: `unit` is what a write is billed as ("": as plain input), `seconds`
    how long it lasts after its last use, `least` the shortest prefix that is cached. `words` say all this."""

    unit: str
    seconds: int
    least: int
    words: str

    def read(self, held: int) -> int:
        """What a request reads whose first `held` tokens were sent before."""
        return held if held >= self.least else 0

    def written(self, sent: int, read: int) -> int:
        """What a request of so many tokens is billed to write."""
        return sent - read if self.unit and sent >= self.least else 0


def policy(model: PricedModel, wanted: str | None, selectors: Selectors, at: int) -> Policy | None:
    """The policy of a name of WRITES, `automatic` or `none`; without a name what the model's card has: automatic
    caches, else the shortest lifetime that it prices. None for no caching.

    TokError `no-rate` where a policy is asked for that the card has no price for.
    """
    if wanted == "none":
        return None
    try:
        if wanted in WRITES:
            return _written(model, wanted, selectors, at)
        if wanted == "automatic":
            return _automatic(model, selectors, at)
        if model.cache.automatic is not False and _priced(model, "cache_read_tokens", selectors, at):
            lifetimes = [] if model.cache.automatic else _lifetimes(model, selectors, at)
            return _written(model, lifetimes[0], selectors, at) if lifetimes else _automatic(model, selectors, at)
        lifetimes = _lifetimes(model, selectors, at)
        return _written(model, lifetimes[0], selectors, at) if lifetimes else None
    except TokError:
        if wanted is not None:
            raise
        return None


def _written(model: PricedModel, lifetime: str, selectors: Selectors, at: int) -> Policy:
    unit, seconds = WRITES[lifetime]
    _probe(model, "cache_read_tokens", selectors, at)
    _probe(model, unit, selectors, at)
    least = model.cache.min_tokens or 0
    return Policy(unit, seconds, least, f"written for {lifetime} with each request{_least(least)}")


def _automatic(model: PricedModel, selectors: Selectors, at: int) -> Policy:
    _probe(model, "cache_read_tokens", selectors, at)
    unit = UNNAMED if _priced(model, UNNAMED, selectors, at) else ""
    seconds = min(model.cache.ttl_seconds, default=LIFETIME)
    known = "" if model.cache.ttl_seconds else " (its lifetime is not in the card)"
    billed = ", writes are billed" if unit else ""
    least = model.cache.min_tokens or 0
    return Policy(unit, seconds, least, f"automatic, lasts {seconds:,} seconds{known}{billed}{_least(least)}")


def _least(tokens: int) -> str:
    return f", from {tokens:,} tokens on" if tokens else ""


def _lifetimes(model: PricedModel, selectors: Selectors, at: int) -> list[str]:
    return [name for name, (unit, _) in WRITES.items() if _priced(model, unit, selectors, at)]


def _priced(model: PricedModel, unit: str, selectors: Selectors, at: int) -> bool:
    try:
        _probe(model, unit, selectors, at)
    except TokError:
        return False
    return True


def _probe(model: PricedModel, unit: str, selectors: Selectors, at: int) -> None:
    """TokError where the model has no price for a unit."""
    price(model, {"input_tokens": 1, unit: 1}, selectors, at)
