"""The JSON envelope `tok.context/1`."""

from __future__ import annotations

from typing import Any

from tokencli.formats import View, Write
from tokencli.formats.context import REQUESTS
from tokencli.formats.envelope import column_object, count_objects, envelope, problem_objects, skipped_objects
from tokencli.model.context import AgentContext, ContextReport, Item


def render(report: ContextReport, view: View, write: Write) -> None:
    """Write the whole report as one JSON object."""
    data = {
        "folder": report.folder,
        "agents": [_agent(agent, report) for agent in report.agents],
        "limit": report.limit,
        "skipped": skipped_objects(report.skipped),
        "complete": report.complete,
        "default_encoding": report.default_encoding,
    }
    write(envelope("context", data, view.exit_code, report.notes, problem_objects(report.problems)))


def _agent(agent: AgentContext, report: ContextReport) -> dict[str, Any]:
    return {
        "agent": agent.agent,
        "title": agent.title,
        "items": [_item(item, report) for item in agent.items],
        "always": [_total(agent, index, report) for index in range(len(report.columns))],
        "demand": count_objects(agent.demand, report.columns),
        "unknown": len(agent.unknown),
    }


def _item(item: Item, report: ContextReport) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "path": item.path,
        "load": item.load,
        "counts": count_objects(item.counts, report.columns) if item.counts is not None else None,
        "remark": item.remark,
    }


def _total(agent: AgentContext, index: int, report: ContextReport) -> dict[str, Any]:
    column, count = report.columns[index], agent.always[index]
    return column_object(column) | {
        "tokens": count.tokens,
        "low": count.low,
        "high": count.high,
        "per_1000_requests": REQUESTS * count.tokens,
        "window": column.window,
        "over": max(0, count.high - report.limit) if report.limit is not None else None,
    }
