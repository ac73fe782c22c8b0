"""The table for a terminal: the best encoding first; where there is no room, scripts go to lines of their own."""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import View, Write
from tokencli.formats.fertility import HEADERS, cells, headers, name, sizes
from tokencli.formats.wording import BOLD, DIM, paint
from tokencli.model.comparison import Comparison


def render(report: Comparison, view: View, write: Write) -> None:
    """Write the table, in two parts one below the other where a terminal is too narrow for one."""
    rows = [cells(report, row) for row in report.rows]
    names = [name(row) for row in report.rows]
    heads = headers(report)
    fits = view.width is None or _width(heads, rows) + max(map(len, names)) <= view.width
    parts = [slice(None)] if fits or len(heads) == len(HEADERS) else [slice(0, len(HEADERS)), slice(len(HEADERS), None)]
    for at, part in enumerate(parts):
        if at:
            write("\n")
        _table(heads[part], [row[part] for row in rows], names, view, write)
    script = "; a script's column: tokens per character of its runs" if len(heads) > len(HEADERS) else ""
    write("\n" + paint(f"  {sizes(report)}{script}", DIM, view.color) + "\n")


def _width(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    return sum(_widths(heads, rows)) + 2 * len(heads) + 2


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(head), *(len(row[at]) for row in rows)) for at, head in enumerate(heads)]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], names: Sequence[str], view: View, write: Write) -> None:
    widths = _widths(heads, rows)

    def numbers(values: Sequence[str]) -> str:
        return "".join(f"  {value:>{width}}" for value, width in zip(values, widths, strict=True)) + "  "

    write(paint(numbers(heads) + "ENCODING", DIM, view.color) + "\n")
    for at, (row, label) in enumerate(zip(rows, names, strict=True)):
        write(paint(numbers(row) + label, BOLD, view.color and at == 0) + "\n")
