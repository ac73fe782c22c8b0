"""Workers measure what they are given, in whatever way, and nothing is lost when one of them ends early."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tokencli import workers
from tokencli.workers import Batch, Copies, Figures, Inline, Threads

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")
KINDS = [
    lambda measure: Inline(measure),
    lambda measure: Threads(measure, int, 2),
    pytest.param(lambda measure: Copies(measure, int, 2), marks=needs_fork),
]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests may have left threads behind; what is measured here takes no lock that they could hold."""
    monkeypatch.setattr(workers, "alone", lambda: True)


def lengths(batch: Batch) -> list[Figures]:
    texts, inner = batch
    return [((len(text), within),) for text, within in zip(texts, inner, strict=True)]


def batches() -> Iterator[Batch]:
    for number in range(40):
        texts = ["naïve \U0001f642" * (number * part) for part in range(number)]
        yield texts, [bool(part % 2) for part in range(number)]


def measured(kind: Callable[[Any], Any], measure: Callable[[Batch], list[Figures]] = lengths) -> list[list[Figures]]:
    """The figures of all batches in their order, however they came."""
    found: dict[int, list[Figures]] = {}
    with kind(measure) as work:
        for number, batch in enumerate(batches()):
            work.run(batch, lambda figures, number=number: found.update({number: figures}))
        work.wait()
    return [found[number] for number in range(len(found))]


@pytest.mark.parametrize("kind", KINDS)
def test_every_batch_comes_back(kind: Callable[[Any], Any]) -> None:
    assert measured(kind) == [lengths(batch) for batch in batches()]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_in_measuring_is_raised_here(kind: Callable[[Any], Any]) -> None:
    def fail(batch: Batch) -> list[Figures]:
        raise ValueError("no such text")

    with pytest.raises(ValueError, match="no such text"):
        measured(kind, fail)


@needs_fork
def test_what_a_killed_copy_had_is_measured_here() -> None:
    parent = os.getpid()

    def killed_elsewhere(batch: Batch) -> list[Figures]:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return lengths(batch)

    assert measured(lambda measure: Copies(measure, int, 2), killed_elsewhere) == [lengths(one) for one in batches()]


@needs_fork
def test_a_batch_too_large_for_a_copy_is_measured_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SLOT", 1000)
    assert measured(lambda measure: Copies(measure, int, 2)) == [lengths(one) for one in batches()]


@needs_fork
def test_copies_share_the_work_and_are_gone_afterwards() -> None:
    def where(batch: Batch) -> list[Figures]:
        time.sleep(0.01)
        return [((os.getpid(),),) for _ in batch[0]]

    pids = {figures[0][0] for batch in measured(lambda measure: Copies(measure, int, 2), where) for figures in batch}
    assert len(pids) == 3
    for pid in pids - {os.getpid()}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@needs_fork
def test_without_more_processes_everything_is_measured_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    open_files = len(os.listdir("/proc/self/fd"))
    assert measured(lambda measure: Copies(measure, int, 2)) == [lengths(one) for one in batches()]
    assert len(os.listdir("/proc/self/fd")) == open_files


@pytest.mark.parametrize(
    ("processors", "alone", "itself", "threads", "kind"),
    [
        (1, True, False, True, Inline),
        (1, True, True, True, Threads),
        (2, True, False, True, Copies),
        (2, True, False, False, Copies),
        (2, False, False, True, Threads),
        (2, False, False, False, Inline),
        (8, True, True, True, Threads),
    ],
)
def test_the_way_fits_the_engine_and_the_machine(
    monkeypatch: pytest.MonkeyPatch, processors: int, alone: bool, itself: bool, threads: bool, kind: type
) -> None:
    monkeypatch.setattr(workers, "processors", lambda: processors)
    monkeypatch.setattr(workers, "alone", lambda: alone)
    with workers.workers(lengths, int, itself=itself, threads=threads) as work:
        assert type(work) is kind
