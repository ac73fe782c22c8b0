"""What a format needs to know about the place it writes to."""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """`width` is the terminal's in columns, None where nothing may be cut; `unicode` says that the stream
    can encode more than ASCII; `exit_code` is the one the command is about to end with."""

    width: int | None = None
    color: bool = False
    unicode: bool = True
    show_skipped: bool = False
    exit_code: int = 0
