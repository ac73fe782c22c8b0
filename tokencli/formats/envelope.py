"""The JSON envelope of all commands, ASCII only so that any stream can carry it, and the objects that several hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tokencli.model import Column, Count, Problem, Skipped

if TYPE_CHECKING:
    from tokencli.model.diff import Side


def envelope(
    command: str, data: object, exit_code: int, notes: Sequence[str] = (), errors: Sequence[object] = ()
) -> str:
    """The envelope every command shares, as text; `status` follows from the exit code."""
    from tokencli import __version__

    document = {
        "schema": f"tok.{command.replace(' ', '.')}/1",
        "tok_version": __version__,
        "command": command,
        "status": {0: "ok", 1: "failed"}.get(exit_code, "error"),
        "exit_code": exit_code,
        "data": data,
        "notes": list(notes),
        "errors": list(errors),
    }
    return indented(document) + "\n"


def indented(document: object) -> str:
    """A value as `json.dumps` with `indent=2` writes it, in half the time: a long session has a hundred thousand
    values, and a generator each there."""
    import json
    from json.encoder import encode_basestring_ascii as quoted

    def written(value: object, margin: str) -> str:
        inner = f"{margin}  "
        if isinstance(value, str):
            return quoted(value)
        if isinstance(value, dict) and value:
            rows = [f"{quoted(key)}: {written(each, inner)}" for key, each in value.items()]
            return f"{{{inner}{f',{inner}'.join(rows)}{margin}}}"
        if isinstance(value, list | tuple) and value:
            return f"[{inner}{f',{inner}'.join([written(each, inner) for each in value])}{margin}]"
        return str(value) if type(value) is int else json.dumps(value)

    return written(document, "\n")


def column_object(column: Column) -> dict[str, Any]:
    """The column that a number belongs to."""
    return {"encoding": column.encoding, "model": column.model, "method": column.method}


def count_objects(counts: Sequence[Count], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Counts with the column each belongs to; no counts stay an empty list."""
    if not counts:
        return []
    return [
        {**column_object(column), "tokens": count.tokens, "low": count.low, "high": count.high}
        for count, column in zip(counts, columns, strict=True)
    ]


def skipped_objects(skipped: Sequence[Skipped]) -> list[dict[str, Any]]:
    """What was left out, and why."""
    return [{"path": entry.path, "reason": entry.reason, "count": entry.count} for entry in skipped]


def problem_objects(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """The `errors` of an envelope."""
    return [{"code": problem.code, "message": problem.message, "hint": problem.hint} for problem in problems]


def side_object(side: Side) -> dict[str, str | None]:
    """One of two states that are compared."""
    return {"name": side.name, "commit": side.commit}
