"""What `tok check` says: a module for each format, the notes under the answer, and the words that formats share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tokencli.formats import View
from tokencli.formats.notes import note_lines, problem_lines, skipped_lines
from tokencli.formats.wording import plural, printable
from tokencli.model.gate import CheckReport, Verdict

Level = Literal["error", "warning", "note"]

SECTIONS = (
    ("shown, fails nothing", ("over", "grew", "new")),
    ("over before this change", ("over-before",)),
    ("changes of the policy", ("policy",)),
    ("changes of models", ("model",)),
    ("changes of pinned vocabularies", ("lock",)),
)
"""What does not fail, by word, in the order in which people should see it."""

LIMIT_REMEDY = (
    "shorten the text; or raise the limit, or waive it until a date, in a change of its own: rules are read at the base"
)
REMEDIES = {
    "over": LIMIT_REMEDY,
    "grew": LIMIT_REMEDY,
    "new": LIMIT_REMEDY,
    "over-before": LIMIT_REMEDY,
    "policy": "leave the policy as it was; or have the change agreed on, and pass --allow-policy-change",
    "model": "keep the model; or waive the rule until a date, in a change of its own",
}


class Section(NamedTuple):
    """Verdicts that belong under one heading."""

    title: str
    verdicts: tuple[Verdict, ...]


def notes(report: CheckReport, view: View, *, quiet: bool = False) -> list[str]:
    """One line each: what was skipped (not with `quiet`) and notes; errors come last."""
    lines = [] if quiet else skipped_lines(report.skipped, view)
    return lines + note_lines(report.notes, view) + problem_lines(report.problems, view)


def shown_only(report: CheckReport) -> list[Section]:
    """The verdicts that are neither ok nor fail, in sections; empty ones are left out."""
    rest = [verdict for verdict in report.verdicts if verdict.verdict != "ok" and not verdict.fails]
    sections = [Section(title, tuple(v for v in rest if v.verdict in words)) for title, words in SECTIONS]
    return [section for section in sections if section.verdicts]


def found(report: CheckReport) -> list[Verdict]:
    """All that is not ok, what fails first."""
    return [*report.failed, *(verdict for section in shown_only(report) for verdict in section.verdicts)]


def level(verdict: Verdict, report: CheckReport) -> Level:
    """`error` fails; `warning` is this change's doing and would; `note` is only to be known."""
    if verdict.fails:
        return "error"
    if verdict.verdict == "policy":
        return "warning" if verdict.loosened else "note"
    ours = verdict.verdict not in ("ok", "over-before")
    return "warning" if ours and (report.warn_only or verdict.severity == "warning") else "note"


def outcome(report: CheckReport) -> str:
    """`passed`, `FAILED (2)` or, where something went wrong, `NO VERDICT (1 error)`."""
    failed = len(report.failed)
    if not report.complete:
        known = f", {failed:,} failed so far" if failed else ""
        return f"NO VERDICT ({plural(len(report.problems), 'error')}{known})"
    if failed:
        return f"FAILED ({failed:,})"
    warnings = sum(level(verdict, report) == "warning" for verdict in report.verdicts)
    return f"passed, {plural(warnings, 'warning')}" if warnings else "passed"


def measured(report: CheckReport) -> str:
    """`12 files, 3 rules`."""
    return f"{plural(report.measured, 'file')}, {plural(report.rules, 'rule')}"


def states(report: CheckReport) -> str:
    """The two states, and the policy that was applied."""
    policy = f", policy {printable(report.policy)}" if report.policy else ""
    return f"{printable(report.base.label)} -> {printable(report.head.label)}{policy}"


def place(verdict: Verdict) -> tuple[str, int]:
    """The file and line that the verdict is about; for a total, which is no file, where its rule stands."""
    if verdict.scope == "file" and verdict.path:
        return verdict.path, max(1, verdict.line)
    file, _, line = verdict.origin.rpartition(":")
    return (file, max(1, int(line))) if file and line.isdecimal() else (verdict.origin, 1)


def rule_words(verdict: Verdict) -> str:
    """`rule prompts (tok.toml:7), o200k_base, exact`: whose verdict it is, and how its numbers were made; of money also
    by which prices, and what is assumed of a call."""
    words = f"rule {verdict.rule}" if verdict.rule else "the policy"
    if verdict.origin:
        words += f" ({verdict.origin})"
    column = verdict.column
    if column is not None:
        words += f", {column.model}" if column.model is not None else ""
        proxy = f" from {column.proxy}" if column.proxy else ""
        estimate = f"estimate{proxy}, the high end of its range"
        words += f", {estimate if column.method == 'estimate' else f'{column.encoding}, {column.method}'}"
    return printable(f"{words}; {verdict.charge.how}" if verdict.charge is not None else words)


def why(verdict: Verdict) -> str:
    """The reason of the rule and its owner; "" where neither is given."""
    owner = f"owner {verdict.owner}" if verdict.owner else ""
    return printable(f"{verdict.reason} ({owner})" if verdict.reason and owner else verdict.reason or owner)


def figures(verdict: Verdict) -> tuple[int | str | None, ...]:
    """What is over the limit, base, head and limit: tokens, or exact decimals of money."""
    charge = verdict.charge
    if charge is None:
        return verdict.over, verdict.base, verdict.head, verdict.limit
    from tokencli.money import exact

    amounts = (charge.over, charge.base, charge.head, charge.limit)
    return tuple(None if amount is None else exact(amount) for amount in amounts)


def sums(verdict: Verdict) -> list[str]:
    """Base, head and limit for people; "" for each that there is not."""
    charge = verdict.charge
    if charge is None:
        return ["" if number is None else f"{number:,}" for number in (verdict.base, verdict.head, verdict.limit)]
    from tokencli.money import show

    amounts = (charge.base, charge.head, charge.limit)
    return ["" if amount is None else show(amount, charge.currency) for amount in amounts]


def remedies(verdicts: Iterable[Verdict]) -> list[str]:
    """What can be done about failures, each way once."""
    return list(dict.fromkeys(REMEDIES[v.verdict] for v in verdicts if v.verdict in REMEDIES))
