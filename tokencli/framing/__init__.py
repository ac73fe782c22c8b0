"""Framing: the tokens a model is given around the content of messages and tools. One module for each family's rule.

A rule belongs to a model, so a column of an encoding alone has none: its numbers are the content's, with framing 0.
What a rule cannot know is a count with a range.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import cast

from tokencli.framing.rule import Line, Rule, Tokens
from tokencli.model import Column

__all__ = ["Line", "Rule", "Tokens", "rule"]

RULES = (
    ("openai", r"gpt-oss-.*", "Harmony"),
    ("openai", r"(gpt|chatgpt|o\d|codex|computer-use)-?.*", "OpenAI"),
    ("claude", r"claude-(1|2|instant).*", "Legacy"),
    ("claude", r"claude-.*", "Claude"),
    ("gemini", r"gemini-(?!embedding).*", "Gemini"),
    ("qwen", r"qwen2\.5-(\d|coder).*-instruct(-1m)?", "Qwen25"),
    ("qwen", r"qwen3-[\d.]+b(-a\d+b)?", "Qwen3"),
    ("llama", r"llama-3-.*", "Llama3"),
    ("llama", r"llama-3\.[13]-.*", "Llama31"),
    ("deepseek", r"deepseek-v3", "DeepSeekV3"),
)
"""Which rule a model has, by its id: a module of this package, a pattern for the whole id, a class."""

NO_CHAT = r".*(embedding|davinci|babbage|curie|ada|cushman|gpt2|instruct-0914|turbo-instruct|reranker|transcribe).*"
"""Models that are not told messages."""


def rule(column: Column) -> type[Rule]:
    """The rule of a column's model; `Rule` itself, which adds nothing, where no model is named."""
    model = column.model
    if model is None or re.fullmatch(NO_CHAT, model):
        return Rule
    for module, pattern, name in RULES:
        if re.fullmatch(pattern, model):
            return cast(type[Rule], getattr(import_module(f"tokencli.framing.{module}"), name))
    from tokencli.framing.unknown import Unknown

    return Unknown
