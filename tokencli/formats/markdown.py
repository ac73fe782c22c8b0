"""Untrusted text in Markdown: it stays text, on its line and in its cell of a table, in what fits into a comment."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tokencli.formats.wording import printable

ROOM = 60_000
"""A comment on GitHub holds 65,536 characters; the rest is for headings, totals and what a workflow adds."""


class Page:
    """Lines of Markdown up to `ROOM` characters."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, line: str = "") -> None:
        """Add a line that must be there."""
        self.text += line + "\n"

    def add_while_room(self, lines: Sequence[str], left_out: Callable[[int], str]) -> None:
        """Add the lines for which there is room; `left_out` is the line that tells how many more there are."""
        for done, line in enumerate(lines):
            if len(self.text) + len(line) > ROOM:
                self.add(left_out(len(lines) - done))
                return
            self.add(line)


def code(path: str) -> str:
    """A path as a code span: pipes escaped for the table, backticks fenced by more of them."""
    text = printable(path).replace("|", "\\|")
    if "`" not in text:
        return f"`{text}`"
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}"


def escape(text: str) -> str:
    """Text that stays text inside a Markdown line; a zero-width space keeps GitHub from calling the people named."""
    escaped = "".join(f"\\{c}" if c in "\\`*_[]<>|#~" else c for c in printable(text))
    return escaped.replace("@", "@&#8203;")
