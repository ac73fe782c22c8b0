"""Transcripts that are sent to a provider: in its own shape as they stand, from other formats by their parts, and what
cannot be sent is an error that names it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KEY = "sk-test-8d2f0c"
Run = Callable[..., Any]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

CALL = {"id": "c1", "type": "function", "function": {"name": "now", "arguments": '{"zone": "UTC"}'}}
CHAT: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What time is it?"},
        {"role": "assistant", "content": "I look.", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "12:00"},
        {"role": "assistant", "content": "Noon."},
    ],
    "tools": [{"type": "function", "function": {"name": "now", "description": "The time", "parameters": {}}}],
}


@pytest.fixture
def ask(tok: Run, server: Any, tmp_path: Path) -> Run:
    """Writes a value to a file, asks for its count and gives the run and the bodies that were sent."""
    server.answer = lambda request: server.Reply(
        {"totalTokens": 77} if request.path.endswith("countTokens") else {"input_tokens": 77}
    )

    def count(value: Any, *options: str, name: str = "a.json") -> Any:
        text = value if isinstance(value, str) else json.dumps(value)
        (tmp_path / name).write_text(text, encoding="utf-8")
        environ = {**server.environment(KEY), "TOK_CACHE_DIR": str(tmp_path / "cache"), "TOK_CACHE": "1"}
        ended = tok("count", "--remote", name, *options, cwd=tmp_path, env=environ)
        return ended, [request.body for request in server.requests]

    return count


def test_a_chat_with_tools_is_sent_in_the_shape_of_each_provider(ask: Run) -> None:
    ended, sent = ask(CHAT, "-m", "claude-opus-4-8", "-m", "gpt-4o", "-m", "gemini-2.5-pro", "-q")
    assert (ended.code, ended.out) == (0, "77\n77\n77\n"), ended.err
    anthropic = next(body for body in sent if "system" in body)
    openai = next(body for body in sent if "input" in body)
    gemini = next(body for body in sent if "generateContentRequest" in body)["generateContentRequest"]
    assert anthropic == {
        "model": "claude-opus-4-8",
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [
            {"role": "user", "content": "What time is it?"},
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "I look."},
                    {"type": "tool_use", "id": "call_1", "name": "now", "input": {"zone": "UTC"}},
                ],
            },
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "12:00"}]},
            {"role": "assistant", "content": "Noon."},
        ],
        "tools": [{"name": "now", "description": "The time", "input_schema": {"type": "object"}}],
    }
    assert openai["input"] == [
        {"type": "message", "role": "system", "content": "Be brief."},
        {"type": "message", "role": "user", "content": "What time is it?"},
        {"type": "message", "role": "assistant", "content": "I look."},
        {"type": "function_call", "call_id": "call_1", "name": "now", "arguments": '{"zone": "UTC"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "12:00"},
        {"type": "message", "role": "assistant", "content": "Noon."},
    ]
    assert openai["tools"] == [{"type": "function", "name": "now", "description": "The time", "parameters": {}}]
    assert [content["role"] for content in gemini["contents"]] == ["user", "model", "user", "model"]
    assert gemini["contents"][1]["parts"][1] == {"functionCall": {"name": "now", "args": {"zone": "UTC"}}}
    assert gemini["contents"][2]["parts"] == [{"functionResponse": {"name": "now", "response": {"result": "12:00"}}}]
    assert gemini["systemInstruction"] == {"parts": [{"text": "Be brief."}]}


def test_it_says_as_what_it_was_read_and_how_it_is_sent(ask: Run, server: Any) -> None:
    ended, _ = ask(CHAT, "-m", "gpt-4o")
    assert "a.json: read as openai-chat: 5 messages, 1 tool\n" in ended.err
    assert "transcripts as their messages, other files as one of the user" in ended.err
    data = json.loads(ask(CHAT, "-m", "gpt-4o", "--json")[0].out)["data"]
    theirs, ours = data["files"][0]["counts"]
    assert (theirs["tokens"], theirs["method"]) == (77, "provider")
    alone = ask(CHAT, "-m", "gpt-4o", "--as", "text", "--json")[0]
    # The file's text has all of JSON in it, what is said has not.
    assert json.loads(alone.out)["data"]["files"][0]["counts"][1]["tokens"] > ours["tokens"]
    assert server.requests[-1].body["input"][0]["content"] == json.dumps(CHAT)


def test_a_request_in_the_providers_own_shape_is_sent_as_it_stands(ask: Run) -> None:
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    anthropic = {
        "model": "claude-3-opus",
        "max_tokens": 10,
        "system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [image]},
            {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "abc"}]},
            {"role": "user", "content": "Go on"},
        ],
        "tools": [{"type": "web_search_20250305", "name": "web_search"}],
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "temperature": 1,
    }
    ended, (sent,) = ask(anthropic, "-m", "claude-opus-4-8", "-q")
    assert (ended.code, ended.out) == (0, "77\n"), ended.err
    kept = {key: anthropic[key] for key in ("messages", "system", "tools", "thinking")}
    assert sent == {"model": "claude-opus-4-8", **kept}


@pytest.mark.parametrize(
    ("model", "value", "body"),
    [
        (
            "gpt-4o",
            {"model": "gpt-5", "input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
            {"model": "gpt-4o", "input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
        ),
        (
            "gemini-2.5-pro",
            {"contents": [{"parts": [{"fileData": {"fileUri": "u", "mimeType": "video/mp4"}}, {"text": "x"}]}]},
            {"contents": [{"parts": [{"fileData": {"fileUri": "u", "mimeType": "video/mp4"}}, {"text": "x"}]}]},
        ),
        (
            "gemini-2.5-pro",
            {"contents": [{"parts": [{"text": "x"}]}], "tools": [{"googleSearch": {}}], "safetySettings": []},
            {
                "generateContentRequest": {
                    "model": "models/gemini-2.5-pro",
                    "contents": [{"parts": [{"text": "x"}]}],
                    "tools": [{"googleSearch": {}}],
                }
            },
        ),
    ],
)
def test_other_providers_requests_are_sent_as_they_stand(ask: Run, model: str, value: Any, body: Any) -> None:
    ended, sent = ask(value, "-m", model, "-q")
    assert (ended.code, sent) == (0, [body]), ended.err


@pytest.mark.parametrize(
    ("value", "model", "words"),
    [
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x/y"}}]}]},
            "claude-opus-4-8",
            "message 1 holds a part of the kind image, which --remote cannot send",
        ),
        (
            {"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": [{"type": "hologram"}]}]},
            "gpt-4o",
            "it holds content of type hologram, which --remote cannot send",
        ),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "tool", "tool_call_id": "x", "content": "b"}]},
            "gpt-4o",
            "message 2 holds the result of a call that is not in the file",
        ),
        (
            {
                "messages": [
                    {"role": "assistant", "content": [{"type": "thinking", "thinking": "so", "signature": "s"}]}
                ]
            },
            "gpt-4o",
            "message 1 holds a part of the kind thinking",
        ),
        (
            {"contents": [{"parts": [{"text": "x"}]}], "tools": [{"googleSearch": {}}]},
            "gpt-4o",
            "it holds tool of type googleSearch, which --remote cannot send",
        ),
        (
            json.dumps({"messages": [{"role": "system", "content": "a"}]}) + "\n" + json.dumps(CHAT),
            "gpt-4o",
            "it holds 2 conversations, and one is a request",
        ),
        (
            json.dumps({"role": "user", "content": "a"}) + "\n{broken\n" + json.dumps({"role": "user", "content": "b"}),
            "gpt-4o",
            "line 2 is not read (no JSON",
        ),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "function_call": {"name": "f"}}]},
            "claude-opus-4-8",
            "",
        ),
        (
            {"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{bad"}}]}]},
            "claude-opus-4-8",
            "a call of f has arguments that are no JSON object",
        ),
    ],
)
def test_what_cannot_be_sent_is_named_and_nothing_is_sent(ask: Run, value: Any, model: str, words: str) -> None:
    ended, sent = ask(value, "-m", model, name="a.jsonl")
    if not words:
        assert (ended.code, len(sent)) == (0, 1), ended.err
        return
    assert (ended.code, sent, ended.out) == (3, [], "")
    assert words in ended.err


def test_as_names_the_format_and_text_sends_the_file(ask: Run) -> None:
    neutral = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert ask(neutral, "-m", "claude-opus-4-8", "--as", "anthropic")[1] == [
        {"model": "claude-opus-4-8", "messages": neutral}
    ]
    ended, _ = ask("plain", "-m", "gpt-4o", "--as", "codex")
    assert (ended.code, "a.json: no transcript, not JSON" in ended.err) == (3, True)


def test_a_conversation_is_no_pair_for_the_accuracy_of_a_tokenizer(ask: Run, tmp_path: Path) -> None:
    from tokencli.remote.store import Store

    long = {"messages": [{"role": "system", "content": "word " * 400}, {"role": "user", "content": "x"}]}
    assert ask(long, "-m", "gpt-4o")[0].code == 0
    assert (tmp_path / "cache" / "remote.db").exists()
    assert Store(str(tmp_path / "cache" / "remote.db"), now=0.0).accuracy() == []
