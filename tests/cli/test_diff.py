"""`tok diff`, option by option, through real processes in small repositories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]
Repo = Any


def words(number: int) -> str:
    """A text of so many tokens: tiktoken 0.14 gives one to each ` word`, in o200k_base and in p50k_base."""
    return " word" * number


@pytest.fixture
def repo(new_repo: Callable[[Path], Repo], tmp_path: Path) -> Repo:
    """`feature`, checked out, which grows, adds, deletes and renames a file each; `main` went on by itself."""
    repo = new_repo(tmp_path / "repo")
    files = {"prompts/system.md": 10, "prompts/old.md": 40, "notes.txt": 5, "gone.txt": 7}
    repo.commit({name: words(number) for name, number in files.items()})
    repo.git("switch", "--quiet", "--create", "feature")
    repo.git("mv", "prompts/old.md", "prompts/renamed.md")
    repo.commit({"prompts/system.md": words(60), "prompts/new.md": words(20), "gone.txt": None})
    repo.git("switch", "--quiet", "main")
    repo.commit({"notes.txt": words(105)})
    repo.git("switch", "--quiet", "feature")
    return repo


def rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


def changes(out: str) -> dict[str, int]:
    """What each path changed by."""
    return {row[4]: int(row[0]) for row in rows(out)[:-1]}


FEATURE = {"prompts/system.md": 50, "prompts/new.md": 20, "gone.txt": -7, "prompts/renamed.md": 0}


def test_a_branch_is_compared_from_its_merge_base(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", "main", cwd=repo.folder)
    base, head = (repo.git("rev-parse", name)[:10] for name in ("feature~1", "feature"))
    assert (ended.code, ended.err) == (0, "")
    assert rows(ended.out) == [
        ["50", "10", "60", "changed", "prompts/system.md"],
        ["20", "-", "20", "added", "prompts/new.md"],
        ["-7", "7", "-", "deleted", "gone.txt"],
        ["0", "40", "40", "renamed", "prompts/renamed.md", "prompts/old.md"],
        [
            *("63", "57", "120", "total", "4 files"),
            f"merge base of main and HEAD ({base}) -> HEAD ({head})",
            "o200k_base (default), exact",
        ],
    ]


@pytest.mark.parametrize("revisions", ["main...feature", "main...", "main"])
def test_three_dots_and_one_name_mean_the_merge_base(tok: Tok, repo: Repo, revisions: str) -> None:
    assert changes(tok("diff", revisions, cwd=repo.folder).out) == FEATURE


@pytest.mark.parametrize("revisions", ["main..feature", "main.."])
def test_two_dots_compare_the_two_themselves(tok: Tok, repo: Repo, revisions: str) -> None:
    assert changes(tok("diff", revisions, cwd=repo.folder).out) == {**FEATURE, "notes.txt": -100}


def test_the_way_back_has_the_other_sign(tok: Tok, repo: Repo) -> None:
    back = changes(tok("diff", "feature..main", cwd=repo.folder).out)
    assert back == {
        **{"notes.txt": 100, "prompts/system.md": -50, "prompts/new.md": -20, "gone.txt": 7},
        "prompts/old.md": 0,
    }


def test_nothing_named_is_the_working_tree_against_the_last_commit(tok: Tok, repo: Repo) -> None:
    repo.stage({"prompts/new.md": words(21)}).write({"notes.txt": words(6), "untracked.md": words(3)})
    ended = tok("diff", cwd=repo.folder)
    assert changes(ended.out) == {"untracked.md": 3, "notes.txt": 1, "prompts/new.md": 1}
    assert rows(ended.out)[-1][5].endswith("-> the working tree")
    assert tok("diff", "--worktree", cwd=repo.folder).out == ended.out


def test_staged_looks_at_the_index_alone(tok: Tok, repo: Repo) -> None:
    repo.stage({"prompts/new.md": words(21)}).write({"prompts/new.md": words(99), "untracked.md": words(3)})
    ended = tok("diff", "--staged", cwd=repo.folder)
    assert changes(ended.out) == {"prompts/new.md": 1}
    assert rows(ended.out)[-1][5].endswith("-> the index")


@pytest.mark.parametrize(("option", "more"), [("--staged", 1), ("--worktree", 79)])
def test_the_index_and_the_working_tree_may_be_compared_with_a_branch(
    tok: Tok, repo: Repo, option: str, more: int
) -> None:
    repo.stage({"prompts/new.md": words(21)}).write({"prompts/new.md": words(99)})
    assert changes(tok("diff", "main", option, cwd=repo.folder).out) == {**FEATURE, "prompts/new.md": 20 + more}


def test_before_the_first_commit_everything_is_new(tok: Tok, new_repo: Callable[[Path], Repo], tmp_path: Path) -> None:
    repo = new_repo(tmp_path / "empty").stage({"a.md": words(4)})
    ended = tok("diff", "--staged", cwd=repo.folder)
    assert (changes(ended.out), rows(ended.out)[-1][5]) == ({"a.md": 4}, "nothing (no commit yet) -> the index")


def test_no_difference_is_a_sentence_and_0(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", cwd=repo.folder)
    assert (ended.code, "no text file differs between HEAD" in ended.out) == (0, True)
    assert tok("diff", "-q", cwd=repo.folder).out == "0\n"


def test_paths_narrow_it_down(tok: Tok, repo: Repo) -> None:
    assert changes(tok("diff", "main", "prompts", cwd=repo.folder).out) == {
        name: number for name, number in FEATURE.items() if name.startswith("prompts/")
    }
    assert changes(tok("diff", "main", "gone.txt", "prompts/new.md", cwd=repo.folder).out) == {
        "prompts/new.md": 20,
        "gone.txt": -7,
    }


def test_a_path_alone_is_compared_with_the_last_commit(tok: Tok, repo: Repo) -> None:
    repo.write({"notes.txt": words(6), "prompts/new.md": words(50)})
    assert changes(tok("diff", "notes.txt", cwd=repo.folder).out) == {"notes.txt": 1}


def test_a_file_that_was_deleted_is_named_after_a_revision(tok: Tok, repo: Repo) -> None:
    repo.write({"notes.txt": None})
    assert changes(tok("diff", "HEAD", "notes.txt", "--worktree", cwd=repo.folder).out) == {"notes.txt": -5}


def test_in_a_sub_folder_paths_are_typed_from_there_and_shown_from_the_root(tok: Tok, repo: Repo) -> None:
    below = repo / "prompts"
    assert changes(tok("diff", "main", cwd=below).out) == FEATURE
    assert changes(tok("diff", "main", "new.md", "../gone.txt", cwd=below).out) == {
        "prompts/new.md": 20,
        "gone.txt": -7,
    }
    assert len(changes(tok("diff", "main", ".", cwd=below).out)) == 3


def test_models_and_encodings_stand_side_by_side_in_the_order_typed(tok: Tok, repo: Repo) -> None:
    out = tok("diff", "main", "-e", "p50k_base", "-m", "gpt-4o", "prompts/new.md", cwd=repo.folder).out
    assert rows(out)[0] == ["20", "20", "-", "20", "-", "20", "added", "prompts/new.md"]
    # By the package's card 20 x 2.5 / 1,000,000.
    cost = "+$0.00005 per call on gpt-4o input, +$0.05 per 1,000 calls"
    assert rows(out)[-1][-3:] == ["p50k_base: p50k_base, exact", "gpt-4o: o200k_base, exact", cost]


def test_top_lists_so_many_and_sums_the_others(tok: Tok, repo: Repo) -> None:
    out = tok("diff", "main", "--top", "1", cwd=repo.folder).out
    assert [row[0] for row in rows(out)] == ["50", "13", "63"]
    assert rows(out)[1][3:] == ["rest", "3 smaller files"]
    assert len(rows(tok("diff", "main", "--top", "1", "--all", cwd=repo.folder).out)) == 5


def test_the_largest_change_stands_first_whatever_its_sign(tok: Tok, repo: Repo) -> None:
    repo.write({"prompts/renamed.md": words(1)})
    out = tok("diff", "main", "--worktree", cwd=repo.folder).out
    assert [row[0] for row in rows(out)[:-1]] == ["50", "-39", "20", "-7"]
    reverse = tok("diff", "main", "--worktree", "--reverse", cwd=repo.folder).out
    assert [row[0] for row in rows(reverse)[:-1]] == ["-7", "20", "-39", "50"]
    by_path = tok("diff", "main", "--sort", "path", cwd=repo.folder).out
    assert list(changes(by_path)) == ["gone.txt", "prompts/new.md", "prompts/renamed.md", "prompts/system.md"]


@pytest.mark.parametrize(("most", "code"), [(63, 0), (62, 1), (0, 1)])
def test_more_than_max_is_1(tok: Tok, repo: Repo, most: int, code: int) -> None:
    ended = tok("diff", "main", "--max", str(most), cwd=repo.folder)
    assert ended.code == code
    assert f"max +{most} tokens: {'FAILED (+63, ' if code else 'passed (+63)'}" in ended.out
    assert tok("diff", "main", "--max", str(most), "-q", cwd=repo.folder).code == code


def test_what_shrinks_is_within_every_max(tok: Tok, repo: Repo) -> None:
    assert tok("diff", "feature..main", "--max", "100", cwd=repo.folder).code == 0
    assert tok("diff", "main", "gone.txt", "--max", "0", cwd=repo.folder).code == 0


def test_the_high_ends_of_an_estimate_are_held_against_max(tok: Tok, repo: Repo) -> None:
    arguments = ("diff", "main", "-m", "grok-4", "--json")
    total = json.loads(tok(*arguments, cwd=repo.folder).out)["data"]["totals"][0]
    grown = total["head"]["high"] - total["base"]["high"]
    assert grown > total["change"]
    assert tok(*arguments, "--max", str(grown), cwd=repo.folder).code == 0
    assert tok(*arguments, "--max", str(grown - 1), cwd=repo.folder).code == 1


def test_include_and_exclude_choose_files(tok: Tok, repo: Repo) -> None:
    assert changes(tok("diff", "main", "--include", "*.txt", cwd=repo.folder).out) == {"gone.txt": -7}
    ended = tok("diff", "main", "--exclude", "prompts/", "--show-skipped", cwd=repo.folder)
    assert changes(ended.out) == {"gone.txt": -7}
    assert "prompts/: excluded" in ended.err


def test_patterns_of_the_settings_are_used_in_every_folder(tok: Tok, repo: Repo) -> None:
    repo.write({"tok.toml": 'exclude = ["/prompts/", "tok.toml"]\n'})
    for below in (".", "prompts"):
        assert changes(tok("diff", "main", cwd=repo / below).out) == {"gone.txt": -7}


def test_a_change_cannot_hide_a_file_by_tokignore(tok: Tok, repo: Repo) -> None:
    repo.commit({".tokignore": "prompts/\n"})
    assert "prompts/new.md" in changes(tok("diff", "main", cwd=repo.folder).out)
    repo.write({"prompts/new.md": words(30), "gone.txt": words(1)})
    assert changes(tok("diff", cwd=repo.folder).out) == {"gone.txt": 1}


def test_special_tokens_are_text_unless_parsed(tok: Tok, repo: Repo) -> None:
    repo.write({"special.md": "<|endoftext|>"})
    assert tok("diff", "-q", cwd=repo.folder).out == "7\n"
    assert tok("diff", "-q", "--special", "parse", cwd=repo.folder).out == "1\n"


def test_require_refuses_a_worse_way_of_counting(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", "main", "-m", "grok-4", "--require", "exact", cwd=repo.folder)
    assert (ended.code, ended.out) == (3, "")
    assert "--require exact: grok-4 is estimate" in ended.err
    assert tok("diff", "main", "--require", "exact", cwd=repo.folder).code == 0


def test_what_has_no_text_is_named_on_demand_and_a_change_of_kind_is_remarked(tok: Tok, repo: Repo) -> None:
    repo.commit({"logo.png": b"\x89PNG\r\n\x1a\n\x00", "notes.txt": b"a\x00\xff\x00b"})
    ended = tok("diff", "HEAD~1", cwd=repo.folder)
    assert rows(ended.out)[0] == ["-5", "5", "-", "changed", "notes.txt", "", "now binary"]
    assert "1 image" in ended.err
    assert "logo.png: image" in tok("diff", "HEAD~1", "--show-skipped", cwd=repo.folder).err


def test_what_is_over_a_limit_of_the_rules_is_remarked_and_fails_nothing(tok: Tok, repo: Repo) -> None:
    repo.commit({"tok.toml": "[[rules]]\nname = 'short'\npaths = ['*.md']\nmax_tokens = 30\n"})
    repo.commit({"prompts/new.md": words(31), "prompts/system.md": words(59), "notes.txt": words(900)})
    ended = tok("diff", "HEAD~1", cwd=repo.folder)
    assert ended.code == 0
    assert {row[4]: row[6:] for row in rows(ended.out)[:-1]} == {
        "prompts/new.md": ["over (limit 30, rule short)"],
        "prompts/system.md": ["over before (limit 30, rule short)"],
        "notes.txt": [],
    }


def test_quiet_is_a_bare_number_for_each_column(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", "main", "-q", "-e", "o200k_base", "-e", "p50k_base", cwd=repo.folder)
    assert (ended.code, ended.out, ended.err) == (0, "63\n63\n", "")
    assert tok("diff", "feature..main", "-q", cwd=repo.folder).out == "37\n"


def test_json_has_both_sides_of_each_change(tok: Tok, repo: Repo) -> None:
    document = json.loads(tok("diff", "main", "--json", "--max", "5", cwd=repo.folder).out)
    assert (document["schema"], document["status"], document["exit_code"]) == ("tok.diff/1", "failed", 1)
    data = document["data"]
    assert data["base"] == {"name": "merge base of main and HEAD", "commit": repo.git("rev-parse", "feature~1")}
    assert data["head"] == {"name": "HEAD", "commit": repo.git("rev-parse", "feature")}
    assert {change["path"]: change["change"] for change in data["changes"]} == {
        path: [number] for path, number in FEATURE.items()
    }
    assert data["changes"][3]["old_path"] == "prompts/old.md"
    assert data["limits"][0]["over"] == 58


def test_markdown_has_a_row_for_each_change(tok: Tok, repo: Repo) -> None:
    out = tok("diff", "main", "--format", "markdown", cwd=repo.folder).out
    assert "| `prompts/system.md` | 10 | 60 | +50 | +500.0% |" in out.splitlines()
    assert out.count("\n| `") == 4


def test_the_answer_goes_to_a_file(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    ended = tok("diff", "main", "--json", "-o", str(tmp_path / "out.json"), cwd=repo.folder)
    assert (ended.code, ended.out) == (0, "")
    assert json.loads((tmp_path / "out.json").read_text())["data"]["totals"][0]["change"] == 63
    assert tok("diff", "main", "-q", "-o", "-", cwd=repo.folder).out == "63\n"


def test_the_cache_changes_no_number(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    repo.commit({"long.txt": words(60_000)})
    env = {"TOK_CACHE": "1", "TOK_CACHE_DIR": str(tmp_path / "counts")}
    first, second = (tok("diff", "main", cwd=repo.folder, env=env).out for _ in range(2))
    assert first == second == tok("diff", "main", "--no-cache", cwd=repo.folder, env=env).out
    assert json.loads(tok("cache", "info", "--json", cwd=repo.folder, env=env).out)["data"]["counts"] > 0
    tok("cache", "clear", cwd=repo.folder, env=env)
    tok("diff", "main", "--no-cache", cwd=repo.folder, env=env)
    assert json.loads(tok("cache", "info", "--json", cwd=repo.folder, env=env).out)["data"]["counts"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    [
        (["no-such-branch"], 3, "unknown revision 'no-such-branch'", "git branch --all lists branches"),
        (["main...no-such"], 3, "unknown revision 'no-such'", "git branch --all lists branches"),
        (["origin/main"], 3, "unknown revision 'origin/main'", "git branch --all lists branches"),
        (["gone.txt"], 3, "unknown revision 'gone.txt'", "for a file that is gone: tok diff HEAD gone.txt --worktree"),
        (["main", "no-such.md"], 3, "no-such.md: no such file or folder, now or before", "the current folder"),
        (["main", "feature"], 2, "feature is a revision, and those come first, in one word", "main...feature"),
        (["main", "../elsewhere"], 2, "../elsewhere: outside of the repository", "-C DIR"),
        (["main...feature", "--staged"], 2, "main...feature has an end already", "give main alone"),
        (["..feature", "--worktree"], 2, "..feature has an end already", "give HEAD alone"),
        (["--staged", "--worktree"], 2, "--staged and --worktree exclude each other", "keep one"),
        (["main", "-q", "--format", "table"], 2, "-q and --format table exclude each other", "keep one"),
        (["main", "--format", "csv"], 2, "--format: 'csv' is not one of table, plain, json, markdown", "--help"),
        (["main", "--sort", "bytes"], 2, "'bytes' is not one of", "tok diff --help"),
        (["main", "--max", "-1"], 2, "-1 is not in the range", "tok diff --help"),
        (["main", "-m", "no-such-model"], 3, "no-such-model", "tok help models"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    tok: Tok, repo: Repo, arguments: list[str], code: int, message: str, hint: str
) -> None:
    ended = tok("diff", *arguments, cwd=repo.folder)
    assert ended.code == code
    said, advice = ended.err.splitlines()
    assert message in said
    assert hint in advice


def test_a_name_that_is_a_file_and_a_revision_is_asked_about(tok: Tok, repo: Repo) -> None:
    repo.write({"main": words(3)})
    ended = tok("diff", "main", cwd=repo.folder)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "tok: error: main is a file and a revision",
        "hint: write ./main or main...HEAD",
    ]
    assert changes(tok("diff", "./main", cwd=repo.folder).out) == {"main": 3}
    assert changes(tok("diff", "main...HEAD", cwd=repo.folder).out) == FEATURE


def test_a_branch_of_a_remote_that_is_not_here_is_to_be_fetched(tok: Tok, repo: Repo) -> None:
    repo.git("remote", "add", "origin", "../nowhere")
    ended = tok("diff", "origin/main", cwd=repo.folder)
    assert (ended.code, "hint: git fetch origin main" in ended.err) == (3, True)


def test_histories_without_a_common_commit_are_compared_by_two_dots(tok: Tok, repo: Repo) -> None:
    repo.git("switch", "--quiet", "--orphan", "other")
    repo.commit({"a.md": words(1)})
    ended = tok("diff", "main", cwd=repo.folder)
    assert (ended.code, ended.out) == (3, "")
    assert "main and HEAD have no common ancestor" in ended.err
    assert "hint: main..HEAD compares the two themselves" in ended.err
    assert changes(tok("diff", "main..HEAD", cwd=repo.folder).out)["a.md"] == 1


def test_a_shallow_clone_says_how_to_fetch_the_rest(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--depth", "1", "--no-single-branch", repo.folder.as_uri(), str(tmp_path / "shallow"))
    ended = tok("diff", "origin/main", cwd=tmp_path / "shallow")
    assert (ended.code, ended.out) == (3, "")
    assert "origin/main and HEAD have no common ancestor in this clone" in ended.err
    assert "git fetch --unshallow" in ended.err
    assert "fetch-depth: 0" in ended.err
    lost = repo.git("rev-parse", "feature~1")
    ended = tok("diff", lost, cwd=tmp_path / "shallow")
    assert (ended.code, "git fetch --unshallow" in ended.err) == (3, True)


def test_outside_of_a_repository_there_is_nothing_to_compare(tok: Tok, tmp_path: Path) -> None:
    ended = tok("diff", cwd=tmp_path, env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert ended.code == 3
    assert ended.err.splitlines() == [
        f"tok: error: there is no git repository in {tmp_path}",
        "hint: -C DIR names another folder; tok count needs none",
    ]


def test_without_git_it_says_so(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", cwd=repo.folder, env={"PATH": ""})
    assert (ended.code, "git is not installed" in ended.err) == (3, True)


def test_a_conflict_is_to_be_resolved_first(tok: Tok, repo: Repo) -> None:
    repo.commit({"notes.txt": words(9)})
    with pytest.raises(subprocess.CalledProcessError):
        repo.git("merge", "main")
    ended = tok("diff", "--staged", cwd=repo.folder)
    assert (ended.code, "notes.txt: not merged yet" in ended.err) == (3, True)


def test_an_error_is_json_where_json_was_asked_for(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", "no-such", "--json", cwd=repo.folder)
    document = json.loads(ended.out)
    assert (document["status"], document["exit_code"], ended.err) == ("error", 3, "")
    assert document["errors"][0]["code"] == "unknown-revision"


def test_a_terminal_gets_a_table_that_fits(on_terminal: Tok, repo: Repo) -> None:
    for width in (40, 80):
        out = on_terminal("diff", "main", cwd=repo.folder, width=width, env={"NO_COLOR": "1"}).out
        assert "\x1b" not in out
        assert all(len(line) <= width or "merge base" in line for line in out.splitlines())
        assert "prompts/system.md" in out
    assert "\x1b[" in on_terminal("diff", "main", cwd=repo.folder).out


def test_a_long_listing_fits_the_terminal_unless_all_is_asked_for(on_terminal: Tok, repo: Repo) -> None:
    repo.write({f"many/{number:02}.md": words(number + 1) for number in range(40)})
    out = on_terminal("diff", cwd=repo.folder, lines=24).out
    assert "24 smaller files" in out
    assert len(out.splitlines()) <= 24
    assert len(on_terminal("diff", "--all", cwd=repo.folder, lines=24).out.splitlines()) > 40


def test_a_pipe_gets_whole_lines_without_colour(tok: Tok, repo: Repo) -> None:
    long = "x" * 120 + ".md"
    repo.write({long: words(1)})
    for options in ([], ["--format", "table"]):
        out = tok("diff", *options, cwd=repo.folder, env={"COLUMNS": "40"}).out
        assert long in out
        assert "\x1b" not in out


def test_the_first_line_of_a_pipe_may_be_all_that_is_read(repo: Repo, environment: Tok) -> None:
    repo.write({f"many/{number}.md": words(1) for number in range(3_000)})
    command = [sys.executable, "-m", "tokencli", "diff"]
    process = subprocess.Popen(
        command, cwd=repo.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"1\t-\t1\tadded\tmany/")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script")
def test_nothing_that_the_tree_names_is_run(tok: Tok, repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    repo.commit({".gitattributes": "*.md filter=evil diff=evil\n"})
    for name in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv"):
        repo.git("config", name, str(trap))
    for name in ("core.fsmonitor", "diff.external", "core.pager"):
        repo.git("config", name, str(trap))
    repo.write({"prompts/new.md": words(30)})
    assert changes(tok("diff", cwd=repo.folder).out) == {"prompts/new.md": 10}
    assert tok("diff", "main", cwd=repo.folder).code == 0
    assert tok("diff", "--staged", cwd=repo.folder).code == 0
    assert not (tmp_path / "sprung").exists()


def test_nothing_in_the_repository_is_written(tok: Tok, repo: Repo) -> None:
    repo.write({"notes.txt": words(6)})

    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(repo.folder.rglob("*")) if path.is_file()}

    before = state()
    for arguments in (["main"], ["--staged"], ["--worktree"], ["main..feature"]):
        assert tok("diff", *arguments, cwd=repo.folder).code == 0
    assert state() == before


def test_a_commit_compared_with_itself_says_how_to_look_at_what_is_not_committed(tok: Tok, repo: Repo) -> None:
    ended = tok("diff", "HEAD", cwd=repo.folder)
    assert ended.code == 0
    assert "--staged and --worktree look at what is not committed" in ended.err


def test_max_does_not_go_by_settings_that_the_change_brings(tok: Tok, repo: Repo) -> None:
    repo.commit({"prompts/long.md": words(500), "tok.toml": 'exclude = ["prompts/**"]\n'})
    ended = tok("diff", "main", "--max", "100", cwd=repo.folder)
    assert ended.code == 3
    assert "tok.toml says what is counted, and is not as at" in ended.err
    assert tok("diff", "main", "--max", "100", "--no-config", cwd=repo.folder).code == 1
