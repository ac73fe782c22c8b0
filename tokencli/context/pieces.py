"""What an agent loads, before it is counted, and how agents cut it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tokencli.context.agents import Agent
from tokencli.context.listing import Entry, cut
from tokencli.context.servers import Server
from tokencli.model import Problem, Skipped
from tokencli.model.context import Kind, Load
from tokencli.model.transcript import Tool


class Piece(NamedTuple):
    """Something an agent loads: texts that are counted together, or tools, or neither where nothing is known.

    `entry` is what its only text is made of where that stands in a list, `file` the path from the root of the tree, ""
    of what is no file of it."""

    kind: Kind
    path: str
    load: Load
    texts: tuple[str, ...] = ()
    remark: str = ""
    tools: tuple[Tool, ...] = ()
    entry: Entry | None = None
    file: str = ""


class Standing(NamedTuple):
    """What an agent loads, what was left out, what could not be read, and what there is to know about it."""

    agent: Agent
    pieces: tuple[Piece, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    servers: tuple[Server, ...] = ()


Known = dict[str, list[Tool]]
"""Tools of servers by name, from files that were named or from servers that were asked."""


def pieces_of(agent: Agent, server: str, listed: Sequence[Tool], shown: str, *, always: bool = False) -> list[Piece]:
    """What an agent loads of a server's tools: their definitions, or where it defers these, first their names."""
    number = "1 tool" if len(listed) == 1 else f"{len(listed):,} tools"
    if not agent.defers or always:
        return [Piece("tools", shown, "always", remark=number, tools=tuple(listed))]
    names = "\n".join(f"mcp__{server}__{tool.name}" for tool in listed)
    return [
        Piece("tools", shown, "always", (names,), f"names of {number}"),
        Piece("tools", shown, "demand", remark=f"definitions of {number}, by tool search", tools=tuple(listed)),
    ]


def capped(pieces: list[Piece], cap: int, notes: list[str]) -> list[Piece]:
    """The pieces with no more bytes of instructions than the agent takes."""
    left, kept = cap, []
    for piece in pieces:
        if piece.kind == "instructions" and piece.load == "always":
            data = piece.texts[0].encode("utf-8", "surrogatepass")
            if len(data) > left:
                notes.append(f"{piece.path}: cut to {left:,} of {len(data):,} bytes, by the limit of {cap:,} for all")
                cut = data[:left].decode("utf-8", "ignore")
                piece = piece._replace(texts=(cut,), remark=f"cut to {left:,} bytes")
            left = max(0, left - len(data))
        kept.append(piece)
    return kept


def once(pieces: list[Piece]) -> list[Piece]:
    """The pieces, instructions with a text that came before left out of what is always loaded."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for piece in pieces:
        if piece.kind == "instructions" and piece.load == "always":
            if piece.texts in seen:
                piece = piece._replace(texts=(), remark="the same text as above, sent once")
            seen.add(piece.texts)
        kept.append(piece)
    return kept


def listed_within(standing: Standing, window: int | None) -> Standing:
    """What the agent loads where a model has this window: its list of skills with no more than it may take."""
    cap = standing.agent.listing
    if cap is None:
        return standing
    places = [at for at, piece in enumerate(standing.pieces) if piece.entry is not None and piece.kind in cap.kinds]
    entries = [entry for at in places if (entry := standing.pieces[at].entry) is not None]
    most, cost, words = cap.limit(window)
    texts, shortened = cut(entries, most, cost, omits=cap.omits)
    if not shortened:
        return standing
    pieces = list(standing.pieces)
    for at, entry, text in zip(places, entries, texts, strict=True):
        if text is None:
            pieces[at] = pieces[at]._replace(texts=(), remark="left out, as the list is full")
        elif text != entry.text():
            pieces[at] = pieces[at]._replace(texts=(text,), remark="name and description, cut to fit the list")
    omitted = texts.count(None)
    left_out = f", {omitted:,} left out altogether" if omitted else ""
    note = f"{standing.agent.title} lists {len(entries):,} skills in {words}: {shortened:,} descriptions cut{left_out}"
    return standing._replace(pieces=tuple(pieces), notes=(*standing.notes, note))
