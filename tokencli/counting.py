"""Documents and columns in, counts per file out: reads, cuts large inputs, counts in threads where that pays."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tokencli.encoders import load
from tokencli.errors import TokError
from tokencli.model import Column, Count, Document, FileCount, Problem, Section, Skipped
from tokencli.sources.text import read

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from tokencli.sources.text import Text

# Large texts are counted in parts of about this many code points; many small ones in batches of it.
PART = 1 << 20
# A text that offers no place to cut for this many code points is refused: it would have to be held whole.
LONGEST_UNCUT = 64 << 20
# Below this many bytes in all, starting threads costs more than they save.
THREADED = 2 << 20

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to count: `special` reads special-token text as such tokens, `as_text` takes nothing for binary,
    `sections` adds the Markdown sections of each file."""

    special: bool = False
    as_text: bool = False
    sections: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the documents: counts, what was left out, what failed."""

    files: tuple[FileCount, ...]
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]


class Counter(Protocol):
    """One way of counting, in figures that add up over cuts; `finish` turns their sum into a count."""

    @property
    def cut(self) -> re.Pattern[str]: ...
    @property
    def threads(self) -> bool: ...
    def expect(self, size: int) -> None: ...
    def measure(self, text: str, *, special: bool = False) -> tuple[int, ...]: ...
    def finish(self, figures: Sequence[int]) -> Count: ...


class TokenCounter:
    """Counts with an encoder whose numbers stand without a range."""

    def __init__(self, encoding: str) -> None:
        self._encoder = load(encoding)
        self.threads = self._encoder.threads
        self.expect = self._encoder.expect

    @property
    def cut(self) -> re.Pattern[str]:
        return self._encoder.cut

    def measure(self, text: str, *, special: bool = False) -> tuple[int, ...]:
        return (self._encoder.count(text, special=special),)

    def finish(self, figures: Sequence[int]) -> Count:
        (tokens,) = figures
        return Count(tokens, tokens, tokens)


def counter(column: Column) -> Counter:
    """The way to count that a column asks for."""
    if column.method == "estimate":
        from tokencli.encoders.estimate import Estimate

        return Estimate(column.proxy or column.encoding)
    return TokenCounter(column.encoding)


def count(
    documents: Sequence[Document],
    columns: Sequence[Column],
    options: Options = Options(),
    *,
    progress: Progress | None = None,
) -> Counted:
    """The counts of every document in every column; what cannot be read becomes a Problem and the rest goes on.

    A document that is no text is skipped where it was found in a walk and a Problem where it was named.
    """
    return _Run(columns, options, progress).count(documents)


class _Tally:
    """One document while its parts are counted: the figures of every distinct counter so far."""

    __slots__ = ("document", "figures", "sections", "size", "warnings")

    def __init__(self, document: Document, counters: int) -> None:
        self.document = document
        self.figures: list[tuple[int, ...]] = [()] * counters
        self.size = 0
        self.warnings: tuple[str, ...] = ()
        self.sections: tuple[Section, ...] = ()

    def add(self, measured: Sequence[tuple[int, ...]]) -> None:
        for at, figures in enumerate(measured):
            old = self.figures[at]
            self.figures[at] = tuple(map(sum, zip(old, figures, strict=True))) if old else figures


Part = tuple[_Tally, str]
Measured = list[tuple[_Tally, list[tuple[int, ...]]]]


class _Threads:
    """Measures batches in a pool and adds the results up here; holds few batches at a time."""

    def __init__(self, pool: ThreadPoolExecutor, most: int) -> None:
        self._pool = pool
        self._most = most
        self._running: deque[Future[Measured]] = deque()

    def run(self, measure: Callable[[Sequence[Part]], Measured], batch: Sequence[Part]) -> None:
        self._running.append(self._pool.submit(measure, batch))
        if len(self._running) >= self._most:
            _add(self._running.popleft().result())

    def wait(self) -> None:
        while self._running:
            _add(self._running.popleft().result())


class _Inline:
    """Measures batches at once."""

    def run(self, measure: Callable[[Sequence[Part]], Measured], batch: Sequence[Part]) -> None:
        _add(measure(batch))

    def wait(self) -> None:
        """Nothing is ever under way."""


def _add(measured: Measured) -> None:
    for tally, figures in measured:
        tally.add(figures)


class _Run:
    """One call of `count`."""

    def __init__(self, columns: Sequence[Column], options: Options, progress: Progress | None) -> None:
        keys = [(column.encoding, column.method, column.proxy) for column in columns]
        distinct = list(dict.fromkeys(keys))
        self._places = [distinct.index(key) for key in keys]
        self._counters = [counter(columns[keys.index(key)]) for key in distinct]
        self._options = options
        self._progress = progress
        self._tallies: list[_Tally] = []
        self._skipped: list[Skipped] = []
        self._problems: list[Problem] = []

    def count(self, documents: Sequence[Document]) -> Counted:
        size = sum(document.size for document in documents)
        for one in self._counters:
            one.expect(size)
        workers = (os.cpu_count() or 1) if size >= THREADED and any(one.threads for one in self._counters) else 1
        if workers == 1:
            self._count_all(documents, size, _Inline())
        else:
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(workers) as pool:
                self._count_all(documents, size, _Threads(pool, 3 * workers))
        return Counted(tuple(map(self._file, self._tallies)), tuple(self._skipped), tuple(self._problems))

    def _count_all(self, documents: Sequence[Document], size: int, work: _Inline | _Threads) -> None:
        done = weight = 0
        batch: list[Part] = []
        for document in documents:
            try:
                for tally, part in self._parts(document):
                    batch.append((tally, part))
                    weight += len(part)
                    if weight >= PART:
                        work.run(self._measure, batch)
                        batch, weight = [], 0
            except TokError as error:
                self._problems.append(Problem(error.code, error.message, error.hint))
            done += document.size
            if self._progress:
                self._progress(done, size)
        work.run(self._measure, batch)
        work.wait()

    def _parts(self, document: Document) -> Iterator[Part]:
        """The text of a document in parts that may be counted apart, each with the tally it belongs to."""
        text = read(document, as_text=self._options.as_text)
        if text.kind != "text":
            self._refuse(document, text)
            return
        tally = _Tally(document, len(self._counters))
        if text.whole is not None and (len(text.whole) <= PART or self._options.special):
            yield tally, text.whole
        else:
            # Special-token text must not be cut, and it holds places where ordinary text may be.
            patterns = [] if self._options.special else [one.cut for one in self._counters]
            for part in cut(text.chunks(), patterns, document.path):
                yield tally, part
        tally.size = text.bytes
        tally.warnings = text.warnings
        if self._options.sections and text.whole is not None:
            from tokencli.sections import MARKDOWN, sections

            if document.path.lower().endswith(MARKDOWN):
                tally.sections = sections(text.whole, self._count_text)
        self._tallies.append(tally)

    def _refuse(self, document: Document, text: Text) -> None:
        if document.named:
            message = f"{document.path}: no text to count ({text.reason})"
            self._problems.append(Problem(text.kind, message, "--as text counts its bytes as text"))
        else:
            self._skipped.append(Skipped(document.path, text.kind))

    def _measure(self, batch: Sequence[Part]) -> Measured:
        special = self._options.special
        return [(tally, [one.measure(part, special=special) for one in self._counters]) for tally, part in batch]

    def _count_text(self, text: str) -> tuple[Count, ...]:
        special = self._options.special
        return self._finish([one.measure(text, special=special) for one in self._counters])

    def _finish(self, figures: Sequence[Sequence[int]]) -> tuple[Count, ...]:
        finished = [one.finish(own or one.measure("")) for one, own in zip(self._counters, figures, strict=True)]
        return tuple(finished[place] for place in self._places)

    def _file(self, tally: _Tally) -> FileCount:
        return FileCount(
            tally.document.path, "text", tally.size, self._finish(tally.figures), tally.warnings, tally.sections
        )


def cut(chunks: Iterable[str], patterns: Sequence[re.Pattern[str]], path: str) -> Iterator[str]:
    """The text in parts of about PART code points, cut only where every pattern matches; with no pattern, uncut.

    TokError when there is no such place for LONGEST_UNCUT code points, since the parts must fit in memory.
    """
    buffer = ""
    searched = 0
    for chunk in chunks:
        buffer += chunk
        start = 0
        while patterns:
            place = _next_cut(patterns, buffer, max(start + PART, searched))
            if place is None:
                break
            yield buffer[start:place]
            start = place
        buffer = buffer[start:]
        # What has been searched need not be again, but for the last places, which had no right side to look at.
        searched = max(0, len(buffer) - 4)
        if len(buffer) > LONGEST_UNCUT:
            raise TokError(
                f"{path}: {LONGEST_UNCUT >> 20} million characters with no place to cut, too long to hold in memory",
                hint="break the text into lines or files" if patterns else "--special text counts it in parts",
                code="too-long",
            )
    yield buffer


def _next_cut(patterns: Sequence[re.Pattern[str]], text: str, start: int) -> int | None:
    first, *others = patterns
    for match in first.finditer(text, start):
        if all(pattern.match(text, match.start()) for pattern in others):
            return match.start()
    return None
