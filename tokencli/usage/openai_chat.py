"""Usage of OpenAI's Chat Completions, and of the many who answer in its shape: all counts include their parts.

Sources: https://platform.openai.com/docs/api-reference/chat/object (usage: predictions, accepted or not, are in the
completion and billed as such), https://api-docs.deepseek.com/api/create-chat-completion (prompt_cache_hit_tokens),
https://docs.x.ai/docs/api-reference and https://docs.perplexity.ai (reasoning beside the completion).
"""

from __future__ import annotations

from tokencli.model.cost import Selectors
from tokencli.rates.usage import contradiction
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree

FORM = "openai-chat"
DASHSCOPE = ("cache_type", "cache_creation_input_tokens", "cache_creation")


def claims(raw: Raw) -> bool:
    details = raw.usage.get("prompt_tokens_details") or {}
    return bool({"prompt_tokens", "completion_tokens"} & set(raw.usage)) and not any(
        key in details for key in DASHSCOPE
    )


def read(raw: Raw) -> Adapted:
    fields = Fields(raw.usage)
    sent = fields.part("prompt_tokens_details")
    given = inputs(sent, fields.count("prompt_tokens"))
    cached = fields.count("prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens")
    if cached and given["cache_read_tokens"] not in (0, cached):
        raise contradiction("cached_tokens", cached, "prompt_tokens_details.cached_tokens", given["cache_read_tokens"])
    given["cache_read_tokens"] = given["cache_read_tokens"] or cached
    if fields.has("prompt_cache_miss_tokens"):
        miss = fields.count("prompt_cache_miss_tokens")
        agree("prompt_tokens", given["input_tokens"], prompt_cache_hit_tokens=cached, prompt_cache_miss_tokens=miss)
    given |= _completion(fields, given["input_tokens"])
    searches = fields.has("num_search_queries")
    given |= {
        "citation_tokens": fields.count("citation_tokens"),
        "web_searches": fields.count("num_search_queries")
        + fields.part("server_tool_use").count("web_search_requests"),
        "audio_seconds": fields.count("prompt_audio_seconds"),
    }
    size = fields.word("search_context_size")
    # Perplexity bills a request by the size of its search, except where it bills the queries.
    given["requests"] = int(bool(size) and not searches)
    # Times, and what a reseller says it has charged.
    fields.leave("queue_time", "prompt_time", "completion_time", "total_time", "cost", "cost_details")
    fields.done()
    selectors = Selectors(
        service_tier=tier(raw), search_size=size, thinking=bool(given.get("reasoning_tokens")), batch=False
    )
    return Adapted(filled(**given), selectors)


def inputs(details: Fields, total: int) -> dict[str, int]:
    """The counts of what was sent. A count of text is never taken: text is what is left (it may hold cached tokens)."""
    split = details.part("cached_tokens_details")
    cached = {kind: split.count(f"{kind}_tokens") for kind in ("audio", "image", "video")}
    found = {
        "input_tokens": total,
        "cache_read_tokens": details.count("cached_tokens"),
        "cache_write_tokens": details.count("cache_write_tokens", "cache_creation_tokens"),
        **{f"cache_read_{kind}_tokens": count for kind, count in cached.items()},
        # These include what of them was cached.
        **{f"input_{kind}_tokens": details.count(f"{kind}_tokens") - count for kind, count in cached.items()},
    }
    for part in (split, details):
        part.leave("text_tokens")
    return found


def outputs(details: Fields, total: int) -> dict[str, int]:
    """The counts of what came back."""
    details.leave("text_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens")
    return {
        "output_tokens": total,
        "reasoning_tokens": details.count("reasoning_tokens"),
        **{f"output_{kind}_tokens": details.count(f"{kind}_tokens") for kind in ("audio", "image", "video")},
    }


def tier(raw: Raw) -> str:
    """The service tier that the response names."""
    value = raw.response.get("service_tier") or raw.usage.get("service_tier")
    return value if isinstance(value, str) else ""


def _completion(fields: Fields, sent: int) -> dict[str, int]:
    """The counts of what came back, with reasoning that stands beside the completion put into it."""
    completion = fields.count("completion_tokens")
    given = outputs(fields.part("completion_tokens_details"), completion)
    # Perplexity counts all reasoning of its research beside the completion, and the total leaves it out.
    beside = fields.count("reasoning_tokens") if fields.has("citation_tokens", "num_search_queries") else 0
    same = fields.count("reasoning_tokens")
    reasoning = beside or given["reasoning_tokens"] or same
    if fields.has("total_tokens"):
        total = fields.count("total_tokens")
        if total == sent + completion + reasoning != sent + completion:
            beside = reasoning
        else:
            agree("total_tokens", total, prompt_tokens=sent, completion_tokens=completion)
    return given | {"reasoning_tokens": reasoning, "output_tokens": completion + beside}
