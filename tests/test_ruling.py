"""Rules in a repository: what they say about the files that a comparison shows, and what tok.lock pins of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tokencli import comparing
from tokencli.git.objects import Objects
from tokencli.git.revisions import repository
from tokencli.model import Column
from tokencli.ruling import pins, remarks

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    variables = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=tok", "-c", "user.email=tok@example.org", *arguments]
    subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True)


def said(folder: Path) -> tuple[dict[str, str], str]:
    with Objects(repository(str(folder), {})) as objects:
        ends = comparing.ends(objects, None, state="worktree")
        return remarks(objects, ends, comparing.differing(objects.repo, ends), date(2026, 11, 22))


def test_a_comparison_says_what_is_over_and_what_was_over_before(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "tok.toml").write_text('[[rules]]\nname = "short"\npaths = ["*.md"]\nmax_tokens = 3\n')
    for name, words in (("was.md", 5), ("grew.md", 2), ("fine.md", 1), ("other.txt", 9)):
        (tmp_path / name).write_text(" word" * words)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    for name, words in (("was.md", 4), ("grew.md", 6), ("fine.md", 3), ("other.txt", 99), ("new.md", 7)):
        (tmp_path / name).write_text(" word" * words)
    assert said(tmp_path) == (
        {
            "grew.md": "over (limit 3, rule short)",
            "new.md": "over (limit 3, rule short)",
            "was.md": "over before (limit 3, rule short)",
        },
        "",
    )


def test_a_policy_that_cannot_be_read_is_said_and_hides_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "tok.toml").write_text("[[rules]]\npaths = 3\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    assert said(tmp_path)[0] == {}
    assert said(tmp_path)[1].startswith("limits are not shown: tok.toml:2: ")


def test_a_pin_names_the_way_of_counting() -> None:
    exact, estimate = Column("o200k_base", "exact", model="gpt-4o"), Column("o200k_base", "estimate", "grok-4")
    encodings, models = pins([exact, estimate])
    assert sorted(encodings) == ["estimate by o200k_base", "o200k_base"]
    assert models == {"gpt-4o": "o200k_base", "grok-4": "estimate by o200k_base"}
    assert encodings["o200k_base"] != encodings["estimate by o200k_base"]
    assert pins([exact]) == pins([exact])
