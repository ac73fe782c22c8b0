"""Models side by side: cheapest first, in one currency, with what they score for the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tokencli.costing.exchange import convert
from tokencli.errors import TokError
from tokencli.model.cost import CostRow, LeftOut, Ranked, Rate

Scores = Mapping[str, Sequence[Decimal | None]]
"""Model name, in lower case -> a score for each column, None where there is none. More is better."""

FEW = 3
"""Names that a note has room for."""


def rank(
    rows: Sequence[CostRow],
    currency: str,
    rates: Sequence[Rate],
    day: str,
    scores: Scores,
    *,
    calls: int = 1,
    named: bool = True,
) -> tuple[tuple[Ranked, ...], tuple[LeftOut, ...]]:
    """The rows by what so many calls of each come to in one currency, cheapest first, against the first of `rows` if
    that was `named`, else against the cheapest that is not free.

    A row in another currency is converted by a rate of that day or before; one that cannot be, or that has no price or
    does not fit into its model's window, is left out with the reason.
    """
    amounts: list[tuple[CostRow, Fraction, Fraction]] = []
    out: list[LeftOut] = []
    for row in rows:
        reason = _reason(row)
        if not reason and row.cost is not None:
            try:
                factor = _factor(row.cost.currency, currency, rates, day)
                amounts.append((row, row.cost.total * factor, row.all_calls(calls) * factor))
                continue
            except TokError as error:
                reason = error.message
        out.append(LeftOut(row.provider, row.model, reason))
    ordered = sorted(amounts, key=lambda each: (each[2], each[0].model, each[0].provider))
    base = (
        next((each for each in amounts if each[0] is rows[0]), None)
        if named
        else next((each for each in ordered if each[2]), None)
    )
    ranked = [
        Ranked(row, amount, whole, _difference(row, whole, base), _hits(row), _per_point(row, amount, scores))
        for row, amount, whole in ordered
    ]
    return tuple(each._replace(unbeaten=_unbeaten(each, ranked, scores)) for each in ranked), tuple(out)


def _reason(row: CostRow) -> str:
    if row.cost is None:
        return row.error.message if row.error else "no price"
    if row.window and row.sent > row.window:
        return f"{row.sent:,} tokens do not fit into its window of {row.window:,}"
    return ""


def _factor(own: str, currency: str, rates: Sequence[Rate], day: str) -> Fraction:
    return Fraction(1) if own == currency else convert(Fraction(1), own, currency, rates, day).factor


def _difference(row: CostRow, whole: Fraction, base: tuple[CostRow, Fraction, Fraction] | None) -> Fraction | None:
    return None if base is None or row is base[0] or not base[2] else (whole - base[2]) / base[2]


def _hits(row: CostRow) -> tuple[str, ...]:
    """What made the price other than the plain one: tiers, windows, batch, in the words of the card's rows."""
    assert row.cost is not None
    return tuple(dict.fromkeys(words for line in row.cost.lines for words in line.applied))


def _scores(row: CostRow, scores: Scores) -> Sequence[Decimal | None]:
    return next((scores[name] for name in _names(row) if name in scores), ())


def _names(row: CostRow) -> tuple[str, ...]:
    return tuple(name.lower() for name in (row.name, row.model, f"{row.provider}/{row.model}"))


def unmatched(rows: Sequence[CostRow], scores: Scores, path: str) -> tuple[str, ...]:
    """The note about models that have scores and are not compared: a name may be misspelt."""
    compared = {name for row in rows for name in _names(row)}
    others = [name for name in scores if name not in compared]
    if not others:
        return ()
    more = f" and {len(others) - FEW} more" if len(others) > FEW else ""
    return (f"{path}: scores of models that are not compared: {', '.join(others[:FEW])}{more}",)


def _per_point(row: CostRow, amount: Fraction, scores: Scores) -> tuple[Fraction | None, ...]:
    return tuple(amount / Fraction(score) if score else None for score in _scores(row, scores))


def _unbeaten(own: Ranked, others: Sequence[Ranked], scores: Scores) -> tuple[bool, ...]:
    """For each score, whether no other row costs no more and scores no less, and is better in one of the two."""
    found = []
    for at, score in enumerate(_scores(own.row, scores)):
        rivals = [(each.amount, _scores(each.row, scores)) for each in others if each is not own]
        known = [(amount, theirs[at]) for amount, theirs in rivals if at < len(theirs)]
        beaten = score is None or any(
            other is not None and amount <= own.amount and other >= score and (amount < own.amount or other > score)
            for amount, other in known
        )
        found.append(not beaten)
    return tuple(found)


def read_scores(text: str, path: str) -> tuple[tuple[str, ...], dict[str, tuple[Decimal | None, ...]]]:
    """The names of the columns and the scores by model of a CSV file: a header `model,NAME,...`, a line for each model.

    TokError names the file and the line; an empty cell is no score.
    """
    import csv
    import re

    lines = [(number, row) for number, row in enumerate(csv.reader(text.splitlines()), 1) if any(map(str.strip, row))]
    if not lines or lines[0][1][0].strip().lower() != "model" or len(lines[0][1]) < 2:
        hint = "the first line is: model,accuracy (one column or more)"
        raise TokError(f"{path}:1: not a table of scores", hint=hint, code="bad-scores")
    columns = tuple(name.strip() for name in lines[0][1][1:])
    found: dict[str, tuple[Decimal | None, ...]] = {}
    for number, row in lines[1:]:
        cells = [cell.strip() for cell in row[1:]]
        if len(cells) != len(columns) or not all(re.fullmatch(r"\d{0,12}(\.\d{1,12})?", cell) for cell in cells):
            hint = f"a name and {len(columns)} numbers of 0 or more, with commas between"
            raise TokError(f"{path}:{number}: not a line of scores", hint=hint, code="bad-scores")
        name = row[0].strip().lower()
        if name in found:
            hint = "one line for each model"
            raise TokError(f"{path}:{number}: a second line for {row[0].strip()}", hint=hint, code="bad-scores")
        found[name] = tuple(Decimal(cell) if cell else None for cell in cells)
    return columns, found
