"""A Markdown table for comments on pull requests."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.diff import (
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
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.wording import label, number, plural
from tokencli.model.diff import Change, DiffReport


def render(report: DiffReport, view: View, write: Write) -> None:
    """Write the table, how the numbers were made, and whatever makes them incomplete."""
    page = Page()
    between = f"{escape(report.base.label)} and {escape(report.head.label)}"
    if unchanged(report):
        page.add(f"No text file differs between {between}.")
    else:
        _table(report, page)
        page.add()
        page.add(f"- between {between}")
        for index, column in enumerate(report.columns):
            name = f"{escape(label(column))}: " if column.model or len(report.columns) > 1 else ""
            page.add(f"- {name}{escape(made(report, index))}{_sides(report, index)}")
            if limit_words(report, index):
                page.add(f"- **gate** {name}{escape(limit_words(report, index))}")
        if report.cost is not None:
            page.add(f"- {escape(cost_words(report))}")
    problems = [f"- **Incomplete**: {escape(problem.message)}" for problem in report.problems]
    page.add_while_room(problems, lambda left: f"- **Incomplete**: {plural(left, 'more error')}")
    write(page.text)


def _table(report: DiffReport, page: Page) -> None:
    if len(report.columns) == 1:
        heads = ["Base", "Head", "Change", "%"]
    else:
        heads = [escape(label(column)) for column in report.columns]
    page.add("| Path | " + " | ".join(heads) + " |")
    page.add("|:--" + "|--:" * len(heads) + "|")
    rows = [f"| {_path(change)} | {' | '.join(_cells(report, change))} |" for change in report.changes]
    page.add_while_room(rows, lambda left: f"| {plural(left, 'more file')}, no room here |" + " |" * len(heads))
    if report.rest is not None:
        sums = [signed(change, column) for change, column in zip(report.rest[1], report.columns, strict=True)]
        cells = ["", "", sums[0], ""] if len(sums) == 1 else sums
        page.add(f"| {rest_words(report)} | {' | '.join(cells)} |")
    page.add(f"| **Total** ({total_words(report)}) | {' | '.join(_totals(report))} |")


def _path(change: Change) -> str:
    remarks = [f"renamed from {code(change.old_path)}"] if change.old_path else []
    remarks += [escape(change.remark)] if change.remark else []
    if status(change):
        remarks.insert(0, status(change))
    return code(change.path) + (f" ({', '.join(remarks)})" if remarks else "")


def _cells(report: DiffReport, change: Change) -> list[str]:
    deltas = [signed(change.delta(index), column) for index, column in enumerate(report.columns)]
    if len(deltas) > 1:
        return deltas
    sides = [number(side[0], report.columns[0]) if side is not None else "" for side in (change.base, change.head)]
    share = percent(change.delta(0), change.base[0].tokens) if change.base and change.head else ""
    return [*sides, deltas[0], share]


def _totals(report: DiffReport) -> list[str]:
    deltas = [f"**{signed(report.delta(index), column)}**" for index, column in enumerate(report.columns)]
    if len(deltas) > 1:
        return deltas
    base, head, column = report.base_totals[0], report.head_totals[0], report.columns[0]
    return [number(base, column), number(head, column), deltas[0], percent(report.delta(0), base.tokens)]


def _sides(report: DiffReport, index: int) -> str:
    """Of several columns, what each was on both sides, for which the table has no room."""
    if len(report.columns) == 1:
        return ""
    column = report.columns[index]
    return f", {number(report.base_totals[index], column)} to {number(report.head_totals[index], column)}"
