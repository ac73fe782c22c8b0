"""The `include` and `exclude` of a project's file, written anew for each folder that is walked.

A walk reads patterns relative to its own root; those of a project stand relative to the folder of its file, so that
`tok count .` and `tok count src` take the same files of `src`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

NOTHING = "/."
"""A pattern that no path fits."""


class Patterns(NamedTuple):
    """Patterns in .gitignore syntax, as written in `origin`; `folder` is what they are relative to, "" for each walk's
    own root."""

    patterns: tuple[str, ...] = ()
    folder: str = ""
    origin: str = ""


def split_globs(inputs: Sequence[str], cwd: str) -> list[str]:
    """The inputs, with a glob that would start walks from several folders written as one input for each of them."""
    from glob import escape

    from tokencli.sources import globs

    result = []
    for name in inputs:
        head, tail = globs.split(name)
        if not globs.MAGIC.search(head) or os.path.lexists(os.path.join(cwd, name)):
            result.append(name)
            continue
        places = list(globs.expand(head, cwd))
        if tail:
            places = [f"{escape(place)}/{tail}" for place in places if os.path.isdir(os.path.join(cwd, place))]
        result += places or [name]
    return result


def walk_root(name: str, cwd: str) -> str:
    """The folder that an input walks, without links on the way; of an input that walks nothing, the current one."""
    from tokencli.sources import globs

    path = os.path.join(cwd, name)
    if not os.path.lexists(path):
        head, tail = globs.split(name)
        if tail:
            path = os.path.join(cwd, next(iter(globs.expand(head, cwd)), "."))
    return os.path.realpath(path if os.path.isdir(path) else cwd)


def include_below(patterns: Patterns, root: str) -> tuple[str, ...]:
    """The patterns of files to take, relative to `root`; none means every file."""
    if not _anchored(patterns):
        return patterns.patterns
    above, below = _between(patterns.folder, root)
    if above is None:
        return ()
    if below is not None:
        return _prefixed(patterns.patterns, below)
    result: list[str] = []
    for pattern in patterns.patterns:
        sign, body = _sign(pattern)
        if _covers(patterns, body, above):
            result.append(f"{sign}*")
        else:
            result += _below(patterns, pattern, above)
    return tuple(result) or (NOTHING,)


def exclude_below(patterns: Patterns, root: str) -> tuple[str, ...]:
    """The patterns of files to leave out, relative to `root`; one that leaves out the root itself says nothing about
    a root that someone named."""
    if not _anchored(patterns):
        return patterns.patterns
    above, below = _between(patterns.folder, root)
    if above is None:
        return ()
    if below is not None:
        return _prefixed(patterns.patterns, below)
    return tuple(found for pattern in patterns.patterns for found in _below(patterns, pattern, above))


def _anchored(patterns: Patterns) -> bool:
    """Whether there is anything to write anew; TokError (usage) for a pattern that means nothing."""
    if not patterns.folder or not patterns.patterns:
        return False
    from tokencli.sources.rules import compile_patterns

    compile_patterns(patterns.patterns, patterns.origin)
    return True


def _between(folder: str, root: str) -> tuple[list[str] | None, str | None]:
    """The names from the folder down to the root and, where the root is above, the path from it down to the folder.

    None first where neither lies in the other: the patterns of a project have no say outside of it.
    """
    folder = os.path.realpath(folder)
    try:
        path = os.path.relpath(root, folder)
        back = os.path.relpath(folder, root)
    except ValueError:
        return None, None
    if path == ".":
        return [], None
    if path.split(os.sep)[0] != os.pardir:
        return path.split(os.sep), None
    if back.split(os.sep)[0] != os.pardir:
        return [], back.replace(os.sep, "/")
    return None, None


def _prefixed(patterns: Sequence[str], path: str) -> tuple[str, ...]:
    """The patterns for a root above their folder, which lies at `path` below it."""
    result = []
    for pattern in patterns:
        sign, body = _sign(pattern)
        anchored = "/" in body.removesuffix("/")
        result.append(f"{sign}/{_literal(path)}/{'' if anchored else '**/'}{body.removeprefix('/')}")
    return tuple(result)


def _literal(path: str) -> str:
    """A pattern that only this path fits."""
    return "".join(f"\\{character}" if character in "\\*?[" else character for character in path)


def _sign(pattern: str) -> tuple[str, str]:
    """The `!` of a pattern, and the rest of it without blanks at its end."""
    sign = "!" if pattern.startswith("!") else ""
    body = pattern.removeprefix("!")
    while body.endswith(" ") and not body.endswith("\\ "):
        body = body[:-1]
    return sign, body


def _covers(patterns: Patterns, body: str, names: Sequence[str]) -> bool:
    """Whether a pattern fits the folder of these names, or one above it."""
    return bool(names) and _fits(patterns, body, "/".join(names) + "/")


def _fits(patterns: Patterns, pattern: str, path: str) -> bool:
    from tokencli.sources.rules import compile_patterns

    return compile_patterns([pattern], patterns.origin).covers(path)


def _below(patterns: Patterns, pattern: str, names: Sequence[str]) -> list[str]:
    """What is left of a pattern below the folder of these names; nothing where it fits nothing there."""
    sign, body = _sign(pattern)
    folder = "/" if body.endswith("/") else ""
    body = body.removesuffix("/")
    if not names or "/" not in body:
        return [pattern]
    rests = _rests(patterns, tuple(body.removeprefix("/").split("/")), tuple(names))
    return [f"{sign}/{'/'.join(rest)}{folder}" for rest in dict.fromkeys(rests)]


def _rests(patterns: Patterns, parts: tuple[str, ...], names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ways in which the first parts of a pattern fit the names, each as the parts that are left."""
    if not parts:
        return []
    if not names:
        return [parts]
    if parts[0] == "**":
        return _rests(patterns, parts, names[1:]) + _rests(patterns, parts[1:], names)
    if _fits(patterns, "/" + parts[0], names[0]):
        return _rests(patterns, parts[1:], names[1:])
    return []
