"""Images and sounds named as files of their own: their counts in every column, and notes on how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from tokencli.errors import TokError
from tokencli.media import HeaderError, from_stream, tokens
from tokencli.model import Column, Count, Document, FileCount, Problem
from tokencli.model.transcript import Media
from tokencli.sources.text import open_regular, unreadable

SHOWN = 5
"""The sizes of so many files are told."""


class MediaCounter:
    """Counts such files in the columns of a report; `notes` tells what they were counted by."""

    def __init__(self, columns: Sequence[Column], detail: str | None) -> None:
        self._columns = columns
        self._detail = detail
        self._made: dict[str, None] = {}
        self._sizes: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """The sizes that were read, and once for each column the formula, its source and its date."""
        if not self._sizes:
            return ()
        more = f" and {len(self._sizes) - SHOWN:,} more" if len(self._sizes) > SHOWN else ""
        return (f"{'; '.join(self._sizes[:SHOWN])}{more}", *self._made)

    def count(self, document: Document) -> FileCount | Problem:
        """The counts of a file in all columns, each with the column as it was made; a Problem where one has none."""
        path = document.path
        nameless = next((column for column in self._columns if column.model is None), None)
        if nameless is not None:
            message = f"{path}: which model? what an image or a sound costs depends on it, not on an encoding"
            return Problem("which-model", message, "add -m MODEL; --as text counts its bytes as text")
        try:
            media = _look(document)
        except HeaderError as error:
            return Problem("media-header", f"{path}: {error}", "--as text counts its bytes as text")
        except TokError as error:
            return Problem(error.code, error.message, error.hint)
        counts: list[Count] = []
        columns: list[Column] = []
        notes: list[str] = []
        for column in self._columns:
            number, method, name, note = tokens(column, media, detail=self._detail)
            if number is None or method is None:
                return Problem("no-media-rule", f"{path}: {note}", _hint(note))
            counts.append(number)
            columns.append(replace(column, encoding=name, method=method, proxy=None))
            notes.append(note)
        self._made.update(dict.fromkeys(notes))
        self._sizes.append(f"{path}: {_shown(media)}")
        return FileCount(path, media.kind, document.size, tuple(counts), columns=tuple(columns))


def _look(document: Document) -> Media:
    """What a file's header says; TokError where it cannot be read."""
    if document.data is not None:
        return from_stream(BytesIO(document.data), None if document.rest else document.size, source="path")
    if document.file is None or document.signature is None:
        raise HeaderError("of a pipe no image or sound is read, only of a file or standard input")
    try:
        with open(open_regular(document.file, follow=document.named), "rb") as stream:
            return from_stream(stream, document.size, source="path")
    except OSError as error:
        raise unreadable(document.path, error) from None


def _shown(media: Media) -> str:
    if media.kind == "image":
        return f"{media.mime}, {media.width:,} x {media.height:,} pixels"
    return f"{media.mime}, {media.seconds:,.3f} seconds"


def _hint(note: str) -> str:
    if "no resolution" in note:
        return "choose another --detail, or none"
    return "leave that model out, or the file" if "is not known for" in note else ""
