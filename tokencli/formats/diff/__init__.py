"""What `tok diff` says: a module for each format, the notes under the answer, and the words that formats share."""

from __future__ import annotations

from tokencli.formats import View
from tokencli.formats.notes import line, note_lines, problem_lines, skipped_lines, warning_lines
from tokencli.formats.wording import label, plural, printable, provenance
from tokencli.model import Column, Count
from tokencli.model.diff import Change, DiffReport

LISTS_ALL = "(--all lists them)"


def notes(report: DiffReport, view: View, *, quiet: bool = False) -> list[str]:
    """One line each: what was skipped, warnings of files, notes; errors come last.

    With `quiet`, which leaves bare numbers for an answer, no skipped files, and with the notes the ranges of estimates.
    """
    lines = [] if quiet else skipped_lines(report.skipped, view)
    lines += warning_lines(((change.path, warning) for change in report.changes for warning in change.warnings), view)
    lines += note_lines(report.notes, view)
    if quiet:
        ranges = [
            f"{label(column)}: {made(report, index)}"
            for index, column in enumerate(report.columns)
            if column.method == "estimate"
        ]
        lines += [line("note", "; ".join(ranges), "", view)] if ranges else []
    return lines + problem_lines(report.problems, view)


def signed(change: int, column: Column) -> str:
    """Tokens added or gone, with their sign; `~` before what follows from estimates."""
    text = f"{change:+,}" if change else "0"
    return f"~{text}" if column.method == "estimate" else text


def percent(change: int, base: int) -> str:
    """A signed percentage with one decimal, `-` where there was nothing."""
    if not base:
        return "-"
    return f"{100 * change / base:+,.1f}%" if change else "0.0%"


def status(change: Change) -> str:
    """`new`, `deleted`, or "" where the file is on both sides."""
    return {"added": "new", "deleted": "deleted"}.get(change.status, "")


def tokens(counts: tuple[Count, ...] | None, column: int) -> int | None:
    """The tokens of one side in a column, None where there is no text."""
    return counts[column].tokens if counts is not None else None


def made(report: DiffReport, index: int) -> str:
    """How the numbers of a column were made; the range of an estimate is that of the head."""
    return provenance(report.columns[index], report.head_totals[index], report.default_encoding)


def between(report: DiffReport) -> str:
    """The two states: `main (0123456789) -> the index`."""
    return f"{printable(report.base.label)} -> {printable(report.head.label)}"


def unchanged(report: DiffReport) -> str:
    """The sentence for a comparison that found no difference; "" where there is one, or something is not known."""
    if report.file_count or report.problems:
        return ""
    return f"no text file differs between {printable(report.base.label)} and {printable(report.head.label)}"


def total_words(report: DiffReport) -> str:
    """`3 files`, and how many errors make the total incomplete."""
    words = plural(report.file_count, "file")
    return words if report.complete else f"{words}, incomplete: {plural(len(report.problems), 'error')}"


def rest_words(report: DiffReport) -> str:
    """`4 smaller files`: what stands for those left out of the listing; "" where all are in it."""
    return plural(report.rest[0], "smaller file") if report.rest is not None else ""


def limit_words(report: DiffReport, index: int) -> str:
    """`max +2,000 tokens: passed (-750)`: whether a column grew by more than it may."""
    most = report.max_increase
    if most is None:
        return ""
    grown = report.increase(index)
    high = ", the high end" if report.columns[index].method == "estimate" else ""
    if not report.complete:
        verdict = "not known, the comparison is incomplete"
    elif grown > most:
        verdict = f"FAILED ({grown:+,}{high}, {grown - most:,} over)"
    else:
        verdict = f"passed ({grown:+,}{high})"
    return f"max {most:+,} tokens: {verdict}"


def cost_words(report: DiffReport) -> str:
    """`-$0.0019 per call on gpt-4o input, -$1.88 per 1,000 calls`; "" where no price was asked for."""
    cost = report.cost
    if cost is None:
        return ""
    from tokencli.money import show

    sign = ("~" if cost.estimate else "") + ("+" if cost.amount > 0 else "")
    one, many = (f"{sign}{show(cost.amount * calls, cost.currency)}" for calls in (1, 1000))
    return printable(f"{one} per call on {cost.name} input, {many} per 1,000 calls")
