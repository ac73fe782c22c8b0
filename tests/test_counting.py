"""Documents in, counts out: what is read, cut, cached, refused and summed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tokencli import counting, cutting, workers
from tokencli.cache import Cache
from tokencli.counting import Options, count
from tokencli.encoders import load
from tokencli.model import Column, Document

O200K = Column("o200k_base", "exact")


def document(path: Path, *, named: bool = True) -> Document:
    status = path.stat()
    old = (status.st_mtime_ns - 10**11, status.st_size, status.st_ino, status.st_ctime_ns - 10**11)
    return Document(path.name, status.st_size, file=str(path), named=named, signature=old)


def write(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return document(folder / name)


def test_documents_keep_their_order_and_columns_theirs(tmp_path: Path) -> None:
    documents = [write(tmp_path, name, text.encode()) for name, text in (("b", "tiktoken is great!"), ("a", "x"))]
    counted = count(documents, [Column("cl100k_base", "exact"), O200K, Column("cl100k_base", "exact", model="gpt-4")])
    assert [file.path for file in counted.files] == ["b", "a"]
    # 6 tokens by the OpenAI cookbook, in both encodings.
    assert [[one.tokens for one in file.counts] for file in counted.files] == [[6, 6, 6], [1, 1, 1]]


def test_an_empty_file_has_no_tokens(tmp_path: Path) -> None:
    (file,) = count(
        [write(tmp_path, "empty", b"")], [O200K, Column("o200k_base", "estimate", proxy="o200k_base")]
    ).files
    assert [(one.tokens, one.low, one.high) for one in file.counts] == [(0, 0, 0), (0, 0, 0)]


def test_a_file_that_is_gone_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    here = write(tmp_path, "here", b"x")
    gone = write(tmp_path, "gone", b"x")
    os.unlink(tmp_path / "gone")
    counted = count([gone, here], [O200K])
    assert [file.path for file in counted.files] == ["here"]
    assert [problem.code for problem in counted.problems] == ["not-found"]


@pytest.mark.parametrize(("named", "skipped", "problems"), [(True, [], ["image"]), (False, ["image"], [])])
def test_an_image_is_refused_when_named_and_skipped_in_a_walk(
    tmp_path: Path, named: bool, skipped: list[str], problems: list[str]
) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    counted = count([document(tmp_path / "a.png", named=named)], [O200K])
    assert [one.reason for one in counted.skipped] == skipped
    assert [one.code for one in counted.problems] == problems
    as_text = count([document(tmp_path / "a.png")], [O200K], Options(as_text=True))
    assert as_text.files[0].counts[0].tokens > 0


@pytest.mark.parametrize(
    "encoding", ["o200k_base", "qwen2", "deepseek-v4", "kimi-k2", "gemma4", "gemma3", "claude-3", "claude-4.8"]
)
def test_a_file_counted_in_parts_counts_as_the_whole(
    tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Some prose, naïve; 中文字符。\nfoo(bar1, 22)\r\n\n  indented <b>x</b> " * 40
    whole = load(encoding).count(text)
    monkeypatch.setattr(counting, "PART", 50)
    monkeypatch.setattr(cutting, "PART", 50)
    (file,) = count([write(tmp_path, "a", text.encode())], [Column(encoding, "exact")]).files
    assert file.counts[0].tokens == whole


@pytest.mark.parametrize("kind", [workers.Inline, workers.Threads, workers.Copies])
def test_all_workers_count_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    if kind is workers.Copies and sys.platform != "linux":
        pytest.skip("copies are made on Linux")
    documents = [write(tmp_path, f"f{number}", (f"text {number} " * (10 * number)).encode()) for number in range(40)]
    alone = count(documents, [O200K, Column("claude-4.8", "reconstructed")])
    monkeypatch.setattr(counting, "SHARED", 0)
    monkeypatch.setattr(counting, "BATCH", 500)
    monkeypatch.setattr(workers, "processors", lambda: 1 if kind is workers.Inline else 3)
    monkeypatch.setattr(workers, "alone", lambda: kind is workers.Copies)
    assert count(documents, [O200K, Column("claude-4.8", "reconstructed")]) == alone


def test_progress_rises_to_the_size_inside_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PART", 1000)
    monkeypatch.setattr(cutting, "PART", 1000)
    seen: list[int] = []
    one = write(tmp_path, "a", b"some words\n" * 1000)
    count([one], [O200K], progress=lambda done, size: seen.append(done) or None if size == 11_000 else None)
    assert len(seen) > 5
    assert seen == sorted(seen)
    assert seen[-1] == 11_000


class TestCache:
    @pytest.fixture(autouse=True)
    def _always(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "CACHED", 0)

    @staticmethod
    def opener(folder: Path) -> counting.OpenCache:
        def open_cache(fingerprints: Sequence[str]) -> Cache:
            return Cache(str(folder / "cache.db"), fingerprints, now=time.time_ns())

        return open_cache

    def test_a_second_run_gives_the_same_without_reading(self, tmp_path: Path) -> None:
        documents = [
            write(tmp_path, "a", b"tiktoken is great!"),
            write(tmp_path, "b", b"\xef\xbb\xbfx\xff"),
            write(tmp_path, "c.png", b"\x89PNG\r\n\x1a\n\x00"),
        ]
        columns = [O200K, Column("claude-3", "reconstructed")]
        cache = self.opener(tmp_path)
        first = count(documents, columns, open_cache=cache)
        for name in ("a", "b", "c.png"):
            os.unlink(tmp_path / name)
        assert count(documents, columns, open_cache=cache) == first
        assert len(first.problems) == 1
        assert first.files[1].warnings

    def test_other_options_are_other_entries(self, tmp_path: Path) -> None:
        one = write(tmp_path, "a", b"a<|endoftext|>b")
        cache = self.opener(tmp_path)
        plain = count([one], [O200K], open_cache=cache).files[0].counts[0].tokens
        special = count([one], [O200K], Options(special=True), open_cache=cache).files[0].counts[0].tokens
        assert (plain > 3, special) == (True, 3)

    def test_the_same_bytes_elsewhere_are_not_counted_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cache = self.opener(tmp_path)
        first = count([write(tmp_path, "a", b"tiktoken is great!")], [O200K], open_cache=cache)
        monkeypatch.setattr(counting._Run, "_measure", None)  # calling it would fail
        again = count([write(tmp_path, "b", b"tiktoken is great!")], [O200K], open_cache=cache)
        assert again.files[0].counts == first.files[0].counts


def test_a_large_file_says_that_it_has_no_sections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokencli.sources.text.WHOLE", 10)
    (file,) = count([write(tmp_path, "a.md", b"# One\n\n# Two\n")], [O200K], Options(sections=True)).files
    assert file.sections == ()
    assert "too large to be split into sections" in file.warnings[0]
