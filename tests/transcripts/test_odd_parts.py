"""What less common parts of each format come to: nothing that a model reads is left out without a word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tokencli import transcripts
from tokencli.model.transcript import Message, Transcript

READERS = transcripts.built_in()
HI = {"role": "user", "content": "Hi"}


def opened(*values: Any) -> tuple[Transcript, list[Message]]:
    text = "\n".join(json.dumps(value) for value in values)
    transcript, _, _ = transcripts.open_file([text], "x", READERS)
    assert transcript is not None
    return transcript, list(transcript.messages)


def parts(messages: list[Message]) -> list[tuple[str, str, str]]:
    return [(part.kind, part.name, part.text) for message in messages for part in message.parts]


def test_a_custom_tool_of_chat_is_a_tool_and_others_are_named() -> None:
    custom = {"type": "custom", "custom": {"name": "py", "description": "Runs code"}}
    transcript, _ = opened({"messages": [HI], "tools": [custom, {"type": "hosted", "function": {}}]})
    assert [(tool.name, tool.description) for tool in transcript.tools] == [("py", "Runs code")]
    assert transcript.left_out == {"tool of type hosted": 1}


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (
            {"messages": [HI, {"role": "system"}], "response_format": {"json_schema": {"schema": {}}}},
            "content of type json_schema (response_format)",
        ),
        (
            {"model": "m", "input": "x", "text": {"format": {"type": "json_schema", "schema": {}}}},
            "content of type json_schema (text.format)",
        ),
        ({"model": "m", "input": "x", "previous_response_id": "r"}, "item that OpenAI keeps (previous_response_id)"),
        ({"contents": "x", "cachedContent": "c"}, "item that Google keeps (cachedContent)"),
        (
            {"contents": "x", "generationConfig": {"responseSchema": {}}},
            "content of type responseSchema (generationConfig)",
        ),
    ],
)
def test_what_a_model_is_given_and_the_file_does_not_show_as_a_message_is_named(value: Any, what: str) -> None:
    for message in value.get("messages", ()):
        message.setdefault("content", "x")
    assert opened(value)[0].left_out == {what: 1}


def test_the_pieces_of_a_streamed_answer_are_one_text() -> None:
    chunks = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in ("Hel", "lo", "")]
    first = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}
    transcript, messages = opened(first, *chunks, {"choices": [{"index": 0, "delta": {"tool_calls": [{}]}}]})
    assert parts(messages) == [("text", "", "Hello")]
    assert transcript.left_out == {"content of type tool_calls in pieces of a stream": 1}
    answers = [{"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]} for text in ("Hel", "lo")]
    assert parts(opened(answers)[1]) == [("text", "", "Hello")]


def test_audio_that_is_referred_to_is_a_part() -> None:
    _, messages = opened({"messages": [{"role": "assistant", "audio": {"id": "audio_1"}}, HI]})
    assert [part.kind for part in messages[0].parts] == ["audio"]


def test_a_document_has_its_title_and_context() -> None:
    """Anthropic, Citations: both are passed to the model."""
    source = {"type": "text", "media_type": "text/plain", "data": "Grass is green."}
    document = {"type": "document", "source": source, "title": "Grass", "context": "A book"}
    _, messages = opened({"messages": [{"role": "user", "content": [document]}]})
    assert [text for _, _, text in parts(messages)] == ["Grass", "A book", "Grass is green."]


def test_what_anthropics_own_tools_give_is_no_json_of_encrypted_text_or_files() -> None:
    found = {"type": "web_search_result", "title": "T", "url": "u", "encrypted_content": "E" * 1000}
    pdf = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA" * 1000}}
    blocks = [
        {"type": "server_tool_use", "id": "a", "name": "web_search", "input": {"query": "q"}},
        {"type": "web_search_tool_result", "tool_use_id": "a", "content": [found]},
        {"type": "server_tool_use", "id": "b", "name": "web_fetch", "input": {}},
        {"type": "web_fetch_tool_result", "tool_use_id": "b", "content": {"type": "web_fetch_result", "content": pdf}},
        {"type": "mcp_tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "ok"}]},
    ]
    transcript, messages = opened({"messages": [{"role": "assistant", "content": blocks}]})
    assert parts(messages) == [
        ("tool_call", "web_search", '{"query": "q"}'),
        ("tool_result", "web_search", '{"type": "web_search_result", "title": "T", "url": "u"}'),
        ("tool_call", "web_fetch", "{}"),
        ("tool_result", "web_fetch", '{"type": "web_fetch_result"}'),
        ("file", "", ""),
        ("tool_result", "", "ok"),
    ]
    assert transcript.left_out == {"encrypted text of type web_search_result": 1}


def test_what_openais_own_tools_give_counts() -> None:
    screen = {"type": "computer_screenshot", "image_url": "data:image/png;base64,AAAA"}
    items = [
        {"type": "code_interpreter_call", "code": "print(1)", "outputs": [{"type": "logs", "logs": "1"}]},
        {"type": "file_search_call", "queries": ["q"], "results": [{"filename": "f", "text": "found"}]},
        {"type": "mcp_list_tools", "tools": [{"name": "a", "input_schema": {"type": "object"}}]},
        {"type": "mcp_call", "name": "a", "arguments": "{}", "output": "done"},
        {"type": "computer_call_output", "call_id": "z", "output": screen},
        {"type": "shell_call_output", "call_id": "y", "output": [{"stdout": "ok", "stderr": ""}]},
    ]
    transcript, messages = opened({"object": "response", "output": items, "usage": {}})
    assert parts(messages) == [
        ("tool_call", "code_interpreter", "print(1)"),
        ("tool_result", "code_interpreter", "1"),
        ("tool_call", "file_search", '["q"]'),
        ("tool_result", "file_search", '{"filename": "f", "text": "found"}'),
        ("tool_call", "a", "{}"),
        ("tool_result", "a", "done"),
        ("image", "", ""),
        ("tool_result", "", '{"stdout": "ok", "stderr": ""}'),
    ]
    assert [tool.name for tool in transcript.tools] == ["a"]
    assert transcript.left_out == {}


def test_pages_of_a_list_of_tools_are_one_list_and_a_missing_page_is_noted() -> None:
    first = {"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "a", "inputSchema": {}}], "nextCursor": "2"}}
    last = {"jsonrpc": "2.0", "id": 2, "result": {"tools": [{"name": "b", "inputSchema": {}}]}}
    whole, _ = opened([first, last])
    assert ([tool.name for tool in whole.tools], whole.notes) == (["a", "b"], {})
    assert opened(first)[0].notes == {"page of tools that says there are more (nextCursor)": 1}


def claude(identity: str, number: int, **block: Any) -> dict[str, Any]:
    message = {"id": identity, "role": "assistant", "model": "claude-opus-4-8", "content": [block]}
    return {"type": "assistant", "uuid": f"u{number}", "sessionId": "s", "requestId": "r", "message": message}


def test_blocks_of_an_answer_that_a_session_repeats_count_once() -> None:
    text = {"type": "text", "text": "I run it."}
    call = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": "ls"}}
    rows = [claude("m", 1, **text), claude("m", 2, **call), claude("m", 3, **text), claude("n", 4, **text)]
    transcript, messages = opened(*rows)
    assert parts(messages) == [
        ("text", "", "I run it."),
        ("tool_call", "Bash", '{"command": "ls"}'),
        ("text", "", "I run it."),
    ]
    assert [len(message.parts) for message in messages] == [2, 1]
    assert transcript.left_out == {"block that stands there twice": 1}


def test_a_text_that_grows_in_the_rows_of_an_answer_counts_once() -> None:
    rows = [claude("m", number, type="text", text="I run it."[:size]) for number, size in enumerate((1, 5, 9))]
    assert parts(opened(*rows)[1]) == [("text", "", "I run it.")]


def test_a_compaction_is_noted() -> None:
    boundary = {"type": "system", "subtype": "compact_boundary", "uuid": "b", "content": "Conversation compacted"}
    transcript, messages = opened(
        claude("m", 1, type="text", text="x"), boundary, claude("n", 2, type="text", text="y")
    )
    assert len(messages) == 2
    assert transcript.notes == {"compaction: what stands before it is not sent any more, but counted here": 1}


def test_halves_of_surrogate_pairs_are_replaced_everywhere() -> None:
    text = (
        '{"messages": [{"role": "user", "content": "a\\ud83d\\ude00"}], "tools": [{"type": "function", "function": '
        '{"name": "f", "parameters": {"properties": {"\\ud800": {"enum": ["\\uDFFF"]}}}}}]}'
    )
    transcript, _, _ = transcripts.open_file([text], "x", READERS)
    assert transcript is not None
    assert [part.text for message in transcript.messages for part in message.parts] == ["a\U0001f600"]
    assert transcript.tools[0].schema == {"properties": {"\ufffd": {"enum": ["\ufffd"]}}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"messages": [{"role": "user", "content": "a\x00b"}]}', "no JSON (Invalid control character"),
        ('{"messages": [{"role": "user", "content": "a', "no JSON (Unterminated string"),
        ('{"messages": [], "n": ' + "9" * 5000 + "}", "no JSON (Exceeds the limit"),
        ('{"role": "user"}\r{"role": "user"}\r', "no JSON (Extra data"),
        ("{not json at all", ""),
        ('{"dependencies": {"a": 1}}', ""),
    ],
)
def test_what_looks_like_a_transcript_and_is_no_json_is_said(text: str, why: str) -> None:
    transcript, again, said = transcripts.open_file([text], "x", READERS)
    assert (transcript, "".join(again)) == (None, text)
    assert said.startswith(why)
    assert bool(said) == bool(why)


@pytest.mark.parametrize("name", ["openai-chat", "anthropic"])
def test_content_that_is_no_content_is_named(name: str) -> None:
    value = {"messages": [{"role": "user", "content": ["words", 5, {"type": "text", "text": "more"}]}]}
    transcript, _, _ = transcripts.open_file([json.dumps(value)], "x", READERS, name)
    assert transcript is not None
    assert parts(list(transcript.messages)) == [("text", "", "words"), ("text", "", "more")]
    assert transcript.left_out == {"content of type int, which is none": 1}


def test_a_file_that_was_not_read_to_its_end_is_not_called_broken() -> None:
    chunks = ['{"dependencies": {', '"messages": 1', "}}"]
    transcript, again, said = transcripts.open_file(chunks, "x", READERS)
    assert (transcript, "".join(again), said) == (None, "".join(chunks), "")
    broken = ['{"messages": [', '{"role": "user"', "]}"]
    assert transcripts.open_file(broken, "x", READERS)[2].startswith("no JSON (Expecting ',' delimiter")
