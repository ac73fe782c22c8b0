"""A folder to fill, with or without a git repository in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

IDENTITY = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files below the temporary folder: write("a/b.txt", "c.txt", "d.txt=text")."""

    def files(*names: str) -> Path:
        for name in names:
            path, _, text = name.partition("=")
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text or "text\n", newline="")
        return tmp_path

    return files


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., None]:
    """Run git in the temporary folder, or in one below it."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def run(*arguments: str, below: str = ".") -> None:
        environment = os.environ | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        subprocess.run(command, cwd=tmp_path / below, env=environment, check=True, capture_output=True)

    return run
