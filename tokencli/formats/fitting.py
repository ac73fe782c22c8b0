"""Tables of numbers and lines of words, fitted to the width of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from tokencli.formats import View
from tokencli.formats.wording import NARROWEST_PATH, display_width, shorten

ROOM = 26
"""Columns for names, or a third of the terminal where that is less."""


def fitted(line: str, width: int | None) -> Iterator[str]:
    """A line of words in as many as the terminal needs; an address stays whole, so that it can be opened."""
    words = line.lstrip()
    if width is None or display_width(line) <= width or words.startswith("\x1b"):
        yield line
        return
    if not words.strip("-\u2500"):
        yield line[:width]
        return
    indent = " " * (len(line) - len(words))
    yield from wrap(
        words,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words="://" not in words,
        break_on_hyphens=False,
    )


def aligned(rows: Sequence[Sequence[str]], drop: Sequence[int], width: int | None) -> list[str]:
    """Rows, their heads first, as lines of right-aligned cells; the columns of `drop` are left out, the first one
    first, until a line has no more than `width` columns."""
    widths = {at: max(map(len, column)) for at, column in enumerate(zip(*rows, strict=True))}
    for at in drop:
        if width is None or sum(widths.values()) + 2 * len(widths) <= width:
            break
        widths.pop(at, None)
    return ["  " + "  ".join(row[at].rjust(size) for at, size in widths.items()) for row in rows]


def named(rows: Sequence[Sequence[str]], names: Sequence[str], drop: Sequence[int], view: View) -> list[str]:
    """The same with a name after each row, shortened where a terminal has no room for all of it."""
    lines = aligned(rows, drop, None if view.width is None else view.width - 2 - min(ROOM, view.width // 3))
    room = None if view.width is None else max(view.width - len(lines[0]) - 2, NARROWEST_PATH)
    shown = names if room is None else [shorten(name, room, view.unicode) for name in names]
    return [f"{line}  {name}" for line, name in zip(lines, shown, strict=True)]
