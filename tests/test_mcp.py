"""Servers that are started and asked: good ones, slow ones, ones that shout, and ones that leave children behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tokencli import mcp
from tokencli.errors import TokError
from tokencli.mcp import list_tools

GOOD = """
import json, os, sys
print("a greeting that is no message", flush=True)
print(json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {}}), flush=True)
tools = [{"name": f"t{n}", "inputSchema": {}} for n in range(5)]
for line in sys.stdin:
    asked = json.loads(line)
    if asked.get("method") == "initialize":
        print(json.dumps({"jsonrpc": "2.0", "id": "r", "method": "roots/list"}), flush=True)
        result = {"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "s", "version": "1"}}
    elif asked.get("method") == "tools/list":
        at = int(asked["params"].get("cursor", 0))
        result = {"tools": tools[at : at + 2]} | ({"nextCursor": str(at + 2)} if at + 2 < 5 else {})
    else:
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)
"""


def ask(tmp_path: Path, program: str, seconds: float = 20, **environment: str) -> list[object]:
    (tmp_path / "server.py").write_text(textwrap.dedent(program))
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    command = [sys.executable, "server.py"]
    return list_tools("s", command, kept | environment, str(tmp_path), seconds=seconds)


def test_all_pages_are_asked_for(tmp_path: Path) -> None:
    assert [tool["name"] for tool in ask(tmp_path, GOOD)] == ["t0", "t1", "t2", "t3", "t4"]  # type: ignore[index]


def test_it_has_the_environment_that_it_was_given_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "x")
    ask(tmp_path, GOOD.replace("tools = [", "open('seen', 'w').write(' '.join(os.environ)); tools = ["), GIVEN="1")
    seen = (tmp_path / "seen").read_text().split()
    assert "GIVEN" in seen
    assert "SECRET" not in seen


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("raise SystemExit(1)", "ended before it answered"),
        ("import time; time.sleep(60)", "did not answer initialize in time"),
        ("while True: print('x' * 1000)", "in time|wrote more than"),
        ("import sys; sys.stdout.write('x' * 9_000_000); sys.stdout.flush(); input()", "wrote more than 8 MB"),
        ('while True: print(\'{"id": 1, "method": "roots/list"}\')', "in time|wrote more than"),
        (GOOD.replace("tools[at : at + 2]", "{'a': 1}"), "has no list of tools"),
        (GOOD.replace('"id": asked["id"], "result": result', '"id": asked["id"], "error": {"code": 1}'), "refused"),
        (GOOD.replace("if at + 2 < 5 else {}", "if True else {}").replace("str(at + 2)", "'0'"), "more than 100 pages"),
    ],
)
def test_servers_that_do_not_answer(tmp_path: Path, program: str, words: str) -> None:
    start = time.monotonic()
    with pytest.raises(TokError, match=words) as error:
        ask(tmp_path, program, seconds=3)
    assert error.value.code == "server"
    assert time.monotonic() - start < 15


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TokError, match="cannot be started"):
        list_tools("s", ["no-such-program-of-anyone"], {"PATH": os.environ["PATH"]}, str(tmp_path))


@pytest.mark.parametrize(("command", "environment"), [("a\0b", {}), (sys.executable, {"A=B": "x"})])
def test_what_no_system_starts(tmp_path: Path, command: str, environment: dict[str, str]) -> None:
    with pytest.raises(TokError, match="cannot be started"):
        list_tools("s", [command], environment, str(tmp_path))


def test_a_server_that_reads_nothing_of_a_long_message_is_ended_in_time(tmp_path: Path) -> None:
    deaf = GOOD.replace("str(at + 2)}", "'x' * 2_000_000}").replace("    asked = json", "    at = 0\n    asked = json")
    start = time.monotonic()
    with pytest.raises(TokError, match=r"did not answer tools/list in time"):
        ask(
            tmp_path, deaf + "    if asked['method'] == 'tools/list':\n        import time; time.sleep(60)\n", seconds=2
        )
    assert time.monotonic() - start < 15


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no groups here")
def test_nothing_is_left_when_a_person_interrupts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server.py").write_text("import os, time\nopen('me', 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    program = "import sys; from tokencli.mcp import list_tools; list_tools('s', [sys.executable, 'server.py'], {}, '.')"
    started = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, stderr=subprocess.DEVNULL)
    for _ in range(100):
        if (tmp_path / "me").exists() and (tmp_path / "me").read_text():
            break
        time.sleep(0.1)
    number = int((tmp_path / "me").read_text())
    started.send_signal(signal.SIGINT)
    time.sleep(0.3)
    # The second time while it waits for the server to end by itself.
    started.send_signal(signal.SIGINT)
    assert started.wait(20) != 0
    time.sleep(0.2)
    assert not _runs(number)


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no groups here")
def test_what_it_started_is_ended_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp, "GRACE", 0.2)
    child = "import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    ask(tmp_path, child + "open('child', 'w').write(str(p.pid))\n" + GOOD + "\np.wait()\n")
    number = int((tmp_path / "child").read_text())
    for _ in range(50):
        if not _runs(number):
            return
        time.sleep(0.1)
    pytest.fail("a process of the server is left")


def _runs(number: int) -> bool:
    """Whether a process is there and no zombie that nobody waited for."""
    try:
        os.kill(number, 0)
    except OSError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
