"""The verdicts for people: what fails first, each with its place, rule and reason, and one line that says it all."""

from __future__ import annotations

from collections.abc import Iterable

from tokencli.formats import View, Write
from tokencli.formats.check import level, measured, outcome, remedies, rule_words, shown_only, states, why
from tokencli.formats.wording import BOLD, DIM, RED, YELLOW, display_width, leading, paint, printable
from tokencli.model.gate import CheckReport, Verdict

LABEL = 7
"""The longest of the words before paths and remedies, `to pass`."""

MANY = 10
"""So many files that were over before are listed on a terminal."""


def render(report: CheckReport, view: View, write: Write) -> None:
    """Write the sections and the verdict; text is wrapped to the terminal, and paths stay whole to be copied."""
    if report.failed:
        write(paint("failed", RED, view.color) + "\n")
        for verdict in report.failed:
            _write_failure(verdict, view, write)
        for remedy in remedies(report.failed):
            _write_lines(_wrapped(["to pass", remedy], "  ", view, hang=" " * (LABEL + 4)), write)
        write("\n")
    for section in shown_only(report):
        write(paint(section.title, DIM, view.color) + "\n")
        cut = MANY if view.width is not None and section.verdicts[0].verdict == "over-before" else None
        for verdict in section.verdicts[:cut]:
            _write_heading(verdict, YELLOW if level(verdict, report) == "warning" else "", view, write)
            words = f"{printable(verdict.message)}; {rule_words(verdict)}"
            _write_lines(_wrapped([words], " " * (LABEL + 4), view), write)
        more = len(section.verdicts[cut:]) if cut is not None else 0
        write(f"{' ' * (LABEL + 4)}and {more:,} more (--format plain)\n\n" if more else "\n")
    words = outcome(report)
    style = BOLD if report.complete and not report.failed else RED
    write(f"  gate  {measured(report)}: {paint(words, style, view.color)}\n")
    _write_lines(_wrapped([states(report)], " " * 8, view), write)


def _write_failure(verdict: Verdict, view: View, write: Write) -> None:
    """All there is to say about what fails."""
    _write_heading(verdict, RED, view, write)
    for line in filter(None, (printable(verdict.message), rule_words(verdict), why(verdict))):
        _write_lines(_wrapped([line], " " * (LABEL + 4), view), write)


def _write_heading(verdict: Verdict, style: str, view: View, write: Write) -> None:
    word = "over" if verdict.verdict == "over-before" else verdict.verdict
    label = paint(f"{word:<{LABEL}}", style, view.color and bool(style))
    write(f"  {label}  {printable(verdict.path or verdict.origin)}\n")
    if verdict.old_path:
        write(f"{' ' * (LABEL + 4)}renamed from {printable(verdict.old_path)}\n")


def _write_lines(lines: Iterable[str], write: Write) -> None:
    for line in lines:
        text = line.lstrip(" ")
        write(" " * (len(line) - len(text)) + leading(text) + "\n")


def _wrapped(parts: list[str], indent: str, view: View, hang: str | None = None) -> list[str]:
    """The parts, two blanks apart, on lines that fit the terminal; a word longer than a line is not broken."""
    text = indent + "  ".join(parts)
    if view.width is None or display_width(text) <= view.width:
        return [text]
    lines, line = [], indent
    for word in text[len(indent) :].split(" "):
        joined = f"{line} {word}" if line.strip() else line + word
        if display_width(joined) > view.width and line.strip():
            lines.append(line.rstrip())
            joined = (indent if hang is None else hang) + word
        line = joined
    return [*lines, line]
