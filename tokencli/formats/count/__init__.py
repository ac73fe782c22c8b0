"""What `tok count` says: a module for each format, the notes under the answer, and how the numbers were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tokencli.formats import View
from tokencli.formats.notes import MANY, line, note_lines, problem_lines, skipped_lines, warning_lines
from tokencli.formats.wording import RED, YELLOW, label, plural, provenance, share
from tokencli.model import Column, CountReport, FileCount

if TYPE_CHECKING:
    from tokencli.model.transcript import Framing


def notes(report: CountReport, view: View, *, quiet: bool = False) -> list[str]:
    """One line each: skipped inputs, warnings of files, notes, limits; errors come last.

    With `quiet`, which leaves bare numbers for an answer, no skipped inputs, and of the notes only those that tell of
    other files than one thinks, and the ranges of estimates.
    """
    lines = [] if quiet else skipped_lines(report.skipped, view)
    lines += warning_lines(((file.path, warning) for file in report.files for warning in file.warnings), view)
    lines += note_lines(report.decisive if quiet else report.notes, view)
    lines += note_lines(transcript_words(report.files, report.columns, quiet=quiet), view)
    if quiet:
        lines += _ranges(report, view)
    lines += _limits(report, view)
    return lines + problem_lines(report.problems, view)


def transcript_words(files: Sequence[FileCount], columns: Sequence[Column], *, quiet: bool = False) -> list[str]:
    """For each file that was read as a transcript: as which, its framing for each model, what was left out. With
    `quiet` only as which. The first `MANY` files are told of one by one."""
    read = [file for file in files if file.transcript is not None]
    words: list[str] = []
    for file in read[:MANY]:
        found = file.transcript
        if found is None:
            continue
        tools = f", {plural(len(found.tools), 'tool')}" if found.tools else ""
        words.append(f"{file.path}: read as {file.kind}: {plural(found.size, 'message')}{tools}")
        if not quiet:
            for column, framing in zip(columns, found.framing, strict=True):
                words.append(f"{file.path}: {_framing(column, framing)}")
            words += [f"{file.path}: {note}" for note in found.notes]
    if len(read) > MANY:
        words.append(f"and {plural(len(read) - MANY, 'more file')} read as transcripts")
    return words


def _framing(column: Column, framing: Framing) -> str:
    """`framing 41 for gpt-4o: messages 18, roles 6, reply 3 (OpenAI's rule)`, with the range of an estimate."""
    if column.model is None:
        return f"content only: framing depends on the model, and {label(column)} names none"
    total = framing.tokens
    between = f" ({total.low:,} to {total.high:,})" if total.low != total.high else ""
    lines = ", ".join(f"{line.what} {line.tokens.tokens:,}" for line in framing.lines)
    return f"framing {total.tokens:,}{between} for {label(column)}{': ' if lines else ''}{lines} (rule: {framing.rule})"


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
