"""Workflow commands of GitHub Actions, which become annotations on the files of a pull request.

`::error file=...,line=...,title=...::message`, with `%`, CR and LF written as `%25`, `%0D` and `%0A`, and in properties
`:` and `,` as `%3A` and `%2C`:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
"""

from __future__ import annotations

from typing import NamedTuple

from tokencli.formats import View, Write
from tokencli.formats.check import Level, found, level, measured, outcome, place, remedies, rule_words, why
from tokencli.formats.wording import plural, printable
from tokencli.model.gate import CheckReport, Verdict

COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}

SHOWN = 10
"""GitHub shows so many annotations of a kind for a step, and drops the rest without a word."""

LONGEST = 20_000
"""Characters of the message that sums up the rest; GitHub cuts it off at 64 kB."""


class Annotation(NamedTuple):
    """One command, before it is escaped; `path` is "" where it is about no file."""

    level: Level
    title: str
    message: str
    path: str = ""
    line: int = 1


def render(report: CheckReport, view: View, write: Write) -> None:
    """Write a command for each problem and each verdict that is not ok, and the outcome for the log."""
    annotations = [
        Annotation("error", f"tok check: {problem.code}", "\n".join(filter(None, (problem.message, problem.hint))))
        for problem in report.problems
    ]
    annotations += [_annotation(verdict, report) for verdict in found(report)]
    for kind in COMMANDS:
        for annotation in _at_most([a for a in annotations if a.level == kind]):
            write(_command(annotation) + "\n")
    write(f"gate  {measured(report)}: {outcome(report)}\n")


def _annotation(verdict: Verdict, report: CheckReport) -> Annotation:
    path, line = place(verdict)
    about = f"{verdict.path}: " if path != verdict.path and verdict.path else ""
    to_pass = [f"to pass: {remedy}" for remedy in remedies([verdict])] if verdict.fails else []
    lines = [f"{about}{verdict.message}", rule_words(verdict), why(verdict), *to_pass]
    title = f"tok check: {verdict.verdict}{f', {verdict.rule}' if verdict.rule else ''}"
    return Annotation(level(verdict, report), title, "\n".join(filter(None, lines)), path, line)


def _at_most(annotations: list[Annotation]) -> list[Annotation]:
    """As many as GitHub shows; the last sums up those it would drop."""
    if len(annotations) <= SHOWN:
        return annotations
    kept, rest = annotations[: SHOWN - 1], annotations[SHOWN - 1 :]
    lines = [": ".join(filter(None, (printable(one.path), one.message.partition("\n")[0]))) for one in rest]
    message = f"{len(rest):,} more:"
    for done, line in enumerate(lines):
        if len(message) + len(line) > LONGEST:
            message += f"\nand {len(lines) - done:,} more, which tok check --format json lists"
            break
        message += f"\n{line}"
    return [*kept, Annotation(rest[0].level, f"tok check: {plural(len(rest), 'more ' + rest[0].level)}", message)]


def _command(annotation: Annotation) -> str:
    place = f"file={_property(annotation.path)},line={annotation.line}," if annotation.path else ""
    lines = "\n".join(printable(line) for line in annotation.message.split("\n"))
    title = _property(annotation.title)
    return f"::{COMMANDS[annotation.level]} {place}title={title}::{_data(lines)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
