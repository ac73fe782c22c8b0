"""Each format of `tok tokenizers compare` renders the same comparisons as its golden files say, and keeps the promises
of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.fertility import notes
from tokencli.formats.wording import display_width
from tokencli.model.comparison import SCRIPTS, Comparison

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, Comparison]

PIPE = View()


def rendered(name: str, report: Comparison, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("fertility", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"fertility/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1]))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"fertility/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_notes_as_their_golden_file(report: Named, golden: Golden) -> None:
    golden(f"fertility/{report[0]}.notes.txt", "".join(line + "\n" for line in notes(report[1], PIPE)))


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
    text = rendered(name, report[1]) + "".join(notes(report[1], PIPE))
    assert all(character.isprintable() or character in "\n\t" for character in text)


def test_json_fits_its_schema(report: Named) -> None:
    path = files("tokencli.formats") / "schemas" / "tok.tokenizers.compare-1.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    document = json.loads(rendered("json", report[1]))
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert set(document["data"]) == set(schema["$defs"]["data"]["properties"])


def test_a_line_of_plain_always_has_the_same_fields(report: Named) -> None:
    lines = rendered("plain", report[1]).splitlines()
    assert {len(line.split("\t")) for line in lines} == {5 + len(SCRIPTS) + 4}


def test_every_table_row_of_markdown_has_the_same_cells(report: Named) -> None:
    rows = [line for line in rendered("markdown", report[1]).splitlines() if line.startswith("|")]
    assert len({row.replace("\\|", "").count("|") for row in rows}) == 1
