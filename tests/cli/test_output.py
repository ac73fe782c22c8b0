"""Streams, files written in one piece, and the line of progress."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokencli.cli import output
from tokencli.cli.output import Progress, look, write_bytes
from tokencli.errors import TokError

Tok = Callable[..., Any]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def wait_for(stream: Terminal, text: str) -> None:
    until = time.monotonic() + 20
    while text not in stream.getvalue() and time.monotonic() < until:
        time.sleep(0.005)
    assert text in stream.getvalue()


def test_progress_is_shown_without_a_report_and_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "DELAY", 0.01)
    stream = Terminal()
    progress = Progress(stream, Clock())
    wait_for(stream, "\r\x1b[Kcounting")
    progress.erase()
    assert stream.getvalue() == "\r\x1b[Kcounting\r\x1b[K"


def test_progress_is_written_anew_after_a_tenth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "DELAY", 0.01)
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock)
    wait_for(stream, "counting")
    for clock.now, done in ((0.05, 1_000_000), (0.15, 2_000_000), (0.2, 3_000_000), (0.3, 4_000_000)):
        progress(done, 10_000_000)
    progress.erase()
    assert stream.getvalue().split("\r\x1b[K") == [
        "",
        "counting",
        "counting 2.0 MB of 10.0 MB, 20.0%",
        "counting 4.0 MB of 10.0 MB, 40.0%",
        "",
    ]


def test_progress_of_a_quick_run_leaves_no_trace() -> None:
    stream = Terminal()
    progress = Progress(stream, Clock())
    progress(1, 2)
    progress.erase()
    progress(2, 2)
    assert stream.getvalue() == ""


def test_there_is_no_progress_in_a_pipe() -> None:
    stream = io.StringIO()
    progress = Progress(stream, Clock())
    progress(1, 2)
    progress.erase()
    assert (progress.stream, stream.getvalue()) == (None, "")


def test_a_count_shows_progress_on_a_terminal_and_erases_it(on_terminal: Tok, project: Path) -> None:
    code = "import sys, time, tokencli.cli.output as output, tokencli.counting as counting; output.DELAY = 0.01\n"
    code += "count = counting.count\n"
    code += "counting.count = lambda *a, **k: (time.sleep(0.5), k['progress'](1, 4), count(*a, **k))[-1]\n"
    code += "from tokencli.__main__ import main; sys.exit(main(sys.argv[1:]))"
    out = on_terminal("count", ".", cwd=project, program=("-c", code)).out
    assert "\r\x1b[Kcounting 1 B of 4 B, 25.0%" in out
    assert "TOKENS" in out.rpartition("counting")[2].partition("\r\x1b[K")[2]


def test_a_missing_or_closed_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert look(None, {}).width is None
    assert not look(closed, {}).terminal


def test_a_file_is_replaced_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")
    write_bytes(b"after", str(path))
    assert path.read_bytes() == b"after"
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real")
    write_bytes(b"after", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"after"


def test_a_file_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(TokError, match="cannot write"):
        write_bytes(b"x", str(tmp_path / "folder"))
    assert os.listdir(tmp_path) == ["folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such device")
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_bytes(b"x", os.devnull)
    assert not os.path.isfile(os.devnull)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such paths")
@pytest.mark.parametrize(
    ("target", "out", "err"), [("-", "3\n", ""), ("/dev/stdout", "3\n", ""), ("/dev/stderr", "", "3\n")]
)
def test_a_standard_stream_may_be_named_as_the_file(tok: Tok, project: Path, target: str, out: str, err: str) -> None:
    ended = tok("count", "-q", "notes.txt", "-o", target, cwd=project)
    assert (ended.code, ended.out, ended.err) == (0, out, err)
    assert not (project / "-").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such paths")
def test_a_descriptor_that_leads_to_a_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb", buffering=0) as log:
        log.write(b"before ")
        write_bytes(b"after", f"/dev/fd/{log.fileno()}")
        log.write(b" later")
    assert (tmp_path / "log").read_bytes() == b"before after later"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with a path")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write_bytes(b"x", str(path))
    assert os.read(reader, 10) == b"x"
    os.close(reader)
    assert path.is_fifo()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no such device")
@pytest.mark.parametrize("form", ["json", "plain"])
def test_an_output_that_cannot_be_written_is_an_error_on_standard_error(
    environment: Callable[..., dict[str, str]], project: Path, form: str
) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tokencli", "count", ".", "--format", form],
            cwd=project,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
    assert done.returncode == 3
    assert "cannot write the output" in done.stderr
