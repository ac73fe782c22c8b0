"""The shape of a card: the JSON Schema of cards, made into checks that tell the line and what to write instead.

Only the keywords that the schema uses are known; another one is refused when the checks are made, so that an extension
of the schema is never half enforced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from tokencli.rates.marks import Items, Problem, Table

Path = tuple[Any, ...]
"""The way to a value: (way to what holds it, its key), () at the top."""

Check = Callable[[Any, int, Path, list[Problem]], None]

HINTS = {
    "money": "write a plain decimal from 0 to 1000000, such as 0.25; prices of tokens are per 1,000,000",
    "when_date": "write a date such as 2026-11-22, or an instant such as 2026-11-22T16:00:00Z",
    "slug": "write lower-case letters, digits and . _ -, such as alibaba-cn",
    "hours": 'write hours such as "09:00-17:30"',
    "currency": "write three capitals, such as USD or CNY",
    "multiply": "write a factor above 0 and up to 100, such as 0.5",
}
"""What to write, by the name of a definition or a key."""

WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}

IGNORED = frozenset({"$schema", "$defs", "title", "description", "default", "format"})

EXAMPLES = {
    "schema": "schema: tok-ratecard/1",
    "provider": "provider: NAME",
    "currency": "currency: USD",
    "sources": "sources: [{url: https://..., retrieved: 2026-11-22}]",
    "models": "models: [{id: NAME, prices: [{rates: {input: 1, output: 2}}]}] (tok help ratecards)",
    "prices": "prices: [{rates: {input: 1, output: 2}}]",
    "retrieved": "retrieved: 2026-11-22, the day on which it was read",
}
"""What to write for keys that every card has."""


def check(value: Any, schema: Mapping[str, Any], out: list[Problem]) -> None:
    """Hold a value against the schema of cards; what does not fit goes to `out`, in the order of the file."""
    _made(_Schema(schema))(value, getattr(value, "line", 1), (), out)


class _Schema:
    """A schema that can be a key of a cache: there is one, and it is not changed."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content

    def __hash__(self) -> int:
        return id(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Schema) and other.content is self.content


@cache
def _made(schema: _Schema) -> Check:
    return _Maker(schema.content).make(schema.content, "")


class _Maker:
    """Makes checks of the parts of a schema, each definition once."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.definitions = root.get("$defs", {})
        self.made: dict[str, Check] = {}

    def make(self, schema: Mapping[str, Any], name: str) -> Check:
        """A check; `name` is that of the definition or key it is for, by which it finds its hint."""
        if "$ref" in schema:
            return self._definition(schema["$ref"].removeprefix("#/$defs/"))
        checks = [maker(self, schema[word], schema, name) for word, maker in _KEYWORDS.items() if word in schema]
        unknown = schema.keys() - _KEYWORDS.keys() - IGNORED
        if unknown:
            raise ValueError(f"the schema of cards uses {', '.join(sorted(unknown))}, which is not checked")

        def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
            before = len(out)
            for each in checks:
                each(value, line, path, out)
                if len(out) > before and each is checks[0]:
                    return

        return run

    def _definition(self, name: str) -> Check:
        """The check of a definition; looked up when it runs, since definitions may name each other."""
        if name not in self.made:
            self.made[name] = lambda *given: self.made[name](*given)
            self.made[name] = self.make(self.definitions[name], name)
        return self.made[name]


def _type(maker: _Maker, kind: str, schema: Mapping[str, Any], name: str) -> Check:
    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if not _is(value, kind):
            hint = HINTS.get(name) or _type_hint(value, kind)
            out.append(Problem(line, f"{said(path)} takes {WORDS[kind]}, not {shown(value)}", hint))

    return run


def _const(maker: _Maker, wanted: Any, schema: Mapping[str, Any], name: str) -> Check:
    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if value != wanted or type(value) is not type(wanted):
            out.append(Problem(line, f"{said(path)} is not {wanted}, but {shown(value)}", f"write {wanted}"))

    return run


def _enum(maker: _Maker, words: list[Any], schema: Mapping[str, Any], name: str) -> Check:
    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if not isinstance(value, str) or value not in words:
            message = f"{said(path)} is not one of {', '.join(words)}, but {shown(value)}"
            out.append(Problem(line, message, near(str(value), words) or f"write {words[0]}"))

    return run


def _pattern(maker: _Maker, pattern: str, schema: Mapping[str, Any], name: str) -> Check:
    search = re.compile(pattern).search

    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if isinstance(value, str) and not search(value):
            out.append(Problem(line, f"{said(path)} is {shown(value)}", HINTS.get(name, f"it must fit {pattern}")))

    return run


def _bound(word: str, fits: Callable[[Any, Any], bool]) -> Callable[[_Maker, Any, Mapping[str, Any], str], Check]:
    def make(maker: _Maker, bound: Any, schema: Mapping[str, Any], name: str) -> Check:
        def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
            if _is(value, "number") and not fits(value, bound):
                hint = HINTS.get(name, f"write a number that is {word} {bound}")
                out.append(Problem(line, f"{said(path)} is {value}, which is not {word} {bound}", hint))

        return run

    return make


def _least(word: str) -> Callable[[_Maker, Any, Mapping[str, Any], str], Check]:
    def make(maker: _Maker, least: int, schema: Mapping[str, Any], name: str) -> Check:
        kind = Table if word == "keys" else Items

        def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
            if isinstance(value, kind) and len(value) < least:
                out.append(Problem(line, f"{said(path)} is empty", f"write {least} or more {word}, or leave it out"))

        return run

    return make


def _longest(maker: _Maker, most: int, schema: Mapping[str, Any], name: str) -> Check:
    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if isinstance(value, str) and len(value) > most:
            out.append(Problem(line, f"{said(path)} has {len(value):,} characters", f"shorten it to {most:,}"))

    return run


def _unique(maker: _Maker, wanted: bool, schema: Mapping[str, Any], name: str) -> Check:
    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if wanted and isinstance(value, Items) and any(one in value[:at] for at, one in enumerate(value)):
            out.append(Problem(line, f"{said(path)} names something twice", "name each once"))

    return run


def _required(maker: _Maker, names: list[str], schema: Mapping[str, Any], name: str) -> Check:
    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        for key in names:
            if isinstance(value, Table) and key not in value:
                out.append(Problem(line, f"{said(path)} has no {key!r}", f"add {EXAMPLES.get(key, f'{key}: ...')}"))

    return run


def _any_of(maker: _Maker, choices: list[Mapping[str, Any]], schema: Mapping[str, Any], name: str) -> Check:
    """Choices of required keys, the only ones that the schema makes."""
    keys = [choice["required"][0] for choice in choices]

    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Table) and not any(key in value for key in keys):
            out.append(Problem(line, f"{said(path)} has none of {', '.join(keys)}", f"add {keys[0]}: ..."))

    return run


def _one_of(maker: _Maker, choices: list[Mapping[str, Any]], schema: Mapping[str, Any], name: str) -> Check:
    """Choices of types that exclude each other: the one of the value's type is held against it."""
    made = [(str(choice["type"]), maker.make(choice, name)) for choice in choices]
    words = " or ".join(WORDS[kind] for kind, _ in made)

    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        for kind, each in made:
            if _is(value, kind):
                each(value, line, path, out)
                return
        hint = HINTS.get(name) or _type_hint(value, "string")
        out.append(Problem(line, f"{said(path)} takes {words}, not {shown(value)}", hint))

    return run


def _properties(maker: _Maker, parts: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Check:
    checks = {key: maker.make(part, key) for key, part in parts.items()}

    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Table):
            for key, part in value.items():
                if key in checks:
                    checks[key](part, value.lines[key], (path, key), out)

    return run


def _others(maker: _Maker, rest: Any, schema: Mapping[str, Any], name: str) -> Check:
    """Keys that `properties` does not name: refused, or all of one kind."""
    known = list(schema.get("properties", {}))
    each = maker.make(rest, name) if isinstance(rest, dict) else None

    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        for key in value if isinstance(value, Table) else ():
            if key in known:
                continue
            if each is not None:
                each(value[key], value.lines[key], (path, key), out)
            else:
                hint = near(key, known) or f"the keys here are {', '.join(known)}"
                where = f"{said(path)}: " if path else ""
                out.append(Problem(value.lines[key], f"{where}unknown key {key!r}", hint))

    return run


def _items(maker: _Maker, part: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Check:
    each = maker.make(part, name)

    def run(value: Any, line: int, path: Path, out: list[Problem]) -> None:
        if isinstance(value, Items):
            for number, (item, at) in enumerate(zip(value, value.lines, strict=True)):
                key = item.get("id") if isinstance(item, Table) else None
                each(item, at, (path, key if isinstance(key, str) else number), out)

    return run


# In the order in which they are checked; the type first, since the others ask nothing of another type.
_KEYWORDS: dict[str, Callable[[_Maker, Any, Mapping[str, Any], str], Check]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "oneOf": _one_of,
    "pattern": _pattern,
    "maxLength": _longest,
    "minimum": _bound("at least", lambda value, bound: value >= bound),
    "maximum": _bound("at most", lambda value, bound: value <= bound),
    "exclusiveMinimum": _bound("above", lambda value, bound: value > bound),
    "minItems": _least("items"),
    "minProperties": _least("keys"),
    "uniqueItems": _unique,
    "required": _required,
    "anyOf": _any_of,
    "properties": _properties,
    "additionalProperties": _others,
    "items": _items,
}


def _is(value: Any, kind: str) -> bool:
    """Whether a value is of a type of JSON Schema, where true is no number and 2.0 is an integer."""
    if kind == "integer":
        return type(value) is int or (isinstance(value, Decimal) and value == value.to_integral_value())
    if kind == "number":
        return type(value) is int or isinstance(value, Decimal)
    types = {"string": str, "boolean": bool, "object": Table, "array": Items}
    return isinstance(value, types[kind])


def said(path: Path) -> str:
    """A way in words: models.gpt-5.prices.0.rates."""
    parts: list[str] = []
    while path:
        path, key = path
        parts.append(str(key))
    return ".".join(reversed(parts)) or "the card"


def shown(value: Any) -> str:
    """A value in an error, not at length."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def near(word: str, words: list[str]) -> str:
    """A hint at the word most like another, "" where none is close."""
    from difflib import get_close_matches

    return next((f"did you mean {one!r}?" for one in get_close_matches(word, words, n=1)), "")


def _type_hint(value: Any, kind: str) -> str:
    if kind == "string" and not isinstance(value, dict | list):
        return 'write a text; put what YAML takes for a number or a yes in quotes, such as "4.0" or "no"'
    return f"write {WORDS[kind]}"
