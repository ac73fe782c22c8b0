"""Plain lines for pipes: tab-separated, one change a line.

The fields: kind, provider, model, what differs, its condition, before, after, rise in percent, from, until, and the
change in words; a field that says nothing is empty.
"""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.price_changes import percent
from tokencli.formats.wording import printable
from tokencli.model.price_changes import PriceChange, PriceChanges


def render(report: PriceChanges, view: View, write: Write) -> None:
    """Write one line per change."""
    for change in report.changes:
        write("\t".join(map(printable, _fields(change))) + "\n")


def _fields(change: PriceChange) -> tuple[str, ...]:
    place = (change.provider, change.model, change.what, change.condition)
    return (change.kind, *place, change.before, change.after, percent(change), change.start, change.end, change.text)
