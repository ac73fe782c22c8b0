"""Completion scripts, one file per shell: `script(root)` writes one from the description of the command line.

The scripts are static: no Python starts when Tab is pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tokencli.cli.commands import COMMANDS, Stub

Value = Literal["flag", "file", "folder", "word", "encoding", "model", "choice"]

SHELLS = ("bash", "zsh", "fish", "powershell")

FILE_METAVARS = ("FILE", "[FILE]", "PATH", "[PATH]...", "[BASE[...HEAD]] [PATH]...")


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its names as typed, help, what its value is, and the words where that is a choice."""

    names: tuple[str, ...]
    help: str
    value: Value
    choices: tuple[str, ...] = ()
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """A command: its path of words below `tok`, help, options, sub commands, and what its arguments are."""

    path: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    children: tuple[Described, ...]
    argument: Value
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else "tok"


@dataclass(frozen=True, slots=True)
class Words:
    """The names that `-e` and `-m` take."""

    encodings: tuple[str, ...]
    models: tuple[str, ...]


def script(shell: str) -> str:
    """The completion script of a shell of `SHELLS`."""
    from importlib import import_module

    return str(import_module(f"tokencli.cli.shells.{shell}").script(describe(), words()))


def describe() -> Described:
    """The whole command line, read from the command table and the parameters of each command."""
    from tokencli.cli.app import root

    children = tuple(_describe(stub, ()) for stub in COMMANDS)
    return Described((), "", _options(root()), children, "word")


def words() -> Words:
    """The encodings and models of this version."""
    from tokencli.catalog import models
    from tokencli.encoders import names

    return Words(tuple(names()), tuple(model.id for model in models()))


def every(command: Described) -> list[Described]:
    """The command and all below it, parents first."""
    return [command, *(below for child in command.children for below in every(child))]


def _describe(stub: Stub, above: tuple[str, ...]) -> Described:
    from tokencli.cli.app import build

    path = (*above, stub.name)
    command = build(stub, " ".join(("tok", *above)))
    children = tuple(_describe(child, path) for child in stub.children)
    argument, choices = _argument(stub, command)
    return Described(path, stub.help, _options(command), children, argument, choices)


def _argument(stub: Stub, command: Any) -> tuple[Value, tuple[str, ...]]:
    if stub.name == "help":
        from tokencli.cli.help import topics

        return "choice", tuple(dict.fromkeys((*(command.name for command in COMMANDS), *topics())))
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    for param in arguments:
        choices = tuple(getattr(param.type, "choices", ()))
        if choices:
            return "choice", choices
        if param.metavar in FILE_METAVARS:
            return "file", ()
    return "word", ()


def _options(command: Any) -> tuple[Option, ...]:
    found = [_option(param) for param in command.params if param.param_type_name == "option" and not param.hidden]
    return (*found, Option(("-h", "--help"), "Show help and exit.", "flag"))


def _option(param: Any) -> Option:
    names = (*param.opts, *param.secondary_opts)
    help_text = param.help or ""
    if param.is_flag:
        return Option(names, help_text, "flag")
    choices = tuple(map(str, getattr(param.type, "choices", ())))
    if not choices and "|" in (param.metavar or ""):
        choices = tuple(param.metavar.split("|"))
    kinds: dict[str | None, Value] = {"FILE": "file", "DIR": "folder", "ENCODING": "encoding", "MODEL": "model"}
    value: Value = "choice" if choices else kinds.get(param.metavar, "word")
    return Option(names, help_text, value, choices, bool(param.multiple))
