"""What something costs, line by line, exactly: amounts are fractions until they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tokencli.model import Method
from tokencli.model.rates import Confidence, Source

Usage = Mapping[str, int | Decimal]
"""What was used, by the names of the normalised form: `input_tokens` is all that was sent and `output_tokens` all that
came back, the other token counts are parts of these; seconds and token-hours may be fractions."""


class Selectors(NamedTuple):
    """What selects among the prices of a model, beside the counts and the instant."""

    batch: bool = False
    service_tier: str = ""
    speed: str = ""
    region: str = ""
    thinking: bool = False
    cache_mode: str = ""
    search_size: str = ""
    resolution: str = ""
    duration_seconds: Decimal | None = None
    period_used: Mapping[str, int] = {}
    contract_multiplier: Decimal | None = None


class Line(NamedTuple):
    """`amount` = `quantity` x `rate` / `per`, exactly. `unit` is the key of the card that prices it; `quantity` leaves
    out what was `free`; `applied` says in words which rows of the card made the rate what it is."""

    unit: str
    quantity: Fraction
    rate: Fraction
    per: int
    amount: Fraction
    applied: tuple[str, ...] = ()
    free: int = 0


class Cost(NamedTuple):
    """The price of one usage at one model: `total` is the sum of the lines. `start` and `end` bound the dated prices
    that were used (seconds since 1970 UTC, None is open), `at` is the instant they were asked for."""

    provider: str
    model: str
    currency: str
    total: Fraction
    lines: tuple[Line, ...]
    at: int
    start: int | None
    end: int | None
    confidence: Confidence
    source: Source
    checked: str
    tax: str
    notes: tuple[str, ...] = ()


class CostRow(NamedTuple):
    """One priced thing: a file, a request or a row of usage. `low` and `high` bound the total where the tokens are an
    estimate (`method`); `error` (code, message, hint) stands in place of a cost that is not known."""

    id: str
    path: str
    provider: str
    model: str
    method: Method
    usage: Usage
    cost: Cost | None
    low: Fraction | None = None
    high: Fraction | None = None
    error: tuple[str, str, str] | None = None
    notes: tuple[str, ...] = ()


class CostTotal(NamedTuple):
    """The sum of all rows in one currency; `unpriced` rows are not in it, `confidence` is the least of any in it."""

    currency: str
    total: Fraction
    rows: int
    unpriced: int
    confidence: Confidence
