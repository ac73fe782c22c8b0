"""Counts by content, kept in SQLite: what was counted once is not read again until its bytes or the rules change.

Two levels: a file's path and stat -> its content; a content and a fingerprint of how it is counted -> the count. The
cache may always be lost: what goes wrong with it is a note, never an error, and a corrupt one is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from tokencli.cache import store
from tokencli.cache.store import Info, clear, info
from tokencli.model import Count, Document

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Cache", "Entry", "Info", "clear", "info"]

Signature = tuple[int, int, int, int]
"""mtime in nanoseconds, size, inode, ctime in nanoseconds."""

RACY = 2_000_000_000
"""A file changed so few nanoseconds before the run may change again without its stat showing it (git's rule)."""

DAY = 86_400_000_000_000
REFRESH = 7
"""A use is written down when the last one written is so many days old, so that most runs write nothing."""

MAX_FINGERPRINTS = 60
"""SQLite joins at most 64 tables; a run with more fingerprints goes without the cache."""

BATCH = 500
"""Values in one query; the smallest limit among the SQLites in use is 999."""

INODE = (1 << 63) - 1
"""Inodes are kept to 63 bits, as SQLite's integers are signed and some file systems use more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of one content: its kind and size, the count of each fingerprint in the order asked for,
    and its notes (the warnings of a text, the reason of a binary)."""

    kind: str
    bytes: int
    counts: tuple[Count, ...]
    notes: tuple[str, ...] = ()


class Cache:
    """An open cache for one run with one list of fingerprints; `notes` says what went wrong, if anything.

    `now` is the start of the run in nanoseconds. Nothing is written before `close`, then in one transaction.
    """

    def __init__(self, path: str, fingerprints: Sequence[str], *, now: int) -> None:
        self.path = os.path.abspath(path)
        self.notes: list[str] = []
        self._fingerprints = tuple(fingerprints)
        self._now = now
        self._today = now // DAY
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._ids: tuple[int, ...] = ()
        self._usable = 0 < len(self._fingerprints) <= MAX_FINGERPRINTS
        self._new: dict[bytes, Entry] = {}
        self._files: dict[bytes, tuple[Signature, bytes]] = {}
        self._stale: dict[bytes, int] = {}
        if self._usable and os.path.exists(self.path):
            with self._guarded("used"):
                self._ids = store.ids_of(self._connect(store.READ_WAIT), self._fingerprints)

    def lookup(self, documents: Sequence[Document]) -> list[Entry | None]:
        """For each document what is remembered of the file as it was listed; None where it has to be read."""
        found: list[Entry | None] = [None] * len(documents)
        if self._connection is None or not self._ids:
            return found
        places: dict[bytes, int] = {}
        for place, document in enumerate(documents):
            if document.file is not None and document.signature is not None:
                places[_key(document.file)] = place
            elif document.blob:
                places[_blob_key(document.blob)] = place
        with self._guarded("used"):
            oldest = self._today - REFRESH
            for row in self._rows(places):
                known = places.get(row[0])
                if known is None:
                    continue
                signature, stat = documents[known].signature or (0, documents[known].size, 0, 0), row[1:5]
                if signature == stat or _stored(signature) == stat:
                    found[known] = _entry(row[7:])
                    if row[6] <= oldest:
                        self._stale[row[0]] = row[5]
        return found if self._connection is not None else [None] * len(documents)

    def by_content(self, digest: bytes) -> Entry | None:
        """What is remembered of bytes with this SHA-256; None where they have to be counted."""
        known = self._new.get(digest)
        if known is not None or self._connection is None or not self._ids:
            return known
        with self._guarded("used"):
            statement = f"SELECT {self._columns()} FROM contents c {self._joins('c.id')} WHERE c.digest = ?"
            for row in self._connection.execute(statement, (*self._ids, digest)):
                return _entry(row)
        return None

    def put(self, document: Document, digest: bytes, entry: Entry) -> None:
        """Remember a document that was read: the bytes with this SHA-256, counted for each fingerprint."""
        self._new[digest] = entry
        signature = document.signature
        if document.blob:
            self._files[_blob_key(document.blob)] = ((0, entry.bytes, 0, 0), digest)
        elif document.file is None or signature is None or signature[1] != entry.bytes:
            return
        elif max(signature[0], signature[3]) <= self._now - RACY:
            self._files[_key(document.file)] = (_stored(signature), digest)

    def close(self) -> None:
        """Write what is new."""
        if self._usable and (self._new or self._stale):
            with self._guarded("updated"):
                self._write()
        self._disconnect()

    def _columns(self) -> str:
        counts = (f"n{number}.{name}" for number in range(len(self._ids)) for name in ("tokens", "low", "high"))
        return ", ".join(("n0.kind", "n0.bytes", "n0.notes", *counts))

    def _joins(self, content: str) -> str:
        return " ".join(
            f"CROSS JOIN counts n{number} ON n{number}.content = {content} AND n{number}.fingerprint = ?"
            for number in range(len(self._ids))
        )

    def _rows(self, places: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        """The rows of the paths, and maybe of others: a file's row, then what `_entry` takes.

        Reading everything between the first path and the last takes half the time of asking for each path, unless
        much else lies there.
        """
        if self._connection is None:
            return
        paths = list(places)
        statement = (
            f"SELECT f.path, f.mtime, f.size, f.inode, f.ctime, f.content, f.used, {self._columns()}"
            f" FROM files f {self._joins('f.content')} WHERE f.path"
        )
        if len(paths) > BATCH:
            first, last = min(paths), max(paths)
            between = "SELECT count(*) FROM (SELECT 1 FROM files WHERE path BETWEEN ? AND ? LIMIT ?)"
            limit = 3 * len(paths)
            if self._connection.execute(between, (first, last, limit)).fetchone()[0] < limit:
                yield from self._connection.execute(f"{statement} BETWEEN ? AND ?", (*self._ids, first, last))
                return
        for batch in _batches(paths):
            marks = ",".join("?" * len(batch))
            yield from self._connection.execute(f"{statement} IN ({marks})", (*self._ids, *batch))

    @contextmanager
    def _guarded(self, verb: str) -> Iterator[None]:
        """Turn whatever goes wrong with the file into a note, and go on without it."""
        import sqlite3

        try:
            yield
        except store.RebuildError as error:
            self._rebuild(str(error), verb)
        except sqlite3.DatabaseError as error:
            if store.is_corrupt(error):
                self._rebuild("was corrupt and is rebuilt", verb)
            else:
                self._give_up(str(error), verb)
        except OSError as error:
            self._give_up(error.strerror or str(error), verb)

    def _give_up(self, reason: str, verb: str) -> None:
        self._disconnect()
        self._usable = False
        self.notes.append(f"cache not {verb}: {reason} ({self.path})")

    def _rebuild(self, reason: str, verb: str) -> None:
        """Put the file aside; where that happened while writing, write a new one."""
        self._disconnect()
        self.notes.append(f"cache {reason} ({self.path})")
        self._stale.clear()
        try:
            store.set_aside(self.path, self._identity)
        except OSError as error:
            self._give_up(error.strerror or str(error), verb)
            return
        if verb == "updated":
            with self._guarded("rebuilt"):
                self._write()

    def _connect(self, wait: float) -> sqlite3.Connection:
        self._identity = store.identity(self.path)
        self._connection = store.connect(self.path, wait)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self) -> None:
        """Write everything in one transaction, into a new file if there is none."""
        self._disconnect()
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        connection = self._connect(store.WRITE_WAIT)
        # Not waiting for the disk risks a corrupt file when the machine goes down, and that is replaced.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        if store.is_empty(connection):
            store.create(connection)
        adding = "INSERT OR IGNORE INTO fingerprints (text) VALUES (?)"
        connection.executemany(adding, [(fingerprint,) for fingerprint in self._fingerprints])
        # Looked up again, as another process may have cleared or replaced the cache since it was opened.
        fingerprints = store.ids_of(connection, self._fingerprints)
        contents = self._write_contents(connection)
        counts = "INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        connection.executemany(counts, _count_rows(self._new, contents, fingerprints))
        files = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)"
        rows = ((path, *stat, contents[digest], self._today) for path, (stat, digest) in self._files.items())
        connection.executemany(files, rows)
        connection.executemany(
            "UPDATE files SET used = ? WHERE path = ?", ((self._today, path) for path in self._stale)
        )
        store.prune(connection)
        connection.execute("COMMIT")

    def _write_contents(self, connection: sqlite3.Connection) -> dict[bytes, int]:
        """Add the new contents, and the uses of old ones; the id of each new digest."""
        adding = (
            "INSERT INTO contents (digest, used) VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET used = excluded.used"
        )
        connection.executemany(adding, ((digest, self._today) for digest in self._new))
        using = "UPDATE contents SET used = ? WHERE id = ?"
        connection.executemany(using, ((self._today, content) for content in self._stale.values()))
        ids: dict[bytes, int] = {}
        for batch in _batches(self._new):
            marks = ",".join("?" * len(batch))
            ids.update(connection.execute(f"SELECT digest, id FROM contents WHERE digest IN ({marks})", batch))
        return ids


def _blob_key(blob: str) -> bytes:
    """What a git blob is remembered by: its id stands for its bytes in any repository, at any time. No path begins
    like this."""
    return b"blob " + bytes.fromhex(blob)


def _key(file: str) -> bytes:
    """The path a file is remembered by: on Windows the same for every way to write it."""
    return os.fsencode(os.path.normcase(file))


def _stored(signature: Signature) -> Signature:
    return signature[0], signature[1], signature[2] & INODE, signature[3]


def _entry(row: Sequence[Any]) -> Entry:
    """kind, bytes, notes, then tokens, low, high for each fingerprint."""
    counts = tuple([Count(row[at], row[at + 1], row[at + 2]) for at in range(3, len(row), 3)])
    return Entry(row[0], row[1], counts, tuple(row[2].split("\n")) if row[2] else ())


def _count_rows(
    entries: dict[bytes, Entry], contents: dict[bytes, int], fingerprints: Sequence[int]
) -> Iterator[tuple[object, ...]]:
    """Rows of the table of counts."""
    for digest, entry in entries.items():
        notes = "\n".join(entry.notes)
        for fingerprint, count in zip(fingerprints, entry.counts, strict=True):
            yield contents[digest], fingerprint, count.tokens, count.low, count.high, entry.kind, entry.bytes, notes


def _batches(values: Iterable[bytes]) -> Iterator[list[bytes]]:
    iterator = iter(values)
    while batch := list(islice(iterator, BATCH)):
        yield batch
