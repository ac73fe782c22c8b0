"""Three reports that every format is tested with; their numbers are made up."""

from __future__ import annotations

import pytest

from tokencli.model import Column, Count, CountReport, FileCount, Group, Limit, Problem, Skipped


def exact(tokens: int) -> Count:
    return Count(tokens, tokens, tokens)


def single() -> CountReport:
    """One encoding, four files, things skipped and doubtful, some rows summed up."""
    column = Column("o200k_base", "exact")
    files = (
        FileCount("src/min.js", "text", 40_000, (exact(5000),)),
        FileCount("prompts/system.md", "text", 1_200, (exact(246),)),
        FileCount("src/latin1.txt", "text", 700, (exact(118),), ("not UTF-8 (byte 3); invalid bytes as U+FFFD",)),
    )
    return CountReport(
        (column,),
        files,
        (exact(5379),),
        skipped=(Skipped("logo.png", "binary"), Skipped("build/", "git-ignored", 3), Skipped("link", "symlink", 2)),
        default_encoding=True,
        rest=Group("file", "4 smaller files", 4, 100, (exact(15),)),
    )


def several() -> CountReport:
    """An exact model beside an estimate, with windows and a limit that the high end of the estimate passes."""
    columns = (
        Column("o200k_base", "exact", model="gpt-4o", window=128_000),
        Column("o200k_base", "estimate", model="grok-4", window=256_000, proxy="o200k_base"),
    )
    files = (
        FileCount("prompt.md", "text", 49_600, (exact(12_400), Count(13_900, 12_500, 16_700))),
        FileCount("a|b `c`.md", "text", 4, (exact(1), Count(1, 1, 1))),
    )
    totals = (exact(12_401), Count(13_901, 12_501, 16_701))
    limits = (Limit(12_401, 15_000, columns[0]), Limit(16_701, 15_000, columns[1]))
    notes = ("grok-4: estimated, its tokenizer is not public",)
    return CountReport(columns, files, totals, limits=limits, notes=notes, window=True)


def broken() -> CountReport:
    """Folders as groups, hostile names, and an input that could not be read."""
    column = Column("cl100k_base", "exact", model="gpt-4")
    name = 'evil\x1b[31m\nname\u202e,"x".md'
    files = (
        FileCount(name, "text", 12, (exact(7),)),
        FileCount("\u6587\u4ef6/\u4f60\u597d.md", "text", 9, (exact(3),)),
    )
    groups = (
        Group("dir", ".", 2, 21, (exact(10),), own=(exact(7),)),
        Group("dir", "\u6587\u4ef6", 1, 9, (exact(3),), own=(exact(3),)),
    )
    problem = Problem("unreadable", "secret.txt: permission denied", "check its mode")
    return CountReport((column,), files, (exact(10),), groups=groups, problems=(problem,))


@pytest.fixture(params=[single, several, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, CountReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()


@pytest.fixture
def hostile() -> CountReport:
    """Files, not groups, with hostile names."""
    made = broken()
    return CountReport(made.columns, made.files, made.totals)
