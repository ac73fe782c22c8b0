"""The completion scripts, in the real shells where they are installed, and their files, which must not be stale."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokencli.cli.commands import COMMANDS
from tokencli.cli.shells import SHELLS, describe, every, script, words

ROOT = Path(__file__).parents[2]
FILES = {"bash": "tok.bash", "zsh": "_tok", "fish": "tok.fish", "powershell": "tok.ps1"}

Tok = Callable[..., Any]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_file_is_what_the_command_prints(shell: str, request: pytest.FixtureRequest) -> None:
    path = ROOT / "completions" / FILES[shell]
    if request.config.getoption("--update-golden"):
        path.write_text(script(shell), encoding="utf-8", newline="\n")
    assert path.read_bytes().decode() == script(shell), "stale: run pytest --update-golden"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(tok: Tok, tmp_path: Path, shell: str) -> None:
    assert tok("completions", shell, cwd=tmp_path).out == script(shell)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_in_the_script(shell: str) -> None:
    text = script(shell)
    for command in every(describe()):
        assert command.name in text
        for option in command.options:
            for name in option.names:
                assert (name.lstrip("-") if shell == "fish" else name) in text


def test_no_script_starts_python() -> None:
    assert not [shell for shell in SHELLS if "python" in script(shell).lower()]


CASES = [
    # What is typed, words that must be offered, words that must not.
    ("tok ", {"count", "encode", "help"}, {"show", "--help"}),
    ("tok tru", {"truncate"}, {"count"}),
    ("tok --js", {"--json"}, {"--by"}),
    ("tok count --b", {"--by"}, {"--bytes"}),
    ("tok count --by ", {"file", "dir", "ext", "section"}, {"tokens"}),
    ("tok count --sort b", {"bytes"}, {"tokens"}),
    ("tok count -e o200", {"o200k_base", "o200k_harmony"}, {"cl100k_base"}),
    ("tok count --encoding cl", {"cl100k_base"}, {"o200k_base"}),
    ("tok count -m gpt-4o-m", {"gpt-4o-mini"}, {"gpt-4"}),
    ("tok count -e o200k_base --format m", {"markdown"}, {"json"}),
    ("tok encode --format ", {"plain", "json"}, {"csv"}),
    ("tok encode --color ", {"always", "never"}, {"plain"}),
    ("tok -C sub count --ke", set(), {"--keep"}),
    ("tok -C sub truncate --ke", {"--keep"}, set()),
    ("tok truncate 5 --keep ", {"head", "tail", "both"}, set()),
    ("tok cache ", {"info", "clear"}, {"show"}),
    ("tok cache cl", {"clear"}, {"info"}),
    ("tok config ", {"show"}, {"clear"}),
    ("tok completions ", {"bash", "zsh", "fish", "powershell"}, {"count"}),
    ("tok help e", {"exit-codes", "encode"}, {"cache"}),
    ("tok help g", {"gate"}, {"count"}),
    ("tok gate ", {"init", "explain", "update", "lock"}, {"count", "check"}),
    ("tok gate explain no", {"notes.txt"}, {"sub"}),
    ("tok check --scope ", {"file", "total"}, {"notes.txt"}),
    ("tok check --format ", {"sarif", "github", "json"}, {"csv"}),
    ("tok check --wa", {"--warn-only"}, {"--worktree"}),
    ("tok diff --s", {"--staged", "--sort", "--special"}, {"--scope"}),
    ("tok diff no", {"notes.txt"}, set()),
    ("tok diff --format ", {"table", "json"}, {"sarif"}),
    ("tok count no", {"notes.txt"}, {"sub"}),
    ("tok count -o no", {"notes.txt"}, set()),
    ("tok count notes.txt --ma", {"--max"}, set()),
    ("tok count -C s", {"sub"}, {"notes.txt"}),
    ("tok count --max ", set(), {"notes.txt"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file and one folder to complete."""
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "sub").mkdir()
    return tmp_path


def run(command: list[str], cwd: Path, **env: str) -> str:
    kept = {"PATH": os.environ["PATH"], "HOME": str(cwd), "LC_ALL": "C.UTF-8", "TERM": "xterm", **env}
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, env=kept, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


def check(offered: set[str], wanted: set[str], unwanted: set[str]) -> None:
    offered = {word.rstrip("/ ") for word in offered}
    assert wanted <= offered
    assert not unwanted & offered


def installed(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    return found


BASH = """
source "$SCRIPT"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; }
_tok
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(("typed", "wanted", "unwanted"), CASES, ids=[case[0] for case in CASES])
def test_in_bash(folder: Path, typed: str, wanted: set[str], unwanted: set[str]) -> None:
    bash = installed("bash")
    out = run([bash, "-c", BASH, "bash", *typed.split(" ")], folder, SCRIPT=str(ROOT / "completions" / "tok.bash"))
    check(set(out.splitlines()), wanted, unwanted)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        (["tok", "count", "--by", "="], {"file", "dir", "ext", "section", "role", "message", "tool", "part"}),
        (["tok", "count", "--by", "=", "d"], {"dir"}),
        (["tok", "--color", "=", "never", "cac"], {"cache"}),
    ],
)
def test_in_bash_which_splits_at_the_equals_sign(folder: Path, parts: list[str], wanted: set[str]) -> None:
    bash = installed("bash")
    out = run([bash, "-c", BASH, "bash", *parts], folder, SCRIPT=str(ROOT / "completions" / "tok.bash"))
    assert set(out.splitlines()) == wanted


def test_bash_completes_for_the_name_tok(folder: Path) -> None:
    out = run([installed("bash"), "-c", f"source '{ROOT}/completions/tok.bash'; complete -p tok"], folder)
    assert out.strip() == "complete -F _tok tok"


@pytest.mark.parametrize(("typed", "wanted", "unwanted"), CASES, ids=[case[0] for case in CASES])
def test_in_fish(folder: Path, typed: str, wanted: set[str], unwanted: set[str]) -> None:
    fish = installed("fish")
    code = f"source '{ROOT}/completions/tok.fish'; complete -C '{typed}'"
    out = run([fish, "--no-config", "-c", code], folder)
    check({line.split("\t")[0] for line in out.splitlines()}, wanted, unwanted)


# A shell on a pseudo-terminal completes as at a prompt; compadd is replaced by one that prints what it is given.
ZSH = r"""
zmodload zsh/zpty || exit 3
zpty worker zsh -f -i
zpty -w worker "source $SETUP"
zpty -r -m worker REST '*ready-now*'
zpty -w -n worker "$TYPED"$'\t'
zpty -r -m worker REST '*offered-all*'
print -r -- "$REST"
zpty -d worker
"""

ZSH_SETUP = r"""
PROMPT=''
autoload -Uz compinit && compinit -u -D
fpath=($SCRIPTS $fpath)
autoload -Uz _tok && compdef _tok tok
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab no
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a hits
    builtin compadd -A hits "$@"
    print -rl -- "offer:"${^hits}
}
finish() { print -r -- "offered""-all" }
comppostfuncs=(finish)
stty -echo
print -r -- "ready""-now"
"""


@pytest.mark.parametrize(("typed", "wanted", "unwanted"), CASES, ids=[case[0] for case in CASES])
def test_in_zsh(folder: Path, typed: str, wanted: set[str], unwanted: set[str]) -> None:
    zsh = installed("zsh")
    setup = folder / "sub" / "setup"
    setup.write_text(ZSH_SETUP)
    out = run([zsh, "-f", "-c", ZSH], folder, SETUP=str(setup), SCRIPTS=str(ROOT / "completions"), TYPED=typed)
    offered = {line.partition("offer:")[2].strip() for line in out.splitlines() if "offer:" in line}
    check(offered, wanted, unwanted)


def test_zsh_completes_after_evaluating_the_script(folder: Path) -> None:
    code = f"autoload -Uz compinit && compinit -u -D; source '{ROOT}/completions/_tok'; print $_comps[tok]"
    assert run([installed("zsh"), "-f", "-c", code], folder).strip() == "_tok_main"


def test_powershell_where_it_is_installed(folder: Path) -> None:
    pwsh = installed("pwsh")
    code = (
        f". '{ROOT}/completions/tok.ps1'; "
        "(TabExpansion2 'tok count --by ' 15).CompletionMatches | ForEach-Object { $_.CompletionText }"
    )
    out = run([pwsh, "-NoProfile", "-Command", code], folder)
    assert set(out.split()) == {"file", "dir", "ext", "section"}


def test_the_words_are_those_of_this_version() -> None:
    assert "o200k_base" in words().encodings
    assert "gpt-4o" in words().models
    assert {stub.name for stub in COMMANDS} == {command.name for command in describe().children}
