"""The file of a cache: its schema, whose it is, its limits, and what `tok cache info|clear` ask."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokencli.errors import TokError

if TYPE_CHECKING:
    import sqlite3

APPLICATION = 0x746F6B63
"""SQLite's application_id of our files, so that no other program's database is ever taken for ours."""

SCHEMA = 2
TABLES = (
    "CREATE TABLE contents (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, used INTEGER NOT NULL)",
    "CREATE TABLE files (path BLOB PRIMARY KEY, mtime INTEGER NOT NULL, size INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " ctime INTEGER NOT NULL, content INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID",
    # AUTOINCREMENT never gives an id twice: a run that knows one from before `clear` must not find another's counts.
    "CREATE TABLE fingerprints (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE)",
    "CREATE TABLE counts (content INTEGER NOT NULL, fingerprint INTEGER NOT NULL, tokens INTEGER NOT NULL,"
    " low INTEGER NOT NULL, high INTEGER NOT NULL, kind TEXT NOT NULL, bytes INTEGER NOT NULL, notes TEXT NOT NULL,"
    " PRIMARY KEY (content, fingerprint)) WITHOUT ROWID",
)

MAX_CONTENTS = 1_000_000
MAX_BYTES = 200_000_000
KEPT_SHARE = 0.75
"""What stays of a cache that has passed a limit."""

READ_WAIT = 1.0
WRITE_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Info:
    """The size of a cache: files and contents known, counts kept, bytes on disk; all 0 where there is none."""

    path: str
    files: int = 0
    contents: int = 0
    counts: int = 0
    bytes: int = 0


class RebuildError(Exception):
    """The file cannot serve any longer; the message completes "cache ..."."""


def info(path: str) -> Info:
    """What a cache holds; TokError where the file cannot be read as a cache."""
    path = os.path.abspath(path)
    if not os.path.exists(path):
        return Info(path)
    with _reported(path):
        connection = connect(path, READ_WAIT)
        try:
            if is_empty(connection):
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
    import sqlite3

    seen = identity(path)
    try:
        before = info(path)
    except TokError as error:
        if isinstance(error.__cause__, sqlite3.DatabaseError) and is_corrupt(error.__cause__):
            before = Info(path, bytes=os.path.getsize(path))
            with _reported(path):
                set_aside(path, seen)
            return before
        raise
    with _reported(path):
        connection = connect(path, WRITE_WAIT)
        try:
            connection.execute("BEGIN IMMEDIATE")
            if not is_empty(connection):
                for table in ("counts", "files", "contents", "fingerprints"):
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
    except (RebuildError, sqlite3.DatabaseError, OSError) as error:
        hint = "delete the file if nothing else uses it" if os.path.exists(path) else ""
        raise TokError(f"cache {path}: {error}", hint=hint, code="cache") from error


def connect(path: str, wait: float) -> sqlite3.Connection:
    """Open a cache; OperationalError for a file that is not ours, RebuildError for an older schema."""
    import sqlite3

    connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        # In one transaction: another process may be making the tables of a new file.
        connection.execute("BEGIN")
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        empty = is_empty(connection)
        connection.execute("COMMIT")
        if application != APPLICATION and not empty:
            raise sqlite3.OperationalError("the file is another program's database")
        if application == APPLICATION and version > SCHEMA:
            raise sqlite3.OperationalError("the file was written by a newer tok")
        if application == APPLICATION and version < SCHEMA:
            raise RebuildError("was written by an older tok and is rebuilt")
    except BaseException:
        connection.close()
        raise
    return connection


def is_corrupt(error: sqlite3.DatabaseError) -> bool:
    """Whether the error says that the file is damaged or no database, rather than busy, full or closed to us."""
    import sqlite3

    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def create(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def ids_of(connection: sqlite3.Connection, fingerprints: Sequence[str]) -> tuple[int, ...]:
    """The ids of the fingerprints; () where one is unknown, as then no content is known for all of them."""
    if is_empty(connection):
        return ()
    ids = []
    for fingerprint in fingerprints:
        row = connection.execute("SELECT id FROM fingerprints WHERE text = ?", (fingerprint,)).fetchone()
        if row is None:
            return ()
        ids.append(row[0])
    return tuple(ids)


def prune(connection: sqlite3.Connection) -> None:
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


def identity(path: str) -> tuple[int, int] | None:
    """Device and inode of the file that has this path now; None without one."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def set_aside(path: str, seen: tuple[int, int] | None) -> None:
    """Rename the file that cannot serve, `seen` being its identity, and drop its journal.

    Nothing happens where another process has done so already: then a new cache has the path, and its journal too.
    The journal goes first, as nobody else writes one before the path is free.
    """
    if seen is None or identity(path) != seen:
        return
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(path + suffix)
    if identity(path) == seen:
        os.replace(path, path + ".corrupt")
