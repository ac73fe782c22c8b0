"""A table for comments: each change with its model."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.price_changes import name, summary
from tokencli.formats.wording import plural
from tokencli.model.price_changes import PriceChanges


def render(report: PriceChanges, view: View, write: Write) -> None:
    """Write the sum, then the table, as far as a comment has room."""
    page = Page()
    page.add(f"**Prices**, {code(report.before)} to {code(report.after)}: {escape(summary(report))}")
    if report.changes:
        page.add()
        page.add("| model | change |")
        page.add("|---|---|")
        rows = [f"| {code(name(change))} | {escape(change.text)} |" for change in report.changes]
        page.add_while_room(rows, lambda left: f"\n{plural(left, 'more change')} not shown")
    write(page.text)
