"""A usage as it is priced: every count known and of the right kind, totals there, and no part above its whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tokencli.errors import TokError
from tokencli.model.cost import Usage
from tokencli.rates.units import FRACTIONAL, INPUT_PARTS, OUTPUT_PARTS, READ_PARTS, USAGE, WRITE_PARTS


def checked(usage: Usage) -> dict[str, int | Decimal]:
    """The counts above 0, with the totals of cache reads and writes filled in where only their parts are given.

    TokError `unknown-usage` for a key that is no unit, `bad-usage` for a value that is no count, `inconsistent-usage`
    where parts come to more than their whole.
    """
    found = {key: value for key, value in usage.items() if value or not _nothing(key, value)}
    for key, value in found.items():
        _check(key, value)
    for total, parts in (("cache_read_tokens", READ_PARTS), ("cache_write_tokens", WRITE_PARTS)):
        if total not in usage and (given := sum(found.get(part, 0) for part in parts)):
            found[total] = given
    check_parts(found, "cache_read_tokens", READ_PARTS)
    check_parts(found, "cache_write_tokens", WRITE_PARTS)
    check_parts(found, "input_tokens", INPUT_PARTS)
    check_parts(found, "output_tokens", OUTPUT_PARTS)
    check_parts(found, "output_tokens", ("reasoning_tokens",))
    return found


def check_parts(usage: Usage, total: str, parts: Iterable[str]) -> None:
    """TokError `inconsistent-usage` where the parts come to more than the whole."""
    given = [(part, usage[part]) for part in parts if part in usage]
    whole, sum_of_parts = usage.get(total, 0), sum(value for _, value in given)
    if sum_of_parts <= whole:
        return
    named = " + ".join(f"{part} {value}" for part, value in given)
    comes_to = f" = {sum_of_parts}" if len(given) > 1 else ""
    raise TokError(
        f"{named}{comes_to} is more than {total} {whole}, of which it is a part",
        hint="input_tokens is all that was sent, cached tokens too; output_tokens is all that came back",
        code="inconsistent-usage",
    )


def contradiction(total: str, said: int, parts: str, sum_of_parts: int) -> TokError:
    """The error about a total that is not the sum of its parts."""
    return TokError(
        f"{total} is {said}, but {parts} is {sum_of_parts}",
        hint="one of the two is wrong; correct the usage, or leave the total out",
        code="inconsistent-usage",
    )


def unknown(key: str, value: object, known: Mapping[str, object] | Iterable[str]) -> TokError:
    """The error about a count that no unit is known for."""
    from difflib import get_close_matches

    near = get_close_matches(key, list(known), n=1)
    return TokError(
        f"unknown count in the usage: {key} = {value}",
        hint=f"did you mean {near[0]}?" if near else "nothing is left out of a price: remove it if it costs nothing",
        code="unknown-usage",
    )


def _nothing(key: str, value: object) -> bool:
    """Whether a value that is falsy is a 0 such as the key may have; "", None and False are no counts."""
    return type(value) is int or (isinstance(value, Decimal) and (key in FRACTIONAL or key not in USAGE))


def _check(key: str, value: object) -> None:
    if key not in USAGE:
        raise unknown(key, value, USAGE)
    if type(value) is int or (key in FRACTIONAL and isinstance(value, Decimal) and value.is_finite()):
        if value >= 0:
            return
        raise TokError(f"{key} is {value}, below 0", hint="counts are 0 or more", code="bad-usage")
    wanted = "a decimal number" if key in FRACTIONAL else "a whole number"
    from json import dumps

    written = value if isinstance(value, Decimal) else dumps(value, default=str)
    raise TokError(f"{key} is {written}, not {wanted}", hint=f"write {wanted} of 0 or more", code="bad-usage")
