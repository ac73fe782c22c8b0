"""The options every command accepts, before or after its name, and the state they fill."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperOption

from tokencli.errors import ExitCode, TokError

if TYPE_CHECKING:
    from tokencli.config import Value


@dataclass
class State:
    """What the common options said, shared by the group, the command and the error handler."""

    command: str = ""
    formats: tuple[str, ...] = ()
    config: str | None = None
    no_config: bool = False
    format: str | None = None
    color: str | None = None
    debug: bool = False
    order: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def settings(self, flags: Mapping[str, object] | None = None) -> dict[str, Value]:
        """Every setting with its value and origin, the options of the command first."""
        from tokencli import config

        given = dict(flags or {})
        given.update({"format": self.format, "color": self.color, "debug": self.debug or None})
        return config.load(
            given, self.environ, os.getcwd(), config_file=self.config, no_config=self.no_config, formats=self.formats
        )


class Command(TyperCommand):
    """A command that accepts the common options and remembers the order of repeated ones."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        state = ctx.find_object(State)
        if state is not None and any(arg.startswith("-") for arg in args):
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            state.order = tuple(param.name for param in order if param.name)
        return super().parse_args(ctx, args)


def _store(name: str) -> Callable[[Any, Any, Any], None]:
    def callback(ctx: Any, param: Any, value: Any) -> None:
        state = ctx.find_object(State)
        if state is not None and value not in (None, False):
            setattr(state, name, value)

    return callback


def _json(ctx: Any, param: Any, value: bool) -> None:
    state = ctx.find_object(State)
    if state is None or not value:
        return
    if state.format not in (None, "json"):
        raise TokError(
            f"--json and --format {state.format} exclude each other", code="usage", exit=ExitCode.USAGE, hint="keep one"
        )
    state.format = "json"


def _folder(ctx: Any, param: Any, value: str | None) -> None:
    if value is None or ctx.resilient_parsing:
        return
    try:
        os.chdir(value)
    except OSError as problem:
        raise TokError(
            f"-C {value}: {problem.strerror}", code="bad-folder", exit=ExitCode.USAGE, hint="name a folder that exists"
        ) from problem


def common_options(formats: Sequence[str] = ()) -> list[TyperOption]:
    """New parameters for the common options; `formats` are what `--format` takes here."""
    choices = "|".join(formats) if formats else "FORMAT"
    hide = {"expose_value": False}
    return [
        TyperOption(
            param_decls=["tok_format", "--format"],
            type=str,
            metavar=choices,
            help="Output format.",
            callback=_store("format"),
            **hide,
        ),
        TyperOption(param_decls=["tok_json", "--json"], is_flag=True, help="Same as --format json.", callback=_json, **hide),
        TyperOption(
            param_decls=["tok_color", "--color"],
            type=str,
            metavar="auto|always|never",
            help="Colour in the output.",
            callback=_store("color"),
            **hide,
        ),
        TyperOption(
            param_decls=["tok_folder", "-C"],
            type=str,
            metavar="DIR",
            is_eager=True,
            help="Run as if started in DIR.",
            callback=_folder,
            **hide,
        ),
        TyperOption(
            param_decls=["tok_config", "--config"],
            type=str,
            metavar="FILE",
            help="Read settings from FILE instead of looking for them.",
            callback=_store("config"),
            **hide,
        ),
        TyperOption(
            param_decls=["tok_no_config", "--no-config"],
            is_flag=True,
            help="Read no settings file.",
            callback=_store("no_config"),
            **hide,
        ),
        TyperOption(
            param_decls=["tok_debug", "--debug"],
            is_flag=True,
            help="Show the traceback of an error.",
            callback=_store("debug"),
            **hide,
        ),
    ]
