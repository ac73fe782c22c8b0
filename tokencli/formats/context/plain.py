"""Plain lines for pipes: tab-separated, never cut or wrapped, tokens first so that `sort -n` works.

The fields of a line: for each column its tokens (`?` where they are not known), and where they have one their range
low-high; then the agent, when it is loaded (always, demand, unknown), its kind, its path and a remark. The last of
these of each agent is its total of what is always loaded, with what that means and how it was made. After it stands
what that costs on each model (the word is money): a request, 1,000, a read from the cache, the write, 1,000 cached.
"""

from __future__ import annotations

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.context import is_range, sentence
from tokencli.formats.wording import label, printable
from tokencli.model import Count
from tokencli.model.context import ContextReport, StandingPrice


def render(report: ContextReport, view: View, write: Write) -> None:
    """Write a line for each thing that each agent loads, and one for its total."""
    for agent in report.agents:
        for item in agent.items:
            words = (agent.agent, item.load, item.kind, printable(item.path), printable(item.remark))
            write("\t".join([*_numbers(item.counts, report), *words]).rstrip("\t") + "\n")
        made = "; ".join(sentence(agent, index, report) for index in range(len(report.columns)))
        write("\t".join([*_numbers(agent.always, report), agent.agent, "total", made]) + "\n")
        for column, found in zip(report.columns, agent.prices, strict=False):
            if column.model is not None:
                write("\t".join([*_money(found), agent.agent, "money", label(column)]) + "\n")


def _numbers(counts: tuple[Count, ...] | None, report: ContextReport) -> list[str]:
    if counts is None:
        return ["?"] * len(report.columns)
    fields = []
    for count, column in zip(counts, report.columns, strict=True):
        fields.append(str(count.tokens))
        if is_range(count, column):
            fields.append(f"{count.low}-{count.high}")
    return fields


def _money(found: StandingPrice | None) -> list[str]:
    """Exact amounts: of a request, of 1,000, of a cached read, of the write, of 1,000 cached; and their currency."""
    if found is None:
        return ["--"] * 6
    cached = found.cached
    known = (found.request, found.thousand, cached.read, cached.write, cached.thousand)
    return [*("--" if amount is None else money.exact(amount) for amount in known), found.currency]
