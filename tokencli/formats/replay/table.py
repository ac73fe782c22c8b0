"""For a terminal: what was recorded, and under it the same session on each target."""

from __future__ import annotations

from collections.abc import Iterator

from tokencli.formats import View, Write
from tokencli.formats.fitting import fitted, named
from tokencli.formats.replay import against, amount, estimated, name, tokens
from tokencli.formats.wording import DIM, paint, printable
from tokencli.model.replay import RecordedSum, Replayed, ReplayReport

HEADS = ("COST", "UNCACHED", "DIFFERENCE", "REQUESTS", "INPUT", "CACHED", "WRITTEN", "OUTPUT", "SAME TOKENS")


DROP = (3, 6, 1, 5, 7, 8, 4, 2)
"""Columns that a narrow terminal has no room for, the first one first."""


def render(report: ReplayReport, view: View, write: Write) -> None:
    """Write a row for each model that ran, and one for each target."""
    rows = [(_recorded(each), f"{name(each)}  as recorded") for each in report.recorded]
    rows += [(_target(report, each), name(each)) for each in report.targets]
    names = ["MODEL", *(printable(words) for _, words in rows)]
    head, *lines = named([HEADS, *(cells for cells, _ in rows)], names, DROP, view)
    write(paint(head, DIM, view.color) + "\n")
    for line in lines:
        write(line.rstrip() + "\n")
    for words in _ranges(report):
        for part in fitted(words, view.width):
            write(part + "\n")


def _recorded(each: RecordedSum) -> list[str]:
    counts = (each.requests, each.input, each.cached, each.written, each.output)
    return [amount(each.cost, each.currency), "", "", *(f"{count:,}" for count in counts), ""]


def _target(report: ReplayReport, each: Replayed) -> list[str]:
    if each.plain is None:
        return [*["--"] * (len(HEADS) - 1), amount(each.same, each.currency)]
    mark, same = estimated(each), amount(each.same, each.currency)
    counts = (f"{each.requests:,}", tokens(each.input), f"{each.cached:,}", f"{each.written:,}", tokens(each.output))
    cost = amount(each.plain if each.cost is None else each.cost, each.currency, estimate=mark)
    return [cost, amount(each.plain, each.currency, estimate=mark), against(report, each), *counts, same]


def _ranges(report: ReplayReport) -> Iterator[str]:
    for each in report.targets:
        if each.plain is None:
            continue
        how = each.caching or "none"
        if estimated(each):
            between = (
                f"{amount(each.low, each.currency)} to {amount(each.high, each.currency)}, as tokens are estimated"
            )
            yield printable(f"  {each.model}: {between}; cache: {how}")
        else:
            yield printable(f"  {each.model}: cache: {how}")
