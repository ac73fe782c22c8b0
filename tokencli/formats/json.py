"""The JSON envelope `tok.count/1`, ASCII only, so that any stream can carry it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tokencli.formats import Write
from tokencli.formats.view import View
from tokencli.model import Column, Count, CountReport, FileCount, Group, Section


def render(report: CountReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    import json

    errors = [{"code": p.code, "message": p.message, "hint": p.hint} for p in report.problems]
    data = {
        "files": [file_object(file, report.columns) for file in report.files],
        "groups": [group_object(group, report.columns) for group in report.groups],
        "rest": group_object(report.rest, report.columns) if report.rest is not None else None,
        "totals": total_objects(report),
        "limits": [
            {**_column(limit.column), "tokens": limit.tokens, "limit": limit.limit, "over": limit.over}
            for limit in report.limits
        ],
        "skipped": [{"path": s.path, "reason": s.reason, "count": s.count} for s in report.skipped],
        "complete": report.complete,
        "default_encoding": report.default_encoding,
    }
    write(json.dumps(envelope("count", data, view.exit_code, report.notes, errors), indent=2) + "\n")


def envelope(
    command: str, data: object, exit_code: int, notes: Sequence[str] = (), errors: Sequence[object] = ()
) -> dict[str, object]:
    """The envelope every command shares; `status` follows from the exit code."""
    from tokencli import __version__

    return {
        "schema": f"tok.{command.replace(' ', '.')}/1",
        "tok_version": __version__,
        "command": command,
        "status": {0: "ok", 1: "failed"}.get(exit_code, "error"),
        "exit_code": exit_code,
        "data": data,
        "notes": list(notes),
        "errors": list(errors),
    }


def file_object(file: FileCount, columns: Sequence[Column]) -> dict[str, Any]:
    """One file with its counts, one per column."""
    result: dict[str, Any] = {
        "path": file.path,
        "kind": file.kind,
        "bytes": file.bytes,
        "counts": count_objects(file.counts, columns),
        "warnings": list(file.warnings),
    }
    if file.sections:
        result["sections"] = [_section(section, columns) for section in file.sections]
    return result


def group_object(group: Group, columns: Sequence[Column]) -> dict[str, Any]:
    """One group of a breakdown."""
    result: dict[str, Any] = {
        "by": group.by,
        "key": group.key,
        "files": group.files,
        "bytes": group.bytes,
        "depth": group.depth,
        "counts": count_objects(group.counts, columns),
    }
    if group.own is not None:
        result["own"] = count_objects(group.own, columns)
    if group.path:
        result["path"] = group.path
    if group.line is not None:
        result["line"] = group.line
    return result


def count_objects(counts: Sequence[Count], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Counts with the column each belongs to; no counts stay an empty list."""
    if not counts:
        return []
    return [
        {**_column(column), "tokens": count.tokens, "low": count.low, "high": count.high}
        for count, column in zip(counts, columns, strict=True)
    ]


def total_objects(report: CountReport) -> list[dict[str, Any]]:
    """The totals, with the model's window and the share of it where it is known."""
    totals = count_objects(report.totals, report.columns)
    for total, column in zip(totals, report.columns, strict=True):
        if column.proxy:
            total["proxy"] = column.proxy
        if column.window:
            total["window"] = column.window
            total["window_share"] = round(total["high"] / column.window, 4)
    return totals


def _column(column: Column) -> dict[str, Any]:
    return {"encoding": column.encoding, "model": column.model, "method": column.method}


def _section(section: Section, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "title": section.title,
        "depth": section.depth,
        "line": section.line,
        "bytes": section.bytes,
        "own": count_objects(section.own, columns),
        "total": count_objects(section.total, columns),
    }
