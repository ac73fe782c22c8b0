"""From what was typed to documents: paths, a list of paths, standard input, or the current folder."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, BinaryIO

from tokencli.errors import TokError

if TYPE_CHECKING:
    from tokencli.sources import Found


def find(inputs: Sequence[str], files_from: str | None, *, include: Sequence[str], exclude: Sequence[str]) -> Found:
    """The documents of the inputs; with none, of piped standard input, else of the current folder."""
    from tokencli import sources

    if not inputs and files_from is None:
        inputs = ("-",) if piped(sys.stdin) else (".",)
    return sources.find(
        inputs, cwd=os.getcwd(), include=include, exclude=exclude, files_from=files_from, stdin=open_stdin
    )


def piped(stream: IO[str] | None) -> bool:
    """Whether standard input brings data: a pipe, a file or a socket, but no terminal and no null device."""
    if stream is None:
        return False
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):
        return hasattr(stream, "buffer")
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def open_stdin() -> BinaryIO:
    """Standard input as bytes; TokError where the program was started without one."""
    if sys.stdin is None:
        raise TokError("standard input is closed", hint="name a file", code="stdin")
    return sys.stdin.buffer
