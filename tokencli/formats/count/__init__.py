"""What `tok count` says: a module for each format, the notes under the answer, and how the numbers were made."""

from __future__ import annotations

from tokencli.formats import View
from tokencli.formats.notes import line, note_lines, problem_lines, skipped_lines, warning_lines
from tokencli.formats.wording import RED, YELLOW, label, provenance, share
from tokencli.model import CountReport


def notes(report: CountReport, view: View, *, quiet: bool = False) -> list[str]:
    """One line each: skipped inputs, warnings of files, notes, limits; errors come last.

    With `quiet`, which leaves bare numbers for an answer, no skipped inputs, and of the notes only those that tell of
    other files than one thinks, and the ranges of estimates.
    """
    lines = [] if quiet else skipped_lines(report.skipped, view)
    lines += warning_lines(((file.path, warning) for file in report.files for warning in file.warnings), view)
    lines += note_lines(report.decisive if quiet else report.notes, view)
    if quiet:
        lines += _ranges(report, view)
    lines += _limits(report, view)
    return lines + problem_lines(report.problems, view)


def made(report: CountReport, index: int) -> str:
    """How the numbers of a column were made."""
    return provenance(report.columns[index], report.totals[index], report.default_encoding)


def window_share(report: CountReport, index: int) -> str:
    """`10.3% of 128,000`: the share of the model's context window, the high end of a range; "" where unknown."""
    window = report.columns[index].window
    if not report.window or not window:
        return ""
    return f"{share(report.totals[index].high, window)} of {window:,}"


def _ranges(report: CountReport, view: View) -> list[str]:
    """A line that says which of the numbers are estimates, and their ranges; none where all are counts."""
    ranges = [
        f"{label(column)}: {made(report, index)}"
        for index, column in enumerate(report.columns)
        if column.method == "estimate"
    ]
    return [line("note", "; ".join(ranges), "", view)] if ranges else []


def _limits(report: CountReport, view: View) -> list[str]:
    lines = []
    for limit in report.limits:
        high = "at most " if limit.column.method == "estimate" else ""
        what = f"{label(limit.column)} {high}{limit.tokens:,} of {limit.limit:,} tokens"
        if limit.over:
            lines.append(line("limit", f"{what}: over by {limit.over:,}", RED, view))
        elif not report.complete:
            lines.append(line("limit", f"{what}: not known, the count is incomplete", YELLOW, view))
        else:
            lines.append(line("limit", f"{what}: within", "", view))
    return lines
