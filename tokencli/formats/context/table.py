"""The table for a terminal: for each agent what it loads, numbers first, and what that comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokencli.formats import View, Write
from tokencli.formats.context import (
    CACHES,
    LOADS,
    MONEY,
    amounts,
    cells,
    money_words,
    remark,
    sentence,
    tokens,
    total_words,
)
from tokencli.formats.wording import (
    BOLD,
    DIM,
    NARROWEST_PATH,
    display_width,
    label,
    paint,
    printable,
    shorten,
)
from tokencli.model.context import AgentContext, ContextReport, Item

ORDER = ("always", "unknown", "demand")


def render(report: ContextReport, view: View, write: Write) -> None:
    """Write a table for each agent; on a terminal paths are shortened, and remarks without room get a line."""
    for number, agent in enumerate(report.agents):
        if number:
            write("\n")
        _agent(agent, report, view, write)


def _agent(agent: AgentContext, report: ContextReport, view: View, write: Write) -> None:
    totals = [tokens(count, column) for count, column in zip(agent.always, report.columns, strict=True)]
    demand = [tokens(count, column) for count, column in zip(agent.demand, report.columns, strict=True)]
    numbers = [cells(item, report) for item in agent.items] + [totals, demand]
    heads = [label(column) if len(report.columns) > 1 else "TOKENS" for column in report.columns]
    if view.width is not None and sum(map(len, heads)) > view.width // 2:
        heads = [f"[{index + 1}]" for index in range(len(heads))]
    widths = [max(len(head), *(len(row[at]) for row in numbers)) for at, head in enumerate(heads)]
    kinds = max([len("KIND"), *(len(item.kind) for item in agent.items)]) + 2
    if view.width is not None and len(_aligned(heads, widths)) + kinds + NARROWEST_PATH > view.width:
        kinds = 0
    write(paint(agent.title, BOLD, view.color) + "\n")
    write(paint(_aligned(heads, widths) + f"{'KIND' if kinds else '':<{kinds}}WHAT", DIM, view.color) + "\n")
    for load in ORDER:
        for item in agent.items:
            if item.load == load:
                _row(item, _aligned(cells(item, report), widths), kinds, view, write)
    rule = "\u2500" if view.unicode else "-"
    write(paint(rule * min(view.width or 78, 78), DIM, view.color) + "\n")
    for line in _wrapped(total_words(agent), _aligned(totals, widths), view):
        write(paint(line, BOLD, view.color) + "\n")
    if any(count.tokens for count in agent.demand):
        more = "  (--all lists it)" if agent.folded else ""
        for line in _wrapped(f"{LOADS['demand']}{more}", _aligned(demand, widths), view):
            write(line + "\n")
    for index in range(len(report.columns)):
        mark = f"[{index + 1}] " if heads[index].startswith("[") else ""
        for line in _wrapped(mark + sentence(agent, index, report), "  ", view):
            write(line + "\n")
    for line in _money(agent, report, view):
        write(line + "\n")


def _money(agent: AgentContext, report: ContextReport, view: View) -> Iterator[str]:
    """What the total costs on each model: columns, and sentences where a terminal has no room for them."""
    named = [at for at, column in enumerate(report.columns) if column.model is not None and agent.prices]
    rows = [amounts(agent.prices[at]) for at in named]
    widths = [max(map(len, column)) for column in zip(MONEY, *rows, strict=True)]
    lines = [_aligned(MONEY, widths) + "MODEL"]
    lines += [_aligned(row, widths) + _model(agent, at, report) for row, at in zip(rows, named, strict=True)]
    if view.width is not None and max(map(display_width, lines)) > view.width:
        for at in named:
            yield from _wrapped(money_words(agent, at, report), "  ", view)
    elif named:
        yield paint(lines[0], DIM, view.color)
        yield from lines[1:]


def _model(agent: AgentContext, at: int, report: ContextReport) -> str:
    """The model of a column, and what is to be known of its price."""
    found = agent.prices[at]
    if found is None:
        return label(report.columns[at])
    cached = CACHES.get(found.cached.lifetime, f"cached for {found.cached.lifetime}") if found.cached.lifetime else ""
    words = [word for word in (cached, remark(found).strip(" ()")) if word]
    return label(report.columns[at]) + (f"  {'; '.join(words)}" if words else "")


def _row(item: Item, numbers: str, kinds: int, view: View, write: Write) -> None:
    start = f"{numbers}{item.kind if kinds else '':<{kinds}}"
    path, remark = printable(item.path), printable(item.remark)
    if item.load == "demand":
        remark = f"on demand: {remark}" if remark else "on demand"
    if view.width is None or display_width(start + path + "  " + remark) <= view.width:
        write((start + path + ("  " + paint(remark, DIM, view.color) if remark else "")) + "\n")
        return
    room = max(NARROWEST_PATH, view.width - len(start))
    write(start + shorten(path, room, view.unicode) + "\n")
    for line in _wrapped(remark, " " * (len(numbers) + 2), view) if remark else []:
        write(paint(line, DIM, view.color) + "\n")


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "".join(f"{cell:>{width}}  " for cell, width in zip(cells, widths, strict=True))


def _wrapped(text: str, start: str, view: View) -> list[str]:
    """The text behind its start, on lines that fit the terminal; those after the first are indented as far."""
    if view.width is None or display_width(start + text) <= view.width:
        return [start + text]
    lines, line, bare = [], start, True
    for word in text.split(" "):
        joined = line + word if bare else f"{line} {word}"
        if display_width(joined) > view.width and not bare:
            lines.append(line)
            joined = " " * len(start) + word
        line, bare = joined, False
    return [*lines, line]
