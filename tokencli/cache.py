"""Counts by content, kept in SQLite: what was counted once is not read again until its bytes or the rules change.

Two levels: a file's path and stat -> its content; a content and a fingerprint of how it is counted -> the count. The
cache may always be lost: what goes wrong with it is a note, never an error, and a corrupt one is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from tokencli.errors import TokError
from tokencli.model import Count, Document

if TYPE_CHECKING:
    import sqlite3

Signature = tuple[int, int, int, int]
"""mtime in nanoseconds, size, inode, ctime in nanoseconds."""

APPLICATION = 0x746F6B63
"""SQLite's application_id of our files, so that no other program's database is ever taken for ours."""

SCHEMA = 1
TABLES = (
    "CREATE TABLE contents (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, used INTEGER NOT NULL)",
    "CREATE TABLE files (path BLOB PRIMARY KEY, mtime INTEGER NOT NULL, size INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " ctime INTEGER NOT NULL, content INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE ways (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE)",
    "CREATE TABLE counts (content INTEGER NOT NULL, way INTEGER NOT NULL, tokens INTEGER NOT NULL,"
    " low INTEGER NOT NULL, high INTEGER NOT NULL, kind TEXT NOT NULL, bytes INTEGER NOT NULL, notes TEXT NOT NULL,"
    " PRIMARY KEY (content, way)) WITHOUT ROWID",
)

RACY = 2_000_000_000
"""A file changed so few nanoseconds before the run may change again without its stat showing it (git's rule)."""

DAY = 86_400_000_000_000
REFRESH = 7
"""A use is written down when the last one written is so many days old, so that most runs write nothing."""

MAX_CONTENTS = 1_000_000
MAX_BYTES = 200_000_000
KEPT_SHARE = 0.75
"""What stays of a cache that has passed a limit."""

MAX_FINGERPRINTS = 60
"""SQLite joins at most 64 tables; a run with more fingerprints goes without the cache."""

BATCH = 500
"""Values in one query; the smallest limit among the SQLites in use is 999."""

INODE = (1 << 63) - 1
"""Inodes are kept to 63 bits, as SQLite's integers are signed and some file systems use more."""

READ_WAIT = 1.0
WRITE_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of one content: its kind and size, the count of each fingerprint in the order asked for,
    and its notes (the warnings of a text, the reason of a binary)."""

    kind: str
    bytes: int
    counts: tuple[Count, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """The size of a cache: files and contents known, counts kept, bytes on disk; all 0 where there is none."""

    path: str
    files: int = 0
    contents: int = 0
    counts: int = 0
    bytes: int = 0


class _RebuildError(Exception):
    """The file cannot serve any longer; the message completes "cache ..."."""


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
        self._ways: tuple[int, ...] = ()
        self._usable = 0 < len(self._fingerprints) <= MAX_FINGERPRINTS
        self._new: dict[bytes, Entry] = {}
        self._files: dict[bytes, tuple[Signature, bytes]] = {}
        self._stale: dict[bytes, int] = {}
        if self._usable and os.path.exists(self.path):
            with self._guarded("used"):
                self._connection = _connect(self.path, READ_WAIT)
                self._ways = _ways(self._connection, self._fingerprints)

    def lookup(self, documents: Sequence[Document]) -> list[Entry | None]:
        """For each document what is remembered of the file as it was listed; None where it has to be read."""
        found: list[Entry | None] = [None] * len(documents)
        if self._connection is None or not self._ways:
            return found
        places: dict[bytes, int] = {}
        for place, document in enumerate(documents):
            if document.file is not None and document.signature is not None:
                places[os.fsencode(document.file)] = place
        with self._guarded("used"):
            for path, mtime, size, inode, ctime, content, used, *rest in self._rows(places):
                place = places.get(path, -1)
                if place < 0:
                    continue
                signature = documents[place].signature
                if signature is not None and (mtime, size, inode, ctime) == _stored(signature):
                    found[place] = _entry(rest)
                    if used + REFRESH <= self._today:
                        self._stale[path] = content
        return found if self._connection is not None else [None] * len(documents)

    def by_content(self, digest: bytes) -> Entry | None:
        """What is remembered of bytes with this SHA-256; None where they have to be counted."""
        known = self._new.get(digest)
        if known is not None or self._connection is None or not self._ways:
            return known
        with self._guarded("used"):
            statement = f"SELECT {self._columns()} FROM contents c {self._joins('c.id')} WHERE c.digest = ?"
            for row in self._connection.execute(statement, (*self._ways, digest)):
                return _entry(row)
        return None

    def put(self, document: Document, digest: bytes, entry: Entry) -> None:
        """Remember a document that was read: the bytes with this SHA-256, counted for each fingerprint."""
        self._new[digest] = entry
        signature = document.signature
        if document.file is None or signature is None or signature[1] != entry.bytes:
            return
        if max(signature[0], signature[3]) <= self._now - RACY:
            self._files[os.fsencode(document.file)] = (_stored(signature), digest)

    def close(self) -> None:
        """Write what is new."""
        if self._usable and (self._new or self._stale):
            with self._guarded("updated"):
                self._write()
        self._disconnect()

    def _columns(self) -> str:
        counts = (f"n{number}.{name}" for number in range(len(self._ways)) for name in ("tokens", "low", "high"))
        return ", ".join(("n0.kind", "n0.bytes", "n0.notes", *counts))

    def _joins(self, content: str) -> str:
        return " ".join(
            f"CROSS JOIN counts n{number} ON n{number}.content = {content} AND n{number}.way = ?"
            for number in range(len(self._ways))
        )

    def _rows(self, places: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
        """The rows of the paths, and maybe of others: a file's row, then what `_entry` takes.

        Reading everything between the first path and the last takes half the time of asking for each path, unless
        much else lies there.
        """
        if self._connection is None:
            return
        paths = sorted(places)
        statement = (
            f"SELECT f.path, f.mtime, f.size, f.inode, f.ctime, f.content, f.used, {self._columns()}"
            f" FROM files f {self._joins('f.content')} WHERE f.path"
        )
        if len(paths) > BATCH:
            between = "SELECT count(*) FROM (SELECT 1 FROM files WHERE path BETWEEN ? AND ? LIMIT ?)"
            limit = 3 * len(paths)
            if self._connection.execute(between, (paths[0], paths[-1], limit)).fetchone()[0] < limit:
                yield from self._connection.execute(f"{statement} BETWEEN ? AND ?", (*self._ways, paths[0], paths[-1]))
                return
        for batch in _batches(paths):
            marks = ",".join("?" * len(batch))
            yield from self._connection.execute(f"{statement} IN ({marks})", (*self._ways, *batch))

    @contextmanager
    def _guarded(self, verb: str) -> Iterator[None]:
        """Turn whatever goes wrong with the file into a note, and go on without it."""
        import sqlite3

        try:
            yield
        except _RebuildError as error:
            self._rebuild(str(error), verb)
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
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
            _set_aside(self.path)
        except OSError as error:
            self._give_up(error.strerror or str(error), verb)
            return
        if verb == "updated":
            with self._guarded("rebuilt"):
                self._write()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self) -> None:
        """Write everything in one transaction, into a new file if there is none."""
        self._disconnect()
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        self._connection = connection = _connect(self.path, WRITE_WAIT)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):
            _create(connection)
        adding = "INSERT OR IGNORE INTO ways (fingerprint) VALUES (?)"
        connection.executemany(adding, [(fingerprint,) for fingerprint in self._fingerprints])
        ways = _ways(connection, self._fingerprints)
        ids = self._write_contents(connection)
        counts = "INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        connection.executemany(counts, _count_rows(self._new, ids, ways))
        files = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)"
        rows = ((path, *stat, ids[digest], self._today) for path, (stat, digest) in self._files.items())
        connection.executemany(files, rows)
        connection.executemany(
            "UPDATE files SET used = ? WHERE path = ?", ((self._today, path) for path in self._stale)
        )
        _prune(connection)
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


def info(path: str) -> Info:
    """What a cache holds; TokError where the file cannot be read as a cache."""
    path = os.path.abspath(path)
    if not os.path.exists(path):
        return Info(path)
    with _reported(path):
        connection = _connect(path, READ_WAIT)
        try:
            if _is_empty(connection):
                return Info(path, bytes=os.path.getsize(path))
            tables = ("files", "contents", "counts")
            files, contents, counts = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
            )
        finally:
            connection.close()
    return Info(path, files, contents, counts, os.path.getsize(path))


def clear(path: str) -> Info:
    """Forget everything; what there was. TokError where that fails. A file that is no cache is left alone, a corrupt
    cache is put aside.

    The file stays, for deleting a database that another process has open may corrupt its successor.
    """
    path = os.path.abspath(path)
    if not os.path.exists(path):
        return Info(path)
    before = info(path)
    with _reported(path):
        connection = _connect(path, WRITE_WAIT)
        try:
            connection.execute("BEGIN IMMEDIATE")
            if not _is_empty(connection):
                for table in ("counts", "files", "contents", "ways"):
                    connection.execute(f"DELETE FROM {table}")
            connection.execute("COMMIT")
            connection.execute("VACUUM")
        finally:
            connection.close()
    return before


@contextmanager
def _reported(path: str) -> Iterator[None]:
    """Turn whatever is wrong with the file into a TokError."""
    import sqlite3

    try:
        yield
    except (_RebuildError, sqlite3.DatabaseError, OSError) as error:
        hint = "delete the file if nothing else uses it" if os.path.exists(path) else ""
        raise TokError(f"cache {path}: {error}", hint=hint, code="cache") from None


def _connect(path: str, wait: float) -> sqlite3.Connection:
    """Open a cache; OperationalError for a file that is not ours, _RebuildError for an older schema."""
    import sqlite3

    connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION and not _is_empty(connection):
            raise sqlite3.OperationalError("the file is another program's database")
        if application == APPLICATION and version > SCHEMA:
            raise sqlite3.OperationalError("the file was written by a newer tok")
        if application == APPLICATION and version < SCHEMA:
            raise _RebuildError("was written by an older tok and is rebuilt")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _create(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _ways(connection: sqlite3.Connection, fingerprints: Sequence[str]) -> tuple[int, ...]:
    """The ids of the fingerprints; () where one is unknown, as then no content is known for all of them."""
    if _is_empty(connection):
        return ()
    ids = []
    for fingerprint in fingerprints:
        row = connection.execute("SELECT id FROM ways WHERE fingerprint = ?", (fingerprint,)).fetchone()
        if row is None:
            return ()
        ids.append(row[0])
    return tuple(ids)


def _stored(signature: Signature) -> Signature:
    return signature[0], signature[1], signature[2] & INODE, signature[3]


def _entry(row: Sequence[Any]) -> Entry:
    """kind, bytes, notes, then tokens, low, high for each fingerprint."""
    kind, size, notes, *numbers = row
    counts = tuple(Count(*numbers[at : at + 3]) for at in range(0, len(numbers), 3))
    return Entry(kind, size, counts, tuple(notes.split("\n")) if notes else ())


def _count_rows(
    entries: dict[bytes, Entry], ids: dict[bytes, int], ways: Sequence[int]
) -> Iterator[tuple[object, ...]]:
    """Rows of the table of counts."""
    for digest, entry in entries.items():
        notes = "\n".join(entry.notes)
        for way, count in zip(ways, entry.counts, strict=True):
            yield ids[digest], way, count.tokens, count.low, count.high, entry.kind, entry.bytes, notes


def _prune(connection: sqlite3.Connection) -> None:
    """Drop what was used longest ago, if the cache has passed a limit."""
    contents = connection.execute("SELECT count(*) FROM contents").fetchone()[0]
    pages = (
        connection.execute("PRAGMA page_count").fetchone()[0]
        - connection.execute("PRAGMA freelist_count").fetchone()[0]
    )
    size = pages * connection.execute("PRAGMA page_size").fetchone()[0]
    share = max(contents / MAX_CONTENTS, size / MAX_BYTES)
    if share <= 1:
        return
    dropped = contents - int(contents * KEPT_SHARE / share)
    oldest = "DELETE FROM contents WHERE id IN (SELECT id FROM contents ORDER BY used, id LIMIT ?)"
    connection.execute(oldest, (dropped,))
    for table in ("files", "counts"):
        connection.execute(f"DELETE FROM {table} WHERE content NOT IN (SELECT id FROM contents)")


def _set_aside(path: str) -> None:
    """Rename a file that cannot serve, and drop the journal that belongs to it."""
    os.replace(path, path + ".corrupt")
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(path + suffix)


def _batches(values: Iterable[bytes]) -> Iterator[list[bytes]]:
    iterator = iter(values)
    while batch := list(islice(iterator, BATCH)):
        yield batch
