"""Lines under an answer, for standard error: what was skipped, what is doubtful, what failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tokencli.formats import View
from tokencli.formats.wording import RED, YELLOW, leading, paint, plural, printable
from tokencli.model import Problem, Skipped

MANY = 10
"""So many warnings of one kind are listed on a terminal."""


def line(kind: str, text: str, style: str, view: View) -> str:
    """One line of a kind (`note`, `warning`), in a style where there is colour."""
    return "  " + paint(f"{kind:<9}", style, view.color and bool(style)) + " " + text


def note_lines(notes: Iterable[str], view: View) -> list[str]:
    """A line for each note."""
    return [line("note", printable(note), "", view) for note in notes]


def warning_lines(warnings: Iterable[tuple[str, str]], view: View) -> list[str]:
    """Warnings with their paths; on a terminal those of one kind are summed up after the first `MANY`."""
    lines: list[str] = []
    kinds: dict[str, int] = {}
    for path, warning in warnings:
        kind = warning.partition(" (")[0].partition(":")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
        if view.width is None or kinds[kind] <= MANY:
            lines.append(line("warning", f"{printable(path)}: {printable(warning)}", YELLOW, view))
    if view.width is not None:
        for kind, count in kinds.items():
            if count > MANY:
                words = f"and {plural(count - MANY, 'more file')}: {printable(kind)}"
                lines.append(line("warning", words, YELLOW, view))
    return lines


def skipped_lines(skipped: Sequence[Skipped], view: View) -> list[str]:
    """How many inputs were left out for each reason; where the view asks for it, every one of them."""
    reasons: dict[str, int] = {}
    for entry in skipped:
        reasons[entry.reason] = reasons.get(entry.reason, 0) + entry.count
    if not reasons:
        return []
    words = ", ".join(_reason(count, reason) for reason, count in reasons.items())
    if not view.show_skipped:
        return [line("skipped", f"{words}  (--show-skipped)", "", view)]
    lines = [line("skipped", words, "", view)]
    for entry in skipped:
        more = f" ({entry.count:,})" if entry.count != 1 else ""
        lines.append(" " * 12 + f"{leading(printable(entry.path))}: {entry.reason}{more}")
    return lines


def problem_lines(problems: Iterable[Problem], view: View) -> list[str]:
    """What failed, each with what to do about it."""
    lines = []
    for problem in problems:
        lines.append(line("error", printable(problem.message), RED, view))
        if problem.hint:
            lines.append(line("hint", printable(problem.hint), "", view))
    return lines


def _reason(count: int, reason: str) -> str:
    return plural(count, reason) if reason == "symlink" else f"{count:,} {reason}"
