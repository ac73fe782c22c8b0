"""Counts transcripts: parts of messages and definitions of tools as texts, media by their formulas, framing by model.

The texts are handed out to be measured with those of other files; what comes back is added up here. A column may count
other texts of a part than another one, as Gemini counts no JSON syntax, so figures are kept by the way of taking texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from tokencli import framing, media, transcripts
from tokencli.cutting import PART, cut
from tokencli.encoders import load
from tokencli.framing import Rule, Tokens
from tokencli.model import ZERO, Column, Count, Document, FileCount
from tokencli.model.transcript import (
    Framing,
    FramingLine,
    Media,
    Message,
    MessageCount,
    Part,
    PartCount,
    Tool,
    ToolCount,
    Transcript,
    TranscriptCount,
)
from tokencli.plugins import load as load_plugins

if TYPE_CHECKING:
    import re

    from tokencli.sources.text import Text
    from tokencli.transcripts import Reader

SHOWN = 5
"""So many broken lines are named, with their reasons."""

PEEK = 4096


class Counter(Protocol):
    """As in `tokencli.counting`."""

    @property
    def cut(self) -> re.Pattern[str]: ...
    def finish(self, features: tuple[int, ...], /) -> Count: ...


class Spot:
    """The figures of some texts, for every counter."""

    __slots__ = ("figures",)

    def __init__(self, counters: int) -> None:
        self.figures: list[tuple[int, ...]] = [()] * counters

    def add(self, measured: Sequence[tuple[int, ...]]) -> None:
        for at, figures in enumerate(measured):
            old = self.figures[at]
            self.figures[at] = tuple(map(sum, zip(old, figures, strict=True))) if old else figures


Spots = tuple[Spot, ...]
"""One for each way of taking texts, all the same where they take the same texts."""

Given = tuple[Spot, str, bool]
"""A text to be measured, where its figures go, and whether it goes on after a cut."""


class _Part(NamedTuple):
    kind: str
    name: str
    spots: Spots
    media: tuple[Count, ...] | None


def may_be(document: Document) -> bool:
    """Whether a file begins like JSON, so that a count that is remembered may be that of its text only."""
    head = document.data
    if head is None and document.file is not None and document.signature is not None:
        try:
            with open(document.file, "rb") as file:
                head = file.read(PEEK)
        except OSError:
            return True
    start = (head or b"").lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return start[:1] in (b"{", b"[")


class Options(Protocol):
    """As in `tokencli.counting`."""

    @property
    def reader(self) -> str | None: ...
    @property
    def messages(self) -> bool: ...
    @property
    def detail(self) -> str | None: ...
    @property
    def plugins(self) -> tuple[str, ...]: ...


class Sniffer:
    """Opens the transcripts of one run."""

    def __init__(
        self, columns: Sequence[Column], counters: Sequence[Counter], places: Sequence[int], options: Options
    ) -> None:
        self._made = columns, counters, places
        self._options = options
        self._readers: list[Reader] = []

    def may_be(self, document: Document) -> bool:
        """Whether a count that is remembered may be that of the text alone, as the file begins like JSON."""
        return bool(self._options.reader) or may_be(document)

    def open(self, at: int, document: Document, text: Text) -> tuple[TranscriptTally | None, Iterator[str] | None, str]:
        """The transcript in a text; without one its chunks again, and a word on why if that is no matter of course."""
        if not self._readers:
            self._readers = readers(self._options.plugins)
        wanted = self._options.reader
        found, chunks, why = transcripts.open_file(text.chunks(), document.path, self._readers, wanted)
        if found is None:
            return None, chunks, why
        options = {"whole": self._options.messages, "detail": self._options.detail}
        return TranscriptTally(at, document, found, *self._made, **options), None, ""  # type: ignore[arg-type]


def readers(plugins: Sequence[str]) -> list[Reader]:
    """The readers that ship, and those of the user's own modules."""
    own = load_plugins(plugins, "transcript format", ("FORMAT", "claims", "read")) if plugins else []
    return [*transcripts.built_in(), *(cast("Reader", module) for module in own)]


class TranscriptTally:
    """One transcript, the `at`-th document, while its texts are counted.

    `places` says which of the counters each column has. With `whole` every message is kept, else only sums.
    """

    def __init__(
        self,
        at: int,
        document: Document,
        transcript: Transcript,
        columns: Sequence[Column],
        counters: Sequence[Counter],
        places: Sequence[int],
        *,
        whole: bool,
        detail: str | None = None,
    ) -> None:
        self.at = at
        self._document = document
        self._transcript = transcript
        self._columns = columns
        self._counters = counters
        self._places = places
        self._whole = whole
        self._detail = detail
        self._rules = [rule_of(column) for column in columns]
        # Columns by the way that their rules take texts of parts; and so of tools.
        self._of_parts = _Ways([rule.part_texts for rule in self._rules], len(counters))
        self._of_tools = _Ways([rule.tool_texts for rule in self._rules], len(counters))
        self._messages: list[tuple[Message, list[_Part]]] = []
        self._tools: list[tuple[str, Spots]] = []
        self._sums: dict[tuple[str, str, str], _Part] = {}
        self._size = 0
        self._notes: dict[str, int] = {}
        self._uncounted: dict[str, int] = {}

    def texts(self) -> Iterator[Given]:
        """All texts that are to be measured; the transcript is read on the way."""
        conversation: int | None = None
        told = 0
        for message in self._transcript.messages:
            if message.conversation != conversation:
                for rule in self._rules:
                    if conversation is not None:
                        rule.end()
                    rule.begin()
                conversation = message.conversation
            # A value's tools are read before its messages come out.
            yield from self._new_tools(told)
            told = len(self._transcript.tools)
            for rule in self._rules:
                rule.message(message)
            yield from self._message(message)
        if conversation is not None:
            for rule in self._rules:
                rule.end()
        yield from self._new_tools(told)

    def _new_tools(self, told: int) -> Iterator[Given]:
        for tool in self._transcript.tools[told:]:
            for rule in self._rules:
                rule.tool(tool)
            yield from self._tool(tool)

    def _message(self, message: Message) -> Iterator[Given]:
        self._size += 1
        kept: list[_Part] = []
        for part in message.parts:
            known = self._media(part.media) if part.media else None
            key = (message.role, part.kind, part.name)
            if self._whole or known is not None:
                spots = self._of_parts.new(part)
            else:
                spots = self._sums[key].spots if key in self._sums else self._of_parts.apart()
            found = _Part(part.kind, part.name, spots, known)
            if self._whole:
                kept.append(found)
            elif known is not None and key in self._sums and self._sums[key].media is not None:
                self._sums[key] = found._replace(media=_added(self._sums[key].media or (), known))
            else:
                self._sums.setdefault(key, found)
            yield from self._given(self._of_parts.take(part, spots))
        if self._whole:
            # What was said is counted by now or soon; only its counts are kept.
            self._messages.append((message._replace(parts=()), kept))

    def _tool(self, tool: Tool) -> Iterator[Given]:
        spots = self._of_tools.new(tool)
        self._tools.append((tool.name, spots))
        yield from self._given(self._of_tools.take(tool, spots))

    def _given(self, texts: Iterable[tuple[Spot, str]]) -> Iterator[Given]:
        for spot, text in texts:
            if len(text) <= PART:
                yield spot, text, False
            else:
                patterns = [one.cut for one in self._counters]
                for number, piece in enumerate(cut(iter((text,)), patterns, self._document.path)):
                    yield spot, piece, number > 0

    def _media(self, found: Media) -> tuple[Count, ...]:
        """The counts of media in every column; what is not known counts nothing, and that is noted."""
        counts = []
        for column in self._columns:
            number, _, _, note = media.tokens(column, found, detail=self._detail)
            if number is None:
                self._uncounted[f"{found.kind}: {note}"] = self._uncounted.get(f"{found.kind}: {note}", 0) + 1
            else:
                self._notes[note] = self._notes.get(note, 0) + 1
            counts.append(number or ZERO)
        return tuple(counts)

    def settle(self, text: Text) -> FileCount:
        """The file's counts, when every text has been measured."""
        messages = tuple(self._counted(message, parts) for message, parts in self._messages)
        tools = tuple(ToolCount(name, self._counts(spots, self._of_tools)) for name, spots in self._tools)
        sums = self._summed(messages, tools)
        for column, rule in enumerate(self._rules):
            rule.thinking(sum(counts[column].tokens for (_, kind, _), counts in sums.items() if kind == "thinking"))
        framed = tuple(_framing(rule) for rule in self._rules)
        counts = tuple(self._total(column, made) for column, made in enumerate(framed))
        # What was exact for text is not where framing or media are estimates.
        columns = tuple(
            replace(column, method="estimate") if count.low != count.high else column
            for column, count in zip(self._columns, counts, strict=True)
        )
        missing = self._missing()
        made_of = TranscriptCount(self._size, messages, tools, framed, sums, self._said(), missing)
        warnings = (*text.warnings, *self._warnings(), *missing)
        changed = columns if columns != tuple(self._columns) else ()
        path, kind = self._document.path, self._transcript.format
        return FileCount(path, kind, text.bytes, counts, warnings, columns=changed, transcript=made_of)

    def _counts(self, spots: Spots, ways: _Ways) -> tuple[Count, ...]:
        """The counts of some texts in every column."""
        found = []
        for column, place in enumerate(self._places):
            figures = spots[ways.of[column]].figures[place]
            found.append(self._counters[place].finish(figures) if figures else ZERO)
        return tuple(found)

    def _part_counts(self, part: _Part) -> tuple[Count, ...]:
        counts = self._counts(part.spots, self._of_parts)
        return counts if part.media is None else _added(counts, part.media)

    def _counted(self, message: Message, parts: Sequence[_Part]) -> MessageCount:
        counted = tuple(PartCount(part.kind, part.name, self._part_counts(part)) for part in parts)  # type: ignore[arg-type]
        total = tuple(sum(each, ZERO) for each in zip(*(part.counts for part in counted), strict=True))
        empty = (ZERO,) * len(self._columns)
        return MessageCount(message.index, message.role, message.name, message.line, total or empty, counted)

    def _summed(
        self, messages: Sequence[MessageCount], tools: Sequence[ToolCount]
    ) -> dict[tuple[str, str, str], tuple[Count, ...]]:
        sums = {key: self._part_counts(part) for key, part in self._sums.items()}
        for message in messages:
            for part in message.parts:
                key = (message.role, str(part.kind), part.name)
                sums[key] = _added(sums[key], part.counts) if key in sums else part.counts
        for tool in tools:
            key = ("", "tool", tool.name)
            sums[key] = _added(sums[key], tool.counts) if key in sums else tool.counts
        return sums

    def _total(self, column: int, framed: Framing) -> Count:
        """The count of the file in a column. A range is that of all texts together, not the sum of their ranges."""
        place, part_way, tool_way = self._places[column], self._of_parts.of[column], self._of_tools.of[column]
        parts = self._parts()
        spots = [part.spots[part_way] for part in parts] + [spots[tool_way] for _, spots in self._tools]
        figures = [spot.figures[place] for spot in spots if spot.figures[place]]
        content = self._counters[place].finish(tuple(map(sum, zip(*figures, strict=True)))) if figures else ZERO
        return sum((part.media[column] for part in parts if part.media), content) + framed.tokens

    def _parts(self) -> list[_Part]:
        return [part for _, parts in self._messages for part in parts] if self._whole else list(self._sums.values())

    def _warnings(self) -> tuple[str, ...]:
        """What makes the count other than the file may let one think."""
        found = []
        skipped = self._transcript.skipped
        if skipped:
            lines = "; ".join(f"line {line.line}: {line.reason}" for line in skipped[:SHOWN])
            more = f"; and {len(skipped) - SHOWN:,} more" if len(skipped) > SHOWN else ""
            found.append(f"{_many(len(skipped), 'line')} skipped ({lines}{more})")
        if self._transcript.repeated:
            keys = ", ".join(self._transcript.repeated)
            found.append(f"keys that an object has twice, the last one counted ({keys})")
        return tuple(found)

    def _missing(self) -> tuple[str, ...]:
        """What could not be counted, and why."""
        found = []
        for what, count in self._uncounted.items():
            kind, _, why = what.partition(": ")
            found.append(f"{_many(count, kind)} not counted ({why})")
        return tuple(found)

    def _said(self) -> tuple[str, ...]:
        """What was left out and what else is worth a word."""
        found = []
        if self._transcript.left_out:
            rows = ", ".join(f"{count:,} {what}" for what, count in self._transcript.left_out.items())
            found.append(f"left out: {rows}")
        found += [f"{count:,} {what}" for what, count in self._transcript.notes.items()]
        if self._transcript.model and all(column.model is None for column in self._columns):
            found.append(f"the file names {self._transcript.model}: -m {self._transcript.model} counts framing too")
        return (*found, *self._notes)


class _Ways:
    """The ways in which columns take texts of something: one where all take the same."""

    def __init__(self, takers: Sequence[Callable[..., tuple[str, ...]]], counters: int) -> None:
        distinct = list(dict.fromkeys(takers))
        self.of = [distinct.index(taker) for taker in takers]
        self._takers = distinct
        self._counters = counters

    def new(self, value: Part | Tool) -> Spots:
        """Spots for a part or tool of its own: a single one for all ways that take the same texts."""
        if len(self._takers) == 1:
            return (Spot(self._counters),)
        taken = [taker(value) for taker in self._takers]
        made = {texts: Spot(self._counters) for texts in taken}
        return tuple(made[texts] for texts in taken)

    def apart(self) -> Spots:
        """Spots for many parts together, one for each way."""
        return tuple(Spot(self._counters) for _ in self._takers)

    def take(self, value: Part | Tool, spots: Spots) -> Iterator[tuple[Spot, str]]:
        """The texts of a part or tool, each once for each of its spots."""
        seen: list[Spot] = []
        for taker, spot in zip(self._takers, spots, strict=True):
            if all(spot is not other for other in seen):
                seen.append(spot)
                for text in taker(value):
                    yield spot, text


def rule_of(column: Column) -> Rule:
    """The rule of framing for one file in this column."""
    encoder = load(column.proxy or column.encoding)
    return framing.rule(column)(column.model or "", column.encoding, Tokens(encoder.count_all, encoder.cut))


def _framing(rule: Rule) -> Framing:
    lines = tuple(FramingLine(line.what, line.tokens) for line in rule.lines())
    return Framing(rule.title, sum((line.tokens for line in lines), ZERO), lines)


def _added(left: Sequence[Count], right: Sequence[Count]) -> tuple[Count, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
