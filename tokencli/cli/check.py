"""`tok check`: the gate, for CI and hooks."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import typer

from tokencli.cli import parameters as p
from tokencli.cli.options import State, today
from tokencli.cli.output import STANDARD, Progress, complain
from tokencli.cli.showing import Answer, show
from tokencli.errors import ExitCode, TokError
from tokencli.git.objects import REMOTES
from tokencli.model import Problem

if TYPE_CHECKING:
    from tokencli import comparing
    from tokencli.config import Value
    from tokencli.git.objects import Objects
    from tokencli.model.gate import CheckReport, Scope


class Asked(NamedTuple):
    """What to check, as typed."""

    paths: tuple[str, ...]
    base: str | None
    state: comparing.State
    scope: Scope | None
    allow_policy_change: bool
    warn_only: bool


def check(
    context: typer.Context,
    paths: p.Checked = None,
    base: p.Base = None,
    staged: p.Staged = False,
    worktree: p.Worktree = False,
    scope: p.RuleScope = None,
    allow_policy_change: p.AllowPolicyChange = False,
    warn_only: p.WarnOnly = False,
    show_skipped: p.ShowSkipped = None,
    output: p.Output = None,
    no_cache: p.NoCache = False,
) -> int:
    """Hold a change against the token rules of its repository.

    The rules stand in tok.toml or pyproject.toml (`tok gate init` writes a first set) and are read where the change
    begins, so that it cannot raise its own limits. With nothing named: HEAD against its merge base with the branch it
    goes to, told by CI or origin/HEAD. With PATHS, as hooks give them, only these files are measured.
    """
    state = context.find_object(State) or State()
    flags: dict[str, object] = {"show-skipped": show_skipped or None, "cache": False if no_cache else None}
    if staged and worktree:
        hint = "keep one"
        raise TokError("--staged and --worktree exclude each other", hint=hint, code="usage", exit=ExitCode.USAGE)
    if scope == "total" and paths:
        hint = "leave the paths out"
        raise TokError("a total is of all files of a rule", hint=hint, code="usage", exit=ExitCode.USAGE)
    looked_at: comparing.State = "index" if staged else "worktree" if worktree else "commit"
    asked = Asked(tuple(paths or ()), base, looked_at, scope, allow_policy_change, warn_only)
    try:
        settings = state.settings(flags)
        report = _report(asked, settings, state)
    except TokError as error:
        if not warn_only or error.code != "config":
            raise
        state.no_config = True
        settings = state.settings(flags)
        report = _stopped(asked, error)
    code = int(exit_code(report))
    _summarise(report, code, state)
    output = None if output == STANDARD else output
    return show(Answer("check", report, code, output, show_skipped=settings["show-skipped"].value), settings, state)


def exit_code(report: CheckReport) -> ExitCode:
    """3 where something could not be judged, 1 where a verdict fails, else 0; with --warn-only always 0."""
    if report.warn_only:
        return ExitCode.OK
    if not report.complete:
        return ExitCode.DATA
    return ExitCode.NO if report.failed else ExitCode.OK


def _report(asked: Asked, settings: Mapping[str, Value], state: State) -> CheckReport:
    """The verdicts; what stops the gate as a whole is a report too, so that every format can say it."""
    from tokencli.git.objects import Objects
    from tokencli.git.revisions import repository

    progress = Progress(sys.stderr, time.monotonic)
    try:
        with Objects(repository(os.getcwd(), state.environ)) as objects:
            return _checked(asked, objects, settings, state, progress)
    except TokError as error:
        if error.exit != ExitCode.DATA and not asked.warn_only:
            raise
        return _stopped(asked, error)
    finally:
        progress.erase()


def _stopped(asked: Asked, error: TokError) -> CheckReport:
    """What to say where nothing could be judged."""
    from tokencli.model.diff import Side
    from tokencli.model.gate import CheckReport

    problem = Problem(error.code, error.message, error.hint)
    nowhere = Side(asked.base or "the base"), Side("the head")
    return CheckReport(*nowhere, (), measured=0, rules=0, problems=(problem,), warn_only=asked.warn_only)


def _checked(
    asked: Asked, objects: Objects, settings: Mapping[str, Value], state: State, progress: Progress
) -> CheckReport:
    from tokencli.checking import Wish, check
    from tokencli.comparing import ends

    base, looked_at = asked.base, asked.state
    if base is not None and not base.partition("..")[0]:
        # Git would take HEAD for it, and what is held against itself passes.
        hint = "a variable may not be set; --base main, or no --base for what CI tells"
        raise TokError("--base names nothing", hint=hint, code="usage", exit=ExitCode.USAGE)
    if base is None and looked_at == "index":
        base, looked_at = hooked(objects, state.environ)
    elif base is None:
        base = default_base(objects, state.environ)
    wish = Wish(
        today(),
        tuple(map(objects.repo.relative, asked.paths)),
        asked.scope,
        asked.allow_policy_change,
        asked.warn_only,
        int(time.time()),
    )
    return check(
        objects,
        ends(objects, base, state=looked_at),
        wish,
        open_cache=state.open_cache if settings["cache"].value else None,
        progress=progress if progress.stream else None,
        open_cards=state.shipped_cards,
    )


def default_base(objects: Objects, environ: Mapping[str, str]) -> str:
    """The branch that a change goes to, as CI or git tell it; TokError `no-base` where neither does.

    It does not stand in the repository's own settings: a change could name itself there.
    """
    told = _told_base(environ)
    if told is not None:
        return told
    try:
        objects.commits([f"{REMOTES}origin/HEAD"])
    except TokError:
        message = "there is no base to compare with: no --base, no TOK_BASE, nothing from CI and no origin/HEAD"
        raise TokError(message, hint="--base main, or --staged for the next commit", code="no-base") from None
    return f"{REMOTES}origin/HEAD"


def hooked(objects: Objects, environ: Mapping[str, str]) -> tuple[str | None, comparing.State]:
    """What to compare for what is staged: HEAD (None) with the index, save where a hook runs over commits.

    pre-commit names these (`--from-ref`, or before a push). It names none to `--all-files`; where nothing is staged
    then, as in CI, the index is held against the branch that CI names: against HEAD everything would pass.
    """
    first, last = environ.get("PRE_COMMIT_FROM_REF"), environ.get("PRE_COMMIT_TO_REF")
    if first and last:
        return f"{first}...{last}", "commit"
    told = _told_base(environ)
    if told is not None:
        from tokencli.comparing import differing, ends

        if not differing(objects.repo, ends(objects, None, state="index")):
            return told, "index"
    return None, "index"


def _told_base(environ: Mapping[str, str]) -> str | None:
    """The base that the environment names: TOK_BASE before what CI sets by itself."""
    branch = environ.get("GITHUB_BASE_REF")
    told = (
        environ.get("TOK_BASE"),
        f"{REMOTES}origin/{branch}" if branch else "",
        environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
    )
    return next(filter(None, told), None)


def _summarise(report: CheckReport, code: int, state: State) -> None:
    """Add the report to the summary of a GitHub job, where one is kept."""
    path = state.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from tokencli.formats import View, load

    parts: list[str] = []
    load("check", "markdown")(report, View(exit_code=code), parts.append)
    try:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write("".join(parts) + "\n")
    except OSError as error:
        complain(f"  note      the job summary could not be written: {error.strerror} (GITHUB_STEP_SUMMARY)")
