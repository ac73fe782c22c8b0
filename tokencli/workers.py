"""Where batches of texts are measured: in this process, in threads of it, or in copies of it.

A copy (a fork, on Linux) counts faster than a thread. Threads share the locks inside tiktoken's regular
expressions, and wait for each other wherever Python itself has something to do; copies share nothing. They have the
engines as they were when the copies were made, get their texts through shared memory, and send back figures.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from mmap import mmap
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Self

Figures = tuple[tuple[int, ...], ...]
"""What was measured of one text, for each counter."""

Batch = tuple[list[str], list[bool]]
"""Texts, and for each whether it goes on after a cut."""

Measure = Callable[[Batch], list[Figures]]
Done = Callable[[list[Figures]], None]
"""Takes the figures of the texts of one batch, in their order; called in the thread that gave the batch."""

MOST = 8
"""No more workers than that, for the sake of the memory of their parts."""

AHEAD = 16 << 20
"""Code points that wait for threads, at most: what is read while an engine starts."""

SLOTS = 2
"""A copy has a batch that it counts, and one that it goes on with."""
HEAD = 8
"""Bytes in front of what goes through a pipe."""

SLOT = 4 << 20
"""Bytes of shared memory for a batch; a larger one is measured here. Only what is used takes up memory."""


class Workers(Protocol):
    """Something that measures batches; the figures of all of them have been handed over when `wait` returns."""

    def run(self, batch: Batch, done: Done) -> None: ...
    def wait(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def workers(measure: Measure, start: Callable[[], None], *, itself: bool, threads: bool) -> Workers:
    """What measures much text fastest here. `start` is called before the first batch and starts the engines;
    `itself` says that `measure` uses all processors, `threads` that it lets other threads run."""
    count = min(processors(), MOST)
    if itself:
        return Threads(measure, start, 1)
    if count > 1 and alone():
        return Copies(measure, start, count - 1)
    return Threads(measure, start, count) if count > 1 and threads else Inline(measure)


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def alone() -> bool:
    """Whether this process may be copied: on Linux, with no other thread that could hold a lock meanwhile."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


class Inline:
    """Measures batches at once."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure

    def run(self, batch: Batch, done: Done) -> None:
        done(self._measure(batch))

    def wait(self) -> None:
        """Nothing is ever under way."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""


class Threads:
    """Measures batches in threads, and lets some be read while the engines start."""

    def __init__(self, measure: Measure, start: Callable[[], None], count: int) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._measure = measure
        self._pool = ThreadPoolExecutor(count)
        self._pool.submit(start)
        self._running: deque[tuple[Future[list[Figures]], int, Done]] = deque()
        self._waiting = 0

    def run(self, batch: Batch, done: Done) -> None:
        size = sum(map(len, batch[0]))
        self._waiting += size
        self._running.append((self._pool.submit(self._measure, batch), size, done))
        while self._running and (self._waiting > AHEAD or self._running[0][0].done()):
            self._finish()

    def wait(self) -> None:
        while self._running:
            self._finish()

    def _finish(self) -> None:
        future, size, done = self._running.popleft()
        done(future.result())
        self._waiting -= size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)


class Copies:
    """Measures batches in copies of this process, and here while those have enough to do."""

    def __init__(self, measure: Measure, start: Callable[[], None], count: int) -> None:
        self._measure = measure
        self._start = start
        self._count = count
        self._copies: list[_Copy] | None = None

    def run(self, batch: Batch, done: Done) -> None:
        if self._copies is None:
            self._copies = []
            self._start()
            while alone() and len(self._copies) < self._count and (copy := self._copy(self._copies)):
                self._copies.append(copy)
        for copy in self._copies:
            copy.collect(self._measure)
        idle = max(self._copies, key=lambda copy: len(copy.slots), default=None)
        if not (idle and idle.slots and idle.send(batch, done)):
            done(self._measure(batch))

    def wait(self) -> None:
        for copy in self._copies or ():
            copy.collect(self._measure, wait=True)

    def _copy(self, others: Sequence[_Copy]) -> _Copy | None:
        """One more copy; None where the system gives no more."""
        jobs, results = os.pipe(), os.pipe()
        memory = mmap(-1, SLOTS * SLOT)
        try:
            pid = os.fork()
        except OSError:
            for end in (*jobs, *results):
                os.close(end)
            return None
        if pid == 0:
            # The ends of this process are closed in the copy, or it would not see when they are closed here.
            _serve(self._measure, memory, jobs[0], results[1], (jobs[1], results[0], *_ends(others)))
        os.close(jobs[0])
        os.close(results[1])
        return _Copy(pid, memory, jobs[1], results[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for copy in self._copies or ():
            copy.end()


class _Job(NamedTuple):
    slot: int
    batch: Batch
    done: Done


class _Copy:
    """A copy of this process: our ends of two pipes, and the memory that both see.

    A batch goes into a slot of the memory, and its place and length into one pipe; the length of its figures and they
    themselves come back through the other. Batches are kept until then, so that nothing is lost when a copy is.
    """

    def __init__(self, pid: int, memory: mmap, jobs: int, results: int) -> None:
        from select import POLLIN, poll

        self.ends = (jobs, results)
        self.slots = list(range(SLOTS))
        self._pid = pid
        self._memory = memory
        self._jobs: deque[_Job] = deque()
        self._poll = poll()
        self._poll.register(results, POLLIN)

    def send(self, batch: Batch, done: Done) -> bool:
        """Give it a batch; False where that does not fit in."""
        data = marshal.dumps(batch)
        if len(data) > SLOT:
            return False
        slot = self.slots.pop()
        self._memory[slot * SLOT : slot * SLOT + len(data)] = data
        self._jobs.append(_Job(slot, batch, done))
        # A copy that has ended is noticed when its figures are collected.
        with suppress(BrokenPipeError):
            _write(self.ends[0], slot.to_bytes(HEAD // 2) + len(data).to_bytes(HEAD // 2))
        return True

    def collect(self, measure: Measure, *, wait: bool = False) -> None:
        """Hand over the figures that are there, or with `wait` all; those of a copy that has ended are made here."""
        while self._jobs and (wait or self._poll.poll(0)):
            length = _read(self.ends[1], HEAD)
            data = _read(self.ends[1], int.from_bytes(length)) if length else None
            if data is None:
                self.slots.clear()
                while self._jobs:
                    job = self._jobs.popleft()
                    job.done(measure(job.batch))
            else:
                job = self._jobs.popleft()
                self.slots.append(job.slot)
                job.done(marshal.loads(data))

    def end(self) -> None:
        import signal

        for end in self.ends:
            os.close(end)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _ends(copies: Iterable[_Copy]) -> Iterator[int]:
    return (end for copy in copies for end in copy.ends)


def _serve(measure: Measure, memory: mmap, jobs: int, results: int, others: Iterable[int]) -> NoReturn:
    """What a copy does: measures what it is given until nothing more can come. What fails here is done over there."""
    try:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        for end in others:
            os.close(end)
        while head := _read(jobs, HEAD):
            start = int.from_bytes(head[: HEAD // 2]) * SLOT
            figures = measure(marshal.loads(memory[start : start + int.from_bytes(head[HEAD // 2 :])]))
            data = marshal.dumps(figures)
            _write(results, len(data).to_bytes(HEAD) + data)
    finally:
        os._exit(0)


def _read(pipe: int, length: int) -> bytes | None:
    """So many bytes; None where the other end closes before."""
    data = b""
    while len(data) < length:
        more = os.read(pipe, length - len(data))
        if not more:
            return None
        data += more
    return data


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]
