"""What `tok context` says: a module for each format, the notes under the answer, and the words that formats share."""

from __future__ import annotations

from tokencli.formats import View
from tokencli.formats.notes import note_lines, problem_lines, skipped_lines
from tokencli.formats.wording import label, plural, printable, share
from tokencli.model import Column, Count
from tokencli.model.context import AgentContext, ContextReport, Item

REQUESTS = 1_000
LOADS = {"always": "in every request", "demand": "on demand", "unknown": "not known"}


def notes(report: ContextReport, view: View, *, quiet: bool = False) -> list[str]:
    """One line each: what was skipped (not with `quiet`) and notes; errors come last."""
    lines = [] if quiet else skipped_lines(report.skipped, view)
    return lines + note_lines(report.notes, view) + problem_lines(report.problems, view)


def tokens(count: Count, column: Column) -> str:
    """Tokens, `~` before an estimate, which in any column those of tool definitions are."""
    return f"{'~' if is_range(count, column) else ''}{count.tokens:,}"


def is_range(count: Count, column: Column) -> bool:
    """Whether the number has a low and a high end."""
    return column.method == "estimate" or count.low != count.high


def cells(item: Item, report: ContextReport) -> list[str]:
    """The tokens of an item in each column; `?` where they are not known."""
    if item.counts is None:
        return ["?"] * len(report.columns)
    return [tokens(count, column) for count, column in zip(item.counts, report.columns, strict=True)]


def made(agent: AgentContext, index: int, report: ContextReport) -> str:
    """How a column was made: `o200k_base, exact`, and the range where there is one."""
    column, total = report.columns[index], agent.always[index]
    if column.method == "estimate":
        how = f"estimate from {printable(column.proxy)}" if column.proxy else "estimate"
    else:
        how = f"{printable(column.encoding)}{' (default)' if report.default_encoding else ''}, {column.method}"
    if not is_range(total, column):
        return how
    tools = "" if column.method == "estimate" else ", tools estimated"
    return f"{how}{tools}, range {total.low:,}-{total.high:,}"


def sentence(agent: AgentContext, index: int, report: ContextReport) -> str:
    """`claude-opus-4-8: 0.6% of the window, 1,546,000 tokens in 1,000 requests, claude-4.8, reconstructed`."""
    column, total = report.columns[index], agent.always[index]
    name = f"{label(column)}: " if column.model or len(report.columns) > 1 else ""
    window = "window not known, " if column.model else ""
    window = f"{share(total.tokens, column.window)} of the window, " if column.window else window
    thousand = tokens(Count(*(REQUESTS * number for number in (total.tokens, total.low, total.high))), column)
    limit = f"; {limit_words(agent, index, report)}" if report.limit is not None else ""
    return f"{name}{window}{thousand} tokens in {REQUESTS:,} requests, {made(agent, index, report)}{limit}"


def limit_words(agent: AgentContext, index: int, report: ContextReport) -> str:
    """`max 2,000 tokens: FAILED (254 over)`."""
    most, high = report.limit or 0, agent.always[index].high
    if high > most:
        return f"max {most:,} tokens: FAILED ({high - most:,} over)"
    known = not agent.unknown and report.complete
    return f"max {most:,} tokens: {'passed' if known else 'not known'}"


def total_words(agent: AgentContext) -> str:
    """`in every request`, and what of it is not known."""
    unknown = plural(len(agent.unknown), "thing") if agent.unknown else ""
    return f"in every request{f', and {unknown} not known' if unknown else ''}"
