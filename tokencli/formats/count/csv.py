"""CSV after RFC 4180: a header, CRLF line ends, one row per file (or group) and column, totals last.

Paths have control characters escaped, since the text may reach a terminal, and `./` before a first character that a
spreadsheet would take for that of a formula: unlike an added quote it leaves them the same path.
"""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import View, Write
from tokencli.formats.wording import printable
from tokencli.model import Column, Count, CountReport

HEADER = ("row", "path", "kind", "files", "bytes", "model", "encoding", "method", "tokens", "low", "high", "own")


def render(report: CountReport, view: View, write: Write) -> None:
    """Write rows whose `row` is file, framing (a part of the file above it), dir, ext, tree, section, role, message,
    tool, part, rest or total."""
    import csv
    from io import StringIO

    text = StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEADER)

    def rows(
        cells: Sequence[object],
        counts: Sequence[Count],
        own: Sequence[Count] | None = None,
        columns: Sequence[Column] = (),
    ) -> None:
        for index, column in enumerate(columns or report.columns):
            made = (column.model or "", column.encoding, column.method)
            tokens = (counts[index].tokens, counts[index].low, counts[index].high) if counts else ("", "", "")
            out.writerow((*cells, *made, *tokens, own[index].tokens if own is not None else ""))

    if report.groups:
        for group in report.groups:
            key = f"{group.path}:{group.line}: {group.key}" if group.line is not None else group.key
            rows((group.by, harmless(key), "", group.files, group.bytes), group.counts, group.own)
    else:
        for file in report.files:
            rows(("file", harmless(file.path), file.kind, 1, file.bytes), file.counts, columns=file.columns)
            if file.transcript is not None:
                framing = [each.tokens for each in file.transcript.framing]
                rows(("framing", harmless(file.path), file.kind, "", ""), framing, columns=file.columns)
    if report.rest is not None:
        rows(("rest", report.rest.key, "", report.rest.files, report.rest.bytes), report.rest.counts)
    state = "" if report.complete else "incomplete"
    rows(("total", state, "", report.file_count, report.bytes), report.totals)
    write(text.getvalue())


def harmless(path: str) -> str:
    """A path that neither a terminal nor a spreadsheet obeys; `-` alone, standard input, is no formula."""
    formula = path.startswith(("=", "+", "-", "@")) and path != "-"
    return printable(f"./{path}" if formula else path)
