"""Runs the program as users do, in a process of its own, with pipes or on a pseudo-terminal, in a small project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
"""No settings of git but those of a repository."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit code and both outputs."""

    code: int
    out: str
    err: str
    raw: bytes


class Repo:
    """A git repository, made by git itself, which no settings of the person who tests reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __truediv__(self, path: str) -> Path:
        return self.folder / path

    def git(self, *arguments: str) -> str:
        """What git prints, run in the repository."""
        settings = ("user.name=tok", "user.email=tok@example.org", "protocol.file.allow=always")
        command = ["git", *(word for setting in settings for word in ("-c", setting)), *arguments]
        done = subprocess.run(command, cwd=self.folder, env=make_environment(), check=True, capture_output=True)
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> Repo:
        """Write files by their paths; None removes one."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def stage(self, files: Mapping[str, str | bytes | None]) -> Repo:
        """Write files and add them to the index."""
        self.write(files)
        if files:
            self.git("add", "--all", "--force", "--", *files)
        return self

    def commit(self, files: Mapping[str, str | bytes | None]) -> str:
        """Write and add files, and commit what is staged; the commit's id."""
        self.stage(files).git("commit", "--quiet", "--allow-empty", "--message", "a commit")
        return self.git("rev-parse", "HEAD")


def make_environment(**more: str) -> dict[str, str]:
    """An environment in which no settings or terminal preferences of the person who tests take effect."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TOK_", "GIT_", "XDG_", "PYTEST", "GITHUB_", "CI_", "PRE_COMMIT"))
        and name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "PYTHONIOENCODING", "PYTHONUTF8")
    }
    nowhere = os.path.join(ROOT, "tests", "no-such-folder")
    kept |= {"XDG_CONFIG_HOME": nowhere, "TOK_CACHE": "0", "PYTHONPATH": ROOT, "PYTHONIOENCODING": "utf-8"}
    return kept | GIT | more


def run_with_pipes(
    *arguments: str, cwd: Path | str, stdin: bytes | None = None, env: Mapping[str, str] | None = None
) -> Ended:
    """Run `tok` with pipes; without `stdin` its standard input is the null device."""
    done = subprocess.run(
        [sys.executable, "-m", "tokencli", *arguments],
        cwd=cwd,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        env=make_environment(**(env or {})),
        timeout=120,
    )
    return Ended(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), done.stdout
    )


def run_on_terminal(
    *arguments: str,
    cwd: Path | str,
    width: int = 80,
    lines: int = 24,
    env: Mapping[str, str] | None = None,
    program: tuple[str, str] = ("-m", "tokencli"),
) -> Ended:
    """Run `tok` with standard output and error on one pseudo-terminal; `out` is all that appears there."""
    if sys.platform == "win32":
        pytest.skip("there are no pseudo-terminals here")
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, width, 0, 0))
    process = subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=cwd,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=make_environment(**{"TERM": "xterm", **(env or {})}),
    )
    os.close(slave)
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    os.close(master)
    code = process.wait(timeout=60)
    raw = b"".join(parts).replace(b"\r\n", b"\n")
    return Ended(code, raw.decode("utf-8", "replace"), "", raw)


@pytest.fixture
def environment() -> Callable[..., dict[str, str]]:
    return make_environment


@pytest.fixture
def tok() -> Callable[..., Ended]:
    return run_with_pipes


@pytest.fixture
def on_terminal() -> Callable[..., Ended]:
    return run_on_terminal


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with prompts, code and a binary; its marker `.git` file keeps settings above it out of sight."""
    files = {
        "prompts/system.md": "# Role\n\nYou are helpful.\n\n## Tone\n\nBe brief.\n",
        "prompts/tool.md": "Call the tool with JSON.\n",
        "src/a.py": "def a(x):\n    return x + 1\n",
        "notes.txt": "hello world\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    return tmp_path


@pytest.fixture
def new_repo() -> Callable[[Path], Repo]:
    """Makes an empty repository in a folder, with `main` for its branch."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def make(folder: Path) -> Repo:
        folder.mkdir(parents=True, exist_ok=True)
        repo = Repo(folder)
        repo.git("init", "--quiet", "--initial-branch", "main")
        return repo

    return make
