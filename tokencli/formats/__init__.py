"""Output formats, one file each: `render(report, view, write)` turns a report into text.

`load` finds a format by name; a new format is a new file here and a name in the command table.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from tokencli.formats.view import View
from tokencli.model import CountReport

Write = Callable[[str], object]
Render = Callable[[CountReport, View, Write], None]


def load(name: str) -> Render:
    """The render function of a format; imports only that format."""
    return cast(Render, import_module(f"tokencli.formats.{name}").render)
