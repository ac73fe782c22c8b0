"""Untrusted text in Markdown: it stays text, on its line and in its cell of a table."""

from __future__ import annotations

from tokencli.formats.wording import printable


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
    """Text that stays text inside a Markdown line."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in printable(text))
