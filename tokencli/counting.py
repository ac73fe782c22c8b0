"""Documents and columns in, counts per file out: looks in the cache, reads, cuts large inputs, counts in threads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tokencli.cutting import LONGEST_UNCUT, PART, cut
from tokencli.encoders import load
from tokencli.errors import TokError
from tokencli.model import ZERO, Column, Count, Document, FileCount, Problem, Section, Skipped
from tokencli.sources.text import WHOLE, read
from tokencli.workers import Batch, Figures, Inline, Workers, workers

if TYPE_CHECKING:
    from tokencli.cache import Cache, Entry
    from tokencli.encoders import Parallel
    from tokencli.media.files import MediaCounter
    from tokencli.sources.text import Text
    from tokencli.transcribing import Sniffer, TranscriptTally

# Small texts are counted in batches of this many code points: small enough that threads start early and end together.
BATCH = 1 << 18
# Below this many bytes in all, starting helpers costs more than they save.
SHARED = 2 << 20

# Below this many bytes in all, counting is done before a database would be open.
CACHED = 200_000
# Part of every cache key: raise it when the same bytes would be counted otherwise than before.
RULES = 3

MEDIA = ("image", "audio", "video")
"""Kinds of files that are counted by what their header says, where they are named."""

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to count: `special` reads special-token text as such tokens, `as_text` takes nothing for binary,
    `sections` adds the Markdown sections of each file, `media` counts images and sounds that are named, at the
    resolution `detail`. `transcripts` reads files that are named as transcripts where they are, with the modules
    `plugins` too; `reader` says as which, walked files too. `messages` keeps the counts of each message."""

    special: bool = False
    as_text: bool = False
    sections: bool = False
    media: bool = False
    detail: str | None = None
    transcripts: bool = False
    reader: str | None = None
    messages: bool = False
    plugins: tuple[str, ...] = ()


DEFAULT = Options()


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the documents: counts, what was left out, what failed."""

    files: tuple[FileCount, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


class Counter(Protocol):
    """One way of counting, in figures that add up over cuts; `finish` turns their sum into a count."""

    @property
    def cut(self) -> re.Pattern[str]: ...
    @property
    def parallel(self) -> Parallel: ...
    def expect(self, size: int) -> None: ...
    def start(self) -> None: ...
    def measure_all(
        self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()
    ) -> list[tuple[int, ...]]: ...
    def finish(self, features: tuple[int, ...], /) -> Count: ...


class TokenCounter:
    """Counts with an encoder whose numbers stand without a range."""

    def __init__(self, encoding: str) -> None:
        self._encoder = load(encoding)
        self.longest: int = getattr(self._encoder, "longest", LONGEST_UNCUT)
        self.parallel = self._encoder.parallel
        self.expect = self._encoder.expect
        self.start = self._encoder.start

    @property
    def cut(self) -> re.Pattern[str]:
        return self._encoder.cut

    def measure_all(
        self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()
    ) -> list[tuple[int, ...]]:
        return [(tokens,) for tokens in self._encoder.count_all(texts, special=special, inner=inner)]

    def finish(self, features: tuple[int, ...], /) -> Count:
        (tokens,) = features
        return Count(tokens, tokens, tokens)


def counter(column: Column) -> Counter:
    """The way to count that a column asks for."""
    if column.method == "estimate":
        from tokencli.encoders import estimate

        return estimate.load(column.proxy or column.encoding)
    return TokenCounter(column.encoding)


def _distinct(columns: Sequence[Column]) -> tuple[list[Column], list[int]]:
    """The columns that count differently, and for each column the place of its like among them."""
    keys = [(column.encoding, column.method, column.proxy) for column in columns]
    firsts = list(dict.fromkeys(keys))
    return [columns[keys.index(key)] for key in firsts], [firsts.index(key) for key in keys]


def fingerprint(column: Column, options: Options) -> str:
    """What, beside its bytes, the count of a file in this column depends on."""
    from tokencli.encoders import recipe

    made_of = recipe(column.proxy or column.encoding)
    parts = [str(RULES), column.encoding, column.method, made_of.kind, made_of.sha256[:16]]
    if column.method == "estimate":
        from tokencli.encoders import estimate

        parts.append(estimate.version())
    parts += [word for word, on in (("special", options.special), ("as-text", options.as_text)) if on]
    return " ".join(parts)


OpenCache = Callable[[Sequence[str]], "Cache"]
"""Opens the cache for a list of fingerprints."""


def count(
    documents: Sequence[Document],
    columns: Sequence[Column],
    options: Options = DEFAULT,
    *,
    open_cache: OpenCache | None = None,
    progress: Progress | None = None,
) -> Counted:
    """The counts of every document in every column; what cannot be read becomes a Problem and the rest goes on.

    A document that is no text is skipped where it was found in a walk and a Problem where it was named. The cache
    is opened only where there is enough to count, and not for sections, which it does not hold.
    """
    cache = None
    if open_cache and not options.sections and sum(document.size for document in documents) >= CACHED:
        cache = open_cache([fingerprint(column, options) for column in _distinct(columns)[0]])
    run = _Run(columns, options, cache, progress)
    try:
        files, skipped, problems = run.count(documents)
    finally:
        if cache:
            cache.close()
    notes = tuple(cache.notes) if cache else ()
    return Counted(files, skipped, problems, (*notes, *(run.media.notes if run.media else ())))


class _Tally:
    """One document, the `at`-th, while its parts are counted: the figures of every distinct counter so far.

    `settle` is called with it when it has been read to its end and nothing is `missing`.
    """

    __slots__ = ("at", "digest", "document", "figures", "missing", "sections", "settle", "size", "warnings")

    def __init__(self, at: int, document: Document, counters: int, settle: Callable[[_Tally], None]) -> None:
        self.settle = settle
        self.missing = 1
        self.at = at
        self.document = document
        self.digest: bytes | None = None
        self.figures: list[tuple[int, ...]] = [()] * counters
        self.size = 0
        self.warnings: tuple[str, ...] = ()
        self.sections: tuple[Section, ...] = ()

    def add(self, measured: Sequence[tuple[int, ...]]) -> None:
        for at, figures in enumerate(measured):
            old = self.figures[at]
            self.figures[at] = tuple(map(sum, zip(old, figures, strict=True))) if old else figures
        self.ended()

    def ended(self) -> None:
        """A part was added, or all have been read."""
        self.missing -= 1
        if not self.missing:
            self.settle(self)


class Adding(Protocol):
    """Something that figures are added to."""

    def add(self, measured: Sequence[tuple[int, ...]]) -> None: ...


Part = tuple[Adding, str, bool]
"""A part of a document's text, what its figures belong to, and whether it goes on after a cut."""


def _hand_over(parts: Sequence[Part], work: Workers) -> None:
    """Have the parts measured, and their figures added to the tallies."""
    tallies = [tally for tally, _, _ in parts]

    def done(figures: Sequence[Figures]) -> None:
        for tally, own in zip(tallies, figures, strict=True):
            tally.add(own)

    work.run(([text for _, text, _ in parts], [within for _, _, within in parts]), done)


class _Run:
    """One call of `count`."""

    def __init__(
        self, columns: Sequence[Column], options: Options, cache: Cache | None, progress: Progress | None
    ) -> None:
        distinct, self._places = _distinct(columns)
        self._counters = [counter(column) for column in distinct]
        # How many code points may be measured in one piece.
        self._longest = min(getattr(one, "longest", LONGEST_UNCUT) for one in self._counters)
        self._options = options
        self._cache = cache
        self._progress = progress
        self._files: dict[int, FileCount] = {}
        self._skipped: list[Skipped] = []
        self._problems: list[Problem] = []
        self._columns = columns
        self._sniffer: Sniffer | None = None
        self._transcripts: list[tuple[TranscriptTally, Text]] = []
        self.media: MediaCounter | None = None

    def count(
        self, documents: Sequence[Document]
    ) -> tuple[tuple[FileCount, ...], tuple[Skipped, ...], tuple[Problem, ...]]:
        known = self._cache.lookup(documents) if self._cache else [None] * len(documents)
        unknown: list[tuple[int, Document]] = []
        for at, (document, entry) in enumerate(zip(documents, known, strict=True)):
            if entry is None or (self._sniffs(document) and self._reading().may_be(document)):
                unknown.append((at, document))
            else:
                self._take(at, document, entry)
        if unknown:
            self._count_new(unknown)
        for transcript, text in self._transcripts:
            self._files[transcript.at] = transcript.settle(text)
        files = tuple(self._files[at] for at in sorted(self._files))
        return files, tuple(self._skipped), tuple(self._problems)

    def _count_new(self, documents: Sequence[tuple[int, Document]]) -> None:
        size = sum(document.size for _, document in documents)

        for one in self._counters:
            one.expect(size)
        if size < SHARED:
            self._count_all(documents, size, Inline(self._measure))
        else:
            ways = {one.parallel for one in self._counters}
            itself, threads = ways == {"itself"}, ways != {"copies"}
            with workers(self._measure, self._start, itself=itself, threads=threads) as shared:
                self._count_all(documents, size, shared)

    def _start(self) -> None:
        for one in self._counters:
            one.start()

    def _count_all(self, documents: Sequence[tuple[int, Document]], size: int, work: Workers) -> None:
        done = weight = 0
        batch: list[Part] = []
        for at, document in documents:
            read = 0
            try:
                for part in self._parts(at, document):
                    batch.append(part)
                    weight += len(part[1])
                    read += len(part[1])
                    if self._progress:
                        self._progress(done + min(read, document.size), size)
                    if weight >= BATCH:
                        _hand_over(batch, work)
                        batch, weight = [], 0
            except TokError as error:
                self._problems.append(Problem(error.code, error.message, error.hint))
            done += document.size
        if batch:
            _hand_over(batch, work)
        work.wait()

    def _parts(self, at: int, document: Document) -> Iterator[Part]:
        """The text of a document in parts that may be counted apart."""
        text = read(document, as_text=self._options.as_text, digest=self._cache is not None)
        chunks: Iterator[str] | None = None
        why = ""
        if text.kind == "text" and self._sniffs(document) and (self._options.reader or text.first in ("{", "[")):
            transcript, chunks, why = self._reading().open(at, document, text)
            if transcript:
                yield from transcript.texts()
                self._transcripts.append((transcript, text))
                return
        known = self._cache.by_content(text.digest) if self._cache and text.digest else None
        if self._cache and text.digest and known:
            self._cache.put(document, text.digest, known)
            self._take(at, document, known)
            return
        if text.kind != "text":
            if self._cache and text.digest:
                self._cache.put(document, text.digest, _entry(text.kind, text.bytes, len(self._counters), text.reason))
            self._refuse(at, document, text.kind, text.reason)
            return
        tally = _Tally(at, document, len(self._counters), self._settle)
        for number, part in enumerate(self._cut(text, document.path, chunks)):
            tally.missing += 1
            yield tally, part, number > 0
        tally.size = text.bytes
        tally.warnings = (*text.warnings, why) if why else text.warnings
        tally.digest = text.digest
        if self._options.sections:
            self._add_sections(tally, text)
        tally.ended()

    def _sniffs(self, document: Document) -> bool:
        """Whether a document is to be looked at as a transcript."""
        asked = bool(self._options.reader) or (self._options.transcripts and document.named)
        return asked and not self._options.as_text

    def _reading(self) -> Sniffer:
        if self._sniffer is None:
            from tokencli.transcribing import Sniffer

            self._sniffer = Sniffer(self._columns, self._counters, self._places, self._options)
        return self._sniffer

    def _add_sections(self, tally: _Tally, text: Text) -> None:
        from tokencli.sections import MARKDOWN, sections

        path = tally.document.path
        if path != "-" and not path.lower().endswith(MARKDOWN):
            return
        if text.whole is None:
            tally.warnings = (*tally.warnings, f"over {WHOLE >> 20} MB, too large to be split into sections")
        else:
            tally.sections = sections(text.whole, self._count_text)

    def _cut(self, text: Text, path: str, chunks: Iterator[str] | None) -> Iterator[str]:
        whole = self._longest if self._options.special else PART
        if text.whole is not None and len(text.whole) <= whole:
            return iter((text.whole,))
        # Special-token text must not be cut, and it holds places where ordinary text may be.
        patterns = [] if self._options.special else [one.cut for one in self._counters]
        return cut(text.chunks() if chunks is None else chunks, patterns, path, self._longest)

    def _take(self, at: int, document: Document, entry: Entry) -> None:
        """A document whose count is known."""
        if entry.kind == "text":
            counts = entry.counts if len(self._places) == 1 else tuple(entry.counts[place] for place in self._places)
            self._files[at] = FileCount(document.path, "text", entry.bytes, counts, entry.notes)
        else:
            self._refuse(at, document, entry.kind, " ".join(entry.notes))

    def _refuse(self, at: int, document: Document, kind: str, reason: str) -> None:
        if document.named and self._options.media and kind in MEDIA:
            self._count_media(at, document)
        elif document.named:
            message = f"{document.path}: no text to count ({reason})"
            self._problems.append(Problem(kind, message, "--as text counts its bytes as text"))
        else:
            self._skipped.append(Skipped(document.path, kind))

    def _count_media(self, at: int, document: Document) -> None:
        """Count an image or a sound by its header, which no cache remembers."""
        if self.media is None:
            from tokencli.media.files import MediaCounter

            self.media = MediaCounter(self._columns, self._options.detail)
        found = self.media.count(document)
        if isinstance(found, FileCount):
            self._files[at] = found
        else:
            self._problems.append(found)

    def _measure(self, batch: Batch) -> list[Figures]:
        texts, inner = batch
        special = self._options.special
        return list(zip(*(one.measure_all(texts, special=special, inner=inner) for one in self._counters), strict=True))

    def _count_text(self, text: str) -> tuple[Count, ...]:
        special = self._options.special
        counts = [one.finish(one.measure_all([text], special=special)[0]) for one in self._counters]
        return tuple(counts[place] for place in self._places)

    def _settle(self, tally: _Tally) -> None:
        """A document whose parts are all counted."""
        counts = tuple(one.finish(own) for one, own in zip(self._counters, tally.figures, strict=True))
        if self._cache and tally.digest:
            self._cache.put(tally.document, tally.digest, _entry("text", tally.size, counts, *tally.warnings))
        own = tuple(counts[place] for place in self._places)
        path = tally.document.path
        self._files[tally.at] = FileCount(path, "text", tally.size, own, tally.warnings, tally.sections)


def _entry(kind: str, size: int, counts: tuple[Count, ...] | int, *notes: str) -> Entry:
    """What the cache remembers; of a document that is no text, that many empty counts."""
    from tokencli.cache import Entry

    return Entry(kind, size, (ZERO,) * counts if isinstance(counts, int) else counts, notes)
