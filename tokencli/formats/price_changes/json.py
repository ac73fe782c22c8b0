"""The JSON envelope `tok.rates.diff/1`, and the objects of changes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.envelope import envelope
from tokencli.formats.price_changes import percent
from tokencli.model.price_changes import KINDS, PriceChange, PriceChanges


def render(report: PriceChanges, view: View, write: Write) -> None:
    """Write the whole comparison as one JSON object."""
    write(envelope("rates diff", changes_object(report), view.exit_code, report.notes))


def changes_object(report: PriceChanges) -> dict[str, Any]:
    """A comparison: the two sets, the changes, and how many there are of each kind."""
    count = Counter(change.kind for change in report.changes)
    return {
        "before": report.before,
        "after": report.after,
        "changes": [change_object(change) for change in report.changes],
        "summary": {kind: count[kind] for kind in KINDS},
        "common": report.common,
    }


def change_object(change: PriceChange) -> dict[str, Any]:
    """One change; prices and percentages are texts, exact as far as they end within 12 digits."""
    record = change._asdict()
    record["percent"] = percent(change) or None
    for key in ("start", "end", "condition", "before", "after"):
        record[key] = record[key] or None
    record["from"], record["until"] = record.pop("start"), record.pop("end")
    return record
