"""Reports of a gate that every format is tested with; their numbers are made up."""

from __future__ import annotations

import pytest

from tokencli.model import Column, Problem, Skipped
from tokencli.model.diff import Side
from tokencli.model.gate import CheckReport, Verdict

O200K = Column("o200k_base", "exact")
GPT = Column("o200k_base", "exact", model="gpt-4o", window=128_000)
GROK = Column("o200k_base", "estimate", model="grok-4", window=256_000, proxy="o200k_base")
BASE = Side("merge base of main and HEAD", "0123456789abcdef0123456789abcdef01234567")
HEAD = Side("HEAD", "89abcdef0123456789abcdef0123456789abcdef")


def prompt(path: str, verdict: str, message: str, base: int | None, head: int, **more: object) -> Verdict:
    """A verdict of the rule `prompts`."""
    given: dict[str, object] = {
        "limit": 218,
        "column": O200K,
        "origin": "tok.toml:7",
        "reason": "every request pays for it",
        "owner": "@prompts",
    }
    return Verdict("prompts", path, verdict, message, base, head, **(given | more))  # type: ignore[arg-type]


def failed() -> CheckReport:
    """One of each: what fails, what is only shown and why, what was over before, changes of policy and model."""
    over = prompt("prompts/system.md", "over", "246 tokens of 218: over by 28; it was 118 before", 118, 246, fails=True)
    grew = prompt(
        "prompts/a-folder-of-tools/with-a-long-name.md",
        "grew",
        "300 tokens of 218: over by 82; it was over before, at 250, and grew by 50",
        250,
        300,
        fails=True,
        old_path="prompts/tools.md",
    )
    total = Verdict(
        "standing-context",
        "AGENTS.md skills/**",
        "grew",
        "12 files together: 61,400 tokens of 60,000: over by 1,400; it was 59,000 before",
        59_000,
        61_400,
        60_000,
        fails=True,
        origin="policies/org.toml:12",
        column=GROK,
        scope="total",
    )
    waived = prompt(
        "prompts/demo.md",
        "new",
        "400 tokens of 218: over by 182; a new file; waived until 2026-12-31 (tok.toml:20): for the fair",
        None,
        400,
    )
    warning = prompt(
        "docs/guide.md",
        "over",
        '230 tokens of 218: over by 12; it was 200 before; only a warning, by severity = "warning"',
        200,
        230,
        severity="warning",
    )
    before = prompt("prompts/old.md", "over-before", "940 tokens of 218: over by 722; as before", 940, 940)
    fine = prompt("prompts/fine.md", "ok", "90 tokens of 218", 80, 90)
    loosened = Verdict(
        "prompts",
        "tok.toml",
        "policy",
        "loosened: max_tokens raised from 218 to 500",
        fails=True,
        origin="tok.toml:7",
        line=7,
        loosened=True,
    )
    tightened = Verdict(
        "tools",
        "tok.toml",
        "policy",
        "not loosened: the rule was added",
        severity="warning",
        origin="tok.toml:31",
        line=31,
    )
    model = Verdict(
        "prompts",
        "config/app.yaml",
        "model",
        "the model changed from gpt-4o to grok-4: 4,100 tokens are ~4,600",
        severity="warning",
        origin="tok.toml:7",
        line=3,
        column=GPT,
    )
    verdicts = (before, fine, over, waived, grew, total, warning, loosened, tightened, model)
    return CheckReport(
        BASE,
        HEAD,
        verdicts,
        measured=12,
        rules=3,
        policy="tok.toml",
        skipped=(Skipped("logo.png", "binary"), Skipped("vendor/lib", "submodule")),
        notes=("rule trial (tok.toml:40) expired on 2026-10-01 and does not apply",),
    )


def passed() -> CheckReport:
    """All is well, and nothing is to be said."""
    fine = prompt("prompts/fine.md", "ok", "90 tokens of 218", 80, 90)
    return CheckReport(Side("HEAD", BASE.commit), Side("the index"), (fine,), measured=1, rules=2, policy="tok.toml")


def broken() -> CheckReport:
    """Hostile names, and a rule that matches nothing: there is no verdict."""
    over = prompt(
        'evil\x1b[31m\nname\u202e,"x".md',
        "over",
        "9 tokens of 7: over by 2; it was 5 before",
        5,
        9,
        limit=7,
        fails=True,
    )
    wide = prompt("\u6587\u4ef6/\u4f60\u597d.md", "over-before", "9 tokens of 7: over by 2; as before", 9, 9, limit=7)
    problems = (
        Problem("no-match", "rule tools (tok.toml:31) matches no file", "tok gate explain PATH says which rules apply"),
        Problem("unreadable", "secret.txt: its blob is missing from this clone", "git fetch --refetch"),
    )
    return CheckReport(BASE, HEAD, (over, wide), measured=2, rules=2, policy="tok.toml", problems=problems)


@pytest.fixture(params=[failed, passed, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, CheckReport]:
    """The name of a report, and the report."""
    return request.param.__name__, request.param()


@pytest.fixture
def failure() -> CheckReport:
    return failed()


@pytest.fixture
def one() -> CheckReport:
    """A report on one file that fails."""
    over = prompt("a.md", "over", "246 tokens of 218: over by 28; it was 118 before", 118, 246, fails=True)
    return CheckReport(BASE, HEAD, (over,), measured=1, rules=1, policy="tok.toml")
