"""`tok check` where a file that is measured becomes something that is no text: a link, a submodule, a binary."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]
Repo = Any

RULE = '[[rules]]\nname = "prompts"\npaths = ["prompts/**"]\nmax_tokens = 50\n'
KEPT = '[[rules]]\nname = "texts"\npaths = ["*.txt"]\nmax_tokens = 500\n'
"""A rule that nothing here goes against."""

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 99999\n".encode()


def words(number: int) -> str:
    """A text of so many tokens: tiktoken 0.14 gives one to each ` word` in o200k_base."""
    return " word" * number


@pytest.fixture
def repo(new_repo: Callable[[Path], Repo], tmp_path: Path) -> Repo:
    """`feature`, checked out and equal to `main`, where one prompt of two is over its limit of 50 tokens."""
    repo = new_repo(tmp_path / "repo")
    files = {"prompts/a.md": words(10), "prompts/big.md": words(80), "notes.txt": words(5)}
    repo.commit({"tok.toml": RULE, **files})
    repo.git("switch", "--quiet", "--create", "feature")
    return repo


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x00\xff" + words(90).encode(), "binary"),
        (b"%PDF-1\n" + words(90).encode(), "binary"),
        (words(90).encode("utf-16-le"), "binary"),
        (POINTER, "lfs-pointer"),
    ],
)
def test_a_file_that_was_measured_and_is_no_text_any_more_is_no_pass(
    tok: Tok, repo: Repo, content: bytes, what: str
) -> None:
    repo.commit({"prompts/a.md": content})
    message = f"prompts/a.md: was text and is {what} now, so that rule prompts (tok.toml:1) cannot measure it"
    for paths in ((), ("prompts/a.md",)):
        ended = tok("check", "--base", "main", *paths, cwd=repo.folder)
        assert (ended.code, message in ended.err) == (3, True)


def test_what_was_never_text_needs_no_word(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "main")
    repo.commit({"prompts/logo.png": b"\x89PNG\r\n\x1a\n\x00"})
    repo.git("switch", "--quiet", "--force-create", "feature")
    repo.commit({"prompts/logo.png": b"\x89PNG\r\n\x1a\n\x00\x00", "prompts/other.png": b"\x89PNG\r\n\x1a\n\x00"})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, ended.err) == (0, "  skipped   2 image  (--show-skipped)\n")


@pytest.mark.parametrize("excuse", ["report_only", "waiver", "warning"])
def test_what_fails_nothing_may_become_no_text(tok: Tok, repo: Repo, excuse: str) -> None:
    waiver = '[[waivers]]\npaths = ["prompts/a.md"]\nreason = "moves to LFS"\nexpires = 2999-12-31\n'
    text = {"waiver": RULE + waiver, "warning": RULE + 'severity = "warning"\n', "report_only": KEPT}[excuse]
    repo.git("switch", "--quiet", "main")
    repo.write({"policy.toml": "report_only = true\n" + RULE} if excuse == "report_only" else {})
    repo.git("add", ".")
    repo.commit({"tok.toml": text if excuse != "report_only" else 'extends = "policy.toml"\n' + text})
    repo.git("switch", "--quiet", "--force-create", "feature")
    repo.commit({"prompts/a.md": POINTER})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert (ended.code, "prompts/a.md: was text and is lfs-pointer now" in ended.err) == (0, True)


def test_a_change_of_the_rules_may_let_go_of_what_is_no_text_any_more(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/a.md": POINTER, "tok.toml": RULE.replace('"prompts/**"', '"prompts/big.md"')})
    assert tok("check", "--base", "main", cwd=repo.folder).code == 1
    assert tok("check", "--base", "main", "--allow-policy-change", cwd=repo.folder).code == 0


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
@pytest.mark.parametrize(("target", "code"), [("big.md", 0), ("../notes.txt", 3), ("/etc/hostname", 3), ("gone.md", 3)])
def test_a_file_may_become_a_link_to_another_that_is_measured(tok: Tok, repo: Repo, target: str, code: int) -> None:
    (repo / "prompts/a.md").unlink()
    (repo / "prompts/a.md").symlink_to(target)
    assert tok("check", "--base", "main", "--worktree", cwd=repo.folder).code == code
    repo.git("add", ".")
    for paths in ((), ("prompts/a.md",)):
        assert tok("check", "--staged", *paths, cwd=repo.folder).code == (
            code if target != "gone.md" or not paths else 0
        )


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
@pytest.mark.parametrize("what", ["link", "submodule"])
def test_a_folder_of_measured_files_that_becomes_something_else_is_no_pass(tok: Tok, repo: Repo, what: str) -> None:
    if what == "link":
        repo.git("mv", "prompts", "elsewhere")
        (repo / "prompts").symlink_to("elsewhere")
        repo.git("add", "prompts")
    else:
        repo.git("rm", "-rq", "prompts")
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD')},prompts")
    repo.commit({})
    ended = tok("check", "--base", "main", cwd=repo.folder)
    assert ended.code == 3
    for name in ("a.md", "big.md"):
        assert f"prompts/{name}: was text and is behind a {what} now, prompts, so that rule" in ended.err
