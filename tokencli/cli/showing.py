"""How every command that reports shows its answer: in a format, on a stream or in a file, with notes beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from tokencli.cli.options import State
from tokencli.cli.output import Look, complain, look, write_text

if TYPE_CHECKING:
    from tokencli.config import Value


MIN_ROWS = 10
ROOM_BELOW = 8
"""A listing on a terminal leaves this many lines for its heading, totals, notes and the next prompt."""


class Answer(NamedTuple):
    """What is shown: the command's name, its report and exit code, and where to.

    `bare` is the text of a quiet answer, None for a full one. A report without an `answer`, of a command that failed
    as a whole, has only notes, save in the formats for machines. `arrange` fits the report to the place and format.
    """

    command: str
    report: Any
    code: int
    output: str | None = None
    bare: str | None = None
    answer: bool = True
    show_skipped: bool = False
    arrange: Callable[[Any, Look, str], Any] = lambda report, target, name: report


def rows_shown(asked: int | None, target: Look, name: str, *, everything: bool) -> int | None:
    """How many rows to list: those asked for, or as many as a terminal has room for; None for all."""
    if everything:
        return None
    if asked is None and name == "table" and target.lines is not None:
        return max(MIN_ROWS, target.lines - ROOM_BELOW)
    return asked


def show(answer: Answer, settings: Mapping[str, Value], state: State) -> int:
    """Write the answer, and the notes under it to standard error; returns the exit code."""
    from tokencli import formats
    from tokencli.formats import View

    color = settings["color"].value
    target = look(None if answer.output else sys.stdout, state.environ, color)
    name = settings["format"].value
    if name == "auto":
        name = "table" if target.terminal else "plain"
    parts: list[str] = []
    if answer.bare is not None and answer.answer:
        parts = [answer.bare]
    elif answer.bare is None and (answer.answer or name in ("json", "jsonl", "sarif")):
        unicode = bool(answer.output) or target.unicode
        view = View(target.width, target.color, unicode, exit_code=answer.code)
        formats.load(answer.command, name)(answer.arrange(answer.report, target, name), view, parts.append)
    if parts:
        write_text("".join(parts), answer.output)
    if name != "json" or answer.bare is not None:
        errors = look(sys.stderr, state.environ, color)
        below = View(errors.width, errors.color, show_skipped=answer.show_skipped)
        notes = import_module(f"tokencli.formats.{answer.command}").notes
        lines = notes(answer.report, below, quiet=answer.bare is not None)
        if lines and parts and name == "table" and target.terminal and answer.bare is None:
            lines[0] = "\n" + lines[0]
        complain(*lines)
    return answer.code
