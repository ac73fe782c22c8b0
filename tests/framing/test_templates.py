"""Framing by templates is what rendering the published template with jinja2, and encoding that with special tokens, has
more than the content alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tokencli import encoders, framing, transcripts
from tokencli.encoders import Encoder, special_tokens
from tokencli.errors import TokError
from tokencli.framing import Tokens
from tokencli.framing.templates import Template, pieces
from tokencli.model import Column
from tokencli.model.transcript import Message, Part, Tool

VECTORS = Path(__file__).parents[1] / "vectors"
TEMPLATES = VECTORS / "templates"
sys.path.insert(0, str(VECTORS))
import make_chats  # noqa: E402  # the conversations that the reference vectors are of

MODELS = {
    "qwen-2.5": ("qwen2.5-7b-instruct", "qwen2", ""),
    "qwen-3": ("qwen3-8b", "qwen2", ""),
    "llama-3": ("llama-3-8b", "llama3", "<|begin_of_text|>"),
    "deepseek-v3": ("deepseek-v3", "deepseek-v3", "<｜begin▁of▁sentence｜>"),
}

LONG = "The quick brown fox jumps over the lazy dog, 12,345 times.\n\n  It is tired.\n" * 40

CONVERSATIONS: list[list[tuple[str, str]]] = [
    [("user", "Hello")],
    [("system", "Be brief."), ("user", "你好，世界"), ("assistant", "你好！"), ("user", "  indented\n")],
    [("user", "\n\nstarts with newlines"), ("assistant", "\n answer \n\n"), ("user", "end\n\n\n")],
    [("system", "one\n"), ("system", "\ntwo"), ("user", "x"), ("assistant", "y")],
    [("user", " "), ("assistant", "\t")],
    [("user", LONG), ("assistant", "\n\n" + LONG), ("user", LONG.strip() + "   \n\n")],
    [("user", "1"), ("assistant", "2"), ("user", "3"), ("assistant", "4")],
    [
        ("user", "a"),
        ("assistant", "<think>\nso\n</think>\n\nb"),
        ("user", "c"),
        ("assistant", "<think>\nwell\n</think>\nd"),
    ],
    [("user", "\u0301 combining mark first"), ("assistant", "😀"), ("user", "مرحبا")],
    [("system", LONG), ("user", "x" * 3000)],
]


def loaded(encoding: str) -> Encoder:
    """The encoder; the test is skipped where its vocabulary is not installed."""
    try:
        return encoders.load(encoding)
    except TokError as error:
        pytest.skip(error.message)


def rendered(name: str, messages: list[tuple[str, str]]) -> list[int]:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8"))
    given: list[dict[str, Any]] = [{"role": role, "content": text} for role, text in messages]
    text = template.render(messages=given, bos_token=MODELS[name][2], add_generation_prompt=True)
    return loaded(MODELS[name][1]).encode(text, special=True)


def framed(name: str, messages: list[tuple[str, str]]) -> int:
    """Content and framing together, which must be known."""
    model, encoding, _ = MODELS[name]
    encoder = loaded(encoding)
    column = Column(encoding, "exact", model=model)
    rule = framing.rule(column)(model, encoding, Tokens(encoder.count_all, encoder.cut))
    rule.begin()
    for index, (role, text) in enumerate(messages):
        rule.message(Message(index, role, (Part("text", text),)))
    rule.end()
    total = sum(encoder.count(text) for _, text in messages)
    for line in rule.lines():
        assert line.tokens.low == line.tokens.tokens == line.tokens.high
        total += line.tokens.tokens
    return total


@pytest.mark.parametrize("messages", CONVERSATIONS)
@pytest.mark.parametrize("name", MODELS)
def test_content_and_framing_are_the_ids_of_the_rendered_template(name: str, messages: list[tuple[str, str]]) -> None:
    if "</think>" in messages[1][1] if len(messages) > 1 else False:
        messages = (
            messages if name == "qwen-3" else [(role, text.replace("think", "thought")) for role, text in messages]
        )
    assert framed(name, messages) == len(rendered(name, messages))


TEXTS = st.text(st.sampled_from("ab Z\n\t 1,.'’é你好😀\u0301\u200d\r\xa0"), max_size=30)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=5), st.booleans())
def test_any_white_space_at_the_edges_joins_as_in_the_template(name: str, texts: list[str], system: bool) -> None:
    roles = ["system"] * system + ["user", "assistant"] * 3
    messages = list(zip(roles, texts, strict=False))
    assert framed(name, messages) == len(rendered(name, messages))


def test_llama_31_adds_its_dates_to_the_system_message() -> None:
    encoder = loaded("llama3")
    column = Column("llama3", "exact", model="llama-3.1-8b")
    for messages, text in (
        (
            [("user", " Hi ")],
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n"
            "Today Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        (
            [("system", "Be brief.\n"), ("user", "Hi")],
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n"
            "Today Date: 26 Jul 2024\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
    ):
        rule = framing.rule(column)("llama-3.1-8b", "llama3", Tokens(encoder.count_all, encoder.cut))
        rule.begin()
        for index, (role, said) in enumerate(messages):
            rule.message(Message(index, role, (Part("text", said),)))
        rule.end()
        content = sum(encoder.count(said) for _, said in messages)
        assert content + sum(line.tokens.tokens for line in rule.lines()) == len(encoder.encode(text, special=True))


def told(name: str, conversation: dict[str, Any], encoder: Encoder, *, whole: bool = False) -> tuple[Template, int]:
    """The rule after a conversation in the shape of chat completions, and the tokens of the content alone."""
    reader = transcripts.built_in()
    transcript, _, _ = transcripts.open_file([json.dumps(conversation)], "x", reader, "openai-chat")
    assert transcript is not None
    model, encoding, _ = MODELS[name]
    rule = framing.rule(Column(encoding, "exact", model=model))(model, encoding, Tokens(encoder.count_all, encoder.cut))
    assert isinstance(rule, Template)
    rule.whole = whole
    rule.begin()
    for tool in transcript.tools:
        rule.tool(tool)
    texts = [text for tool in transcript.tools for text in rule.tool_texts(tool)]
    for message in transcript.messages:
        rule.message(message)
        texts += [text for part in message.parts for text in rule.part_texts(part)]
    rule.end()
    return rule, sum(map(encoder.count, texts))


@pytest.mark.parametrize("name", MODELS)
def test_the_ids_of_generated_conversations_are_those_of_the_references(name: str) -> None:
    encoder, special = loaded(MODELS[name][1]), special_tokens(MODELS[name][1])
    vectors = json.loads((VECTORS / "chats.json").read_text(encoding="utf-8"))[name]
    assert len(vectors) == make_chats.COUNT
    for at, (size, digest) in enumerate(vectors):
        rule, _ = told(name, make_chats.conversation(at), encoder, whole=True)
        ids = [one for text, mark in pieces(rule) for one in ([special[text]] if mark else encoder.encode(text))]
        assert (len(ids), make_chats.digest(ids)) == (size, digest), at


@pytest.mark.parametrize("name", MODELS)
def test_content_and_framing_of_generated_conversations_are_the_number_of_their_ids(name: str) -> None:
    encoder = loaded(MODELS[name][1])
    vectors = json.loads((VECTORS / "chats.json").read_text(encoding="utf-8"))[name]
    for at, (size, _) in enumerate(vectors):
        rule, content = told(name, make_chats.conversation(at), encoder)
        lines = rule.lines()
        assert all(line.tokens.low == line.tokens.tokens == line.tokens.high for line in lines)
        assert content + sum(line.tokens.tokens for line in lines) == size, at


@pytest.mark.parametrize("name", MODELS)
def test_what_is_written_is_the_text_of_the_template(name: str) -> None:
    encoder = loaded("qwen2")
    for at in range(make_chats.COUNT):
        conversation = make_chats.conversation(at)
        rule, _ = told(name, conversation, encoder, whole=True)
        assert "".join(text for text, _ in pieces(rule)) == make_chats.rendered(name, conversation)


def test_results_in_messages_of_the_user_are_written_as_results() -> None:
    encoder = loaded("qwen2")
    column = Column("qwen2", "exact", model="qwen3-8b")
    rule = framing.rule(column)("qwen3-8b", "qwen2", Tokens(encoder.count_all, encoder.cut))
    assert isinstance(rule, Template)
    rule.whole = True
    rule.begin()
    rule.message(Message(0, "user", (Part("text", "Hi"),)))
    rule.message(Message(1, "assistant", (Part("tool_call", '{"a": 1}', "f"),)))
    rule.message(Message(2, "user", (Part("tool_result", "ok", "f"), Part("text", "Go on"))))
    rule.end()
    assert "".join(text for text, _ in pieces(rule)) == (
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<tool_call>\n"
        '{"name": "f", "arguments": {"a": 1}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\nok\n</tool_response><|im_end|>\n"
        "<|im_start|>user\nGo on<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(
    ("model", "encoding", "once"),
    [("gpt-4o", "o200k_base", 12), ("claude-3-opus", "claude-3", 530)],
)
def test_every_conversation_with_tools_pays_for_their_prompt(model: str, encoding: str, once: int) -> None:
    """12 tokens at the end of all tools: openai-cookbook; 530 of a hidden prompt: Anthropic's page on tool use."""
    encoder = loaded(encoding)

    def framed(conversations: int) -> int:
        rule = framing.rule(Column(encoding, "exact", model=model))(
            model, encoding, Tokens(encoder.count_all, encoder.cut)
        )
        for _ in range(conversations):
            rule.begin()
            rule.tool(Tool("f", "", None, "openai"))
            rule.tool(Tool("g", "", None, "openai"))
            rule.message(Message(0, "user", (Part("text", "x"),)))
            rule.end()
        return sum(line.tokens.tokens for line in rule.lines())

    assert framed(3) == 3 * framed(1)
    plain = framing.rule(Column(encoding, "exact", model=model))(
        model, encoding, Tokens(encoder.count_all, encoder.cut)
    )
    plain.tool(Tool("f", "", None, "openai"))
    assert once <= sum(line.tokens.tokens for line in plain.lines()) + 20


@pytest.mark.parametrize(
    ("model", "encoding"), [("gpt-4o", "o200k_base"), ("claude-opus-4-1", "claude-3"), ("grok-4", "o200k_base")]
)
def test_thinking_may_not_be_sent_again(model: str, encoding: str) -> None:
    encoder = loaded(encoding)
    rule = framing.rule(Column(encoding, "exact", model=model))(model, encoding, Tokens(encoder.count_all, encoder.cut))
    rule.thinking(7)
    (line,) = rule.lines()
    assert (line.tokens.tokens, line.tokens.low, line.tokens.high) == (0, -7, 0)
