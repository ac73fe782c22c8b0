"""Trees of files that agents are looked for in: a folder as it lies, or, given from outside, one side of a change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tokencli.errors import TokError
from tokencli.sources.text import open_regular

LARGEST = 8 << 20
"""More bytes are not read: no instructions are so long."""

FOLDERS = (".agents", ".claude", ".codex", ".cursor", ".gemini", ".github", ".mcp", ".vscode", ".windsurf")
"""Where agents keep files, looked through whether git ignores them or not."""

USER_FOLDERS = (
    *(".agents/skills", ".claude/agents", ".claude/commands", ".claude/rules", ".claude/skills", ".codex/skills"),
    *(".copilot/instructions", ".copilot/skills", ".cursor/agents", ".cursor/skills", ".gemini/skills"),
)
USER_FILES = (
    *(".claude.json", ".claude/CLAUDE.md", ".codex/AGENTS.md", ".codex/AGENTS.override.md", ".codex/config.toml"),
    *(".copilot/copilot-instructions.md", ".copilot/mcp-config.json", ".cursor/mcp.json", ".gemini/GEMINI.md"),
    *(".gemini/settings.json", ".codeium/windsurf/memories/global_rules.md", ".codeium/windsurf/mcp_config.json"),
)
"""Of the home folder nothing else is looked at."""

MOST = 20_000
"""Files that are looked for in one of these folders."""


class Tree(NamedTuple):
    """Files by their paths from a root, with `/`, and a way to read them: None for what is no file there.

    `read` raises TokError: `outside` for a link that leads out of the tree, another code for what cannot be read.
    `start` is the folder where the agent starts ("" or ending in `/`), `label` stands before paths when people see
    them.
    """

    paths: tuple[str, ...]
    read: Callable[[str], bytes | None]
    start: str = ""
    label: str = ""


def lying(root: str, start: str, below: Iterable[str]) -> Tree:
    """The tree below `root` as it lies. `below` are files below `start`, as a walk that minds ignore files lists them.

    What lies directly in the folders from the root to `start`, and in the folders of agents there, is looked at anyway.
    """
    root = os.path.realpath(root)
    found = set(below)
    for folder in above(start):
        found.update(_direct(root, folder))
        for name in FOLDERS:
            found.update(_walk(root, folder + name))
    return Tree(tuple(sorted(found)), _Reader(root), start)


def home(folder: str) -> Tree:
    """What agents keep in the home folder of a user."""
    root = os.path.realpath(folder)
    found = [path for path in USER_FILES if os.path.lexists(os.path.join(root, path))]
    found += [path for name in USER_FOLDERS for path in _walk(root, name)]
    return Tree(tuple(sorted(found)), _Reader(root), label="~/")


def above(folder: str) -> list[str]:
    """The folders from the root down to this one: "a/b/" -> ["", "a/", "a/b/"]."""
    parts = folder.split("/")[:-1]
    return ["".join(f"{part}/" for part in parts[:depth]) for depth in range(len(parts) + 1)]


def _direct(root: str, folder: str) -> Iterator[str]:
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            yield from (folder + entry.name for entry in entries if not entry.is_dir())
    except OSError:
        return


def _walk(root: str, folder: str) -> Iterator[str]:
    """The files below a folder, links to folders inside the tree followed once."""
    waiting, seen, number = [folder], set(), 0
    while waiting and number < MOST:
        here = waiting.pop()
        real = os.path.realpath(os.path.join(root, here))
        if real in seen or not _is_inside(real, root):
            continue
        seen.add(real)
        try:
            names = sorted(os.listdir(real))
        except OSError:
            continue
        for name in names:
            path = f"{here}/{name}"
            if os.path.isdir(os.path.join(real, name)):
                waiting.append(path)
            else:
                number += 1
                yield path


class _Reader:
    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, path: str) -> bytes | None:
        full = os.path.join(self._root, path)
        real = os.path.realpath(full)
        if not _is_inside(real, self._root):
            message = f"{path}: leads out of the tree, and is not read"
            raise TokError(message, hint="--user reads the user's own files", code="outside")
        try:
            with open(open_regular(real, follow=False), "rb") as file:
                data = file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
            return None
        except OSError as error:
            if os.path.isdir(real):
                return None
            raise TokError(f"{path}: cannot be read ({error.strerror})", code="unreadable") from error
        if len(data) > LARGEST:
            message = f"{path}: larger than {LARGEST >> 20} MB"
            raise TokError(message, hint="no agent was meant to read it; move it elsewhere", code="too-large")
        return data


def _is_inside(real: str, root: str) -> bool:
    return real == root or real.startswith(root.rstrip(os.sep) + os.sep)
