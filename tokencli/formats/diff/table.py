"""The table for a terminal: before, after and change, numbers first and right-aligned, and how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tokencli.formats import View, Write
from tokencli.formats.diff import (
    LISTS_ALL,
    between,
    cost_words,
    limit_words,
    made,
    percent,
    rest_words,
    signed,
    status,
    total_words,
    unchanged,
)
from tokencli.formats.wording import (
    BOLD,
    DIM,
    NARROWEST_PATH,
    RED,
    display_width,
    label,
    number,
    paint,
    printable,
    shorten,
)
from tokencli.model import Count
from tokencli.model.diff import Change, DiffReport

LAYOUTS: tuple[tuple[str, ...], ...] = (("BASE", "HEAD", "CHANGE", "%"), ("BASE", "HEAD", "CHANGE"), ("CHANGE",))
"""The numbers of a single column, most first; a narrow terminal gets the first that leaves `PATH_ROOM` for paths."""

PATH_ROOM = 16


class Row(NamedTuple):
    """The cells of one line: numbers (right-aligned), then a path, then what else there is to say."""

    numbers: tuple[str, ...]
    path: str
    remark: str = ""


def render(report: DiffReport, view: View, write: Write) -> None:
    """Write the table; on a terminal paths are shortened in the middle, and remarks without room get their own line."""
    if unchanged(report):
        write(unchanged(report) + "\n")
        return
    headers, rows, total, widths = _layout(report, view)
    legend = headers if len(report.columns) > 1 and headers[0] == "[1]" else ()
    write(paint(_cells(headers, widths) + "PATH", DIM, view.color) + "\n")
    for row in rows:
        for line in _lines(row, widths, view):
            write(line + "\n")
    rule = "\u2500" if view.unicode else "-"
    widest = max([len(total.path), *(len(row.path) for row in rows)])
    write(paint(rule * min(view.width or 78, 78, _start(widths) + widest), DIM, view.color) + "\n")
    _footer(report, total, widths, legend, view, write)


def _layout(report: DiffReport, view: View) -> tuple[tuple[str, ...], list[Row], Row, tuple[int, ...]]:
    """Headers, rows, total and widths, with as many numbers as leave room for paths."""
    layouts = LAYOUTS
    if len(report.columns) > 1:
        numbered = tuple(f"[{index + 1}]" for index in range(len(report.columns)))
        layouts = (tuple(label(column) for column in report.columns), numbered)
    for headers in layouts:
        rows = _rows(report, headers)
        total = Row(_totals(report, headers), total_words(report))
        widths = _widths(headers, [*rows, total])
        if view.width is None or _start(widths) + PATH_ROOM <= view.width:
            break
    return headers, rows, total, widths


def _rows(report: DiffReport, headers: Sequence[str]) -> list[Row]:
    rows = [
        Row(_numbers(report, change, headers), printable(change.path), _remark(change, "%" in headers))
        for change in report.changes
    ]
    if report.rest is not None:
        sums = [signed(change, column) for change, column in zip(report.rest[1], report.columns, strict=True)]
        cells = _single("", "", sums[0], "", headers) if len(sums) == 1 else tuple(sums)
        rows.append(Row(cells, rest_words(report), LISTS_ALL))
    return rows


def _single(base: str, head: str, change: str, share: str, headers: Sequence[str]) -> tuple[str, ...]:
    """Those of the four cells that a layout has."""
    cells = zip(LAYOUTS[0], (base, head, change, share), strict=True)
    return tuple(cell for header, cell in cells if header in headers)


def _numbers(report: DiffReport, change: Change, headers: Sequence[str]) -> tuple[str, ...]:
    deltas = tuple(signed(change.delta(index), column) for index, column in enumerate(report.columns))
    if len(deltas) > 1:
        return deltas
    share = status(change)
    if not share:
        share = percent(change.delta(0), change.base[0].tokens if change.base and change.head else 0)
    base = _side(report, change.base, change.status == "added")
    return _single(base, _side(report, change.head, change.status == "deleted"), deltas[0], share, headers)


def _side(report: DiffReport, counts: Sequence[Count] | None, absent: bool) -> str:
    """Tokens on one side: 0 where there is no such file, `-` where it is no text."""
    if counts is None:
        return "0" if absent else "-"
    return number(counts[0], report.columns[0])


def _remark(change: Change, shares: bool) -> str:
    """What else there is to say; without a column of shares, which has `new` and `deleted`, these too."""
    said = [] if shares else [status(change)]
    said += [f"renamed from {printable(change.old_path)}"] if change.old_path else []
    said += [printable(change.remark)]
    return ", ".join(filter(None, said))


def _totals(report: DiffReport, headers: Sequence[str]) -> tuple[str, ...]:
    deltas = tuple(signed(report.delta(index), column) for index, column in enumerate(report.columns))
    if len(deltas) > 1:
        return deltas
    base, head, column = report.base_totals[0], report.head_totals[0], report.columns[0]
    share = percent(report.delta(0), base.tokens)
    return _single(number(base, column), number(head, column), deltas[0], share, headers)


def _widths(headers: Sequence[str], rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(max(len(header), *(len(row.numbers[index]) for row in rows)) for index, header in enumerate(headers))


def _start(widths: Sequence[int]) -> int:
    """The column at which paths begin."""
    return sum(widths) + 2 * len(widths) + 2


def _cells(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)) + "  "


def _lines(row: Row, widths: Sequence[int], view: View) -> list[str]:
    """A row, and a second line for a remark that has no room beside the path."""
    cells = _cells(row.numbers, widths)
    if view.width is None:
        return [f"{cells}{row.path}  {row.remark}".rstrip()]
    room = max(NARROWEST_PATH, view.width - len(cells))
    path = shorten(row.path, room, view.unicode)
    if not row.remark:
        return [cells + path]
    if display_width(path) + 2 + display_width(row.remark) <= room:
        return [f"{cells}{path}  {row.remark}"]
    indent = min(len(cells) + 2, max(2, view.width - display_width(row.remark)))
    return [cells + path, " " * indent + shorten(row.remark, view.width - indent, view.unicode)]


def _footer(
    report: DiffReport, total: Row, widths: Sequence[int], legend: Sequence[str], view: View, write: Write
) -> None:
    """The total, how it was made, the two states, and whether it may grow so much."""
    cells = _cells(total.numbers, widths)
    bold = paint(cells.rstrip(), BOLD, view.color) + cells[len(cells.rstrip()) :]
    words = total.path if report.complete else paint(total.path, RED, view.color)
    single = len(report.columns) == 1
    how = [_how(report, index, legend) for index in range(len(report.columns))]
    if single and (view.width is None or len(cells) + len(total.path) + 2 + len(how[0]) <= view.width):
        write(f"{bold}{words}, {how[0]}\n")
        how = []
    else:
        write(f"{bold}{words}\n" + ("" if single else "\n"))
    if single and len(widths) == 1:
        base, head = (number(side[0], report.columns[0]) for side in (report.base_totals, report.head_totals))
        how.insert(0, f"{base} -> {head}")
    for line in filter(None, [*how, cost_words(report), between(report)]):
        write(f"  {line}\n")
    _limits(report, view, write)


def _limits(report: DiffReport, view: View, write: Write) -> None:
    """Whether each column may grow so much."""
    for index, column in enumerate(report.columns):
        limit = limit_words(report, index)
        if limit:
            style = RED if "FAILED" in limit else ""
            name = "" if len(report.columns) == 1 else f"{label(column)} "
            gate = paint(f"gate  {name}{limit}", style, view.color and bool(style))
            write(f"  {gate}\n" if index else f"\n  {gate}\n")


def _how(report: DiffReport, index: int, legend: Sequence[str]) -> str:
    """How a column was made; of several columns also its name and what it was on both sides."""
    column = report.columns[index]
    if len(report.columns) == 1:
        return f"{label(column)}: {made(report, 0)}" if column.model else made(report, 0)
    mark = f"{legend[index]} " if legend else ""
    wide = max(len(label(known)) for known in report.columns)
    base, head = number(report.base_totals[index], column), number(report.head_totals[index], column)
    return f"{mark}{label(column):<{wide}}  {base} -> {head}, {made(report, index)}"
