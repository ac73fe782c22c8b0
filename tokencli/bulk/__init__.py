"""The cost of usage in bulk: the total of a file of rows at speed, or each row by itself.

A file is JSONL, one row a line, or one JSON document: a row, or a list of them.
"""

from __future__ import annotations

import json
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any

from tokencli import workers
from tokencli.bulk.requests import DECODER, Defaults, Finder, Pricer
from tokencli.bulk.sharing import shared
from tokencli.bulk.summing import Failed, Money, Summing, Totals
from tokencli.errors import TokError
from tokencli.model import Problem
from tokencli.model.cost import CostRow

__all__ = ["LARGE", "Defaults", "Failed", "Finder", "Money", "Totals", "rows", "total"]

LARGE = 8 << 20
"""Bytes from which on a file is worth copies of this process."""


def total(source: str | Iterable[bytes], cards: Finder, defaults: Defaults) -> Totals:
    """What all rows of a file (its path) or a stream of lines cost together, in bounded memory.

    The sums are exactly those of `rows`. Rows that fail are in no sum; they are counted, and told with their lines.
    OSError for a file that cannot be read.
    """
    summing = Summing(cards, defaults)
    if not isinstance(source, str):
        _sum_up(summing, source)
        return summing.totals()
    count = min(workers.processors(), workers.MOST)
    with open(source, "rb") as file:
        if os.fstat(file.fileno()).st_size >= LARGE and count > 1 and workers.alone() and _by_lines(file):
            shared(source, summing, count)
        else:
            _sum_up(summing, file)
    return summing.totals()


def rows(lines: Iterable[bytes], cards: Finder, defaults: Defaults, path: str = "") -> Iterator[CostRow]:
    """Each row by itself, in order, with the path and line where it stands; one that fails has an `error`, no cost."""
    pricer = Pricer(cards, defaults)
    for number, value in _values(lines):
        yield _row(pricer, number, value, path)


def _row(pricer: Pricer, number: int, value: Any, path: str) -> CostRow:
    given = value if isinstance(value, dict) else {}
    path = f"{path or 'stdin'}:{number}"
    id, provider, name = (str(given.get(key) or "") for key in ("id", "provider", "model"))
    try:
        if isinstance(value, TokError):
            raise value
        request = pricer.adapted(value)
        id, provider, name = request.id or id, request.provider, request.model
        model = pricer.model(name, provider)
        cost = pricer.priced(request, model)
    except TokError as error:
        problem = Problem(error.code, f"{path}: {error.message}", error.hint)
        return CostRow(id, path, provider, name, {}, None, name=name, error=problem)
    return CostRow(id, path, model.card.provider, model.id, request.usage, cost, name=name)


def _sum_up(summing: Summing, lines: Iterable[bytes]) -> None:
    """Add the rows of a stream: line by line, if its first line is a value."""
    first, lines = _begun(lines)
    if _complete(first):
        summing.lines(lines)
        return
    for number, value in _document(lines):
        if isinstance(value, TokError):
            summing.fail(number, value)
        else:
            summing.row(value, number)


def _values(lines: Iterable[bytes]) -> Iterator[tuple[int, Any]]:
    """The rows of a stream with the numbers of their lines; a TokError for a line that is no JSON."""
    first, lines = _begun(lines)
    if not _complete(first):
        yield from _document(lines)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, _read(line)


def _begun(lines: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first line that is not empty, and all lines, without the mark of UTF-8 that editors may begin a file with."""
    begun: list[bytes] = []
    rest = iter(lines)
    for line in rest:
        begun.append(line if begun else line.removeprefix(BOM_UTF8))
        if begun[-1].strip():
            break
    return (begun[-1] if begun else b""), chain(begun, rest)


def _by_lines(file: IO[bytes]) -> bool:
    """Whether a file is JSONL from its first byte on; it is at its start afterwards."""
    complete = _complete(_begun(file)[0])
    file.seek(0)
    marked = file.read(len(BOM_UTF8)) == BOM_UTF8
    file.seek(0)
    return complete and not marked


def _complete(line: bytes) -> bool:
    """Whether a line is a row, or at least nothing that goes on in the next line."""
    text = line.strip()
    return not text or isinstance(_read(line), dict) or not text.startswith((b"{", b"["))


def _document(lines: Iterable[bytes]) -> Iterator[tuple[int, Any]]:
    """The rows of one JSON document, numbered from 1; where it is none, each line is an error or a row."""
    kept = list(lines)
    value = _read(b"".join(kept))
    if isinstance(value, TokError):
        yield from ((number, _read(line)) for number, line in enumerate(kept, 1) if line.strip())
    elif isinstance(value, list):
        yield from enumerate(value, 1)
    else:
        yield 1, value


def _read(data: bytes) -> Any:
    """A JSON value, its fractions as decimals; a TokError in place of what is none."""
    try:
        return DECODER.decode(data.strip().decode())
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return TokError("not JSON", hint="write one JSON object a line", code="bad-json")
