"""The front matter of Markdown files as agents read it: keys at the left margin, texts and lists.

No YAML reader: `globs: **/*.ts`, which Cursor's own files hold, is none, and a file that cannot be parsed is loaded by
its agent all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)(?:^|(?<=\n))(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*)|)$")

Front = Mapping[str, tuple[str, ...]]
"""The values of each key, in order; of a key without one, none."""


def split(text: str) -> tuple[Front | None, str]:
    """The front matter and what follows it; None and the whole text where there is none."""
    found = FENCE.match(text)
    if found is None:
        return None, text
    return _values(found[1]), text[found.end() :]


def text_of(front: Front | None, key: str) -> str:
    """The text of a key, in one line; "" where it has none."""
    return " ".join((front or {}).get(key, ()))


def is_true(front: Front | None, key: str) -> bool:
    """Whether a key is true."""
    return text_of(front, key).lower() == "true"


def patterns_of(front: Front | None, key: str) -> list[str]:
    """The globs of a key: a list, or one text with commas between them, those in braces aside."""
    values = (front or {}).get(key, ())
    return [part.strip() for value in values for part in re.split(r",(?![^{]*\})", value) if part.strip()]


def _values(block: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    key = ""
    for line in block.splitlines():
        header = KEY.match(line.rstrip())
        if header is not None:
            key = header[1]
            found[key] = _first((header[2] or "").strip())
        elif key and line.strip() and not line.startswith("#"):
            found[key].append(_plain(re.sub(r"^\s*-\s+", "", line).strip()))
    return {name: tuple(filter(None, values)) for name, values in found.items()}


def _first(value: str) -> list[str]:
    """What stands behind a key: nothing of a block that follows, the items of `[a, b]`, or a text."""
    if re.fullmatch(r"[|>][+-]?\d?", value):
        return []
    if value.startswith("[") and value.endswith("]"):
        return [_plain(item.strip()) for item in re.split(r",(?![^{]*\})", value[1:-1])]
    return [_plain(value)]


def _plain(value: str) -> str:
    """A text without its quotes, or without the comment behind it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return re.sub(r"\s+#.*", "", value)
