"""Each format of `tok context` renders the same reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

from tests.formats.promises import Named, Promises
from tokencli.formats import View


class TestContext(Promises):
    command = schema = "context"
    exit_code = 1
    notes_view = View(show_skipped=True)

    def test_what_is_not_known_is_never_zero(self, report: Named) -> None:
        for line in self.rendered("plain", report[1]).splitlines():
            if "\tunknown\t" in line:
                assert line.startswith("?\t")

    def test_every_table_row_of_markdown_has_the_same_cells(self, report: Named) -> None:
        rows = [line for line in self.rendered("markdown", report[1]).splitlines() if line.startswith("|")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) == 1
