"""A Markdown table of models."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.models import HEADERS, cells, remark
from tokencli.model.listing import ModelsReport


def render(report: ModelsReport, view: View, write: Write) -> None:
    """Write the table, as long as a comment may be."""
    page = Page()
    page.add("| Model | " + " | ".join(head.capitalize() for head in HEADERS) + " |")
    page.add("|---|" + "---:|" * 6 + "---|---|")
    page.add_while_room(
        [
            f"| {code(model.name)}{escape(remark(model))} | {' | '.join(map(escape, cells(model)))} |"
            for model in report.models
        ],
        lambda more: f"\n{more:,} more models have no room here.",
    )
    page.add("")
    page.add("Prices per 1,000,000 tokens.")
    write(page.text)
