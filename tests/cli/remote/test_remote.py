"""`tok count --remote` as people run it, against a local server; and that without it nothing is ever asked."""

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

KEY = "sk-test-8d2f0c"
Run = Callable[..., Any]

# Python imports this at its start: whoever opens a connection leaves a trace and fails.
CUT = """
import os, socket

def refuse(self, address, *rest):
    open(os.environ["NETWORK_TRACE"], "a").write(f"{address}\\n")
    raise OSError("the network is cut")

socket.socket.connect = socket.socket.connect_ex = refuse
"""


@pytest.fixture
def run(tok: Run, server: Any, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs `tok count` in the project, with a cache of its own; the key must never be in what it prints or writes."""
    cache = tmp_path_factory.mktemp("cache")

    def count(*arguments: str, env: dict[str, str] | None = None, **more: Any) -> Any:
        environ = {**server.environment(KEY), "TOK_CACHE_DIR": str(cache), "TOK_CACHE": "1", **(env or {})}
        ended = tok("count", *arguments, cwd=project, env=environ, **more)
        assert KEY not in ended.out + ended.err
        for path in (*cache.rglob("*"), *project.rglob("*")):
            assert path.is_dir() or KEY.encode() not in path.read_bytes()
        return ended

    count.cache = cache  # type: ignore[attr-defined]
    return count


@pytest.mark.parametrize(
    ("model", "counter", "local"),
    [
        ("claude-opus-4-8", "anthropic:count_tokens", "claude-4.8"),
        ("gpt-4o", "openai:input_tokens", "o200k_base"),
        ("gemini-2.5-pro", "gemini:countTokens", "gemma3"),
    ],
)
def test_the_providers_number_stands_beside_the_one_made_here(
    run: Run, server: Any, model: str, counter: str, local: str
) -> None:
    ended = run("--remote", "-m", model, "notes.txt", "--json")
    assert ended.code == 0, ended.err
    data = json.loads(ended.out)["data"]
    theirs, ours = data["files"][0]["counts"]
    # The server says 7 more than the two words; the count made here has no frame.
    assert theirs == {
        "encoding": counter,
        "model": model,
        "method": "provider",
        **dict.fromkeys(("tokens", "low", "high"), 9),
    }
    assert (ours["encoding"], ours["model"]) == (local, None)
    assert 2 <= ours["tokens"] <= 4
    assert len(server.requests) == 1


def test_the_second_run_asks_nothing_and_says_so(run: Run, server: Any) -> None:
    first = run("--remote", "-m", "gpt-4o", "notes.txt", "prompts/tool.md")
    host = server.url.partition("//")[2]
    sent = sum(int(request.headers["content-length"]) for request in server.requests)
    assert f"asked: 2 requests ({sent} B), each file as one user message, to {host} for gpt-4o" in first.err
    second = run("--remote", "-m", "gpt-4o", "notes.txt", "prompts/tool.md")
    assert second.out == first.out
    assert "2 answers known from today, nothing was sent (--no-cache asks)" in second.err
    assert len(server.requests) == 2
    third = run("--remote", "-m", "gpt-4o", "notes.txt", "src/a.py")
    assert "1 answer known from today, not asked again" in third.err
    assert len(server.requests) == 3


def test_another_model_endpoint_or_content_is_asked_again(run: Run, server: Any, project: Path) -> None:
    run("--remote", "-m", "gpt-4o", "notes.txt")
    run("--remote", "-m", "gpt-4o-2024-08-06", "notes.txt")
    run("--remote", "-m", "gpt-4o", "notes.txt", env={"OPENAI_BASE_URL": f"{server.url}/v1/responses/../"})
    (project / "notes.txt").write_text("hello worlds\n")
    run("--remote", "-m", "gpt-4o", "notes.txt")
    assert len(server.requests) == 4
    assert [request.body["model"] for request in server.requests[:2]] == ["gpt-4o", "gpt-4o-2024-08-06"]


def test_without_the_cache_it_asks_and_keeps_nothing(run: Run, server: Any) -> None:
    for _ in range(2):
        assert run("--remote", "--no-cache", "-m", "gpt-4o", "notes.txt").code == 0
    assert len(server.requests) == 2
    assert list(run.cache.iterdir()) == []  # type: ignore[attr-defined]


def test_models_stand_side_by_side_and_quiet_shows_only_theirs(run: Run) -> None:
    models = ("-m", "gpt-4o", "-m", "openai/gpt-4o", "-m", "claude-opus-4-8", "-m", "gpt-4.1")
    shown = run("--remote", *models, "notes.txt", "--format", "table")
    head, row, *_ = shown.out.splitlines()
    assert head.split() == ["gpt-4o", "claude-opus-4-8", "gpt-4.1", "o200k_base", "claude-4.8", "PATH"]
    assert row.split()[:3] == ["9", "9", "9"]
    assert "gpt-4o           openai:input_tokens, provider" in shown.out
    quiet = run("--remote", *models, "notes.txt", "-q")
    assert quiet.out == "9\n9\n9\n"


def test_standard_input_is_sent_when_it_is_piped(run: Run, server: Any) -> None:
    ended = run("--remote", "-m", "gpt-4o", "-q", stdin="été 中\n".encode("utf-16"))
    assert (ended.code, ended.out) == (0, "9\n")
    assert server.requests[0].body["input"][0]["content"] == "été 中\n"


def test_require_provider(run: Run, server: Any) -> None:
    assert run("--remote", "--require", "provider", "-m", "gpt-6-sol", "notes.txt").code == 0
    ended = run("--remote", "--require", "exact", "-m", "gpt-4o", "notes.txt")
    assert (ended.code, len(server.requests)) == (3, 1)
    assert "gpt-4o is provider" in ended.err
    assert run("--require", "provider", "-m", "gpt-6-sol", "notes.txt").code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-m", "gpt-4o"], "--remote sends only what is named"),
        (["notes.txt"], "--remote needs -m MODEL on the command line"),
        (["-e", "o200k_base", "notes.txt"], "-e names an encoding"),
        (["-m", "gpt-4o", "--max", "5", "notes.txt"], "--remote and --max exclude each other"),
        (["-m", "gpt-4o", "--special", "parse", "notes.txt"], "--remote sends text as text"),
        (["-m", "gpt-4o", "--by", "section", "notes.txt"], "--remote counts whole files"),
        (["-m", "gpt-4o", "--by", "role", "notes.txt"], "--remote counts whole files"),
    ],
)
def test_options_that_do_not_go_with_it(run: Run, server: Any, arguments: list[str], message: str) -> None:
    ended = run("--remote", *arguments)
    assert (ended.code, server.requests) == (2, [])
    assert message in ended.err


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("deepseek-v4-pro", "no counting endpoint is known for deepseek-v4-pro (deepseek)"),
        ("azure/gpt-4o", "azure/gpt-4o is a model at azure, which is not asked"),
        ("openrouter/openai/gpt-4o", "is a model at openrouter, which is not asked"),
        ("vertex_ai/gemini-2.5-pro", "is a model at vertex_ai, which is not asked"),
        ("no-such-model", "unknown model 'no-such-model'"),
    ],
)
def test_models_that_no_endpoint_counts(run: Run, server: Any, model: str, message: str) -> None:
    ended = run("--remote", "-m", model, "notes.txt")
    assert (ended.code, server.requests, ended.out) == (3, [], "")
    assert message in ended.err


def test_neither_a_project_nor_the_environment_turns_it_on(run: Run, server: Any, project: Path) -> None:
    (project / "tok.toml").write_text('model = "gpt-4o"\n')
    assert run("notes.txt", env={"TOK_REMOTE": "1", "TOK_MODEL": "claude-opus-4-8"}).code == 0
    assert run("--remote", "notes.txt", env={"TOK_MODEL": "claude-opus-4-8"}).code == 2
    for line in ("remote = true", 'base_url = "http://127.0.0.1:9"', 'api_key = "x"'):
        (project / "tok.toml").write_text(line + "\n")
        ended = run("notes.txt")
        assert (ended.code, "unknown setting" in ended.err) == (2, True)
    assert server.requests == []


def test_a_limit_of_the_project_is_not_held_and_that_is_said(run: Run, project: Path) -> None:
    (project / "tok.toml").write_text("max = 1\n")
    ended = run("--remote", "-m", "gpt-4o", "notes.txt", "-q")
    assert (ended.code, ended.out) == (0, "9\n")
    assert "--remote holds no limit: max of" in ended.err


@pytest.mark.parametrize("command", [["count", "."], ["count", ".", "-m", "claude-opus-4-8"], ["check"], ["diff"]])
def test_without_it_no_connection_is_opened(
    tok: Run, server: Any, new_repo: Run, tmp_path: Path, command: list[str]
) -> None:
    repo = new_repo(tmp_path / "repo")
    rules = '[[rules]]\nname = "a"\npaths = ["*.md"]\nmax_tokens = 100\nmodel = "gpt-4o"\n'
    repo.commit({"a.md": "hello world\n", "tok.toml": rules})
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "sitecustomize.py").write_text(CUT)
    here = str(Path(__file__).parents[3])
    environ = {**server.environment(KEY), "PYTHONPATH": os.pathsep.join((str(tmp_path / "cut"), here))}
    environ |= {"NETWORK_TRACE": str(tmp_path / "trace"), "TOK_REMOTE": "1"}
    ended = tok(*command, cwd=repo.folder, env=environ)
    assert ended.code in (0, 3), ended.err
    assert not (tmp_path / "trace").exists()
    assert server.requests == []
    # The same with --remote does try, so the test would see it.
    asked = tok("count", "--remote", "-m", "gpt-4o", "a.md", cwd=repo.folder, env=environ)
    assert asked.code == 3
    assert "cannot be reached" in asked.err
    assert (tmp_path / "trace").exists()


def test_an_error_is_one_line_and_a_remedy(run: Run, server: Any) -> None:
    server.script = [server.Reply({"error": {"message": f"Incorrect key {KEY}"}}, 401)]
    ended = run("--remote", "-m", "gpt-4o", "notes.txt")
    host = server.url.partition("//")[2]
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == f"tok: error: {host} refuses the key (401)\nhint: check OPENAI_API_KEY\n"
    none = run("--remote", "-m", "gpt-4o", "notes.txt", env={"OPENAI_API_KEY": ""})
    assert none.err == "tok: error: no key for OpenAI\nhint: set OPENAI_API_KEY in the environment\n"


def test_a_traceback_shows_no_key(run: Run, server: Any) -> None:
    for reply in (server.Reply(b"", 401), server.Reply(b"", 302, {"location": "http://127.0.0.1:9"})):
        server.script = [reply]
        ended = run("--remote", "-m", "gpt-4o", "notes.txt", "--debug")
        assert (ended.code, "Traceback" in ended.err) == (3, True)


def test_one_file_that_fails_leaves_the_others(run: Run, server: Any) -> None:
    def answer(request: Any) -> Any:
        if "JSON" in request.body["input"][0]["content"]:
            return server.Reply({"error": {"message": "this one is not liked"}}, 400)
        return server.Reply({"input_tokens": 42})

    server.answer = answer
    ended = run("--remote", "-m", "gpt-4o", "notes.txt", "prompts/tool.md", "src/a.py")
    assert ended.code == 3
    assert ended.out.splitlines()[-1].startswith("84\t")
    assert "prompts/tool.md: " in ended.err
    assert "refuses the request (400): this one is not liked" in ended.err


def test_after_a_general_failure_no_more_is_sent(run: Run, server: Any, project: Path) -> None:
    for number in range(30):
        (project / f"{number}.txt").write_text(f"text {number}")
    replies = iter(range(100))

    def answer(request: Any) -> Any:
        return server.Reply({"input_tokens": 5}) if next(replies) < 6 else server.Reply(b"", 403)

    server.answer = answer
    ended = run("--remote", "-m", "gpt-4o", *(f"{number}.txt" for number in range(30)))
    assert ended.code == 3
    assert len(server.requests) <= 10
    assert "30\t" in ended.out.splitlines()[-1]
    assert "24 of 30 files have no answer" in ended.err


def test_only_a_few_requests_are_under_way_at_once(run: Run, server: Any, project: Path) -> None:
    names = [f"{number}.txt" for number in range(12)]
    for name in names:
        (project / name).write_text(name)
    server.answer = lambda request: server.Reply({"input_tokens": 1}, delay=0.1)
    assert run("--remote", "-m", "gpt-4o", *names, "-q").out == "12\n"
    assert 2 <= server.most_at_once <= 4


def test_what_is_no_text_or_empty_or_too_large(run: Run, server: Any, project: Path) -> None:
    (project / "empty.txt").write_text("")
    (project / "large.txt").write_text("x" * (9 << 20))
    walked = run("--remote", "-m", "gpt-4o", "prompts", "empty.txt", "large.txt", "logo.png", "nothing.txt")
    assert walked.code == 3
    assert len(server.requests) == 2
    for words in (
        "empty.txt: it is empty",
        "large.txt: over 8 MB, too large for one request",
        "logo.png: no text to count",
        "nothing.txt: no such file",
    ):
        assert words in walked.err
    (project / "large.txt").unlink()
    server.requests.clear()
    whole = run("--remote", "-m", "gpt-4o", ".")
    assert whole.code == 0
    assert "1 empty, 1 binary" in whole.err


def test_a_run_sends_no_more_than_people_may_mean(run: Run, server: Any, project: Path) -> None:
    for number in range(5):
        (project / f"{number}.txt").write_text(f"{number}" * (7 << 20))
    ended = run("--remote", "-m", "gpt-4o", *(f"{number}.txt" for number in range(5)))
    assert (ended.code, server.requests) == (2, [])
    assert "--remote sends at most 1,000 requests and 32 MB in a run" in ended.err


def test_a_terminal_is_told_before_anything_is_sent(
    on_terminal: Run, server: Any, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    environ = {**server.environment(KEY), "TOK_CACHE_DIR": str(tmp_path_factory.mktemp("cache")), "TOK_CACHE": "1"}
    server.answer = lambda request: server.Reply({"input_tokens": 1}, delay=0.8)
    shown = on_terminal("count", "--remote", "-m", "gpt-4o", "notes.txt", cwd=project, width=100, env=environ).out
    host = server.url.partition("//")[2]
    first, rest = shown.split("\n", 1)
    assert first == f"tok: sending 1 request (87 B), each file as one user message, to {host} for gpt-4o"
    assert "asking" in rest.partition("PATH")[0]
    assert "Traceback" not in shown
    again = on_terminal("count", "--remote", "-m", "gpt-4o", "notes.txt", cwd=project, width=100, env=environ).out
    assert "sending" not in again


def test_pairs_of_counts_are_kept_without_the_content(run: Run, project: Path) -> None:
    from tokencli.remote.store import Store

    (project / "long.txt").write_text("word " * 400)
    assert run("--remote", "-m", "gpt-4o-2024-08-06", "long.txt").code == 0
    path = run.cache / "remote.db"  # type: ignore[attr-defined]
    assert b"word" not in path.read_bytes()
    (one,) = Store(str(path), now=0.0).accuracy("gpt-4o")
    # 400 words are 400 tokens and one for the blank at the end; the server answers 407.
    assert (one.encoding, one.method, one.requests, one.frame) == ("o200k_base", "exact", 1, 6)


def test_measured_accuracy_is_shown_with_the_tokenizer(run: Run, tok: Run, server: Any, project: Path) -> None:
    (project / "long.txt").write_text("word " * 400)
    (project / "short.txt").write_text("word")
    # 400 words are 400 tokens and one for the blank at the end: 9 of 410 are not counted here, 2.195 %.
    server.answer = lambda request: server.Reply({"input_tokens": 410})
    assert run("--remote", "-m", "gpt-4o", "long.txt").code == 0
    environ = {"TOK_CACHE_DIR": str(run.cache)}  # type: ignore[attr-defined]
    shown = tok("tokenizers", "show", "o200k_base", cwd=project, env=environ)
    host = server.url.partition("//")[2]
    line = f"measured    gpt-4o at {host}, 1 request: 2.20% off in the middle, 2.20% at worst"
    assert line in shown.out.splitlines()
    told = json.loads(tok("tokenizers", "show", "o200k_base", "--json", cwd=project, env=environ).out)
    (one,) = told["data"]["accuracy"]
    assert (one["model"], one["requests"], one["frame"]) == ("gpt-4o", 1, 9)
    assert "measured" not in tok("tokenizers", "show", "cl100k_base", cwd=project, env=environ).out


def test_a_corrupt_store_is_begun_anew(run: Run) -> None:
    path = run.cache / "remote.db"  # type: ignore[attr-defined]
    path.write_bytes(b"no database at all" * 400)
    ended = run("--remote", "-m", "gpt-4o", "notes.txt")
    assert ended.code == 0
    assert "was corrupt and is begun anew" in ended.err
    assert run("--remote", "-m", "gpt-4o", "notes.txt").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal to send")
def test_an_interrupt_ends_it_at_once(server: Any, project: Path, environment: Run) -> None:
    server.answer = lambda request: server.Reply({"input_tokens": 1}, delay=20)
    command = [sys.executable, "-m", "tokencli", "count", "--remote", "-m", "gpt-4o", "notes.txt"]
    process = subprocess.Popen(command, cwd=project, env=environment(**server.environment(KEY)), stderr=subprocess.PIPE)
    while not server.requests and process.poll() is None:
        time.sleep(0.05)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=15)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert time.monotonic() - begun < 5
