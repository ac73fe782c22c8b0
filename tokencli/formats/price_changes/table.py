"""The listing for people: models with what changed of each, one change a line, then the sum."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

from tokencli.formats import View, Write
from tokencli.formats.price_changes import name, summary
from tokencli.formats.wording import BOLD, DIM, paint, printable, shorten
from tokencli.model.price_changes import PriceChanges

NARROWEST = 24
"""A change has at least so many columns, however narrow the terminal."""


def render(report: PriceChanges, view: View, write: Write) -> None:
    """Write each model and, indented under it, its changes; on a terminal long ones go on in the next line."""
    for title, changes in groupby(report.changes, name):
        shown = title if view.width is None else shorten(title, view.width, view.unicode)
        write(paint(shown, BOLD, view.color) + "\n")
        for change in changes:
            write("".join(f"  {line}\n" for line in _lines(printable(change.text), view, 2)))
    write("".join(paint(line, DIM, view.color) + "\n" for line in _lines(summary(report), view, 0)))


def _lines(text: str, view: View, indent: int) -> Iterator[str]:
    if view.width is None:
        yield text
    else:
        yield from wrap(text, max(NARROWEST, view.width - indent), subsequent_indent="  ")
