"""Which encodings to count with: from `-m` and `-e`, the environment or the settings files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tokencli.cli.options import State
from tokencli.errors import ExitCode, TokError
from tokencli.model import METHODS, Column

if TYPE_CHECKING:
    import typer

    from tokencli.config import Value
    from tokencli.encoders import Encoder


def columns(settings: Mapping[str, Value], order: Sequence[str] = ()) -> tuple[tuple[Column, ...], bool]:
    """The columns, and whether they are the built-in default.

    The nearest place that names a model or an encoding decides alone: `-e` on the command line leaves the
    models of a settings file out. `order` is the order of `model` and `encoding` among the options typed.
    """
    models, encodings = settings["model"], settings["encoding"]
    rank = min(models.rank, encodings.rank)
    wanted: list[tuple[str, str]] = []
    for value in (models, encodings):
        if value.rank == rank:
            wanted += [(value.setting.name, name) for name in value.value]
    if not wanted:
        from tokencli.encoders import DEFAULT, column

        return (column(DEFAULT),), True
    if rank == 0:
        wanted = _as_typed(wanted, order)
    found = [_column(kind, name) for kind, name in wanted]
    return tuple(dict.fromkeys(found)), False


def one_column(context: typer.Context, flags: Mapping[str, object]) -> tuple[dict[str, Value], Column]:
    """The settings and the only column, for commands that take one; TokError (usage) where several were asked for."""
    state = context.find_object(State) or State()
    settings = state.settings(flags)
    found, _ = columns(settings, state.order)
    if len(found) > 1:
        raise TokError("more than one encoding", hint="give one -m or -e", code="usage", exit=ExitCode.USAGE)
    return settings, found[0]


def encoder_with_ids(column: Column) -> Encoder:
    """The encoder of a column; TokError `no-token-ids` where it has none, as it refuses itself."""
    if column.method == "estimate":
        from tokencli.encoders import estimate

        estimate.load(column.proxy or column.encoding).encode("")
    from tokencli.encoders import load

    encoder = load(column.encoding)
    encoder.encode("")
    return encoder


def require(found: Sequence[Column], least: str | None) -> None:
    """TokError where a column is counted in a worse way than `least`."""
    if least is None:
        return
    accepted = METHODS[: [str(method) for method in METHODS].index(least) + 1]
    worse = [column for column in found if column.method not in accepted]
    if worse:
        names = ", ".join(f"{column.model or column.encoding} is {column.method}" for column in worse)
        raise TokError(f"--require {least}: {names}", hint="choose another model, or require less", code="inexact")


def _column(kind: str, name: str) -> Column:
    """The column of a name; TokError with what else the name may mean where it is unknown."""
    try:
        if kind == "encoding":
            from tokencli.encoders import column

            return column(name)
        from tokencli.catalog import resolve

        return resolve(name)
    except TokError as problem:
        raise _with_hint(problem, name) from problem


def _with_hint(problem: TokError, name: str) -> TokError:
    """The error with a hint at the other kind of name where it is of that kind, and at the topic that lists all."""
    from tokencli.catalog import resolve
    from tokencli.encoders import canonical

    hint = problem.hint
    try:
        if problem.code == "unknown-encoding":
            hint += f"{'' if hint.endswith('?') else ';'} `tok help encodings` lists them all"
            resolve(name)
            hint = f"it is a model: -m {name}"
        elif problem.code == "unknown-model":
            canonical(name)
            hint = f"it is an encoding: -e {name}"
    except TokError:
        pass
    return TokError(problem.message, hint=hint, code=problem.code, exit=problem.exit)


def _as_typed(wanted: list[tuple[str, str]], order: Sequence[str]) -> list[tuple[str, str]]:
    typed = [kind for kind in order if kind in ("model", "encoding")]
    if sorted(typed) != sorted(kind for kind, _ in wanted):
        return wanted
    queues = {kind: [pair for pair in wanted if pair[0] == kind] for kind in ("model", "encoding")}
    return [queues[kind].pop(0) for kind in typed]
