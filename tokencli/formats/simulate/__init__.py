"""The report of `tok simulate` in words: notes for standard error, and what its formats share."""

from __future__ import annotations

from fractions import Fraction

from tokencli import money
from tokencli.formats import View
from tokencli.formats.notes import line, note_lines, problem_lines
from tokencli.formats.wording import YELLOW, printable
from tokencli.model.simulation import Simulated, SimulationReport, Spread, Spreads

SPREADS = {
    "input": "tokens of input",
    "output": "tokens of output",
    "plain": "without caching",
    "cost": "with caching",
}
"""What is drawn many times over, in words."""


def notes(report: SimulationReport, view: View, *, quiet: bool = False) -> list[str]:
    """The lines under the answer: assumptions, how runs were drawn, remarks on models, what failed."""
    lines = note_lines((*report.assumptions, *drawn(report), *report.notes), view)
    lines += [line("warning", printable(words), YELLOW, view) for words in remarks(report)]
    return lines + problem_lines(report.problems, view)


def drawn(report: SimulationReport) -> list[str]:
    """How the runs were drawn, where they were."""
    if not report.runs:
        return []
    return [
        f"p50 and p95 of {report.runs:,} sessions drawn with seed {report.seed}, each number of a range as likely as"
        " any other; the table has the middle of each range"
    ]


def remarks(report: SimulationReport) -> list[str]:
    """What is to be known of single models, each thing once."""
    found = [words for each in report.models for words in each.notes]
    for each in report.models:
        if each.confidence == "unconfirmed":
            found.append(f"the price of {name(each)} is not confirmed by the provider's own page")
    return list(dict.fromkeys(found))


def name(each: Simulated) -> str:
    return f"{each.provider}/{each.model}"


def amplification(each: Simulated) -> str:
    """How many tokens of input are billed for each of the user's: `412x`; three digits at least."""
    factor = each.amplification
    if factor is None:
        return "--"
    return f"{round(factor):,}x" if factor >= 100 else f"{money.show(factor, '').strip()}x"


def saved(plain: Fraction, cost: Fraction | None) -> str:
    """What caching saves, as a share of the cost without it; `--` where there is no caching."""
    if cost is None or not plain:
        return "--"
    tenths = round((plain - cost) / plain * 1000)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}%"


def prefix(each: Simulated) -> str:
    """The tokens of the system prompt and tools, with their range where they are an estimate."""
    found = each.prefix
    if found.low == found.high:
        return f"{found.tokens:,}"
    return f"~{found.tokens:,} ({found.low:,}-{found.high:,})"


def spread_of(spreads: Spreads) -> Spread | None:
    """The spread of what is paid: with caching where there is caching."""
    found = dict(spreads)
    return found.get("cost", found.get("plain"))


def spread_words(each: Simulated, key: str, number: Fraction) -> str:
    """A number of a spread: money or tokens."""
    return money.show(number, each.currency) if key in ("plain", "cost") else f"{int(number):,}"
