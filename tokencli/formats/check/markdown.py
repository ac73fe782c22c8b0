"""The verdicts as Markdown for comments on pull requests: tables of what fails and what does not, in what fits."""

from __future__ import annotations

from collections.abc import Sequence

from tokencli.formats import View, Write
from tokencli.formats.check import measured, outcome, remedies, rule_words, shown_only, states, sums, why
from tokencli.formats.markdown import Page, code, escape
from tokencli.formats.wording import plural
from tokencli.model.gate import CheckReport, Verdict

HEAD = "| {} | Path | Base | Head | Limit | What | Rule |\n|:--|:--|--:|--:|--:|:--|:--|"
CELLS = 7


def render(report: CheckReport, view: View, write: Write) -> None:
    """Write the outcome, errors, failures and what else there is; what was over before is folded away."""
    page = Page()
    page.add(f"**Token gate: {outcome(report)}** ({measured(report)})")
    page.add()
    errors = [
        f"- **Error**: {escape(problem.message)}{f' ({escape(problem.hint)})' if problem.hint else ''}"
        for problem in report.problems
    ]
    page.add_while_room(errors, lambda left: f"- **Error**: {plural(left, 'more error')}, no room here")
    if errors:
        page.add()
    if report.failed:
        _table("Failed", report.failed, page)
        for remedy in remedies(report.failed):
            page.add(f"To pass: {remedy}.")
            page.add()
    for section in shown_only(report):
        title = section.title.capitalize()
        folded = section.verdicts[0].verdict == "over-before"
        if folded:
            page.add(f"<details><summary>{title}: {len(section.verdicts)}</summary>")
            page.add()
        _table("Over" if folded else title, section.verdicts, page)
        if folded:
            page.add("</details>")
            page.add()
    page.add(f"<sub>{escape(states(report))}</sub>")
    write(page.text)


def _table(title: str, verdicts: Sequence[Verdict], page: Page) -> None:
    page.add(HEAD.format(title))
    rows = [f"| {' | '.join(_cells(verdict))} |" for verdict in verdicts]
    page.add_while_room(rows, lambda left: f"| | and {left:,} more, no room here |" + " |" * (CELLS - 2))
    page.add()


def _cells(verdict: Verdict) -> list[str]:
    path = code(verdict.path or verdict.origin)
    if verdict.old_path:
        path += f" (renamed from {code(verdict.old_path)})"
    rule = escape(rule_words(verdict)) + (f"<br>{escape(why(verdict))}" if why(verdict) else "")
    return [verdict.verdict, path, *sums(verdict), escape(verdict.message), rule]
