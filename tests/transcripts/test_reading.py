"""What a reader takes of each format, and what broken, hostile and half files come to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tokencli import transcripts
from tokencli.errors import TokError
from tokencli.model.transcript import Message, Transcript

FIXTURES = Path(__file__).parents[1] / "fixtures" / "transcripts"
READERS = transcripts.built_in()


def opened(text: str, wanted: str | None = None, size: int = 1 << 30) -> tuple[Transcript, list[Message]]:
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    transcript, _, _ = transcripts.open_file(chunks, "x", READERS, wanted)
    assert transcript is not None
    return transcript, list(transcript.messages)


def fixture(name: str) -> tuple[Transcript, list[Message]]:
    return opened((FIXTURES / name).read_text(encoding="utf-8"))


def shown(messages: list[Message]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [(each.role, [(part.kind, part.name, part.text) for part in each.parts]) for each in messages]


def rows(*values: Any) -> str:
    return "".join(value if isinstance(value, str) else json.dumps(value) + "\n" for value in values)


USER = {"role": "user", "content": "Hello"}


def test_a_session_of_claude_code_is_what_was_said_and_no_row_of_the_program() -> None:
    transcript, messages = fixture("claude_code/session.jsonl")
    assert shown(messages) == [
        ("user", [("text", "", "What does the build say?")]),
        (
            "assistant",
            [
                ("thinking", "", "I run the build."),
                ("text", "", "I run it."),
                ("tool_call", "Bash", '{"command": "make", "description": "Run the build"}'),
            ],
        ),
        ("user", [("tool_result", "Bash", "make: *** No targets.  Stop.")]),
        ("user", [("text", "", "Look through the tests.")]),
        ("system", [("text", "", "<local-command-stdout>Total cost: $0.01</local-command-stdout>")]),
        ("assistant", [("text", "", "There is no target.")]),
    ]
    assert transcript.model == "claude-sonnet-4-5"
    assert [message.line for message in messages] == [3, 4, 7, 8, 10, 12]
    assert transcript.left_out["error of the API"] == transcript.left_out["row that stands there twice"] == 1
    assert transcript.notes == {"row of sub-agents": 1}


def test_a_rollout_of_codex_is_its_response_items_and_instructions() -> None:
    transcript, messages = fixture("codex/rollout.jsonl")
    assert [message.role for message in messages] == [
        "system",
        "user",
        "user",
        "assistant",
        "assistant",
        "tool",
        "assistant",
        "tool",
        "assistant",
    ]
    assert shown(messages)[4:6] == [
        ("assistant", [("tool_call", "shell", '{"command":["ls"]}')]),
        ("tool", [("tool_result", "shell", '{"output":"README.md\\n","metadata":{"exit_code":0}}')]),
    ]
    assert transcript.left_out == {"event_msg row": 2}


def test_tools_keep_their_form_and_schema() -> None:
    forms = {}
    for name in ("openai", "responses", "anthropic", "mcp", "mcp_result", "gemini"):
        transcript, messages = fixture(f"tools/{name}.json")
        assert messages == []
        (tool,) = transcript.tools
        forms[name] = tool.form
        assert tool.schema["type"] == "object"
        assert tool.description
    assert forms == {
        "openai": "openai",
        "responses": "openai",
        "anthropic": "anthropic",
        "mcp": "mcp",
        "mcp_result": "mcp",
        "gemini": "gemini",
    }


def test_media_are_listed_with_what_is_known_of_them() -> None:
    _, messages = fixture("openai_chat/media.json")
    found = [part.media for part in messages[0].parts if part.media]
    assert [(media.kind, media.mime, media.bytes, media.detail, media.source) for media in found] == [
        ("image", "image/png", 70, "low", "inline"),
        ("image", None, None, None, "url"),
        ("audio", "audio/wav", 4, None, "inline"),
    ]


def test_anthropic_blocks() -> None:
    transcript, messages = fixture("anthropic/session.json")
    kinds = [[part.kind for part in message.parts] for message in messages]
    assert kinds == [["text"], ["text"], ["thinking", "text", "tool_call"], ["tool_result", "image", "text", "file"]]
    assert messages[3].parts[0].name == "get_weather"
    assert transcript.left_out == {"tool of type web_search_20250305": 1, "encrypted thinking": 1}


def test_a_broken_line_is_skipped_and_named() -> None:
    text = rows(USER, '{"role": "user", "content": "Hel\n', {"role": "assistant", "content": "Hi"}, [3], "{}\n")
    transcript, messages = opened(text)
    assert [message.line for message in messages] == [1, 3]
    assert [line.line for line in transcript.skipped] == [2, 4, 5]
    assert transcript.skipped[0].reason.startswith("no JSON: Unterminated string")
    assert transcript.skipped[1].reason == "nothing of openai-chat"


def test_a_broken_first_line_does_not_hide_the_format() -> None:
    transcript, messages = opened(rows('{"role": "us\n', USER, USER))
    assert (transcript.format, len(messages), transcript.skipped[0].line) == ("openai-chat", 2, 1)


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_the_chunks_of_a_file_make_no_difference(size: int) -> None:
    text = (FIXTURES / "codex/rollout.jsonl").read_text(encoding="utf-8") * 50
    head, rest = text[:4000], text[4000:]
    chunks = [head, *(rest[at : at + size] for at in range(0, len(rest), size))]
    transcript, _, _ = transcripts.open_file(chunks, "x", READERS)
    assert transcript is not None
    assert shown(list(transcript.messages)) == shown(opened(text)[1])


def test_a_file_of_two_formats_is_not_guessed() -> None:
    mixed = rows({"conversations": [{"from": "human", "value": "Hi"}]}, {"contents": [{"parts": [{"text": "Hi"}]}]})
    with pytest.raises(TokError, match="x: has marks of gemini and sharegpt") as caught:
        opened(mixed)
    assert (caught.value.code, caught.value.exit) == ("ambiguous", 3)
    both = {"messages": [USER, {"role": "tool", "content": "x"}], "system": "y"}
    with pytest.raises(TokError, match="has marks of openai-chat and anthropic"):
        opened(json.dumps(both))
    assert opened(json.dumps(both), "anthropic")[0].format == "anthropic"


def test_lines_of_another_format_further_down_are_skipped_and_counted() -> None:
    text = rows(*[USER] * 60, {"conversations": [{"from": "human", "value": "Hi"}]}, USER)
    transcript, messages = opened(text)
    assert len(messages) == 61
    assert [(line.line, line.reason) for line in transcript.skipped] == [(61, "nothing of openai-chat")]


def test_deep_nesting_is_a_bad_line_and_no_crash() -> None:
    deep = '{"role": "user", "content": ' + "[" * 100_000 + "]" * 100_000 + "}\n"
    transcript, messages = opened(rows(USER, deep, USER))
    assert len(messages) == 2
    assert [(line.line, line.reason) for line in transcript.skipped] == [(2, "nested too deeply")]
    assert transcripts.sniff(deep, "x", READERS) is None
    none, _, why = transcripts.open_file([deep], "x", READERS)
    assert (none, why) == (None, "nested too deeply to be read as JSON: counted as text")


def test_a_line_too_long_to_hold_is_skipped_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "LONGEST", 10_000)

    def chunks() -> Iterator[str]:
        yield rows(USER, USER) + '{"role": "user", "content": "'
        for _ in range(100):
            yield "x" * 1000
        yield '"}\n' + rows(USER)

    transcript, _, _ = transcripts.open_file(chunks(), "x", READERS)
    assert transcript is not None
    assert [message.line for message in transcript.messages] == [1, 2, 4]
    assert [line.line for line in transcript.skipped] == [3]
    assert "longer than" in transcript.skipped[0].reason


def test_one_value_too_large_to_hold_is_text_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "LONGEST", 1000)
    text = json.dumps([USER] * 100, indent=1)
    chunks = [text[at : at + 300] for at in range(0, len(text), 300)]
    transcript, again, why = transcripts.open_file(chunks, "x", READERS)
    assert transcript is None
    assert "".join(again) == text
    assert "counted as text" in why
    with pytest.raises(TokError, match="is not read as a transcript"):
        transcripts.open_file(chunks, "x", READERS, "openai-chat")


def test_of_a_key_that_stands_twice_the_last_one_counts_and_it_is_said() -> None:
    transcript, messages = opened('{"messages": [{"role": "user", "content": "a", "content": "b"}]}')
    assert shown(messages) == [("user", [("text", "", "b")])]
    assert transcript.repeated == {"content": 1}


def test_numbers_that_are_none_and_huge_ones_do_no_harm() -> None:
    huge = '{"role": "user", "content": "x", "n": ' + "9" * 5000 + "}\n"
    transcript, messages = opened(rows('{"role": "user", "content": "x", "n": NaN}\n', huge, USER))
    assert len(messages) == 2
    assert [line.line for line in transcript.skipped] == [2]


def test_carriage_returns_and_blank_lines_are_no_content() -> None:
    _, messages = opened('{"role":"user","content":"a"}\r\n\r\n{"role":"user","content":"b"}\r\n')
    assert [message.line for message in messages] == [1, 3]


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    _, messages = opened('{"role": "user", "content": "a\\ud83d"}')
    assert messages[0].parts[0].text == "a\ufffd"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "plain", '"role"', "null\n", '{"a": 1}\n{"b": 2}\n', "[1, 2]", '{"type": "x"}']
)
def test_other_files_are_no_transcripts(text: str) -> None:
    assert transcripts.sniff(text, "x", READERS) is None
    transcript, again, why = transcripts.open_file([text], "x", READERS)
    assert (transcript, "".join(again), why) == (None, text, "")


def test_text_that_is_asked_to_be_a_transcript_is_an_error() -> None:
    with pytest.raises(TokError, match="x: no transcript, not JSON: Expecting value"):
        opened("Dear reader", "openai-chat")
    with pytest.raises(TokError, match="nothing of sharegpt"):
        opened(json.dumps({"messages": [USER]}), "sharegpt")
    with pytest.raises(TokError, match="unknown format 'openai'") as caught:
        opened(json.dumps({"messages": [USER]}), "openai")
    assert caught.value.hint == "did you mean 'openai-chat'?"
