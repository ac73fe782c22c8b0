"""What the formats of every command promise, held for each of its reports; the tests of a command are such a class."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from io import StringIO
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.wording import display_width

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "jsonl": "jsonl", "csv": "csv", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, Any]
"""A report and its name, as the fixture `report` of a command's folder gives them."""


class Promises:
    """`command` is the folder of the formats, `schema` the name in the envelope, `exit_code` what answers end with."""

    command: str
    schema: str
    names: tuple[str, ...] = ("table", "plain", "json", "markdown")
    widths: tuple[int, ...] = (40, 80, 200)
    exit_code = 0
    notes_view = View()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give each test the formats of the command, those that people read, or the widths of its golden files."""
        choices = {"name": self.names, "golden_width": self.widths}
        choices["text_name"] = tuple(name for name in self.names if name not in ("json", "jsonl"))
        for argument, values in choices.items():
            if argument in metafunc.fixturenames:
                metafunc.parametrize(argument, values)

    def rendered(self, name: str, report: Any, view: View | None = None) -> str:
        parts: list[str] = []
        formats.load(self.command, name)(report, view or View(), parts.append)
        return "".join(parts)

    def noted(self, report: Any) -> str:
        lines = import_module(f"tokencli.formats.{self.command}").notes(report, self.notes_view, quiet=False)
        return "".join(line + "\n" for line in lines)

    def document(self, report: Any) -> Any:
        return json.loads(self.rendered("json", report, View(exit_code=self.exit_code)))

    def the_schema(self) -> Any:
        path = files("tokencli.formats") / "schemas" / f"tok.{self.schema}-1.schema.json"
        return json.loads(path.read_text("utf-8"))

    def test_as_its_golden_file(self, name: str, report: Named, golden: Golden) -> None:
        shown = self.rendered(name, report[1], View(exit_code=self.exit_code))
        golden(f"{self.command}/{report[0]}.{name}.{ENDINGS[name]}", shown)

    def test_the_table_on_a_terminal_as_its_golden_file(self, golden_width: int, report: Named, golden: Golden) -> None:
        shown = self.rendered("table", report[1], View(width=golden_width))
        golden(f"{self.command}/{report[0]}.table-{golden_width}.txt", shown)

    def test_the_notes_as_their_golden_file(self, report: Named, golden: Golden) -> None:
        golden(f"{self.command}/{report[0]}.notes.txt", self.noted(report[1]))

    @pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
    def test_no_line_is_wider_than_the_terminal(self, width: int, report: Named) -> None:
        shown = self.rendered("table", report[1], View(width=width))
        assert all(display_width(line) <= width for line in shown.splitlines())

    def test_there_is_colour_only_where_it_is_on(self, report: Named) -> None:
        plain = self.rendered("table", report[1])
        assert "\x1b[" not in plain
        painted = self.rendered("table", report[1], View(color=True))
        for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m"):
            painted = painted.replace(code, "")
        assert painted == plain

    def test_no_name_writes_to_the_terminal(self, text_name: str, report: Named) -> None:
        text = self.rendered(text_name, report[1]) + self.noted(report[1])
        allowed = "\r\n\t" if text_name == "csv" else "\n\t"
        assert all(character.isprintable() or character in allowed for character in text)

    def test_json_fits_its_schema(self, report: Named) -> None:
        schema, document = self.the_schema(), self.document(report[1])
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
        assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])

    def test_every_table_of_markdown_has_the_same_cells_in_its_rows(self, report: Named) -> None:
        for table in self.rendered("markdown", report[1]).split("\n\n"):
            rows = [line for line in table.splitlines() if line.startswith("|")]
            assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1


class PromisesOfCsv(Promises):
    """Those of commands that have CSV too."""

    def test_csv_has_the_same_cells_in_every_row_and_no_formula(self, report: Named) -> None:
        rows = list(csv.reader(StringIO(self.rendered("csv", report[1]), newline="")))
        assert len({len(row) for row in rows}) == 1
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
