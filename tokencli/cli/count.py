"""`tok count`: gathers the options, counts, assembles the report and hands it to a format."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import typer

from tokencli import breakdown
from tokencli.cli import parameters as p
from tokencli.cli.anchors import Patterns
from tokencli.cli.columns import columns as choose_columns
from tokencli.cli.columns import require as require_method
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD, Look, Progress
from tokencli.cli.showing import Answer, rows_shown
from tokencli.cli.showing import show as show_answer
from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, CountReport, Limit, Problem

if TYPE_CHECKING:
    from tokencli.config import Value

NAME_FILES = "name the files or folders to count"


class Request(NamedTuple):
    """What to count: the inputs as typed, and how folders are walked and text is read."""

    inputs: tuple[str, ...]
    files_from: str | None
    null: bool
    include: Patterns
    exclude: Patterns
    as_text: bool
    special: bool
    sections: bool
    cache: bool
    detail: str | None = None
    reader: str | None = None
    messages: bool = False
    plugins: tuple[str, ...] = ()


class Listing(NamedTuple):
    """How to show the report."""

    by: p.By | None
    tree: bool
    sort: Value
    reverse: bool
    top: int | None
    all: bool
    quiet: bool
    show_skipped: bool
    output: str | None


def count(
    context: typer.Context,
    inputs: p.Inputs = None,
    model: p.Models = None,
    encoding: p.Encodings = None,
    by: p.BreakDown = None,
    tree: p.Tree = False,
    top: p.Top = None,
    sort: p.SortBy = None,
    reverse: p.Reverse = False,
    max_: p.Max = None,
    window: p.Window = None,
    include: p.Include = None,
    exclude: p.Exclude = None,
    files_from: p.FilesFrom = None,
    null: p.Null = False,
    as_: p.ReadAs = None,
    special: p.Special = None,
    detail: p.Detail = None,
    require: p.Require = None,
    remote: p.Remote = False,
    show_skipped: p.ShowSkipped = None,
    all_: p.All = False,
    quiet: p.Quiet = False,
    output: p.Output = None,
    no_cache: p.NoCache = False,
) -> int:
    """Count tokens in files, folders, globs or standard input.

    With no model and no encoding set, counts with o200k_base and says so. In a git repository ignored files are
    left out. Everything skipped is counted and named; a file that cannot be read makes the exit code 3.
    """
    state = context.find_object(State) or State()
    flags: dict[str, object] = {"model": model, "encoding": encoding, "include": include, "exclude": exclude}
    flags |= {"special": special, "require": require, "sort": sort, "top": top, "by": by, "max": max_}
    flags |= {"window": window or None, "show-skipped": show_skipped or None, "cache": False if no_cache else None}
    settings = state.settings(flags)
    if remote:
        from tokencli.cli import remote as provider

        asked = provider.models(settings, state.environ)
        columns, default = tuple(one.remote for one in asked), False
    else:
        columns, default = choose_columns(settings, state.order)
    require_method(columns, settings["require"].value)
    down = _breakdown(settings["by"], tree=tree)
    request = requested(inputs, files_from, settings, null=null, as_text=as_ == "text", sections=down == "section")
    reader = None if as_ == "text" else as_
    messages = down == "message" or settings["format"].value in ("json", "jsonl")
    if reader is not None:
        _check_reader(reader, settings["plugins"].value)
    request = request._replace(detail=detail, reader=reader, messages=messages, plugins=settings["plugins"].value)
    output = None if output == STANDARD else output
    skipped = settings["show-skipped"].value
    listing = Listing(down, tree, settings["sort"], reverse, settings["top"].value, all_, quiet, skipped, output)
    windowed = settings["window"].value and any(column.window for column in columns)
    _check(request, listing, state, window=bool(window) and not windowed)
    if remote:
        decisive = (*_project_note(settings), *provider.unheld(settings))
        report = provider.measure(request, asked, state, decisive, quiet=quiet)
    else:
        report = measure(request, columns, state, _project_note(settings))
        require_method(report.columns, settings["require"].value)
    report = replace(report, default_encoding=default, window=windowed)
    return show(judge(report, None if remote else settings["max"].value, request), listing, settings, state)


def _check_reader(name: str, plugins: tuple[str, ...]) -> None:
    """TokError (usage) for a format of transcripts that is not known."""
    from tokencli import transcripts
    from tokencli.transcribing import readers

    transcripts.named(name, readers(plugins))


def _breakdown(by: Value, *, tree: bool) -> p.By | None:
    """How to break the count down; `--tree` wins over a setting that does not go with it."""
    wanted: p.By | None = by.value
    return None if tree and by.rank > 0 and wanted not in (None, "file", "dir") else wanted


def requested(
    inputs: p.Inputs,
    files_from: p.FilesFrom,
    settings: Mapping[str, Value],
    *,
    null: bool,
    as_text: bool,
    sections: bool,
) -> Request:
    """What the options and settings of a command that reads files ask for."""
    return Request(
        inputs=tuple(inputs or ()),
        files_from=files_from,
        null=null,
        include=_patterns(settings["include"]),
        exclude=_patterns(settings["exclude"]),
        as_text=as_text,
        special=settings["special"].value == "parse",
        sections=sections,
        cache=settings["cache"].value,
    )


def _patterns(value: Value) -> Patterns:
    """The globs of a setting; those of a project's file are relative to its folder."""
    from os.path import dirname

    return Patterns(value.value, dirname(value.file), value.origin)


def _check(request: Request, listing: Listing, state: State, *, window: bool) -> None:
    """TokError (usage) for options that exclude or lack each other; `window` is wanted and not known."""
    message = hint = ""
    if window:
        message, hint = "--window needs a model whose context window is known", "add -m MODEL"
    elif listing.tree and listing.by not in (None, "file", "dir"):
        message, hint = f"--tree and --by {listing.by} exclude each other", "--tree goes with --by file or dir"
    elif listing.quiet and state.format is not None:
        message, hint = f"-q and --format {state.format} exclude each other", "keep one"
    elif request.null and request.files_from is None:
        message, hint = "-0 says how --files-from is read", "add --files-from FILE"
    if message:
        raise TokError(message, hint=hint, code="usage", exit=ExitCode.USAGE)


def measure(request: Request, columns: tuple[Column, ...], state: State, project: tuple[str, ...] = ()) -> CountReport:
    """Find and count the inputs; what failed or was skipped is in the report, with notes on the project's settings."""
    from tokencli import counting
    from tokencli.cli.inputs import find

    progress = Progress(sys.stderr, time.monotonic)
    try:
        found = find(
            request.inputs,
            request.files_from,
            null=request.null,
            include=request.include,
            exclude=request.exclude,
        )
        options = counting.Options(
            request.special,
            request.as_text,
            request.sections,
            media=True,
            detail=request.detail,
            transcripts=True,
            reader=request.reader,
            messages=request.messages,
            plugins=request.plugins,
        )
        counted = counting.count(
            found.documents,
            columns,
            options,
            open_cache=state.open_cache if request.cache else None,
            progress=progress if progress.stream else None,
        )
    finally:
        progress.erase()
    made, files = breakdown.settle(columns, counted.files)
    return CountReport(
        made,
        files,
        breakdown.total((file.counts for file in files), len(columns)),
        skipped=(*found.skipped, *counted.skipped),
        problems=(*found.problems, *counted.problems),
        decisive=(*project, *found.notes),
        notes=(
            *project,
            *found.notes,
            *counted.notes,
            *(column.note for column in columns if column.note),
        ),
    )


def _project_note(settings: Mapping[str, Value]) -> tuple[str, ...]:
    """Which settings of a project's file decide what is counted and how, if any do."""
    columns = ("model", "encoding")
    nearest = min(settings[name].rank for name in columns)
    decisive = [name for name in columns if settings[name].file and settings[name].rank == nearest]
    decisive += [name for name in ("include", "exclude", "special") if settings[name].file]
    return (f"{', '.join(decisive)} set by {settings[decisive[0]].file}",) if decisive else ()


def judge(report: CountReport, most: int | None, request: Request) -> CountReport:
    """Add the verdict of `--max` on each column, and a problem where nothing at all was counted.

    An empty folder that was not named, or an empty `-`, is no problem, unless a limit makes the count a gate; an empty
    standard input that nobody asked for is one, since it stands for what was meant to be counted. Media of unknown size
    in a transcript are one where there is a limit to be held.
    """
    limits: tuple[Limit, ...] = ()
    if most is not None:
        limits = tuple(
            Limit(total.high, most, column) for total, column in zip(report.totals, report.columns, strict=True)
        )
    problems, notes = report.problems, report.notes
    if limits:
        problems = (*problems, *_unknown(report))
    if _only_empty_stdin(report) and (limits or not request.inputs):
        empty = Problem("nothing-counted", "nothing was counted: standard input is empty", NAME_FILES)
        return replace(report, files=(), limits=limits, problems=(*problems, empty))
    if not report.files and not problems:
        if request.inputs or request.files_from or limits:
            what = ", ".join(request.inputs) or request.files_from or "this folder"
            hint = "--show-skipped names what was left out" if report.skipped else "name a file that holds text"
            problems = (Problem("nothing-counted", f"nothing was counted: no text in {what}", hint),)
        else:
            notes = (*notes, "no text file below this folder")
    return replace(report, limits=limits, problems=problems, notes=notes)


def _unknown(report: CountReport) -> list[Problem]:
    """What stands against any verdict on a limit: media in transcripts whose tokens are not known."""
    return [
        Problem("not-counted", f"{file.path}: {words}", "a limit can be held to what is counted only")
        for file in report.files
        if file.transcript is not None
        for words in file.transcript.uncounted
    ]


def _only_empty_stdin(report: CountReport) -> bool:
    """Whether all that was read is standard input, and that held nothing, as a pipe that nobody writes to does."""
    return len(report.files) == 1 and report.files[0].path == "-" and report.files[0].bytes == 0


def exit_code(report: CountReport) -> ExitCode:
    """3 where the count is incomplete (it never passes, nor fails, a limit), 1 over a limit, else 0."""
    if not report.complete:
        return ExitCode.DATA
    return ExitCode.NO if any(limit.over for limit in report.limits) else ExitCode.OK


def show(report: CountReport, listing: Listing, settings: Mapping[str, Value], state: State) -> int:
    """Write the report; returns the exit code."""
    answer = Answer(
        "count",
        report,
        int(exit_code(report)),
        output=listing.output,
        bare="".join(f"{total.tokens}\n" for total in report.totals) if listing.quiet else None,
        answer=bool(report.files) or report.complete,
        show_skipped=listing.show_skipped,
        arrange=lambda whole, target, name: arrange(whole, listing, target, name),
    )
    return show_answer(answer, settings, state)


def arrange(report: CountReport, listing: Listing, target: Look, format_name: str) -> CountReport:
    """Break the report down, put its rows in order and cut them to the rows asked for or to the terminal."""
    in_order = listing.by in ("section", "message") and listing.sort.rank == 4
    key = breakdown.order(listing.sort.value)
    ordered = breakdown.arrange(report, listing.by, listing.tree, None if in_order else key, listing.reverse)
    limit = rows_shown(listing.top, target, format_name, everything=listing.all)
    if limit is None:
        return ordered
    word = "smaller" if listing.sort.value == "tokens" and not listing.reverse and not in_order else "more"
    return breakdown.top(ordered, limit, word=word)
