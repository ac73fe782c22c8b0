"""Lines for other programs, between tabs: the name, prices of input, output and cached input per 1,000,000 tokens and
their currency, window, largest output, smallest cached prefix, encoding, how it counts, what else must be known.

Numbers are bare and exact; what is not known is `--`.
"""

from __future__ import annotations

from fractions import Fraction

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.models import UNKNOWN, remark
from tokencli.formats.wording import printable
from tokencli.model.listing import ListedModel, ModelsReport


def render(report: ModelsReport, view: View, write: Write) -> None:
    """Write a line for each model."""
    for model in report.models:
        write("\t".join((printable(model.name), *_cells(model), printable(remark(model).strip(" ()")))) + "\n")


def _cells(model: ListedModel) -> tuple[str, ...]:
    prices = [_price(amount) for amount in (model.input, model.output, model.cache_read)]
    limits = [_limit(count) for count in (model.window, model.max_output, model.cache_minimum)]
    return (*prices, model.currency or UNKNOWN, *limits, model.encoding or UNKNOWN, model.method or UNKNOWN)


def _price(amount: Fraction | None) -> str:
    return UNKNOWN if amount is None else money.exact(amount)


def _limit(count: int | None) -> str:
    return UNKNOWN if count is None else str(count)
