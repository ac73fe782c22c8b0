"""What is remembered of remote counts."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from tokencli.remote.store import DAY, FRESH, Accuracy, Pair, Store

DAY_1 = 20_000
NOW = DAY_1 * DAY + 5.0


def pair(local: int, remote: int, *, content: bytes = b"", model: str = "m", host: str = "h") -> Pair:
    return Pair(model, "o200k_base", "exact", host, content or f"{local} {remote}".encode(), local, remote)


def test_an_answer_is_known_until_it_is_old(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "remote.db")
    store = Store(path, now=NOW)
    assert store.answer(b"key") is None
    assert not (tmp_path / "new").exists()
    store.keep(b"key", 12, [])
    assert store.answer(b"key") == (12, DAY_1)
    assert store.answer(b"other") is None
    assert Store(path, now=NOW + (FRESH - 1) * DAY).answer(b"key") == (12, DAY_1)
    assert Store(path, now=NOW + FRESH * DAY).answer(b"key") is None
    assert store.notes == []


def test_accuracy_leaves_short_requests_out(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "remote.db"), now=NOW)
    pairs = [pair(990, 1000), pair(408, 400), pair(400, 400), pair(3, 10), pair(1, 2, model="n")]
    for number, one in enumerate(pairs):
        store.keep(bytes([number]), one.remote, [one])
    key = ("m", "o200k_base", "exact", "h")
    assert store.accuracy("m") == [Accuracy(*key, 4, 1, 0.01, 0.02, 0.0, 0, DAY_1, DAY_1)]
    assert store.accuracy("n") == [Accuracy("n", *key[1:], 1, 1, None, None, None, None, DAY_1, DAY_1)]
    assert [one.model for one in store.accuracy()] == ["m", "n"]
    assert Store(str(tmp_path / "none.db"), now=NOW).accuracy() == []


def test_the_same_content_counts_once(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "remote.db"), now=NOW)
    for remote in (300, 310):
        store.keep(b"key", remote, [pair(300, remote, content=b"same")])
    (one,) = store.accuracy()
    assert (one.requests, one.frame) == (1, 10)


def test_hosts_are_kept_apart(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "remote.db"), now=NOW)
    store.keep(b"a", 300, [pair(300, 300)])
    store.keep(b"b", 600, [pair(300, 600, host="gateway")])
    assert [(one.host, one.worst) for one in store.accuracy()] == [("gateway", 0.5), ("h", 0.0)]


@pytest.mark.parametrize("garbage", [b"no database at all" * 400, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_corrupt_file_is_begun_anew(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "remote.db"
    path.write_bytes(garbage)
    store = Store(str(path), now=NOW)
    assert store.answer(b"key") is None
    assert "corrupt" in store.notes[0]
    store.keep(b"key", 12, [])
    assert store.answer(b"key") == (12, DAY_1)
    assert len(store.notes) == 1
    assert (tmp_path / "remote.db.corrupt").read_bytes() == garbage


def test_a_corrupt_file_is_begun_anew_while_writing(tmp_path: Path) -> None:
    path = tmp_path / "remote.db"
    path.write_bytes(b"no database at all" * 400)
    store = Store(str(path), now=NOW)
    store.keep(b"key", 12, [pair(300, 300)])
    assert store.answer(b"key") == (12, DAY_1)
    assert len(store.accuracy()) == 1


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "remote.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = path.read_bytes()
    store = Store(str(path), now=NOW)
    store.keep(b"key", 12, [])
    assert store.answer(b"key") is None
    assert store.notes == [f"remote counts are not remembered: the file is another program's database ({path})"]
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(str(tmp_path / "file" / "remote.db"), now=NOW)
    store.keep(b"key", 12, [])
    assert len(store.notes) == 1


def test_many_may_write_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "remote.db")
    stores = [Store(path, now=NOW) for _ in range(8)]

    def write(number: int) -> None:
        for step in range(10):
            key = bytes([number, step])
            stores[number].keep(key, step, [pair(300 + number, 300 + step, content=key)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.notes for store in stores] == [[]] * 8
    assert sum(one.requests for one in stores[0].accuracy()) == 80


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokencli.remote.store.KEPT", 20)
    path = str(tmp_path / "remote.db")
    for day in range(21):
        Store(path, now=NOW + day * DAY).keep(bytes([day]), day, [pair(300, 301 + day)])
    last = Store(path, now=NOW + 21 * DAY)
    assert [last.answer(bytes([day])) is None for day in (0, 2, 3, 20)] == [True, True, False, False]
    assert last.accuracy()[0].requests == 18
