"""`tok cost --usage`: rows of usage as providers report it, each by itself or, for totals alone, at speed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import IO, Any, NamedTuple

from tokencli import bulk
from tokencli.cli import pricing
from tokencli.cli.cost_report import Wish
from tokencli.cli.pricing import PriceBook, day_of
from tokencli.costing import totals
from tokencli.errors import TokError
from tokencli.formats.wording import plural
from tokencli.model import Problem
from tokencli.model.cost import CostReport, CostRow, Selectors
from tokencli.model.rates import PricedModel

SHOWN = 10
"""Rows without a price that are told one by one where only the totals are asked for."""


GZIP = b"\x1f\x8b"


class Source(NamedTuple):
    """Usage to price: its file (`-` is standard input), the model of rows that name none ("": there is none), and
    whether only totals are asked for."""

    path: str
    model: str
    total: bool


def report(source: Source, book: PriceBook, wish: Wish) -> CostReport:
    """The report on all rows; those without a price are dealt with as `--on-unknown` says."""
    defaults = bulk.Defaults(
        at=book.at,
        model=source.model,
        options=_options(wish.selectors),
        discount=_discount(book),
    )
    if source.path != "-":
        _check(source.path)
    try:
        found = _summed(source, book, wish, defaults) if source.total else _listed(source, book, wish, defaults)
    except OSError as problem:
        message = f"cannot read {source.path}: {problem.strerror}"
        raise TokError(message, hint="name a file of JSON or JSONL", code="unreadable") from problem
    return _converted(found, wish, book)


def _check(path: str) -> None:
    """TokError for a file that is compressed: what its lines look like helps nobody."""
    with suppress(OSError), open(path, "rb") as file:
        if file.read(2) == GZIP:
            raise TokError(f"{path} is compressed", hint=f"gunzip -c {path} | tok cost --usage -", code="compressed")


def _summed(source: Source, book: PriceBook, wish: Wish, defaults: bulk.Defaults) -> CostReport:
    whole = bulk.total(source.path if source.path != "-" else _stdin(), book.cards, defaults)
    problems = [
        Problem(failed.code, f"{source.path}:{failed.line}: {failed.message}", failed.hint)
        for failed in whole.failed[:SHOWN]
    ]
    more = whole.unpriced - len(problems)
    if more > 0:
        problems.append(Problem("no-price", f"and {plural(more, 'more row')} without a price"))
    notes = tuple(f"{plural(rows, 'row')}: {note}" for note, rows in whole.notes)
    if not whole.rows and not whole.unpriced:
        problems.append(_nothing(source))
    made = CostReport((), whole.totals, calls=wish.calls, notes=notes)
    return _unknown(made, problems, wish)


def _listed(source: Source, book: PriceBook, wish: Wish, defaults: bulk.Defaults) -> CostReport:
    if source.path == "-":
        rows = list(bulk.rows(_stdin(), book.cards, defaults))
    else:
        with open(source.path, "rb") as file:
            rows = list(bulk.rows(file, book.cards, defaults, source.path))
    problems = [row.error for row in rows if row.error is not None] if rows else [_nothing(source)]
    if wish.on_unknown == "skip":
        rows = [row for row in rows if row.cost is not None]
    rows = [_aged(row, wish.stale_after) for row in rows]
    made = CostReport(tuple(rows), totals(rows), calls=wish.calls, explain=wish.explain)
    return _unknown(made, problems, wish)


def _aged(row: CostRow, stale_after: int) -> CostRow:
    """The row with a note where its price was checked long before."""
    from tokencli.costing.caveats import aged

    notes = tuple(aged(row.cost, stale_after)) if row.cost is not None else ()
    return row._replace(notes=(*row.notes, *notes)) if notes else row


def _unknown(report: CostReport, problems: list[Problem], wish: Wish) -> CostReport:
    """The report with what has no price as errors, or as notes; that nothing was priced at all is always an error."""
    if wish.on_unknown == "error" or (problems and not report.totals):
        return report._replace(problems=tuple(problems))
    return report._replace(notes=(*report.notes, *(f"no price: {problem.message}" for problem in problems)))


def _nothing(source: Source) -> Problem:
    hint = "it needs a line of JSON for each request, or one JSON value"
    return Problem("nothing-counted", f"nothing was priced: no usage in {source.path}", hint)


def _stdin() -> IO[bytes]:
    return sys.stdin.buffer


def _options(chosen: Selectors) -> Mapping[str, Any]:
    """What was selected by options, by the names of a row."""
    defaults = Selectors()._asdict()
    return {name: value for name, value in chosen._asdict().items() if value != defaults[name]}


def _discount(book: PriceBook) -> Any:
    """What the user's terms make of a model's prices at an instant; None where there are no such terms."""
    terms = book.terms
    if terms is None or not terms.discounts:
        return None
    from tokencli.terms import discount, names_of

    def of(model: PricedModel, at: int) -> Decimal | None:
        return discount(terms, names_of(model), day_of(at))[0]

    return of


def _converted(report: CostReport, wish: Wish, book: PriceBook) -> CostReport:
    if not wish.currency:
        return report
    rates, day = pricing.exchange(wish.fx, book.terms, day_of(book.at)), day_of(book.at)
    rows: tuple[CostRow, ...] = tuple(pricing.convert_rows(report.rows, wish.currency, rates, day))
    return report._replace(rows=rows, totals=pricing.convert_totals(report.totals, wish.currency, rates, day))
