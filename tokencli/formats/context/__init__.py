"""What `tok context` says: a module for each format, the notes under the answer, and the words that formats share."""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View
from tokencli.formats.notes import note_lines, problem_lines, skipped_lines
from tokencli.formats.wording import label, plural, printable, share
from tokencli.model import Column, Count
from tokencli.model.context import AgentContext, ContextReport, Item, StandingPrice

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


MONEY = ("A REQUEST", f"{REQUESTS:,}", "CACHED READ", "WRITE", f"{REQUESTS:,} CACHED")
"""Heads of the columns of money: uncached, then as one write and 999 reads of a cache."""


def amounts(found: StandingPrice | None) -> list[str]:
    """What MONEY names, for people; `--` where there is no price."""
    if found is None:
        return ["--"] * len(MONEY)
    cached = found.cached
    known = (found.request, found.thousand, cached.read, cached.write, cached.thousand)
    mark = "~" if found.low != found.high else ""
    return ["--" if amount is None else mark + money.show(amount, found.currency) for amount in known]


def money_words(agent: AgentContext, index: int, report: ContextReport) -> str:
    """`claude-opus-4-8: $0.0077 a request, $7.73 in 1,000; cached for 5 minutes $0.78, ...`; "" for no model."""
    if not agent.prices or report.columns[index].model is None:
        return ""
    name, found = label(report.columns[index]), agent.prices[index]
    request, thousand, read, write, cached = amounts(found)
    if found is None:
        return f"{name}: no price"
    plain = f"{name}: {request} a request, {thousand} in {REQUESTS:,}"
    if found.low != found.high:
        plain += f" ({money.show(found.low, found.currency)} to {money.show(found.high, found.currency)})"
    if found.cached.thousand is None:
        return f"{plain}{remark(found)}"
    how = CACHES.get(found.cached.lifetime, f"cached for {found.cached.lifetime}")
    return f"{plain}; {how} {cached}, {write} for the write and {read} for a read{remark(found)}"


CACHES = {"automatic": "cached automatically", "written": "cached"}


def remark(found: StandingPrice) -> str:
    """What is to be known of a cached price, and of its confidence."""
    words = [found.cached.why] if found.cached.why else []
    if found.confidence == "unconfirmed":
        words.append("unconfirmed")
    return f" ({'; '.join(words)})" if words else ""
