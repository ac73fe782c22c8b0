"""What something costs, line by line, exactly: amounts are fractions until they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tokencli.model import Column, Count, Method, Problem, Skipped
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
    that were used (seconds since 1970 UTC, None is open), `at` is the instant they were asked for, `card` tells where
    the card lies: "bundled", or its path."""

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
    card: str = ""


class Rate(NamedTuple):
    """One unit of `base` was worth `rate` units of `quote` on `date` (ISO), as `source` says."""

    base: str
    quote: str
    rate: Decimal
    date: str
    source: str


class Converted(NamedTuple):
    """An amount in another currency, and the rate by which it was converted, forwards or backwards; `factor` is what
    one unit of the old currency is worth in the new one."""

    currency: str
    amount: Fraction
    by: Rate
    factor: Fraction

    @property
    def words(self) -> str:
        """The rate with its date and source: `7.1 USD/CNY of 2026-11-02 (the bank's page)`."""
        return f"{self.by.rate} {self.by.base}/{self.by.quote} of {self.by.date} ({self.by.source})"


class CostRow(NamedTuple):
    """One priced thing: a file, a request or a row of usage.

    `tokens` are those of the input, counted in `column`, where they were counted here; `low` and `high` bound the total
    where that is an estimate. `name` is the model as it was asked for. A row that has no price has an `error`.
    `of_calls` is what all calls together come to where that is not so many times the total (units that are free once),
    `longest` the tokens of the longest input where a row is several calls.
    """

    id: str
    path: str
    provider: str
    model: str
    usage: Usage
    cost: Cost | None
    name: str = ""
    tokens: Count | None = None
    column: Column | None = None
    window: int | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    converted: Converted | None = None
    error: Problem | None = None
    notes: tuple[str, ...] = ()
    of_calls: Fraction | None = None
    longest: int = 0

    def all_calls(self, calls: int) -> Fraction:
        """What so many calls come to; nothing where the row has no price."""
        if self.of_calls is not None:
            return self.of_calls
        return self.cost.total * calls if self.cost is not None else Fraction()

    @property
    def sent(self) -> int:
        """The most tokens that one call of the row sends."""
        return self.longest or (self.tokens.high if self.tokens else int(self.usage.get("input_tokens", 0)))

    @property
    def method(self) -> Method:
        """How the number of tokens was made; what was given as a number is exact."""
        return self.column.method if self.column is not None else "exact"


class CostTotal(NamedTuple):
    """The sum of all rows in one currency; `unpriced` rows are not in it, `confidence` is the least of any in it.
    `of_calls` is the sum of those of the rows, where one of them has such."""

    currency: str
    total: Fraction
    rows: int
    unpriced: int
    confidence: Confidence
    low: Fraction | None = None
    high: Fraction | None = None
    converted: Converted | None = None
    of_calls: Fraction | None = None

    def all_calls(self, calls: int) -> Fraction:
        """What so many calls of each row come to."""
        return self.total * calls if self.of_calls is None else self.of_calls


class Ranked(NamedTuple):
    """A row among others, cheapest first: what it is compared by, in one currency, the difference from the row that
    was named first as a share of that (None for itself or where that is nothing), what made its price (`hits`), and for
    each score its cost per point; `unbeaten` where no other row is cheaper and better. `of_calls` is the amount of all
    calls, by which rows are ordered and compared."""

    row: CostRow
    amount: Fraction
    of_calls: Fraction
    difference: Fraction | None
    hits: tuple[str, ...] = ()
    per_point: tuple[Fraction | None, ...] = ()
    unbeaten: tuple[bool, ...] = ()


class LeftOut(NamedTuple):
    """A model that is not compared, and why."""

    provider: str
    model: str
    reason: str


class Alternative(NamedTuple):
    """Another way to have the same thing: what it is, what it would cost, how much less that is, and what for."""

    kind: str
    words: str
    amount: Fraction
    saving: Fraction


class CacheEconomics(NamedTuple):
    """What caching a prefix saves: the price of one write, of one read and of sending it plain; how many reads pay the
    write back (None: never); the price of 1,000 requests, one write and 999 reads, and of as many plain ones."""

    lifetime: str
    tokens: int
    write: Fraction
    read: Fraction
    plain: Fraction
    reads: int | None
    cached_1000: Fraction
    plain_1000: Fraction
    note: str = ""


class CostReport(NamedTuple):
    """Everything `tok cost` has to say. `calls` multiplies what is shown for all calls, `assumptions` are in words,
    `currency` is that of the ranking, `scores` names the columns of `Ranked.per_point`, `rest` is how many rows are not
    listed."""

    rows: tuple[CostRow, ...]
    totals: tuple[CostTotal, ...]
    calls: int = 1
    assumptions: tuple[str, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    currency: str = ""
    scores: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    caching: tuple[CacheEconomics, ...] = ()
    explain: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    rest: int = 0

    @property
    def complete(self) -> bool:
        return not self.problems
