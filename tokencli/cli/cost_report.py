"""From what is wanted to the report of `tok cost`: models, counts, rows, a ranking, alternatives, caching."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tokencli.cli import pricing
from tokencli.cli.options import State
from tokencli.cli.pricing import PriceBook, day_of, usage_error
from tokencli.costing import (
    Assumptions,
    Call,
    Target,
    added,
    contract,
    counts_alike,
    file_call,
    in_words,
    need_encoding,
    prompt_row,
    together,
    totals,
    unknown,
    unpriced,
)
from tokencli.errors import TokError
from tokencli.formats.wording import plural
from tokencli.model import Column, Count, Problem
from tokencli.model.cost import Alternative, CostReport, CostRow, Rate, Selectors

if TYPE_CHECKING:
    from tokencli.cli.count import Request
    from tokencli.model.rates import PricedModel


class Wish(NamedTuple):
    """What is wanted of the prices, beside what is priced."""

    selectors: Selectors
    assumed: Assumptions
    calls: int
    compare: bool
    everything: bool
    families: tuple[str, ...]
    scores: str | None
    currency: str | None
    fx: tuple[str, ...]
    explain: bool
    caching: bool
    together: bool
    on_unknown: str
    column: Column | None = None
    named: int = 1
    stale_after: int = 45


class Asked(NamedTuple):
    """The models to price for, of which the first `named` were named, and rows for names that no model has."""

    found: Sequence[Target]
    named: int
    missing: tuple[CostRow, ...] = ()


def asked(wish: Wish, names: Sequence[str], book: PriceBook) -> Asked:
    """The models that are asked for; TokError where there is none, or one is not known and that is an error."""
    found: list[Target] = []
    missing: list[CostRow] = []
    for name in dict.fromkeys(names):
        try:
            found.append(book.target(name, wish.column))
        except TokError as error:
            if wish.on_unknown == "error":
                raise
            missing.append(unknown(name, error))
    named = len(found)
    if wish.families or wish.everything:
        models = book.cards.models() if wish.everything else _family(book, wish.families)
        known = {(each.model.card.provider, each.model.id) for each in found}
        others = [model for model in models if (model.card.provider, model.id) not in known and _speaks(model, book.at)]
        if not others and not found:
            hint = "`tok models` lists ids and providers; a family is the beginning of an id, such as gpt-6"
            raise TokError(f"no model of the family {', '.join(wish.families)}", hint=hint, code="unknown-model")
        found += [book.priced_as(model.id, model, wish.column) for model in others]
    if not found and not missing:
        raise usage_error("no model to price for", "tok cost FILE -m MODEL, or --compare --all; tok models lists them")
    return Asked(found, named, tuple(missing))


def _family(book: PriceBook, names: Sequence[str]) -> list[PricedModel]:
    """The models of families, at their makers; those that no maker sells, at everybody."""
    from tokencli.listing import at_home

    found = list(pricing.family(book.cards.models(), names))
    made = [model for model in found if at_home(model)]
    return made or found


def _speaks(model: PricedModel, at: int) -> bool:
    """Whether a model answers in text, for a price, and is still served: what nobody named is not compared else."""
    if model.retires and model.retires <= day_of(at):
        return False
    return any(_answers(segment.rates) for segment in model.prices)


def _answers(rates: Mapping[str, Decimal]) -> bool:
    """Whether rates are those of a model that answers: embeddings have none for output, or one of 0."""
    output = rates.get("output_text", rates.get("output"))
    return output is not None and (output > 0 or not rates.get("input"))


def of_number(tokens: int, asked: Asked, wish: Wish, book: PriceBook) -> CostReport:
    """The report on a call with so many tokens of input, which nobody counts here."""
    call = Call(Count(tokens, tokens, tokens), times=wish.calls)

    def rows(to: Target) -> Iterable[CostRow]:
        yield _row(to, "", call, wish, book)._replace(column=None)

    return _report(asked, rows, wish, book)


def _row(to: Target, path: str, call: Call, wish: Wish, book: PriceBook) -> CostRow:
    """The row of a call, with what is to be known of its price; without a price, why."""
    try:
        return prompt_row(to, call, wish.assumed, wish.selectors, book.at)._replace(path=path)
    except TokError as error:
        return unpriced(to, path, error, call.tokens)


def _known(to: Target, rows: Sequence[CostRow], wish: Wish) -> list[CostRow]:
    """The rows of one model, the first of them that has a price with what is to be known of it."""
    from tokencli.costing.caveats import caveats

    found = list(rows)
    first = next((at for at, row in enumerate(found) if row.cost is not None), None)
    if first is not None:
        notes = caveats(to, found, wish.selectors, wish.stale_after)
        found[first] = found[first]._replace(notes=(*found[first].notes, *notes))
    return found


def of_files(
    request: Request, asked: Asked, wish: Wish, book: PriceBook, least: str | None, state: State
) -> CostReport:
    """The report on files, each or all together as one call; `least` is the least exact count that is accepted."""
    from tokencli.cli import count
    from tokencli.cli.columns import require

    found = asked.found
    if not found:
        return _report(asked, lambda to: (), wish, book)
    missing = {} if not wish.compare else _missing(found)
    if not wish.compare:
        for to in found:
            if to.column is None:
                raise need_encoding(to)
    known = dict.fromkeys(to.column for to in found if to.column and to.column.encoding not in missing)
    columns, places = tuple(known), {column: place for place, column in enumerate(known)}
    require(columns, least)
    counted = count.judge(count.measure(request, columns, state), None, request)

    def rows(to: Target) -> Iterable[CostRow]:
        if to.column is None:
            raise need_encoding(to)
        if to.column.encoding in missing:
            raise missing[to.column.encoding]
        place = places[to.column]
        calls = [file_call(to, file, place, wish.calls) for file in counted.files]
        if wish.together:
            path = counted.files[0].path if len(calls) == 1 else plural(len(calls), "file")
            yield _row(to, path, together(calls), wish, book)
            return
        for file, call in zip(counted.files, calls, strict=True):
            column = (file.columns[place] if file.columns else None) or to.column
            yield _row(to, file.path, call, wish, book)._replace(column=column)

    report = _report(asked if counted.files else asked._replace(found=()), rows, wish, book)
    warnings = tuple(f"{file.path}: {warning}" for file in counted.files for warning in file.warnings)
    ways = {to.column.note for to in found[asked.named :] if to.column is not None}
    # Of models that nobody named, `tok models` says how each is counted.
    notes = [note for note in counted.notes if note not in ways]
    return report._replace(
        notes=(*notes, *warnings, *report.notes),
        problems=(*counted.problems, *report.problems),
        skipped=counted.skipped,
    )


def _missing(found: Sequence[Target]) -> dict[str, TokError]:
    """The encodings that cannot be counted with here, because their vocabularies are not installed."""
    from tokencli.encoders import load

    missing = {}
    for name in {to.column.encoding for to in found if to.column is not None}:
        try:
            load(name)
        except TokError as error:
            missing[name] = error
    return missing


def _report(asked: Asked, rows_of: Callable[[Target], Iterable[CostRow]], wish: Wish, book: PriceBook) -> CostReport:
    """The report on every model: what has a price in rows, what has none as `--on-unknown` says."""
    rows: list[CostRow] = []
    failed: list[CostRow] = [*asked.missing]
    compared = wish.compare or len(asked.found) + len(asked.missing) > 1
    for number, to in enumerate(asked.found):
        try:
            own = _known(to, list(rows_of(to)), wish)
        except TokError as error:
            own = [unpriced(to, "", error)]
        if compared and own:
            own = [added(own, wish.calls)]
        if number < asked.named:
            failed += [row for row in own if row.cost is None]
        rows += own
    rows += asked.missing
    report = CostReport(
        tuple(rows),
        () if compared else totals(rows, wish.calls),
        calls=wish.calls,
        assumptions=in_words(wish.assumed),
        explain=wish.explain,
    )
    report = _without_price(report, failed, wish, compared=compared)
    if not compared and len({row.cost.currency for row in report.rows if row.cost}) == 1:
        report = report._replace(rows=tuple(sorted(report.rows, key=_dearest_first)))
    return _finished(report, asked, wish, book, compared=compared)


def _dearest_first(row: CostRow) -> tuple[bool, Fraction]:
    return (row.cost is None, -row.cost.total if row.cost else Fraction(0))


def _without_price(report: CostReport, failed: Sequence[CostRow], wish: Wish, *, compared: bool) -> CostReport:
    """The report with rows that were asked for and have no price as problems, as rows of `--`, or as notes alone."""
    problems = tuple(row.error for row in failed if row.error is not None)
    nothing = all(row.cost is None for row in report.rows)
    if wish.on_unknown == "error":
        rows = () if nothing and problems else report.rows
        return report._replace(rows=rows, problems=problems)
    notes = tuple(f"no price: {problem.message}" for problem in problems)
    if wish.on_unknown == "warn":
        # A comparison names with the reason what it leaves out.
        return report._replace(notes=() if compared and not nothing else notes)
    return report._replace(rows=tuple(row for row in report.rows if row not in failed), notes=notes)


def _finished(report: CostReport, asked: Asked, wish: Wish, book: PriceBook, *, compared: bool) -> CostReport:
    """The report with its ranking, other currency, alternatives and what caching comes to."""
    found = asked.found
    rates = pricing.exchange(wish.fx, book.terms, day_of(book.at))
    if compared:
        report = _ranked(report, wish, rates, book, named=asked.named)
    elif wish.currency:
        rows = pricing.convert_rows(report.rows, wish.currency, rates, day_of(book.at))
        sums = pricing.convert_totals(report.totals, wish.currency, rates, day_of(book.at))
        report = report._replace(rows=tuple(rows), totals=sums)
    if found and len(report.rows) == 1 and report.rows[0].cost is not None:
        report = report._replace(alternatives=_alternatives(found[0], report.rows[0], wish, book))
    if wish.caching and found:
        from tokencli.costing.caching import economics

        row = next((row for row in report.rows if row.tokens is not None), None)
        tokens = row.tokens.tokens if row is not None and row.tokens is not None else 0
        caching = economics(found[0].model, tokens, contract(found[0], wish.selectors), book.at) if tokens else ()
        missing = f"{found[0].model.id} has no price for what is read from a cache"
        note = () if caching else (missing if tokens else "there are no tokens to cache",)
        report = report._replace(caching=caching, notes=(*report.notes, *note))
    return report


def _ranked(report: CostReport, wish: Wish, rates: Sequence[Rate], book: PriceBook, *, named: int) -> CostReport:
    """The rows side by side; what cannot be compared is left out, with the reason."""
    from tokencli.costing.ranking import rank, read_scores, unmatched

    columns: tuple[str, ...] = ()
    scores: Mapping[str, Sequence[Decimal | None]] = {}
    if wish.scores:
        columns, scores = read_scores(_text(wish.scores), wish.scores)
    priced = [row for row in report.rows if row.cost is not None]
    currency = wish.currency or (priced[0].cost.currency if priced and priced[0].cost else "USD")
    ranking, out = rank(report.rows, currency, rates, day_of(book.at), scores, calls=wish.calls, named=named > 0)
    notes = (*report.notes, *unmatched(report.rows, scores, wish.scores or ""))
    report = report._replace(ranking=ranking, left_out=out, scores=columns, currency=currency, notes=notes)
    return report._replace(problems=(*report.problems, *_unconverted(report, named)))


def _unconverted(report: CostReport, named: int) -> list[Problem]:
    """A problem for each model that was named and is left out for want of an exchange rate."""
    problems = []
    shown = [each.row for each in report.ranking]
    for row in report.rows[:named]:
        if row.cost is None or row in shown or row.cost.currency == report.currency:
            continue
        own, other = row.cost.currency, report.currency
        message = f"{row.provider}/{row.model} is not compared: no exchange rate from {own} to {other}"
        hint = f"--fx {other}/{own}=RATE says what one {other} is worth"
        problems.append(Problem("no-exchange-rate", message, hint))
    return problems


def _text(path: str) -> str:
    from tokencli.model import Document
    from tokencli.sources.text import read_bytes

    return read_bytes(Document(path, 0, file=path, named=True)).decode("utf-8-sig", "replace")


def _alternatives(to: Target, row: CostRow, wish: Wish, book: PriceBook) -> tuple[Alternative, ...]:
    from tokencli.costing.alternatives import alternatives, generation, line_of, purpose

    own = generation(to.model.id), purpose(to.model.id)
    siblings = [
        book.priced_as(model.id, model, wish.column)
        for model in book.cards.beginning(line_of(to.model.id), to.model.card.provider)
        if (generation(model.id), purpose(model.id)) == own and model.id != to.model.id and not model.retires
    ]
    alike = [each for each in siblings if each.column and to.column and counts_alike(each.column, to.column)]
    fitting = [each for each in alike if not each.model.context_window or row.sent <= each.model.context_window]
    found = alternatives(to, row, wish.selectors, fitting)
    if book.terms is None:
        return found
    from tokencli.terms import by_pack, names_of

    return (*found, *by_pack(book.terms, row, names_of(to.model, to.name), day_of(book.at)))
