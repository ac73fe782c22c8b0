"""SARIF 2.1.0, for code scanning and editors: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""

from __future__ import annotations

from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.check import REMEDIES, figures, found, level, place, rule_words, why
from tokencli.formats.wording import printable
from tokencli.model import Problem
from tokencli.model.gate import CheckReport, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

POLICY = "policy"
"""The id of the rule for verdicts about the policy as a whole, which no rule of it speaks."""


def render(report: CheckReport, view: View, write: Write) -> None:
    """Write one run: a result for each verdict that is not ok, problems and notes as notifications."""
    import json

    from tokencli import __version__

    verdicts = found(report)
    rules = {_rule_id(verdict): _rule(verdict) for verdict in reversed(verdicts)}
    numbers = {name: index for index, name in enumerate(rules)}
    driver = {"name": "tok", "version": __version__, "rules": list(rules.values())}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report, view)],
        "results": [_result(verdict, numbers[_rule_id(verdict)], report) for verdict in verdicts],
        "columnKind": "unicodeCodePoints",
    }
    write(json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n")


def _rule_id(verdict: Verdict) -> str:
    return verdict.rule or POLICY


def _rule(verdict: Verdict) -> dict[str, Any]:
    """The rule of a verdict; its texts are what code scanning shows beside every result."""
    name = printable(_rule_id(verdict))
    help_text = REMEDIES.get(verdict.verdict, "See what changed.")
    return {
        "id": _rule_id(verdict),
        "shortDescription": _message(f"Token budget: {name}"),
        "fullDescription": _message(why(verdict) or f"The rule {name} of the policy"),
        "help": _message(f"{help_text[0].upper()}{help_text[1:]}."),
        "defaultConfiguration": {"level": verdict.severity},
    }


def _result(verdict: Verdict, rule: int, report: CheckReport) -> dict[str, Any]:
    from hashlib import sha256

    path, line = place(verdict)
    about = f"{verdict.path}: " if path != verdict.path and verdict.path else ""
    text = f"{about}{verdict.message}; {rule_words(verdict)}"
    # The same over all runs, whatever the numbers are, so that one finding stays one alert.
    about_money = f"\0{charge.calls} {charge.currency}" if (charge := verdict.charge) is not None else ""
    identity = sha256(f"{verdict.rule}\0{verdict.path}{about_money}".encode("utf-8", "surrogateescape")).hexdigest()
    _, base, head, limit = figures(verdict)
    physical = {"artifactLocation": {"uri": _uri(path)}, "region": {"startLine": line}}
    return {
        "ruleId": _rule_id(verdict),
        "ruleIndex": rule,
        "level": level(verdict, report),
        "message": _message(text),
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"ruleAndPath/v1": identity},
        "properties": {
            "verdict": verdict.verdict,
            "base": base,
            "head": head,
            "limit": limit,
            "unit": verdict.unit,
        },
    }


def _invocation(report: CheckReport, view: View) -> dict[str, Any]:
    problems = [_notification(problem) for problem in report.problems]
    notes = [{"level": "note", "message": _message(note)} for note in report.notes]
    return {
        "executionSuccessful": report.complete,
        "exitCode": view.exit_code,
        "toolExecutionNotifications": problems + notes,
    }


def _notification(problem: Problem) -> dict[str, Any]:
    text = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    return {"level": "error", "descriptor": {"id": problem.code}, "message": _message(text)}


def _message(text: str) -> dict[str, str]:
    """A message; `[text](target)` in it would be a link (section 3.11.6), so a blank parts the brackets."""
    return {"text": printable(text).replace("](", "] (")}


def _uri(path: str) -> str:
    """A path as a reference relative to the root of the repository."""
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"), safe="/")
