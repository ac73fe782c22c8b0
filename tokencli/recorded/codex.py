"""Codex: `token_count` events carry the totals of the session so far, and are written again with the same totals.

A request is what the totals grew by. Where they are missing, or begin anew, it is the usage of the last request as the
event has it; totals of nothing begin anew without a request, and totals that fall by a few tokens are no request. What
`codex exec --json` writes has the usage of each turn, and older versions of it wrapped it as a result.

The log of a fork or sub-agent begins with what its parent did, written at once: totals of the second in which the log
itself begins are the parent's, and none of its requests. What goes on a second later cannot be told from its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tokencli.errors import TokError
from tokencli.model.replay import Log, Recorded
from tokencli.recorded.instants import instant_of
from tokencli.transcripts.content import mapping, words
from tokencli.usage import adapt

COUNTS = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")
"""`total_tokens` is left out: versions differ in whether thinking, which is part of the output, is in it twice."""

OLD_NAMES = {
    "prompt_tokens": "input_tokens",
    "cached_tokens": "cached_input_tokens",
    "completion_tokens": "output_tokens",
}

WOBBLE = 16
"""Totals that fall by no more tokens than this have not begun anew."""

Counts = dict[str, int]


def read(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Log:
    """The log of a session."""
    found: list[Recorded] = []
    resets: set[int] = set()
    times: dict[int, int] = {}
    unread: list[str] = []
    sessions: set[str] = set()
    model, before = "", Counts()
    forked: int | None = None
    copied = 0
    for line, row in rows:
        kind, payload = words(row.get("type")), mapping(row.get("payload"))
        at = instant_of(row.get("timestamp"))
        if at is not None:
            times[line] = at
        usage: Counts | None = None
        if kind == "turn_context":
            model = words(payload.get("model")) or model
        elif kind == "session_meta":
            if not sessions and _has_parent(payload):
                forked = at
            sessions.add(words(payload.get("id")))
        elif kind == "compacted":
            resets.add(line)
        elif kind in ("turn.completed", "result"):
            usage, named = _turn(row)
            model = named or model
        elif kind == "event_msg" and payload.get("type") == "token_count":
            info = mapping(payload.get("info"))
            model = words(info.get("model")) or model
            usage, before = _grown(
                _counts(info.get("total_token_usage")), _counts(info.get("last_token_usage")), before
            )
            if usage and forked is not None and at == forked:
                usage, copied = None, copied + 1
        if usage and any(usage.values()):
            try:
                read = adapt({"usage": {key: usage.get(key, 0) for key in COUNTS}, "model": model})
            except TokError as error:
                unread.append(f"line {line}: {error.message}")
                continue
            found.append(Recorded(line, read.usage, read.selectors, model, at=at))
    notes = _notes(copied, repeats=len(sessions) > 1 or forked is not None)
    return Log(tuple(found), resets=frozenset(resets), times=times, unread=tuple(unread), notes=notes)


def _notes(copied: int, *, repeats: bool) -> tuple[str, ...]:
    """What of another session is in the log."""
    if copied:
        return (f"{copied:,} requests of the parent session, written as this one began: left out",)
    if repeats:
        return ("the log holds what a fork repeats of its parent: that is priced again",)
    return ()


def _has_parent(payload: Mapping[str, Any]) -> bool:
    """Whether the session was forked from another, or begun by it."""
    spawned = mapping(mapping(mapping(payload.get("source")).get("subagent")).get("thread_spawn"))
    return bool(words(payload.get("forked_from_id")) or words(spawned.get("parent_thread_id")))


def _turn(row: Mapping[str, Any]) -> tuple[Counts | None, str]:
    """The usage of a turn of `codex exec`, and the model where it is named."""
    held = row if isinstance(row.get("usage"), dict) else mapping(row.get("data"))
    usage = mapping(held.get("usage"))
    renamed = {OLD_NAMES.get(key, key): value for key, value in usage.items()}
    return _counts(renamed), words(held.get("model")) or words(held.get("model_name"))


def _grown(total: Counts | None, last: Counts | None, before: Counts) -> tuple[Counts | None, Counts]:
    """The usage of a request, None where there was none, and the totals from now on."""
    if total is None:
        return last, {key: before.get(key, 0) + count for key, count in (last or {}).items()} or before
    if not any(total.values()):
        return None, {}
    grown = {key: count - before.get(key, 0) for key, count in total.items()}
    if all(count >= 0 for count in grown.values()):
        return grown, total
    fallen = sum(before.values()) - sum(total.values())
    if 0 <= fallen <= WOBBLE:
        return None, before
    return last or total, total


def _counts(usage: object) -> Counts | None:
    found = {key: value for key in COUNTS if type(value := mapping(usage).get(key)) is int}
    return found or None
