"""The table for a terminal: numbers first and right-aligned, a rule, totals, and how the numbers were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tokencli.formats import View, Write
from tokencli.formats.count import made, window_share
from tokencli.formats.wording import (
    BOLD,
    DIM,
    NARROWEST_PATH,
    RED,
    display_width,
    label,
    number,
    paint,
    plural,
    printable,
    share,
    shorten,
    size,
)
from tokencli.model import Count, CountReport


class Row(NamedTuple):
    """The cells of one line: numbers (right-aligned), then a path indented by `depth`, then a remark."""

    numbers: tuple[str, ...]
    path: str
    depth: int = 0
    remark: str = ""


def render(report: CountReport, view: View, write: Write) -> None:
    """Write the table; on a terminal paths are shortened in the middle to keep each row on one line."""
    headers = _headers(report)
    rows = _rows(report)
    last = Row(_total_numbers(report), _total_words(report))
    widths = _widths(headers, [*rows, last])
    short = view.width is not None and sum(widths) + 2 * len(widths) + 2 + NARROWEST_PATH > view.width
    legend: tuple[str, ...] = ()
    if short and len(report.columns) > 1:
        legend = tuple(f"[{index + 1}]" for index in range(len(report.columns)))
        headers = (*legend, *headers[len(legend) :])
        widths = _widths(headers, [*rows, last])
    title = _what(report)
    write(paint(_format(Row(headers, title), widths, view), DIM, view.color) + "\n")
    for row in rows:
        write(_format(row, widths, view) + "\n")
    rule = "\u2500" if view.unicode else "-"
    write(paint(rule * _rule_width(rows, widths, view), DIM, view.color) + "\n")
    _footer(report, last, widths, legend, view, write)


def _headers(report: CountReport) -> tuple[str, ...]:
    if len(report.columns) > 1:
        return tuple(label(column) for column in report.columns)
    headers = ["TOKENS", "WINDOW" if report.window else "SHARE"]
    if _has_own(report):
        headers.insert(1, "OWN")
    return tuple(headers)


def _what(report: CountReport) -> str:
    by = report.groups[0].by if report.groups else "path"
    known = {"ext": "EXTENSION", "section": "SECTION", "dir": "FOLDER", "role": "ROLE", "message": "MESSAGE"}
    return {**known, "tool": "TOOL", "part": "PART"}.get(by, "PATH")


def _has_own(report: CountReport) -> bool:
    return bool(report.groups) and report.groups[0].by in ("dir", "section")


def _rows(report: CountReport) -> list[Row]:
    rows = []
    if report.groups:
        for group in report.groups:
            name = group.key
            if group.by == "tree":
                name = _leaf(group.key, group.depth)
            rows.append(Row(_numbers(report, group.counts, group.own), printable(name), group.depth))
    else:
        rows = [Row(_numbers(report, file.counts, None), printable(file.path)) for file in report.files]
    if report.rest is not None:
        blank = ("",) * len(_headers(report))
        numbers = _numbers(report, report.rest.counts, None) if report.rest.counts else blank
        rows.append(Row(numbers, report.rest.key, remark="(--all lists them)"))
    return rows


def _leaf(key: str, depth: int) -> str:
    """The last part of a tree key; the whole key at the top, where nothing above says the rest."""
    if depth == 0:
        return key
    tail = "/" if key.endswith("/") else ""
    return key.rstrip("/").rsplit("/", 1)[-1] + tail


def _numbers(report: CountReport, counts: Sequence[Count], own: Sequence[Count] | None) -> tuple[str, ...]:
    if len(report.columns) > 1:
        return tuple(number(count, column) for count, column in zip(counts, report.columns, strict=True))
    column = report.columns[0]
    whole = column.window if report.window else report.totals[0].tokens
    cells = [number(counts[0], column), share(counts[0].tokens, whole)]
    if _has_own(report):
        cells.insert(1, number(own[0], column) if own is not None else "")
    return tuple(cells)


def _total_numbers(report: CountReport) -> tuple[str, ...]:
    cells = [number(count, column) for count, column in zip(report.totals, report.columns, strict=True)]
    return tuple(cells + [""] * (len(_headers(report)) - len(cells)))


def _total_words(report: CountReport) -> str:
    words = f"{plural(report.file_count, 'file')}, {size(report.bytes)}"
    if not report.complete:
        words += f", incomplete: {plural(len(report.problems), 'error')}"
    return words


def _widths(headers: Sequence[str], rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(max(len(header), *(len(row.numbers[index]) for row in rows)) for index, header in enumerate(headers))


def _format(row: Row, widths: Sequence[int], view: View) -> str:
    cells = "  " + "  ".join(cell.rjust(width) for cell, width in zip(row.numbers, widths, strict=True)) + "  "
    indent = "  " * row.depth
    path = row.path
    if view.width is not None:
        room = max(NARROWEST_PATH, view.width - len(cells) - len(indent))
        path = shorten(path, room, view.unicode)
        if row.remark:
            gap = room - display_width(path) - len(row.remark)
            if gap >= 2:
                return f"{cells}{indent}{path}{' ' * min(gap, 24)}{row.remark}"
            return f"{cells}{indent}{path}"
    remark = f"  {row.remark}" if row.remark else ""
    return f"{cells}{indent}{path}{remark}".rstrip()


def _rule_width(rows: Sequence[Row], widths: Sequence[int], view: View) -> int:
    if view.width is not None:
        return min(view.width, 78)
    return min(78, sum(widths) + 2 * len(widths) + 2 + max((len(row.path) for row in rows), default=4))


def _footer(
    report: CountReport, last: Row, widths: Sequence[int], legend: Sequence[str], view: View, write: Write
) -> None:
    """The total, then the provenance of each column: beside the total where there is one and room for it."""
    line = _format(Row(last.numbers, ""), widths, View()) + " " * 2
    line = line[: 2 + sum(widths) + 2 * (len(widths) - 1)].ljust(sum(widths) + 2 * len(widths) + 2)
    bold = paint(line.rstrip(), BOLD, view.color) + line[len(line.rstrip()) :]
    words = last.path if report.complete else paint(last.path, RED, view.color)
    how = made(report, 0)
    if report.columns[0].model is not None:
        how = f"{label(report.columns[0])}: {how}"
    fits = view.width is None or len(line) + len(last.path) + 5 + len(how) <= view.width
    if fits and len(report.columns) == 1 and not window_share(report, 0):
        write(f"{bold}{words}     {how}\n")
        return
    write(f"{bold}{words}\n")
    if len(report.columns) == 1:
        write(f"  {how}\n")
        if window_share(report, 0):
            write(f"  window {window_share(report, 0)}\n")
        return
    write("\n")
    names = [label(column) for column in report.columns]
    wide = max(map(len, names))
    for index, name in enumerate(names):
        mark = f"{legend[index]} " if legend else ""
        window = window_share(report, index)
        write(f"  {mark}{name:<{wide}}  {made(report, index)}{', window ' + window if window else ''}\n")
