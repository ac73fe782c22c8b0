"""What is sent to the endpoints, and every way in which they may fail, against a local server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tokencli.errors import TokError
from tokencli.model.transcript import Media, Message, Part, Tool
from tokencli.remote import bodies, client
from tokencli.remote.endpoints import PROVIDERS, Endpoint, Key, endpoint

KEY = "sk-test-8d2f0c"
MAKERS = {"anthropic": "anthropic", "openai": "openai", "gemini": "google"}


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def asking(waited: list[float]) -> Iterator[client.Client]:
    """A client that does not really wait between its attempts, at a fixed time of day."""
    made = client.Client(client.Clock(time.monotonic, lambda: 1_700_000_000.0, waited.append), timeout=1.0)
    yield made
    made.close()


def at(server: Any, maker: str = "openai") -> Endpoint:
    return endpoint(PROVIDERS[maker], server.environment(KEY))


def payload(provider: str, model: str = "m-1", text: str = "one two three") -> bytes:
    import json

    return json.dumps(bodies.body(provider, model, bodies.of_text(text))).encode()


def test_each_provider_is_asked_in_its_own_shape(server: Any, asking: client.Client) -> None:
    for name, maker in MAKERS.items():
        assert asking.ask(at(server, maker), "m-1", payload(name)) == 10
    anthropic, openai, gemini = server.requests
    assert anthropic.path == "/v1/messages/count_tokens"
    assert anthropic.body == {"model": "m-1", "messages": [{"role": "user", "content": "one two three"}]}
    assert (anthropic.headers["x-api-key"], anthropic.headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert openai.path == "/v1/responses/input_tokens"
    message = {"type": "message", "role": "user", "content": "one two three"}
    assert openai.body == {"model": "m-1", "input": [message]}
    assert openai.headers["authorization"] == f"Bearer {KEY}"
    assert gemini.path == "/v1beta/models/m-1:countTokens"
    assert gemini.body == {"contents": [{"role": "user", "parts": [{"text": "one two three"}]}]}
    assert gemini.headers["x-goog-api-key"] == KEY


def test_the_addresses_are_those_of_the_providers_unless_the_environment_says_others() -> None:
    keys = dict.fromkeys(("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"), KEY)
    urls = [endpoint(PROVIDERS[maker], keys).url("a/b") for maker in MAKERS.values()]
    assert urls == [
        "https://api.anthropic.com/v1/messages/count_tokens",
        "https://api.openai.com/v1/responses/input_tokens",
        "https://generativelanguage.googleapis.com/v1beta/models/a%2Fb:countTokens",
    ]
    moved = endpoint(PROVIDERS["openai"], {**keys, "OPENAI_BASE_URL": "https://gateway.example.org:8443/x/v1/"})
    assert moved.url("m") == "https://gateway.example.org:8443/x/v1/responses/input_tokens"
    assert moved.host == "gateway.example.org:8443"


def test_googles_own_variable_goes_before_geminis() -> None:
    assert endpoint(PROVIDERS["google"], {"GEMINI_API_KEY": "a", "GOOGLE_API_KEY": "b"}).key.value == "b"


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("http://gateway.example.org/v1", "not https"),
        ("https://me:secret@gateway.example.org/v1", "more than an address"),
        ("https://gateway.example.org/v1?key=secret", "more than an address"),
        ("gateway.example.org", "no address"),
        ("ftp://gateway.example.org", "no address"),
        ("https://[broken", "no address"),
        ("https://host:port/", "no address"),
    ],
)
def test_a_bad_address_is_refused_and_not_repeated(base: str, message: str) -> None:
    with pytest.raises(TokError) as caught:
        endpoint(PROVIDERS["openai"], {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base})
    assert message in caught.value.message
    assert "OPENAI_BASE_URL" in caught.value.message
    assert "secret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "ключ"])
def test_without_a_usable_key_nothing_is_asked(key: str) -> None:
    with pytest.raises(TokError) as caught:
        endpoint(PROVIDERS["anthropic"], {"ANTHROPIC_API_KEY": key})
    assert caught.value.code == "no-key"
    assert "ANTHROPIC_API_KEY" in caught.value.message + caught.value.hint
    assert not key.strip() or key not in caught.value.message


def test_a_key_shows_itself_nowhere(server: Any) -> None:
    assert KEY not in repr(at(server)) + str(at(server)) + repr(Key(KEY)) + at(server).url("m")


FAILURES = [
    (401, {"error": {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}}, "unauthorized"),
    (403, {"error": {"message": "no"}}, "unauthorized"),
    (400, {"error": {"message": f"bad {KEY}", "details": [{"reason": "API_KEY_INVALID"}]}}, "unauthorized"),
    (404, {"type": "error", "error": {"type": "not_found_error", "message": "model: m-1"}}, "unknown-model"),
    (400, {"error": {"message": "no such model", "code": "model_not_found"}}, "unknown-model"),
    (400, {"error": {"message": f"prompt\nis {KEY} too long"}}, "refused"),
    (413, b"<html>too large</html>", "refused"),
    (429, {"error": {"message": "quota", "code": "insufficient_quota"}}, "no-quota"),
    (307, b"", "redirected"),
    (204, b"", "refused"),
]


@pytest.mark.parametrize(("status", "body", "code"), FAILURES)
def test_an_error_is_one_line_with_a_remedy_and_is_not_asked_again(
    server: Any, asking: client.Client, status: int, body: Any, code: str
) -> None:
    server.script = [server.Reply(body, status)]
    with pytest.raises(TokError) as caught:
        asking.ask(at(server), "m-1", payload("openai"))
    assert (caught.value.code, int(caught.value.exit), len(server.requests)) == (code, 3, 1)
    assert caught.value.hint
    assert "\n" not in caught.value.message + caught.value.hint
    assert KEY not in caught.value.message + caught.value.hint
    assert caught.value.__cause__ is None


def test_a_redirect_is_not_followed(server: Any, asking: client.Client) -> None:
    server.script = [server.Reply(b"", 308, {"location": f"{server.url}/elsewhere"})]
    with pytest.raises(TokError, match="not followed"):
        asking.ask(at(server), "m-1", payload("openai"))
    assert [request.path for request in server.requests] == ["/v1/responses/input_tokens"]


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_a_provider_that_is_busy_is_asked_three_times(
    server: Any, asking: client.Client, waited: list[float], status: int
) -> None:
    server.script = [server.Reply({"error": {"message": "busy"}}, status)] * 2
    assert asking.ask(at(server), "m-1", payload("openai")) == 10
    assert waited == [0.5, 1.0]
    server.script = [server.Reply(b"", status)] * 3
    with pytest.raises(TokError) as caught:
        asking.ask(at(server), "m-1", payload("openai"))
    assert caught.value.code == ("rate-limited" if status == 429 else "failed")
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("retry-after", "7", 7.0),
        ("retry-after", "0", 0.0),
        ("retry-after-ms", "250", 0.25),
        # 1,700,000,000 seconds after 1970 is 22:13:20 on this day.
        ("retry-after", "Tue, 14 Nov 2023 22:13:32 GMT", 12.0),
        ("retry-after", "Tue, 14 Nov 2023 22:00:00 GMT", 0.0),
        ("retry-after", "soon", 0.5),
        ("retry-after", "nan", 0.5),
        ("retry-after", "-3", 0.0),
    ],
)
def test_it_waits_as_long_as_it_is_told(
    server: Any, asking: client.Client, waited: list[float], header: str, value: str, seconds: float
) -> None:
    server.script = [server.Reply(b"", 429, {header: value})]
    assert asking.ask(at(server), "m-1", payload("openai")) == 10
    assert waited == [pytest.approx(seconds)]


def test_it_does_not_wait_for_minutes(server: Any, asking: client.Client, waited: list[float]) -> None:
    server.script = [server.Reply(b"", 429, {"retry-after": "3600"})]
    with pytest.raises(TokError) as caught:
        asking.ask(at(server), "m-1", payload("openai"))
    assert (caught.value.code, waited, len(server.requests)) == ("rate-limited", [], 1)
    assert "3,600 seconds" in caught.value.hint


ODD: list[Any] = [b"", b"\xff\xfe", b"<html>", [], {"input_tokens": "12"}, {"input_tokens": -1}, {"input_tokens": True}]
ODD += [{"input_tokens": 1.5}, {"totalTokens": 12}, b"[" * 60_000, b"[" * 65_537, b'{"input_tokens": 1' + b"0" * 5000]


@pytest.mark.parametrize("body", ODD, ids=lambda body: repr(body)[:20])
def test_an_answer_that_makes_no_sense_is_no_count(server: Any, asking: client.Client, body: Any) -> None:
    server.script = [server.Reply(body)]
    with pytest.raises(TokError) as caught:
        asking.ask(at(server), "m-1", payload("openai"))
    assert caught.value.code == "bad-answer"


@pytest.mark.parametrize("how", [{"delay": 3.0}, {"drip": 0.3}], ids=str)
def test_it_does_not_wait_for_a_slow_server(server: Any, asking: client.Client, how: dict[str, float]) -> None:
    server.script = [server.Reply({"input_tokens": 1}, **how)]
    begun = time.monotonic()
    with pytest.raises(TokError, match="no answer within 1 seconds"):
        asking.ask(at(server), "m-1", payload("openai"))
    assert time.monotonic() - begun < 2.5


def test_a_server_that_is_not_there(server: Any, asking: client.Client) -> None:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9"}
    with pytest.raises(TokError) as caught:
        asking.ask(endpoint(PROVIDERS["openai"], environ), "m-1", payload("openai"))
    assert (caught.value.code, caught.value.message) == ("offline", "127.0.0.1:9: cannot be reached")


def test_certificates_are_verified(server: Any, asking: client.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")

    context = asking._http._transport._pool._ssl_context  # type: ignore[attr-defined]
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"
    monkeypatch.setattr(asking._http, "stream", fail)
    with pytest.raises(TokError, match="certificate cannot be verified"):
        asking.ask(at(server), "m-1", payload("openai"))


def test_a_proxy_that_cannot_be_used_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://me:secret@proxy.example.org")
    with pytest.raises(TokError) as caught:
        client.Client(client.Clock(time.monotonic, time.time, time.sleep))
    assert "secret" not in caught.value.message + caught.value.hint


def test_what_is_asked_of_this_machine_goes_through_no_proxy(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    made = client.Client(client.Clock(time.monotonic, time.time, time.sleep))
    assert made.ask(at(server), "m-1", payload("openai")) == 10
    made.close()


def test_threads_may_share_a_client(server: Any, asking: client.Client) -> None:
    server.answer = lambda request: server.Reply({"input_tokens": len(request.body["input"][0]["content"])}, delay=0.02)
    results: dict[int, int] = {}

    def ask(number: int) -> None:
        results[number] = asking.ask(at(server), "m-1", payload("openai", text="x" * number))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number for number in range(1, 21)}


SAID = [
    Message(0, "system", (Part("text", "Be brief."),)),
    Message(1, "user", (Part("text", "Hi"), Part("text", "there"))),
    Message(2, "assistant", (Part("text", "Hello."),)),
    Message(3, "user", (Part("text", ""),)),
]
TOOLS = [Tool("now", "The time", {"type": "object"}, "mcp")]


def test_a_conversation_with_tools_is_sent_in_each_shape() -> None:
    """The fields are those of the SDKs' `message_count_tokens_params`, `input_token_count_params` and
    `generateContentRequest`."""
    assert bodies.body("anthropic", "m", SAID, TOOLS) == {
        "model": "m",
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "text", "text": "there"}]},
            {"role": "assistant", "content": "Hello."},
        ],
        "tools": [{"name": "now", "description": "The time", "input_schema": {"type": "object"}}],
    }
    parts = [{"type": "input_text", "text": "Hi"}, {"type": "input_text", "text": "there"}]
    tool = {"type": "function", "name": "now", "description": "The time", "parameters": {"type": "object"}}
    assert bodies.body("openai", "m", SAID, TOOLS) == {
        "model": "m",
        "input": [
            {"type": "message", "role": "system", "content": "Be brief."},
            {"type": "message", "role": "user", "content": parts},
            {"type": "message", "role": "assistant", "content": "Hello."},
        ],
        "tools": [tool],
    }
    declared = {"name": "now", "description": "The time", "parametersJsonSchema": {"type": "object"}}
    assert bodies.body("gemini", "m", SAID, TOOLS) == {
        "generateContentRequest": {
            "model": "models/m",
            "contents": [
                {"role": "user", "parts": [{"text": "Hi"}, {"text": "there"}]},
                {"role": "model", "parts": [{"text": "Hello."}]},
            ],
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "tools": [{"functionDeclarations": [declared]}],
        }
    }


@pytest.mark.parametrize(
    "message",
    [
        Message(0, "user", (Part("tool_result", "12:00", "now"),)),
        Message(0, "assistant", (Part("thinking", "hm"),)),
        Message(0, "user", (Part("image", "", media=Media("image")),)),
        Message(0, "critic", (Part("text", "no"),)),
    ],
)
@pytest.mark.parametrize("provider", list(MAKERS))
def test_what_cannot_be_sent_as_it_is_is_refused(provider: str, message: Message) -> None:
    with pytest.raises(TokError) as caught:
        bodies.body(provider, "m", [message])
    assert caught.value.code == "not-sent"


def test_nothing_is_no_message() -> None:
    with pytest.raises(TokError) as caught:
        bodies.body("openai", "m", bodies.of_text(""))
    assert caught.value.code == "empty"
