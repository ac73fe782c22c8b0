"""The JSON envelope `tok.context/1`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.context import REQUESTS
from tokencli.formats.envelope import column_object, count_objects, envelope, problem_objects, skipped_objects
from tokencli.model.context import AgentContext, ContextReport, Item, StandingPrice


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
        "money": _money(agent.prices[index]) if agent.prices else None,
        "over": max(0, count.high - report.limit) if report.limit is not None else None,
    }


def _money(found: StandingPrice | None) -> dict[str, Any] | None:
    """What the total costs: decimal strings in the currency, None where there is no price."""
    if found is None:
        return None
    cached = found.cached
    return {
        "provider": found.provider,
        "model": found.model,
        "currency": found.currency,
        "confidence": found.confidence,
        "request": money.exact(found.request),
        "requests_1000": money.exact(found.thousand),
        "low_1000": money.exact(found.low),
        "high_1000": money.exact(found.high),
        "cached": {
            "lifetime": cached.lifetime or None,
            "read": _amount(cached.read),
            "write": _amount(cached.write),
            "requests_1000": _amount(cached.thousand),
            "remark": cached.why,
        },
    }


def _amount(amount: Fraction | None) -> str | None:
    return None if amount is None else money.exact(amount)
