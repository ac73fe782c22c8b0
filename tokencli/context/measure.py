"""Counts what agents load."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tokencli.breakdown import total
from tokencli.context import Piece, Standing
from tokencli.counting import count
from tokencli.model import ZERO, Column, Count, Document
from tokencli.model.context import AgentContext, Item
from tokencli.model.transcript import Tool

Counts = tuple[Count, ...]

ORDER = ("always", "unknown", "demand")


def measure(standings: Sequence[Standing], columns: Sequence[Column]) -> tuple[AgentContext, ...]:
    """The pieces of each agent with their tokens, what is always loaded first; every text is counted once."""
    texts = {text for standing in standings for piece in standing.pieces for text in _texts(piece)}
    sizes = _counted(sorted(texts), columns)
    return tuple(_agent(standing, sizes, columns) for standing in standings)


def _counted(texts: Sequence[str], columns: Sequence[Column]) -> dict[str, Counts]:
    """The counts of texts, as those of files that hold them."""
    data = [text.encode("utf-8", "surrogatepass") for text in texts]
    documents = [Document(str(number), len(one), data=one, named=True) for number, one in enumerate(data)]
    from tokencli.counting import Options

    counted = count(documents, columns, Options(as_text=True))
    by_number = {file.path: file.counts for file in counted.files}
    return {text: by_number[str(number)] for number, text in enumerate(texts)}


def _agent(standing: Standing, sizes: dict[str, Counts], columns: Sequence[Column]) -> AgentContext:
    items = [
        Item(piece.kind, piece.path, piece.load, _size(piece, sizes, len(columns)), piece.remark)
        for piece in standing.pieces
    ]
    items.sort(key=lambda item: (ORDER.index(item.load), -(item.counts[0].tokens if item.counts else 0), item.path))
    always, demand = (
        total((item.counts for item in items if item.load == load and item.counts), len(columns))
        for load in ("always", "demand")
    )
    return AgentContext(standing.agent.name, standing.agent.title, tuple(items), always, demand)


def _size(piece: Piece, sizes: dict[str, Counts], columns: int) -> Counts | None:
    if piece.load == "unknown":
        return None
    parts = [sizes[text] for text in piece.texts] + [definition(tool, sizes) for tool in piece.tools]
    return total(parts, columns) if parts else (ZERO,) * columns


def _texts(piece: Piece) -> Iterator[str]:
    yield from piece.texts
    for tool in piece.tools:
        yield from forms(tool)


def forms(tool: Tool) -> tuple[str, str, str]:
    """A tool's definition as compact JSON, as its words alone, and as JSON in lines.

    Providers turn definitions into text in forms that they do not publish. The first stands for it; the others, with
    nothing and with all of the punctuation, are the ends of its range.
    """
    whole = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    compact = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return compact, " ".join(_words(whole)), json.dumps(whole, ensure_ascii=False, indent=2)


def definition(tool: Tool, sizes: dict[str, Counts]) -> Counts:
    """The tokens of a tool's definition in each column, with the range that its unknown form leaves."""
    compact, words, lines = (sizes[text] for text in forms(tool))
    return tuple(
        Count(middle.tokens, min(low.low, middle.low), max(high.high, middle.high))
        for middle, low, high in zip(compact, words, lines, strict=True)
    )


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif value is not None:
        yield str(value)
