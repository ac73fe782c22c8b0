"""What `tok models` says: a module for each format, the notes under the answer, and the cells of a model."""

from __future__ import annotations

from fractions import Fraction

from tokencli import money
from tokencli.formats import View
from tokencli.formats.wording import plural
from tokencli.model.listing import ListedModel, ModelsReport

UNKNOWN = "--"

HEADERS = ("INPUT", "OUTPUT", "CACHED", "WINDOW", "MAX OUT", "CACHE FROM", "ENCODING", "COUNTS")
"""Prices are per 1,000,000 tokens."""


def notes(report: ModelsReport, view: View, *, quiet: bool = False) -> list[str]:
    """That there is none, and how many models are sold by others than their makers, which --all lists."""
    if quiet:
        return []
    said = [] if report.models else ["no model fits"]
    if report.left_out:
        more = plural(report.left_out, "more price")
        said.append(f"{more} at others than the maker: --all or --provider NAME lists them")
    return said


def cells(model: ListedModel) -> tuple[str, ...]:
    """The cells under `HEADERS`."""
    return (
        price(model.input, model.currency),
        price(model.output, model.currency),
        price(model.cache_read, model.currency),
        tokens(model.window),
        tokens(model.max_output),
        tokens(model.cache_minimum),
        model.encoding or UNKNOWN,
        model.method or UNKNOWN,
    )


def price(amount: Fraction | None, currency: str) -> str:
    """A price for people."""
    return UNKNOWN if amount is None else money.show(amount, currency)


def tokens(count: int | None) -> str:
    """A number of tokens for people."""
    return UNKNOWN if count is None else f"{count:,}"


def remark(model: ListedModel) -> str:
    """What else must be known of a model: that it is about to go, or that its price is not sure."""
    said = [f"retires {model.retires}"] if model.retires else []
    said += [f"deprecated {model.deprecated}"] if model.deprecated and not model.retires else []
    said += ["unconfirmed"] if model.confidence == "unconfirmed" else []
    return f" ({', '.join(said)})" if said else ""
