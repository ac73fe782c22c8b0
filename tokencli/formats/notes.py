"""The lines under an answer: what was skipped, what is doubtful, which limit was passed. For standard error."""

from __future__ import annotations

from tokencli.formats.view import View
from tokencli.formats.wording import RED, YELLOW, label, paint, plural, printable, provenance
from tokencli.model import CountReport

MANY = 10
"""So many warnings of one kind are listed on a terminal."""


def notes(report: CountReport, view: View, *, quiet: bool = False) -> list[str]:
    """One line each: skipped inputs, warnings of files, notes, limits; errors come last.

    With `quiet`, which leaves bare numbers for an answer, no skipped inputs, and of the notes only those that tell of
    other files than one thinks, and the ranges of estimates.
    """
    lines = [] if quiet else _skipped(report, view)
    lines += _warnings(report, view)
    shown = report.decisive if quiet else report.notes
    lines += [_line("note", printable(note), "", view) for note in shown]
    if quiet:
        lines += _ranges(report, view)
    lines += _limits(report, view)
    for problem in report.problems:
        lines.append(_line("error", printable(problem.message), RED, view))
        if problem.hint:
            lines.append(_line("hint", printable(problem.hint), "", view))
    return lines


def _line(kind: str, text: str, style: str, view: View) -> str:
    return "  " + paint(f"{kind:<9}", style, view.color and bool(style)) + " " + text


def _warnings(report: CountReport, view: View) -> list[str]:
    """The warnings of files; on a terminal those of one kind are summed up after the first `MANY`."""
    lines: list[str] = []
    kinds: dict[str, int] = {}
    for file in report.files:
        for warning in file.warnings:
            kind = warning.partition(" (")[0].partition(":")[0]
            kinds[kind] = kinds.get(kind, 0) + 1
            if view.width is None or kinds[kind] <= MANY:
                lines.append(_line("warning", f"{printable(file.path)}: {printable(warning)}", YELLOW, view))
    if view.width is not None:
        for kind, count in kinds.items():
            if count > MANY:
                words = f"and {plural(count - MANY, 'more file')}: {printable(kind)}"
                lines.append(_line("warning", words, YELLOW, view))
    return lines


def _skipped(report: CountReport, view: View) -> list[str]:
    reasons: dict[str, int] = {}
    for entry in report.skipped:
        reasons[entry.reason] = reasons.get(entry.reason, 0) + entry.count
    if not reasons:
        return []
    words = ", ".join(_reason(count, reason) for reason, count in reasons.items())
    if not view.show_skipped:
        return [_line("skipped", f"{words}  (--show-skipped)", "", view)]
    lines = [_line("skipped", words, "", view)]
    for entry in report.skipped:
        more = f" ({entry.count:,})" if entry.count != 1 else ""
        lines.append(" " * 12 + f"{printable(entry.path)}: {entry.reason}{more}")
    return lines


def _reason(count: int, reason: str) -> str:
    return plural(count, reason) if reason == "symlink" else f"{count:,} {reason}"


def _ranges(report: CountReport, view: View) -> list[str]:
    """A line that says which of the numbers are estimates, and their ranges; none where all are counts."""
    ranges = [
        f"{label(column)}: {provenance(report, index)}"
        for index, column in enumerate(report.columns)
        if column.method == "estimate"
    ]
    return [_line("note", "; ".join(ranges), "", view)] if ranges else []


def _limits(report: CountReport, view: View) -> list[str]:
    lines = []
    for limit in report.limits:
        high = "at most " if limit.column.method == "estimate" else ""
        what = f"{label(limit.column)} {high}{limit.tokens:,} of {limit.limit:,} tokens"
        if limit.over:
            lines.append(_line("limit", f"{what}: over by {limit.over:,}", RED, view))
        elif not report.complete:
            lines.append(_line("limit", f"{what}: not known, the count is incomplete", YELLOW, view))
        else:
            lines.append(_line("limit", f"{what}: within", "", view))
    return lines
