"""Lines for other programs: the name, then the cells of the table and what else must be known, between tabs."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.models import cells, remark
from tokencli.formats.wording import printable
from tokencli.model.listing import ModelsReport


def render(report: ModelsReport, view: View, write: Write) -> None:
    """Write a line for each model."""
    for model in report.models:
        write("\t".join((printable(model.name), *cells(model), printable(remark(model).strip(" ()")))) + "\n")
