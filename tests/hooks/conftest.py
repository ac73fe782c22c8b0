"""Repositories whose commits run the hooks of this one, by the real `pre-commit`, with the network cut.

The hooks are those of the last commit of this checkout: what is not committed is not tested here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
DEAD = "http://127.0.0.1:9"
SET_BY_OTHERS = ("TOK_", "GIT_", "PRE_COMMIT", "PREK", "GITHUB_", "CI_", "PYTEST", "PYTHON")
"""Beginnings of variables that would change what git, hooks or `tok` do."""


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what steers git, hooks and `tok`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SET_BY_OTHERS)}
    return kept | {"PYTHONUTF8": "1"} | more


def run(*command: str, env: Mapping[str, str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What a command prints on both streams, and how it ends."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=600,
    )


def done(*command: str, env: Mapping[str, str], cwd: Path | None = None) -> str:
    """What a command prints that must not fail."""
    ended = run(*command, env=env, cwd=cwd)
    assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}"
    return ended.stdout


class Hooks(NamedTuple):
    """The hooks, installed: where they come from, and where `pre-commit` keeps their environment."""

    source: Path
    revision: str
    home: Path

    def config(self, *names: str) -> str:
        """A .pre-commit-config.yaml with these hooks."""
        rows = [f"repos:\n- repo: {self.source.as_posix()}\n  rev: {self.revision}\n  hooks:"]
        return "\n".join([*rows, *(f"  - id: {name}" for name in names)]) + "\n"


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where pip gets nothing from a registry: without one, no environment of a hook can be made."""
    folder = tmp_path_factory.mktemp("registry")
    command = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), "hatchling")
    tried = run(*command, env=clean_environment())
    if tried.returncode:
        pytest.skip(f"pip reaches no registry: {tried.stdout.strip().splitlines()[-1]}")


@pytest.fixture(scope="session")
def hooks(registry: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hooks]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout, so there is no commit to take hooks from")
    folder = tmp_path_factory.mktemp("hooks")
    env = clean_environment(PRE_COMMIT_HOME=str(folder / "home"))
    done("git", "clone", "--quiet", str(ROOT), str(folder / "tok"), env=env)
    revision = done("git", "rev-parse", "HEAD", cwd=folder / "tok", env=env).strip()
    made = Hooks(folder / "tok", revision, folder / "home")
    empty = folder / "empty"
    done("git", "init", "--quiet", str(empty), env=env)
    (empty / ".pre-commit-config.yaml").write_text(made.config("tok-check", "tok-warn", "tok-budget"))
    done(sys.executable, "-m", "pre_commit", "install-hooks", cwd=empty, env=env)
    yield made
    # 140 MB, of which pytest would keep three.
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cut() -> tuple[str, ...]:
    """What stands before a command so that it has no network at all; nothing where the system does not allow it."""
    command = ("unshare", "--map-root-user", "--net")
    if shutil.which(command[0]) is None or run(*command, "true", env=os.environ).returncode:
        return ()
    return command


class Project:
    """A repository with rules and hooks, in which commands have no network."""

    def __init__(self, folder: Path, hooks: Hooks, cut: tuple[str, ...], names: tuple[str, ...], rules: str) -> None:
        self.folder = folder / "project"
        self.hooks = hooks
        self.cut = cut
        home = folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\nname = somebody\nemail = somebody@example.org\n")
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), DEAD)
        homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_CONFIG_HOME"), str(home))
        kept = {"PRE_COMMIT_HOME": str(hooks.home), "XDG_CACHE_HOME": str(home / "cache")}
        self.environ = clean_environment() | homes | proxies | kept | {"PIP_NO_INDEX": "1"}
        self.must("git", "init", "--quiet", "--initial-branch=main", str(self.folder), cwd=folder)
        if rules:
            self.write("tok.toml", rules)
        self.write(".pre-commit-config.yaml", hooks.config(*names))
        self.must("git", "add", ".")
        self.must("git", "commit", "--quiet", "-m", "The rules")
        self.pre_commit("install")

    def run(self, *command: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return run(*self.cut, *command, env=self.environ | more, cwd=cwd or self.folder)

    def must(self, *command: str, cwd: Path | None = None) -> str:
        return done(*self.cut, *command, env=self.environ, cwd=cwd or self.folder)

    def pre_commit(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments, cwd=None, **more)

    def write(self, path: str, text: str) -> None:
        """Write a file of the working tree; without a line break at its end, which would be a token."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def stage(self, path: str, text: str) -> None:
        self.write(path, text)
        self.must("git", "add", "--", path)

    def before(self, path: str, text: str) -> None:
        """Commit a file without asking the hooks."""
        self.stage(path, text)
        self.must("git", "commit", "--quiet", "--no-verify", "-m", path)

    def commit(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """`git commit`, with the hooks; its code is 0 where they pass."""
        return self.run("git", "commit", "-m", "A change", *arguments, cwd=cwd)

    def stands(self) -> bool:
        """Whether nothing that is staged is left, as after a commit."""
        return self.run("git", "diff", "--cached", "--quiet").returncode == 0


@pytest.fixture
def make(tmp_path: Path, hooks: Hooks, cut: tuple[str, ...]) -> Callable[..., Project]:
    """Makes a project with the hooks of these names, and a tok.toml with `rules` unless they are ""."""

    def made(*names: str, rules: str) -> Project:
        return Project(tmp_path, hooks, cut, names, rules)

    return made


class Prek(NamedTuple):
    """The program, and where it keeps the environments of hooks."""

    program: Path
    home: Path


@pytest.fixture(scope="session")
def prek(hooks: Hooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prek]:
    """`prek`, which reads the same manifest, with the hooks installed; skips where pip has none for this system."""
    folder = tmp_path_factory.mktemp("prek")
    env = clean_environment(PREK_HOME=str(folder / "home"))
    done(sys.executable, "-m", "venv", str(folder / "venv"), env=env)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    tried = run(str(programs / "python"), "-m", "pip", "install", "--quiet", "--only-binary=:all:", "prek", env=env)
    if tried.returncode:
        pytest.skip(f"prek cannot be installed: {tried.stdout.strip().splitlines()[-1]}")
    empty = folder / "empty"
    done("git", "init", "--quiet", str(empty), env=env)
    (empty / ".pre-commit-config.yaml").write_text(hooks.config("tok-check"))
    done(str(programs / "prek"), "install-hooks", cwd=empty, env=env)
    yield Prek(programs / "prek", folder / "home")
    shutil.rmtree(folder, ignore_errors=True)
