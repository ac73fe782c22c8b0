"""The parts of a conversation counted as a model counts them, and what frames them."""

from __future__ import annotations

from typing import NamedTuple

from tokencli import media
from tokencli.counting import counter
from tokencli.model import ZERO, Column, Count
from tokencli.replaying.requests import Conversation
from tokencli.transcribing import rule_of


class Counted(NamedTuple):
    """The count of each part of each message in a row, of the definitions of tools, of what frames all of them, and
    what could not be counted."""

    pieces: tuple[Count, ...]
    tools: Count
    framing: Count
    notes: tuple[str, ...]


def counted(talk: Conversation, column: Column) -> Counted:
    """The parts in one column; images and the like by their rules, and named where no rule knows them.

    A range of an estimate is that of each text, and so wider than that of all together.
    """
    rule, count = rule_of(column), counter(column)
    rule.begin()
    for tool in talk.tools:
        rule.tool(tool)
    pieces: list[Count] = []
    texts: list[str] = []
    owners: list[int] = []
    unknown: dict[str, int] = {}
    for message in talk.messages:
        rule.message(message)
        for part in message.parts:
            found = ZERO
            if part.media is not None:
                measured = media.tokens(column, part.media)
                found = measured.number or ZERO
                if measured.number is None:
                    why = f"{part.kind}: {measured.note}"
                    unknown[why] = unknown.get(why, 0) + 1
            for text in rule.part_texts(part):
                texts.append(text)
                owners.append(len(pieces))
            pieces.append(found)
    rule.end()
    for owner, figures in zip(owners, count.measure_all(texts), strict=True):
        pieces[owner] += count.finish(figures)
    tools = [text for tool in talk.tools for text in rule.tool_texts(tool)]
    framing = sum((line.tokens for line in rule.lines()), ZERO)
    defined = sum((count.finish(figures) for figures in count.measure_all(tools)), ZERO)
    notes = tuple(f"{number:,} not counted: {why}" for why, number in unknown.items())
    return Counted(tuple(pieces), defined, framing, notes)
