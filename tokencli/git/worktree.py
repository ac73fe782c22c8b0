"""Files of the working tree as `git add` would take them, without running anything that would change them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tokencli.errors import TokError
from tokencli.git.program import split
from tokencli.git.revisions import Repository

ASKED = ("text", "eol", "filter")


class Attributes(NamedTuple):
    """What .gitattributes and core.autocrlf say of one file: whether line ends become LF (`always`, only in a file
    that has none but LF in the repository, or `never`), and the name of its filter ("" without one)."""

    line_ends: str
    filter: str


def attributes(repo: Repository, paths: Iterable[str]) -> dict[str, Attributes]:
    """The attributes of files of the working tree."""
    names = list(paths)
    data = b"".join(os.fsencode(name) + b"\0" for name in names)
    fields = split(repo.git("check-attr", "-z", "--stdin", *ASKED, data=data))
    values = {(fields[at], fields[at + 1]): fields[at + 2] for at in range(0, len(fields), 3)}
    converts = _autocrlf(repo)
    return {name: _attributes([values[name, asked] for asked in ASKED], converts) for name in names}


def _autocrlf(repo: Repository) -> bool:
    try:
        return repo.git("config", "--get", "core.autocrlf").strip() in (b"true", b"input")
    except TokError:
        # Git ends with 1 where it is not set.
        return False


def _attributes(values: Sequence[str], converts: bool) -> Attributes:
    text, eol, named = values
    named = "" if named in ("unspecified", "unset", "set") else named
    if text == "unset":
        return Attributes("never", named)
    if text == "set" or (eol in ("lf", "crlf") and text != "auto"):
        return Attributes("always", named)
    return Attributes("clean" if text == "auto" or converts else "never", named)


def added(data: bytes, rules: Attributes, before: bytes | None) -> bytes:
    """The bytes that `git add` would store for a text file, `before` being those stored now.

    A file that was stored with CRLF keeps them unless its attributes say otherwise (gitattributes(5), `text`).
    """
    if rules.line_ends == "never" or b"\r\n" not in data:
        return data
    if rules.line_ends == "clean" and (b"\0" in data[:8000] or (before is not None and b"\r\n" in before)):
        return data
    return data.replace(b"\r\n", b"\n")
