"""A count is remembered for a content; the cache may fail in every way and the run goes on."""

from __future__ import annotations

import multiprocessing
import ntpath
import os
import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from tokencli import cache
from tokencli.cache import Cache, Entry, store
from tokencli.errors import TokError
from tokencli.model import Count, Document

NOW = 1_800_000_000_000_000_000
LATER = NOW + 10 * cache.RACY

OLD = NOW - 100 * cache.RACY
ONE = Entry("text", 5, (Count(2, 2, 2),))
TWO = Entry("text", 5, (Count(2, 2, 2), Count(3, 1, 4)), ("a warning", "another"))


def document(
    name: str = "/folder/a.txt", size: int = 5, mtime: int = OLD, inode: int = 7, ctime: int = OLD
) -> Document:
    return Document(name, size, file=name, signature=(mtime, size, inode, ctime))


def digest(text: str = "hello") -> bytes:
    return sha256(text.encode()).digest()


def remember(
    path: Path, entry: Entry = ONE, *documents: Document, fingerprints: Sequence[str] = ("o200k",), now: int = NOW
) -> Cache:
    """A run that counts the documents, all of the content "hello"."""
    opened = Cache(str(path), fingerprints, now=now)
    for each in documents or (document(),):
        opened.put(each, digest(), entry)
    opened.close()
    return opened


def ask(
    path: Path, *documents: Document, fingerprints: Sequence[str] = ("o200k",), now: int = LATER
) -> list[Entry | None]:
    """What a later run finds for the documents as listed."""
    opened = Cache(str(path), fingerprints, now=now)
    found = opened.lookup(documents or (document(),))
    opened.close()
    assert opened.notes == []
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "counts.db"


def test_an_unchanged_file_is_found_with_everything_that_was_remembered(path: Path) -> None:
    remember(path, TWO, fingerprints=("o200k", "estimate"))
    assert ask(path, fingerprints=("o200k", "estimate")) == [TWO]


def test_each_fingerprint_is_found_by_itself_and_in_any_order(path: Path) -> None:
    remember(path, TWO, fingerprints=("o200k", "estimate"))
    assert ask(path, fingerprints=("estimate", "o200k")) == [Entry("text", 5, TWO.counts[::-1], TWO.notes)]
    assert ask(path, fingerprints=("estimate",)) == [Entry("text", 5, TWO.counts[1:], TWO.notes)]


def test_a_fingerprint_that_is_new_makes_a_file_unknown(path: Path) -> None:
    remember(path)
    assert ask(path, fingerprints=("o200k", "other")) == [None]
    remember(path, Entry("text", 5, (Count(9, 9, 9),)), document("/folder/b.txt"), fingerprints=("other",))
    assert ask(path, document("/folder/c.txt"), fingerprints=("other",)) == [None]


@pytest.mark.parametrize(
    "changed",
    [document(mtime=OLD + 1), document(size=6), document(inode=8), document(ctime=OLD + 1), document("/folder/b.txt")],
    ids=["time", "size", "inode", "ctime", "path"],
)
def test_a_changed_file_is_unknown(path: Path, changed: Document) -> None:
    remember(path)
    assert ask(path, changed) == [None]


def test_the_same_content_elsewhere_is_known_by_its_digest(path: Path) -> None:
    remember(path)
    opened = Cache(str(path), ("o200k",), now=LATER)
    assert opened.by_content(digest()) == ONE
    assert opened.by_content(digest("other")) is None
    opened.close()


def test_a_content_of_the_same_run_is_known_by_its_digest(path: Path) -> None:
    opened = Cache(str(path), ("o200k",), now=NOW)
    opened.put(document(), digest(), ONE)
    assert opened.by_content(digest()) == ONE
    opened.close()


@pytest.mark.parametrize("fresh", [document(mtime=NOW - 1), document(ctime=NOW - 1), document(mtime=NOW + cache.DAY)])
def test_a_file_changed_just_before_the_run_is_known_by_content_alone(path: Path, fresh: Document) -> None:
    remember(path, ONE, fresh)
    assert ask(path, fresh) == [None]
    opened = Cache(str(path), ("o200k",), now=LATER)
    assert opened.by_content(digest()) == ONE
    opened.close()


def test_a_file_that_changed_between_listing_and_reading_is_not_remembered_by_its_stat(path: Path) -> None:
    remember(path, ONE, document(size=4))
    assert ask(path, document(size=4)) == [None]


def test_standard_input_is_remembered_by_content(path: Path) -> None:
    remember(path, ONE, Document("-", 5, data=b"hello"))
    assert ask(path, Document("-", 5, data=b"hello")) == [None]
    opened = Cache(str(path), ("o200k",), now=LATER)
    assert opened.by_content(digest()) == ONE
    opened.close()


@pytest.mark.parametrize("among", [0, 5000])
def test_many_files_are_found_in_order_also_where_many_others_lie_between(path: Path, among: int) -> None:
    wanted = [document(f"/folder/{number:05}/wanted") for number in range(0, 6000, 6)]
    others = [document(f"/folder/{number:05}/other") for number in range(among)]
    remember(path, ONE, *wanted[::2], *others)
    assert ask(path, *wanted) == [ONE, None] * 500


def test_paths_that_are_not_utf8_and_huge_inodes_are_kept(path: Path) -> None:
    odd = document(os.fsdecode("/folder/grüß\n.txt".encode()) + ("\udce9" if os.name != "nt" else ""), inode=2**64 - 1)
    remember(path, ONE, odd)
    assert ask(path, odd) == [ONE]


def test_on_windows_a_file_is_found_however_its_path_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "path", ntpath)
    assert cache._key(r"C:\w\a/b.txt") == cache._key(r"c:\W\a\B.txt")


def test_without_a_file_nothing_is_created_before_there_is_something_to_keep(path: Path) -> None:
    assert ask(path) == [None]
    assert not path.parent.exists()


def test_a_run_that_finds_everything_writes_nothing(path: Path) -> None:
    remember(path)
    before = path.stat()
    assert ask(path) == [ONE]
    assert path.stat() == before or path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("content", [b"no database at all" * 99, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_corrupt_cache_is_put_aside_with_a_note_and_rebuilt(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    opened = remember(path)
    assert [note.split(" (")[0] for note in opened.notes] == ["cache was corrupt and is rebuilt"]
    assert ask(path) == [ONE]
    assert Path(f"{path}.corrupt").read_bytes() == content


def test_damage_inside_a_cache_is_noted_and_it_is_rebuilt(path: Path) -> None:
    remember(path, ONE, *(document(f"/folder/{number}") for number in range(3000)))
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xa5" * (len(data) - 8192 - 4096)
    path.write_bytes(data)
    opened = Cache(str(path), ("o200k",), now=LATER)
    assert set(opened.lookup([document(f"/folder/{number}") for number in range(3000)])) == {None}
    opened.put(document(), digest(), ONE)
    opened.close()
    assert len(opened.notes) == 1
    assert ask(path) == [ONE]


def test_two_runs_that_see_the_same_damage_put_one_file_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 999)
    seen = store.identity(str(path))
    remember(path)
    Path(f"{path}-journal").write_bytes(b"")
    store.set_aside(str(path), seen)
    assert Path(f"{path}-journal").exists()
    assert ask(path) == [ONE]
    assert Path(f"{path}.corrupt").read_bytes() == b"no database" * 999


def test_a_run_whose_cache_another_run_has_rebuilt_uses_the_new_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 999)
    set_aside = store.set_aside

    def late(name: str, seen: tuple[int, int] | None) -> None:
        monkeypatch.setattr(store, "set_aside", set_aside)
        remember(path)
        set_aside(name, seen)

    monkeypatch.setattr(store, "set_aside", late)
    remember(path, ONE, document("/folder/b.txt"))
    assert ask(path, document(), document("/folder/b.txt")) == [ONE, ONE]


def test_another_programs_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = path.read_bytes()
    opened = remember(path)
    assert "another program's database" in opened.notes[0]
    assert path.read_bytes() == before
    with pytest.raises(TokError, match="another program's database"):
        cache.clear(str(path))


def _set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def test_a_cache_of_a_newer_version_is_left_alone(path: Path) -> None:
    remember(path)
    _set_version(path, store.SCHEMA + 1)
    before = path.read_bytes()
    assert "written by a newer tok" in remember(path).notes[0]
    assert path.read_bytes() == before


def test_a_cache_of_an_older_version_is_rebuilt(path: Path) -> None:
    remember(path)
    _set_version(path, store.SCHEMA - 1)
    assert "written by an older tok" in remember(path).notes[0]
    assert ask(path) == [ONE]


def test_a_locked_cache_is_gone_without_with_a_note(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "READ_WAIT", 0.05)
    monkeypatch.setattr(store, "WRITE_WAIT", 0.05)
    remember(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened = Cache(str(path), ("o200k",), now=LATER)
    assert opened.lookup([document()]) == [None]
    opened.put(document(), digest(), ONE)
    opened.close()
    holder.close()
    assert opened.notes == [f"cache not used: database is locked ({path})"]
    assert ask(path) == [ONE]


def test_a_folder_that_cannot_be_made_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    opened = remember(tmp_path / "file" / "counts.db")
    assert len(opened.notes) == 1
    assert opened.notes[0].startswith("cache not updated: ")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be written")
def test_a_read_only_cache_is_read_and_not_written(path: Path) -> None:
    remember(path)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert ask(path) == [ONE]
        opened = remember(path, ONE, document("/folder/b.txt"))
        assert "readonly" in opened.notes[0]
    finally:
        path.parent.chmod(0o700)


def _count_hundred(path: str, start: int) -> None:
    opened = Cache(path, ("o200k", f"other {start % 3}"), now=NOW)
    for number in range(start, start + 100):
        opened.put(
            document(f"/folder/{number}"), digest(str(number)), Entry("text", 5, (Count(number, 0, 0), Count(1, 1, 1)))
        )
    opened.close()
    if opened.notes:
        raise RuntimeError(opened.notes[0])


def test_several_processes_write_one_cache_and_nothing_is_lost(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count_hundred, args=(str(path), start)) for start in range(0, 800, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 8
    found = ask(path, *(document(f"/folder/{number}") for number in range(800)))
    assert [entry.counts[0].tokens if entry else None for entry in found] == list(range(800))


def test_what_was_used_longest_ago_is_dropped_at_the_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_CONTENTS", 100)
    names = [f"/folder/{number:03}" for number in range(100)]
    opened = Cache(str(path), ("o200k",), now=NOW)
    for name in names:
        opened.put(document(name), digest(name), ONE)
    opened.close()
    later = NOW + 30 * cache.DAY
    assert ask(path, *(document(name) for name in names[:50]), now=later) == [ONE] * 50
    remember(path, now=later)
    found = ask(path, *(document(name) for name in names), now=later)
    assert found[:50] == [ONE] * 50
    assert found[50:].count(ONE) == 24
    assert cache.info(str(path)).contents == 75


def test_info_counts_and_clear_empties(path: Path) -> None:
    assert cache.info(str(path)) == cache.Info(str(path))
    remember(path, TWO, document(), document("/folder/b.txt"), fingerprints=("o200k", "estimate"))
    info = cache.info(str(path))
    assert (info.files, info.contents, info.counts) == (2, 1, 2)
    assert info.bytes == path.stat().st_size
    assert cache.clear(str(path)) == info
    assert (cache.info(str(path)).files, cache.info(str(path)).counts) == (0, 0)
    assert ask(path) == [None]


def test_clearing_while_a_run_is_open_never_gives_that_run_the_counts_of_another_fingerprint(path: Path) -> None:
    remember(path)
    opened = Cache(str(path), ("o200k",), now=LATER)
    cache.clear(str(path))
    remember(path, Entry("text", 5, (Count(999, 999, 999),)), fingerprints=("other",))
    assert opened.lookup([document()]) == [None]
    assert opened.by_content(digest()) is None
    opened.put(document("/folder/b.txt"), digest(), ONE)
    opened.close()
    assert ask(path, document("/folder/b.txt")) == [ONE]
    assert ask(path, fingerprints=("other",)) == [Entry("text", 5, (Count(999, 999, 999),))]


def test_clearing_a_corrupt_cache_puts_it_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 999)
    with pytest.raises(TokError, match="not a database"):
        cache.info(str(path))
    cache.clear(str(path))
    assert not path.exists()
    assert cache.info(str(path)) == cache.Info(str(path))


def test_more_fingerprints_than_sqlite_joins_go_without_the_cache(path: Path) -> None:
    fingerprints = [str(number) for number in range(cache.MAX_FINGERPRINTS + 1)]
    remember(path, Entry("text", 5, (Count(1, 1, 1),) * len(fingerprints)), fingerprints=fingerprints)
    assert not path.exists()
    assert ask(path, fingerprints=fingerprints) == [None]
