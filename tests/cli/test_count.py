"""`tok count`, option by option, through real processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]

# Numbers of tokens are those of tiktoken 0.14.


def rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


def paths(out: str) -> list[str]:
    return [row[1] for row in rows(out)[:-1]]


def test_a_folder_is_counted_largest_first(tok: Tok, project: Path) -> None:
    ended = tok("count", cwd=project)
    assert [(int(row[0]), row[1]) for row in rows(ended.out)] == [
        (13, "prompts/system.md"),
        (11, "src/a.py"),
        (6, "prompts/tool.md"),
        (3, "notes.txt"),
        (33, "total"),
    ]
    assert "1 image" in ended.err


def test_the_default_encoding_is_said(tok: Tok, project: Path) -> None:
    assert "o200k_base (default), exact" in tok("count", "notes.txt", cwd=project).out
    assert "(default)" not in tok("count", "notes.txt", "-e", "o200k_base", cwd=project).out


def test_piped_input_is_counted_where_nothing_is_named(tok: Tok, project: Path) -> None:
    assert rows(tok("count", cwd=project, stdin=b"hello world\n").out)[0] == ["3", "-"]


def test_a_dash_is_standard_input_among_files(tok: Tok, project: Path) -> None:
    assert sorted(paths(tok("count", "notes.txt", "-", cwd=project, stdin=b"x").out)) == ["-", "notes.txt"]


def test_quiet_is_a_bare_number(tok: Tok, project: Path) -> None:
    ended = tok("count", "prompts", "-q", cwd=project)
    assert (ended.out, ended.err) == ("19\n", "")


def test_quiet_gives_the_range_of_an_estimate_beside_its_bare_number(tok: Tok, project: Path) -> None:
    total = json.loads(tok("count", "prompts", "-m", "grok-4", "--json", cwd=project).out)["data"]["totals"][0]
    ended = tok("count", "prompts", "-q", "-m", "grok-4", "-m", "gpt-4o", "--max", "19", cwd=project)
    assert (ended.code, ended.out) == (1, "19\n19\n")
    assert [line.split(maxsplit=1)[1] for line in ended.err.splitlines()] == [
        f"grok-4: estimate from {total['proxy']}, range {total['low']}-{total['high']}",
        f"grok-4 at most {total['high']} of 19 tokens: over by {total['high'] - 19}",
        "gpt-4o 19 of 19 tokens: within",
    ]


def test_quiet_has_a_line_for_each_column(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", "-q", "-e", "o200k_base", "-e", "p50k_base", cwd=project).out == "3\n3\n"


def test_columns_stand_in_the_order_typed(tok: Tok, project: Path) -> None:
    arguments = ("-e", "r50k_base", "-m", "gpt-4o", "--encoding=cl100k_base", "--model", "gpt-4", "notes.txt", "--json")
    totals = json.loads(tok("count", *arguments, cwd=project).out)["data"]["totals"]
    assert [(total["model"], total["encoding"]) for total in totals] == [
        (None, "r50k_base"),
        ("gpt-4o", "o200k_base"),
        (None, "cl100k_base"),
        ("gpt-4", "cl100k_base"),
    ]


def test_the_same_column_twice_is_one(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", "-q", "-e", "o200k_base", "-e", "o200k_base", cwd=project).out == "3\n"


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("dir", [(".", "33"), ("prompts", "19"), ("src", "11")]),
        ("ext", [(".md", "19"), (".py", "11"), (".txt", "3")]),
        ("file", [("prompts/system.md", "13"), ("src/a.py", "11"), ("prompts/tool.md", "6"), ("notes.txt", "3")]),
    ],
)
def test_breakdowns(tok: Tok, project: Path, by: str, keys: list[tuple[str, str]]) -> None:
    out = tok("count", "--by", by, cwd=project).out
    assert [(row[1], row[0]) for row in rows(out)[:-1]] == keys


def test_sections_have_own_and_total(tok: Tok, project: Path) -> None:
    out = tok("count", "prompts/system.md", "--by", "section", cwd=project).out
    assert [(row[1], row[0], row[2:]) for row in rows(out)[:-1]] == [
        ("prompts/system.md", "13", []),
        ("prompts/system.md:1: Role", "13", ["7"]),
        ("prompts/system.md:5: Tone", "6", ["6"]),
    ]


def test_the_tree_has_folders_and_files(tok: Tok, project: Path) -> None:
    assert paths(tok("count", "--tree", cwd=project).out) == [
        "./",
        "prompts/",
        "prompts/system.md",
        "prompts/tool.md",
        "src/",
        "src/a.py",
        "notes.txt",
    ]
    assert paths(tok("count", "--tree", "--by", "dir", cwd=project).out) == ["./", "prompts/", "src/"]


def test_top_lists_so_many_and_sums_the_others(tok: Tok, project: Path) -> None:
    assert rows(tok("count", "--top", "2", cwd=project).out)[2][:2] == ["9", "2 smaller files"]
    assert len(rows(tok("count", "--top", "2", "--all", cwd=project).out)) == 5


@pytest.mark.parametrize(
    ("options", "order"),
    [
        (["--sort", "path"], ["notes.txt", "prompts/system.md", "prompts/tool.md", "src/a.py"]),
        (["--sort", "bytes"], ["prompts/system.md", "src/a.py", "prompts/tool.md", "notes.txt"]),
        (["--reverse"], ["notes.txt", "prompts/tool.md", "src/a.py", "prompts/system.md"]),
    ],
)
def test_order_of_rows(tok: Tok, project: Path, options: list[str], order: list[str]) -> None:
    assert paths(tok("count", *options, cwd=project).out) == order


def test_include_and_exclude_choose_files_of_folders(tok: Tok, project: Path) -> None:
    assert paths(tok("count", "--include", "*.md", cwd=project).out) == ["prompts/system.md", "prompts/tool.md"]
    assert paths(tok("count", "--exclude", "prompts/", "--exclude", "*.txt", cwd=project).out) == ["src/a.py"]


def test_files_from_a_list(tok: Tok, project: Path) -> None:
    (project / "list").write_bytes(b"notes.txt\nsrc/a.py\n")
    assert paths(tok("count", "--files-from", "list", cwd=project).out) == ["src/a.py", "notes.txt"]
    assert paths(tok("count", "--files-from", "-", cwd=project, stdin=b"notes.txt\n").out) == ["notes.txt"]
    out = tok("count", "--files-from", "-", "-0", cwd=project, stdin=b"notes.txt\0src/a.py\0").out
    assert paths(out) == ["src/a.py", "notes.txt"]


def test_a_list_with_nul_bytes_asks_for_the_option_that_reads_it(tok: Tok, project: Path) -> None:
    ended = tok("count", "--files-from", "-", cwd=project, stdin=b"notes.txt\0src/a.py\0")
    assert (ended.code, "-0" in ended.err) == (2, True)


def test_a_named_image_is_refused_with_a_hint_and_counted_as_text_on_demand(tok: Tok, project: Path) -> None:
    ended = tok("count", "logo.png", cwd=project)
    assert "--as text" in ended.err
    assert tok("count", "logo.png", "--as", "text", cwd=project).code == 0


def test_special_tokens_are_text_unless_parsed(tok: Tok, project: Path) -> None:
    (project / "special.txt").write_text("<|endoftext|>")
    assert tok("count", "special.txt", "-q", cwd=project).out == "7\n"
    assert tok("count", "special.txt", "-q", "--special", "parse", cwd=project).out == "1\n"


def test_require_accepts_what_is_as_good(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", "--require", "exact", cwd=project).code == 0
    ended = tok("count", "notes.txt", "-m", "grok-4", "--require", "reconstructed", cwd=project)
    assert (ended.code, "grok-4 is estimate" in ended.err) == (3, True)


def test_the_window_share_is_shown(tok: Tok, project: Path) -> None:
    assert "window 0.0% of 128,000" in tok("count", "notes.txt", "-m", "gpt-4o", "--window", cwd=project).out


def test_an_estimate_has_a_range_and_the_limit_is_held_against_its_high_end(tok: Tok, project: Path) -> None:
    document = json.loads(tok("count", "prompts", "-m", "grok-4", "--json", cwd=project).out)
    total = document["data"]["totals"][0]
    assert total["method"] == "estimate"
    assert total["low"] <= total["tokens"] < total["high"]
    for limit, code in ((total["high"], 0), (total["high"] - 1, 1)):
        assert tok("count", "prompts", "-m", "grok-4", "--max", str(limit), cwd=project).code == code


def test_what_was_skipped_is_named_on_demand(tok: Tok, project: Path) -> None:
    assert "logo.png: image" in tok("count", "--show-skipped", cwd=project).err
    assert "logo.png" not in tok("count", cwd=project).err


def test_the_answer_goes_to_a_file_in_one_piece(tok: Tok, project: Path) -> None:
    out = project / "out.json"
    out.write_text("before")
    os.chmod(out, 0o640)
    ended = tok("count", "notes.txt", "--json", "-o", "out.json", cwd=project)
    assert (ended.code, ended.out) == (0, "")
    assert json.loads(out.read_text())["data"]["totals"][0]["tokens"] == 3
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o640
    assert not [name for name in os.listdir(project) if name.startswith(".tok-")]


def test_common_options_stand_before_and_after_the_command(tok: Tok, project: Path) -> None:
    before = tok("-C", "prompts", "--json", "--no-config", "count", cwd=project)
    after = tok("count", "-C", "prompts", "--format", "json", "--no-config", cwd=project)
    assert before.out == after.out
    assert [file["path"] for file in json.loads(after.out)["data"]["files"]] == ["system.md", "tool.md"]


def test_nothing_is_written_into_the_folder(tok: Tok, project: Path) -> None:
    before = sorted(str(path) for path in project.rglob("*"))
    tok("count", cwd=project, env={"TOK_CACHE": "1", "TOK_CACHE_DIR": str(project.parent / "cache")})
    assert sorted(str(path) for path in project.rglob("*")) == before


def test_settings_of_the_project_are_used_and_options_win(tok: Tok, project: Path) -> None:
    (project / "tok.toml").write_text('encoding = "p50k_base"\nexclude = ["*.toml", "*.md"]\n')
    out = tok("count", cwd=project).out
    assert paths(out) == ["src/a.py", "notes.txt"]
    assert "p50k_base, exact" in out
    assert "cl100k_base, exact" in tok("count", "-m", "gpt-4", cwd=project).out
    assert "o200k_base (default)" in tok("count", "--no-config", cwd=project).out


def test_a_projects_file_that_decides_what_is_counted_is_named_once(tok: Tok, project: Path) -> None:
    path = project / "tok.toml"
    path.write_text('encoding = "p50k_base"\nexclude = ["*.toml"]\n')
    assert tok("count", cwd=project).err.count(f"note      encoding, exclude set by {path}") == 1
    assert f"note      exclude set by {path}" in tok("count", "-m", "gpt-4", cwd=project).err
    path.write_text('sort = "path"\n')
    assert "set by" not in tok("count", cwd=project).err


def test_json_says_where_it_stands_and_how(tok: Tok, project: Path) -> None:
    document = json.loads(tok("count", "notes.txt", "--json", "--max", "1", cwd=project).out)
    assert (document["schema"], document["status"], document["exit_code"]) == ("tok.count/1", "failed", 1)
    assert document["data"]["limits"][0]["over"] == 2
    document = json.loads(tok("count", "notes.txt", "nowhere", "--json", cwd=project).out)
    assert (document["status"], document["data"]["complete"], len(document["errors"])) == ("error", False, 1)


def test_the_cache_changes_no_number_and_can_be_cleared(tok: Tok, project: Path) -> None:
    (project / "long.txt").write_text("word " * 60_000)
    env = {"TOK_CACHE": "1", "TOK_CACHE_DIR": str(project.parent / "counts")}
    first, second = tok("count", cwd=project, env=env), tok("count", cwd=project, env=env)
    assert first.out == second.out == tok("count", "--no-cache", cwd=project, env=env).out
    info = json.loads(tok("cache", "info", "--json", cwd=project, env=env).out)["data"]
    assert info["counts"] == 6
    assert "removed 6 counts" in tok("cache", "clear", cwd=project, env=env).out
    assert json.loads(tok("cache", "info", "--json", cwd=project, env=env).out)["data"]["counts"] == 0


def test_nothing_is_printed_where_all_inputs_failed(tok: Tok, project: Path) -> None:
    for arguments in ([], ["-q"], ["--format", "table"], ["--format", "csv"], ["--format", "markdown"]):
        ended = tok("count", "no-such-file", *arguments, cwd=project)
        assert (ended.code, ended.out, "no-such-file" in ended.err) == (3, "", True)


def test_a_failed_count_as_json_still_has_its_envelope(tok: Tok, project: Path) -> None:
    document = json.loads(tok("count", "no-such-file", "--json", cwd=project).out)
    assert (document["data"]["files"], document["data"]["complete"]) == ([], False)


def test_a_quiet_count_tells_of_a_project_that_leaves_files_out(tok: Tok, project: Path) -> None:
    (project / "tok.toml").write_text('exclude = ["*.md"]\n')
    ended = tok("count", "-q", ".", cwd=project)
    assert "exclude set by" in ended.err


def test_a_quiet_count_tells_of_a_repository_listed_without_git(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("no ref\n")
    (tmp_path / "a.txt").write_text("hello world\n")
    ended = tok("count", "-q", ".", cwd=tmp_path, env={"PATH": ""})
    assert (ended.out, "listed without git" in ended.err) == ("3\n", True)


def test_a_limit_may_be_a_setting(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", cwd=project, env={"TOK_MAX": "2"}).code == 1
    assert tok("count", "notes.txt", "--max", "3", cwd=project, env={"TOK_MAX": "2"}).code == 0
    (project / "tok.toml").write_text("max = 2\n")
    assert tok("count", "notes.txt", cwd=project).code == 1


def test_breakdown_shares_and_skipped_names_may_be_settings(tok: Tok, project: Path) -> None:
    (project / "tok.toml").write_text('by = "ext"\nwindow = true\nshow-skipped = true\n')
    ended = tok("count", ".", "-m", "gpt-4o", cwd=project)
    assert (".md" in paths(ended.out), "window" in ended.out, "logo.png: image" in ended.err) == (True, True, True)


def test_settings_that_do_not_fit_the_options_are_no_error(tok: Tok, project: Path) -> None:
    ended = tok("count", ".", "--tree", cwd=project, env={"TOK_BY": "ext", "TOK_WINDOW": "1"})
    assert (ended.code, "src/a.py" in paths(ended.out)) == (0, True)


def test_the_note_of_a_snapshot_names_what_was_typed(tok: Tok, project: Path) -> None:
    ended = tok("count", "notes.txt", "-m", "gpt-4o-2024-08-06", cwd=project)
    assert "gpt-4o-2024-08-06: counted as gpt-4o (snapshot 2024-08-06)" in ended.err
    assert "qwen: counted with qwen2" in tok("count", "notes.txt", "-e", "qwen", cwd=project).err


def test_an_empty_heading_is_not_the_text_before_the_first(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("before\n\n# One\n\n#\n\ntext\n")
    ended = tok("count", "a.md", "--by", "section", "--json", cwd=tmp_path)
    groups = json.loads(ended.out)["data"]["groups"]
    assert [(group["key"], group["bytes"]) for group in groups] == [
        ("a.md", 23),
        ("(before the first heading)", 8),
        ("One", 7),
        ("(empty heading)", 8),
    ]
