"""Plain lines for pipes: tab-separated, never cut or wrapped, tokens first so that `sort -n` works.

The fields of a line: for each column its tokens (`?` where they are not known), and where they have one their range
low-high; then the agent, when it is loaded (always, demand, unknown), its kind, its path and a remark. The last line
of each agent is its total of what is always loaded, with what that means and how it was made.
"""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.context import is_range, sentence
from tokencli.formats.wording import printable
from tokencli.model import Count
from tokencli.model.context import ContextReport


def render(report: ContextReport, view: View, write: Write) -> None:
    """Write a line for each thing that each agent loads, and one for its total."""
    for agent in report.agents:
        for item in agent.items:
            words = (agent.agent, item.load, item.kind, printable(item.path), printable(item.remark))
            write("\t".join([*_numbers(item.counts, report), *words]).rstrip("\t") + "\n")
        made = "; ".join(sentence(agent, index, report) for index in range(len(report.columns)))
        write("\t".join([*_numbers(agent.always, report), agent.agent, "total", made]) + "\n")


def _numbers(counts: tuple[Count, ...] | None, report: ContextReport) -> list[str]:
    if counts is None:
        return ["?"] * len(report.columns)
    fields = []
    for count, column in zip(counts, report.columns, strict=True):
        fields.append(str(count.tokens))
        if is_range(count, column):
            fields.append(f"{count.low}-{count.high}")
    return fields
