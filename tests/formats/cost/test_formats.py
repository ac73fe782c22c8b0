"""Each format of `tok cost` renders the same reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]

from tests.formats.promises import Named, PromisesOfCsv
from tokencli.formats import View


class TestCost(PromisesOfCsv):
    command = schema = "cost"
    names = ("table", "plain", "json", "jsonl", "csv", "markdown")
    exit_code = 1
    notes_view = View(show_skipped=True)

    def test_what_has_no_price_is_never_zero(self, report: Named) -> None:
        amounts = [line.split("\t")[0] for line in self.rendered("plain", report[1]).splitlines()]
        rows = () if report[1].ranking else report[1].rows
        assert amounts.count("--") == sum(row.cost is None for row in rows)

    def test_json_knows_no_key_that_its_schema_does_not(self, report: Named) -> None:
        """The schema allows further keys; what is written today is all in it."""
        closed = json.loads(json.dumps(self.the_schema()), object_hook=_closed)
        jsonschema.validate(self.document(report[1]), closed)

    def test_the_lines_in_json_are_the_total_exactly(self, report: Named) -> None:
        for row in self.document(report[1])["data"]["rows"]:
            if row["total"] is not None:
                lines = [Fraction(line.get("amount_exact", line["amount"])) for line in row["lines"]]
                assert sum(lines) == Fraction(row.get("total_exact", row["total"]))


def _closed(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "additionalProperties": False} if "required" in found and "properties" in found else found
