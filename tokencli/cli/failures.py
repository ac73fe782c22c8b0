"""Errors become one message, a hint and an exit code; a bug becomes a short report."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tokencli.errors import ExitCode, TokError

if TYPE_CHECKING:
    from tokencli.cli.options import State

NO_INTEGER = "is not a valid int range"
"""What the parser says of a count that is no number."""


def run(arguments: list[str]) -> int:
    """Run the command line and turn what it raises into an exit code."""
    from tokencli.cli.options import State

    state = State()
    try:
        from tokencli.cli.app import run as run_app

        return run_app(arguments, state)
    except Exception as problem:
        return _ended(problem, arguments, state)


def _ended(problem: Exception, arguments: list[str], state: State) -> int:
    if isinstance(problem, BrokenPipeError):
        return ExitCode.OK
    error = _as_error(problem, state)
    if state.debug:
        import traceback

        traceback.print_exc()
    _show(error, arguments, state)
    return int(error.exit)


def _as_error(problem: Exception, state: State) -> TokError:
    """The error to show: as raised, a usage error of the parser in our words, or a report of a bug."""
    from typer.exceptions import Abort, TyperException

    if isinstance(problem, TokError):
        return problem
    if isinstance(problem, TyperException):
        return _usage(problem, state)
    if isinstance(problem, Abort):
        return TokError("stopped", code="interrupted", exit=ExitCode.INTERRUPTED)
    from tokencli import __version__

    where = _where(problem)
    return TokError(
        f"a bug in tok {__version__}: {type(problem).__name__}: {problem}{where}",
        hint="run again with --debug (or TOK_DEBUG=1) and report the traceback",
        code="bug",
        exit=ExitCode.INTERNAL,
    )


def _usage(problem: Exception, state: State) -> TokError:
    message = problem.format_message() if hasattr(problem, "format_message") else str(problem)
    possible = getattr(problem, "possibilities", None)
    if possible:
        message = str(getattr(problem, "message", message))
        hint = "did you mean " + " or ".join(sorted(possible)) + "?"
    elif NO_INTEGER in message:
        message = message.replace(NO_INTEGER, "is no whole number")
        hint = "write digits alone, such as 12000"
    else:
        hint = f"see {' '.join(('tok', *state.command.split()))} --help"
    message = " ".join(message.split()).rstrip(".")
    return TokError(message[:1].lower() + message[1:], hint=hint, code="usage", exit=ExitCode.USAGE)


def _where(problem: Exception) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    import os

    return f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})"


def _show(error: TokError, arguments: list[str], state: State) -> None:
    from tokencli.cli import output
    from tokencli.formats.wording import printable

    as_json = state.format == "json" or (state.format is None and (state.json_errors or _asks_for_json(arguments)))
    if as_json and error.code != "stdout":
        from tokencli.cli.commands import leaves

        command = state.command if state.command in leaves() else "error"
        output.write_envelope(command, None, int(error.exit), errors=[error])
        return
    hint = f"hint: {printable(error.hint)}" if error.hint else ""
    output.complain(f"tok: error: {printable(error.message)}", hint)


def _asks_for_json(arguments: list[str]) -> bool:
    """Whether the arguments ask for JSON, told without the parser, which may be what failed."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in before or "--format=json" in before:
        return True
    return any(word == "--format" and value == "json" for word, value in pairwise(before))
