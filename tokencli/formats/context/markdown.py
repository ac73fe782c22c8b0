"""A Markdown table for comments on pull requests: what each agent always loads, and the sums."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.context import cells, money_words, sentence, tokens, total_words
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.wording import label, plural
from tokencli.model.context import AgentContext, ContextReport


def render(report: ContextReport, view: View, write: Write) -> None:
    """Write a table for each agent, how its numbers were made, and whatever makes them incomplete."""
    page = Page()
    for agent in report.agents:
        _agent(agent, report, page)
    problems = [f"- **Incomplete**: {escape(problem.message)}" for problem in report.problems]
    page.add_while_room(problems, lambda left: f"- **Incomplete**: {plural(left, 'more error')}")
    write(page.text)


def _agent(agent: AgentContext, report: ContextReport, page: Page) -> None:
    single = len(report.columns) == 1
    heads = ["Tokens"] if single else [escape(label(column)) for column in report.columns]
    page.add(f"| {escape(agent.title)} | Kind | When | " + " | ".join(heads) + " |")
    page.add("|:--|:--|:--" + "|--:" * len(heads) + "|")
    rows = []
    for item in agent.items:
        remark = f" ({escape(item.remark)})" if item.remark else ""
        row = [code(item.path) + remark, item.kind, item.load, *map(escape, cells(item, report))]
        rows.append(f"| {' | '.join(row)} |")
    page.add_while_room(rows, lambda left: f"| {plural(left, 'more thing')}, no room here | | |" + " |" * len(heads))
    sums = [f"**{escape(tokens(count, column))}**" for count, column in zip(agent.always, report.columns, strict=True)]
    page.add(f"| **Total** ({escape(total_words(agent))}) | | | {' | '.join(sums)} |")
    page.add()
    for index in range(len(report.columns)):
        page.add(f"- {escape(sentence(agent, index, report))}")
        if words := money_words(agent, index, report):
            page.add(f"- {escape(words)}")
    page.add()
