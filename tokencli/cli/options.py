"""The options every command accepts, before or after its name, and the state they fill."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperOption

from tokencli.errors import ExitCode, TokError

if TYPE_CHECKING:
    from datetime import date

    from tokencli.cache import Cache
    from tokencli.config import File, Value
    from tokencli.rates import Cards


class State:
    """What the common options said, shared by the group, the command and the error handler.

    `command` is the command's path of names, `formats` what its `--format` takes, `order` the names of the options
    in the order they were typed, `json_errors` whether settings ask for JSON.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.environ = environ
        self.command = ""
        self.formats: tuple[str, ...] = ()
        self.config: str | None = None
        self.no_config = False
        self.format: str | None = None
        self.color: str | None = None
        self.debug = environ.get("TOK_DEBUG", "").lower() in ("1", "true", "yes", "on")
        self.json_errors = False
        self.order: tuple[str, ...] = ()
        self._files: Sequence[File] | None = None

    def settings(self, flags: Mapping[str, object] | None = None, *, any_format: bool = False) -> dict[str, Value]:
        """Every setting with its value and origin, the options of the command first.

        A `format` that is set for all commands and that this one does not offer is its default, unless `any_format`.
        """
        from tokencli import config, encoders

        encoders.look_in(lambda: config.tokenizers_folder(self.environ))
        self._check_format()
        formats = () if any_format else self.formats
        given = dict(flags or {})
        given.update({"format": self.format, "color": self.color, "debug": self.debug or None})
        values = config.load(given, self.environ, os.getcwd(), formats=formats, read=self.settings_files())
        self.debug = bool(values["debug"].value)
        self.json_errors = values["format"].value == "json"
        return values

    def settings_files(self) -> Sequence[File]:
        """The settings files that apply, nearest first, read once."""
        if self._files is None:
            from tokencli import config

            self._files = config.files(self.environ, os.getcwd(), config_file=self.config, no_config=self.no_config)
        return self._files

    def open_cache(self, fingerprints: Sequence[str]) -> Cache:
        """The user's cache, opened when there is enough to count, so that a small count loads no database."""
        import time

        from tokencli.cache import Cache
        from tokencli.config import cache_file

        return Cache(cache_file(self.environ), fingerprints, now=time.time_ns())

    def cards(self, ratecards: Sequence[str] = (), providers: Sequence[str] = ()) -> Cards:
        """The rate cards: those named by options, of the project, of the user and of the package, first the topmost.

        `providers` are those preferred where several sell a model (the setting). A project's folder that is the
        package's own is not a layer of its own.
        """
        from tokencli.config import cache_file, ratecards_folders
        from tokencli.rates import open_cards
        from tokencli.rates.folders import shipped

        bundled = shipped()
        found = [place for place in ratecards_folders(self.environ, os.getcwd()) if not _same(place, bundled)]
        kept = os.path.join(os.path.dirname(cache_file(self.environ)), "ratecards")
        return open_cards(bundled, found, kept, providers, ratecards)

    def shipped_cards(self, providers: Sequence[str] = ()) -> Cards:
        """The rate cards of the package alone, which are the same for everybody."""
        from tokencli.config import cache_file
        from tokencli.rates import open_cards
        from tokencli.rates.folders import shipped

        kept = os.path.join(os.path.dirname(cache_file(self.environ)), "ratecards")
        return open_cards(shipped(), (), kept, providers)

    def _check_format(self) -> None:
        """TokError (usage) for a `--format` that the command does not offer."""
        if self.format is None or not self.formats or self.format in ("auto", *self.formats):
            return
        from tokencli.cli.commands import nearest

        guess = nearest(self.format, self.formats)
        hint = f"did you mean {guess!r}?" if guess else f"see tok {self.command} --help"
        message = f"--format: {self.format!r} is not one of {', '.join(self.formats)}"
        raise TokError(message, hint=hint, code="usage", exit=ExitCode.USAGE)


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def today() -> date:
    """The day by which what expires is judged: UTC, the same on every machine."""
    import datetime

    return datetime.datetime.now(datetime.UTC).date()


class Command(TyperCommand):
    """A command that accepts the common options and remembers the order of repeated ones."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
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


def _format(ctx: Any, param: Any, value: Any) -> None:
    """Take `--format` or `--json` (a flag); the two may not say different things."""
    state = ctx.find_object(State)
    if state is None or value in (None, False):
        return
    wanted = "json" if value is True else str(value)
    if state.format not in (None, wanted):
        message = f"--format {state.format} and --format {wanted} exclude each other"
        raise TokError(message, hint="keep one; --json is --format json", code="usage", exit=ExitCode.USAGE)
    state.format = wanted


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
    return [
        _option("--format", "Output format.", _format, choices),
        _option("--json", "Same as --format json.", _format),
        _option("--color", "Colour in the output.", _store("color"), "auto|always|never"),
        _option("-C", "Run as if started in DIR.", _folder, "DIR"),
        _option("--config", "Read settings from FILE instead of looking for them.", _store("config"), "FILE"),
        _option("--no-config", "Read no settings file.", _store("no_config")),
        _option("--debug", "Show the traceback of an error.", _store("debug")),
    ]


def _option(name: str, help_text: str, callback: Callable[[Any, Any, Any], None], metavar: str = "") -> TyperOption:
    """An option that fills the state: a flag where it has no `metavar`."""
    return TyperOption(
        param_decls=["common" + name.lstrip("-").replace("-", "_"), name],
        type=str if metavar else None,
        is_flag=not metavar,
        metavar=metavar or None,
        help=help_text,
        callback=callback,
        expose_value=False,
        is_eager=name == "-C",
    )
