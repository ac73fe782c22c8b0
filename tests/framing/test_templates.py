"""Framing by templates is what rendering the published template with jinja2, and encoding that with special tokens, has
more than the content alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tokencli import encoders, framing
from tokencli.encoders import Encoder
from tokencli.errors import TokError
from tokencli.framing import Tokens
from tokencli.model import Column
from tokencli.model.transcript import Message, Part

TEMPLATES = Path(__file__).parents[1] / "vectors" / "templates"

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
    rule = framing.rule(column)(model, encoding, Tokens(encoder.count, encoder.cut))
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
        rule = framing.rule(column)("llama-3.1-8b", "llama3", Tokens(encoder.count, encoder.cut))
        rule.begin()
        for index, (role, said) in enumerate(messages):
            rule.message(Message(index, role, (Part("text", said),)))
        rule.end()
        content = sum(encoder.count(said) for _, said in messages)
        assert content + sum(line.tokens.tokens for line in rule.lines()) == len(encoder.encode(text, special=True))
