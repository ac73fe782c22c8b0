"""Reports that every format is tested with; their numbers are made up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tokencli.model import Column, Count, Problem, Skipped
from tokencli.model.context import AgentContext, CachedPrice, ContextReport, Item, StandingPrice

O200K = Column("o200k_base", "exact")


def exact(*tokens: int) -> tuple[Count, ...]:
    return tuple(Count(number, number, number) for number in tokens)


def single() -> ContextReport:
    """One encoding: two agents, tools with a range, things on demand and a server that is not known."""
    claude = AgentContext(
        "claude",
        "Claude Code",
        (
            Item("instructions", "CLAUDE.md", "always", exact(1_234)),
            Item("import", "docs/a-long-folder/conventions.md", "always", exact(310), "imported by CLAUDE.md"),
            Item("skill", ".claude/skills/pdf/SKILL.md", "always", exact(41), "name and description"),
            Item(
                "server",
                "github (.mcp.json)",
                "unknown",
                None,
                "no saved tools/list: --tools github=FILE, or --run github",
            ),
            Item("skill", ".claude/skills/pdf/SKILL.md", "demand", exact(2_200), "its text"),
        ),
        exact(1_585),
        exact(2_200),
    )
    tools = Item("tools", "git (.cursor/mcp.json)", "always", (Count(900, 600, 1_300),), "12 tools")
    cursor = AgentContext("cursor", "Cursor", (tools,), (Count(900, 600, 1_300),), exact(0))
    return ContextReport(".", (O200K,), (claude, cursor), default_encoding=True)


def several() -> ContextReport:
    """An exact model beside an estimate, held against a limit that one agent keeps and the other passes."""
    columns = (
        Column("o200k_base", "exact", model="gpt-5.5", window=400_000),
        Column("o200k_base", "estimate", model="grok-4", window=256_000, proxy="o200k_base"),
    )
    small, large = (*exact(90), Count(100, 95, 120)), (*exact(1_190), Count(1_200, 1_100, 1_400))
    agents = (
        AgentContext("codex", "Codex", (Item("instructions", "AGENTS.md", "always", small),), small, (*exact(0, 0),)),
        AgentContext("gemini", "Gemini CLI", (Item("instructions", "GEMINI.md", "always", large),), large, exact(0, 0)),
    )
    return ContextReport("sub", columns, agents, limit=1_000, notes=("grok-4: estimated, its tokenizer is not public",))


def priced() -> ContextReport:
    """Three models: a price with and without a cache that is long enough, and no price; amounts are made up."""
    columns = (
        Column("claude-4.8", "reconstructed", model="claude-opus-4-8", window=1_000_000),
        Column("o200k_base", "estimate", model="gpt-6-sol", window=1_050_000, proxy="o200k_base"),
        Column("o200k_base", "estimate", model="grok-4", window=256_000, proxy="o200k_base"),
    )
    counts = (*exact(2_000), Count(900, 800, 1_000), Count(900, 800, 1_000))
    dollar = Fraction(1, 1_000_000)
    cached = CachedPrice("5 minutes", 1_000 * dollar, 12_500 * dollar, 1_011_500 * dollar)
    long = StandingPrice(
        "anthropic",
        "claude-opus-4-8",
        "USD",
        "confirmed",
        10_000 * dollar,
        Fraction(10),
        Fraction(10),
        Fraction(10),
        cached,
    )
    none = CachedPrice(why="no prefix under 1,024 tokens is cached")
    short = StandingPrice(
        "openai", "gpt-6-sol", "USD", "unconfirmed", 1_800 * dollar, Fraction(9, 5), Fraction(8, 5), Fraction(2), none
    )
    items = (Item("instructions", "AGENTS.md", "always", counts),)
    agent = AgentContext("codex", "Codex", items, counts, exact(0, 0, 0), prices=(long, short, None))
    return ContextReport(".", columns, (agent,))


def broken() -> ContextReport:
    """Hostile names and a file that could not be read."""
    name = 'evil\x1b[31m\nname\u202e,"x"|`.md'
    item = Item("instructions", name, "always", exact(7), "when working in \x1b[0m")
    agent = AgentContext(
        "windsurf", "Windsurf", (item, Item("rule", "\u6587\u4ef6.md", "demand", exact(3))), exact(7), exact(3)
    )
    problem = Problem("too-large", "AGENTS.md: larger than 8 MB", "move it elsewhere")
    skipped = (Skipped("~/.claude/skills/x/logo.png", "image"), Skipped("CLAUDE.md", "outside"))
    return ContextReport("a\x1bb", (O200K,), (agent,), skipped=skipped, problems=(problem,))


@pytest.fixture(params=[single, several, priced, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, ContextReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()
