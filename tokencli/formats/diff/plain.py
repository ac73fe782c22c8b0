"""Plain lines for pipes: tab-separated, never cut or wrapped, the change first so that `sort -n` works.

The fields of a line: for each column its change (negative where tokens went; no `+`, which `sort -n` does not read),
then for each column the tokens at base and head (`-` where there is no text), the status (added, changed, deleted,
renamed), the path, the path at the base of a renamed file, and a remark; empty ones at the end are left out. A line
before the last stands for changes that were left out. The last line is the total, with `total` for a status, the two
states, how the numbers were made and, where it was asked for, what that costs. Paths have control characters and tabs
escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import View, Write
from tokencli.formats.diff import between, cost_words, limit_words, made, rest_words, tokens, total_words, unchanged
from tokencli.formats.wording import label, printable
from tokencli.model.diff import DiffReport


def render(report: DiffReport, view: View, write: Write) -> None:
    """Write one line per change, and the total last."""
    columns = range(len(report.columns))

    def line(changes: Sequence[int], sides: Sequence[int | None], *words: str) -> None:
        numbers = [str(change) for change in changes] + ["-" if side is None else str(side) for side in sides]
        write("\t".join([*numbers, *words]).rstrip("\t") + "\n")

    for change in report.changes:
        sides = [tokens(counts, index) for index in columns for counts in (change.base, change.head)]
        words = (change.status, *map(printable, (change.path, change.old_path, change.remark)))
        line([change.delta(index) for index in columns], sides, *words)
    if report.rest is not None:
        line(report.rest[1], [None] * 2 * len(columns), "rest", rest_words(report))
    totals = [side[index].tokens for index in columns for side in (report.base_totals, report.head_totals)]
    files = unchanged(report) or f"{total_words(report)}\t{between(report)}"
    line([report.delta(index) for index in columns], totals, "total", files, *_made(report), cost_words(report))


def _made(report: DiffReport) -> list[str]:
    """How each column was made, and whether it may grow so much."""
    fields = []
    for index, column in enumerate(report.columns):
        name = f"{label(column)}: " if column.model or len(report.columns) > 1 else ""
        limit = limit_words(report, index)
        fields.append(f"{name}{made(report, index)}{', ' + limit if limit else ''}")
    return fields
