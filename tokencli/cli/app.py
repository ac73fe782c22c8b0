"""The lazy command line: help and suggestions come from the table, a command's module is imported when it runs."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup, TyperOption

from tokencli import __version__
from tokencli.cli.commands import COMMANDS, Stub, help_text, nearest
from tokencli.cli.options import Command, State, common_options
from tokencli.errors import ExitCode, TokError

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class LazyGroup(TyperGroup):
    """A group that knows its commands as stubs and builds one only when it is asked for."""

    def __init__(self, stubs: tuple[Stub, ...], path: str, **attributes: Any) -> None:
        super().__init__(rich_markup_mode=None, context_settings=dict(HELP_OPTIONS), **attributes)
        self.stubs = {stub.name: stub for stub in stubs}
        self.path = path

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.stubs)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        stub = self.stubs.get(cmd_name)
        return None if stub is None else build(stub, self.path)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        stub = self.stubs.get(args[0])
        if stub is None:
            guess = nearest(args[0], tuple(self.stubs))
            hint = f"did you mean `{self.path} {guess}`?" if guess else f"see {self.path} --help"
            if os.path.exists(args[0]):
                hint = f"did you mean `tok count {args[0]}`?"
            raise TokError(f"no such command: {args[0]!r}", hint=hint, code="no-such-command", exit=ExitCode.USAGE)
        state = ctx.find_object(State)
        if state is not None:
            state.command = f"{self.path} {stub.name}".removeprefix("tok ")
            state.formats = stub.formats
        return stub.name, build(stub, self.path), args[1:]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(stub.name, stub.help) for stub in self.stubs.values()])


class RootGroup(LazyGroup):
    """`tok` itself, whose help is the page made from the table."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text())


def build(stub: Stub, path: str) -> Any:
    """The command or the group of a stub; imports the command's module."""
    if stub.children:
        return LazyGroup(
            stub.children, f"{path} {stub.name}", name=stub.name, help=stub.help + ".", params=common_options()
        )
    module, _, function = stub.target.partition(":")
    run = getattr(import_module(f"tokencli.cli.{module}"), function)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(stub.name, cls=Command, context_settings=dict(HELP_OPTIONS))(run)
    command = typer.main.get_command(app)
    command.params.extend(common_options(stub.formats))
    return command


def _version(ctx: Any, param: Any, value: bool) -> None:
    if value:
        from tokencli.cli.output import write_text

        write_text(f"tok {__version__}\n")
        raise typer.Exit()


def root() -> RootGroup:
    """The whole command line as one group."""
    version = TyperOption(
        param_decls=["tok_version", "--version", "-V"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_version,
        help="Print the version and exit.",
    )
    return RootGroup(COMMANDS, "tok", name="tok", params=[version, *common_options()])


def run(arguments: list[str], state: State) -> int:
    """Run the command the arguments name; returns its exit code, raises what went wrong."""
    try:
        with root().make_context("tok", list(arguments), obj=state) as ctx:
            result = ctx.command.invoke(ctx)
    except typer.Exit as ending:
        return ending.exit_code
    return result if isinstance(result, int) else 0
