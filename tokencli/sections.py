"""Markdown sections: where they begin, and their counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import accumulate, pairwise

from tokencli.model import Count, Section

MARKDOWN = (".md", ".markdown", ".mdx", ".mdc")

# YAML between lines of `---` at the very start, which CommonMark knows nothing of and would read as a heading.
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a section begins: offset in code points, 1-based line, depth 1 to 6 (0 before the first heading)."""

    start: int
    line: int
    depth: int
    title: str


def headings(text: str) -> list[Heading]:
    """The headings of a Markdown text in order, as CommonMark reads it, those inside quotes and lists left out.

    Text before the first one, with the front matter, is a heading of depth 0.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.disable("inline")  # the text of a heading is enough as it stands
    front = _FRONT_MATTER.match(text)
    skipped = front.end() if front else 0
    body = text[skipped:]
    starts = list(accumulate(map(len, StringIO(body, newline="")), initial=skipped))
    first_line = text.count("\n", 0, skipped)
    found = []
    for token, content in pairwise(parser.parse(body)):
        if token.type == "heading_open" and token.level == 0 and token.map:
            line = token.map[0]
            title = " ".join(content.content.split())
            found.append(Heading(starts[line], first_line + line + 1, int(token.tag[1]), title))
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
    parts = [text[heading.start : end] for heading, end in zip(found, ends, strict=True)]
    own = [tuple(count(part)) for part in parts]
    rows = []
    for at, heading in enumerate(found):
        total = own[at]
        for below in range(at + 1, len(found)):
            if heading.depth == 0 or found[below].depth <= heading.depth:
                break
            total = tuple(one + other for one, other in zip(total, own[below], strict=True))
        size = len(parts[at].encode("utf-8", "surrogatepass"))
        rows.append(Section(heading.title, heading.depth, heading.line, own[at], total, size))
    return tuple(rows)
