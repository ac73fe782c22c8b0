"""`tok context`: what agents are sent before anybody says a word."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tokencli.cli import cost_parameters as c
from tokencli.cli import parameters as p
from tokencli.cli import pricing
from tokencli.cli.columns import columns as choose_columns
from tokencli.cli.columns import require as require_method
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD, complain
from tokencli.cli.showing import Answer, show
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import printable
from tokencli.model import Problem

if TYPE_CHECKING:
    from tokencli.cli.pricing import PriceBook
    from tokencli.context import Known, Standing, Tree
    from tokencli.context.servers import Server
    from tokencli.costing import Target
    from tokencli.model import Column
    from tokencli.model.context import AgentContext, ContextReport
    from tokencli.model.transcript import Tool


class Name(StrEnum):
    """What --agent takes."""

    CLAUDE = "claude"
    CODEX = "codex"
    CURSOR = "cursor"
    COPILOT = "copilot"
    GEMINI = "gemini"
    WINDSURF = "windsurf"
    ALL = "all"


Folder = Annotated[str, typer.Argument(metavar="[DIR]", help="Where the agent starts; none: here.")]
Which = Annotated[
    list[Name] | None, typer.Option("--agent", help="Of this agent (repeatable); none: those with files here.")
]
User = Annotated[bool, typer.Option("--user", help="Add the user's own files, such as ~/.claude/CLAUDE.md.")]
Tools = Annotated[
    list[str] | None,
    typer.Option("--tools", metavar="FILE", help="A saved tools/list, of the server FILE or SERVER=FILE (repeatable)."),
]
Run = Annotated[
    list[str] | None,
    typer.Option("--run", metavar="SERVER", help="Start this configured server and ask for its tools (repeatable)."),
]
Most = Annotated[
    int | None, typer.Option("--max", metavar="N", min=0, help="Exit 1 where an agent always loads over N tokens.")
]
Everything = Annotated[bool, typer.Option("--all", help="List what is loaded on demand too.")]

PASSED_ON = ("HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "USER")
PASSED_ON_WINDOWS = ("APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE")
"""Of our environment a server gets these; the rest is what its configuration gives it."""

VARIABLE = re.compile(r"\$\{(?:env:)?(\w+)(?::-([^}]*))?\}")


def standing(
    context: typer.Context,
    folder: Folder = ".",
    agent: Which = None,
    user: User = False,
    tools: Tools = None,
    run: Run = None,
    model: p.Models = None,
    encoding: p.Encodings = None,
    max_: Most = None,
    require: p.Require = None,
    at: c.At = None,
    ratecard: c.Ratecard = None,
    provider: c.Provider = None,
    all_: Everything = False,
    show_skipped: p.ShowSkipped = None,
    output: p.Output = None,
) -> int:
    """Show what agents load before the first word: instructions, rules, skills, definitions of tools.

    Each agent has its own sum, of what is in every request; what it loads on demand stands apart. Agents start in DIR;
    what they read above it is read up to the root of the repository. MCP servers are known by a saved answer to
    tools/list: --tools, or .mcp/tools/SERVER.json. Nothing is ever started without --run.
    """
    state = context.find_object(State) or State()
    flags: dict[str, object] = {"model": model, "encoding": encoding, "require": require, "providers": provider}
    settings = state.settings(flags | {"show-skipped": show_skipped or None})
    when = pricing.instant(at)
    columns, default = choose_columns(settings, state.order)
    require_method(columns, settings["require"].value)
    found, problems, said = _found(folder, agent or (), tools or (), run or (), state, user=user)
    from tokencli.context.measure import measure
    from tokencli.model.context import ContextReport

    agents = measure(found, columns)
    if any(column.model for column in columns):
        book = pricing.price_book(state, ratecard or (), settings["providers"].value, when)
        agents, missing = _priced(agents, columns, book)
        said = [*said, *missing]
    report = ContextReport(
        printable(folder),
        columns,
        agents,
        max_,
        skipped=tuple(dict.fromkeys(skipped for one in found for skipped in one.skipped)),
        problems=tuple(dict.fromkeys((*problems, *(problem for one in found for problem in one.problems)))),
        notes=_notes(found, agents, [*said, *(column.note for column in columns)]),
        default_encoding=default,
    )
    report = judge(report, asked=bool(agent))
    answer = Answer(
        "context",
        report,
        int(exit_code(report)),
        output=None if output == STANDARD else output,
        answer=bool(agents),
        show_skipped=settings["show-skipped"].value,
        arrange=lambda whole, target, name: arrange(whole, name, everything=all_),
    )
    return show(answer, settings, state)


def _priced(
    agents: Sequence[AgentContext], columns: Sequence[Column], book: PriceBook
) -> tuple[tuple[AgentContext, ...], list[str]]:
    """The agents with what they always load priced on the models of the columns, and why some have no price."""
    from tokencli.context.money import priced

    targets: list[Target | None] = []
    notes: list[str] = []
    for column in columns:
        try:
            targets.append(book.target(column.model, column) if column.model else None)
        except TokError as error:
            targets.append(None)
            notes.append(f"no price of {column.model}: {error.message}; {error.hint}".rstrip("; "))
    return tuple(priced(agent, targets, book.at) for agent in agents), notes


def arrange(report: ContextReport, name: str, *, everything: bool) -> ContextReport:
    """The report as it is shown: a table has no rows for what is loaded on demand, unless they are asked for."""
    if everything or name != "table":
        return report
    agents = tuple(
        agent._replace(items=tuple(item for item in agent.items if item.load != "demand"), folded=True)
        for agent in report.agents
    )
    return report._replace(agents=agents)


def exit_code(report: ContextReport) -> ExitCode:
    """1 where an agent is over the limit whatever else there may be, 3 where something is not known that matters."""
    if report.over and all(problem.code == "not-known" for problem in report.problems):
        return ExitCode.NO
    return ExitCode.OK if report.complete else ExitCode.DATA


def judge(report: ContextReport, *, asked: bool) -> ContextReport:
    """Add what stands against a verdict: nothing found, or with a limit something that is not known."""
    problems = list(report.problems)
    notes = report.notes
    if not any(agent.items for agent in report.agents):
        words = f"nothing that agents load in {report.folder}"
        if asked or report.limit is not None:
            problems.append(Problem("nothing-found", words, "tok help agents names the files"))
        else:
            notes = (*notes, words)
    if report.limit is not None:
        for agent in report.agents:
            for item in agent.unknown:
                message = f"{agent.title}: {item.path} is not known, so nothing says that it is within the limit"
                problems.append(Problem("not-known", message, item.remark))
    return report._replace(problems=tuple(problems), notes=notes)


def _found(
    folder: str, names: Sequence[Name], files: Sequence[str], run: Sequence[str], state: State, *, user: bool
) -> tuple[list[Standing], list[Problem], list[str]]:
    """What the agents that were named, or have files here, load; what went wrong, and what there is to say."""
    from tokencli.context import AGENTS, gather

    tree, mine, root = _trees(folder, state, user=user)
    wanted = [agent for agent in AGENTS if not names or Name.ALL in names or agent.name in names]
    problems: list[Problem] = []
    notes: list[str] = []
    known = dict(_saved(files, notes))
    if run:
        configured = [server for agent in wanted for server in gather(agent, tree, mine, known).servers]
        for name in run:
            try:
                known[name] = _asked(name, configured, os.path.join(root, tree.start), state, notes)
            except TokError as error:
                if error.exit != ExitCode.DATA:
                    raise
                problems.append(Problem(error.code, error.message, error.hint))
    found = [_with_loose(gather(agent, tree, mine, known), known) for agent in wanted]
    for one in found:
        if one.agent.name in names and not one.pieces:
            notes.append(f"nothing that {one.agent.title} loads in {printable(folder)}")
    return [one for one in found if one.pieces or one.problems], problems, notes


def _trees(folder: str, state: State, *, user: bool) -> tuple[Tree, Tree | None, str]:
    """The tree of a folder, up to the root of its repository, that of the user, and the root."""
    from tokencli.context.tree import home, lying
    from tokencli.sources import find

    start = os.path.realpath(folder)
    if not os.path.isdir(start):
        hint = "name the folder where the agent starts"
        raise TokError(f"{folder}: no such folder", hint=hint, code="not-found", exit=ExitCode.USAGE)
    root = _root(start)
    prefix = "" if root == start else os.path.relpath(start, root).replace(os.sep, "/") + "/"
    walked = find([start], cwd=start)
    below = [os.path.relpath(str(document.file), root) for document in walked.documents if document.file]
    below += [os.path.relpath(os.path.join(start, one.path), root) for one in walked.skipped if one.reason == "symlink"]
    tree = lying(root, prefix, (path.replace(os.sep, "/") for path in below))
    return tree, home(_home(state)) if user else None, root


def _root(start: str) -> str:
    """The nearest folder up to the top of the file system that holds `.git`; the folder itself where none does."""
    folder = start
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return start
        folder = above


def _home(state: State) -> str:
    found = state.environ.get("HOME") or state.environ.get("USERPROFILE")
    if not found:
        hint = "set HOME"
        raise TokError("--user: where the home folder is is not known", hint=hint, code="usage", exit=ExitCode.USAGE)
    return found


def _saved(files: Sequence[str], notes: list[str]) -> Iterator[tuple[str, list[Tool]]]:
    """The tools of files that were named, by the names of their servers; TokError for one that cannot be read."""
    from tokencli.context.servers import tools
    from tokencli.model import Document
    from tokencli.sources.text import read_bytes

    for named in files:
        name, equals, path = named.partition("=")
        if not equals or os.path.exists(named):
            path, name = named, os.path.splitext(os.path.basename(named))[0]
        document = Document(path, 0, file=os.path.realpath(path), named=True)
        yield name, tools(printable(path), read_bytes(document), notes)


def _with_loose(found: Standing, known: Known) -> Standing:
    """What an agent loads, and the tools of servers that were named and that no file of it configures."""
    from tokencli.context import pieces_of

    configured = {server.name for server in found.servers}
    loose = [
        piece for name in known if name not in configured for piece in pieces_of(found.agent, name, known[name], name)
    ]
    return found._replace(pieces=(*found.pieces, *loose))


def _asked(name: str, configured: Sequence[Server], folder: str, state: State, notes: list[str]) -> list[Tool]:
    """The tools of a configured server, started and asked; says what it starts."""
    from tokencli.context.servers import tools_of
    from tokencli.mcp import list_tools

    found = list(dict.fromkeys(server._replace(path="") for server in configured if server.name == name))
    if len(found) != 1:
        names = ", ".join(sorted({server.name for server in configured})) or "none"
        what = "is configured in several ways" if found else "is not configured here"
        hint = "name an --agent" if found else f"configured servers: {names}"
        raise TokError(f"--run {name}: it {what}", hint=printable(hint), code="usage", exit=ExitCode.USAGE)
    server = found[0]
    if server.off:
        raise TokError(f"--run {name}: it is switched off", hint="switch it on", code="usage", exit=ExitCode.USAGE)
    if not server.command:
        hint = "save its answer to tools/list, and give --tools"
        message = f"--run {name}: it has an address and no command; tok asks no address"
        raise TokError(message, hint=hint, code="usage", exit=ExitCode.USAGE)
    own = {key: _expanded(value, folder, state) for key, value in server.environment}
    words = [_expanded(word, folder, state) for word in (server.command, *server.arguments)]
    complain(f"  starts    {printable(' '.join(words))}")
    passed = {key: state.environ[key] for key in (*PASSED_ON, *PASSED_ON_WINDOWS) if key in state.environ}
    where = os.path.join(folder, _expanded(server.folder, folder, state))
    return tools_of(f"server {name}", {"tools": list_tools(name, words, passed | own, where)}, notes)


def _expanded(text: str, folder: str, state: State) -> str:
    """The text with variables as clients of MCP write them; TokError for one that is not set."""

    def value(found: re.Match[str]) -> str:
        if found[1] == "workspaceFolder":
            return folder
        known = state.environ.get(found[1], found[2])
        if known is None:
            raise TokError(f"--run: {found[0]} is not set", hint=f"set {found[1]}", code="server")
        return known

    return VARIABLE.sub(value, text)


def _notes(found: Sequence[Standing], agents: Sequence[AgentContext], others: Sequence[str]) -> tuple[str, ...]:
    """What there is to know of the files, and what is counted of no agent."""
    notes = [note for one in agents for note in one.notes]
    if found:
        missing = "; ".join(f"of {one.agent.title} {', '.join(one.agent.notes)}" for one in found if one.agent.notes)
        notes.append(f"not counted: system prompts, built-in tools and the words around listed names; {missing}")
    if any(piece.tools for one in found for piece in one.pieces):
        notes.append(
            "definitions of tools are counted as `tok count` counts a file of them, with the framing of a model"
        )
    return tuple(dict.fromkeys(note for note in (*notes, *others) if note))
