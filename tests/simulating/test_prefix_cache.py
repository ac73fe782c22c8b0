"""Which cache a model has where nothing is asked for, and what is read from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.model.rates import CacheRules, CardHead, PricedModel, Segment
from tokencli.prefix_cache import Policy, policy


def model(rates: str, **rules: object) -> PricedModel:
    """A model with these rates, each 1, and rules of caching."""
    segment = Segment(rates={rate: Decimal(1) for rate in ("input", *rates.split())})
    return PricedModel(CardHead("acme", "USD"), "acme-5", (segment,), cache=CacheRules(**rules))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "unit", "seconds"),
    [
        (model("cache_read cache_write_5m cache_write_1h", automatic=False), "cache_write_5m_tokens", 300),
        (model("cache_read cache_write_1h", automatic=False), "cache_write_1h_tokens", 3600),
        (model("cache_read", automatic=True), "", 300),
        (model("cache_read", automatic=True, ttl_seconds=(86400, 600)), "", 600),
        # Automatic, and what is written is billed.
        (model("cache_read cache_write cache_write_30m", automatic=True), "cache_write_tokens", 300),
        (model("cache_read cache_write_30m"), "cache_write_30m_tokens", 1800),
        (model("cache_read"), "", 300),
    ],
)
def test_without_a_choice_a_model_caches_as_its_card_has_it(found: PricedModel, unit: str, seconds: int) -> None:
    chosen = policy(found, None, Selectors(), 0)
    assert chosen is not None
    assert (chosen.unit, chosen.seconds) == (unit, seconds)


@pytest.mark.parametrize("found", [model(""), model("cache_write_5m", automatic=False)])
def test_without_a_price_for_reads_there_is_no_cache(found: PricedModel) -> None:
    assert policy(found, None, Selectors(), 0) is None
    with pytest.raises(TokError, match="no price for cache_read"):
        policy(found, "5m", Selectors(), 0)


def test_what_is_too_short_is_neither_read_nor_written() -> None:
    chosen = Policy("cache_write_5m_tokens", 300, 1024, "")
    assert (chosen.read(1023), chosen.read(1024)) == (0, 1024)
    assert (chosen.written(1023, 0), chosen.written(2000, 1024)) == (0, 976)
    assert Policy("", 300, 0, "").written(2000, 0) == 0
