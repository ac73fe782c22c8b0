"""Totals of usage rows, one after the other: alike rows are added up, the others priced one by one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from tokencli.bulk.plans import Plan
from tokencli.bulk.requests import DECODER, Defaults, Finder, Pricer
from tokencli.errors import TokError
from tokencli.model.cost import CostTotal
from tokencli.model.rates import CONFIDENCES, Confidence, PricedModel
from tokencli.rates.names import dated
from tokencli.rates.units import USAGE
from tokencli.usage.adapted import Adapted
from tokencli.usage.instants import instant

SHOWN = 1000
"""Rows that failed, and notes, of which everything is kept; the others are counted."""

PLANS = 20_000
"""Plans that are kept: a log has few, but one could give every row options of its own."""

MINUTES = 100_000
SECONDS = {f"{second:02}": second for second in range(60)}
INTEGERS = {int}
SIMPLE = frozenset({"id", "provider", "model", "usage", "at", "options"})
"""The keys of a row that need no adapter."""


class Failed(NamedTuple):
    """A row that has no price: the number of its line, from 1, and why."""

    line: int
    code: str
    message: str
    hint: str


class Totals(NamedTuple):
    """The sums of many rows, one for each currency in the order of their codes; the first counts the rows without
    a price (`unpriced`). `failed` are the first of these, `notes` say how many rows they are about."""

    totals: tuple[CostTotal, ...]
    rows: int
    unpriced: int
    failed: tuple[Failed, ...]
    notes: tuple[tuple[str, int], ...]


class Money:
    """An exact sum in one currency. Amounts over the same denominator are added as whole numbers: a sum of many
    different fractions has a denominator that grows with each of them."""

    def __init__(self) -> None:
        self.over: dict[int, int] = {}
        self.rows = 0
        self.confidence: Confidence = CONFIDENCES[0]

    def add(self, amount: Fraction, rows: int, confidence: Confidence) -> None:
        self.over[amount.denominator] = self.over.get(amount.denominator, 0) + amount.numerator
        self.rows += rows
        self.confidence = max(self.confidence, confidence, key=CONFIDENCES.index)

    def total(self) -> Fraction:
        """The sum, added up in pairs: numbers that grow are added to others of their size."""
        amounts = [Fraction(numerator, denominator) for denominator, numerator in sorted(self.over.items())]
        while len(amounts) > 1:
            odd = amounts[-1:] if len(amounts) % 2 else []
            amounts = [one + other for one, other in zip(amounts[::2], amounts[1::2], strict=False)] + odd
        return amounts[0] if amounts else Fraction()


class Summing:
    """Adds up rows; `lines` and `row` take them, `totals` gives the sums."""

    def __init__(self, cards: Finder, defaults: Defaults) -> None:
        self._pricer = Pricer(cards, defaults)
        self._cards = cards
        self._defaults = defaults
        self._plans: dict[tuple[object, ...], Plan | None] = {}
        self._minutes: dict[str, int] = {}
        self.money: dict[str, Money] = {}
        self.unpriced = 0
        self.failed: list[Failed] = []
        self.notes: dict[str, int] = {}

    def lines(self, lines: Iterable[bytes], first: int = 1) -> int:
        """Add JSONL, whose first line has the number `first`; empty lines are none. Gives the number of the next."""
        decode, number = DECODER.raw_decode, first - 1
        for number, line in enumerate(lines, first):
            try:
                text = line.strip().decode()
                if not text:
                    continue
                row, end = decode(text)
                if end != len(text):
                    raise ValueError("more than one JSON value")
            except (ValueError, RecursionError):
                self.fail(number, TokError("not JSON", hint="write one JSON object a line", code="bad-json"))
                continue
            self.row(row, number)
        return number + 1

    def row(self, row: Any, number: int) -> None:
        """Add one row. What a plan cannot take is priced by itself, and says there what is wrong with it."""
        try:
            plan = self._plan(row)
            if plan is not None:
                values = list(row["usage"].values())
                # bool is no count, and a Decimal may be one of seconds.
                if {*map(type, values)} == INTEGERS and min(values) >= 0 and plan.add(values, self._at(row.get("at"))):
                    return
            self._one(row)
        except TokError as error:
            self.fail(number, error)

    def _plan(self, row: Any) -> Plan | None:
        """The plan of a row in the normalised form; None for any other row."""
        try:
            usage, options = row["usage"], row.get("options")
            # Options that are equal are not the same (1 is no switch); with the same text they are.
            key = (
                row.get("provider"),
                row.get("model"),
                repr(options) if options else type(options),
                *row,
                None,
                *usage,
            )
            found = self._plans.get(key, key)
        except (TypeError, KeyError, AttributeError):
            return None
        if found is key:
            self._keep(key, found := self._planned(row))
        return found if isinstance(found, Plan) else None

    def _planned(self, row: dict[str, Any]) -> Plan | None:
        usage = row["usage"]
        words = (row.get("provider"), row.get("model"))
        if not (SIMPLE.issuperset(row) and isinstance(usage, dict) and usage and USAGE.keys() >= usage.keys()):
            return None
        if not all(isinstance(word, str) or word is None for word in words):
            return None
        try:
            # The counts and the instant are each row's own.
            request = self._pricer.adapted({**row, "at": None, "usage": dict.fromkeys(usage, 0)})
            model = self._pricer.model(request.model, request.provider)
        except TokError:
            return None
        return self._plan_of(request, model)

    def _at(self, value: Any) -> int:
        """The instant of a row: most logs write UTC to the second or its fraction, and many rows to a minute."""
        if value is None:
            return self._defaults.at
        if isinstance(value, str) and (value[19:] == "Z" or (value[19:20] == "." and value[20:-1].isdecimal())):
            second = SECONDS.get(value[17:19])
            if second is not None and value[-1] == "Z" and value[16] == ":":
                minute = value[:16]
                start = self._minutes.get(minute)
                if start is None:
                    if len(self._minutes) >= MINUTES:
                        self._minutes.clear()
                    start = self._minutes[minute] = instant(value) - second
                return start + second
        return instant(value)

    def _one(self, row: Any) -> None:
        """Add one row by way of its adapter: to the plan of its kind, or priced by itself."""
        request = self._pricer.adapted(row)
        model = self._pricer.model(request.model, request.provider)
        values = list(request.usage.values())
        if not request.notes and {*map(type, values)} == INTEGERS and request.at is not None:
            key = (request.provider, request.model, repr(request.selectors), *request.usage)
            if key not in self._plans:
                self._keep(key, self._plan_of(request, model))
            plan = self._plans[key]
            if plan is not None and min(values) >= 0 and plan.add(values, request.at):  # type: ignore[arg-type]
                return
        cost = self._pricer.priced(request, model)
        self._add(cost.currency, cost.total, 1, cost.confidence)
        self._note(cost.notes, 1)

    def _plan_of(self, request: Adapted, model: PricedModel) -> Plan | None:
        if not USAGE.keys() >= request.usage.keys():
            return None
        notes = (*request.notes, *dated(request.model, model))
        plan = Plan(model, request.selectors, tuple(request.usage), notes, self._defaults.discount)
        return plan if plan.possible else None

    def _keep(self, key: tuple[object, ...], plan: Plan | None) -> None:
        if len(self._plans) >= PLANS:
            self._settle()
        self._plans[key] = plan

    def _add(self, currency: str, amount: Fraction, rows: int, confidence: Confidence) -> None:
        self.money.setdefault(currency, Money()).add(amount, rows, confidence)

    def _note(self, notes: Iterable[str], rows: int) -> None:
        for note in notes:
            if note in self.notes or len(self.notes) < SHOWN:
                self.notes[note] = self.notes.get(note, 0) + rows

    def fail(self, number: int, error: TokError) -> None:
        self.unpriced += 1
        if len(self.failed) < SHOWN:
            self.failed.append(Failed(number, error.code, error.message, error.hint))

    def _settle(self) -> None:
        """Price the sums so far, and forget the plans."""
        for plan in filter(None, self._plans.values()):
            for found in filter(None, plan.sums.values()):
                if found.rows:
                    cost = plan.cost(found)
                    self._add(cost.currency, cost.total, found.rows, cost.confidence)
                    self._note((*plan.notes, *cost.notes), found.rows)
        self._plans.clear()

    def totals(self) -> Totals:
        """The sums of everything added so far."""
        self._settle()
        totals = tuple(
            CostTotal(currency, money.total(), money.rows, 0, money.confidence)
            for currency, money in sorted(self.money.items())
        )
        first = tuple(total._replace(unpriced=self.unpriced) for total in totals[:1])
        rows = sum(money.rows for money in self.money.values()) + self.unpriced
        return Totals((*first, *totals[1:]), rows, self.unpriced, tuple(self.failed), tuple(sorted(self.notes.items())))

    def another(self) -> Summing:
        """One that has added nothing yet."""
        return Summing(self._cards, self._defaults)

    def packed(self) -> tuple[Any, ...]:
        """The sums in plain values, for `merge` in another process."""
        self._settle()
        money = [(code, list(own.over.items()), own.rows, own.confidence) for code, own in self.money.items()]
        return money, self.unpriced, [tuple(row) for row in self.failed], list(self.notes.items())

    def merge(self, packed: tuple[Any, ...], lines: int) -> None:
        """Add what another process has summed of the lines after the first so many."""
        money, unpriced, failed, notes = packed
        for code, over, rows, confidence in money:
            own = self.money.setdefault(code, Money())
            for denominator, numerator in over:
                own.add(Fraction(numerator, denominator), 0, confidence)
            own.confidence = max(own.confidence, confidence, key=CONFIDENCES.index)
            own.rows += rows
        self.unpriced += unpriced
        self.failed += [Failed(line + lines, *rest) for line, *rest in failed][: SHOWN - len(self.failed)]
        for note, count in notes:
            self._note([note], count)
