"""The JSON envelope `tok.count/1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.envelope import column_object, count_objects, envelope, problem_objects, skipped_objects
from tokencli.model import Column, Count, CountReport, FileCount, Group, Section
from tokencli.model.transcript import TranscriptCount


def render(report: CountReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    data = {
        "files": [file_object(file, report.columns) for file in report.files],
        "groups": [group_object(group, report.columns) for group in report.groups],
        "rest": group_object(report.rest, report.columns) if report.rest is not None else None,
        "totals": total_objects(report),
        "limits": [
            {**column_object(limit.column), "tokens": limit.tokens, "limit": limit.limit, "over": limit.over}
            for limit in report.limits
        ],
        "skipped": skipped_objects(report.skipped),
        "complete": report.complete,
        "default_encoding": report.default_encoding,
    }
    errors = problem_objects(report.problems)
    write(envelope("count", data, view.exit_code, report.notes, errors))


def file_object(file: FileCount, columns: Sequence[Column]) -> dict[str, Any]:
    """One file with its counts, one per column."""
    result: dict[str, Any] = {
        "path": file.path,
        "kind": file.kind,
        "bytes": file.bytes,
        "counts": count_objects(file.counts, file.columns or columns),
        "warnings": list(file.warnings),
    }
    if file.transcript is not None:
        result.update(_transcript(file.transcript, file.columns or columns))
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


def _transcript(found: TranscriptCount, columns: Sequence[Column]) -> dict[str, Any]:
    """Messages, tools and framing; their `tokens` are those of the first column, `counts` those of all of several."""

    def tokens(counts: Sequence[Count]) -> dict[str, Any]:
        several = {"counts": count_objects(counts, columns)} if len(columns) > 1 else {}
        return {"tokens": counts[0].tokens, **several}

    return {
        "messages": [
            {
                "index": message.index,
                "role": message.role,
                **({"name": message.name} if message.name else {}),
                **({"line": message.line} if message.line is not None else {}),
                **tokens(message.counts),
                "parts": [
                    {"kind": part.kind, **({"name": part.name} if part.name else {}), **tokens(part.counts)}
                    for part in message.parts
                ],
            }
            for message in found.messages
        ],
        "tools": [{"name": tool.name, **tokens(tool.counts)} for tool in found.tools],
        "framing": found.framing[0].tokens.tokens,
        "framings": [
            {
                **count,
                "rule": framing.rule,
                "lines": [
                    {"what": each.what, "tokens": each.tokens.tokens, "low": each.tokens.low, "high": each.tokens.high}
                    for each in framing.lines
                ],
            }
            for count, framing in zip(
                count_objects([framing.tokens for framing in found.framing], columns), found.framing, strict=True
            )
        ],
        "notes": list(found.notes),
    }


def _section(section: Section, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "title": section.title,
        "depth": section.depth,
        "line": section.line,
        "bytes": section.bytes,
        "own": count_objects(section.own, columns),
        "total": count_objects(section.total, columns),
    }
