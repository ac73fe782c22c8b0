"""How numbers, sizes, columns and untrusted text are written for people, and how text is fitted to a terminal."""

from __future__ import annotations

from tokencli.model import Column, Count

DIM, BOLD, YELLOW, RED, PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[33m", "\x1b[31m", "\x1b[0m"

NARROWEST_PATH = 12
"""A path on a terminal gets at least so many columns."""


def printable(text: str) -> str:
    """The text with everything that could move the cursor, end the line or reorder it written as an escape.

    So is the bracket of `##[...]`, `##vso[...]` and the like, which CI systems obey wherever it stands in a log.
    """
    if "##" in text:
        import re

        text = re.sub(r"(##\w*)\[", r"\1\\x5b", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u200d" else c.encode("unicode_escape").decode("ascii") for c in text)


def leading(text: str) -> str:
    """Printable text that begins a line, blanks or not before it: there GitHub's runner would obey `::name::`."""
    return f"\\x3a{text[1:]}" if text.startswith("::") else text


def paint(text: str, style: str, color: bool) -> str:
    """The text in a style where colour is on."""
    return f"{style}{text}{PLAIN}" if color else text


def size(count: int) -> str:
    """Bytes in powers of 1,000: `812 B`, `42.0 kB`, `1.3 GB`."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:,.1f} TB"


def number(count: Count, column: Column) -> str:
    """Tokens with thousands separators, `~` before an estimate."""
    return f"~{count.tokens:,}" if column.method == "estimate" else f"{count.tokens:,}"


def share(part: int, whole: int | None) -> str:
    """A percentage with one decimal, `-` where there is no whole."""
    return f"{100 * part / whole:,.1f}%" if whole else "-"


def plural(count: int, word: str) -> str:
    """`1 file`, `1,234 files`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def label(column: Column) -> str:
    """The name a column was asked for by: its model, else its encoding."""
    return printable(column.model or column.encoding)


def provenance(column: Column, total: Count, default: bool = False) -> str:
    """How the numbers of a column were made: `o200k_base, exact`, or the proxy and the range of an estimate's total."""
    if column.method != "estimate":
        return f"{printable(column.encoding)}{' (default)' if default else ''}, {column.method}"
    return f"estimate from {printable(column.proxy or column.encoding)}, range {total.low:,}-{total.high:,}"


def display_width(text: str) -> int:
    """Columns a text takes on a terminal: two for wide East Asian characters, none for combining ones."""
    if text.isascii():
        return len(text)
    import unicodedata

    width = 0
    for character in text:
        if unicodedata.combining(character) or character == "\u200d":
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def shorten(path: str, room: int, unicode: bool) -> str:
    """The path in at most `room` columns, its middle left out; the file name's end is kept."""
    if display_width(path) <= room:
        return path
    mark = "\u2026" if unicode else "..."
    head = max(1, (room - len(mark)) // 3)
    tail = room - len(mark) - head
    return _fit(path, head) + mark + _fit(path[::-1], tail)[::-1]


def _fit(text: str, room: int) -> str:
    """The longest start of a text that takes at most `room` columns."""
    if text.isascii():
        return text[:room]
    end = 0
    while end < len(text) and display_width(text[: end + 1]) <= room:
        end += 1
    return text[:end]
