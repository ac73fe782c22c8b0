"""Markdown for comments on pull requests: a table of what ran and of the targets, and what is not known."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.replay import against, amount, estimated, name, remarks, tokens, unknown
from tokencli.model.replay import ReplayReport


def render(report: ReplayReport, view: View, write: Write) -> None:
    """Write the table, and what qualifies it."""
    page = Page()
    page.add("| Model | Cost | Uncached | Difference | Requests | Input | Output | Same tokens |")
    page.add("|:--|--:|--:|--:|--:|--:|--:|--:|")
    for each in report.recorded:
        cells = [
            amount(each.cost, each.currency),
            "",
            "",
            f"{each.requests:,}",
            f"{each.input:,}",
            f"{each.output:,}",
            "",
        ]
        page.add(f"| {code(name(each))} as recorded | {' | '.join(cells)} |")
    for to in report.targets:
        cells = [*["--"] * 6, amount(to.same, to.currency)]
        if to.plain is not None:
            mark = estimated(to)
            cost = amount(to.plain if to.cost is None else to.cost, to.currency, estimate=mark)
            cells = [cost, amount(to.plain, to.currency, estimate=mark), against(report, to), f"{to.requests:,}"]
            cells += [tokens(to.input), tokens(to.output), amount(to.same, to.currency)]
        page.add(f"| {code(name(to))} | {' | '.join(cells)} |")
    page.add()
    for words in (*report.notes, *remarks(report)):
        page.add(f"- {escape(words)}")
    for words in unknown(report):
        page.add(f"- **Not known**: {escape(words)}")
    for problem in report.problems:
        page.add(f"- **No price**: {escape(problem.message)}")
    write(page.text)
