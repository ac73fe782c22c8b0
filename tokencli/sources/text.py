"""Reads documents: bytes to text, with nothing translated or stripped, and with a word on everything replaced."""

from __future__ import annotations

import codecs
import errno
import os
from collections.abc import Generator, Iterator
from stat import S_ISREG
from typing import TYPE_CHECKING, BinaryIO

from tokencli.errors import TokError
from tokencli.sources import kinds

if TYPE_CHECKING:
    from io import FileIO

    from tokencli.model import Document

BLOCK = 4 << 20
"""Bytes read at a time from a large input."""

WHOLE = 8 << 20
"""Inputs of up to this many bytes are read in one piece."""

NEAR = 4096
"""Bytes or characters in which the first one that is no white space is looked for."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
MARK_BYTES = frozenset(mark[0] for mark, _, _ in MARKS)

Blocks = Generator[bytes, None, None]

FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
WAITLESS = getattr(os, "O_NONBLOCK", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class RefusedError(OSError):
    """A file that is not read for what it is; `strerror` says why."""


class Text:
    """One document that has been read, or is being read.

    `kind` is `text`, `binary` or `image`; for the last two `reason` says how that was seen and there is no text.
    `whole` is the text of an input of at most `WHOLE` bytes, None for a larger one. `chunks()` gives the text of
    both in order; of a large input, once. `bytes` (the size), `warnings` and `digest` (SHA-256 of the bytes, where
    asked for) are complete at once when `whole` is given, else after the last chunk. A large file is open until its
    last chunk, or until nothing refers to the Text and its chunks any more.
    """

    __slots__ = ("_unread", "bytes", "digest", "kind", "reason", "warnings", "whole")

    def __init__(self, kind: str, size: int, *, reason: str = "", whole: str | None = None) -> None:
        self.kind = kind
        self.reason = reason
        self.bytes = size
        self.whole = whole
        self.warnings: tuple[str, ...] = ()
        self.digest: bytes | None = None
        self._unread: tuple[bytes, Blocks, bool] | None = None

    @property
    def first(self) -> str:
        """The first character that is no white space, "" where there is none near the beginning."""
        if self.whole is not None:
            return self.whole[:NEAR].lstrip()[:1]
        data = self._unread[0][:NEAR] if self._unread else b""
        mark, codec, _ = byte_order_mark(data)
        return data[mark:].decode(codec, "ignore").lstrip()[:1]

    def chunks(self) -> Iterator[str]:
        """The text in order, in pieces of about `BLOCK` bytes; joined they are what decoding everything gives."""
        if self._unread is not None:
            unread, self._unread = self._unread, None
            return _decoded(self, *unread)
        return iter((self.whole,) if self.whole else ())


def read(document: Document, *, as_text: bool = False, digest: bool = False) -> Text:
    """The text of a document; TokError (exit 3) when it cannot be read or changes while it is being read.

    With `as_text` nothing is taken for binary. With `digest` the bytes are hashed on the way.
    """
    if document.open is not None:
        content = document.open()
        if isinstance(content, bytes):
            return _small(content, as_text, digest)
        return _large(document, content.read(BLOCK), _of_stream(content), as_text, digest)
    if document.rest is not None:
        return _large(document, document.data or b"", _of_stream(document.rest), as_text, digest)
    if document.data is not None:
        return _small(document.data, as_text, digest)
    if document.file is None:
        raise TokError(f"{document.path}: nothing to read", code="unreadable")
    try:
        # What was named may be a pipe or a device. What was listed as a file has to be one still: a pipe or a link put
        # in its place since would make us wait, or read what lies elsewhere.
        if document.signature is None:
            handle = os.open(document.file, FLAGS)
        else:
            handle = open_regular(document.file, follow=document.named)
    except OSError as error:
        raise unreadable(document.path, error) from None
    try:
        data, complete = _head(handle, document.size)
    except OSError as error:
        os.close(handle)
        raise unreadable(document.path, error) from None
    if complete:
        os.close(handle)
        return _small(data, as_text, digest)
    return _large(document, data, _of_file(os.fdopen(handle, "rb", buffering=0), document.path), as_text, digest)


def signature(status: os.stat_result) -> tuple[int, int, int, int]:
    """By what a Document knows that its file is as it was when it was listed."""
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def read_bytes(document: Document) -> bytes:
    """The bytes of a file that was listed, and is small enough to hold; TokError as `read` raises it."""
    try:
        with open(open_regular(str(document.file), follow=False), "rb") as file:
            return file.read()
    except OSError as error:
        raise unreadable(document.path, error) from None


def open_regular(path: str, *, follow: bool) -> int:
    """A descriptor of a regular file, without waiting; RefusedError for anything else, unless `follow` for a link."""
    try:
        handle = os.open(path, FLAGS | WAITLESS | (0 if follow else NO_LINK))
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK) and not follow:
            raise RefusedError(error.errno, "is no regular file") from None
        raise
    if not S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise RefusedError(errno.EINVAL, "is no regular file")
    return handle


def unreadable(path: str, error: OSError) -> TokError:
    """What to say about a path that the system refuses to open or read."""
    if isinstance(error, RefusedError):
        return TokError(f"{path}: {error.strerror}", hint="it was one when it was listed", code="changed")
    if isinstance(error, FileNotFoundError):
        return TokError(f"{path}: no such file or folder", code="not-found")
    if isinstance(error, IsADirectoryError):
        return TokError(f"{path}: is a folder", code="unreadable")
    if isinstance(error, PermissionError):
        return TokError(f"{path}: permission denied", code="unreadable")
    return TokError(f"{path}: cannot be read ({error.strerror or error})", code="unreadable")


def _head(handle: int, expected: int) -> tuple[bytes, bool]:
    """The first bytes of an open file (all of it when it is small), and whether they are all of it.

    One call where the file has the expected size. A pipe, a terminal or /proc gives less than was asked for at a
    time, so nothing but an empty read is taken for the end there.
    """
    data = os.read(handle, min(expected, WHOLE) + 1)
    if len(data) == expected and expected:
        return data, True
    parts = [data]
    length = len(data)
    while data and length <= WHOLE:
        data = os.read(handle, BLOCK)
        parts.append(data)
        length += len(data)
    return b"".join(parts), not data


def _of_file(file: FileIO, path: str) -> Blocks:
    """The rest of an open file in blocks, after an empty one; TokError if it changed since then; closes it."""
    with file:
        try:
            before = os.fstat(file.fileno())
            yield b""
            while block := file.read(BLOCK):
                yield block
            after = os.fstat(file.fileno())
        except OSError as error:
            raise unreadable(path, error) from None
    if S_ISREG(before.st_mode) and (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise TokError(f"{path}: changed while it was being read", hint="run again when it is complete", code="changed")


def _of_stream(stream: BinaryIO) -> Blocks:
    """As `_of_file`, of a stream that cannot change and that others close."""
    yield b""
    while block := stream.read(BLOCK):
        yield block


def _small(data: bytes, as_text: bool, digest: bool) -> Text:
    """A Text of bytes that are all there."""
    text = _classify(data, as_text, complete=True)
    if digest:
        from hashlib import sha256

        text.digest = sha256(data).digest()
    return text


def _classify(data: bytes, as_text: bool, *, complete: bool) -> Text:
    """The Text of the data. Where the data is only the beginning, `whole` is left empty and only the kind holds."""
    mark, codec, label = byte_order_mark(data)
    if not mark and not as_text:
        head = data[: kinds.HEAD]
        if found := kinds.signature(head):
            return Text(found[0], len(data), reason=found[1])
        nul = 0 in head
        if nul and kinds.many_nul(head):
            return Text("binary", len(data), reason="many NUL bytes")
    else:
        nul = False
    if not complete:
        if nul and not kinds.begins_as_utf8(data):
            return Text("binary", len(data), reason="NUL bytes and invalid UTF-8")
        return Text("text", len(data))
    try:
        whole = data[mark:].decode(codec) if mark else data.decode()
    except UnicodeDecodeError as error:
        if nul:
            return Text("binary", len(data), reason="NUL bytes and invalid UTF-8")
        return _repaired(data, mark, codec, label, error.start)
    text = Text("text", len(data), whole=whole)
    if mark:
        text.warnings = (_mark_note(label),)
    return text


def byte_order_mark(data: bytes) -> tuple[int, str, str]:
    """Length of the byte-order mark, codec and name of the encoding; (0, "utf-8", "UTF-8") without a mark."""
    if data and data[0] in MARK_BYTES:
        for mark, codec, label in MARKS:
            if data.startswith(mark):
                return len(mark), codec, label
    return 0, "utf-8", "UTF-8"


def _mark_note(label: str) -> str:
    return "UTF-8 byte-order mark not counted" if label == "UTF-8" else f"decoded from {label} (byte-order mark)"


def _invalid_note(label: str, offset: int, count: int) -> str:
    places = "1 invalid sequence" if count == 1 else f"{count:,} invalid sequences"
    return f"not {label} (byte {offset}): {places} counted as U+FFFD"


def _repaired(data: bytes, mark: int, codec: str, label: str, start: int) -> Text:
    """A Text of bytes whose first fault is `start` bytes after the mark."""
    body = data[mark:]
    whole = body.decode(codec, "replace")
    # Both handlers step over the same bytes, so the difference is the replaced ones and not those that were there.
    count = whole.count("\ufffd") - body.decode(codec, "ignore").count("\ufffd")
    text = Text("text", len(data), whole=whole)
    notes = (_mark_note(label),) if mark else ()
    text.warnings = (*notes, _invalid_note(label, mark + start, count))
    return text


def _large(document: Document, head: bytes, blocks: Blocks, as_text: bool, digest: bool) -> Text:
    """A Text whose chunks come while the input is read."""
    next(blocks, b"")
    text = _classify(head, as_text, complete=False)
    if text.kind == "text":
        text.bytes = 0
        text._unread = head, blocks, digest
    else:
        text.bytes = max(document.size, len(head))
        blocks.close()
    return text


def _decoded(text: Text, head: bytes, blocks: Blocks, digest: bool) -> Iterator[str]:
    """The decoded text; fills in size, warnings and digest when everything has been read."""
    mark, codec, label = byte_order_mark(head)
    decoder = _Decoder(codec)
    hasher = None
    if digest:
        from hashlib import sha256

        hasher = sha256()
    size = 0
    for block in _chain(head, blocks):
        if hasher:
            hasher.update(block)
        chunk = decoder.decode(block if size else block[mark:])
        size += len(block)
        if chunk:
            yield chunk
    if chunk := decoder.decode(b"", final=True):
        yield chunk
    text.bytes = size
    notes = [_mark_note(label)] if mark else []
    if decoder.first is not None:
        notes.append(_invalid_note(label, mark + decoder.first, decoder.faults))
    text.warnings = tuple(notes)
    text.digest = hasher.digest() if hasher else None


def _chain(head: bytes, blocks: Blocks) -> Iterator[bytes]:
    """The head cut to blocks, then the blocks."""
    for start in range(0, len(head), BLOCK):
        yield head[start : start + BLOCK]
    yield from blocks


class _Decoder:
    """Decodes block by block; strict until the first fault, from there on with replacement.

    `first` is the offset of the first fault in bytes (None without one), `faults` their number so far.
    """

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._strict = codecs.getincrementaldecoder(codec)()
        self._read = 0
        self._replacing: codecs.IncrementalDecoder | None = None
        self._ignoring: codecs.IncrementalDecoder | None = None
        self.first: int | None = None
        self.faults = 0

    def decode(self, block: bytes, final: bool = False) -> str:
        """The next part of the text."""
        if self._replacing is None or self._ignoring is None:
            pending = self._strict.getstate()[0]
            try:
                text = self._strict.decode(block, final)
                self._read += len(block)
                return text
            except UnicodeDecodeError as error:
                self.first = self._read - len(pending) + error.start
                block = pending + block
                self._replacing = codecs.getincrementaldecoder(self._codec)("replace")
                self._ignoring = codecs.getincrementaldecoder(self._codec)("ignore")
        text = self._replacing.decode(block, final)
        self.faults += text.count("\ufffd") - self._ignoring.decode(block, final).count("\ufffd")
        return text
