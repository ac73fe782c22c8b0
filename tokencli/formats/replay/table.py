"""For a terminal: what was recorded, and under it the same session on each target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokencli.formats import View, Write
from tokencli.formats.replay import against, amount, estimated, name, tokens
from tokencli.formats.wording import DIM, paint, printable
from tokencli.model.replay import RecordedSum, Replayed, ReplayReport

HEADS = ("COST", "UNCACHED", "DIFFERENCE", "REQUESTS", "INPUT", "CACHED", "WRITTEN", "OUTPUT", "SAME TOKENS")


def render(report: ReplayReport, view: View, write: Write) -> None:
    """Write a row for each model that ran, and one for each target."""
    rows = [(_recorded(each), f"{name(each)}  as recorded") for each in report.recorded]
    rows += [(_target(report, each), name(each)) for each in report.targets]
    widths = [max(map(len, column)) for column in zip(HEADS, *(cells for cells, _ in rows), strict=True)]
    write(paint(_aligned(HEADS, widths) + "MODEL", DIM, view.color) + "\n")
    for cells, words in rows:
        write((_aligned(cells, widths) + printable(words)).rstrip() + "\n")
    for line in _ranges(report):
        write(line + "\n")


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


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "".join(f"{cell:>{width}}  " for cell, width in zip(cells, widths, strict=True))
