"""What appears on terminals, in pipes and in streams that cannot encode everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]
Golden = Callable[[str, str], None]

ESCAPE = "\x1b["


def plain(text: str) -> str:
    for code in ("0", "1", "2", "31", "33"):
        text = text.replace(f"{ESCAPE}{code}m", "")
    return text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_gets_the_table(on_terminal: Tok, golden: Golden, project: Path, width: int) -> None:
    deep = project / "src" / "a-folder-with-a-long-name" / "and-another-one"
    deep.mkdir(parents=True)
    (deep / "a-file-name-that-is-rather-long.md").write_text("hello world\n")
    ended = on_terminal("count", cwd=project, width=width)
    assert ended.code == 0
    assert ESCAPE in ended.out
    assert all(len(line) <= width for line in plain(ended.out).splitlines() if "skipped" not in line)
    golden(f"terminal-{width}.txt", plain(ended.out))


def test_a_long_listing_fits_the_terminal_unless_all_is_asked_for(on_terminal: Tok, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text("word " * (number + 1))
    out = plain(on_terminal("count", ".", cwd=tmp_path, lines=24).out)
    assert "24 smaller files" in out
    assert "(--all lists them)" in out
    assert len(out.splitlines()) < 24
    assert len(plain(on_terminal("count", ".", "--all", cwd=tmp_path, lines=24).out).splitlines()) > 40


@pytest.mark.parametrize(
    ("options", "env", "colored"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        (["--color", "never"], {}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_colour_on_a_terminal(
    on_terminal: Tok, project: Path, options: list[str], env: dict[str, str], colored: bool
) -> None:
    assert (ESCAPE in on_terminal("count", *options, cwd=project, env=env).out) is colored


@pytest.mark.parametrize(
    ("options", "env", "colored"),
    [
        (["--format", "table"], {}, False),
        (["--format", "table"], {"FORCE_COLOR": "1"}, True),
        (["--format", "table"], {"FORCE_COLOR": "0"}, False),
        (["--format", "table"], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--format", "table", "--color", "always"], {}, True),
        (["--color", "always"], {}, False),
        (["--format", "csv", "--color", "always"], {}, False),
        (["--json", "--color", "always"], {}, False),
        (["-q", "--color", "always"], {}, False),
    ],
)
def test_colour_in_a_pipe(tok: Tok, project: Path, options: list[str], env: dict[str, str], colored: bool) -> None:
    assert (ESCAPE in tok("count", *options, cwd=project, env=env).out) is colored


def test_piped_lines_are_never_cut(tok: Tok, project: Path) -> None:
    long = "x" * 120 + ".md"
    (project / long).write_text("hello")
    assert long in tok("count", cwd=project, env={"COLUMNS": "40"}).out
    assert long in tok("count", "--format", "table", cwd=project, env={"COLUMNS": "40"}).out


@pytest.mark.skipif(sys.platform == "win32", reason="file names are stored otherwise")
def test_names_with_control_characters_do_not_reach_the_terminal(on_terminal: Tok, tmp_path: Path) -> None:
    (tmp_path / "evil\x1b[31m\nname.md").write_text("hello")
    out = plain(on_terminal("count", ".", cwd=tmp_path, env={"NO_COLOR": "1"}).out)
    assert ESCAPE not in out
    assert "evil\\x1b[31m\\nname.md" in out


@pytest.mark.skipif(sys.platform != "linux", reason="file names have to be Unicode")
def test_names_that_are_not_unicode_are_shown_and_counted(tok: Tok, tmp_path: Path) -> None:
    name = os.fsdecode(b"latin-\xe9.md")
    (tmp_path / name).write_text("hello")
    for options in ([], ["--format", "table"], ["--format", "csv"], ["--format", "markdown"], ["--json"]):
        ended = tok("count", *options, cwd=tmp_path)
        assert (ended.code, "\\udce9" in ended.out) == (0, True)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_stream_that_cannot_encode_falls_back_to_escapes(tok: Tok, project: Path, encoding: str) -> None:
    (project / "\u4f60\u597d.md").write_text("hello")
    env = {"PYTHONIOENCODING": encoding}
    for options in ([], ["--format", "table"], ["--format", "csv"], ["--format", "markdown"], ["--json"], ["--tree"]):
        ended = tok("count", *options, "nowhere", ".", cwd=project, env=env)
        assert ended.code == 3
        assert "Error" not in ended.err
        assert b"\\u4f60\\u597d.md" in ended.raw.replace(b"\\\\u", b"\\u")
    if encoding == "ascii":
        assert tok("count", "--format", "table", cwd=project, env=env).raw.isascii()


def test_the_first_line_of_a_pipe_may_be_all_that_is_read(project: Path, environment: Tok) -> None:
    for number in range(3000):
        (project / "src" / f"{number}.md").write_text("hello")
    command = [sys.executable, "-m", "tokencli", "count"]
    process = subprocess.Popen(
        command,
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"13\tprompts/system.md\n"
    process.stdout.close()
    complaints = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert b"Error" not in complaints
    assert b"Broken" not in complaints


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full device")
def test_an_output_that_cannot_be_written_is_an_error(project: Path, environment: Tok) -> None:
    for arguments in (["--version"], ["--help"], ["count", "notes.txt"], ["count", "notes.txt", "-o", "/dev/full"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "tokencli", *arguments],
                cwd=project,
                stdout=full,
                stderr=subprocess.PIPE,
                env=environment(),
                text=True,
            )
        assert (done.returncode, done.stderr.count("\n")) in ((3, 1), (3, 2))
        assert "cannot write" in done.stderr


def test_without_standard_output_nothing_breaks(project: Path, environment: Tok) -> None:
    code = "import sys; sys.stdout = None; from tokencli.__main__ import main; sys.exit(main(sys.argv[1:]))"
    for arguments in (["--version"], ["count", "notes.txt"], ["count", "notes.txt", "--json"]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=project, env=environment())
        assert done.returncode == 0
