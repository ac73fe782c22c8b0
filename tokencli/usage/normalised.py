"""The normalised form of a usage, and the options that select a price."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.rates.units import USAGE
from tokencli.usage.adapted import Adapted, Raw

FORM = "normalised"
SWITCHES = ("batch", "thinking")
WORDS = ("service_tier", "speed", "region", "cache_mode", "search_size", "resolution")
CHOICES = {"cache_mode": ("implicit", "explicit"), "search_size": ("low", "medium", "high")}
OPTIONS = (*SWITCHES, *WORDS, "duration_seconds", "period_used", "contract_multiplier")


def claims(raw: Raw) -> bool:
    response = raw.response
    answer = "request_id" in response or "object" in response or response.get("type") == "message"
    return set(raw.usage) <= set(USAGE) and not answer


def read(raw: Raw) -> Adapted:
    """The counts as they are; `tokencli.rates.usage.checked` says what is wrong with them."""
    return Adapted(dict(raw.usage))


def selectors(options: Mapping[str, Any], base: Selectors) -> Selectors:
    """Options in place of what a response says; null is as if not given. TokError `bad-option` for any that is not
    known, or has no value of its kind."""
    if not isinstance(options, Mapping):
        raise _bad("options", options, "an object")
    return base._replace(**{name: _option(name, value) for name, value in options.items() if value is not None})


def _option(name: str, value: Any) -> Any:
    if name in SWITCHES:
        if isinstance(value, bool):
            return value
        raise _bad(name, value, "true or false")
    if name in WORDS:
        if isinstance(value, str) and (name not in CHOICES or value in ("", *CHOICES[name])):
            return value
        raise _bad(name, value, " or ".join(CHOICES.get(name, ("a word",))))
    if name == "duration_seconds":
        return _decimal(name, value)
    if name == "contract_multiplier":
        return _decimal(name, value)
    if name == "period_used":
        if isinstance(value, Mapping) and all(type(count) is int and count >= 0 for count in value.values()):
            return dict(value)
        raise _bad(name, value, "an object of whole numbers")
    raise _unknown(name)


def _decimal(name: str, value: Any) -> Decimal:
    if isinstance(value, (int, str, Decimal)) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and number >= 0:
            return number
    raise _bad(name, value, "a decimal number of 0 or more, as a string")


def _bad(name: str, value: object, wanted: str) -> TokError:
    return TokError(f"{name} is {value!r}, not {wanted}", hint=f"write {wanted}", code="bad-option")


def _unknown(name: str) -> TokError:
    from difflib import get_close_matches

    near = get_close_matches(name, OPTIONS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"options are {', '.join(OPTIONS)}"
    return TokError(f"unknown option {name!r}", hint=hint, code="bad-option")
