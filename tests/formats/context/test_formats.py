"""Each format of `tok context` renders the same reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.context import notes
from tokencli.formats.wording import display_width
from tokencli.model.context import ContextReport

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, ContextReport]

PIPE = View()


def rendered(name: str, report: ContextReport, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("context", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"context/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1], View(exit_code=1)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"context/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    shown = notes(report[1], View(show_skipped=True))
    golden(f"context/{report[0]}.notes.txt", "".join(line + "\n" for line in shown))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int, report: Named) -> None:
    assert all(display_width(line) <= width for line in rendered("table", report[1], View(width=width)).splitlines())


def test_there_is_colour_only_where_it_is_on(report: Named) -> None:
    assert "\x1b[" not in rendered("table", report[1])
    painted = rendered("table", report[1], View(color=True))
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m"):
        painted = painted.replace(code, "")
    assert painted == rendered("table", report[1])


@pytest.mark.parametrize("name", ["table", "plain", "markdown"])
def test_no_name_writes_to_the_terminal(name: str, report: Named) -> None:
    text = rendered(name, report[1])
    assert all(character.isprintable() or character in "\n\t" for character in text)


def test_what_is_not_known_is_never_zero(report: Named) -> None:
    for line in rendered("plain", report[1]).splitlines():
        if "\tunknown\t" in line:
            assert line.startswith("?\t")


def test_json_fits_its_schema(report: Named) -> None:
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.context-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(rendered("json", report[1], View(exit_code=1)))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])


def test_every_table_row_of_markdown_has_the_same_cells(report: Named) -> None:
    rows = [line for line in rendered("markdown", report[1]).splitlines() if line.startswith("|")]
    assert len({row.replace("\\|", "").count("|") for row in rows}) == 1
