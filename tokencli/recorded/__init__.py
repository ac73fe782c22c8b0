"""What the log of a session records of its requests: usage, and how the lines hang together. One module for each kind.

`read(rows)` of a module takes numbered rows (JSON objects, numbers as Decimal) and gives the log's `Log`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from tokencli.model.replay import Log
from tokencli.recorded import claude_code, codex, responses

READERS = {"claude-code": claude_code.read, "codex": codex.read}
"""By the format of the transcript; any other file may hold responses with their usage."""

WORTH = (
    '"usage',
    '"sessionId"',
    '"sidechain',
    "isSidechain",
    "token_count",
    "turn_context",
    "compact",
    "usageMetadata",
)
"""A line without any of these words tells nothing that is read here."""


def log(text: str, format: str) -> Log:
    """What a file records; rows that are no JSON are left out, as the transcript's reader names them."""
    return READERS.get(format, responses.read)(_rows(text))


def _rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file, each with its 1-based line; a file that is one value is row 1."""
    whole = _value(text) if "\n" in text.strip() else None
    if whole is not None:
        yield from ((1, each) for each in (whole if isinstance(whole, list) else [whole]) if isinstance(each, dict))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if any(word in line for word in WORTH) or '"timestamp"' in line:
            value = _value(line)
            if isinstance(value, dict):
                yield number, value


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


Rows = Iterable[tuple[int, dict[str, Any]]]
