"""What `pre-commit` does with the hooks: real commits, in repositories of every shape."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]

# OpenAI's cookbook, "How to count tokens with tiktoken", gives them 7 and 8 tokens in o200k_base.
WITHIN = "2 + 2 = 4"
OVER = "お誕生日おめでとう"
TOO_MANY = "8 tokens of 7: over by 1"

RULES = """
[[rules]]
name = "prompts"
paths = ["prompts/**", "*.prompt"]
max_tokens = 7
"""
TOTAL = """
[[rules]]
name = "all prompts"
paths = ["prompts/**"]
scope = "total"
max_tokens = 15
"""
ODD_NAME = pytest.mark.skipif(sys.platform == "win32", reason="no file of Windows has such a name")


@pytest.fixture
def project(make: Make) -> Any:
    """A repository with tok-check, in which prompts may have 7 tokens each."""
    return make("tok-check", rules=RULES)


def test_a_prompt_over_its_limit_stops_the_commit_and_is_named(project: Any) -> None:
    project.stage("prompts/a.md", OVER)
    ended = project.commit()
    assert ended.returncode == 1
    assert "prompts/a.md" in ended.stdout
    assert TOO_MANY in ended.stdout
    assert "rule prompts (tok.toml:2)" in ended.stdout
    assert not project.stands()


def test_a_prompt_within_its_limit_is_committed(project: Any) -> None:
    project.stage("prompts/a.md", WITHIN)
    assert project.commit().returncode == 0
    assert project.stands()


def test_a_file_without_a_rule_is_committed(project: Any) -> None:
    project.stage("notes.md", OVER)
    assert project.commit().returncode == 0


def test_a_binary_file_is_no_text_and_utf_16_is(project: Any) -> None:
    (project.folder / "prompts").mkdir()
    (project.folder / "prompts" / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    project.must("git", "add", ".")
    assert project.commit().returncode == 0
    (project.folder / "a.prompt").write_bytes(OVER.encode("utf-16"))
    project.must("git", "add", ".")
    assert TOO_MANY in project.commit().stdout


def test_what_is_staged_counts_and_not_what_lies_there(project: Any) -> None:
    project.stage("prompts/a.md", OVER)
    project.write("prompts/a.md", WITHIN)
    assert project.commit().returncode == 1
    # With names given, pre-commit lets the working tree lie as it is.
    assert project.pre_commit("run", "--files", "prompts/a.md").returncode == 1
    project.stage("prompts/a.md", WITHIN)
    project.write("prompts/a.md", OVER)
    assert project.pre_commit("run", "--files", "prompts/a.md").returncode == 0
    assert project.commit().returncode == 0
    assert (project.folder / "prompts/a.md").read_text(encoding="utf-8") == OVER


@pytest.mark.parametrize(
    "name",
    [
        "two words.prompt",
        "-x.prompt",
        "--warn-only.prompt",
        "--.prompt",
        "日本語 ünï.prompt",
        "'quoted' $HOME `id`.prompt",
        pytest.param("*.prompt", marks=ODD_NAME),
        pytest.param("line\nbreak.prompt", marks=ODD_NAME),
        pytest.param('tab\t"and" back\\slash.prompt', marks=ODD_NAME),
    ],
)
def test_every_name_of_a_file_is_only_a_name(project: Any, name: str) -> None:
    project.before(name, WITHIN)
    project.stage(name, OVER)
    ended = project.commit()
    assert ended.returncode == 1
    assert TOO_MANY in ended.stdout
    project.stage(name, "2 + 2")
    assert project.commit().returncode == 0


def test_names_that_do_not_fit_into_one_process_are_judged_by_several(project: Any) -> None:
    names = [f"prompts/{number:04}{'x' * 100}.md" for number in range(1_500)]
    for name in names:
        project.write(name, WITHIN)
    for name in (names[0], names[-1]):
        project.write(name, OVER)
    project.must("git", "add", ".")
    ended = project.commit()
    assert ended.returncode == 1
    assert ended.stdout.count(TOO_MANY) == 2
    assert ended.stdout.count("gate\t") > 1
    for name in (names[0], names[-1]):
        assert name in ended.stdout
        project.stage(name, WITHIN)
    assert project.commit().returncode == 0


def test_commit_a_judges_what_it_is_about_to_commit(project: Any) -> None:
    project.before("prompts/a.md", WITHIN)
    project.write("prompts/a.md", OVER)
    assert project.commit("-a").returncode == 1
    assert TOO_MANY in project.commit("-a").stdout


def test_commit_of_a_file_judges_that_file_alone(project: Any) -> None:
    project.before("prompts/a.md", WITHIN)
    project.before("prompts/b.md", WITHIN)
    project.stage("prompts/a.md", OVER)
    project.write("prompts/b.md", "2 + 2")
    assert project.commit("prompts/b.md").returncode == 0
    project.write("prompts/b.md", OVER)
    ended = project.commit("prompts/b.md")
    assert ended.returncode == 1
    assert "prompts/b.md" in ended.stdout
    assert "prompts/a.md" not in ended.stdout


def test_a_linked_working_tree_has_an_index_of_its_own(project: Any) -> None:
    linked = project.folder.parent / "linked"
    project.must("git", "worktree", "add", "--quiet", "-b", "other", str(linked))
    project.stage("prompts/of-main.md", OVER)
    (linked / "prompts").mkdir()
    (linked / "prompts" / "a.md").write_text(WITHIN)
    project.must("git", "add", ".", cwd=linked)
    assert project.commit(cwd=linked).returncode == 0
    (linked / "prompts" / "a.md").write_text(OVER, encoding="utf-8")
    ended = project.commit("-a", cwd=linked)
    assert ended.returncode == 1
    assert "prompts/a.md" in ended.stdout
    assert "of-main" not in ended.stdout


def test_a_commit_in_a_folder_below_is_judged_as_one_at_the_top(project: Any) -> None:
    project.stage("prompts/deep/a.md", OVER)
    ended = project.commit(cwd=project.folder / "prompts" / "deep")
    assert ended.returncode == 1
    assert "prompts/deep/a.md" in ended.stdout


def test_tok_warn_shows_and_lets_pass(make: Make) -> None:
    project = make("tok-warn", rules=RULES)
    project.stage("prompts/a.md", OVER)
    ended = project.commit()
    assert ended.returncode == 0
    assert TOO_MANY in ended.stdout
    assert project.stands()


@pytest.mark.parametrize(
    ("rules", "said"),
    [("max_tokens = [", "not valid TOML"), ("[[rules]]\npath = []\n", "path"), ("fromat = 'plain'", "fromat")],
)
def test_tok_warn_lets_pass_with_broken_rules_and_tok_check_does_not(make: Make, rules: str, said: str) -> None:
    project = make("tok-warn", "tok-check", rules=RULES)
    project.stage("prompts/a.md", OVER)
    project.stage("tok.toml", rules)
    assert project.commit().returncode == 1
    warned = project.run("git", "commit", "-m", "A change", SKIP="tok-check")
    assert warned.returncode == 0
    assert said in warned.stdout


def test_tok_budget_stops_what_is_too_much_together(make: Make) -> None:
    project = make("tok-budget", "tok-check", rules=RULES + TOTAL)
    project.before("prompts/a.md", WITHIN)
    project.stage("prompts/b.md", WITHIN)
    assert project.commit().returncode == 0
    project.stage("prompts/c.md", WITHIN)
    ended = project.commit()
    assert ended.returncode == 1
    assert "3 files together: 21 tokens of 15: over by 6" in ended.stdout
    assert "tokens of staged files...................................................Passed" in ended.stdout


def test_tok_budget_counts_what_is_staged(make: Make) -> None:
    project = make("tok-budget", rules=TOTAL)
    for name in ("a", "b", "c"):
        project.write(f"prompts/{name}.md", WITHIN)
    project.must("git", "add", "prompts/a.md")
    assert project.commit().returncode == 0


def test_a_file_that_goes_is_no_error(make: Make) -> None:
    project = make("tok-check", "tok-budget", rules=RULES + TOTAL)
    project.before("prompts/a.md", OVER)
    project.before("prompts/b.md", WITHIN)
    project.must("git", "rm", "--quiet", "prompts/a.md")
    project.stage("notes.md", OVER)
    assert project.commit().returncode == 0


def test_a_file_that_was_over_before_may_move_and_not_grow(project: Any) -> None:
    long = f"{OVER}\n" * 20
    project.before("prompts/a.md", long)
    project.must("git", "mv", "prompts/a.md", "prompts/b.md")
    assert project.commit().returncode == 0
    project.must("git", "mv", "prompts/b.md", "prompts/c.md")
    project.stage("prompts/c.md", long + OVER)
    ended = project.commit()
    assert ended.returncode == 1
    assert "grew" in ended.stdout


def test_a_merge_is_judged_as_it_was_resolved(project: Any) -> None:
    project.before("prompts/a.md", "one")
    project.must("git", "switch", "--quiet", "-c", "other")
    project.before("prompts/a.md", "two")
    project.must("git", "switch", "--quiet", "main")
    project.before("prompts/a.md", "three")
    assert project.run("git", "merge", "other").returncode == 1
    project.stage("prompts/a.md", OVER)
    ended = project.commit()
    assert ended.returncode == 1
    assert TOO_MANY in ended.stdout
    project.stage("prompts/a.md", WITHIN)
    assert project.commit().returncode == 0


def test_a_merge_without_conflicts_is_judged_before_it_is_made(make: Make) -> None:
    project = make("tok-budget", rules=TOTAL)
    project.pre_commit("install", "--hook-type", "pre-merge-commit")
    project.before("prompts/a.md", WITHIN)
    project.must("git", "switch", "--quiet", "-c", "other")
    project.before("prompts/b.md", WITHIN)
    project.must("git", "switch", "--quiet", "main")
    project.before("prompts/c.md", WITHIN)
    ended = project.run("git", "merge", "--no-edit", "other")
    assert ended.returncode != 0
    assert "3 files together: 21 tokens of 15: over by 6" in ended.stdout


def test_a_repository_without_rules_is_told_so(make: Make) -> None:
    project = make("tok-check", rules="")
    project.stage("prompts/a.md", WITHIN)
    ended = project.commit()
    assert ended.returncode == 1
    assert "- exit code: 3" in ended.stdout
    assert "there are no rules" in ended.stdout
    assert "tok gate init" in ended.stdout


def test_the_commit_that_brings_the_rules_is_judged_by_them(make: Make) -> None:
    project = make("tok-check", rules="")
    project.stage("prompts/a.md", OVER)
    project.stage("tok.toml", RULES)
    ended = project.commit()
    assert ended.returncode == 1
    assert TOO_MANY in ended.stdout


def test_a_commit_cannot_raise_its_own_limit(project: Any) -> None:
    project.stage("prompts/a.md", OVER)
    project.stage("tok.toml", RULES.replace("= 7", "= 8"))
    assert TOO_MANY in project.commit().stdout
    project.must("git", "restore", "--staged", "prompts/a.md")
    assert project.commit().returncode == 0
    project.stage("prompts/a.md", OVER)
    assert project.commit().returncode == 0


def test_the_hooks_leave_the_index_as_it_is(make: Make) -> None:
    project = make("tok-check", "tok-warn", "tok-budget", rules=RULES + TOTAL)
    project.stage("prompts/a.md", OVER)
    # pre-commit itself runs these two before hooks, which note trees and times in the index.
    project.must("git", "write-tree")
    project.must("git", "diff", "--quiet")
    index = project.folder / ".git" / "index"
    before = index.read_bytes()
    assert project.pre_commit("run").returncode == 1
    assert index.read_bytes() == before
    assert not [path for path in index.parent.iterdir() if path.suffix == ".lock"]


def test_commits_are_judged_where_pre_commit_names_them(project: Any) -> None:
    project.before("prompts/a.md", OVER)
    ended = project.pre_commit("run", "--from-ref", "HEAD~", "--to-ref", "HEAD")
    assert ended.returncode == 1
    assert TOO_MANY in ended.stdout
    project.before("notes.md", OVER)
    assert project.pre_commit("run", "--from-ref", "HEAD~", "--to-ref", "HEAD").returncode == 0


def test_a_push_is_judged_by_its_commits(project: Any) -> None:
    remote = project.folder.parent / "remote.git"
    project.must("git", "init", "--quiet", "--bare", str(remote))
    project.must("git", "remote", "add", "origin", str(remote))
    project.must("git", "push", "--quiet", "origin", "main")
    project.pre_commit("install", "--hook-type", "pre-push")
    project.before("prompts/a.md", OVER)
    project.before("prompts/b.md", WITHIN)
    ended = project.run("git", "push", "origin", "main")
    assert ended.returncode != 0
    assert TOO_MANY in ended.stdout
    assert project.run("git", "push", "origin", "HEAD~2:main").returncode == 0


def test_all_files_are_held_against_the_branch_that_ci_names(project: Any) -> None:
    project.must("git", "update-ref", "refs/remotes/origin/main", "HEAD")
    project.before("prompts/a.md", OVER)
    assert project.pre_commit("run", "--all-files").returncode == 0
    ended = project.pre_commit("run", "--all-files", GITHUB_BASE_REF="main")
    assert ended.returncode == 1
    assert TOO_MANY in ended.stdout
    lost = project.pre_commit("run", "--all-files", GITHUB_BASE_REF="develop")
    assert "- exit code: 3" in lost.stdout
    assert "unknown revision 'origin/develop'" in lost.stdout


def test_prek_runs_the_same_hooks(project: Any, prek: Any) -> None:
    def ran(*arguments: str) -> tuple[int, bool]:
        ended = project.run(str(prek.program), "run", *arguments, PREK_HOME=str(prek.home))
        return ended.returncode, TOO_MANY in ended.stdout

    project.stage("prompts/a.md", OVER)
    project.write("prompts/a.md", WITHIN)
    assert ran() == (1, True)
    project.before("prompts/a.md", OVER)
    assert ran("--from-ref", "HEAD~", "--to-ref", "HEAD") == (1, True)
    project.stage("prompts/b.md", WITHIN)
    assert ran() == (0, False)
