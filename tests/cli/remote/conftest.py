"""A local server that speaks the shapes of the providers' counting endpoints, well or badly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Reply:
    """What the server answers: a body (JSON or bytes), and how."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before it answers."""
    drip: float = 0.0
    """Seconds between two bytes."""


@dataclass
class Request:
    """What the server was sent."""

    path: str
    headers: dict[str, str]
    body: Any


class Server:
    """Answers as `script` says, in order, and after that as `answer` does: with the words of the text, in the shape of
    the provider whose path was asked."""

    Reply = Reply

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.script: list[Reply] = []
        self.answer: Callable[[Request], Reply] = counted
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self.url = ""

    def reply(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            return self.script.pop(0) if self.script else self.answer(request)

    def enter(self, step: int) -> None:
        with self._lock:
            self.at_once += step
            self.most_at_once = max(self.most_at_once, self.at_once)

    def environment(self, key: str) -> dict[str, str]:
        """Variables that lead every provider here."""
        return {
            "ANTHROPIC_BASE_URL": self.url,
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "GOOGLE_GEMINI_BASE_URL": self.url,
            **dict.fromkeys(("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"), key),
        }


def text_of(request: Request) -> str:
    """The text of a request with one user message."""
    if request.path.endswith(":countTokens"):
        (content,) = request.body["contents"]
        return str(content["parts"][0]["text"])
    (message,) = request.body["input" if request.path.endswith("input_tokens") else "messages"]
    return str(message["content"])


def counted(request: Request) -> Reply:
    """Seven more than words, in the provider's shape."""
    number = len(text_of(request).split()) + 7
    if request.path.endswith(":countTokens"):
        return Reply({"totalTokens": number, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": number}]})
    if request.path == "/v1/responses/input_tokens":
        return Reply({"object": "response.input_tokens", "input_tokens": number})
    assert request.path == "/v1/messages/count_tokens"
    return Reply({"input_tokens": number})


@pytest.fixture
def server() -> Iterator[Server]:
    """The server on a free port of this machine."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            server.enter(1)
            try:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._send(server.reply(Request(self.path, headers, json.loads(body))))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                server.enter(-1)

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.delay)
            data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            if not reply.drip:
                self.wfile.write(data)
                return
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(reply.drip)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    class Web(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    web = Web(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{web.server_address[1]}"
    thread = threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        web.shutdown()
        web.server_close()
        thread.join()
