"""What a transcript holds: messages with their parts, tools, media. NamedTuples, quick to define; no behaviour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from tokencli.model import Count

MediaKind = Literal["image", "audio", "video", "file"]
PartKind = Literal["text", "tool_call", "tool_result", "thinking", "image", "audio", "video", "file"]
ToolForm = Literal["openai", "anthropic", "mcp", "gemini"]


class Media(NamedTuple):
    """A part that is no text, as far as it is known without fetching anything; None where it is not known.

    `width` and `height` are pixels, `seconds` the length of sound or film, `bytes` the size of the encoded file,
    `detail` the resolution asked for in the provider's word ("low", "high", "MEDIA_RESOLUTION_LOW", ...), `source`
    where it is: "inline", "url", "id" or a path.
    """

    kind: MediaKind
    mime: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    bytes: int | None = None
    detail: str | None = None
    source: str | None = None


class Part(NamedTuple):
    """A piece of a message. `text` is what a model reads of it ("" for media), `name` is the tool's where there is
    one; a part that is media has `media`."""

    kind: PartKind
    text: str
    name: str = ""
    media: Media | None = None


class Message(NamedTuple):
    """One message, its 0-based index, the 1-based line it stands on where the file has lines, and the number of the
    conversation it belongs to, which is the same throughout but for batches and data sets."""

    index: int  # type: ignore[assignment]  # hides a method of tuples that nothing needs
    role: str
    parts: tuple[Part, ...]
    name: str = ""
    line: int | None = None
    conversation: int = 0


class Tool(NamedTuple):
    """A tool that the model is told of; `schema` is the JSON value of its parameters, None where it has none, `given`
    the whole definition as it stands in the file, None where that is not known."""

    name: str
    description: str
    schema: Any
    form: ToolForm
    given: Any = None


class BadLine(NamedTuple):
    """A line of a JSONL file that could not be read, 1-based, and why."""

    line: int
    reason: str


class Transcript(NamedTuple):
    """A file as its reader took it. System prompts are messages with the role "system".

    `messages` may be read once only, and fills `tools` and `skipped` as it goes where the file is a stream: look at
    these two after the last message; the same holds for `left_out`, which counts what is no content by what it is
    (rows that are never sent, thinking that is encrypted), `notes` what else is worth a word (messages of sub-agents),
    and `repeated`, keys that a JSON object has twice. `model`
    is the first one that the beginning of the file names, "" where it names none.
    """

    format: str
    messages: Iterable[Message]
    tools: list[Tool]
    skipped: list[BadLine]
    model: str
    left_out: dict[str, int]
    notes: dict[str, int]
    repeated: dict[str, int]


class PartCount(NamedTuple):
    """The counts of a part, one per column."""

    kind: PartKind
    name: str
    counts: tuple[Count, ...]


class MessageCount(NamedTuple):
    """The counts of a message's content, one per column; they are the sums of its parts'."""

    index: int  # type: ignore[assignment]  # as of Message
    role: str
    name: str
    line: int | None
    counts: tuple[Count, ...]
    parts: tuple[PartCount, ...]


class ToolCount(NamedTuple):
    """The counts of a tool's definition, one per column."""

    name: str
    counts: tuple[Count, ...]


class FramingLine(NamedTuple):
    """One kind of framing in one column, in words, and its tokens, which may be below 0."""

    what: str
    tokens: Count


class Framing(NamedTuple):
    """The framing of one column: whose rule it is, its sum, and its lines."""

    rule: str
    tokens: Count
    lines: tuple[FramingLine, ...]


class TranscriptCount(NamedTuple):
    """What a file is counted as that was read as a transcript.

    The sum of messages, tools and framing is the count of the file. `messages` is empty where they were not asked for;
    `size` is their number in any case. `sums` has the counts by role and kind of part (a tool's definition is of the
    role "" and the kind "tool"), with the name of the tool where there is one. `notes` say what was left out, and what
    media were counted by; `uncounted` names what has tokens that are not known, and are in no number.
    """

    size: int
    messages: tuple[MessageCount, ...]
    tools: tuple[ToolCount, ...]
    framing: tuple[Framing, ...]
    sums: dict[tuple[str, str, str], tuple[Count, ...]]
    notes: tuple[str, ...]
    uncounted: tuple[str, ...] = ()
