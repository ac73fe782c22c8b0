"""Regular expressions for paths with wildcards, matched in polynomial time whatever the pattern."""

from __future__ import annotations

from collections.abc import Sequence

STAR = "[^/]*"
"""The piece of a pattern that stands for any part of one name. Every other piece stands for one character."""


def expression(groups: Sequence[Sequence[str]], folder: str = "[^/]*/") -> str:
    """The expression of groups of pieces, between each two of which any number of folders may lie.

    `folder` is the expression of one such folder. A group but the last is complete: it ends with the piece `/`.

    A backtracking matcher tries every combination of places for the parts between wildcards, 2^n of them. Here all
    but the last part are held to the first place where they fit (an atomic group): where a later place leads to a
    match, so does the first one, as the wildcard after it takes up the difference.
    """
    first, *others = (_names(group) for group in groups)
    held = "".join(f"(?>(?:{folder})*?{group})" for group in others[:-1])
    return first + held + "".join(f"(?:{folder})*?{group}" for group in others[-1:])


def _names(pieces: Sequence[str]) -> str:
    """The expression of a group: names with `/` between them."""
    return "/".join(_name(name) for name in _split(pieces, "/"))


def _name(pieces: Sequence[str]) -> str:
    """The expression of a name, or of its end where the group begins within it."""
    first, *others = ("".join(part) for part in _split(pieces, STAR))
    held = "".join(f"(?>[^/]*?{part})" for part in others[:-1] if part)
    return first + held + "".join(STAR + part for part in others[-1:])


def _split(pieces: Sequence[str], separator: str) -> list[list[str]]:
    """The pieces between separators."""
    parts: list[list[str]] = [[]]
    for piece in pieces:
        if piece == separator:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts
