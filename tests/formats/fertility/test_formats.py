"""Each format of `tok tokenizers compare` renders the same comparisons as its golden files say, and keeps the promises
of its kind."""

from __future__ import annotations

from tests.formats.promises import Named, Promises
from tokencli.model.comparison import SCRIPTS


class TestFertility(Promises):
    command = "fertility"
    schema = "tokenizers.compare"

    def test_a_line_of_plain_always_has_the_same_fields(self, report: Named) -> None:
        lines = self.rendered("plain", report[1]).splitlines()
        assert {len(line.split("\t")) for line in lines} == {5 + len(SCRIPTS) + 4}

    def test_every_table_row_of_markdown_has_the_same_cells(self, report: Named) -> None:
        rows = [line for line in self.rendered("markdown", report[1]).splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) == 1
