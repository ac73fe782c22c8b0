"""Gemini: Google's own local rule (googleapis/python-genai, google/genai/local_tokenizer.py, `_TextsAccumulator`).

Counted are the text parts, of a call the tool's name and the keys and strings of its arguments, of a result the same,
of a tool its name and description and of its schema formats, descriptions, allowed values, required names and keys,
and the system text. Each of them is encoded on its own; roles and everything else cost nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tokencli.framing.rule import Rule
from tokencli.model.transcript import Part, Tool


class Gemini(Rule):
    """Texts only."""

    title = "Google's local one, where only texts count"

    @staticmethod
    def part_texts(part: Part) -> tuple[str, ...]:
        if part.kind not in ("tool_call", "tool_result"):
            return (part.text,) if part.text else ()
        texts = [part.name, *_strings(_value(part.text))]
        return tuple(text for text in texts if text)

    @staticmethod
    def tool_texts(tool: Tool) -> tuple[str, ...]:
        return tuple(text for text in (tool.name, tool.description, *_schema(tool.schema)) if text)


def _value(text: str) -> Any:
    """The object that a text is as JSON, else the text: results of other providers are text."""
    if text[:1] == "{":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _schema(schema: Any) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    for key in ("format", "description"):
        if isinstance(schema.get(key), str):
            yield schema[key]
    for key in ("enum", "required"):
        if isinstance(schema.get(key), list):
            yield from (str(value) for value in schema[key])
    yield from _schema(schema.get("items"))
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, value in properties.items():
            yield name
            yield from _schema(value)
    yield from _strings(schema.get("example"))
