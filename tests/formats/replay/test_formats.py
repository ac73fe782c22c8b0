"""Each format of `tok replay` renders reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.replay import notes
from tokencli.formats.wording import display_width
from tokencli.model.replay import ReplayReport

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, ReplayReport]

PIPE = View()


def rendered(name: str, report: ReplayReport, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("replay", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"replay/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1], View(exit_code=3)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"replay/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    golden(f"replay/{report[0]}.notes.txt", "".join(line + "\n" for line in notes(report[1], PIPE)))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int, report: Named) -> None:
    assert all(display_width(line) <= width for line in rendered("table", report[1], View(width=width)).splitlines())


def test_there_is_colour_only_where_it_is_on(report: Named) -> None:
    assert "\x1b[" not in rendered("table", report[1])
    painted = rendered("table", report[1], View(color=True))
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m"):
        painted = painted.replace(code, "")
    assert painted == rendered("table", report[1])


@pytest.mark.parametrize("name", [name for name in ENDINGS if name != "json"])
def test_no_name_writes_to_the_terminal(name: str, report: Named) -> None:
    assert all(character.isprintable() or character in "\r\n\t" for character in rendered(name, report[1]))


def test_json_fits_its_schema(report: Named) -> None:
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.replay-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(rendered("json", report[1], View(exit_code=3)))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])


def test_every_table_of_markdown_has_the_same_cells_in_its_rows(report: Named) -> None:
    for table in rendered("markdown", report[1]).split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) <= 1
