"""The list of models: how each is counted, what it holds, what it costs now."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from tokencli.model import Method


class ListedModel(NamedTuple):
    """One model at one seller, or one that the catalog knows and nobody prices (`provider`, `currency` empty).

    `encoding` and `method` are None where nothing is known to count it with; prices are per 1,000,000 tokens and None
    where there is none at the instant, limits None where unknown; dates are in ISO form, empty where unknown.
    """

    provider: str
    id: str
    maker: str
    encoding: str | None
    method: Method | None
    window: int | None
    max_output: int | None
    currency: str = ""
    input: Fraction | None = None
    output: Fraction | None = None
    cache_read: Fraction | None = None
    cache_minimum: int | None = None
    confidence: str = ""
    deprecated: str = ""
    retires: str = ""

    @property
    def name(self) -> str:
        """The name that is never ambiguous."""
        return f"{self.provider}/{self.id}" if self.provider else self.id


class ModelsReport(NamedTuple):
    """The models that were asked for, with prices of the instant `at` (seconds since 1970 UTC); `left_out` others would
    fit but are sold by somebody else than their maker."""

    models: tuple[ListedModel, ...]
    at: int
    left_out: int = 0
