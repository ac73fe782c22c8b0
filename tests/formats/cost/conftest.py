"""Reports that every format is tested with; their numbers are made up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tokencli.model import Column, Count, Problem, Skipped
from tokencli.model.cost import (
    Alternative,
    CacheEconomics,
    Converted,
    Cost,
    CostReport,
    CostRow,
    CostTotal,
    LeftOut,
    Line,
    Ranked,
    Rate,
)
from tokencli.model.rates import Confidence, Source

MILLION = 1_000_000
O200K = Column("o200k_base", "exact", model="gpt-5.5")
GUESS = Column("claude-4.8", "estimate", model="claude-opus-5-5", proxy="o200k_base")
PRICES = Source("https://example.com/prices", "2026-11-01", "a data set", "Input: $2 per million")
TIER = ("input_tokens > 272000", "batch: x 0.5")


def line(unit: str, quantity: int, rate: Fraction, applied: tuple[str, ...] = (), per: int = MILLION) -> Line:
    return Line(unit, Fraction(quantity), rate, per, quantity * rate / per, applied)


def cost(
    model: str,
    *lines: Line,
    provider: str = "openai",
    currency: str = "USD",
    confidence: Confidence = "confirmed",
    notes: tuple[str, ...] = (),
) -> Cost:
    total = sum((each.amount for each in lines), Fraction())
    # From 2026-01-01 on, asked for on 2026-11-20 at noon.
    return Cost(
        provider,
        model,
        currency,
        total,
        lines,
        1_795_176_000,
        1_767_225_600,
        None,
        confidence,
        PRICES,
        "2026-11-01",
        "excluded",
        notes,
        "bundled",
    )


def row(made: Cost, path: str, tokens: Count, column: Column, window: int | None = 400_000) -> CostRow:
    ends = [end * made.total / tokens.tokens for end in (tokens.low, tokens.high)]
    usage = {"input_tokens": tokens.tokens}
    return CostRow(
        "", path, made.provider, made.model, usage, made, made.model, tokens, column, window, ends[0], ends[1]
    )


def single() -> CostReport:
    """One call with its receipt, in another currency too, with what is free, alternatives and a cache."""
    fee = line("web_search", 3, Fraction(10), per=1000)._replace(free=2)
    made = cost("gpt-5.5", line("input", 300_000, Fraction(2), TIER), line("output", 800, Fraction(15, 2), TIER), fee)
    rate = Rate("USD", "CNY", Decimal("7.1"), "2026-11-02", "the bank's page")
    converted = Converted("CNY", made.total * Fraction(rate.rate), rate, Fraction(rate.rate))
    priced = row(made, "prompts/long-name-of-a-folder/system-prompt.md", Count(300_000, 300_000, 300_000), O200K)
    priced = priced._replace(converted=converted, notes=("gpt-5.5 is retired on 2026-12-31",))
    total = CostTotal("USD", made.total, 1, 0, "confirmed", made.total, made.total, converted)
    cheaper = Alternative("batch", "in a batch (--batch)", made.total / 3, made.total * 2 / 3)
    cached = CacheEconomics(
        "5 minutes", 300_000, Fraction(3, 4), Fraction(3, 50), Fraction(3, 5), 1, Fraction(6069, 100), Fraction(600)
    )
    return CostReport(
        (priced,),
        (total,),
        calls=1000,
        assumptions=("output: 800 tokens a call (--output-tokens)",),
        alternatives=(cheaper,),
        caching=(cached, cached._replace(lifetime="automatic", reads=None, note="without storage")),
        explain=True,
    )


def several() -> CostReport:
    """Files, of which one is an estimate and one has no price, in two currencies."""
    first = row(cost("gpt-5.5", line("input", 1_234, Fraction(2))), "docs/a.md", Count(1_234, 1_234, 1_234), O200K)
    second = row(
        cost("qwen-plus", line("input", 90, Fraction(4, 5)), provider="alibaba-cn", currency="CNY"),
        "\u6587\u4ef6.md",
        Count(90, 80, 99),
        GUESS,
    )
    problem = Problem(
        "no-rate", "c.md: openai/gpt-5.5 has no price for cache_read (5 tokens)", "tok rates show gpt-5.5"
    )
    third = CostRow("", "c.md", "openai", "gpt-5.5", {}, None, tokens=Count(70, 70, 70), column=O200K, error=problem)
    assert first.cost is not None
    assert second.cost is not None
    totals = (
        CostTotal("USD", first.cost.total, 1, 1, "confirmed", first.low, first.high),
        CostTotal("CNY", second.cost.total, 1, 0, "unconfirmed", second.low, second.high),
    )
    return CostReport((first, second, third), totals, assumptions=("no output is priced",), problems=(problem,), rest=2)


def ranking() -> CostReport:
    """Models side by side with scores: a third that does not end, another currency, one that is left out."""
    base = row(cost("gpt-5.5", line("input", 1_000, Fraction(2))), "a.md", Count(1_000, 1_000, 1_000), O200K)
    free = row(
        cost("free", line("input", 1_000, Fraction(0)), provider="own"), "a.md", Count(1_000, 1_000, 1_000), O200K
    )
    guess = cost("claude-opus-5-5", line("input", 1_100, Fraction(4), TIER), provider="anthropic")
    other = row(guess, "a.md", Count(1_100, 1_050, 1_180), GUESS, None)
    yuan = cost(
        "qwen-plus",
        line("input", 900, Fraction(8, 3), ("window night: x 0.5",)),
        provider="alibaba-cn",
        currency="CNY",
        confidence="unconfirmed",
    )
    cny = row(yuan, "a.md", Count(900, 900, 900), O200K, 131_072)
    amount = yuan.total / 7
    assert base.cost is not None
    usd = base.cost.total
    ranked = (
        Ranked(free, Fraction(0), Fraction(0), Fraction(-1)),
        Ranked(cny, amount, amount * 10, (amount - usd) / usd, ("window night: x 0.5",), (amount / 60,), (True,)),
        Ranked(base, usd, usd * 10, None, (), (usd / 80,), (True,)),
        Ranked(other, guess.total, guess.total * 10, Fraction(6, 5), TIER, (None,), (False,)),
    )
    out = LeftOut("xai", "grok-4", "9,000 tokens do not fit into its window of 8,000")
    return CostReport(
        (base, free, cny, other),
        (),
        calls=10,
        ranking=ranked,
        currency="USD",
        scores=("accuracy",),
        left_out=(out, LeftOut("", "grok-9", "no price for the model 'grok-9'")),
        rest=3,
    )


def broken() -> CostReport:
    """Hostile names."""
    name = 'evil\x1b[31m\nname\u202e,"x"|`.md'
    made = cost("=m\x1b", line("input", 7, Fraction(1, 3)), provider="@p", notes=("a note\x1b[0m",))
    priced = row(made, name, Count(7, 7, 7), O200K)._replace(id="=cmd()", name=name)
    problem = Problem("unknown-model", f"-no {name}")
    failed = CostRow("+1", name, "", name, {}, None, error=problem)
    total = CostTotal("USD", made.total, 1, 1, "confirmed", made.total, made.total)
    skipped = (Skipped("x/logo\x1b.png", "binary"),)
    return CostReport((priced, failed), (total,), notes=(f"note {name}",), skipped=skipped, problems=(problem,))


@pytest.fixture(params=[single, several, ranking, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, CostReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()
