"""The listing for people: models with what changed of each, one change a line, then the sum."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap

from tokencli.formats import View, Write
from tokencli.formats.price_changes import name, summary
from tokencli.formats.wording import BOLD, DIM, paint, printable
from tokencli.model.price_changes import PriceChanges

NARROWEST = 24
"""A change has at least so many columns, however narrow the terminal."""


def render(report: PriceChanges, view: View, write: Write) -> None:
    """Write each model and, indented under it, its changes; on a terminal long ones go on in the next line."""
    for title, changes in groupby(report.changes, name):
        write(paint(title, BOLD, view.color) + "\n")
        for change in changes:
            text = printable(change.text)
            lines = [text] if view.width is None else wrap(text, max(NARROWEST, view.width - 4)) or [""]
            write("".join(f"  {'  ' if at else ''}{line}\n" for at, line in enumerate(lines)))
    write(paint(summary(report), DIM, view.color) + "\n")
