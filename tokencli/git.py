"""The only caller of git. Nothing is written to a repository, and nothing that its configuration names is run.

Git blob ids are not used to recognise file contents: end-of-line conversion, `filter=` and `working-tree-encoding`
make a working file differ from its blob, also at the same size (a notebook stripped of its results), and to learn
which files equal the index git may have to run the configured filters. The cache takes each file's stat instead,
which costs 50 ms more for 20,000 files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

KEPT = ("GIT_CONFIG", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH")
"""Beginnings of the GIT_ variables that git keeps. GIT_DIR, GIT_INDEX_FILE and the like are set inside hooks and name
another repository than the one a folder lies in; GIT_TRACE would fill the error stream."""

SAFE = (
    *("--no-pager", "--no-optional-locks"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "protocol.allow=never"),
)

IGNORED = "the folder is git-ignored"
EXPECTED = (IGNORED, "this operation must be run in a work tree")
"""Reasons for no listing that need no word: nothing is tracked there."""

UNREADABLE = "warning: could not open directory '"


@dataclass(frozen=True, slots=True)
class Listing:
    """The files below a folder, relative to it, with `/` separators, each once.

    `files`: tracked ones and untracked ones that are not ignored. A nested repository or submodule stands there as
    one entry, with or without a `/` at its end; a tracked file may be missing from the folder. `ignored`: ignored
    files, and folders (with a `/` at the end) of which everything is ignored. `unreadable`: folders git could not
    open.
    """

    files: tuple[str, ...]
    ignored: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def worktree(folder: str) -> str | None:
    """The folder or the nearest one above it that holds a `.git` entry, None without one; git is not asked."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def listing(folder: str) -> Listing | str:
    """What git knows about a folder inside a working tree; one line saying why not, where it cannot tell.

    The folder itself being ignored is such a case, one of EXPECTED.
    """
    program = _program()
    if program is None:
        return "git is not installed"
    # Both run at the same time: each walks the tree on its own.
    try:
        kept = _start(program, folder, "ls-files", "-z", "-c", "-o", "--exclude-standard")
    except OSError as error:
        return f"git cannot be run: {error.strerror or error}"
    left = _start(program, folder, "ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory")
    files, errors = kept.communicate()
    ignored, refused = left.communicate()
    if kept.returncode:
        return _reason(errors)
    names = [] if left.returncode else _split(ignored)
    if (left.returncode or "./" in names) and _answers(program, folder, "check-ignore", "-q", "."):
        return IGNORED
    if left.returncode:
        return _reason(refused)
    # An unmerged path is listed once for each of its stages.
    return Listing(tuple(dict.fromkeys(_split(files))), _topmost(names), _unreadable(errors))


def index(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    """Tracked paths below the folder that are (left out of the working tree by a sparse checkout, submodules)."""
    program = _program()
    if program is None:
        return frozenset(), frozenset()
    output, _ = _start(program, folder, "ls-files", "-z", "-t", "-s").communicate()
    sparse, submodules = set(), set()
    for entry in _split(output):
        state, _, path = entry.partition("\t")
        if state.startswith("S "):
            sparse.add(path)
        if state[2:].startswith("160000 "):
            submodules.add(path)
    return frozenset(sparse), frozenset(submodules)


def _program() -> str | None:
    """The git of the search path; never one that lies in the current folder, where Windows would look first."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, "git.exe" if os.name == "nt" else "git")
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment git runs in."""
    ours = {"LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    kept = {name: value for name, value in inherited.items() if not name.startswith("GIT_") or name.startswith(KEPT)}
    return kept | ours


def _start(program: str, folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    import subprocess

    # What a child process inherits is decided here and nowhere else, so this module alone reads the environment.
    return subprocess.Popen(
        [program, "-C", folder, *SAFE, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(os.environ),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _answers(program: str, folder: str, *arguments: str) -> bool:
    process = _start(program, folder, *arguments)
    process.communicate()
    return process.returncode == 0


def _split(output: bytes) -> list[str]:
    return os.fsdecode(output).split("\0")[:-1]


def _reason(errors: bytes) -> str:
    lines = os.fsdecode(errors).splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return fatal[0] if fatal else "git ls-files failed"


def _unreadable(errors: bytes) -> tuple[str, ...]:
    lines = os.fsdecode(errors).splitlines()
    found = (line.removeprefix(UNREADABLE).rpartition("':")[0] for line in lines if line.startswith(UNREADABLE))
    return tuple(sorted(set(found)))


def _topmost(names: list[str]) -> tuple[str, ...]:
    """The names without those below a folder that is named too."""
    kept: list[str] = []
    for name in sorted(set(names) - {"./"}):
        if not (kept and kept[-1].endswith("/") and name.startswith(kept[-1])):
            kept.append(name)
    return tuple(kept)
