"""The patterns of a project's file take the same files of a folder wherever the walk begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokencli.cli.anchors import Patterns, exclude_below, include_below
from tokencli.cli.inputs import find

Tok = Callable[..., Any]

FILES = (
    "a.md",
    "src/a.md",
    "src/gen/a.md",
    "src/gen/deep/b.py",
    "src/[x]/a.md",
    "docs/a.md",
    "docs/src/gen/a.md",
    "docs/vendor/b.py",
)

PATTERNS = (
    ["src/gen/"],
    ["/src/gen"],
    ["/a.md"],
    ["src/*.md"],
    ["src/**/a.md"],
    ["**/gen/"],
    ["**/src/gen/**"],
    ["*/vendor/"],
    ["docs/**"],
    ["*.py", "!src/gen/deep/b.py"],
    ["vendor/"],
    ["src/[[]x]/a.md"],
    ["docs/*", "!docs/a.md"],
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with one token in each file, and a folder of another project beside it."""
    for name in (*(f"repo/{file}" for file in FILES), "other/src/gen/a.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "repo" / ".git").mkdir()
    return tmp_path / "repo"


def counted(tok: Tok, tree: Path, *arguments: str, below: str = ".") -> set[str]:
    """The files counted, relative to the repository."""
    ended = tok("count", *arguments, cwd=tree / below)
    lines = [line.split("\t")[1] for line in ended.out.splitlines()[:-1]]
    return {str((tree / below / line).resolve().relative_to(tree).as_posix()) for line in lines} - {"tok.toml"}


@pytest.mark.parametrize("setting", ["include", "exclude"])
@pytest.mark.parametrize("patterns", PATTERNS, ids=" ".join)
def test_a_folder_gives_the_same_files_by_itself_as_within_the_project(
    monkeypatch: pytest.MonkeyPatch, tree: Path, setting: str, patterns: list[str]
) -> None:
    project = {"include": Patterns(), "exclude": Patterns()}
    project[setting] = Patterns(tuple(patterns), str(tree), "tok.toml:1")

    def found(*inputs: str, below: str = ".") -> set[str]:
        monkeypatch.chdir(tree / below)
        documents = find(inputs, None, include=project["include"], exclude=project["exclude"]).documents
        return {Path(str(document.file)).relative_to(tree).as_posix() for document in documents}

    whole = found(".")
    for folder in ("src", "docs"):
        expected = {path for path in whole if path.startswith(folder + "/")}
        assert found(folder) == expected
        assert found(".", below=folder) == expected
    inside = {path for path in whole if path.startswith(("src/", "docs/"))}
    assert found("src", "docs", "a.md") == inside | {"a.md"}


def test_a_folder_above_the_project_keeps_its_patterns_in_it(tok: Tok, tree: Path) -> None:
    (tree / "tok.toml").write_text('exclude = ["/src/gen/", "vendor/"]\n')
    ended = tok("count", "..", cwd=tree)
    paths = {line.split("\t")[1] for line in ended.out.splitlines()[:-1]}
    assert "../other/src/gen/a.md" in paths
    assert not paths & {"../repo/src/gen/a.md", "../repo/docs/vendor/b.py"}


def test_a_project_has_no_say_in_a_folder_outside_of_it(tok: Tok, tree: Path) -> None:
    (tree / "tok.toml").write_text('exclude = ["*.md"]\ninclude = ["*.py"]\n')
    assert "gen/a.md" in tok("count", "../other", cwd=tree).out


def test_patterns_of_options_stay_relative_to_each_walk(tok: Tok, tree: Path) -> None:
    assert counted(tok, tree, "src", "--exclude", "/gen/") == {"src/a.md", "src/[x]/a.md"}


def test_globs_and_lists_take_the_same_files_too(tok: Tok, tree: Path) -> None:
    (tree / "tok.toml").write_text('exclude = ["src/gen/"]\n')
    assert counted(tok, tree, "*/**/*.md") == {"src/a.md", "src/[x]/a.md", "docs/a.md", "docs/src/gen/a.md"}
    (tree / "src" / "list").write_text("gen/a.md\na.md\n")
    assert counted(tok, tree, "--files-from", "list", below="src") == {"src/a.md"}


def test_a_file_found_twice_is_counted_once(tok: Tok, tree: Path) -> None:
    (tree / "tok.toml").write_text('exclude = ["src/gen/"]\n')
    ended = tok("count", "src", ".", "src/a.md", cwd=tree)
    assert [line.split("\t")[1] for line in ended.out.splitlines()].count("src/a.md") == 1
    assert "3 counted-already" in ended.err


@pytest.mark.parametrize(
    ("pattern", "below"),
    [
        ("a/b/*.md", ("/*.md",)),
        ("*/b/x", ("/x",)),
        ("**/x/y", ("/**/x/y",)),
        ("/a/b", ()),
        ("c/x", ()),
        ("!a/b/x/", ("!/x/",)),
        ("*.md", ("*.md",)),
    ],
)
def test_what_is_left_of_a_pattern_below(tmp_path: Path, pattern: str, below: tuple[str, ...]) -> None:
    patterns = Patterns((pattern,), str(tmp_path), "tok.toml:1")
    assert exclude_below(patterns, str(tmp_path / "a" / "b")) == below


def test_a_folder_that_is_taken_whole_has_all_its_files_taken(tmp_path: Path) -> None:
    patterns = Patterns(("a/", "c/*.md"), str(tmp_path), "tok.toml:1")
    assert include_below(patterns, str(tmp_path / "a" / "b")) == ("*",)
    assert include_below(patterns, str(tmp_path / "d")) == ("a/",)


def test_a_folder_in_which_nothing_can_be_taken_has_nothing_taken(tmp_path: Path) -> None:
    assert include_below(Patterns(("c/*.md",), str(tmp_path), "tok.toml:1"), str(tmp_path / "d")) == ("/.",)
