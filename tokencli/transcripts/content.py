"""What readers share: where they put the messages of a JSON value, and how the parts of messages are made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from tokencli.model.transcript import Media, MediaKind, Message, Part, Tool, ToolForm

Claim = Literal["", "fits", "mine"]
"""What a reader says of a value: not its format; could be, as it could be another's; is, by a mark of its own."""


class Out:
    """Takes what a reader finds in one JSON value after the other.

    `line` is the 1-based line of the value at hand, None where the file is one value. `left_out` counts what is no
    content, by what it is, `notes` what else is worth a word.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.tools: list[Tool] = []
        self.left_out: dict[str, int] = {}
        self.notes: dict[str, int] = {}
        self.model = ""
        self.line: int | None = None
        self.seen: set[str] = set()
        self.blocks: set[int] = set()
        self._count = 0
        self._conversation = 0
        self._key = ""
        self._calls: dict[str, str] = {}

    def message(
        self,
        role: str,
        parts: Iterable[Part],
        name: str = "",
        *,
        key: str = "",
        stream: bool = False,
        grows: bool = False,
    ) -> None:
        """Add a message. Those in a row with the same role and `key` are one that a log wrote down in pieces; in a
        `stream` a text goes on where the last one ended, and where it `grows` a text that begins with all of the last
        one stands for it."""
        found = tuple(parts)
        if key and key == self._key and self.messages and self.messages[-1].role == role:
            last = self.messages[-1]
            if stream:
                self.messages[-1] = last._replace(parts=_joined(last.parts, found))
            else:
                kept = last.parts[:-1] if grows and _has_grown(last.parts, found) else last.parts
                self.messages[-1] = last._replace(parts=kept + found)
            return
        self.messages.append(Message(self._count, role, found, name, self.line, self._conversation))
        self._count += 1
        self._key = key

    def begin(self) -> None:
        """A conversation of its own begins, as in each line of a batch."""
        self._conversation += 1

    def note(self, what: str) -> None:
        """Count something worth a word."""
        self.notes[what] = self.notes.get(what, 0) + 1

    def leave_out(self, what: str) -> None:
        """Count something that is no content."""
        self.left_out[what] = self.left_out.get(what, 0) + 1

    def call(self, name: object, arguments: object, identity: object = None) -> Part:
        """The part of a tool's call; remembers the name for the result of the same identity."""
        called = words(name)
        if isinstance(identity, str) and called:
            self._calls[identity] = called
        return Part("tool_call", json_text(arguments), called)

    def name_of(self, identity: object) -> str:
        """The name of the tool that was called under an identity, "" where no call has it."""
        return self._calls.get(identity, "") if isinstance(identity, str) else ""

    def note_model(self, value: object) -> None:
        """Remember the first model that is named."""
        if isinstance(value, str) and not self.model:
            self.model = value

    def drain(self, *, all: bool = False) -> list[Message]:
        """The messages that nothing can be added to any more; with `all` every one."""
        keep = 1 if self._key and not all else 0
        done = self.messages[: len(self.messages) - keep]
        self.messages = self.messages[len(done) :]
        return done


def _joined(parts: tuple[Part, ...], found: tuple[Part, ...]) -> tuple[Part, ...]:
    """Parts of a stream and what comes next of it."""
    if parts and found and parts[-1].kind == found[0].kind and parts[-1].kind in ("text", "thinking"):
        whole = parts[-1]._replace(text=parts[-1].text + found[0].text)
        return (*parts[:-1], whole, *found[1:])
    return parts + found


def _has_grown(parts: tuple[Part, ...], found: tuple[Part, ...]) -> bool:
    """Whether the first part found is the last one with more text."""
    if not parts or not found or parts[-1].kind not in ("text", "thinking"):
        return False
    return found[0].kind == parts[-1].kind and found[0].text.startswith(parts[-1].text)


def words(value: object) -> str:
    """The value if it is a string that can be encoded, else ""; a half of a surrogate pair becomes U+FFFD."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in value)
    return value


def json_text(value: object) -> str:
    """A string as it is, nothing for null, any other value as JSON in one line."""
    if value is None:
        return ""
    return words(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list, without what is none; of an object itself; nothing of any other value."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def items(value: object, out: Out) -> list[dict[str, Any]]:
    """The items of a content, a text among them as an item of its own; what is neither is left out and counted."""
    found: list[dict[str, Any]] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            found.append({"type": "text", "text": item})
        elif isinstance(item, dict):
            found.append(item)
        elif item is not None:
            out.leave_out(f"content of type {type(item).__name__}, which is none")
    return found


def all_objects(value: object) -> bool:
    """Whether the value is a list of objects, and not empty."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def thinking(text: object, out: Out) -> list[Part]:
    """Thinking as a part; what is encrypted, and so without text, is left out and counted."""
    if found := words(text):
        return [Part("thinking", found)]
    out.leave_out("encrypted thinking")
    return []


def media(
    kind: MediaKind,
    *,
    data: object = None,
    url: object = None,
    mime: object = None,
    detail: object = None,
    name: object = None,
) -> Part:
    """A part that is no text. `data` is base64, `url` an address or a data URL; neither is kept nor fetched."""
    from tokencli.media import from_base64, from_data_url

    said = mime if isinstance(mime, str) else None
    if isinstance(url, str) and url[:5].lower() == "data:":
        found = from_data_url(url)
    elif isinstance(data, str) and data:
        found = from_base64(data, said)
    else:
        found = Media(kind, said, source="url" if url else "id")
    found = found._replace(kind=kind, mime=found.mime or said, detail=detail if isinstance(detail, str) else None)
    return Part(kind, "", words(name), found)


def kind_of(mime: object) -> MediaKind:
    """The kind of media of a MIME type."""
    head = mime.partition("/")[0] if isinstance(mime, str) else ""
    return head if head in ("image", "audio", "video") else "file"  # type: ignore[return-value]


def tool(given: Mapping[str, Any], form: ToolForm) -> Tool | None:
    """A tool's definition, whose parameters stand under the key of its form, with OpenAI's inside `function` perhaps;
    None where it has no name."""
    value = (mapping(given.get("function")) or given) if form == "openai" else given
    name = value.get("name")
    if not isinstance(name, str):
        return None
    keys = {"anthropic": ("input_schema",), "mcp": ("inputSchema",)}
    schemas = (
        value.get(key) for key in keys.get(form, ("parameters", "parametersJsonSchema", "parameters_json_schema"))
    )
    schema = next((found for found in schemas if found is not None), None)
    return Tool(words(name), words(value.get("description")), schema, form, given)
