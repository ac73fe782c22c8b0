"""CSV after RFC 4180: a header, CRLF line ends, one row per file (or group) and column, totals last."""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import Write
from tokencli.formats.view import View
from tokencli.model import Count, CountReport

HEADER = ("row", "path", "kind", "files", "bytes", "model", "encoding", "method", "tokens", "low", "high", "own")


def render(report: CountReport, view: View, write: Write) -> None:
    """Write rows whose `row` is file, dir, ext, tree, section, rest or total."""
    import csv
    from io import StringIO

    text = StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEADER)

    def rows(cells: Sequence[object], counts: Sequence[Count], own: Sequence[Count] | None = None) -> None:
        for index, (count, column) in enumerate(zip(counts, report.columns, strict=True)):
            made = (column.model or "", column.encoding, column.method)
            numbers = (count.tokens, count.low, count.high, own[index].tokens if own is not None else "")
            out.writerow((*cells, *made, *numbers))

    if report.groups:
        for group in report.groups:
            key = f"{group.path}:{group.line}: {group.key}" if group.line is not None else group.key
            rows((group.by, key, "", group.files, group.bytes), group.counts, group.own)
    else:
        for file in report.files:
            rows(("file", file.path, file.kind, 1, file.bytes), file.counts)
    if report.rest is not None and report.rest.counts:
        rows(("rest", report.rest.key, "", report.rest.files, report.rest.bytes), report.rest.counts)
    state = "" if report.complete else "incomplete"
    rows(("total", state, "", report.file_count, report.bytes), report.totals)
    write(text.getvalue())
