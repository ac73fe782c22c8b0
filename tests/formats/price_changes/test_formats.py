"""Each format of `tok rates diff` renders the same comparisons as its golden files say, and keeps the promises of its
kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import formats
from tokencli.formats import View
from tokencli.formats.price_changes import notes
from tokencli.formats.wording import display_width
from tokencli.model.price_changes import PriceChanges

ENDINGS = {"table": "txt", "plain": "tsv", "json": "json", "markdown": "md"}

Golden = Callable[[str, str], None]
Named = tuple[str, PriceChanges]

PIPE = View()


def rendered(name: str, report: PriceChanges, view: View = PIPE) -> str:
    parts: list[str] = []
    formats.load("price_changes", name)(report, view, parts.append)
    return "".join(parts)


@pytest.mark.parametrize("name", ENDINGS)
def test_as_its_golden_file(name: str, report: Named, golden: Golden) -> None:
    golden(f"price_changes/{report[0]}.{name}.{ENDINGS[name]}", rendered(name, report[1]))


@pytest.mark.parametrize("width", [40, 80])
def test_the_table_on_a_terminal_as_its_golden_file(width: int, report: Named, golden: Golden) -> None:
    golden(f"price_changes/{report[0]}.table-{width}.txt", rendered("table", report[1], View(width=width)))


def test_the_sum_counts_each_kind(report: Named) -> None:
    several = "1 new model, 1 removed model, 1 price up, 1 price down, 1 change of a whole card; 17 models in both"
    sums = {"none": "no difference; 3 models in both", "several": several, "hostile": "1 name; 1 model in both"}
    assert rendered("table", report[1]).splitlines()[-1] == sums[report[0]]


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


def test_a_plain_line_has_eleven_fields(report: Named) -> None:
    lines = rendered("plain", report[1]).splitlines()
    assert [line.count("\t") for line in lines] == [10] * len(report[1].changes)


def test_json_fits_its_schema(report: Named) -> None:
    path = files("tokencli.formats") / "schemas" / "tok.rates.diff-1.schema.json"
    document = json.loads(rendered("json", report[1]))
    jsonschema.validate(document, json.loads(path.read_text("utf-8")), cls=jsonschema.Draft202012Validator)
