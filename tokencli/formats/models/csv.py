"""CSV after RFC 4180: a header, CRLF line ends, a row for each model; prices are exact, per 1,000,000 tokens."""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.wording import leading, printable
from tokencli.model.listing import ListedModel, ModelsReport

HEADER = ListedModel._fields


def render(report: ModelsReport, view: View, write: Write) -> None:
    """Write the rows; what is not known is empty."""
    import csv
    from io import StringIO

    text = StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEADER)
    for model in report.models:
        exact = {
            key: money.exact(amount) for key in ("input", "output", "cache_read") if (amount := getattr(model, key))
        }
        fields = {**model._asdict(), **exact, "id": leading(printable(model.id))}
        out.writerow(["" if fields[key] is None else str(fields[key]) for key in HEADER])
    write(text.getvalue())
