"""Each format of `tok rates diff` renders the same comparisons as its golden files say, and keeps the promises of its
kind."""

from __future__ import annotations

from tests.formats.promises import Named, Promises


class TestPriceChanges(Promises):
    command = "price_changes"
    schema = "rates.diff"
    widths = (40, 80)

    def test_the_sum_counts_each_kind(self, report: Named) -> None:
        several = "1 new model, 1 removed model, 1 price up, 1 price down, 1 change of a whole card; 17 models in both"
        sums = {"none": "no difference; 3 models in both", "several": several, "hostile": "1 name; 1 model in both"}
        assert self.rendered("table", report[1]).splitlines()[-1] == sums[report[0]]

    def test_a_plain_line_has_eleven_fields(self, report: Named) -> None:
        lines = self.rendered("plain", report[1]).splitlines()
        assert [line.count("\t") for line in lines] == [10] * len(report[1].changes)
