"""What providers answered, so that nothing is asked twice, and how the counts made here compare with it.

A file of its own beside the cache of counts: `tok cache clear` leaves it, as it cannot be made again for nothing. It
holds hashes and numbers, never content and never a key. Several processes may use it at once. What goes wrong with it
is a note; a corrupt one is put aside and begun anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tokencli.cache.store import identity, is_corrupt, is_empty, set_aside

if TYPE_CHECKING:
    import sqlite3

APPLICATION = 0x746F6B72
"""SQLite's application_id of these files, so that no other program's database is ever taken for one."""

SCHEMA = 1
TABLES = (
    "CREATE TABLE answers (key BLOB PRIMARY KEY, tokens INTEGER NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE pairs (model TEXT NOT NULL, encoding TEXT NOT NULL, method TEXT NOT NULL, host TEXT NOT NULL,"
    " content BLOB NOT NULL, local INTEGER NOT NULL, remote INTEGER NOT NULL, day INTEGER NOT NULL,"
    " PRIMARY KEY (model, encoding, method, host, content)) WITHOUT ROWID",
)

DAY = 86_400
FRESH = 30
"""Days for which an answer is taken for the provider's still: names of models move to other models."""

KEPT = 100_000
"""Answers and pairs kept at most; the oldest go first."""

WAIT = 5.0
"""Seconds to wait for another process that writes."""

SHORT = 200
"""Requests of fewer tokens say little of a tokenizer: the frame of the message, which the provider counts too, is
a large part of them."""


class Known(NamedTuple):
    """A number that a provider gave, and the day since 1970 when it did."""

    tokens: int
    day: int


class Pair(NamedTuple):
    """A count made here and the provider's of the same content; `content` is the SHA-256 of what was sent."""

    model: str
    encoding: str
    method: str
    host: str
    content: bytes
    local: int
    remote: int


class Accuracy(NamedTuple):
    """How the counts made here for a model compare with those of the endpoint at `host`.

    `requests` is their number, `short` of them are left out of the rest for being short. Errors are shares of the
    provider's number: `middle` and `worst` without their signs, `bias` the median with its sign, positive where too
    many are counted here. `frame` is the median of the tokens that the provider counts more. None where all are short.
    """

    model: str
    encoding: str
    method: str
    host: str
    requests: int
    short: int
    middle: float | None
    worst: float | None
    bias: float | None
    frame: float | None
    first_day: int
    last_day: int


T = TypeVar("T")


class Store:
    """The file at `path`, opened when it is needed; `notes` says what went wrong with it, if anything.

    `now` is the time in seconds since 1970.
    """

    def __init__(self, path: str, *, now: float) -> None:
        self.path = os.path.abspath(path)
        self.notes: list[str] = []
        self._today = int(now // DAY)
        self._usable = True

    def answer(self, key: bytes) -> Known | None:
        """What was answered to the request with this key, if it was not too long ago."""

        def find(connection: sqlite3.Connection) -> Known | None:
            row = connection.execute(
                "SELECT tokens, day FROM answers WHERE key = ? AND day > ?", (key, self._today - FRESH)
            ).fetchone()
            return Known(*row) if row else None

        return self._run(find, None, write=False)

    def keep(self, key: bytes, tokens: int, pairs: Iterable[Pair]) -> None:
        """Remember an answer, and the pairs of it and counts made here."""
        rows = [(*pair, self._today) for pair in pairs]

        def insert(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, tokens, self._today))
            connection.executemany("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            _prune(connection)

        self._run(insert, None, write=True)

    def accuracy(self, model: str | None = None) -> list[Accuracy]:
        """Measured accuracy by model, encoding, method and host; of one model where it is named."""

        def find(connection: sqlite3.Connection) -> list[tuple[str, str, str, str, int, int, int]]:
            statement = "SELECT model, encoding, method, host, local, remote, day FROM pairs"
            if model is not None:
                return connection.execute(f"{statement} WHERE model = ? ORDER BY 1, 2, 3, 4", (model,)).fetchall()
            return connection.execute(f"{statement} ORDER BY 1, 2, 3, 4").fetchall()

        groups: dict[tuple[str, str, str, str], list[tuple[int, int, int]]] = {}
        nothing: list[tuple[str, str, str, str, int, int, int]] = []
        for *key, local, remote, day in self._run(find, nothing, write=False):
            groups.setdefault((str(key[0]), str(key[1]), str(key[2]), str(key[3])), []).append((local, remote, day))
        return [_accuracy(key, rows) for key, rows in groups.items()]

    def _run(self, work: Callable[[sqlite3.Connection], T], otherwise: T, *, write: bool) -> T:
        """The work's result; `otherwise` where there is no file to read or it cannot serve, which is noted."""
        import sqlite3

        if not self._usable or not (write or os.path.exists(self.path)):
            return otherwise
        for again in (True, False):
            seen = identity(self.path)
            try:
                return self._open_and(work, otherwise, write=write)
            except sqlite3.DatabaseError as error:
                if not (again and is_corrupt(error)):
                    return self._give_up(str(error), otherwise)
                self.notes.append(f"the file of remote counts was corrupt and is begun anew ({self.path})")
                try:
                    set_aside(self.path, seen)
                except OSError as problem:
                    return self._give_up(problem.strerror or str(problem), otherwise)
                if not write:
                    return otherwise
            except OSError as error:
                return self._give_up(error.strerror or str(error), otherwise)
        return otherwise

    def _open_and(self, work: Callable[[sqlite3.Connection], T], otherwise: T, *, write: bool) -> T:
        import sqlite3

        if write:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        try:
            if not write and is_empty(connection):
                return otherwise
            if write:
                connection.execute("BEGIN IMMEDIATE")
                if is_empty(connection):
                    _create(connection)
            _check(connection)
            result = work(connection)
            if write:
                connection.execute("COMMIT")
            return result
        finally:
            connection.close()

    def _give_up(self, reason: str, otherwise: T) -> T:
        self._usable = False
        self.notes.append(f"remote counts are not remembered: {reason} ({self.path})")
        return otherwise


def _create(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _check(connection: sqlite3.Connection) -> None:
    """OperationalError for a file that is not ours or of another version."""
    import sqlite3

    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise sqlite3.OperationalError("the file is another program's database")
    if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        raise sqlite3.OperationalError("the file was written by another version of tok")


def _prune(connection: sqlite3.Connection) -> None:
    for table, key in (("answers", "key"), ("pairs", "model, encoding, method, host, content")):
        over = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] - KEPT
        if over > 0:
            oldest = f"SELECT {key} FROM {table} ORDER BY day LIMIT ?"
            connection.execute(f"DELETE FROM {table} WHERE ({key}) IN ({oldest})", (over + KEPT // 10,))


def _accuracy(key: tuple[str, str, str, str], rows: list[tuple[int, int, int]]) -> Accuracy:
    days = [day for _, _, day in rows]
    long = [(local, remote) for local, remote, _ in rows if remote >= SHORT]
    errors = [(local - remote) / remote for local, remote in long]
    sizes = [abs(error) for error in errors]
    return Accuracy(
        *key,
        requests=len(rows),
        short=len(rows) - len(long),
        middle=median(sizes) if sizes else None,
        worst=max(sizes) if sizes else None,
        bias=median(errors) if errors else None,
        frame=median(remote - local for local, remote in long) if long else None,
        first_day=min(days),
        last_day=max(days),
    )
