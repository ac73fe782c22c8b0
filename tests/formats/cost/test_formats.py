"""Each format of `tok cost` renders the same reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from io import StringIO
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.cost import notes
from tokencli.formats.wording import display_width
from tokencli.model.cost import CostReport

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "jsonl": "jsonl", "csv": "csv", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, CostReport]

PIPE = View()


def rendered(name: str, report: CostReport, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("cost", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"cost/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1], View(exit_code=1)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"cost/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    shown = notes(report[1], View(show_skipped=True), quiet=False)
    golden(f"cost/{report[0]}.notes.txt", "".join(line + "\n" for line in shown))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int, report: Named) -> None:
    assert all(display_width(line) <= width for line in rendered("table", report[1], View(width=width)).splitlines())


def test_there_is_colour_only_where_it_is_on(report: Named) -> None:
    assert "\x1b[" not in rendered("table", report[1])
    painted = rendered("table", report[1], View(color=True))
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m"):
        painted = painted.replace(code, "")
    assert painted == rendered("table", report[1])


@pytest.mark.parametrize("name", ["table", "plain", "markdown", "csv"])
def test_no_name_writes_to_the_terminal(name: str, report: Named) -> None:
    text = rendered(name, report[1])
    assert all(character.isprintable() or character in "\r\n\t" for character in text)


def test_what_has_no_price_is_never_zero(report: Named) -> None:
    amounts = [line.split("\t")[0] for line in rendered("plain", report[1]).splitlines()]
    rows = () if report[1].ranking else report[1].rows
    assert amounts.count("--") == sum(row.cost is None for row in rows)


def test_json_fits_its_schema(report: Named) -> None:
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.cost-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(rendered("json", report[1], View(exit_code=1)))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])


def test_json_knows_no_key_that_its_schema_does_not(report: Named) -> None:
    """The schema allows further keys; what is written today is all in it."""
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.cost-1.schema.json").read_text("utf-8"))
    closed = json.loads(json.dumps(schema), object_hook=_closed)
    jsonschema.validate(json.loads(rendered("json", report[1], View(exit_code=1))), closed)


def _closed(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "additionalProperties": False} if "required" in found and "properties" in found else found


def test_the_lines_in_json_are_the_total_exactly(report: Named) -> None:
    for row in json.loads(rendered("json", report[1]))["data"]["rows"]:
        if row["total"] is not None:
            lines = [Fraction(line.get("amount_exact", line["amount"])) for line in row["lines"]]
            assert sum(lines) == Fraction(row.get("total_exact", row["total"]))


def test_csv_has_the_same_cells_in_every_row_and_no_formula(report: Named) -> None:
    rows = list(csv.reader(StringIO(rendered("csv", report[1]), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_every_table_of_markdown_has_the_same_cells_in_its_rows(report: Named) -> None:
    for table in rendered("markdown", report[1]).split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
