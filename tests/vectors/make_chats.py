"""Make chats.json: for generated conversations, what the published chat templates come to by the references.

    python tests/vectors/make_chats.py TOKENIZERS

TOKENIZERS is a folder with qwen-2.5.json, qwen-3.json and deepseek-v3.json (the models' tokenizer.json) and
llama3.model (the rank file of llama-models 0.3.0). The templates are rendered with jinja2 as transformers does, the
text is encoded by Hugging Face `tokenizers`, for Llama 3 by tiktoken, with the special tokens of each model parsed.
"""

from __future__ import annotations

import json
import random
import sys
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = Path(__file__).parent
BEGIN = {"llama-3": "<|begin_of_text|>", "deepseek-v3": "<｜begin▁of▁sentence｜>"}
MODELS = ("qwen-2.5", "qwen-3", "llama-3", "deepseek-v3")
COUNT = 120

LLAMA = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

TEXTS = (
    "",
    " ",
    "\n",
    "Hello",
    "  indented\n\n",
    "\n\nWhat is the weather in Paris?\n",
    "你好，世界。今天怎么样？",
    "مرحبا بالعالم",
    "नमस्ते दुनिया",
    "안녕하세요",
    "😀👩\u200d👩\u200d👧 family",
    "\u0301 a mark first, cafe\u0301",
    "'s a quote first",
    "123456789 and 3.14",
    'def f(x):\n    return {"a": x}\n',
    "tabs\t\tand\u00a0spaces \r\n",
    "<tool_response>\nwrapped\n</tool_response>",
    "a <b> & 'c' \"d\" \\ /",
    "The quick brown fox jumps over the lazy dog, 12,345 times.\n\n  It is tired.\n" * 12,
    "x" * 700,
)
NAMES = ("get_weather", "search", "f1")
ARGUMENTS: tuple[dict[str, Any], ...] = (
    {},
    {"city": "Zürich", "days": 3},
    {"query": "<b> & 'x'", "filters": [1, 2.5, None, True], "deep": {"a": {"b": "雪"}}},
)
TOOLS: tuple[dict[str, Any], ...] = (
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city, e.g. Zürich <now>.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "days": {"type": "integer", "enum": [1, 3]}},
                "required": ["city"],
            },
        },
    },
    {"type": "function", "function": {"name": "f1", "description": "", "parameters": {}, "strict": True}},
)


def conversation(at: int) -> dict[str, Any]:
    """The request in the shape of chat completions, the same for the same number."""
    dice = random.Random(at)
    messages: list[dict[str, Any]] = []
    if dice.random() < 0.5:
        messages.append({"role": "system", "content": dice.choice(TEXTS)})
    for _ in range(dice.randint(1, 4)):
        messages.append({"role": "user", "content": dice.choice(TEXTS)})
        for step in range(dice.choice((0, 0, 1, 2))):
            calls = [_call(dice, f"call_{len(messages)}_{number}") for number in range(dice.randint(1, 3))]
            said = dice.choice((None, None, *TEXTS))
            messages.append({"role": "assistant", "content": said, "tool_calls": calls})
            if step == 0 and dice.random() < 0.4:
                messages[-1]["reasoning_content"] = dice.choice(("I look.", "\nlong\n\nthinking\n", "想一想"))
            results = [{"role": "tool", "tool_call_id": call["id"], "content": dice.choice(TEXTS)} for call in calls]
            messages += results
        if dice.random() < 0.7:
            messages.append({"role": "assistant", "content": dice.choice(TEXTS)})
            if dice.random() < 0.3:
                messages[-1]["content"] = f"<think>\nso\n</think>\n\n{dice.choice(TEXTS)}"
            elif dice.random() < 0.3:
                messages[-1]["reasoning_content"] = "\n\nwell\n"
        if dice.random() < 0.1:
            messages.append({"role": "system", "content": "A word between."})
    made: dict[str, Any] = {"model": "m", "messages": messages}
    if dice.random() < 0.5:
        made["tools"] = list(TOOLS[: dice.randint(1, 2)])
    return made


def _call(dice: random.Random, identity: str) -> dict[str, Any]:
    arguments = json.dumps(dice.choice(ARGUMENTS), ensure_ascii=False)
    return {"id": identity, "type": "function", "function": {"name": dice.choice(NAMES), "arguments": arguments}}


def rendered(name: str, request: dict[str, Any]) -> str:
    """The template's text. Qwen is given arguments as objects, and only Qwen and DeepSeek answers without text."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = environment.from_string((HERE / "templates" / f"{name}.jinja").read_text(encoding="utf-8"))
    messages = json.loads(json.dumps(request["messages"]))
    for message in messages:
        if name == "llama-3":
            message["content"] = message["content"] or ""
        for call in message.get("tool_calls", ()):
            if name.startswith("qwen"):
                call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    given = {"messages": messages, "tools": request.get("tools"), "bos_token": BEGIN.get(name, "")}
    return str(template.render(**given, add_generation_prompt=True))


def references(folder: Path) -> dict[str, Callable[[str], list[int]]]:
    """How each model's reference encodes a text with special tokens in it."""
    import tiktoken
    from tokenizers import Tokenizer

    found: dict[str, Callable[[str], list[int]]] = {}
    for name in MODELS:
        if name == "llama-3":
            rows = (line.split() for line in (folder / "llama3.model").read_text().splitlines() if line)
            ranks = {b64decode(token): int(rank) for token, rank in rows}
            special = {"<|begin_of_text|>": 128000, "<|start_header_id|>": 128006}
            special |= {"<|end_header_id|>": 128007, "<|eot_id|>": 128009}
            llama = tiktoken.Encoding("llama3", pat_str=LLAMA, mergeable_ranks=ranks, special_tokens=special)
            found[name] = lambda text, one=llama: one.encode(text, allowed_special="all")  # type: ignore[misc]
        else:
            one = Tokenizer.from_file(str(folder / f"{name}.json"))
            found[name] = lambda text, one=one: one.encode(text, add_special_tokens=False).ids  # type: ignore[misc]
    return found


def digest(ids: list[int]) -> str:
    """A hash of all ids in order."""
    return sha256(",".join(map(str, ids)).encode()).hexdigest()[:20]


def main(folder: Path) -> None:
    """Write chats.json: by model, for each conversation the number of ids and their hash."""
    rows = {}
    for name, encode in references(folder).items():
        made = [encode(rendered(name, conversation(at))) for at in range(COUNT)]
        rows[name] = [[len(ids), digest(ids)] for ids in made]
    text = ",\n".join(f'"{name}": {json.dumps(found)}' for name, found in rows.items())
    (HERE / "chats.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
