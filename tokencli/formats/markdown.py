"""A Markdown table for comments on pull requests."""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import Write
from tokencli.formats.view import View
from tokencli.formats.wording import label, number, plural, printable, provenance, share, size, window_share
from tokencli.model import Count, CountReport


def render(report: CountReport, view: View, write: Write) -> None:
    """Write the table, how the numbers were made, and whatever makes them incomplete or too high."""
    single = len(report.columns) == 1
    heads = ["Tokens", "Window" if report.window else "Share"] if single else [label(c) for c in report.columns]
    write(f"| {_what(report)} | " + " | ".join(map(_escape, heads)) + " |\n")
    write("|:--" + "|--:" * len(heads) + "|\n")
    for name, counts in _rows(report):
        write(f"| {name} | " + " | ".join(_cells(report, counts, len(heads))) + " |\n")
    totals = [f"**{number(count, column)}**" for count, column in zip(report.totals, report.columns, strict=True)]
    if single:
        totals.append("")
    files = f"{plural(report.file_count, 'file')}, {size(report.bytes)}"
    write(f"| **Total** ({files}) | " + " | ".join(totals) + " |\n\n")
    for index, column in enumerate(report.columns):
        name = f"{_escape(label(column))}: " if column.model or not single else ""
        window = window_share(report, index)
        write(f"- {name}{_escape(provenance(report, index))}{', window ' + window if window else ''}\n")
    for limit in report.limits:
        verdict = f"over by {limit.over:,}" if limit.over else "within"
        write(f"- Limit {limit.limit:,} on {_escape(label(limit.column))}: {limit.tokens:,} tokens, {verdict}\n")
    for problem in report.problems:
        write(f"- **Incomplete**: {_escape(problem.message)}\n")


def _what(report: CountReport) -> str:
    by = report.groups[0].by if report.groups else "file"
    return {"ext": "Extension", "section": "Section", "dir": "Folder"}.get(by, "Path")


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


def code(path: str) -> str:
    """A path as a code span: pipes escaped for the table, backticks fenced by more of them."""
    text = printable(path).replace("|", "\\|")
    if "`" not in text:
        return f"`{text}`"
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}"


def _escape(text: str) -> str:
    """Text that stays text inside a Markdown line."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in printable(text))
