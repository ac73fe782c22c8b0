"""Other files: a response of a provider, or many of them on lines, each with its own usage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tokencli.errors import TokError
from tokencli.model.replay import Log, Recorded
from tokencli.usage import adapt


def read(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Log:
    """The usages of responses; rows without any are messages."""
    found: list[Recorded] = []
    unread: list[str] = []
    for line, row in rows:
        if not _has_usage(row):
            continue
        try:
            one = adapt(row)
        except TokError as error:
            unread.append(f"line {line}: {error.message}")
            continue
        found.append(Recorded(line, one.usage, one.selectors, one.model, one.provider, one.at, one.id))
    return Log(tuple(found), unread=tuple(unread))


def _has_usage(row: Mapping[str, Any], depth: int = 3) -> bool:
    """Whether a response with a usage stands in a row, or in an object of it that wraps one."""
    if any(isinstance(row.get(name), dict) for name in ("usage", "usageMetadata", "usage_metadata")):
        return True
    inner = (row.get(name) for name in ("message", "response", "body", "result"))
    return depth > 0 and any(isinstance(each, dict) and _has_usage(each, depth - 1) for each in inner)
