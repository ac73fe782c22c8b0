"""Each format of `tok check` renders the same reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.check import notes, outcome
from tokencli.formats.wording import display_width
from tokencli.model.gate import CheckReport

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "markdown": "md", "sarif": "sarif", "github": "txt"}

Golden = Callable[[str, str], None]
Named = tuple[str, CheckReport]

PIPE = View()
CODES = {"failed": 1, "passed": 0, "broken": 3}


def rendered(name: str, report: CheckReport, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("check", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    view = View(exit_code=CODES[report[0]])
    golden(f"check/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1], view))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"check/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    shown = notes(report[1], View(show_skipped=report[0] == "failed"))
    golden(f"check/{report[0]}.notes.txt", "".join(line + "\n" for line in shown))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_only_a_long_path_is_wider_than_the_terminal(width: int, failure: CheckReport) -> None:
    paths = {verdict.path for verdict in failure.verdicts}
    for line in rendered("table", failure, View(width=width)).splitlines():
        assert display_width(line) <= width or line.split(maxsplit=1)[1] in paths


def test_there_is_colour_only_where_it_is_on(report: Named) -> None:
    assert "\x1b[" not in rendered("table", report[1])
    painted = rendered("table", report[1], View(color=True))
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m"):
        painted = painted.replace(code, "")
    assert painted == rendered("table", report[1])


def test_what_fails_comes_before_what_does_not(failure: CheckReport) -> None:
    text = rendered("table", failure)
    order = (
        "failed",
        "prompts/system.md",
        "to pass",
        "shown, fails nothing",
        "prompts/demo.md",
        "over before this change",
    )
    places = [
        text.index(words) for words in (*order, "prompts/old.md", "not loosened", "gpt-4o to grok-4", "FAILED (4)")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["table", "plain", "markdown", "github"])
def test_no_format_for_people_lists_what_is_ok(name: str, failure: CheckReport) -> None:
    assert "prompts/fine.md" not in rendered(name, failure)


def test_a_gate_with_errors_has_no_verdict(failure: CheckReport, one: CheckReport) -> None:
    from tokencli.model import Problem

    problem = Problem("no-base", "there is no main")
    assert outcome(failure) == "FAILED (4)"
    assert outcome(one._replace(problems=(problem,))) == "NO VERDICT (1 error, 1 failed so far)"
    assert outcome(one._replace(verdicts=(), problems=(problem,))) == "NO VERDICT (1 error)"


def test_warn_only_passes_with_warnings(one: CheckReport) -> None:
    let_pass = one._replace(warn_only=True, verdicts=(one.verdicts[0]._replace(fails=False),))
    assert outcome(let_pass) == "passed, 1 warning"
    assert rendered("github", let_pass).startswith("::warning file=a.md,")


def test_json_fits_its_schema(report: Named) -> None:
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.check-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(rendered("json", report[1], View(exit_code=1)))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])
    for verdict in document["data"]["verdicts"]:
        assert set(verdict) == set(schema["$defs"]["verdict"]["properties"])


def test_json_holds_what_is_ok_too(failure: CheckReport) -> None:
    verdicts: list[dict[str, Any]] = json.loads(rendered("json", failure))["data"]["verdicts"]
    assert [verdict["verdict"] for verdict in verdicts].count("ok") == 1
    assert [verdict["over"] for verdict in verdicts if verdict["fails"]] == [28, 82, 1400, None]


def test_every_table_row_of_markdown_has_the_same_cells(report: Named) -> None:
    rows = [line for line in rendered("markdown", report[1]).splitlines() if line.startswith("|")]
    assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1


def test_markdown_fits_into_a_comment_and_says_what_it_left_out(one: CheckReport) -> None:
    fails = one.verdicts[0]
    many = tuple(fails._replace(path=f"prompts/{n:05}.md", fails=n % 2 == 0) for n in range(2_000))
    before = tuple(verdict._replace(verdict="over-before", fails=False) for verdict in many)
    text = rendered("markdown", one._replace(verdicts=many + before))
    assert 50_000 < len(text) < 65_536
    listed = text.count("`prompts/")
    left = [int(line.split()[3].replace(",", "")) for line in text.splitlines() if "no room here" in line]
    assert listed + sum(left) == 4_000
    assert text.startswith("**Token gate: FAILED (1,000)**")
    assert text.count("</details>") == 1


def test_a_terminal_shows_ten_files_that_were_over_before_and_says_how_many_more(one: CheckReport) -> None:
    before = one.verdicts[0]._replace(verdict="over-before", fails=False)
    many = one._replace(verdicts=tuple(before._replace(path=f"{n}.md") for n in range(300)))
    assert rendered("table", many, View(width=80)).count(".md\n") == 10
    assert "and 290 more (--format plain)" in rendered("table", many, View(width=80))
    assert rendered("table", many).count(".md\n") == 300
