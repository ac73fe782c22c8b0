"""SARIF fits the standard as far as this program uses it; the schema here is written after that of the standard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.model import Problem
from tokencli.model.gate import CheckReport

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text("utf-8"))


def run(report: CheckReport, code: int = 0) -> dict[str, Any]:
    """The only run of a log that fits the schema."""
    parts: list[str] = []
    formats.load("check", "sarif")(report, View(exit_code=code), parts.append)
    log = json.loads("".join(parts))
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(log, SCHEMA, cls=jsonschema.Draft7Validator)
    (only,) = log["runs"]
    return dict(only)


def test_every_report_fits_the_schema(report: tuple[str, CheckReport]) -> None:
    name, whole = report
    assert run(whole)["invocations"][0]["executionSuccessful"] == (name != "broken")


def test_every_verdict_but_ok_is_a_result_with_a_level(failure: CheckReport) -> None:
    results = [(result["properties"]["verdict"], result["level"]) for result in run(failure)["results"]]
    assert results == [
        ("over", "error"),
        ("grew", "error"),
        ("grew", "error"),
        ("policy", "error"),
        ("new", "note"),
        ("over", "warning"),
        ("over-before", "note"),
        ("policy", "note"),
        ("model", "warning"),
    ]


def test_results_point_at_their_rules(failure: CheckReport) -> None:
    whole = run(failure)
    rules = [rule["id"] for rule in whole["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)) == 3
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in whole["results"])


def test_a_total_is_where_its_rule_stands(failure: CheckReport) -> None:
    result = next(result for result in run(failure)["results"] if result["ruleId"] == "standing-context")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/org.toml"},
        "region": {"startLine": 12},
    }
    assert result["message"]["text"].startswith("AGENTS.md skills/**: ")


def test_a_finding_keeps_its_fingerprint_when_its_numbers_change(one: CheckReport) -> None:
    def fingerprint(**changed: Any) -> Any:
        verdict = one.verdicts[0]._replace(**changed)
        return run(one._replace(verdicts=(verdict,)))["results"][0]["partialFingerprints"]

    assert fingerprint() == fingerprint(head=999, message="999 tokens", verdict="over-before", fails=False)
    assert fingerprint() != fingerprint(path="b.md")
    assert fingerprint() != fingerprint(rule="tools")


def test_problems_and_notes_are_notifications(one: CheckReport) -> None:
    problem = Problem("no-base", "there is no main", "git fetch origin main")
    (invocation,) = run(one._replace(problems=(problem,), notes=("a note",)), code=3)["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "error",
            "descriptor": {"id": "no-base"},
            "message": {"text": "there is no main (git fetch origin main)"},
        },
        {"level": "note", "message": {"text": "a note"}},
    ]


@pytest.mark.parametrize(
    "path", ["a b.md", "c:d.md", "100%.md", "a#b?c.md", "\u4f60.md", "not\udce9utf8.md", "a\nb.md", "[x](y).md", "a\\b"]
)
def test_a_uri_is_a_relative_reference_to_the_path(path: str, one: CheckReport) -> None:
    result = run(one._replace(verdicts=(one.verdicts[0]._replace(path=path),)))["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    split = urlsplit(uri)
    assert (split.scheme, split.netloc, split.query, split.fragment) == ("", "", "", "")
    assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == path


def test_no_message_holds_a_link(one: CheckReport) -> None:
    verdict = one.verdicts[0]._replace(message="[click](http://evil.example)")
    assert "](" not in json.dumps(run(one._replace(verdicts=(verdict,)))["results"][0]["message"])
