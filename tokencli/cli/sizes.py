"""Sizes as they are typed: numbers of tokens, ranges, shares of a window, seconds; and system prompts and tools that
are numbers or files."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from tokencli.cli.pricing import usage_error
from tokencli.costing import Target, need_encoding
from tokencli.errors import TokError
from tokencli.formats.wording import plural, printable
from tokencli.model import ZERO, Count, Document, Method
from tokencli.model.simulation import Range

NUMBER = re.compile(r"\d{1,9}")
RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
SHARE = re.compile(r"(\d{1,2}|100)%")
SECONDS = re.compile(r"(\d{1,9})([smh]?)")
TOOLS = "--tools takes a file with definitions of tools in JSON, or a number of tokens"
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def range_of(text: str, option: str, least: int = 0) -> Range:
    """A number or LOW-HIGH."""
    found = RANGE.fullmatch(text.strip())
    if found is None:
        raise usage_error(f"{option}: {text!r} is no number and no range", f"as in {option} 800 or {option} 500-2000")
    low = int(found[1])
    high = int(found[2]) if found[2] else low
    if high < low:
        raise usage_error(f"{option}: {text!r} ends below where it begins", f"write {option} {high}-{low}")
    if low < least:
        raise usage_error(f"{option}: {low} is below {least}", f"write {option} {least} or more")
    return Range(low, high)


def seconds(text: str, option: str) -> int:
    """Seconds, or minutes or hours with their letter."""
    found = SECONDS.fullmatch(text.strip())
    if found is None:
        raise usage_error(f"{option}: {text!r} is no length of time", f"as in {option} 90, {option} 10m or {option} 2h")
    return int(found[1]) * UNITS[found[2]]


def tokens_or_share(text: str, option: str) -> tuple[Decimal, bool]:
    """A number of tokens, or a share of the window; and whether it is the latter."""
    share = SHARE.fullmatch(text.strip())
    if share is not None and int(share[1]):
        return Decimal(share[1]) / 100, True
    if not NUMBER.fullmatch(text.strip()) or not int(text):
        raise usage_error(f"{option}: {text!r} is no size", f"as in {option} 150000 or {option} 80%")
    return Decimal(text.strip()), False


class Prefix:
    """The system prompt and the tools that every request begins with: each a number of tokens or a file."""

    def __init__(self, system: str | None, tools: str | None) -> None:
        for option, size in (("--system", system), ("--tools", tools)):
            if size is not None and not size.strip():
                raise usage_error(f"{option} is empty", "a file, or a number of tokens")
        self._numbers = sum(int(each) for each in (system, tools) if each and NUMBER.fullmatch(each))
        self._documents: list[tuple[Document, str]] = []
        self.words = tuple(
            f"{what}: {plural(int(size), 'token') if NUMBER.fullmatch(size) else f'{printable(size)}, counted'}"
            for what, size in (("system prompt", system), ("tools", tools))
            if size
        )
        if system and not NUMBER.fullmatch(system):
            from tokencli.cli.reading import read_text

            try:
                text = read_text(system, None)
            except TokError as error:
                hint = "--system takes a file of text, or a number of tokens"
                raise TokError(error.message, hint=hint, code=error.code, exit=error.exit) from error
            message = {"messages": [{"role": "system", "content": text}]}
            self._documents.append((_document(system, json.dumps(message).encode()), "openai-chat"))
        if tools and not NUMBER.fullmatch(tools):
            import os

            from tokencli.sources.text import read_bytes

            if not os.path.isfile(tools):
                raise TokError(f"--tools {tools}: no such file", hint=TOOLS, code="not-found")
            data = read_bytes(Document(tools, 0, file=os.path.realpath(tools), named=True))
            self._documents.append((_document(tools, data), "tools"))

    def method(self, to: Target, count: Count) -> Method:
        """How its count on a model was made; numbers that were given are exact."""
        if not self._documents or to.column is None:
            return "exact"
        return to.column.method if count.low == count.high else "estimate"

    def count(self, to: Target) -> Count:
        """What it comes to on a model, with its framing; TokError where nobody knows how to count for it."""
        return Count(self._numbers, self._numbers, self._numbers) + self._counted(to)

    def _counted(self, to: Target) -> Count:
        if not self._documents:
            return ZERO
        if to.column is None:
            raise need_encoding(to)
        from tokencli.counting import Options, count

        total = ZERO
        for document, reader in self._documents:
            counted = count([document], [to.column], Options(reader=reader))
            for problem in counted.problems:
                hint = TOOLS if reader == "tools" else problem.hint
                raise TokError(problem.message, hint=hint, code=problem.code)
            total = sum((file.counts[0] for file in counted.files), total)
        return total


def _document(path: str, data: bytes) -> Document:
    return Document(path, len(data), data=data, named=True)


def in_words(size: Range) -> str:
    """`800`, or `500 to 2,000`."""
    return f"{size.low:,}" if size.low == size.high else f"{size.low:,} to {size.high:,}"


def of(size: Range, what: str) -> str:
    """`1 turn`, or `500 to 2,000 turns`."""
    return plural(size.high, what) if size.low == size.high else f"{in_words(size)} {what}s"
