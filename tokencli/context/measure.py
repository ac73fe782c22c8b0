"""Counts what agents load: texts as files that hold them, definitions of tools as `tok count` counts a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tokencli.breakdown import total
from tokencli.context import Piece, Standing
from tokencli.context.pieces import listed_within
from tokencli.counting import Options, count
from tokencli.errors import TokError
from tokencli.model import ZERO, Column, Count, Document
from tokencli.model.context import AgentContext, Item
from tokencli.model.transcript import Tool
from tokencli.transcribing import rule_of

Counts = tuple[Count, ...]

ORDER = ("always", "unknown", "demand")


class _Sizes(NamedTuple):
    """The counts of texts, and of lists of tools as JSON with the framing of each tool."""

    texts: dict[str, Counts]
    lists: dict[str, Counts]


def measure(standings: Sequence[Standing], columns: Sequence[Column]) -> tuple[AgentContext, ...]:
    """The pieces of each agent with their tokens, what is always loaded first; every text is counted once.

    What a model is told once beside all definitions of tools stands apart, as an item of the kind `framing`.
    """
    windows = list(dict.fromkeys(column.window for column in columns))
    seen = [{window: listed_within(standing, window) for window in windows} for standing in standings]
    pieces = [piece for each in seen for standing in each.values() for piece in standing.pieces]
    texts = sorted({text for piece in pieces for text in piece.texts})
    lists = {listed(piece.tools): piece.tools for piece in pieces if piece.tools}
    whole = _counted(sorted(lists), columns, Options(reader="tools"))
    sizes = _Sizes(
        _counted(texts, columns, Options(as_text=True)),
        {text: _less(counts, _once(lists[text], columns)) for text, counts in whole.items()},
    )
    return tuple(_agent([each[column.window] for column in columns], sizes, columns) for each in seen)


def listed(tools: Iterable[Tool]) -> str:
    """The tools as a file holds them that `tok count` reads as tools: each as it was given, where that is known."""
    return json.dumps([_definition(tool) for tool in tools])


def _definition(tool: Tool) -> Any:
    if tool.given is None:
        return {"name": tool.name, "description": tool.description, "inputSchema": tool.schema}
    return {"functionDeclarations": [tool.given]} if tool.form == "gemini" else tool.given


def _counted(texts: Sequence[str], columns: Sequence[Column], options: Options) -> dict[str, Counts]:
    """The counts of texts, as those of files that hold them."""
    data = [text.encode("utf-8", "surrogatepass") for text in texts]
    documents = [Document(str(number), len(one), data=one, named=True) for number, one in enumerate(data)]
    counted = count(documents, columns, options)
    for problem in counted.problems:
        raise TokError(problem.message, hint=problem.hint, code=problem.code)
    by_number = {file.path: file.counts for file in counted.files}
    return {text: by_number[str(number)] for number, text in enumerate(texts)}


def _agent(standings: Sequence[Standing], sizes: _Sizes, columns: Sequence[Column]) -> AgentContext:
    """What an agent loads; `standings` are the same things for each column, as its model's window cuts them."""
    agent, pieces = standings[0].agent, standings[0].pieces
    items = [
        Item(same[0].kind, same[0].path, same[0].load, _size(same, sizes), same[0].remark)
        for same in zip(*(standing.pieces for standing in standings), strict=True)
    ]
    items += _framing(pieces, columns)
    items.sort(key=lambda item: (ORDER.index(item.load), -(item.counts[0].tokens if item.counts else 0), item.path))
    always, demand = (
        total((item.counts for item in items if item.load == load and item.counts), len(columns))
        for load in ("always", "demand")
    )
    notes = tuple(dict.fromkeys(note for standing in standings for note in standing.notes))
    return AgentContext(agent.name, agent.title, tuple(items), always, demand, notes=notes)


def _size(pieces: Sequence[Piece], sizes: _Sizes) -> Counts | None:
    """The counts of a thing, in each column as that has it."""
    if pieces[0].load == "unknown":
        return None
    return tuple(sum((counts[at] for counts in _parts(piece, sizes)), ZERO) for at, piece in enumerate(pieces))


def _parts(piece: Piece, sizes: _Sizes) -> list[Counts]:
    parts = [sizes.texts[text] for text in piece.texts]
    return [*parts, sizes.lists[listed(piece.tools)]] if piece.tools else parts


def _framing(pieces: Sequence[Piece], columns: Sequence[Column]) -> Iterator[Item]:
    """What all definitions of tools cost once, with the first of them that are loaded."""
    loads = [piece.load for piece in pieces if piece.tools]
    counts = _once([tool for piece in pieces for tool in piece.tools], columns)
    if any(count != ZERO for count in counts):
        load = min(loads, key=ORDER.index)
        yield Item("framing", "(framing)", load, counts, "once, beside the definitions of tools")


def _once(tools: Sequence[Tool], columns: Sequence[Column]) -> Counts:
    """What the framing of tools costs once, however many they are: the sum less what each of them costs."""
    if not tools:
        return (ZERO,) * len(columns)
    single, double = (tuple(_framed(times * list(tools), column) for column in columns) for times in (1, 2))
    return _less(single, _less(double, single))


def _framed(tools: Iterable[Tool], column: Column) -> Count:
    rule = rule_of(column)
    for tool in tools:
        rule.tool(tool)
    return sum((line.tokens for line in rule.lines()), ZERO)


def _less(counts: Counts, others: Counts) -> Counts:
    return tuple(
        Count(one.tokens - other.tokens, one.low - other.low, one.high - other.high)
        for one, other in zip(counts, others, strict=True)
    )
