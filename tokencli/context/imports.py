"""Markdown as Claude Code and Gemini CLI take it: what it imports by `@path`, and what of it they leave out."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

MOST = 1 << 20
"""Code points of a text that is parsed; instructions that are longer were never meant to be."""

IMPORT = re.compile(r"(?:^|(?<=\s))@((?:[^\s\\]|\\ )+)")
BEGINS = re.compile(r"[\w./~-]")
COMMENT = re.compile(r"\s*<!--.*?-->[ \t]*", re.DOTALL)


class Import(NamedTuple):
    """A path as it is written behind `@`, and the path from the root of the tree; None for one outside of it."""

    written: str
    path: str | None

    @property
    def looks_like_a_path(self) -> bool:
        """Whether it is a path if there is no such file, and not the name of a person."""
        return "/" in self.written or "." in self.written.rstrip(".,;:!?)")


def imports(text: str, folder: str) -> list[Import]:
    """What a text in a folder ("" or ending in `/`) imports: `@path` in prose, not in code, comments or HTML."""
    if "@" not in text or len(text) > MOST:
        return []
    from markdown_it import MarkdownIt

    found: dict[str, Import] = {}
    for token in MarkdownIt("commonmark").parse(text):
        for leaf in token.children or ():
            for match in IMPORT.finditer(leaf.content) if leaf.type == "text" else ():
                written = match[1].replace("\\ ", " ").partition("#")[0]
                if written and BEGINS.match(written):
                    found.setdefault(written, Import(written, _inside(written, folder)))
    return list(found.values())


def without_comments(text: str) -> str:
    """The text without HTML comments that stand as blocks of their own, those in code kept."""
    if "<!--" not in text or len(text) > MOST:
        return text
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.disable("inline")
    lines = text.splitlines(keepends=True)
    for token in reversed(parser.parse(text)):
        if token.type == "html_block" and token.map and COMMENT.match(token.content):
            start, end = token.map
            rest = COMMENT.sub("", "".join(lines[start:end]), count=1)
            lines[start:end] = [rest] if rest.strip() else []
    return "".join(lines)


def _inside(written: str, folder: str) -> str | None:
    """The path from the root; None for one that leads out of the tree."""
    if written.startswith(("~", "/")) or "\0" in written:
        return None
    path = posixpath.normpath(folder + written)
    return None if path == ".." or path.startswith("../") else path
