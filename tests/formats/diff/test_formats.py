"""Each format of `tok diff` renders the same reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.diff import notes
from tokencli.formats.wording import display_width
from tokencli.model import Column, Count
from tokencli.model.diff import Change, DiffReport, Side

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, DiffReport]

PIPE = View()


def rendered(name: str, report: DiffReport, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("diff", name)(report, view, parts.append)
    return "".join(parts)


def one(path: str, base: int | None = 1, head: int | None = 3, **more: Any) -> DiffReport:
    """A report on a single file."""
    before, after = (None if tokens is None else (Count(tokens, tokens, tokens),) for tokens in (base, head))
    status = "added" if base is None else "deleted" if head is None else "changed"
    change = Change(path, status, before, after)
    nothing = (Count(0, 0, 0),)
    column = Column("o200k_base", "exact")
    report = DiffReport((column,), Side("A"), Side("B"), (change,), before or nothing, after or nothing)
    return report._replace(**more)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"diff/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1], View(exit_code=1)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"diff/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    shown = notes(report[1], View(show_skipped=report[0] == "failed"))
    golden(f"diff/{report[0]}.notes.txt", "".join(line + "\n" for line in shown))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_row_of_files_is_wider_than_the_terminal(width: int, report: Named) -> None:
    lines = rendered("table", report[1], View(width=width)).splitlines()
    rule = [at for at, line in enumerate(lines) if line.startswith("\u2500")]
    assert all(display_width(line) <= width for line in lines[: rule[0] + 1 if rule else 0])


def test_the_table_in_a_stream_without_unicode_is_ascii() -> None:
    assert rendered("table", one("a/" * 40 + "b.md"), View(width=40, unicode=False)).isascii()


def test_there_is_colour_only_where_it_is_on(report: Named) -> None:
    assert "\x1b[" not in rendered("table", report[1])
    painted = rendered("table", report[1], View(color=True))
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m"):
        painted = painted.replace(code, "")
    assert painted == rendered("table", report[1])


@pytest.mark.parametrize("name", ["table", "plain", "markdown"])
def test_nothing_changed_is_a_sentence(name: str) -> None:
    text = rendered(name, one("a")._replace(changes=()))
    assert "o text file differs between A and B" in text
    assert text.count("\n") == 1


@pytest.mark.parametrize("name", ["table", "plain", "markdown"])
def test_what_could_not_be_read_is_never_called_unchanged(name: str) -> None:
    from tokencli.model import Problem

    text = rendered(name, one("a")._replace(changes=(), problems=(Problem("unreadable", "b.md: gone"),)))
    assert "differs" not in text
    assert "incomplete" in text


def test_the_total_of_the_table_has_sign_per_cent_and_provenance() -> None:
    lines = rendered("table", one("a.md", 1_058, 308)).splitlines()
    assert lines[1].split() == ["1,058", "308", "-750", "-70.9%", "a.md"]
    assert lines[3].split() == ["1,058", "308", "-750", "-70.9%", "1", "file,", "o200k_base,", "exact"]


@pytest.mark.parametrize(
    ("base", "head", "cells"),
    [
        (None, 62, ["0", "62", "+62", "new"]),
        (940, None, ["940", "0", "-940", "deleted"]),
        (0, 5, ["0", "5", "+5", "-"]),
        (5, 5, ["5", "5", "0", "0.0%"]),
    ],
)
def test_the_cells_of_a_file(base: int | None, head: int | None, cells: list[str]) -> None:
    assert rendered("table", one("a.md", base, head)).splitlines()[1].split()[:4] == cells


def test_sort_reads_the_first_field_of_plain(tmp_path: Any) -> None:
    report = one("a.md", 0, 128)
    changes = (*report.changes, *one("b.md", 940, 0).changes, *one("c.md", 0, 62).changes, *one("d.md", 1, 1).changes)
    text = rendered("plain", report._replace(changes=changes)).splitlines()[:-1]
    done = subprocess.run(["sort", "-n"], input="\n".join(text), capture_output=True, text=True, check=True)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["-940", "0", "62", "128"]


def test_the_last_line_of_plain_is_the_total(report: Named) -> None:
    last = rendered("plain", report[1]).splitlines()[-1].split("\t")
    columns = len(report[1].columns)
    assert [int(field) for field in last[:columns]] == [report[1].delta(index) for index in range(columns)]
    assert last[3 * columns] == "total"


def test_json_fits_its_schema(report: Named) -> None:
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.diff-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(rendered("json", report[1], View(exit_code=1)))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])


def test_every_table_row_of_markdown_has_the_same_cells(report: Named) -> None:
    rows = [line for line in rendered("markdown", report[1]).splitlines() if line.startswith("|")]
    assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1


def test_markdown_fits_into_a_comment_and_says_what_it_left_out() -> None:
    report = one("a.md")
    many = tuple(report.changes[0]._replace(path=f"prompts/{n:05}.md") for n in range(5_000))
    text = rendered("markdown", report._replace(changes=many))
    assert 50_000 < len(text) < 65_536
    listed = text.count("`prompts/")
    assert f"| {5_000 - listed:,} more files, no room here |" in text
    assert "**Total** (5,000 files)" in text
