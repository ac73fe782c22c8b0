"""`tok config`: what the settings are and where they came from."""

from __future__ import annotations

import sys

import typer

from tokencli import config
from tokencli.cli.options import State
from tokencli.cli.output import look, write_envelope, write_text
from tokencli.formats.wording import DIM, paint, printable


def show(context: typer.Context) -> int:
    """Print every setting, its value and where it came from, and the files that were read."""
    state = context.find_object(State) or State()
    values = state.settings(any_format=True)
    read = state.settings_files()
    if values["format"].value == "json" and values["format"].rank == 0:
        settings = [
            {
                "name": name,
                "value": list(value.value) if isinstance(value.value, tuple) else value.value,
                "origin": value.origin,
                "help": value.setting.help,
            }
            for name, value in values.items()
        ]
        found = [{"path": file.path, "scope": file.scope} for file in read]
        data = {"settings": settings, "files": found, "user_file": config.user_file(state.environ)}
        write_envelope("config show", data, 0)
        return 0
    color = look(sys.stdout, state.environ, values["color"].value).color
    rows = [(name, literal(value.value), value.origin) for name, value in values.items()]
    wide, long = (max(len(row[at]) for row in rows) for at in (0, 1))
    lines = [
        f"{name:<{wide}}  {printable(value):<{long}}  {paint(printable(origin), DIM, color)}"
        for name, value, origin in rows
    ]
    lines.append("")
    lines += [f"read {printable(file.path)} ({file.scope})" for file in read] or ["no settings file was read"]
    user = config.user_file(state.environ)
    if not any(file.path == user for file in read):
        lines.append(f"the user's file would be {printable(user)}")
    write_text("\n".join(lines) + "\n")
    return 0


def literal(value: object) -> str:
    """A value as TOML would write it; `-` for one that is not set."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
