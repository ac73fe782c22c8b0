"""One text for the commands that take one: a file, standard input, or the text itself."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tokencli.cli.output import complain, is_terminal
from tokencli.errors import TokError, usage_error
from tokencli.formats.wording import printable

if TYPE_CHECKING:
    from tokencli.model import Document


def read_text(source: str | None, literal: str | None, *, as_text: bool = False) -> str:
    """The text to work on; warnings of the reader go to standard error. TokError where there is none."""
    if literal is not None:
        if source is not None:
            raise usage_error(f"--text and {source} exclude each other", "give one text")
        return literal_text(literal, "--text")
    from tokencli.model import Document

    if source is None or source == "-":
        data = read_stdin(explicit=source == "-")
        document = Document("-", len(data), data=data, named=True)
    else:
        try:
            document = Document(source, os.stat(source).st_size, file=source, named=True)
        except OSError as problem:
            reason = "the link leads nowhere" if os.path.islink(source) else problem.strerror
            raise TokError(f"{source}: {reason}", hint="check the path", code="not-found") from problem
    return _content(document, as_text=as_text)


def literal_text(text: str, option: str) -> str:
    """The text of an option; bytes of it that are no text become U+FFFD with a warning, as in a file."""
    try:
        text.encode()
    except UnicodeEncodeError:
        from tokencli.model import Document

        data = os.fsencode(text)
        return _content(Document(option, len(data), data=data, named=True), as_text=True)
    return text


def _content(document: Document, *, as_text: bool) -> str:
    from tokencli.sources.text import read

    text = read(document, as_text=as_text)
    if text.kind != "text":
        raise TokError(f"{document.path}: no text ({text.reason})", hint="--as text reads it as text", code=text.kind)
    content = "".join(text.chunks())
    complain(*(f"warning: {printable(document.path)}: {printable(warning)}" for warning in text.warnings))
    return content


def read_stdin(*, explicit: bool) -> bytes:
    """All bytes of standard input; TokError (usage) where that would wait for someone to type unasked."""
    if sys.stdin is None:
        raise TokError("standard input is closed", hint="name a file", code="unreadable")
    if not explicit and is_terminal(sys.stdin):
        raise usage_error("nothing to read", "name a file, pipe text in, or use --text TEXT")
    try:
        return sys.stdin.buffer.read()
    except OSError as problem:
        raise TokError(f"standard input: {problem.strerror}", code="unreadable") from problem
