"""What every adapter gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tokencli.model.cost import Selectors, Usage


class Adapted(NamedTuple):
    """One request in the normalised form. `at` is in seconds since 1970 UTC, None where nothing tells it; words that
    nothing tells are ""; `form` names the shape that it was read from."""

    usage: Usage
    selectors: Selectors = Selectors()
    model: str = ""
    provider: str = ""
    at: int | None = None
    id: str = ""
    form: str = ""
    notes: tuple[str, ...] = ()


class Raw(NamedTuple):
    """A provider's usage, and the response that it came in (empty where the usage came alone)."""

    usage: Mapping[str, Any]
    response: Mapping[str, Any] = {}


def filled(**counts: int) -> dict[str, int]:
    """The counts that are not 0."""
    return {key: count for key, count in counts.items() if count}
