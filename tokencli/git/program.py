"""How git is run: nothing is written to a repository, and nothing that its configuration names is run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tokencli.errors import TokError

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

MISSING = "git is not installed"

REMEDIES = {
    "dubious ownership": "git config --global --add safe.directory FOLDER, if you trust it",
    "promisor remote": "this is a partial clone, and nothing is fetched here: clone without --filter",
}
"""What to do about the usual causes, by words of git."""


def program() -> str | None:
    """The git of the search path; never one that lies in the current folder, where Windows would look first."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, "git.exe" if os.name == "nt" else "git")
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment git runs in."""
    ours = {"LC_ALL": "C", "LANGUAGE": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    # History is what was committed: no objects in the place of others, and no other parents (`.git/info/grafts`).
    ours |= {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
    kept = {name: value for name, value in inherited.items() if not name.startswith("GIT_") or name.startswith(KEPT)}
    return kept | ours


def start(
    program: str, folder: str, *arguments: str, stdin: int | None = None, index: str | None = None
) -> subprocess.Popen[bytes]:
    """Git, started in a folder, with its output to be read; `index` is the file of another index than its own."""
    import subprocess

    # What a child process inherits is decided here and nowhere else, so this module alone reads the environment.
    variables = environment(os.environ)
    if index is not None:
        variables["GIT_INDEX_FILE"] = index
    return subprocess.Popen(
        [program, "-C", folder, *SAFE, *arguments],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=variables,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def answers(program: str, folder: str, *arguments: str) -> bool:
    """Whether git ends with 0."""
    process = start(program, folder, *arguments)
    process.communicate()
    return process.returncode == 0


def output(folder: str, *arguments: str, data: bytes | None = None, index: str | None = None) -> bytes:
    """What git prints, with `data` on its standard input; TokError with its own reason where it fails."""
    return begin(folder, *arguments, data=data, index=index)()


def begin(folder: str, *arguments: str, data: bytes | None = None, index: str | None = None) -> Callable[[], bytes]:
    """Start git, and give a function that waits for what `output` returns or raises."""
    import subprocess

    found = program()
    if found is None:
        raise TokError(MISSING, hint="install git, and see that it is on the PATH", code="no-git")
    pipe = subprocess.PIPE if data is not None else None
    try:
        process = start(found, folder, *arguments, stdin=pipe, index=index)
    except OSError as error:
        raise TokError(f"git cannot be run: {error.strerror or error}", code="git") from None

    def ended() -> bytes:
        printed, errors = process.communicate(data)
        if process.returncode:
            raise failure(next(word for word in arguments if not word.startswith("-")), errors)
        return printed

    return ended


def failure(command: str, errors: bytes) -> TokError:
    """What to say where git fails: what it says itself, and what to do about the usual cause in containers."""
    said = reason(errors, command)
    hint = next((hint for words, hint in REMEDIES.items() if words in said), "")
    return TokError(f"git: {said}", hint=hint, code="git")


def split(output: bytes) -> list[str]:
    """The names that end in NUL bytes."""
    return os.fsdecode(output).split("\0")[:-1]


def reason(errors: bytes, command: str = "ls-files") -> str:
    """The line in which git says why it gave up."""
    lines = os.fsdecode(errors).splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return fatal[0] if fatal else f"git {command} failed"
