"""Prices as data: what a rate card says, in exact decimals. Tuples, because every `tok cost` defines these classes."""

# Without `from __future__ import annotations`, under which NamedTuple compiles the text of every field: twice the time.

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

Confidence = Literal["confirmed", "imported", "unconfirmed"]
"""How sure a price is, best first."""

CONFIDENCES: tuple[Confidence, ...] = ("confirmed", "imported", "unconfirmed")


class Source(NamedTuple):
    """Where a price was read, and when (ISO date); `via` names a data set or page that stands between."""

    url: str
    retrieved: str
    via: str = ""
    quote: str = ""


class Window(NamedTuple):
    """Hours of the day, [start, end) in minutes, in `hours_tz`, on `days` (0 is Monday; none: every day) in `days_tz`.

    Hours that end before they start go over midnight; the day is that of the instant itself.
    """

    hours: tuple[tuple[int, int], ...]
    days: tuple[int, ...] = ()
    days_tz: str = "UTC"
    hours_tz: str = "UTC"


class Threshold(NamedTuple):
    """Bounds of a count, in tokens or seconds; those that are None do not bind."""

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None


class When(NamedTuple):
    """The conditions of an override, all of which must hold: None and () ask nothing, of several words one must fit."""

    input_tokens: Threshold | None = None
    output_tokens: Threshold | None = None
    thinking: bool | None = None
    batch: bool | None = None
    service_tier: tuple[str, ...] = ()
    speed: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    cache_mode: str = ""
    search_size: str = ""
    window: str = ""
    resolution: tuple[str, ...] = ()
    duration_seconds: Threshold | None = None


class Fee(NamedTuple):
    """A price for every `per` units, after `free` units a `period` ("day", "month"), shared in `group`."""

    price: Decimal
    per: int
    free: int = 0
    period: str = ""
    group: str = ""


class Duration(NamedTuple):
    """A price for every `per` seconds; fewer than `minimum` are billed as so many."""

    price: Decimal
    per: int
    minimum: int = 0


class Override(NamedTuple):
    """What replaces (rates, fees) or scales (`multiply`, the units in `only` or all tokens) where `when` holds."""

    when: When
    rates: Mapping[str, Decimal] = {}
    fees: Mapping[str, Fee] = {}
    multiply: Decimal | None = None
    only: tuple[str, ...] = ()
    note: str = ""


class Segment(NamedTuple):
    """The prices of a model from `start` (inclusive) to `end` (exclusive), in seconds since 1970 UTC; None is open.

    `rates` are per 1,000,000 tokens, `cache_token_hours` per 1,000,000 tokens and hour; overrides apply in order.
    """

    start: int | None = None
    end: int | None = None
    rates: Mapping[str, Decimal] = {}
    fees: Mapping[str, Fee] = {}
    durations: Mapping[str, Duration] = {}
    cache_token_hours: Decimal | None = None
    overrides: tuple[Override, ...] = ()
    checked: str = ""
    sources: tuple[Source, ...] = ()
    note: str = ""
    confidence: Confidence = "imported"


class CacheRules(NamedTuple):
    """How a provider caches prefixes of a model; None where it is not known."""

    min_tokens: int | None = None
    ttl_seconds: tuple[int, ...] = ()
    breakpoints: int | None = None
    automatic: bool | None = None
    as_of: str = ""
    source: str = ""


class CardHead(NamedTuple):
    """What holds for all models of a card. `origin` tells where it lies: "bundled", or the path of its file; `digest`
    is the SHA-256 of that file."""

    provider: str
    currency: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    tax: Literal["excluded", "included"] = "excluded"
    slices: bool = False
    windows: Mapping[str, Window] = {}
    sources: tuple[Source, ...] = ()
    origin: str = ""
    digest: str = ""


class PricedModel(NamedTuple):
    """A model at a provider, its prices in order of time; limits in tokens, None where unknown, dates in ISO form."""

    card: CardHead
    id: str
    prices: tuple[Segment, ...]
    aliases: tuple[str, ...] = ()
    snapshots: bool = True
    context_window: int | None = None
    max_output: int | None = None
    cache: CacheRules = CacheRules()
    deprecated: str = ""
    retires: str = ""
    successor: str = ""
    note: str = ""


class Card(NamedTuple):
    """One file of prices: its head and its models, in the order of the file."""

    head: CardHead
    models: tuple[PricedModel, ...]
