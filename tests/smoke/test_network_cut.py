"""Every command of the installed `tok`, as a user runs it, with every way to the network closed.

TOK_PROGRAM names the program to test (`.ci/run` gives the one of a clean environment with the wheel); without it,
the module of this checkout is run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tokencli.cli.commands import COMMANDS

PROGRAM = [os.environ["TOK_PROGRAM"]] if "TOK_PROGRAM" in os.environ else [sys.executable, "-m", "tokencli"]
DEAD = "http://127.0.0.1:9"

# Python imports this at its start; whoever opens a connection leaves a trace and fails.
CUT = """
import os, socket

def refuse(self, address, *rest):
    if self.family != getattr(socket, "AF_UNIX", None):
        open(os.environ["NETWORK_TRACE"], "a").write(f"{address}\\n")
        raise OSError("the network is cut")

socket.socket.connect = socket.socket.connect_ex = refuse
"""


class Shell:
    """Runs `tok` in a folder of its own and remembers whether it reached for the network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "here"
        self.folder.mkdir()
        (folder / "cut").mkdir()
        (folder / "cut" / "sitecustomize.py").write_text(CUT)
        self.trace = folder / "trace"
        home = {name: str(folder / "home") for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")}
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), DEAD)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOK", "XDG", "PYTHON"))}
        extra = {"PYTHONPATH": str(folder / "cut"), "NETWORK_TRACE": str(self.trace), "PYTHONUTF8": "1"}
        if "TOK_PROGRAM" not in os.environ:
            extra["PYTHONPATH"] += os.pathsep + str(Path(__file__).parents[2])
        self.environ = kept | home | proxies | extra

    def tok(self, *arguments: str, given: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
        given = given.encode() if isinstance(given, str) else given
        command = [*PROGRAM, *arguments]
        return subprocess.run(command, input=given, capture_output=True, cwd=self.folder, env=self.environ, check=False)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    (made.folder / "a.md").write_text("# Title\n\ntiktoken is great!\n", encoding="utf-8")
    (made.folder / "中文.md").write_text("お誕生日おめでとう", encoding="utf-8")
    yield made
    assert not made.trace.exists(), f"reached for the network: {made.trace.read_text()}"


# Counts by tiktoken's published examples and rank files; `# Title\n\n` is 3 tokens more in both encodings.
RUNS: list[tuple[list[str], str, int, str]] = [
    (["count", "-q", "-e", "cl100k_base", "-"], "tiktoken is great!", 0, "6\n"),
    (["count", "-q", "-e", "o200k_base", "中文.md"], "", 0, "8\n"),
    (["count", "-q", "-e", "o200k_base", "-m", "gpt-4o", "中文.md"], "", 0, "8\n8\n"),
    (["count", "-q", "--max", "7", "中文.md"], "", 1, "8\n"),
    # A GIF of 1024 by 768: 37 by 28 patches of 28 pixels, by figures that must be in the wheel.
    (["count", "-q", "-m", "claude-opus-4-8", "-"], "GIF89a\0\x04\0\x03" + "\0" * 20, 0, "1036\n"),
    (["count", "nothing.md"], "", 3, ""),
    (["count", "--no-such-option"], "", 2, ""),
    (["count", "-m", "no-such-model", "a.md"], "", 3, ""),
    (["encode", "-e", "cl100k_base", "-"], "tiktoken is great!", 0, "83 1609 5963 374 2294 0\n"),
    (["decode", "-e", "cl100k_base", "83", "1609", "5963", "374", "2294", "0"], "", 0, "tiktoken is great!"),
    (["truncate", "2", "-e", "cl100k_base", "-"], "tiktoken is great!", 0, "tik"),
]


@pytest.mark.parametrize(("arguments", "given", "code", "output"), RUNS, ids=[" ".join(run[0]) for run in RUNS])
def test_a_command_answers_with_the_network_cut(
    shell: Shell, arguments: list[str], given: str, code: int, output: str
) -> None:
    done = shell.tok(*arguments, given=given)
    assert done.returncode == code, done.stderr.decode()
    if code < 2:
        assert done.stdout.decode().replace("\r\n", "\n") == output
    else:
        assert len(done.stderr.decode().splitlines()) <= 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["count", "."],
        ["count", ".", "--json"],
        ["config", "show"],
        ["cache", "info"],
        ["cache", "clear"],
        *(["completions", shell] for shell in ("bash", "zsh", "fish", "powershell")),
        ["help", "exit-codes"],
        *([command.name, "--help"] for command in COMMANDS),
    ],
    ids=" ".join,
)
def test_every_other_command_runs_with_the_network_cut(shell: Shell, arguments: list[str]) -> None:
    done = shell.tok(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout


def test_the_commands_about_a_repository_run_with_the_network_cut(shell: Shell) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for arguments in (["init", "--quiet", "."], ["add", "."]):
        subprocess.run(["git", *arguments], cwd=shell.folder, check=True, env=shell.environ)
    for arguments, code in (
        (["diff"], 0),
        (["diff", "--staged"], 0),
        (["check", "--staged"], 3),
        (["gate", "lock"], 3),
        (["gate", "init"], 3),
    ):
        assert shell.tok(*arguments).returncode == code
    (shell.folder / "tok.toml").write_text("[[rules]]\npaths = ['*.md']\nmax_tokens = 3\nratchet = true\n")
    subprocess.run(["git", "add", "tok.toml"], cwd=shell.folder, check=True, env=shell.environ)
    for arguments, code in (
        (["check", "--staged"], 1),
        (["check", "--staged", "--warn-only", "--format", "sarif"], 0),
        (["gate", "explain", "a.md"], 0),
        (["gate", "update"], 0),
        (["gate", "lock"], 0),
    ):
        done = shell.tok(*arguments)
        assert (done.returncode, bool(done.stdout)) == (code, True)


def test_every_encoding_that_ships_counts_with_the_network_cut(shell: Shell) -> None:
    from tokencli.encoders import recipes

    names = [name for name, recipe in recipes().items() if recipe.kind != "llama"]
    done = shell.tok("count", "--json", "a.md", *(word for name in names for word in ("-e", name)))
    assert done.returncode == 0, done.stderr.decode()
    counts = json.loads(done.stdout)["data"]["totals"]
    assert [count["encoding"] for count in counts] == names
    assert all(count["tokens"] > 5 for count in counts)


def test_a_large_file_starts_tiktoken_with_the_network_cut(shell: Shell) -> None:
    (shell.folder / "large.txt").write_text("tiktoken is great!\n" * 100_000)
    done = shell.tok("count", "-q", "-e", "cl100k_base", "large.txt", "--no-cache")
    assert done.returncode == 0, done.stderr.decode()
    # Six tokens a line by the published example; its last, `!`, joins the line break.
    assert done.stdout.split() == [b"600000"]


def test_nothing_is_written_into_the_working_folder(shell: Shell) -> None:
    before = sorted(path.name for path in shell.folder.iterdir())
    shell.tok("count", ".")
    shell.tok("count", ".", "--by", "section")
    assert sorted(path.name for path in shell.folder.iterdir()) == before
