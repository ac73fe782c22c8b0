"""Markdown sections: where they begin, and their counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO

from tokencli.model import Count, Section

MARKDOWN = (".md", ".markdown", ".mdx", ".mdc")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NOT_PARAGRAPH = re.compile(r" {0,3}(?:[-*+>|]|\d+[.)])| {4}|\t|\s*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a section begins: offset in code points, 1-based line, depth 1 to 6 (0 before the first heading)."""

    start: int
    line: int
    depth: int
    title: str


def headings(text: str) -> list[Heading]:
    """The headings of a Markdown text in order, by CommonMark's rules for `#` and underlined headings.

    Headings inside fenced code and YAML front matter are none. Text before the first one is a heading of depth 0.
    """
    found: list[Heading] = []
    fence = ""
    front_matter = text.startswith(("---\n", "---\r\n"))
    before: tuple[int, str] | None = None
    start = 0
    for number, line in enumerate(StringIO(text, newline=""), 1):
        body = line.rstrip("\r\n")
        paragraph: tuple[int, str] | None = None
        if front_matter:
            front_matter = number == 1 or body not in ("---", "...")
        elif fence:
            closing = _FENCE.match(body)
            if closing and closing[1].startswith(fence) and not body[closing.end() :].strip():
                fence = ""
        elif opening := _FENCE.match(body):
            fence = opening[1]
        elif atx := _ATX.match(body):
            found.append(Heading(start, number, len(atx[1]), (atx[2] or "").strip()))
        elif before and (underline := _SETEXT.match(body)):
            found.append(Heading(before[0], number - 1, 1 if underline[1][0] == "=" else 2, before[1].strip()))
        elif not _NOT_PARAGRAPH.match(body):
            paragraph = (start, body)
        before = paragraph
        start += len(line)
    if text and (not found or found[0].start > 0):
        found.insert(0, Heading(0, 1, 0, ""))
    return found


def sections(text: str, count: Callable[[str], Sequence[Count]]) -> tuple[Section, ...]:
    """Every section with the counts of its own text and of all below it, one per column.

    Parts are counted on their own, so their sum can differ from the count of the whole by a token or two per
    heading where a token spans the line break; the whole is what a total must show.
    """
    found = headings(text)
    ends = [heading.start for heading in found[1:]] + [len(text)]
    own = [tuple(count(text[heading.start : end])) for heading, end in zip(found, ends, strict=True)]
    rows = []
    for at, heading in enumerate(found):
        total = own[at]
        for below in range(at + 1, len(found)):
            if heading.depth == 0 or found[below].depth <= heading.depth:
                break
            total = tuple(one + other for one, other in zip(total, own[below], strict=True))
        rows.append(Section(heading.title, heading.depth, heading.line, own[at], total))
    return tuple(rows)
