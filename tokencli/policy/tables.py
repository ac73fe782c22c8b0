"""TOML read strictly: tables whose values are asked for by type, and the line on which each of them stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from tokencli.config import parse_toml
from tokencli.errors import ExitCode, TokError

MOST = 1_000_000
"""Bytes of a settings file, a baseline or a lock; a larger one is none."""

Path = tuple[str | int, ...]
"""Keys from the top of a document, and numbers in arrays of tables: ("rules", 2, "paths")."""

TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|\#[^\n]*', re.DOTALL
)  # Comments too: a quote in them begins no text.
HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


class Source(NamedTuple):
    """A file that was read: its path from the root of the repository, its values, and the lines they stand on."""

    path: str
    values: Mapping[str, Any]
    lines: Mapping[Path, int]

    def place(self, at: Path) -> str:
        """`path:line` of a value, or of the nearest one around it whose line is known."""
        while at and at not in self.lines:
            at = at[:-1]
        return f"{self.path}:{self.lines[at]}" if at else self.path


class Table:
    """One table, every key of which is known. `what` names it in messages: `a rule`."""

    def __init__(self, source: Source, at: Path, values: object, known: Sequence[str], what: str) -> None:
        self.source, self.at, self.known = source, at, known
        if not isinstance(values, Mapping):
            raise wrong(source.place(at), f"{what} is a table of settings", "write [[rules]] above its lines")
        self.values: Mapping[str, Any] = values
        for key in values:
            if key not in known:
                raise self.wrong(key, f"unknown key {key!r} of {what}", near(key, known, f"{what} takes"))

    def wrong(self, key: str, message: str, hint: str = "") -> TokError:
        """The error about one of the keys, with its line."""
        return wrong(self.source.place((*self.at, key) if key else self.at), message, hint)

    def text(self, key: str) -> str:
        """A text that is not empty; "" where the key is not there."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, f"{key} takes a text", f'put it in quotes: {key} = "..."')
        if key in self.values and not value.strip():
            raise self.wrong(key, f"{key} is empty", "leave the line out, or say something")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts, none of them empty; () where the key is not there."""
        value = self.values.get(key, ())
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise self.wrong(key, f"{key} takes a text or a list of texts")
        if key in self.values and not (items and all(item.strip() for item in items)):
            raise self.wrong(key, f"{key} is empty or holds an empty text", "leave it out, or name something")
        return tuple(items)

    def word(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self.values.get(key, default)
        if value not in choices and (key in self.values):
            hint = near(value, choices, f"{key} takes") if isinstance(value, str) else ""
            shown = repr(value) if isinstance(value, str) else "that"
            raise self.wrong(key, f"{shown} is not one of {', '.join(choices)}", hint)
        return str(value)

    def flag(self, key: str) -> bool:
        """True or false; false where the key is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, f"{key} takes true or false", "without quotes")
        return value

    def whole(self, key: str) -> int | None:
        """A whole number of at least 0."""
        value = self.values.get(key)
        if value is not None and not is_whole(value):
            raise self.wrong(key, f"{key} takes a whole number of at least 0", f"such as {key} = 2000")
        return value

    def day(self, key: str) -> date | None:
        """A date of TOML, which is no text and has no time."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.wrong(key, f"{key} takes a date", f"without quotes and time: {key} = 2027-01-31")
        return value

    def tables(self, key: str) -> list[tuple[Path, object]]:
        """The tables of an array, each with its place."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            hint = f"write [[{key}]] with two brackets" if isinstance(value, Mapping) else f"write [[{key}]] above each"
            raise self.wrong(key, f"{key} takes an array of tables", hint)
        return [((*self.at, key, number), item) for number, item in enumerate(value)]


def is_whole(value: object) -> bool:
    """Whether this is a whole number of at least 0; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def parse(path: str, data: bytes, *, inside: tuple[str, ...] = ()) -> Source:
    """A TOML file, or of pyproject.toml the table `inside`; TokError (usage) for one that cannot be read."""
    text = decoded(path, data)
    try:
        values: Any = parse_toml(text)
    except ValueError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        where = f"{path}:{line[1]}" if line else path
        raise wrong(where, f"not valid TOML: {problem}", "mend the file; nothing is checked without it") from problem
    for name in inside:
        values = values.get(name, {})
        if not isinstance(values, Mapping):
            raise wrong(path, f"[{'.'.join(inside)}] is not a table")
    return Source(path, values, _lines(text, inside))


def decoded(path: str, data: bytes) -> str:
    """The text of a file that belongs to the policy; TokError (usage) for one that is too large or not UTF-8."""
    if len(data) > MOST:
        raise wrong(path, f"larger than {MOST:,} bytes", "split it, or leave something out")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise wrong(path, f"byte {problem.start + 1} is not UTF-8", "save the file as UTF-8") from problem


def near(word: str, choices: Sequence[str], otherwise: str) -> str:
    """A hint: the nearest of the choices, or all of them."""
    from difflib import get_close_matches

    found = get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"did you mean {found[0]!r}?" if found else f"{otherwise}: {', '.join(choices)}"


def wrong(where: str, message: str, hint: str = "") -> TokError:
    """The error about a place of a file that belongs to the policy."""
    return TokError(f"{where}: {message}", hint=hint, code="config", exit=ExitCode.USAGE)


def _lines(text: str, inside: tuple[str, ...]) -> dict[Path, int]:
    """The 1-based line of every header and key below `inside`; tomllib tells none."""
    lines: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    head: Path = ()
    for number, line in enumerate(TEXT.sub(_without_lines, text).split("\n"), 1):
        if header := HEADER.match(line):
            head = _numbered(_names(header[2]), counts, new=header[1] == "[[")
            at = head
        elif key := KEY.match(line):
            at = (*head, *_names(key[1]))
        else:
            continue
        if at[: len(inside)] == inside:
            for depth in range(len(inside) + 1, len(at) + 1):
                lines.setdefault(at[len(inside) : depth], number)
    return lines


def _without_lines(token: re.Match[str]) -> str:
    """A text of several lines with nothing but its line ends; other texts as they are, comments away."""
    if token[0].startswith("#"):
        return ""
    return token[0] if token[0][:3] not in ('"""', "'''") else '""' + "\n" * token[0].count("\n")


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(
        part[1:-1] if part[0] in "\"'" else part for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^\s.\"']+", dotted)
    )


def _numbered(names: tuple[str, ...], counts: Counter[Path], *, new: bool) -> Path:
    """The path of a header: names, and after the name of an array of tables the number of the latest."""
    path: Path = ()
    for at, name in enumerate(names):
        path += (name,)
        if new and at == len(names) - 1:
            counts[path] += 1
        if path in counts:
            path += (counts[path] - 1,)
    return path
