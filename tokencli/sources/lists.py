"""Lists of file names, as `git ls-files`, `find` and PowerShell write them."""

from __future__ import annotations

import os

from tokencli.errors import ExitCode, TokError
from tokencli.model import Problem
from tokencli.sources.text import byte_order_mark


def names(data: bytes, source: str, *, null: bool) -> tuple[list[str], list[Problem]]:
    """The names in a list, one a line or, with `null`, between NUL bytes; and the lines that are no names.

    A byte-order mark says how the list is encoded; without one it is bytes, as file names are. TokError for NUL bytes
    that were not announced, and for a list that breaks its encoding.
    """
    mark, codec, label = byte_order_mark(data)
    data = data[mark:]
    if codec != "utf-8":
        try:
            data = data.decode(codec).encode("utf-8")
        except UnicodeDecodeError as error:
            raise TokError(f"{source}: not {label} (byte {mark + error.start})", code="unreadable") from None
    if null:
        entries = data.split(b"\0")
    elif b"\0" in data:
        message = f"{source}: the list holds NUL bytes"
        raise TokError(message, hint="add -0 for names between NUL bytes", code="usage", exit=ExitCode.USAGE)
    else:
        entries = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    found, problems = [], []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(os.fsdecode(entry))
        except UnicodeDecodeError:
            # Only on Windows, where names are text.
            what = f"{source}: name {number} is not UTF-8: {entry.decode('utf-8', 'backslashreplace')}"
            problems.append(Problem("not-found", what, "write the list as UTF-8 or UTF-16"))
    return [name for name in found if name], problems
