"""git is asked without being able to run, write or fetch anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tokencli.git import files as git
from tokencli.git.program import environment

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

posix = pytest.mark.skipif(os.name == "nt", reason="needs a shell script")


def make(folder: Path, *files: str) -> Path:
    """A repository with some untracked files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text\n")
    run(folder, "init", "-q")
    return folder


def run(folder: Path, *arguments: str) -> None:
    variables = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=variables, check=True, capture_output=True)


def files(folder: Path) -> tuple[str, ...]:
    found = git.listing(str(folder))
    assert isinstance(found, git.Listing)
    return tuple(sorted(found.files))


def test_the_nearest_folder_with_a_git_entry_is_the_worktree(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", "a/b/c.txt")
    assert git.worktree(str(folder / "a" / "b")) == str(folder)
    assert git.worktree(str(folder)) == str(folder)


@posix
@pytest.mark.parametrize("option", ["core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor"])
def test_a_command_in_the_configuration_of_a_repository_is_not_run(tmp_path: Path, option: str) -> None:
    folder = make(tmp_path / "repo", "a.txt")
    run(folder, "add", ".")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    run(folder, "config", option, str(trap))
    assert files(folder) == ("a.txt",)
    git.index(str(folder))
    assert not (tmp_path / "sprung").exists()


@posix
def test_neither_hooks_nor_filters_of_a_repository_are_run(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", "a.txt")
    run(folder, "add", ".")
    trap = folder / ".git/hooks/post-index-change"
    trap.parent.mkdir(exist_ok=True)
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    (folder / ".gitattributes").write_text("* filter=trap\n")
    run(folder, "config", "filter.trap.clean", str(trap))
    (folder / "a.txt").write_text("new!\n")
    assert files(folder) == (".gitattributes", "a.txt")
    git.index(str(folder))
    assert not (tmp_path / "sprung").exists()


def test_inside_a_hook_the_repository_of_the_folder_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "repo", "a.txt")
    other = make(tmp_path / "other", "b.txt")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert files(folder) == ("a.txt",)


def test_configuration_from_the_environment_stays_and_the_rest_of_git_variables_goes() -> None:
    inherited = {"PATH": "p", "GIT_CONFIG_COUNT": "0", "GIT_DIR": "d", "GIT_TRACE": "1", "LC_ALL": "de_DE"}
    made = environment(inherited)
    assert made["PATH"] == "p"
    assert made["GIT_CONFIG_COUNT"] == "0"
    assert made["LC_ALL"] == "C"
    assert not {"GIT_DIR", "GIT_TRACE"} & set(made)


def test_without_git_the_answer_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "repo", "a.txt")
    monkeypatch.setenv("PATH", "")
    assert git.listing(str(folder)) == "git is not installed"
    assert git.index(str(folder)) == (frozenset(), frozenset())


@posix
def test_a_git_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "repo", "a.txt")
    (folder / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    (folder / "git").chmod(0o755)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert "a.txt" in files(folder)
    assert not (tmp_path / "sprung").exists()


def test_ignored_folders_are_listed_once_at_the_top(tmp_path: Path) -> None:
    folder = make(tmp_path, "build/x/a.o", "build/b.o", "logs/deep/c.log", "src/d.log", "src/e.py")
    (folder / ".gitignore").write_text("build/\n*.log\n")
    found = git.listing(str(folder))
    assert isinstance(found, git.Listing)
    assert found.ignored == ("build/", "logs/", "src/d.log")


def test_an_ignored_folder_is_not_answered_with_an_empty_list(tmp_path: Path) -> None:
    folder = make(tmp_path, "build/x/a.o")
    (folder / ".gitignore").write_text("build/\n")
    assert git.listing(str(folder / "build")) == "the folder is git-ignored"
    assert git.listing(str(folder / "build" / "x")) == "the folder is git-ignored"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_not_utf8_survive(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / os.fsdecode(b"caf\xe9\n.txt")).write_text("text")
    assert [os.fsencode(name) for name in files(tmp_path)] == [b"caf\xe9\n.txt"]


def test_folders_that_git_cannot_open_are_reported() -> None:
    errors = b"warning: could not open directory 'a/b c/': Permission denied\nwarning: something else\n"
    assert git._unreadable(errors * 2) == ("a/b c/",)
