"""Usage of OpenAI's Responses, Images, Realtime and transcriptions, and of Codex: all counts include their parts.

Sources: https://platform.openai.com/docs/api-reference/responses/object and /docs/guides/tools-web-search (a search
is billed, opening a page or looking for something in it is not).
"""

from __future__ import annotations

from typing import Any

from tokencli.model.cost import Selectors, Usage
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree
from tokencli.usage.openai_chat import inputs, outputs, tier

FORM = "openai-responses"
OWN = {
    *(f"{side}_token{s}_details" for side in ("input", "output") for s in ("", "s")),
    "cached_input_tokens",
    "reasoning_output_tokens",
}
ALONE = {"input_tokens", "output_tokens", "total_tokens"}
"""A usage with no more than these is taken for one of this shape; it means the same in every shape that has them."""


def claims(raw: Raw) -> bool:
    if raw.usage.get("type") == "duration":
        return True
    if raw.response.get("object") == "response":
        return True
    dashscope = "prompt_tokens_details" in raw.usage or "request_id" in raw.response
    return "input_tokens" in raw.usage and not dashscope and (not OWN.isdisjoint(raw.usage) or set(raw.usage) == ALONE)


def read(raw: Raw) -> Adapted:
    fields = Fields(raw.usage)
    kind = fields.word("type")
    if kind == "duration":
        return Adapted({"audio_seconds": raw.usage.get("seconds", 0)})
    sent, made = fields.count("input_tokens"), fields.count("output_tokens")
    given = inputs(fields.part("input_tokens_details", "input_token_details"), sent)
    given |= outputs(fields.part("output_tokens_details", "output_token_details"), made)
    # The names that Codex writes.
    given["cache_read_tokens"] = given["cache_read_tokens"] or fields.count("cached_input_tokens")
    given["reasoning_tokens"] = given["reasoning_tokens"] or fields.count("reasoning_output_tokens")
    if fields.has("total_tokens"):
        agree("total_tokens", fields.count("total_tokens"), input_tokens=sent, output_tokens=made)
    fields.leave("cost_in_usd_ticks")
    fields.done()
    calls, notes = _calls(raw.response.get("output"))
    selectors = Selectors(service_tier=tier(raw), thinking=bool(given["reasoning_tokens"]))
    usage: Usage = filled(**given, **calls)
    return Adapted(usage, selectors, notes=notes)


def _calls(output: Any) -> tuple[dict[str, int], tuple[str, ...]]:
    """The calls of tools that are billed one by one, and what is said of those billed otherwise."""
    items = [item for item in output if isinstance(item, dict)] if isinstance(output, list) else []
    kinds = [str(item.get("type")) for item in items if _billed(item)]
    notes = tuple(
        f"{name} is billed apart, and not in the usage"
        for name, kind in (("image generation", "image_generation_call"), ("the container", "code_interpreter_call"))
        if kind in kinds
    )
    return {"web_searches": kinds.count("web_search_call"), "file_searches": kinds.count("file_search_call")}, notes


def _billed(item: dict[str, Any]) -> bool:
    action = item.get("action")
    return item.get("type") != "web_search_call" or not isinstance(action, dict) or action.get("type") == "search"
