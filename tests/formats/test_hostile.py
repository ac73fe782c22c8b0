"""No name in a checked tree breaks out of a format: whatever a file is called, it stays on its line and in its cell."""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tokencli import formats
from tokencli.formats import View
from tokencli.model import Column, Count, Problem, Skipped
from tokencli.model.diff import Change, DiffReport, Side
from tokencli.model.gate import CheckReport, Verdict

NAMES = (
    "two\nlines.md",
    "two\r\nlines.md",
    "tab\tbed.md",
    "\x1b[31mred\x1b]8;;http://evil.example\x07.md",
    "\u202egpj.exe\u2066.md",
    "next\x85line\u2028and\u2029more.md",
    "not\udce9utf8.md",
    "a|b\\|c.md",
    "`code` ``fence``.md",
    "::error file=x::injected",
    "\n::add-mask::secret",
    "##[stop-commands]x",
    "a ##vso[task.setvariable variable=PATH]x",
    "a,title=b:c%0A%25.md",
    "<!-- hidden --><script>alert(1)</script></details>.md",
    "[link](http://evil.example).md",
    "@everyone **bold** ~~gone~~.md",
    "=cmd|' /C calc'!A0",
    "-rf",
    " ",
    "dir with space/{0}/\U0001f469\u200d\U0001f4bb.md",
)
FORMATS = {
    "diff": ("table", "plain", "json", "markdown"),
    "check": ("table", "plain", "json", "markdown", "sarif", "github"),
}
ALL = [(command, name) for command, names in FORMATS.items() for name in names]
FOR_PEOPLE = [(command, name) for command, name in ALL if name not in ("json", "sarif")]
VIEWS = [View(), View(width=40), View(width=80, unicode=False)]
COUNTS = (Count(5, 5, 5),)


def diff_report(name: str) -> DiffReport:
    """The name in every place that can hold one."""
    change = Change(name, "renamed", COUNTS, COUNTS, old_path=name, remark=name, warnings=(name,))
    problem = Problem("unreadable", name, name)
    column = Column(name, "exact", model=name)
    sides = (Side(name), Side(name))
    skipped = (Skipped(name, "binary"),)
    return DiffReport((column,), *sides, (change,), COUNTS, COUNTS, skipped, (problem,), (name,), max_increase=1)


def check_report(name: str) -> CheckReport:
    """The name in every place that can hold one."""
    column = Column(name, "exact", model=name)
    given: dict[str, Any] = {"column": column, "origin": f"{name}:3", "reason": name, "owner": name, "old_path": name}
    fails = Verdict(name, name, "over", name, 1, 9, 5, fails=True, **given)
    total = Verdict(name, name, "over", name, 1, 9, 5, fails=True, scope="total", **given)
    before = Verdict(name, name, "over-before", name, 9, 9, 5, **given)
    changed = Verdict(name, name, "policy", name, **given)
    problem = Problem("no-match", name, name)
    verdicts = (fails, total, before, changed)
    return CheckReport(Side(name), Side(name), verdicts, 1, 1, name, (Skipped(name, "binary"),), (problem,), (name,))


def rendered(command: str, format_name: str, name: str, view: View = VIEWS[0]) -> str:
    parts: list[str] = []
    report = diff_report(name) if command == "diff" else check_report(name)
    formats.load(command, format_name)(report, view, parts.append)
    return "".join(parts)


def lines_of(text: str) -> list[str]:
    assert text.endswith("\n")
    return text[:-1].split("\n")


@pytest.mark.parametrize("view", VIEWS, ids=["pipe", "narrow", "ascii"])
@pytest.mark.parametrize(("command", "format_name"), FOR_PEOPLE)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_that_a_terminal_obeys(command: str, format_name: str, name: str, view: View) -> None:
    for line in lines_of(rendered(command, format_name, name, view)):
        assert line.replace("\t", "").replace("\u200d", "").isprintable()


@pytest.mark.parametrize(("command", "format_name"), FOR_PEOPLE)
@pytest.mark.parametrize("name", NAMES)
def test_there_are_as_many_lines_as_with_a_harmless_name(command: str, format_name: str, name: str) -> None:
    harmless = lines_of(rendered(command, format_name, "harmless.md"))
    assert len(lines_of(rendered(command, format_name, name))) == len(harmless)


@pytest.mark.parametrize("command", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_plain_has_as_many_fields_as_with_a_harmless_name(command: str, name: str) -> None:
    fields = [[line.count("\t") for line in lines_of(rendered(command, "plain", each))] for each in (name, "a.md")]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("command", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_json_keeps_a_name_as_it_is_and_is_ascii(command: str, name: str) -> None:
    text = rendered(command, "json", name)
    assert text.isascii()
    data = json.loads(text)["data"]
    assert (data["changes"] if command == "diff" else data["verdicts"])[0]["path"] == name


@pytest.mark.parametrize("command", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_in_markdown_a_name_is_text_in_its_cell(command: str, name: str) -> None:
    """As a parser of GitHub's tables reads it: the same structure as with a harmless name, and no HTML but our own."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])

    def structure(text: str) -> list[str]:
        tokens = [token for block in parser.parse(text) for token in (block, *(block.children or ()))]
        html = [token.content for token in tokens if token.type.startswith("html")]
        assert all(re.fullmatch(r"</?(sub|br|details|summary)>.*", content, re.DOTALL) for content in html)
        assert not any("script" in content or "<!--" in content for content in html)
        return [token.type for token in tokens if token.type not in ("text", "text_special")]

    found = structure(rendered(command, "markdown", name))
    assert found == structure(rendered(command, "markdown", "harmless.md"))
    assert "link_open" not in found


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_called_in_a_comment(name: str) -> None:
    for command in FORMATS:
        text = re.sub(r"(`+).+?\1", "", rendered(command, "markdown", name))
        assert not re.search(r"@\w", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_for_github_is_one_command_of_ours_but_the_last(name: str) -> None:
    *commands, last = lines_of(rendered("check", "github", name))
    assert last == "gate  1 file, 1 rule: NO VERDICT (1 error, 2 failed so far)"
    for command in commands:
        read = re.fullmatch(r"::(error|warning|notice) ((?:file=[^,:]+,line=\d+,)?title=[^,:]+)::.+", command)
        assert read, command


@pytest.mark.parametrize("name", NAMES)
def test_sarif_is_ascii_and_whole(name: str) -> None:
    text = rendered("check", "sarif", name)
    assert text.isascii()
    results = json.loads(text)["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == [name] * 4


def notes(command: str, name: str) -> list[str]:
    report = diff_report(name) if command == "diff" else check_report(name)
    lines: list[str] = import_module(f"tokencli.formats.{command}").notes(report, View(show_skipped=True))
    return lines


@pytest.mark.parametrize("command", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_notes_stay_on_their_lines(command: str, name: str) -> None:
    lines = notes(command, name)
    assert len(lines) == len(notes(command, "harmless.md"))
    assert all(line.replace("\u200d", "").isprintable() for line in lines)


@pytest.mark.parametrize("command", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_the_log_of_a_ci_system_holds_no_command(command: str, name: str) -> None:
    for format_name in ("table", "plain", "markdown"):
        lines = lines_of(rendered(command, format_name, name)) + notes(command, name)
        assert not any(re.search(r"##\w*\[", line) for line in lines)
        # The states that are compared begin a line of the table; no revision may hold a colon.
        assert not any(line.lstrip().startswith("::") for line in lines if " -> " not in line)
