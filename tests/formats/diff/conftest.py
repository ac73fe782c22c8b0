"""Comparisons that every format is tested with; their numbers are made up."""

from __future__ import annotations

import pytest

from tokencli.model import Column, Count, Problem, Skipped
from tokencli.model.diff import Change, DiffReport, Side

O200K = Column("o200k_base", "exact")
BASE = Side("merge base of main and HEAD", "0123456789abcdef0123456789abcdef01234567")
HEAD = Side("HEAD", "89abcdef0123456789abcdef0123456789abcdef")


def exact(tokens: int) -> tuple[Count, ...]:
    return (Count(tokens, tokens, tokens),)


def failed() -> DiffReport:
    """One encoding: a file of each status, some summed up, things skipped and doubtful; it grew by more than it may."""
    changes = (
        Change("prompts/system.md", "changed", exact(118), exact(2_246)),
        Change("prompts/tool.md", "added", None, exact(62)),
        Change("prompts/old.md", "deleted", exact(940), None),
        Change("docs/a-long-folder/renamed-file.md", "renamed", exact(50), exact(50), "docs/before/name.md"),
        Change("big.md", "changed", exact(9_000), exact(9_001), remark="over before"),
        Change("logo.svg", "changed", None, exact(40), remark="was a binary file"),
        Change("latin1.txt", "changed", exact(10), exact(8), warnings=("not UTF-8 (byte 3); invalid bytes as U+FFFD",)),
    )
    return DiffReport(
        (O200K,),
        BASE,
        HEAD,
        changes,
        exact(10_168),
        exact(11_467),
        skipped=(Skipped("logo.png", "binary"), Skipped("vendor/lib", "submodule")),
        default_encoding=True,
        rest=(4, (10,)),
        max_increase=1_000,
    )


def passed() -> DiffReport:
    """An exact model beside an estimate, from HEAD to the index; what grew is within what may be added."""
    columns = (
        Column("o200k_base", "exact", model="gpt-4o", window=128_000),
        Column("o200k_base", "estimate", model="grok-4", window=256_000, proxy="o200k_base"),
    )
    changes = (
        Change("prompts/old.md", "deleted", (*exact(940), Count(1_050, 950, 1_260)), None),
        Change(
            "prompts/system.md", "changed", (*exact(118), Count(132, 119, 158)), (*exact(246), Count(275, 249, 330))
        ),
        Change("prompts/tool.md", "added", None, (*exact(62), Count(69, 63, 83))),
        Change("b.md", "renamed", (*exact(5), Count(6, 5, 7)), (*exact(5), Count(6, 5, 7)), "a|`b`.md", "over before"),
    )
    return DiffReport(
        columns,
        Side("HEAD", BASE.commit),
        Side("the index"),
        changes,
        (*exact(1_063), Count(1_188, 1_074, 1_425)),
        (*exact(313), Count(350, 317, 420)),
        notes=("grok-4: estimated, its tokenizer is not public",),
        max_increase=2_000,
    )


def broken() -> DiffReport:
    """Hostile names, wide characters, and a file that could not be counted."""
    changes = (
        Change('evil\x1b[31m\nname\u202e,"x".md', "changed", exact(7), exact(9)),
        Change("\u6587\u4ef6/\u4f60\u597d.md", "renamed", exact(3), exact(3), "\u6587\u4ef6/\u518d\u89c1.md"),
    )
    problem = Problem("unreadable", "secret.txt: its blob is missing from this clone", "git fetch --refetch")
    return DiffReport(
        (Column("cl100k_base", "exact", model="gpt-4"),),
        Side("v1.0", BASE.commit),
        Side("the working tree"),
        changes,
        exact(10),
        exact(12),
        problems=(problem,),
        max_increase=1,
    )


def nothing() -> DiffReport:
    """Two states that do not differ in text."""
    return failed()._replace(
        changes=(),
        rest=None,
        base_totals=exact(0),
        head_totals=exact(0),
        default_encoding=False,
        max_increase=None,
    )


@pytest.fixture(params=[failed, passed, broken, nothing], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, DiffReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()
