"""Claude Code: usage stands in the rows of the assistant, once for each block of an answer, and grows while it streams.

A request is known by the ids of its message and of the request; where the latter is missing by the row's, then the
message's alone. Of rows of the same request the one with most tokens counts, and one of the session itself before the
copy of a sub-agent. A message that stands there under several requests was tried again: that with most output counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tokencli.errors import TokError
from tokencli.model.replay import Log, Recorded
from tokencli.recorded.instants import instant_of
from tokencli.transcripts.content import mapping, words
from tokencli.usage import adapt


def read(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Log:
    """The log of a session."""
    best: dict[str, Recorded] = {}
    chains: dict[int, str] = {}
    ids: dict[int, str] = {}
    times: dict[int, int] = {}
    resets: set[int] = set()
    unread: list[str] = []
    for line, outer in rows:
        row = _inner(outer)
        message = mapping(row.get("message"))
        if outer.get("type") == "system" and outer.get("subtype") == "compact_boundary":
            resets.add(line)
        if row.get("isSidechain"):
            chains[line] = f"sub-agent {words(row.get('agentId'))}"
        if words(message.get("id")):
            ids[line] = words(message["id"])
        at = instant_of(row.get("timestamp"))
        if at is not None:
            times[line] = at
        if not isinstance(message.get("usage"), dict) or message.get("model") == "<synthetic>":
            continue
        if row.get("isApiErrorMessage"):
            continue
        try:
            found = _recorded(line, row, message, at)
        except TokError as error:
            unread.append(f"line {line}: {error.message}")
            continue
        key = _key(row, message, line)
        if key not in best or _rank(found) > _rank(best[key]):
            best[key] = found
    kept, notes = _without_retries(list(best.values()))
    return Log(tuple(kept), chains, ids, frozenset(resets), times, tuple(unread), tuple(notes))


def _inner(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row, or the one that a row of progress carries."""
    carried = mapping(mapping(row.get("data")).get("message"))
    if row.get("type") == "progress" and isinstance(carried.get("message"), dict):
        return {**carried, "isSidechain": True}
    return row


def _key(row: Mapping[str, Any], message: Mapping[str, Any], line: int) -> str:
    identity, request = words(message.get("id")), words(row.get("requestId"))
    if identity and request:
        return f"{identity} {request}"
    return words(row.get("uuid")) or identity or f"line {line}"


def _recorded(line: int, row: Mapping[str, Any], message: Mapping[str, Any], at: int | None) -> Recorded:
    response = {"type": "message", "usage": message["usage"]}
    for name in ("id", "model"):
        if words(message.get(name)):
            response[name] = message[name]
    found = adapt(response)
    side = bool(row.get("isSidechain"))
    return Recorded(line, found.usage, found.selectors, found.model, found.provider, at, words(message.get("id")), side)


def _rank(one: Recorded) -> tuple[int, bool]:
    return int(one.usage.get("input_tokens", 0) + one.usage.get("output_tokens", 0)), not one.side


def _without_retries(found: list[Recorded]) -> tuple[list[Recorded], list[str]]:
    """Of a message under several requests the one with most output; sub-agents' messages are left as they are."""
    best: dict[str, Recorded] = {}
    for one in found:
        if one.id and not one.side:
            other = best.get(one.id)
            if other is None or one.usage.get("output_tokens", 0) > other.usage.get("output_tokens", 0):
                best[one.id] = one
    kept = [one for one in found if one.side or not one.id or best[one.id] is one]
    again = len(found) - len(kept)
    return kept, [f"{again:,} requests that were tried again under the same message: left out"] if again else []
