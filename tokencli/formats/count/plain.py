"""Plain lines for pipes: tab-separated, never cut or wrapped, numbers first so that `sort -n` works.

Each line is one field of tokens per column (an estimate is followed by a field `low-high`), then the path or
the key of the group. A line before the last sums the rows that --top left out, with `-` for tokens where nested groups
have no sum. The last line is the total: the numbers, `total`, the files and bytes, and how each column was made. Paths
have control characters and tabs escaped. `OWN` figures follow the path of a group.
"""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import View, Write
from tokencli.formats.count import made, window_share
from tokencli.formats.wording import label, plural, printable
from tokencli.model import Count, CountReport


def render(report: CountReport, view: View, write: Write) -> None:
    """Write one line per file or group, and the total last."""
    if report.groups:
        for group in report.groups:
            where = f"{printable(group.path)}:{group.line}: " if group.line is not None else ""
            own = _fields(report, group.own) if group.own is not None and group.by in ("dir", "section") else []
            write("\t".join([*_fields(report, group.counts), where + printable(group.key), *own]) + "\n")
    else:
        for file in report.files:
            write("\t".join([*_fields(report, file.counts), printable(file.path)]) + "\n")
    if report.rest is not None:
        write("\t".join([*_fields(report, report.rest.counts), report.rest.key]) + "\n")
    write("\t".join([*_fields(report, report.totals), *_total(report)]) + "\n")


def _fields(report: CountReport, counts: Sequence[Count]) -> list[str]:
    """The fields of each column; `-` where there are no counts."""
    if not counts:
        return ["-"] * sum(2 if column.method == "estimate" else 1 for column in report.columns)
    fields = []
    for count, column in zip(counts, report.columns, strict=True):
        fields.append(str(count.tokens))
        if column.method == "estimate":
            fields.append(f"{count.low}-{count.high}")
    return fields


def _total(report: CountReport) -> list[str]:
    files = plural(report.file_count, "file")
    state = [] if report.complete else [f"incomplete: {plural(len(report.problems), 'error')}"]
    columns = []
    for index, column in enumerate(report.columns):
        name = f"{label(column)}: " if column.model or len(report.columns) > 1 else ""
        window = window_share(report, index)
        columns.append(f"{name}{made(report, index)}{', window ' + window if window else ''}")
    return ["total", f"{files}, {report.bytes} byte{'' if report.bytes == 1 else 's'}", *state, *columns]
