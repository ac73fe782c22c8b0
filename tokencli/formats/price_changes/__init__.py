"""What `tok rates diff` and `tok rates update` say: a module for each format, the notes, and the words they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from tokencli.formats import View
from tokencli.formats.notes import note_lines
from tokencli.formats.wording import plural, printable
from tokencli.model.price_changes import Kind, PriceChange, PriceChanges

WORDS: Mapping[Kind, tuple[str, str]] = {
    "new": ("new model", "new models"),
    "removed": ("removed model", "removed models"),
    "up": ("price up", "prices up"),
    "down": ("price down", "prices down"),
    "price": ("price that came or went", "prices that came or went"),
    "rule": ("rule", "rules"),
    "name": ("name", "names"),
    "limit": ("limit or date", "limits or dates"),
    "card": ("change of a whole card", "changes of whole cards"),
}
"""How one change of each kind is called in the summary, and more of them; in its order."""


def notes(report: PriceChanges, view: View, *, quiet: bool = False) -> list[str]:
    """The notes of the comparison."""
    return note_lines(report.notes, view)


def name(change: PriceChange) -> str:
    """The model with its provider; the provider alone for what holds for its whole card."""
    return printable(f"{change.provider}/{change.model}" if change.model else change.provider)


def summary(report: PriceChanges) -> str:
    """One line: how much changed, by kind, and how many models are in both sets."""
    count = Counter(change.kind for change in report.changes)
    parts = [f"{count[kind]:,} {words[count[kind] > 1]}" for kind, words in WORDS.items() if count[kind]]
    return f"{', '.join(parts) or 'no difference'}; {plural(report.common, 'model')} in both"


def percent(change: PriceChange) -> str:
    """The rise of a price in percent as a decimal of at most six digits after the point; "" where there is none."""
    if change.percent is None:
        return ""
    text = format(Decimal(round(change.percent * 10**6)).scaleb(-6), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
