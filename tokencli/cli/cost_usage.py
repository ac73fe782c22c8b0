"""`tok cost --usage`: rows of usage as providers report it, each by itself or, for totals alone, at speed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
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
from tokencli.model.cost import CostReport, CostRow, CostTotal, Rate, Selectors
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
    return _converted(_summed(source, book, wish) if source.total else _listed(source, book, wish), wish, book)


def stream(source: Source, book: PriceBook, wish: Wish) -> CostReport:
    """Write a line of JSON for every row when it is priced, however many there are; the report holds the rest.

    BrokenPipeError where the reader goes away.
    """
    import json

    from tokencli.formats.cost.objects import line_object

    sums = _Sums()
    exchange = _rates(wish, book) if wish.currency else ((), "")
    for row in _rows(source, book, wish):
        sums.add(row)
        if row.cost is not None or wish.on_unknown != "skip":
            shown = pricing.convert_rows([row], wish.currency, *exchange) if wish.currency else (row,)
            sys.stdout.buffer.writelines(json.dumps(line_object(each)).encode() + b"\n" for each in shown)
    sys.stdout.buffer.flush()
    made = CostReport((), sums.totals(), calls=wish.calls)
    return _unknown(_converted(made, wish, book), sums.problems() if sums.rows else [_nothing(source)], wish)


def _rows(source: Source, book: PriceBook, wish: Wish) -> Iterator[CostRow]:
    """The rows one by one, each with what is to be known of its price."""
    defaults, path = _defaults(source, book, wish), "" if source.path == "-" else source.path
    with _opened(source) as lines:
        for row in bulk.rows(lines, book.cards, defaults, path):
            yield _aged(row, wish.stale_after)


def _opened(source: Source) -> AbstractContextManager[IO[bytes]]:
    """The bytes of the source; TokError for a file that cannot be read, or is compressed."""
    if source.path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        file = open(source.path, "rb")  # noqa: SIM115
        start = file.peek(2)[:2]
    except OSError as problem:
        message = f"cannot read {source.path}: {problem.strerror}"
        raise TokError(message, hint="name a file of JSON or JSONL", code="unreadable") from problem
    if start == GZIP:
        # What its lines look like helps nobody.
        hint = f"gunzip -c {source.path} | tok cost --usage -"
        raise TokError(f"{source.path} is compressed", hint=hint, code="compressed")
    return file


def _defaults(source: Source, book: PriceBook, wish: Wish) -> bulk.Defaults:
    options, discount = _options(wish.selectors), _discount(book)
    return bulk.Defaults(at=book.at, model=source.model, options=options, discount=discount)


def _summed(source: Source, book: PriceBook, wish: Wish) -> CostReport:
    defaults = _defaults(source, book, wish)
    with _opened(source) as lines:
        # A file can be shared among copies of the process, what comes through a pipe can not.
        shared = source.path != "-" and lines.seekable()
        whole = bulk.total(source.path if shared else lines, book.cards, defaults)
    problems = [
        Problem(failed.code, f"{source.path}:{failed.line}: {failed.message}", failed.hint)
        for failed in whole.failed[:SHOWN]
    ]
    notes = tuple(f"{plural(rows, 'row')}: {note}" for note, rows in whole.notes)
    problems += _more(whole.unpriced - len(problems))
    if not whole.rows and not whole.unpriced:
        problems.append(_nothing(source))
    return _unknown(CostReport((), whole.totals, calls=wish.calls, notes=notes), problems, wish)


def _more(rows: int) -> list[Problem]:
    """A problem for the rows without a price that are not told one by one."""
    return [Problem("no-price", f"and {plural(rows, 'more row')} without a price")] if rows else []


def _listed(source: Source, book: PriceBook, wish: Wish) -> CostReport:
    rows = list(_rows(source, book, wish))
    problems = [row.error for row in rows if row.error is not None] if rows else [_nothing(source)]
    if wish.on_unknown == "skip":
        rows = [row for row in rows if row.cost is not None]
    made = CostReport(tuple(rows), totals(rows), calls=wish.calls, explain=wish.explain)
    return _unknown(made, problems, wish)


class _Sums:
    """The totals of rows that are not kept, and the first of those without a price."""

    def __init__(self) -> None:
        self.rows = self.unpriced = 0
        self.money: dict[str, bulk.Money] = {}
        self.failed: list[Problem] = []

    def add(self, row: CostRow) -> None:
        self.rows += 1
        if row.cost is not None:
            self.money.setdefault(row.cost.currency, bulk.Money()).add(row.cost.total, 1, row.cost.confidence)
            return
        self.unpriced += 1
        if row.error is not None and len(self.failed) < SHOWN:
            self.failed.append(row.error)

    def problems(self) -> list[Problem]:
        return [*self.failed, *_more(self.unpriced - len(self.failed))]

    def totals(self) -> tuple[CostTotal, ...]:
        """The sums, one for each currency; the first counts the rows without a price."""
        unpriced = [self.unpriced, *[0] * len(self.money)]
        return tuple(
            CostTotal(currency, own.total(), own.rows, missing, own.confidence)
            for (currency, own), missing in zip(sorted(self.money.items()), unpriced, strict=False)
        )


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


def _rates(wish: Wish, book: PriceBook) -> tuple[tuple[Rate, ...], str]:
    """The exchange rates, and the day they must not be younger than."""
    day = day_of(book.at)
    return pricing.exchange(wish.fx, book.terms, day), day


def _converted(report: CostReport, wish: Wish, book: PriceBook) -> CostReport:
    if not wish.currency:
        return report
    rates, day = _rates(wish, book)
    rows: tuple[CostRow, ...] = tuple(pricing.convert_rows(report.rows, wish.currency, rates, day))
    return report._replace(rows=rows, totals=pricing.convert_totals(report.totals, wish.currency, rates, day))
