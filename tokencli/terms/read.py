"""The terms of payment in settings files: tables of TOML in, checked terms out, errors with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from tokencli.errors import ExitCode, TokError
from tokencli.model.cost import Rate
from tokencli.model.terms import Commitment, Discount, Pack, Plan, Scope, Terms
from tokencli.rates.units import RATES

if TYPE_CHECKING:
    from tokencli.config import File

TABLES = ("discounts", "commitments", "packs", "plans", "fx")

DATE = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
CURRENCY = re.compile(r"[A-Z]{3}")
PAIR = re.compile(r"([A-Z]{3})/([A-Z]{3})")
PERIODS = ("day", "month", "year")

SCOPE = ("provider", "models", "from", "until")
KEYS = {
    "discounts": (*SCOPE, "multiply"),
    "commitments": (*SCOPE, "minimum", "currency", "period", "overage"),
    "packs": (*SCOPE, "name", "price", "currency", "tokens", "amount", "bought", "expires"),
    "plans": (*SCOPE, "name", "price", "currency", "period", "seats"),
    "fx": ("pair", "rate", "date", "source"),
    "own_models": ("id", "provider", "currency", "encoding", "context_window", "checked", "note", *sorted(RATES)),
}
"""What each table may hold."""


def read(files: Sequence[File]) -> Terms:
    """The terms in all settings files, the nearest first; TokError (usage) names the file, the line and the key."""
    found = {name: [entry for file in files for entry in entries(file, name)] for name in TABLES}
    return Terms(
        discounts=tuple(_discount(entry) for entry in found["discounts"]),
        commitments=tuple(_commitment(entry) for entry in found["commitments"]),
        packs=tuple(_pack(entry) for entry in found["packs"]),
        plans=tuple(_plan(entry) for entry in found["plans"]),
        rates=tuple(_rate(entry) for entry in found["fx"]),
    )


class Entry:
    """One table of a settings file, its values taken out one by one and checked."""

    def __init__(self, values: Mapping[str, Any], where: str, kind: str) -> None:
        self.values, self.where, self.kind = values, where, kind
        for key in values:
            if key not in KEYS[kind]:
                self.wrong(f"unknown key {key!r}", f"the keys are {', '.join(KEYS[kind])}")

    def wrong(self, message: str, hint: str) -> NoReturn:
        raise TokError(f"{self.where}: [[{self.kind}]] {message}", hint=hint, code="config", exit=ExitCode.USAGE)

    def take(self, key: str, what: str, fits: Callable[[Any], bool], default: Any = None, needed: bool = False) -> Any:
        """The value of a key; TokError where it does not fit, or is needed and not there."""
        value = self.values.get(key)
        if value is None:
            if needed:
                self.wrong(f"lacks {key!r}", f"{key} = {what}")
            return default
        if not fits(value):
            self.wrong(f"{key} = {_written(value)} is not {what}", f"{key} = {what}")
        return value

    def text(self, key: str, default: str = "", needed: bool = False) -> str:
        return str(self.take(key, "a text", lambda value: isinstance(value, str) and value != "", default, needed))

    def day(self, key: str) -> str:
        return str(self.take(key, "a date such as 2026-12-31", _is_day, ""))

    def decimal(self, key: str, default: Decimal | None = None, needed: bool = False) -> Decimal | None:
        """A number above 0, exactly as it is written."""

        def fits(value: Any) -> bool:
            number = isinstance(value, int | Decimal) and not isinstance(value, bool)
            return number and Decimal(value).is_finite() and 0 < value < 10**12

        value = self.take(key, "a number above 0", fits, default, needed)
        return None if value is None else Decimal(value)

    def rate(self, key: str) -> Decimal | None:
        """A price of 0 or more, None where there is none."""
        value = self.values.get(key)
        return Decimal(0) if value == 0 and not isinstance(value, bool) else self.decimal(key)

    def needed(self, key: str) -> Decimal:
        value = self.decimal(key, needed=True)
        assert value is not None
        return value

    def whole(self, key: str, default: int | None = None) -> int | None:
        def fits(value: Any) -> bool:
            return isinstance(value, int) and not isinstance(value, bool) and value > 0

        value: int | None = self.take(key, "a whole number above 0", fits, default)
        return value

    def currency(self) -> str:
        fits = lambda value: isinstance(value, str) and CURRENCY.fullmatch(value) is not None  # noqa: E731
        return str(self.take("currency", "a code such as 'USD'", fits, "USD"))

    def period(self) -> Any:
        return self.take("period", " or ".join(map(repr, PERIODS)), lambda value: value in PERIODS, "month")

    def scope(self, until: str = "until") -> Scope:
        def fits(value: Any) -> bool:
            return isinstance(value, list) and bool(value) and all(isinstance(name, str) for name in value)

        models = self.take("models", "a list of model names", fits, [])
        provider = self.text("provider")
        start, end = self.day("from"), self.day(until)
        if start and end and end <= start:
            self.wrong(f"{until} = {end} is not after from = {start}", "write the day on which it ends")
        return Scope(provider.lower(), tuple(name.lower() for name in models), start, end, self.where)


def _written(value: Any) -> str:
    """A value about as it stands in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str | list | dict) else str(value)


def _is_day(value: Any) -> bool:
    """Whether a value is a day, written as a date of TOML or as text; times of a day are none."""
    from datetime import date

    if not DATE.fullmatch(str(value)):
        return False
    try:
        return date.fromisoformat(str(value)) is not None
    except ValueError:
        return False


def entries(file: File, name: str) -> Iterator[Entry]:
    """The tables of one name in a file, with the lines they begin on."""
    found = file.values.get(name)
    if found is None:
        return
    heads = [number for number, line in enumerate(file.text.splitlines(), 1) if _is_head(line, name)]
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        Entry({}, file.path, name).wrong("is not a list of tables", f"write each as [[{name}]]")
    for at, values in enumerate(found):
        yield Entry(values, f"{file.path}:{heads[at]}" if at < len(heads) else file.path, name)


def _is_head(line: str, name: str) -> bool:
    return line.replace(" ", "").startswith((f"[[{name}]]", f"[[tool.tok.{name}]]"))


def _discount(entry: Entry) -> Discount:
    multiply = entry.needed("multiply")
    if multiply > 1:
        entry.wrong(f"multiply = {multiply} would raise prices", "15 % off is multiply = 0.85")
    return Discount(entry.scope(), multiply)


def _commitment(entry: Entry) -> Commitment:
    overage = entry.decimal("overage", Decimal(1))
    assert overage is not None
    return Commitment(entry.scope(), entry.needed("minimum"), entry.currency(), entry.period(), overage)


def _pack(entry: Entry) -> Pack:
    tokens, amount = entry.whole("tokens"), entry.decimal("amount")
    if (tokens is None) == (amount is None):
        entry.wrong("needs tokens or amount, one of them", "tokens = 1000000, or amount = 100 of credit")
    scope = entry.scope("expires" if "expires" in entry.values else "until")
    name = entry.text("name", needed=True)
    return Pack(scope, name, entry.needed("price"), entry.currency(), tokens, amount, entry.day("bought"))


def _plan(entry: Entry) -> Plan:
    name = entry.text("name", needed=True)
    return Plan(
        entry.scope(), name, entry.needed("price"), entry.currency(), entry.period(), entry.whole("seats", 1) or 1
    )


def _rate(entry: Entry) -> Rate:
    pair = PAIR.fullmatch(entry.text("pair", needed=True))
    day = entry.day("date")
    if not pair or pair[1] == pair[2]:
        entry.wrong("pair is not two currencies", "pair = 'USD/CNY', and rate what one dollar is worth in yuan")
    if not day:
        entry.wrong("lacks 'date'", "date = the day on which the rate held")
    return Rate(pair[1], pair[2], entry.needed("rate"), day, entry.text("source") or entry.where)
