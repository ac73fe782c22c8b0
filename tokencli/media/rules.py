"""The rules of `ratecards/media.toml`: which formula, with which figures, gives the tokens of a model's media."""

from __future__ import annotations

from functools import cache
from os.path import dirname, isdir, join
from typing import Any, NamedTuple, cast

from tokencli.model import Method


class Rule(NamedTuple):
    """How the media of one kind are counted for some models.

    `figures` are those of the formula at every level, `levels` those of the levels that can be asked for. `auto` is the
    level where none is asked for, between those of the range's ends, None in a rule without levels.
    """

    name: str
    kind: str
    formula: str
    method: Method
    confidence: str
    sources: tuple[str, ...]
    checked: str
    models: tuple[str, ...]
    figures: dict[str, Any]
    levels: dict[str, dict[str, Any]]
    auto: tuple[str, str, str] | None


OWN = ("name", "kind", "formula", "method", "confidence", "source", "checked", "models", "levels", "auto")
"""The lines of a rule that are no figures of its formula."""


def folder() -> str:
    """Where the rate cards are: inside the package where it was installed from a wheel, beside it in a checkout."""
    package = dirname(dirname(__file__))
    inside = join(package, "ratecards")
    return inside if isdir(inside) else join(dirname(package), "ratecards")


def find(kind: str, model: str) -> Rule | None:
    """The rule for a model's media of a kind, None where there is none."""
    return _index().get((kind, model))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the file."""
    import tomllib
    from fractions import Fraction

    with open(join(folder(), "media.toml"), "rb") as file:
        document = tomllib.load(file, parse_float=Fraction)
    return tuple(_rule(row, document["sources"]) for row in document["rule"])


@cache
def _index() -> dict[tuple[str, str], Rule]:
    return {(rule.kind, model): rule for rule in rules() for model in rule.models}


def _rule(row: dict[str, Any], sources: dict[str, str]) -> Rule:
    return Rule(
        name=row["name"],
        kind=row["kind"],
        formula=row["formula"],
        method=row["method"],
        confidence=row["confidence"],
        sources=tuple(sources[key] for key in row["source"]),
        checked=row["checked"].isoformat(),
        models=tuple(row["models"]),
        figures={name: value for name, value in row.items() if name not in OWN},
        levels=row.get("levels", {}),
        auto=cast("tuple[str, str, str] | None", tuple(row["auto"]) if "auto" in row else None),
    )
