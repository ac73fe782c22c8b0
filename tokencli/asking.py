"""Documents and models in, the providers' own counts out, with the counts made here beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

from tokencli import catalog, counting, transcripts
from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, Count, Document, FileCount, Problem, Skipped
from tokencli.model.transcript import Message, Tool
from tokencli.remote import bodies
from tokencli.remote.client import GENERAL, Client
from tokencli.remote.endpoints import Endpoint, endpoint, provider_of
from tokencli.remote.store import Known, Pair, Store
from tokencli.sources.text import read
from tokencli.transcribing import readers

AT_ONCE = 4
"""Requests under way at the same time."""

MOST_TEXT = 8 << 20
"""Bytes of one text: about what the largest context windows hold."""

UNREAD = (
    "content of type",
    "tool of type",
    "tool without",
    "tools that",
    "item of type",
    "item that",
    "encrypted",
    "pair of",
)
"""How readers name what a model may be given and they leave out; the rest of what they leave out is never sent."""

MOST_IN_ALL = 32 << 20
MOST_REQUESTS = 1_000
"""What one run sends at most: more is rather a slip than a wish."""


class Asked(NamedTuple):
    """A model as it is asked about: the name that goes to the provider, its id in the catalog, where, and how it is
    counted here."""

    model: str
    id: str
    endpoint: Endpoint
    remote: Column
    local: Column


class Request(NamedTuple):
    """One request: the place of its document in the plan, the place of its model among those asked about."""

    document: int
    model: int
    payload: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked: the documents with their counts made here, the requests without a known answer in `open`,
    the answers known by document and model; what was left out, what failed."""

    asked: tuple[Asked, ...]
    local: tuple[Column, ...]
    files: list[FileCount] = field(default_factory=list)
    open: list[Request] = field(default_factory=list)
    known: dict[tuple[int, int], Known] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    transcripts: dict[int, str] = field(default_factory=dict)
    """What was read as a transcript, by document: as which, in words."""

    @property
    def bytes(self) -> int:
        """How much is about to be sent."""
        return sum(len(request.payload) for request in self.open)


def asked(names: Sequence[str], environ: Mapping[str, str]) -> tuple[Asked, ...]:
    """The models of these names; TokError for one that no known endpoint counts, or that there is no key for."""
    found: dict[str, Asked] = {}
    for name in names:
        column = catalog.resolve(name)
        maker, model = catalog.offered(name)
        provider = provider_of(maker, name)
        remote = Column(provider.counter, "provider", model=model, window=column.window)
        local = replace(column, model=None, window=None)
        found.setdefault(model, Asked(model, str(column.model), endpoint(provider, environ), remote, local))
    return tuple(found.values())


def local_columns(models: Sequence[Asked]) -> tuple[Column, ...]:
    """How the models are counted here, each way once."""
    found: dict[tuple[str, str], Column] = {}
    for one in models:
        found.setdefault((one.local.encoding, one.local.method), one.local)
    return tuple(found.values())


class Reading(NamedTuple):
    """How documents are read: as text whatever they are; else those that are named, if they are transcripts (all of
    them where a `reader` is named), as conversations. `plugins` are modules with further formats."""

    as_text: bool = False
    reader: str | None = None
    plugins: tuple[str, ...] = ()


def plan(models: Sequence[Asked], documents: Sequence[Document], store: Store | None, reading: Reading) -> Plan:
    """Read the documents, count them here and look up what was answered before; nothing is sent yet.

    TokError where it is more than one run sends.
    """
    made = Plan(tuple(models), local_columns(models))
    for document in documents:
        try:
            _add(made, document, store, reading)
        except TokError as error:
            made.problems.append(Problem(error.code, f"{document.path}: {error.message}", error.hint))
        if made.bytes > MOST_IN_ALL or len(made.open) > MOST_REQUESTS:
            limit = f"{MOST_REQUESTS:,} requests and {MOST_IN_ALL >> 20} MB"
            hint = "name fewer files; what was answered is not asked again"
            raise TokError(f"--remote sends at most {limit} in a run", hint=hint, code="too-much", exit=ExitCode.USAGE)
    return made


def _add(made: Plan, document: Document, store: Store | None, reading: Reading) -> None:
    """Put a document into the plan; TokError without its path where that cannot be done."""
    text = _text(document, as_text=reading.as_text)
    if text is None:
        made.skipped.append(Skipped(document.path, "binary"))
        return
    content, size, warnings = text
    if not content:
        if not document.named:
            made.skipped.append(Skipped(document.path, "empty"))
            return
        raise TokError("it is empty", hint="providers count no empty message", code="empty")
    spoken = _conversation(document, content, reading)
    requests = [_body(one, content, spoken) for one in made.asked]
    copy = Document(document.path, size, data=content.encode(), named=True)
    options = counting.Options(as_text=True)
    if spoken:
        options = counting.Options(transcripts=True, reader=spoken.format, plugins=reading.plugins)
    counted = counting.count([copy], made.local, options).files[0]
    at = len(made.files)
    for place, (one, body) in enumerate(zip(made.asked, requests, strict=True)):
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        request = Request(at, place, payload, _key(one, payload))
        known = store.answer(request.key) if store else None
        if known is None:
            made.open.append(request)
        else:
            made.known[at, place] = known
    if spoken:
        made.transcripts[at] = f"{document.path}: read as {spoken.format}: {spoken.size}"
    # The parts of a transcript have counts made here only, which no table could show beside the provider's.
    made.files.append(
        replace(counted, bytes=size, warnings=(*warnings, *counted.warnings), columns=(), transcript=None)
    )


class _Conversation(NamedTuple):
    """A transcript: its format, the JSON value that it is if it is one, messages, tools, its size in words, and what
    the reader left out of what a model may be given."""

    format: str
    value: object
    messages: Sequence[Message]
    tools: Sequence[Tool]
    size: str
    unread: str


def _conversation(document: Document, content: str, reading: Reading) -> _Conversation | None:
    """The conversation in a file; None where it is sent as text. TokError for what is not sent whole."""
    if reading.as_text or not (reading.reader or (document.named and transcripts.may_be(content))):
        return None
    prefix = f"{document.path}: "
    try:
        known = readers(reading.plugins)
        found, _, why = transcripts.open_file([content], document.path, known, reading.reader)
    except TokError as error:
        raise TokError(error.message.removeprefix(prefix), hint=error.hint, code=error.code, exit=error.exit) from None
    if found is None:
        if why:
            raise TokError(why.partition(":")[0], hint="--as text sends it as text", code="not-a-transcript")
        return None
    messages = list(found.messages)
    several = len({message.conversation for message in messages})
    if several > 1:
        hint = "write each into a file of its own; --as text sends the whole as text"
        raise TokError(f"it holds {several:,} conversations, and one is a request", hint=hint, code="not-sent")
    if found.skipped:
        bad = found.skipped[0]
        raise TokError(f"line {bad.line} is not read ({bad.reason})", hint="mend or remove it", code="not-sent")
    size = _many(len(messages), "message")
    size += f", {_many(len(found.tools), 'tool')}" if found.tools else ""
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    unread = next((what for what in found.left_out if what.startswith(UNREAD)), "")
    return _Conversation(found.format, value, messages, found.tools, size, unread)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _body(one: Asked, content: str, spoken: _Conversation | None) -> bodies.JSON:
    """The request for a model: the provider's own as it stands in the file, else made of the messages."""
    name = one.endpoint.provider.name
    if spoken is None:
        return bodies.body(name, one.model, bodies.of_text(content))
    own = bodies.own_body(name, one.model, spoken.format, spoken.value)
    if own is None and spoken.unread:
        hint = "count it without --remote"
        raise TokError(f"it holds {spoken.unread}, which --remote cannot send", hint=hint, code="not-sent")
    return own if own is not None else bodies.body(name, one.model, spoken.messages, spoken.tools)


def _text(document: Document, *, as_text: bool) -> tuple[str, int, tuple[str, ...]] | None:
    """The text, its size in bytes and the reader's warnings; None for what a walk found that is no text."""
    try:
        text = read(document, as_text=as_text)
    except TokError as error:
        prefix = f"{document.path}: "
        raise TokError(error.message.removeprefix(prefix), hint=error.hint, code=error.code) from None
    if text.kind != "text":
        if not document.named:
            return None
        raise TokError(f"no text to count ({text.reason})", hint="--as text takes its bytes as text", code=text.kind)
    if text.whole is None or len(text.whole) > MOST_TEXT:
        hint = "it would fit no context window; without --remote it is counted here"
        raise TokError(f"over {MOST_TEXT >> 20} MB, too large for one request", hint=hint, code="too-large")
    return text.whole, text.bytes, text.warnings


def _key(one: Asked, payload: bytes) -> bytes:
    where = json.dumps([one.endpoint.provider.name, one.model, one.endpoint.url(one.model)])
    return sha256(where.encode() + b"\0" + payload).digest()


def ask(
    made: Plan,
    connect: Callable[[], Client],
    store: Store | None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileCount], list[Problem]]:
    """Send what is open, a few requests at once; the counts of the files, the provider's columns first, and problems.

    A file counts only if every model was answered. After an error that every request would meet no more is sent;
    where nothing was answered at all it is raised.
    """
    answers = {place: known.tokens for place, known in made.known.items()}
    failed: dict[int, TokError] = {}
    general = _send(made, connect, store, answers, failed, progress) if made.open else None
    if general is not None and not answers:
        raise general
    files, problems = [], []
    unasked = 0
    for at, file in enumerate(made.files):
        own = [answers.get((at, place)) for place in range(len(made.asked))]
        counts = tuple(Count(tokens, tokens, tokens) for tokens in own if tokens is not None)
        if len(counts) == len(own):
            files.append(replace(file, counts=(*counts, *file.counts)))
        elif at in failed:
            problems.append(_problem(failed[at], f"{file.path}: "))
        else:
            unasked += 1
    if general is not None:
        left = f" ({unasked:,} of {len(made.files):,} files have no answer)" if unasked else ""
        problems.append(Problem(general.code, general.message + left, general.hint))
    return files, problems


def cut(file: FileCount, columns: int) -> FileCount:
    """The file with its first columns only."""
    return replace(file, counts=file.counts[:columns])


def _problem(error: TokError, where: str) -> Problem:
    return Problem(error.code, where + error.message, error.hint)


def _send(
    made: Plan,
    connect: Callable[[], Client],
    store: Store | None,
    answers: dict[tuple[int, int], int],
    failed: dict[int, TokError],
    progress: Callable[[int, int], None] | None,
) -> TokError | None:
    """Ask what is open and fill in answers and errors by document; the error that made it stop, if one did."""
    general: TokError | None = None
    sent = 0
    work = _Workers(made, connect)
    try:
        while work.under_way:
            request, result = work.next()
            sent += len(request.payload)
            if isinstance(result, int):
                answers[request.document, request.model] = result
                if store:
                    store.keep(request.key, result, _pairs(made, request, result))
            elif result.code in GENERAL:
                general = general or result
            else:
                failed.setdefault(request.document, result)
            if progress:
                progress(sent, made.bytes)
            if general is None:
                work.go_on()
    finally:
        work.end()
    return general


class _Workers:
    """Threads that ask what is open, `AT_ONCE` requests at a time; `under_way` is how many are asked now.

    Nothing waits for the threads: an interrupt ends the program in the middle of a request.
    """

    def __init__(self, made: Plan, connect: Callable[[], Client]) -> None:
        self.under_way = 0
        self._asked = made.asked
        self._client = connect()
        self._waiting = iter(made.open)
        self._todo: SimpleQueue[Request | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Request, int | BaseException]] = SimpleQueue()
        for _ in range(min(AT_ONCE, len(made.open))):
            Thread(target=self._work, daemon=True).start()
            self.go_on()

    def go_on(self) -> None:
        """Have the next request asked, if there is one."""
        request = next(self._waiting, None)
        if request is not None:
            self._todo.put(request)
            self.under_way += 1

    def next(self) -> tuple[Request, int | TokError]:
        """The next request that is through, with its answer or its error; a bug is raised."""
        request, result = self._done.get()
        self.under_way -= 1
        if not isinstance(result, int | TokError):
            raise result
        return request, result

    def end(self) -> None:
        """Let the threads end; what is under way still is left to itself."""
        for _ in range(AT_ONCE):
            self._todo.put(None)
        if not self.under_way:
            self._client.close()

    def _work(self) -> None:
        while (request := self._todo.get()) is not None:
            one = self._asked[request.model]
            try:
                self._done.put((request, self._client.ask(one.endpoint, one.model, request.payload)))
            except BaseException as problem:
                self._done.put((request, problem))


def _pairs(made: Plan, request: Request, remote: int) -> list[Pair]:
    """The count made here for the model that was asked, beside the provider's; of texts only, as the frames in the
    provider's count of a conversation would be taken for an error of the tokenizer."""
    if request.document in made.transcripts:
        return []
    one = made.asked[request.model]
    way = (one.local.encoding, one.local.method)
    content = sha256(request.payload).digest()
    return [
        Pair(one.id, *way, one.endpoint.host, content, count.tokens, remote)
        for column, count in zip(made.local, made.files[request.document].counts, strict=True)
        if (column.encoding, column.method) == way
    ]
