"""The table for a terminal: the best encoding first; where there is no room, columns go below each other."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from tokencli.formats import View, Write
from tokencli.formats.fertility import HEADERS, cells, headers, name, sizes
from tokencli.formats.wording import BOLD, DIM, paint, shorten
from tokencli.model.comparison import Comparison

LABEL = 16
"""A name has at least so many columns of a terminal, where it is as long."""


def render(report: Comparison, view: View, write: Write) -> None:
    """Write the table, in parts one below the other where a terminal is too narrow for one."""
    rows = [cells(report, row) for row in report.rows]
    names = [name(row) for row in report.rows]
    heads = headers(report)
    widths = [max(len(head), *(len(row[at]) for row in rows)) for at, head in enumerate(heads)]
    for at, part in enumerate(_parts(widths, max(map(len, names)), view)):
        if at:
            write("\n")
        _table(heads[part], [row[part] for row in rows], widths[part], names, view, write)
    write("\n")
    for line in wrap(sizes(report), view.width - 2) if view.width is not None else [sizes(report)]:
        write(paint(f"  {line}", DIM, view.color) + "\n")


def _parts(widths: Sequence[int], label: int, view: View) -> list[slice]:
    """The columns that stand beside each other: all, or else the scripts apart, in as many parts as it takes."""
    if view.width is None or sum(widths) + 2 * len(widths) + 2 + label <= view.width:
        return [slice(None)]
    room = view.width - 2 - min(label, LABEL)
    parts, start = [], 0
    for at in range(1, len(widths)):
        if at == len(HEADERS) or sum(widths[start : at + 1]) + 2 * (at + 1 - start) > room:
            parts.append(slice(start, at))
            start = at
    return [*parts, slice(start, None)]


def _table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    names: Sequence[str],
    view: View,
    write: Write,
) -> None:
    def numbers(values: Sequence[str]) -> str:
        return "".join(f"  {value:>{width}}" for value, width in zip(values, widths, strict=True)) + "  "

    write(paint(numbers(heads) + "ENCODING", DIM, view.color) + "\n")
    for at, (row, label) in enumerate(zip(rows, names, strict=True)):
        line = numbers(row)
        shown = label if view.width is None else shorten(label, view.width - len(line), view.unicode)
        write(paint(line + shown, BOLD, view.color and at == 0) + "\n")
