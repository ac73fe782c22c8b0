"""Codex: the rollout files (JSONL) below ~/.codex/sessions, and what `codex exec --json` writes.

A row is an envelope `{timestamp, type, payload}`; `response_item` rows hold the items of the Responses API, the first
row (`session_meta`) the instructions. `event_msg` rows say the same again for the screen and are left out. Old files
have the items without an envelope. The rows of `codex exec --json` are `item.completed` with an item of its own kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.content import Claim, Out, json_text, mapping, words
from tokencli.transcripts.openai_responses import CALLS, RESULTS, read_item

FORMAT = "codex"

ROWS = ("session_meta", "turn_context", "response_item", "event_msg", "compacted", "token_usage_record", "world_state")
BARE = ("message", "reasoning", *CALLS, *RESULTS)
EXEC = ("thread.", "turn.", "item.")


def claims(value: Any) -> Claim:
    """A row with a payload of a known type, a row of `codex exec --json`, or the first row of an old file."""
    row = mapping(value)
    kind = words(row.get("type"))
    if kind in ROWS:
        return "mine" if "payload" in row or kind == "token_usage_record" else ""
    if kind.startswith(EXEC):
        return "mine" if {"thread_id", "usage", "item", "error"} & row.keys() or kind == "turn.started" else ""
    if row.get("record_type") == "state" or ("instructions" in row and "timestamp" in row and "id" in row):
        return "mine"
    bare = (kind in BARE and kind != "message") or (kind == "message" and "role" in row and "usage" not in row)
    return "mine" if bare and isinstance(value, dict) and "sessionId" not in row else ""


def read(value: Any, out: Out) -> bool:
    """One row."""
    row = mapping(value)
    kind = words(row.get("type"))
    payload = mapping(row.get("payload"))
    if kind == "response_item":
        return _read_item(payload, out)
    if kind == "session_meta":
        out.note_model(payload.get("model"))
        _instructions(payload, out)
    elif kind == "turn_context":
        out.note_model(payload.get("model"))
    elif kind == "compacted":
        out.note("compaction: what stands before it is not sent any more, but counted here")
        out.message("user", [Part("text", words(payload.get("message")))])
    elif kind.startswith(EXEC):
        _read_exec(kind, mapping(row.get("item")), out)
    elif kind in ROWS:
        out.leave_out(f"{kind} row")
    elif row.get("record_type") == "state":
        out.leave_out("state row")
    elif not kind and "timestamp" in row and ("instructions" in row or "id" in row):
        _instructions(row, out)
    elif kind:
        return _read_item(row, out) if kind in BARE else _unknown(kind, out)
    else:
        return False
    return True


def _unknown(kind: str, out: Out) -> bool:
    out.leave_out(f"row of unknown type {kind}")
    return True


def _read_item(item: Mapping[str, Any], out: Out) -> bool:
    if not item:
        return False
    if not read_item(item, out):
        out.leave_out(f"item of type {words(item.get('type')) or 'unknown'}")
    return True


def _instructions(meta: Mapping[str, Any], out: Out) -> None:
    base = meta.get("base_instructions")
    text = words(mapping(base).get("text")) or words(base) or words(meta.get("instructions"))
    if text:
        out.message("system", [Part("text", text)])


def _read_exec(kind: str, item: Mapping[str, Any], out: Out) -> None:
    """An item that is complete; other rows tell of its progress."""
    if kind != "item.completed":
        out.leave_out(f"{kind} row")
        return
    what = words(item.get("type", item.get("item_type")))
    if what in ("agent_message", "assistant_message"):
        out.message("assistant", [Part("text", words(item.get("text")))])
    elif what == "reasoning":
        out.message("assistant", [Part("thinking", words(item.get("text")))])
    elif what == "command_execution":
        out.message("assistant", [out.call("shell", item.get("command"))])
        out.message("tool", [Part("tool_result", words(item.get("aggregated_output")), "shell")])
    elif what == "mcp_tool_call":
        out.message("assistant", [out.call(item.get("tool"), item.get("arguments"))])
        out.message("tool", [Part("tool_result", json_text(item.get("result")), words(item.get("tool")))])
    elif what == "file_change":
        out.message("assistant", [out.call("apply_patch", item.get("changes"))])
    else:
        out.leave_out(f"item of type {what or 'unknown'}")
