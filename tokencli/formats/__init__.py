"""Output formats: a folder for each command, in it one file for each format, and here what they share.

A format is `render(report, view, write)`, which turns a report into text; `load` finds it. A folder's `notes` are the
lines for standard error. A new format is a new file in the command's folder and a name in the command table.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple, cast

Write = Callable[[str], object]


class View(NamedTuple):
    """What a format needs to know about the place it writes to.

    `width` is the terminal's in columns, None where nothing may be cut; `unicode` says that the stream
    can encode more than ASCII; `exit_code` is the one the command is about to end with.
    """

    width: int | None = None
    color: bool = False
    unicode: bool = True
    show_skipped: bool = False
    exit_code: int = 0


Render = Callable[[Any, View, Write], None]
"""Takes the report of its command."""


def load(command: str, name: str) -> Render:
    """The render function of a command's format; imports only that format."""
    return cast(Render, import_module(f"tokencli.formats.{command}.{name}").render)
