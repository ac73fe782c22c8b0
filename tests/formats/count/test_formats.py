"""Each format renders the same three reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.cli.commands import COUNT_FORMATS
from tokencli.formats import View
from tokencli.formats.count import notes
from tokencli.formats.wording import display_width
from tokencli.model import Column, Count, CountReport, FileCount, Group

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "jsonl": "jsonl", "csv": "csv", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, CountReport]


PIPE = View()


def rendered(name: str, report: CountReport, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("count", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", COUNT_FORMATS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1]))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    shown = notes(report[1], View(show_skipped=report[0] == "single"))
    golden(f"{report[0]}.notes.txt", "".join(line + "\n" for line in shown))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_row_of_files_is_wider_than_the_terminal(width: int, report: Named) -> None:
    lines = rendered("table", report[1], View(width=width)).splitlines()
    rule = next(at for at, line in enumerate(lines) if line.startswith("\u2500"))
    assert all(display_width(line) <= width for line in lines[: rule + 1])


def test_the_table_in_a_stream_without_unicode_is_ascii(report: Named) -> None:
    ascii_report = replace(report[1], groups=(), files=report[1].files[:1])
    assert rendered("table", ascii_report, View(width=40, unicode=False)).isascii()


def test_there_is_colour_only_where_it_is_on(report: Named) -> None:
    assert "\x1b[" not in rendered("table", report[1])
    painted = rendered("table", report[1], View(color=True))
    assert "\x1b[1m" in painted
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m"):
        painted = painted.replace(code, "")
    assert painted == rendered("table", report[1])


@pytest.mark.parametrize("name", ["table", "plain", "csv", "markdown"])
def test_hostile_names_stay_on_their_line(name: str, hostile: CountReport) -> None:
    text = rendered(name, hostile)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "evil\\x1b[31m\\nname\\u202e" in text


def test_plain_lines_are_fields_that_sort_can_read(report: Named) -> None:
    lines = rendered("plain", report[1]).splitlines()
    assert all(line.split("\t")[0].isdigit() for line in lines)
    assert "\ttotal\t" in lines[-1]


def schema() -> Any:
    return json.loads((files("tokencli.formats") / "schemas" / "tok.count-1.schema.json").read_text("utf-8"))


def test_json_fits_its_schema(report: Named) -> None:
    document = json.loads(rendered("json", report[1], View(exit_code=1)))
    jsonschema.validate(document, schema(), cls=jsonschema.Draft202012Validator)


def test_json_keeps_names_as_they_are(hostile: CountReport) -> None:
    text = rendered("json", hostile)
    assert text.isascii()
    assert [file["path"] for file in json.loads(text)["data"]["files"]] == [file.path for file in hostile.files]


def test_jsonl_has_an_object_a_line_and_the_totals_last(hostile: CountReport) -> None:
    lines = [json.loads(line) for line in rendered("jsonl", hostile).splitlines()]
    assert [line.get("path") for line in lines] == [hostile.files[0].path, hostile.files[1].path, None]
    assert lines[-1]["totals"][0]["tokens"] == 10


def test_csv_reads_back(hostile: CountReport) -> None:
    text = rendered("csv", hostile)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["path"] for row in rows] == ['evil\\x1b[31m\\nname\\u202e,"x".md', hostile.files[1].path, ""]
    assert [row["tokens"] for row in rows] == ["7", "3", "10"]
    assert text.count("\r\n") == 4


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("=cmd|' /C calc'!A0", "./=cmd|' /C calc'!A0"),
        ("@types/x.d.ts", "./@types/x.d.ts"),
        ("+page.md", "./+page.md"),
        ("-x.md", "./-x.md"),
        ("\t=x", "\\t=x"),
        ("-", "-"),
        ("a=b.md", "a=b.md"),
    ],
)
def test_no_path_in_csv_is_a_formula(path: str, cell: str, hostile: CountReport) -> None:
    report = replace(hostile, files=(replace(hostile.files[0], path=path),))
    rows = list(csv.DictReader(io.StringIO(rendered("csv", report), newline="")))
    assert rows[0]["path"] == cell


@pytest.mark.parametrize("name", COUNT_FORMATS)
def test_rows_left_out_that_have_no_sum_are_still_said(name: str) -> None:
    column = Column("o200k_base", "exact")
    estimate = Column("o200k_base", "estimate", model="grok-4", proxy="o200k_base")
    one = (Count(5, 5, 5), Count(5, 4, 6))
    groups = (Group("dir", ".", 9, 90, one, own=one),)
    rest = Group("dir", "8 more rows", 8, 80, ())
    text = rendered(name, CountReport((column, estimate), (), one, groups=groups, rest=rest))
    assert "8 more rows" in text
    if name == "plain":
        assert text.splitlines()[1] == "-\t-\t-\t8 more rows"
    if name == "csv":
        assert "rest,8 more rows,,8,80,,o200k_base,exact,,,,\r\n" in text


def test_every_table_row_of_markdown_has_the_same_cells(report: Named) -> None:
    rows = [line for line in rendered("markdown", report[1]).splitlines() if line.startswith("|")]
    assert len({row.replace("\\|", "").count("|") for row in rows}) == 1


def test_one_byte_is_not_bytes() -> None:
    counts = (Count(1, 1, 1),)
    report = CountReport((Column("o200k_base", "exact"),), (FileCount("a", "text", 1, counts),), counts)
    parts: list[str] = []
    formats.load("count", "plain")(report, View(), parts.append)
    assert "1 file, 1 byte\t" in parts[-1]


def test_many_warnings_of_a_kind_are_summed_up_on_a_terminal_only() -> None:
    counts = (Count(1, 1, 1),)
    listed = tuple(FileCount(f"{n}", "text", 1, counts, (f"not UTF-8 (byte {n}): invalid",)) for n in range(300))
    report = CountReport((Column("o200k_base", "exact"),), listed, counts)
    shown = notes(report, View(width=80))
    assert (len(shown), shown[-1].split(maxsplit=1)[1]) == (11, "and 290 more files: not UTF-8")
    assert len(notes(report, View())) == 300
