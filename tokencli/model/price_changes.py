"""What two sets of rate cards say otherwise: one change for each price, name or limit."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Kind = Literal["new", "removed", "up", "down", "price", "rule", "name", "limit", "card"]

KINDS: tuple[Kind, ...] = ("new", "removed", "up", "down", "price", "rule", "name", "limit", "card")
"""A model that is new or removed; a price that rose or fell, or that came or went (price); a multiplier, confidence or
order of rows (rule); an id or alias (name); a limit or date of the model; what holds for a whole card."""


class PriceChange(NamedTuple):
    """One difference. `model` is "" for what holds for a whole card, `text` says it in words without the model.

    `what` is the key of the card that differs, `condition` the row it stands in ("" is the base), `before` and `after`
    its values as text ("": there was, or is, none), `percent` the rise of a price where both are above 0, `start` and
    `end` the dates or instants (ISO, "" is open) between which the difference holds.
    """

    kind: Kind
    provider: str
    model: str
    what: str
    text: str
    condition: str = ""
    before: str = ""
    after: str = ""
    percent: Fraction | None = None
    start: str = ""
    end: str = ""


class PriceChanges(NamedTuple):
    """All differences from the set called `before` to that called `after`, by provider and model, and how many models
    they both have."""

    before: str
    after: str
    changes: tuple[PriceChange, ...]
    common: int
    notes: tuple[str, ...] = ()
