"""`tok count --remote`: what people are told before anything is sent, and the report of what came back."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tokencli import asking, breakdown
from tokencli.cli.inputs import find, piped
from tokencli.cli.options import State
from tokencli.cli.output import Progress, complain, is_terminal
from tokencli.config import cache_file
from tokencli.errors import usage_error
from tokencli.formats.wording import plural, printable, size
from tokencli.model import CountReport
from tokencli.remote.client import Client, Clock
from tokencli.remote.store import DAY, Store

if TYPE_CHECKING:
    from tokencli.cli.count import Request
    from tokencli.config import Value


EACH = "each file as one user message"
"""How texts are sent."""


def store_file(environ: Mapping[str, str]) -> str:
    """The file of remote answers and measurements, beside the cache of counts."""
    return os.path.join(os.path.dirname(cache_file(environ)), "remote.db")


def models(settings: Mapping[str, Value], environ: Mapping[str, str]) -> tuple[asking.Asked, ...]:
    """The models to ask about; TokError where they, or what is to be shown, do not go with `--remote`.

    What is sent where is never left to a file or a variable: the models have to be typed.
    """
    if settings["encoding"].rank == 0:
        raise usage_error("--remote asks for models, and -e names an encoding", "give -m MODEL alone")
    if settings["model"].rank != 0:
        raise usage_error("--remote needs -m MODEL on the command line", "settings do not choose where text is sent")
    if settings["max"].rank == 0:
        raise usage_error("--remote and --max exclude each other", "a limit is held with counts that are made here")
    if settings["special"].value == "parse":
        raise usage_error("--remote sends text as text", "add --special text")
    if settings["by"].value not in (None, "file", "dir", "ext"):
        raise usage_error(f"--remote counts whole files, not by {settings['by'].value}", "add --by file")
    return asking.asked(settings["model"].value, environ)


def unheld(settings: Mapping[str, Value]) -> tuple[str, ...]:
    """A note on a limit that a file or a variable sets and that is not held."""
    limit = settings["max"]
    return (f"--remote holds no limit: max of {limit.origin} is left out",) if limit.value is not None else ()


def measure(
    request: Request,
    asked: tuple[asking.Asked, ...],
    state: State,
    project: tuple[str, ...] = (),
    *,
    quiet: bool = False,
) -> CountReport:
    """Ask for the counts of the inputs, after saying what is sent where; with `quiet` only the provider's columns."""
    if not request.inputs and request.files_from is None and not piped(sys.stdin):
        raise usage_error("--remote sends only what is named", "name the files, or . for all below this folder")
    found = find(
        request.inputs, request.files_from, null=request.null, include=request.include, exclude=request.exclude
    )
    now = time.time()
    store = Store(store_file(state.environ), now=now) if request.cache else None
    reading = asking.Reading(request.as_text, request.reader, request.plugins)
    plan = asking.plan(asked, found.documents, store, reading)
    if plan.open and is_terminal(sys.stderr):
        complain(f"tok: sending {_what(plan)}")
    progress = Progress(sys.stderr, time.monotonic)
    progress.line = "asking"
    try:
        shown: Callable[[int, int], None] | None = progress if progress.stream else None
        files, problems = asking.ask(plan, _connect, store, shown)
    finally:
        progress.erase()
    columns = (*(one.remote for one in asked), *plan.local)
    if quiet:
        columns = columns[: len(asked)]
        files = [asking.cut(file, len(columns)) for file in files]
    return CountReport(
        columns,
        tuple(files),
        breakdown.total((file.counts for file in files), len(columns)),
        skipped=(*found.skipped, *plan.skipped),
        problems=(*found.problems, *plan.problems, *problems),
        decisive=(*project, *found.notes),
        notes=(*project, *found.notes, *_notes(plan, now), *(store.notes if store else ()), *_columns(plan, quiet)),
    )


def _connect() -> Client:
    return Client(Clock(time.monotonic, time.time, time.sleep))


def _what(plan: asking.Plan) -> str:
    """`3 requests (12.3 kB), each file as one user message, to api.openai.com for gpt-5`."""
    places: dict[str, list[str]] = {}
    for place in dict.fromkeys(request.model for request in plan.open):
        one = plan.asked[place]
        places.setdefault(one.endpoint.host, []).append(one.model)
    where = ", and ".join(f"to {printable(host)} for {', '.join(names)}" for host, names in places.items())
    how = "transcripts as their messages, other files as one of the user" if plan.transcripts else EACH
    return f"{plural(len(plan.open), 'request')} ({size(plan.bytes)}), {how}, {where}"


def _notes(plan: asking.Plan, now: float) -> list[str]:
    """What was sent, what was known, and what the numbers of a provider mean."""
    notes = list(plan.transcripts.values())
    if plan.open:
        notes.append(f"asked: {_what(plan)}")
    if plan.known:
        days = int(now // DAY) - min(known.day for known in plan.known.values())
        since = "today" if days == 0 else f"up to {plural(days, 'day')} ago"
        what = "nothing was sent" if not plan.open else "not asked again"
        notes.append(f"{plural(len(plan.known), 'answer')} known from {since}, {what} (--no-cache asks)")
    if plan.files:
        notes.append("a provider counts the request, frame of the message included; counts made here are of the text")
    return notes


def _columns(plan: asking.Plan, quiet: bool) -> Sequence[str]:
    return () if quiet else [column.note for column in plan.local if column.note]
