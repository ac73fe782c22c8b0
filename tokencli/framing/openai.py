"""OpenAI's framing, after openai-cookbook, How_to_count_tokens_with_tiktoken (MIT), whose counts were held against the
API: tokens around each message, each role and name as text, the reply's opening, and a fixed layout of tools.

It is known for the models named there. For GPT-5 a public report has one token less than the rule in a request, so for
it and everything else the framing of a request is the rule's, give or take 1.
"""

from __future__ import annotations

from typing import Any

from tokencli.framing.rule import Line, Rule, calls
from tokencli.model.transcript import Message, Tool

VERIFIED = ("gpt-3.5-turbo", "gpt-4", "gpt-4-32k", "gpt-4o", "gpt-4o-mini")
"""Models that the cookbook names; dated snapshots have been resolved to these ids."""

PER_MESSAGE, PER_NAME, REPLY = 3, 1, 3
TOOL = {"o200k_base": 7, "cl100k_base": 10}
"""Tokens of each tool; 7 for gpt-4o, 10 for gpt-4 and gpt-3.5."""
PROPERTIES, PROPERTY, ENUM, VALUE, TOOLS_END = 3, 3, -3, 3, 12

LAID_OUT = ("type", "properties", "required", "additionalProperties", "$schema", "title", "description")
"""Keys of a tool's schema that the cookbook's layout has, or that say nothing to a model."""

CALL, RESULT = (6, 0, 14), (0, 0, 4)
"""Tokens, low and high for each call and each result: nothing is published."""
TOOL_SLACK = 3


class OpenAI(Rule):
    """The cookbook's rule."""

    title = "OpenAI's (openai-cookbook)"
    forgets_thinking = True

    @staticmethod
    def tool_texts(tool: Tool) -> tuple[str, ...]:
        """`name:description`, then `name:type:description` of each parameter and its allowed values; below the first
        level, which the cookbook does not cover, JSON."""
        import json

        texts = [f"{tool.name}:{_line_end(tool.description)}"]
        for name, property_ in _properties(tool).items():
            texts.append(f"{name}:{property_.get('type', '')}:{_line_end(str(property_.get('description', '')))}")
            texts += [str(value) for value in _values(property_)]
            texts += [json.dumps(property_[key], ensure_ascii=False) for key in _deeper(property_)]
        if rest := _rest(tool):
            texts.append(json.dumps(rest, ensure_ascii=False))
        return tuple(texts)

    def message(self, message: Message) -> None:
        old = self.model == "gpt-3.5-turbo-0301"
        self.add("messages", 4 if old else PER_MESSAGE)
        self.add_text("roles", message.role)
        if message.name:
            self.add_text("names", message.name)
            self.add("names", -1 if old else PER_NAME)
        called, given = calls(message)
        for each, count in (("calls", called), ("results", given)):
            if count:
                self.add(f"tool {each}", *(count * value for value in (CALL if each == "calls" else RESULT)))

    def tool(self, tool: Tool) -> None:
        super().tool(tool)
        tokens = TOOL.get(self.encoding, 7)
        properties = _properties(tool)
        if properties:
            tokens += PROPERTIES
        deep = 2 * bool(_rest(tool))
        for property_ in properties.values():
            tokens += PROPERTY + (ENUM + VALUE * len(_values(property_)) if _values(property_) else 0)
            deep += len(_deeper(property_))
        slack = (0 if self.model in VERIFIED else TOOL_SLACK) + 2 * TOOL_SLACK * deep
        self.add("tools", tokens, tokens - slack, tokens + slack)

    def end(self) -> None:
        slack = 0 if self.model in VERIFIED else 1
        self.add("reply", REPLY, REPLY - slack, REPLY + slack)

    def lines(self) -> tuple[Line, ...]:
        self.add("tools", TOOLS_END * self.with_tools)
        return super().lines()


class Harmony(OpenAI):
    """gpt-oss: the same frame of three tokens in other words, and a system message of its own that names dates."""

    title = "harmony's, with an estimate of the system message it adds"

    def end(self) -> None:
        self.add("system message", 60, 0, 120)
        super().end()


def _line_end(text: str) -> str:
    return text.removesuffix(".")


def _properties(tool: Tool) -> dict[str, dict[str, Any]]:
    found = tool.schema.get("properties") if isinstance(tool.schema, dict) else None
    if not isinstance(found, dict):
        return {}
    return {name: value if isinstance(value, dict) else {} for name, value in found.items()}


def _rest(tool: Tool) -> dict[str, Any]:
    """What a schema says that the cookbook's layout has no place for, such as definitions that are referred to."""
    schema = tool.schema if isinstance(tool.schema, dict) else {}
    return {key: value for key, value in schema.items() if key not in LAID_OUT}


def _values(property_: dict[str, Any]) -> list[Any]:
    found = property_.get("enum")
    return found if isinstance(found, list) else []


def _deeper(property_: dict[str, Any]) -> list[str]:
    return [key for key in ("properties", "items", "anyOf", "oneOf", "allOf") if property_.get(key)]
