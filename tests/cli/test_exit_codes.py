"""Every exit code, one by one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]


def test_counted_is_0(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", cwd=project).code == 0


def test_within_the_limit_is_0(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", "--max", "3", cwd=project).code == 0


def test_over_the_limit_is_1(tok: Tok, project: Path) -> None:
    ended = tok("count", "notes.txt", "--max", "2", cwd=project)
    assert (ended.code, "over by 1" in ended.err) == (1, True)


def test_over_the_limit_is_1_also_when_quiet(tok: Tok, project: Path) -> None:
    ended = tok("count", "-q", "notes.txt", "--max", "2", cwd=project)
    assert (ended.code, ended.out) == (1, "3\n")


def test_one_column_over_the_limit_is_1(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", "-e", "o200k_base", "-e", "r50k_base", "--max", "2", cwd=project).code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["cuont"],
        ["count", "--no-such-option"],
        ["count", "--by", "colour"],
        ["count", "--max", "many"],
        ["count", "--top", "0"],
        ["count", "--format", "yaml"],
        ["count", "--color", "pink"],
        ["count", "-q", "--json", "notes.txt"],
        ["count", "--json", "--format", "csv", "notes.txt"],
        ["count", "--tree", "--by", "ext"],
        ["count", "-0", "notes.txt"],
        ["count", "notes.txt", "--window"],
        ["-C", "no-such-folder", "count"],
        ["--config", "no-such-file.toml", "count"],
        ["encode", "notes.txt", "-e", "o200k_base", "-e", "r50k_base"],
        ["encode", "notes.txt", "--text", "hello"],
        ["decode", "eleven"],
        ["truncate", "many", "notes.txt"],
        ["truncate", "2", "--keep", "both", "--text", "one two three four five six"],
        ["completions", "tcsh"],
        ["help", "exitcodes"],
        ["cache"],
        ["cache", "burn"],
        [],
    ],
)
def test_wrong_usage_is_2(tok: Tok, project: Path, arguments: list[str]) -> None:
    assert tok(*arguments, cwd=project).code == 2


def test_a_wrong_settings_file_is_2(tok: Tok, project: Path) -> None:
    (project / "tok.toml").write_text("encodng = 'o200k_base'\n")
    ended = tok("count", cwd=project)
    assert (ended.code, "encoding" in ended.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["count", "no-such-file"],
        ["count", "*.nothing"],
        ["count", "logo.png"],
        ["count", "empty"],
        ["count", "-m", "no-such-model-at-all"],
        ["count", "-e", "no-such-encoding"],
        ["count", "-e", "claude-legacy", "--require", "exact", "notes.txt", "-m", "grok-4"],
        ["count", "--files-from", "no-such-file"],
        ["count", "notes.txt", "-o", "no-such-folder/out.txt"],
        ["encode", "no-such-file"],
        ["encode", "logo.png"],
        ["decode", "999999999"],
        ["truncate", "3", "no-such-file"],
    ],
)
def test_data_that_cannot_be_counted_is_3(tok: Tok, project: Path, arguments: list[str]) -> None:
    (project / "empty").mkdir()
    assert tok(*arguments, cwd=project).code == 3


def test_the_rest_is_still_shown_where_one_input_failed(tok: Tok, project: Path) -> None:
    ended = tok("count", "notes.txt", "no-such-file", cwd=project)
    assert ended.code == 3
    assert "3\tnotes.txt" in ended.out
    assert "incomplete: 1 error" in ended.out


def test_an_incomplete_count_over_the_limit_is_3(tok: Tok, project: Path) -> None:
    assert tok("count", "notes.txt", "no-such-file", "--max", "1", cwd=project).code == 3


def test_a_limit_on_nothing_is_3(tok: Tok, tmp_path: Path) -> None:
    assert tok("count", "--max", "10", cwd=tmp_path).code == 3


@pytest.mark.parametrize("arguments", [[], ["--max", "5"], ["-", "--max", "5"]])
def test_an_empty_pipe_is_nothing_counted(tok: Tok, project: Path, arguments: list[str]) -> None:
    ended = tok("count", *arguments, cwd=project, stdin=b"")
    assert ended.code == 3
    assert "nothing was counted: standard input is empty" in ended.err
    assert "name the files or folders to count" in ended.err


def test_an_empty_standard_input_that_was_asked_for_has_no_tokens(tok: Tok, project: Path) -> None:
    ended = tok("count", "-q", "-", cwd=project, stdin=b"")
    assert (ended.code, ended.out) == (0, "0\n")


def test_an_empty_folder_that_nobody_named_is_0(tok: Tok, tmp_path: Path) -> None:
    ended = tok("count", cwd=tmp_path)
    assert (ended.code, "no text file" in ended.err) == (0, True)


def test_a_bug_is_70_with_a_short_report(environment: Tok, project: Path) -> None:
    code = "import sys, tokencli.counting as c; c.count = None\n"
    code += "from tokencli.__main__ import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "count", "notes.txt"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment())
    assert done.returncode == 70
    assert "a bug in tok" in done.stderr
    assert "--debug" in done.stderr
    assert "Traceback" not in done.stderr
    done = subprocess.run([*command, "--debug"], cwd=project, capture_output=True, text=True, env=environment())
    assert done.returncode == 70
    assert "Traceback" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_interrupted_is_130_and_quiet_and_leaves_no_file(environment: Tok, project: Path) -> None:
    command = [sys.executable, "-m", "tokencli", "count", "-", "-o", "out.txt"]
    process = subprocess.Popen(
        command, cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert sorted(os.listdir(project)) == ["logo.png", "notes.txt", "prompts", "src"]


def test_a_closed_pipe_ends_quietly(environment: Tok, project: Path) -> None:
    (project / "long.txt").write_text("word " * 20_000)
    command = [sys.executable, "-m", "tokencli", "encode", "long.txt"]
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


def test_errors_are_json_where_json_was_asked_for(tok: Tok, project: Path) -> None:
    json_by_settings = {"TOK_FORMAT": "json"}
    for arguments, env in (
        (["count", "--json", "--by", "x"], {}),
        (["--format", "json", "cuont"], {}),
        (["count", "-e", "x", "--json"], {}),
        (["count", "-e", "x"], json_by_settings),
    ):
        ended = tok(*arguments, cwd=project, env=env)
        document = json.loads(ended.out)
        assert document["status"] == "error"
        assert document["exit_code"] == ended.code
        assert document["errors"][0]["message"]
        assert ended.err == ""
