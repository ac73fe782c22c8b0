"""Annotations say everything within what GitHub shows, and nothing in a path ends a command or begins one."""

from __future__ import annotations

import re

import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.model import Problem
from tokencli.model.gate import CheckReport


def commands(report: CheckReport) -> list[tuple[str, dict[str, str], str]]:
    """The commands as GitHub's runner reads them: name, properties and message."""
    parts: list[str] = []
    formats.load("check", "github")(report, View(), parts.append)
    found = []
    for line in "".join(parts).splitlines()[:-1]:
        name, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()  # type: ignore[union-attr]
        pairs = (pair.split("=", 1) for pair in properties.split(","))
        decoded = {key: unescaped(value, "%3A:", "%2C,") for key, value in pairs}
        found.append((name, decoded, unescaped(message)))
    return found


def unescaped(text: str, *more: str) -> str:
    for escape in (*more, "%0D\r", "%0A\n", "%25%"):
        text = text.replace(escape[:3], escape[3:])
    return text


def test_a_failure_is_an_error_at_its_file(one: CheckReport) -> None:
    (command,) = commands(one)
    name, properties, message = command
    assert (name, properties) == ("error", {"file": "a.md", "line": "1", "title": "tok check: over, prompts"})
    assert message.splitlines()[:3] == [
        "246 tokens of 218: over by 28; it was 118 before",
        "rule prompts (tok.toml:7), o200k_base, exact",
        "every request pays for it (owner @prompts)",
    ]


def test_a_total_is_annotated_where_its_rule_stands(failure: CheckReport) -> None:
    properties, message = next(command[1:] for command in commands(failure) if "standing-context" in command[2])
    assert (properties["file"], properties["line"]) == ("policies/org.toml", "12")
    assert message.startswith("AGENTS.md skills/**: 12 files together: ")


def test_what_was_over_before_is_a_notice(failure: CheckReport) -> None:
    assert ("notice", "prompts/old.md") in [(name, properties["file"]) for name, properties, _ in commands(failure)]


def test_a_problem_is_an_error_without_a_file(one: CheckReport) -> None:
    problem = Problem("no-base", "there is no main", "git fetch origin main")
    name, properties, message = commands(one._replace(problems=(problem,)))[0]
    assert (name, properties) == ("error", {"title": "tok check: no-base"})
    assert message == "there is no main\ngit fetch origin main"


@pytest.mark.parametrize("path", ["100%.md", "%0A::error::x", "a,line=9.md", "a:b::c.md", "::error::x", "a=b.md"])
def test_a_path_is_read_back_as_it_is(path: str, one: CheckReport) -> None:
    (command,) = commands(one._replace(verdicts=(one.verdicts[0]._replace(path=path),)))
    assert command[1] == {"file": path, "line": "1", "title": "tok check: over, prompts"}


@pytest.mark.parametrize(("fails", "kind"), [(True, "error"), (False, "warning")])
def test_the_tenth_of_a_kind_sums_up_those_that_github_would_drop(fails: bool, kind: str, one: CheckReport) -> None:
    severity = "error" if fails else "warning"
    verdict = one.verdicts[0]._replace(fails=fails, severity=severity)
    many = tuple(verdict._replace(path=f"{n}\n.md") for n in range(25))
    ten = commands(one._replace(verdicts=many))
    assert [name for name, _, _ in ten] == [kind] * 10
    assert ten[-1][1] == {"title": f"tok check: 16 more {kind}s"}
    listed = ten[-1][2].splitlines()
    assert listed[0] == "16 more:"
    assert [line.partition(":")[0] for line in listed[1:]] == [rf"{n}\n.md" for n in range(9, 25)]


def test_ten_of_a_kind_are_all_shown(one: CheckReport) -> None:
    many = tuple(one.verdicts[0]._replace(path=f"{n}.md") for n in range(10))
    assert [properties["file"] for _, properties, _ in commands(one._replace(verdicts=many))] == [
        f"{n}.md" for n in range(10)
    ]


def test_a_sum_of_very_many_says_how_many_it_does_not_name(one: CheckReport) -> None:
    many = tuple(one.verdicts[0]._replace(path=f"{n}.md") for n in range(5_000))
    message = commands(one._replace(verdicts=many))[-1][2]
    assert len(message) < 60_000
    named = len(message.splitlines()) - 2
    assert message.splitlines()[-1] == f"and {4_991 - named:,} more, which tok check --format json lists"
