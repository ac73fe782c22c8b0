"""Claude Code: the session files (JSONL) below ~/.claude/projects.

Rows of a user, the assistant and the system with their `message`; sub-agents' rows (sidechains) too. Rows that are
written for the program itself (summaries, snapshots, progress, hooks) are never sent and left out, and so are errors
of the API that stand there as messages. An answer is written as one row for each of its blocks, under one message id;
a block that stands there again counts once, and so does a text that a later row of the answer has grown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.anthropic import blocks
from tokencli.transcripts.content import Claim, Out, mapping, words

FORMAT = "claude-code"

SPOKEN = ("user", "assistant")

UNSENT = (
    "summary",
    "file-history-snapshot",
    "progress",
    "queue-operation",
    "last-prompt",
    "custom-title",
    "ai-title",
    "agent-name",
    "agent-setting",
    "attachment",
    "hook_progress",
    "pr-link",
    "tag",
    "mode",
    "permission-mode",
    "worktree-state",
    "saved_hook_context",
    "result",
    "attribution-snapshot",
    "content-replacement",
    "speculation-accept",
    "started",
)
"""Types of rows that hold nothing a model is sent."""

MARKS = ("sessionId", "uuid", "parentUuid", "requestId", "isSidechain")


def claims(value: Any) -> Claim:
    """A row of a known type with the marks that Claude Code writes."""
    row = mapping(value)
    kind = row.get("type")
    if kind in SPOKEN:
        message = row.get("message")
        return "mine" if isinstance(message, dict) and ("content" in message or "usage" in message) else ""
    if kind == "system":
        return "mine" if "subtype" in row or any(mark in row for mark in MARKS) else ""
    known = kind in UNSENT and ("leafUuid" in row or "snapshot" in row or any(mark in row for mark in MARKS))
    if isinstance(row.get("message"), dict) and "usage" in row["message"] and "type" not in row:
        return "mine"
    return "mine" if known else ""


def read(value: Any, out: Out) -> bool:
    """One row."""
    row = mapping(value)
    kind = row.get("type", "assistant" if "usage" in mapping(row.get("message")) else None)
    if not isinstance(kind, str):
        return False
    identity = row.get("uuid")
    if isinstance(identity, str):
        if identity in out.seen:
            out.leave_out("row that stands there twice")
            return True
        out.seen.add(identity)
    if kind == "system":
        _read_system(row, out)
    elif kind in SPOKEN and isinstance(row.get("message"), dict):
        _read_spoken(kind, row, row["message"], out)
    elif kind in SPOKEN:
        return False
    else:
        out.leave_out(f"{words(kind)} row" if kind in UNSENT else f"row of unknown type {words(kind)}")
    return True


def _read_system(row: Mapping[str, Any], out: Out) -> None:
    """What the program says in the conversation; only what a slash command printed is sent."""
    if row.get("subtype") == "compact_boundary":
        out.note("compaction: what stands before it is not sent any more, but counted here")
    elif row.get("subtype") in (None, "local_command") and words(row.get("content")):
        out.message("system", [Part("text", words(row["content"]))])
    else:
        out.leave_out(f"system row ({words(row.get('subtype')) or 'no text'})")


def _read_spoken(kind: str, row: Mapping[str, Any], message: Mapping[str, Any], out: Out) -> None:
    if row.get("isApiErrorMessage") or message.get("model") == "<synthetic>":
        out.leave_out("error of the API")
        return
    if row.get("isVisibleInTranscriptOnly"):
        out.leave_out("row that is only shown")
        return
    out.note_model(message.get("model"))
    if "content" not in message:
        out.leave_out("row without content")
        return
    identity = words(message.get("id"))
    side = words(row.get("agentId")) if row.get("isSidechain") else ""
    if row.get("isSidechain"):
        out.note("row of sub-agents")
    role = message.get("role")
    parts = blocks(message["content"], out)
    key = f"{side} {identity}" if identity else ""
    out.message(role if isinstance(role, str) else kind, _new(parts, key, out), key=key, grows=True)


def _new(parts: list[Part], key: str, out: Out) -> list[Part]:
    """The parts that no earlier row of the same answer has: a log repeats them when a session is taken up again."""
    if not key:
        return parts
    found = []
    for part in parts:
        # Media are told apart by nothing that is kept.
        mark = None if part.media else hash((key, part.kind, part.name, part.text))
        if mark in out.blocks:
            out.leave_out("block that stands there twice")
            continue
        if mark is not None:
            out.blocks.add(mark)
        found.append(part)
    return found
