"""What the standing context of an agent costs: a request that sends it, and a thousand of them, cached or not."""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.costing import Target
from tokencli.costing.caching import REQUESTS, economics
from tokencli.errors import TokError
from tokencli.model import Count
from tokencli.model.context import AgentContext, CachedPrice, StandingPrice
from tokencli.model.cost import Selectors
from tokencli.rates.pricing import price


def priced(agent: AgentContext, targets: Sequence[Target | None], at: int) -> AgentContext:
    """The agent with the price of what it always loads in each column, None where the column has no target.

    What has no price at that instant has none here either, and the reason is among the agent's notes.
    """
    found: list[StandingPrice | None] = []
    notes: list[str] = []
    for to, count in zip(targets, agent.always, strict=True):
        try:
            found.append(None if to is None else _priced(to, count, at))
        except TokError as error:
            found.append(None)
            notes.append(f"no price: {error.message}")
    return agent._replace(prices=tuple(found), notes=(*agent.notes, *notes))


def _priced(to: Target, count: Count, at: int) -> StandingPrice:
    chosen = Selectors(contract_multiplier=to.multiplier)
    plain, low, high = (
        price(to.model, {"input_tokens": tokens}, chosen, at) for tokens in (count.tokens, count.low, count.high)
    )
    return StandingPrice(
        provider=plain.provider,
        model=plain.model,
        currency=plain.currency,
        confidence=plain.confidence,
        request=plain.total,
        thousand=REQUESTS * plain.total,
        low=REQUESTS * low.total,
        high=REQUESTS * high.total,
        cached=_cached(to, count, chosen, at),
    )


def _cached(to: Target, count: Count, chosen: Selectors, at: int) -> CachedPrice:
    """As the shortest cache that the card prices; why not, where nothing would be cached."""
    least = to.model.cache.min_tokens
    if least and count.tokens < least:
        return CachedPrice(why=f"no prefix under {least:,} tokens is cached")
    found = economics(to.model, count.tokens, chosen, at)
    if not found:
        return CachedPrice(why="no price for cached tokens")
    best = found[0]
    return CachedPrice(best.lifetime, best.read, best.write, best.cached_1000, best.note)
