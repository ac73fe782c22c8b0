"""ShareGPT: `conversations` of `{from, value}`, as data sets for tuning have them (one, a list of them, or JSONL).

Shape: LLaMA-Factory, data/README.md, "Sharegpt Format".
"""

from __future__ import annotations

from typing import Any

from tokencli.model.transcript import Part
from tokencli.transcripts.content import Claim, Out, all_objects, mapping, media, objects, tool, words

FORMAT = "sharegpt"

ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "system": "system",
    "function_call": "assistant",
    "observation": "tool",
    "tool": "tool",
}


def claims(value: Any) -> Claim:
    """Turns with `from` and `value`."""
    if isinstance(value, list):
        return "mine" if all_objects(value) and all(map(_is_conversation, value)) else ""
    return "mine" if _is_conversation(value) else ""


def read(value: Any, out: Out) -> bool:
    """The turns of a conversation, or of every one in a list."""
    found = [item for item in (value if isinstance(value, list) else [value]) if _is_conversation(item)]
    for item in found:
        _read(item, out)
    return bool(found)


def _turns(value: Any) -> Any:
    item = mapping(value)
    return item.get("conversations", item.get("conversation"))


def _is_conversation(value: Any) -> bool:
    turns = _turns(value)
    return all_objects(turns) and all("from" in turn and "value" in turn for turn in turns)


def _read(item: dict[str, Any], out: Out) -> None:
    out.begin()
    if system := words(item.get("system")):
        out.message("system", [Part("text", system)])
    _read_tools(item.get("tools"), out)
    for turn in objects(_turns(item)):
        said = words(turn["from"])
        text = words(turn["value"])
        if said == "function_call":
            out.message("assistant", [_call(text, out)])
        elif said in ("observation", "tool"):
            out.message("tool", [Part("tool_result", text)])
        else:
            out.message(ROLES.get(said, said or "user"), [Part("text", text)])
    for key, kind in (("images", "image"), ("videos", "video"), ("audios", "audio")):
        names = item.get(key)
        parts = [media(kind, url=name) for name in (names if isinstance(names, list) else [names] if names else [])]  # type: ignore[arg-type]
        if parts:
            out.message("user", parts)


def _call(text: str, out: Out) -> Part:
    """A call is JSON in a text."""
    import json

    try:
        call = json.loads(text)
    except (ValueError, RecursionError):
        call = None
    return (
        out.call(call["name"], call.get("arguments"))
        if isinstance(call, dict) and "name" in call
        else Part("tool_call", text)
    )


def _read_tools(value: Any, out: Out) -> None:
    """Tools are a list, or JSON in a text."""
    import json

    try:
        definitions = json.loads(value) if isinstance(value, str) and value.strip() else value
    except (ValueError, RecursionError):
        out.leave_out("tools that are no JSON")
        return
    for definition in objects(definitions):
        found = tool(definition, "openai")
        if found:
            out.tools.append(found)
