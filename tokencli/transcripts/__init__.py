"""Transcripts: files that hold the messages of a conversation or the tools of an agent. One file for each format.

A reader is a module with a `FORMAT` and two functions: `claims`, which looks at one JSON value (a file of JSON, or a
line of JSONL) and says whether it is of its format, and `read`, which puts the messages and tools of such a value into
an `Out`. Nothing but content is taken: JSON syntax, ids, times and usage figures are not what a model reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple, Protocol, cast

from tokencli.errors import ExitCode, TokError
from tokencli.model.transcript import BadLine, Message, Transcript
from tokencli.transcripts.content import Claim, Out, words

BUILT_IN = ("openai_chat", "openai_responses", "anthropic", "gemini", "claude_code", "codex", "tools", "sharegpt")

LONGEST = 32 << 20
"""Characters of a line, or of a file that is one JSON value: so much is held, and a longer line skipped."""

SAID = 8 << 20
"""Characters of a file up to which it is said why it is no transcript."""

TEXT = "counted as text"

SNIFFED = 40
"""Lines that are looked at to tell the format of a JSONL file."""

MARKED = re.compile(
    r'"(?:messages|role|content|contents|conversations?|choices|input|instructions|output|system|tools|function|'
    r"functions|candidates|payload|message|body|type|functionDeclarations|function_declarations|input_schema|"
    r'inputSchema|request|response|parts)"'
)
"""Some key that every built-in format has: a file without any needs no closer look."""


class Reader(Protocol):
    """A format's module."""

    @property
    def FORMAT(self) -> str: ...  # noqa: N802
    def claims(self, value: Any, /) -> Claim: ...
    def read(self, value: Any, out: Out, /) -> bool:
        """Put the content of a value into `out`; False where the value is not of this format."""


class Json:
    """Parses JSON. `repeated` counts keys that an object has twice: the last one is taken, as everywhere."""

    def __init__(self) -> None:
        self.repeated: dict[str, int] = {}
        self._decode = json.JSONDecoder(object_pairs_hook=self._pairs).decode

    def __call__(self, text: str) -> Any:
        """The value, without halves of surrogate pairs, which nothing can encode; ValueError for what is no JSON,
        RecursionError for what is nested too deeply."""
        value = self._decode(text)
        return _encodable(value) if "\\ud" in text or "\\uD" in text else value

    def _pairs(self, items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) != len(items):
            seen: set[str] = set()
            for key, _ in items:
                if key in seen:
                    self.repeated[key] = self.repeated.get(key, 0) + 1
                seen.add(key)
        return made


class Shape(NamedTuple):
    """How a file is laid out: values on lines (JSONL) or a single one, the values of its beginning, and keys that
    these have twice."""

    lines: bool
    values: list[Any]
    repeated: dict[str, int]


def _encodable(value: Any) -> Any:
    """The value with U+FFFD for the halves of surrogate pairs in all its texts."""
    if isinstance(value, str):
        return words(value)
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    return {words(key): _encodable(item) for key, item in value.items()} if isinstance(value, dict) else value


def built_in() -> list[Reader]:
    """The readers that ship, in the order in which they are listed."""
    return [cast(Reader, import_module(f"tokencli.transcripts.{name}")) for name in BUILT_IN]


def may_be(head: str) -> bool:
    """Whether a text that begins like this may be JSON at all: cheap, for every file that is named."""
    return head.lstrip()[:1] in ("{", "[")


def named(format_name: str, readers: Sequence[Reader]) -> Reader:
    """The reader of a format; TokError (usage) with the nearest names for an unknown one."""
    for reader in readers:
        if format_name == reader.FORMAT:
            return reader
    from difflib import get_close_matches

    known = [reader.FORMAT for reader in readers]
    near = get_close_matches(format_name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"text, or one of {', '.join(known)}"
    raise TokError(f"--as: unknown format {format_name!r}", hint=hint, code="usage", exit=ExitCode.USAGE)


def sniff(head: str, name: str, readers: Sequence[Reader], *, complete: bool = True) -> Reader | None:
    """The reader that claims a file by its beginning (all of it where it is `complete`); None for no transcript.

    TokError `ambiguous` where parts of it are of one format and parts of another: that is not guessed.
    """
    shape = look(head, complete=complete)
    return claimant(shape, name, readers) if shape else None


def claimant(shape: Shape, name: str, readers: Sequence[Reader]) -> Reader | None:
    """The only reader that claims what was seen, by its own marks before what could be of several."""
    claims = {at: [reader.claims(value) for value in shape.values] for at, reader in enumerate(readers)}
    for strength in ("mine", "fits"):
        found = [at for at, said in claims.items() if strength in said]
        if len(found) == 1:
            return readers[found[0]]
        if found:
            formats = " and ".join(readers[at].FORMAT for at in found)
            raise TokError(
                f"{name}: has marks of {formats}",
                hint="--as FORMAT reads it as one of them, --as text counts it as text",
                code="ambiguous",
            )
    return None


def look(head: str, *, complete: bool) -> Shape | None:
    """The layout of a file and its first values; None where it is no JSON, or one value that has not ended yet."""
    text = head.lstrip()
    if text[:1] not in ("{", "[") or not MARKED.search(text):
        return None
    parse = Json()
    first, newline, rest = text.partition("\n")
    alone = complete and not rest.strip()
    value = _value(first, parse) if newline or complete else None
    if value is not None:
        return Shape(not alone, [value] if alone else _first_values(text, complete, parse), parse.repeated)
    if complete and not alone and (value := _value(text, parse)) is not None:
        return Shape(False, [value], parse.repeated)
    # A broken first line does not make the others text; the lines of one JSON value are rarely values themselves.
    values = _first_values(text, complete, parse)
    lines = min(text.count("\n") + complete, SNIFFED)
    objects = sum(isinstance(value, dict) for value in values)
    return Shape(True, values, parse.repeated) if objects and 2 * objects >= lines else None


def _first_values(text: str, complete: bool, parse: Json) -> list[Any]:
    lines = text.split("\n", SNIFFED)[:SNIFFED]
    if not complete and len(lines) < SNIFFED:
        lines.pop()
    return [value for line in lines if (value := _value(line, parse)) is not None]


def _value(text: str, parse: Json) -> Any:
    """The value of a text; None where it is no JSON (null is nothing that a transcript is made of)."""
    try:
        return parse(text)
    except (ValueError, RecursionError):
        return None


def open_file(
    chunks: Iterable[str], name: str, readers: Sequence[Reader], wanted: str | None = None
) -> tuple[Transcript | None, Iterator[str], str]:
    """The transcript in a text that comes in chunks. Without one: None, the whole text again, and a word on why where
    that is no matter of course.

    `wanted` names the format, and then there is a transcript or a TokError.
    """
    coming = iter(chunks)
    taken = [next(coming, "")]
    following = next(coming, None)
    head, complete = taken[0], following is None
    if following is not None:
        taken.append(following)
    shape = look(head, complete=complete)
    size = len(head)
    if shape is None and not complete and may_be(head) and (wanted or MARKED.search(head)):
        size = sum(map(len, taken))
        while size <= LONGEST and (following := next(coming, None)) is not None:
            taken.append(following)
            size += len(following)
        complete = size <= LONGEST
        shape = look("".join(taken), complete=True) if size <= LONGEST else None
    rest = chain(taken, coming)
    reader = named(wanted, readers) if wanted else claimant(shape, name, readers) if shape else None
    if wanted and shape is None:
        raise TokError(f"{name}: {_why_not(taken, size)}", hint="--as text counts it as text", code="not-a-transcript")
    if reader is None or shape is None:
        if size > LONGEST:
            return None, rest, f"one JSON value of more than {LONGEST >> 20} million characters: {TEXT}"
        return None, rest, _why_text("".join(taken)) if shape is None and complete and size < SAID else ""
    return _opened(reader, shape, rest, name), iter(()), ""


def _why_text(text: str) -> str:
    """Why a text that looks like a transcript could not be parsed; "" where it is JSON, or does not look like one."""
    if not may_be(text) or not MARKED.search(text):
        return ""
    try:
        json.loads(text)
    except RecursionError:
        return f"nested too deeply to be read as JSON: {TEXT}"
    except ValueError as error:
        reason = str(error).partition(";")[0]
        return f"no JSON ({reason}): {TEXT}"
    return ""


def _why_not(taken: Sequence[str], size: int) -> str:
    if size > LONGEST:
        return f"one JSON value of more than {LONGEST >> 20} million characters is not read as a transcript"
    try:
        json.loads("".join(taken))
    except RecursionError:
        return "no transcript (nested too deeply)"
    except ValueError as error:
        return f"no transcript, not JSON: {error}"
    return "no transcript: none of the keys that formats have"


def _opened(reader: Reader, shape: Shape, chunks: Iterator[str], name: str) -> Transcript:
    out = Out()
    skipped: list[BadLine] = []
    if shape.lines:
        early = Out()
        for value in shape.values:
            _read(reader, value, early)
        parse = Json()
        messages: Iterable[Message] = _messages(reader, _lines(chunks, skipped), parse, out, skipped)
        return Transcript(reader.FORMAT, messages, out.tools, skipped, early.model, *_rest(out, parse.repeated))
    if reason := _read(reader, shape.values[0], out):
        raise TokError(f"{name}: {reason}", hint="--as text counts it as text", code="not-a-transcript")
    messages = out.drain(all=True)
    return Transcript(reader.FORMAT, messages, out.tools, skipped, out.model, *_rest(out, shape.repeated))


def _rest(out: Out, repeated: dict[str, int]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    return out.left_out, out.notes, repeated


def _read(reader: Reader, value: Any, out: Out) -> str:
    """Read one value; the reason where that fails."""
    try:
        return "" if reader.read(value, out) else f"nothing of {reader.FORMAT}"
    except RecursionError:
        return "nested too deeply"


def _messages(
    reader: Reader, lines: Iterator[tuple[int, str]], parse: Json, out: Out, skipped: list[BadLine]
) -> Iterator[Message]:
    for out.line, text in lines:
        try:
            reason = _read(reader, parse(text), out)
        except RecursionError:
            reason = "nested too deeply"
        except ValueError as error:
            reason = f"no JSON: {error}"
        if reason:
            skipped.append(BadLine(out.line, reason))
        yield from out.drain()
    yield from out.drain(all=True)


def _lines(chunks: Iterable[str], skipped: list[BadLine]) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; one that is too long to hold is skipped."""
    number = 1
    parts: list[str] = []
    held = 0
    for chunk in chunks:
        pieces = chunk.split("\n")
        for at, piece in enumerate(pieces):
            held += len(piece)
            if held <= LONGEST:
                parts.append(piece)
            else:
                parts.clear()
            if at == len(pieces) - 1:
                break
            yield from _line(number, parts, held, skipped)
            parts, held, number = [], 0, number + 1
    yield from _line(number, parts, held, skipped)


def _line(number: int, parts: list[str], held: int, skipped: list[BadLine]) -> Iterator[tuple[int, str]]:
    if held > LONGEST:
        skipped.append(BadLine(number, f"longer than {LONGEST >> 20} million characters"))
        return
    line = "".join(parts)
    if line and not line.isspace():
        yield number, line
