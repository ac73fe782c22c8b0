"""`tok diff`: what changed in tokens between two states of a repository."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import columns as choose_columns
from tokencli.cli.columns import require as require_method
from tokencli.cli.options import State, today
from tokencli.cli.output import STANDARD, Look, Progress
from tokencli.cli.showing import Answer, rows_shown, show
from tokencli.errors import ExitCode, TokError, usage_error
from tokencli.model import Column, Problem

if TYPE_CHECKING:
    from tokencli import comparing
    from tokencli.config import Value
    from tokencli.git.changes import Pair
    from tokencli.git.objects import Objects
    from tokencli.model.diff import Change, DiffReport


class Compared(NamedTuple):
    """The two states of a repository, and the paths to look at, relative to its root; none means all."""

    objects: Objects
    ends: comparing.Ends
    paths: tuple[str, ...]


def diff(
    context: typer.Context,
    revisions: p.Revisions = None,
    staged: p.Staged = False,
    worktree: p.Worktree = False,
    model: p.Models = None,
    encoding: p.Encodings = None,
    top: p.Top = None,
    sort: p.DiffSort = None,
    reverse: p.Reverse = False,
    max_: p.Grown = None,
    include: p.Include = None,
    exclude: p.Exclude = None,
    special: p.Special = None,
    require: p.Require = None,
    show_skipped: p.ShowSkipped = None,
    all_: p.All = False,
    quiet: p.Quiet = False,
    output: p.Output = None,
    no_cache: p.NoCache = False,
) -> int:
    """Show what changed in tokens between two states of a git repository.

    `tok diff main` is what this branch adds: from the merge base of main and HEAD to HEAD, as in a pull request.
    `A...B` compares from their merge base, `A..B` the two themselves. `--staged` and `--worktree` look at the index and
    at the working tree, from HEAD or from the merge base with BASE. With nothing named: the working tree against HEAD.
    Nothing is checked out, renames are followed, paths are shown from the root of the repository.
    """
    state = context.find_object(State) or State()
    flags: dict[str, object] = {"model": model, "encoding": encoding, "include": include, "exclude": exclude}
    flags |= {"special": special, "require": require, "sort": sort, "top": top}
    flags |= {"show-skipped": show_skipped or None, "cache": False if no_cache else None}
    settings = state.settings(flags)
    columns, default = choose_columns(settings, state.order)
    require_method(columns, settings["require"].value)
    if quiet and state.format is not None:
        raise usage_error(f"-q and --format {state.format} exclude each other", "keep one")
    from tokencli.git.objects import Objects
    from tokencli.git.revisions import repository

    with Objects(repository(os.getcwd(), state.environ)) as objects:
        compared = compare(objects, revisions or (), staged=staged, worktree=worktree)
        report = _report(compared, settings, columns, state)
        untrusted = _changed_settings(compared, settings)
    report = report._replace(default_encoding=default, max_increase=max_)
    if settings["model"].rank == 0 and report.file_count and not quiet:
        report = _priced(report, settings, state)
    if max_ is not None:
        report = report._replace(problems=(*report.problems, *untrusted))
    answer = Answer(
        "diff",
        report,
        int(exit_code(report)),
        output=None if output == STANDARD else output,
        bare="".join(f"{change}\n" for change in _sums(report)) if quiet else None,
        answer=bool(report.changes) or report.complete,
        show_skipped=settings["show-skipped"].value,
        arrange=lambda whole, target, name: arrange(whole, settings, target, name, everything=all_, reverse=reverse),
    )
    return show(answer, settings, state)


def exit_code(report: DiffReport) -> ExitCode:
    """3 where something could not be counted, 1 where a total grew by more than it may, else 0."""
    if not report.complete:
        return ExitCode.DATA
    grown = (head.high - base.high for base, head in zip(report.base_totals, report.head_totals, strict=True))
    most = report.max_increase
    return ExitCode.NO if most is not None and max(grown) > most else ExitCode.OK


def _sums(report: DiffReport) -> list[int]:
    """By how many tokens each column changed."""
    return [head.tokens - base.tokens for base, head in zip(report.base_totals, report.head_totals, strict=True)]


def compare(objects: Objects, typed: Sequence[str], *, staged: bool, worktree: bool) -> Compared:
    """The two states and the paths that the arguments name."""
    from tokencli.comparing import ends

    if staged and worktree:
        raise usage_error("--staged and --worktree exclude each other", "keep one")
    revisions, paths = _split(objects, typed)
    looked_at: comparing.State = "index" if staged else "worktree" if worktree or revisions is None else "commit"
    try:
        found = ends(objects, revisions, state=looked_at)
    except TokError as error:
        if error.code == "unknown-revision" and revisions is not None and ".." not in revisions:
            hint = f"{error.hint}; for a file that is gone: tok diff HEAD {revisions} --worktree"
            raise TokError(error.message, hint=hint, code=error.code) from None
        raise
    return Compared(objects, found, tuple(map(objects.repo.relative, paths)))


def _split(objects: Objects, typed: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The revisions and the paths that were typed; TokError (usage) for a name that could be either.

    The first name is one of revisions if there is no such file.
    """
    revisions, paths = None, tuple(typed)
    if paths and not os.path.lexists(paths[0]):
        revisions, paths = paths[0], paths[1:]
    elif paths and _is_revision(objects, paths[0]):
        name = paths[0]
        raise usage_error(f"{name} is a file and a revision", f"write ./{name} or {name}...HEAD")
    for name in paths:
        if not os.path.lexists(name) and _is_revision(objects, name):
            hint = f"such as {revisions or 'HEAD'}...{name}"
            raise usage_error(f"{name} is a revision, and those come first, in one word", hint)
    return revisions, paths


def _is_revision(objects: Objects, name: str) -> bool:
    try:
        return bool(objects.commits([name]))
    except TokError:
        return False


def _report(compared: Compared, settings: Mapping[str, Value], columns: tuple[Column, ...], state: State) -> DiffReport:
    """Everything that differs, counted on both sides."""
    from tokencli.breakdown import total
    from tokencli.cli.anchors import Patterns, exclude_below, include_below
    from tokencli.comparing import Wanted, changes, differing, measure
    from tokencli.counting import Options
    from tokencli.model.diff import DiffReport

    objects, ends, paths = compared
    root = objects.repo.root
    include, exclude = (
        Patterns(value.value, os.path.dirname(value.file), value.origin)
        for value in (settings["include"], settings["exclude"])
    )
    wanted = Wanted(objects, ends.common, paths, include_below(include, root), exclude_below(exclude, root))
    pairs, left_out = wanted.of(differing(objects.repo, ends))
    progress = Progress(sys.stderr, time.monotonic)
    try:
        outcomes, counted = measure(
            objects,
            ends,
            pairs,
            columns,
            Options(special=settings["special"].value == "parse"),
            open_cache=state.open_cache if settings["cache"].value else None,
            progress=progress if progress.stream else None,
        )
    finally:
        progress.erase()
    found, skipped = changes(outcomes)
    said, unknown = _limits(objects, ends, [outcome.pair for outcome in outcomes], state, settings)
    found = [change._replace(remark=change.remark or said.get(change.path, "")) for change in found]
    missing = [path for path in paths if not _is_there(root, path, pairs)]
    return DiffReport(
        columns,
        ends.base,
        ends.head,
        tuple(found),
        total((change.base for change in found if change.base), len(columns)),
        total((change.head for change in found if change.head), len(columns)),
        skipped=(*left_out, *skipped),
        problems=(*counted.problems, *(_missing(path) for path in missing)),
        notes=tuple(
            note for note in (ends.note, _same(ends), unknown, *counted.notes, *(c.note for c in columns)) if note
        ),
    )


def _priced(report: DiffReport, settings: Mapping[str, Value], state: State) -> DiffReport:
    """The report with what the change costs as input of a call, at list prices, if just one of its models has a price;
    why a price is not known is a note."""
    from tokencli.model.cost import Selectors
    from tokencli.model.spending import CostChange
    from tokencli.rates.pricing import price

    cards = state.cards(providers=settings["providers"].value)
    found, notes, at = [], [], int(time.time())
    for index, column in enumerate(report.columns):
        try:
            if column.model is None:
                continue
            model = cards.find(column.model)
            sides = (report.base_totals[index], report.head_totals[index])
            base, head = (price(model, {"input_tokens": side.tokens}, Selectors(), at) for side in sides)
        except TokError as error:
            notes += [f"no price is shown: {error.message}"] if error.code != "unknown-model" else []
            continue
        name = f"{head.provider}/{head.model}"
        estimate = column.method == "estimate"
        found.append(CostChange(column.model, name, head.currency, head.total - base.total, estimate))
    report = report._replace(notes=(*report.notes, *notes))
    return report._replace(cost=found[0]) if len(found) == 1 else report


def _limits(
    objects: Objects, ends: comparing.Ends, pairs: Sequence[Pair], state: State, settings: Mapping[str, Value]
) -> tuple[dict[str, str], str]:
    """What the rules of the repository say about the paths, and a note where they cannot be read."""
    from tokencli.ruling import remarks

    return remarks(objects, ends, pairs, today(), state.open_cache if settings["cache"].value else None)


def _same(ends: comparing.Ends) -> str:
    """A note where a commit is compared with itself, as people do who know `git diff HEAD`."""
    if ends.base.commit is None or ends.base.commit != ends.head.commit:
        return ""
    return "both sides are the same commit; --staged and --worktree look at what is not committed"


def _changed_settings(compared: Compared, settings: Mapping[str, Value]) -> list[Problem]:
    """The settings file of the repository, where it says what is counted and how, and is not as at the base.

    With --max a change could otherwise take its own files out of the count.
    """
    from tokencli.git.objects import LARGEST

    files = {settings[name].file for name in ("model", "encoding", "include", "exclude", "special")} - {""}
    problems = []
    for file in sorted(files):
        path = compared.objects.repo.relative(file)
        with open(file, "rb") as stream:
            now = stream.read(LARGEST)
        if compared.objects.file(compared.ends.common, path) != now:
            message = f"{path} says what is counted, and is not as at {compared.ends.base.name}"
            hint = "with --max give --no-config, or say it by options"
            problems.append(Problem("settings-changed", message, hint))
    return problems


def _is_there(root: str, path: str, pairs: Sequence[Pair]) -> bool:
    """Whether a path that was named is a file or folder, or was one before."""
    if os.path.lexists(os.path.join(root, path)):
        return True
    return any(one == path or one.startswith(f"{path}/") for pair in pairs for one in (pair.path, pair.old_path))


def _missing(path: str) -> Problem:
    return Problem("not-found", f"{path}: no such file or folder, now or before", "paths start in the current folder")


def arrange(
    report: DiffReport, settings: Mapping[str, Value], target: Look, name: str, *, everything: bool, reverse: bool
) -> DiffReport:
    """Put the changes in order and cut them to the rows asked for or to the terminal."""

    def size(change: Change) -> tuple[int, str]:
        return -abs(change.delta(0)), change.path

    by_path = settings["sort"].value == "path"
    ordered = sorted(report.changes, key=(lambda change: change.path) if by_path else size, reverse=reverse)
    most = rows_shown(settings["top"].value, target, name, everything=everything)
    if most is None or len(ordered) <= most:
        return report._replace(changes=tuple(ordered))
    rest = ordered[most:]
    sums = tuple(sum(change.delta(column) for change in rest) for column in range(len(report.columns)))
    return report._replace(changes=tuple(ordered[:most]), rest=(len(rest), sums))
