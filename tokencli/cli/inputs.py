"""From what was typed to documents: paths, a list of paths, standard input, or the current folder."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, BinaryIO

from tokencli.errors import ExitCode, TokError

if TYPE_CHECKING:
    from tokencli.cli.anchors import Patterns
    from tokencli.model import Document
    from tokencli.sources import Found


def find(
    inputs: Sequence[str], files_from: str | None, *, null: bool = False, include: Patterns, exclude: Patterns
) -> Found:
    """The documents of the inputs; with none, of piped standard input, else of the current folder.

    The names in the list `files_from` end in newlines or, with `null`, in NUL bytes.
    """
    from tokencli import sources

    if not inputs and files_from is None:
        inputs = ("-",) if piped(sys.stdin) else (".",)
    cwd = os.getcwd()
    groups = _groups(inputs, files_from, cwd, include, exclude)
    found = [
        sources.find(names, cwd=cwd, include=taken, exclude=left_out, files_from=listed, null=null, stdin=open_stdin)
        for names, listed, taken, left_out in groups
    ]
    return found[0] if len(found) == 1 else _merged(found)


Wanted = tuple[list[str], str | None, tuple[str, ...], tuple[str, ...]]
"""Inputs and a list of files that are found with the same patterns, those to include and those to exclude."""


def _groups(
    inputs: Sequence[str], files_from: str | None, cwd: str, include: Patterns, exclude: Patterns
) -> list[Wanted]:
    """The inputs in their order, together as long as their walks take the same patterns."""
    if not (include.folder and include.patterns) and not (exclude.folder and exclude.patterns):
        return [(list(inputs), files_from, include.patterns, exclude.patterns)]
    if files_from == "-" and "-" in inputs:
        raise TokError("standard input is wanted twice", code="stdin", exit=ExitCode.USAGE)
    from tokencli.cli.anchors import exclude_below, include_below, split_globs, walk_root

    groups: list[Wanted] = []
    known: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for name in (*split_globs(inputs, cwd), None):
        if name is None and files_from is None:
            break
        root = os.path.realpath(cwd) if name is None else walk_root(name, cwd)
        if root not in known:
            known[root] = include_below(include, root), exclude_below(exclude, root)
        patterns = known[root]
        if not groups or groups[-1][2:] != patterns:
            groups.append(([], None, *patterns))
        if name is None:
            names, _, *_ = groups.pop()
            groups.append((names, files_from, *patterns))
        else:
            groups[-1][0].append(name)
    return groups


def _merged(parts: Sequence[Found]) -> Found:
    """What was found in several goes as one, each file once; one that was named stays or becomes named."""
    from tokencli.model import Skipped
    from tokencli.sources import Found, same

    places: dict[tuple[int, str], int] = {}
    documents: list[Document] = []
    skipped: list[Skipped] = []
    for part in parts:
        skipped += part.skipped
        for document in part.documents:
            at = places.setdefault(same(document), len(documents))
            if at == len(documents):
                documents.append(document)
                continue
            if document.named and not documents[at].named:
                documents[at] = document
            skipped.append(Skipped(document.path, "counted-already"))
    problems = tuple(problem for part in parts for problem in part.problems)
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    return Found(tuple(documents), tuple(skipped), problems, notes)


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
