"""The worked bills of tests/vectors/billing, as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "vectors" / "billing"

Case = dict[str, Any]
Row = tuple[str, Fraction, Fraction, int]


@cache
def every() -> tuple[Case, ...]:
    """All cases, in the order of their files; `file` names where each stands."""
    return tuple(
        {**case, "file": path.stem}
        for path in sorted(FOLDER.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8")).get("cases", ())
    )


def priced() -> Iterator[Case]:
    """The cases that come to a sum."""
    return (case for case in every() if "total" in case)


def refused() -> Iterator[Case]:
    """The cases that have no price, and must say so."""
    return (case for case in every() if "error" in case)


def ident(case: Case) -> str:
    """How a test names a case."""
    return f"{case['file']}: {case['name']}"


def rows(case: Case) -> list[Row]:
    """The lines of a case as (unit, quantity, rate, per)."""
    return [
        (line["unit"], Fraction(line["quantity"]), Fraction(line["rate"]), line["per"])
        for line in case.get("lines", [])
    ]


def same(left: Iterable[Row], right: Iterable[Row]) -> bool:
    """Whether two bills have the same lines, whatever their order and however a unit at one rate is split."""
    return _summed(left) == _summed(right)


def _summed(bill: Iterable[Row]) -> Counter[tuple[str, Fraction, int]]:
    found: Counter[tuple[str, Fraction, int]] = Counter()
    for unit, quantity, rate, per in bill:
        if quantity:
            found[unit, rate, per] += quantity  # type: ignore[assignment]
    return found
