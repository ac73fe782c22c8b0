"""A Markdown table for comments on pull requests."""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import View, Write
from tokencli.formats.count import made, transcript_words, window_share
from tokencli.formats.markdown import code, escape
from tokencli.formats.wording import label, number, plural, share, size
from tokencli.model import Count, CountReport


def render(report: CountReport, view: View, write: Write) -> None:
    """Write the table, how the numbers were made, and whatever makes them incomplete or too high."""
    single = len(report.columns) == 1
    heads = ["Tokens", "Window" if report.window else "Share"] if single else [label(c) for c in report.columns]
    write(f"| {_what(report)} | " + " | ".join(map(escape, heads)) + " |\n")
    write("|:--" + "|--:" * len(heads) + "|\n")
    for name, counts in _rows(report):
        write(f"| {name} | " + " | ".join(_cells(report, counts, len(heads))) + " |\n")
    totals = [f"**{number(count, column)}**" for count, column in zip(report.totals, report.columns, strict=True)]
    if single:
        totals.append("")
    files = f"{plural(report.file_count, 'file')}, {size(report.bytes)}"
    write(f"| **Total** ({files}) | " + " | ".join(totals) + " |\n\n")
    for index, column in enumerate(report.columns):
        name = f"{escape(label(column))}: " if column.model or not single else ""
        window = window_share(report, index)
        write(f"- {name}{escape(made(report, index))}{', window ' + window if window else ''}\n")
    for text in transcript_words(report.files, report.columns):
        write(f"- {escape(text)}\n")
    for limit in report.limits:
        verdict = f"over by {limit.over:,}" if limit.over else "within"
        write(f"- Limit {limit.limit:,} on {escape(label(limit.column))}: {limit.tokens:,} tokens, {verdict}\n")
    for problem in report.problems:
        write(f"- **Incomplete**: {escape(problem.message)}\n")


def _what(report: CountReport) -> str:
    by = report.groups[0].by if report.groups else "file"
    known = {"ext": "Extension", "section": "Section", "dir": "Folder", "role": "Role", "message": "Message"}
    return {**known, "tool": "Tool", "part": "Part"}.get(by, "Path")


def _rows(report: CountReport) -> list[tuple[str, Sequence[Count]]]:
    rows: list[tuple[str, Sequence[Count]]]
    if report.groups:
        rows = [("&emsp;" * group.depth + code(group.key), group.counts) for group in report.groups]
    else:
        rows = [(code(file.path), file.counts) for file in report.files]
    if report.rest is not None:
        rows.append((report.rest.key, report.rest.counts))
    return rows


def _cells(report: CountReport, counts: Sequence[Count], columns: int) -> list[str]:
    if not counts:
        return [""] * columns
    cells = [number(count, column) for count, column in zip(counts, report.columns, strict=True)]
    if len(cells) == 1:
        whole = report.columns[0].window if report.window else report.totals[0].tokens
        cells.append(share(counts[0].tokens, whole))
    return cells
