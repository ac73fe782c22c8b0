"""Starts an MCP server over standard input and output, asks it for its tools, and ends it. Only when a person says so.

https://modelcontextprotocol.io/specification/2025-06-18/basic/transports: a message a line, in UTF-8.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from tokencli.errors import TokError

VERSION = "2025-06-18"
MOST = 8 << 20
"""Bytes that a server may write in all."""

PAGES = 100
"""Answers to tools/list with a cursor for the next one."""

GRACE = 2.0
"""Seconds a server has to end by itself."""


def list_tools(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: str,
    *,
    seconds: float = 30.0,
) -> list[Any]:
    """The tools as the server lists them, all pages; TokError `server` where it does not answer in time.

    It runs in `folder` with that environment and nothing else of ours, and is ended with all that it started.
    """
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        # ValueError: a name or an argument with what no system takes, such as a NUL.
        raise _failed(name, f"cannot be started ({getattr(error, 'strerror', None) or error})") from error
    talk = _Talk(name, process, time.monotonic() + seconds)
    # Nothing else ends a write to a server that reads nothing.
    watch = threading.Timer(seconds, _kill, (process,))
    watch.daemon = True
    watch.start()
    try:
        talk.ask("initialize", {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": CLIENT})
        talk.send({"jsonrpc": "2.0", "method": "notifications/initialized"}, "initialize")
        found: list[Any] = []
        cursor = None
        for _ in range(PAGES):
            answer = talk.ask("tools/list", {"cursor": cursor} if cursor else {})
            if not isinstance(answer.get("tools"), list):
                raise _failed(name, "its answer to tools/list has no list of tools")
            found += answer["tools"]
            cursor = answer.get("nextCursor")
            if not cursor:
                return found
        raise _failed(name, f"its list of tools has more than {PAGES} pages")
    finally:
        try:
            _end(process)
        finally:
            watch.cancel()


CLIENT = {"name": "tok", "version": "1"}


class _Talk:
    """Questions and answers with a running server, until a moment of the clock."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], until: float) -> None:
        self._name = name
        self._process = process
        self._until = until
        self._number = 0
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        stream, left = self._process.stdout, MOST
        while stream is not None and left > 0:
            try:
                line = stream.readline(left)
            except (OSError, ValueError):
                break
            if not line:
                break
            left -= len(line)
            self._lines.put(line)
        self._lines.put(b"" if left <= 0 else None)

    def send(self, message: Mapping[str, Any], what: str) -> None:
        """Write a message, in the course of what is asked."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
        except OSError as error:
            raise self._ended(what) from error

    def _ended(self, what: str) -> TokError:
        """The error about a server that is there no more: by itself, or because its time was over."""
        late = time.monotonic() >= self._until
        return _failed(self._name, f"did not answer {what} in time" if late else "ended before it answered")

    def ask(self, method: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The result of a request. What the server asks meanwhile is refused, what it tells is passed over."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": parameters}, method)
        while True:
            message = self._next(method)
            if "method" in message:
                if "id" in message:
                    refusal = {"code": -32601, "message": "not offered"}
                    self.send({"jsonrpc": "2.0", "id": message["id"], "error": refusal}, method)
            elif message.get("id") == self._number:
                if isinstance(message.get("result"), dict):
                    return dict(message["result"])
                raise _failed(self._name, f"refused {method}")

    def _next(self, method: str) -> Mapping[str, Any]:
        """The next message; lines that are none are passed over, as programs print them by mistake."""
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, self._until - time.monotonic()))
            except queue.Empty:
                raise _failed(self._name, f"did not answer {method} in time") from None
            if line is None:
                raise self._ended(method)
            if not line:
                raise _failed(self._name, f"wrote more than {MOST >> 20} MB")
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(message, dict):
                return message


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close its input, and end it and what it started if it does not end by itself, also where one cannot wait."""
    try:
        with suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            _signal(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
    finally:
        _kill(process)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started, at once."""
    if sys.platform != "win32":
        _signal(process, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """To the whole group that the server leads; it has a session of its own."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, number)


def _failed(name: str, what: str) -> TokError:
    return TokError(f"server {name}: {what}", hint="start it by hand to see what it says", code="server")
