"""Globs for people whose shell does not expand them: `*`, `?`, `[...]` as a shell reads them, and `**`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from tokencli.sources.wildcards import STAR, expression

MAGIC = re.compile(r"[*?[]")
TOKEN = re.compile(r"(\*+)|(\?)|(\[[!^]?\]?[^]/]*\])|(.)", re.DOTALL)


def split(pattern: str) -> tuple[str, str]:
    """A pattern before its first `**`, and from there on: "src/*/**/*.py" -> ("src/*", "**/*.py")."""
    parts = pattern.replace(os.sep, "/").split("/")
    at = parts.index("**") if "**" in parts else len(parts)
    head = "/".join(parts[:at])
    return ("/" if at == 1 and not head else head), "/".join(parts[at:])


def expand(pattern: str, cwd: str) -> Iterator[str]:
    """The existing paths that a pattern without `**` names, sorted, relative or absolute as it is."""
    drive, rest = os.path.splitdrive(pattern)
    parts = rest.replace(os.sep, "/").split("/")
    found = [drive + "/" if rest[:1] in ("/", os.sep) else drive]
    for part in filter(None, parts):
        if not MAGIC.search(part):
            found = [path for path in (_join(folder, part) for folder in found) if _exists(cwd, path)]
            continue
        fits = re.compile(expression([_pieces(part)]), _flags() | re.DOTALL).fullmatch
        found = [_join(folder, name) for folder in found for name in _names(cwd, folder) if fits(name)]
    yield from found


def below(pattern: str) -> re.Pattern[str]:
    """What a pattern that begins with `**` matches: paths relative to a folder. A hidden name has to be spelt out."""
    groups: list[list[str]] = [[]]
    parts = pattern.split("/")
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        if part == "**":
            groups.append([r"(?!\.)[^/]+"] if last else [])
        else:
            groups[-1] += [*_pieces(part), *([] if last else ["/"])]
    return re.compile(expression(groups, r"(?!\.)[^/]+/"), _flags() | re.DOTALL)


def _flags() -> int:
    return re.IGNORECASE if os.name == "nt" else 0


def _pieces(part: str) -> list[str]:
    """The pieces of one component; a `[` without its `]` stands for itself."""
    pieces = [] if part.startswith(".") else [r"(?!\.)"]
    for star, question, group, literal in TOKEN.findall(part):
        if star:
            pieces.append(STAR)
        elif question:
            pieces.append("[^/]")
        elif group:
            negated, members = group[1] in "!^", group[2:-1] if group[1] in "!^" else group[1:-1]
            members = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
            pieces.append(f"(?!/)[{'^' if negated else ''}{members}]")
        else:
            pieces.append(re.escape(literal))
    return pieces


def _join(folder: str, name: str) -> str:
    return name if not folder else folder + name if folder.endswith("/") else f"{folder}/{name}"


def _exists(cwd: str, path: str) -> bool:
    return os.path.lexists(os.path.join(cwd, path))


def _names(cwd: str, folder: str) -> list[str]:
    try:
        return sorted(os.listdir(os.path.join(cwd, folder)))
    except OSError:
        return []
