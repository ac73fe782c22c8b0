"""Usage of Alibaba's DashScope, in its own shape and in the one compatible with OpenAI: counts include their parts.

Source: https://help.aliyun.com/zh/model-studio/context-cache (`cache_type` is "ephemeral" where a mark in the request
made the cache: reads then have another price) and /zh/model-studio/qwen-api-reference.
"""

from __future__ import annotations

from tokencli.model.cost import Selectors
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree
from tokencli.usage.openai_chat import DASHSCOPE, inputs, outputs

FORM = "dashscope"
MEDIA = ("audio", "image", "video")


def claims(raw: Raw) -> bool:
    usage = raw.usage
    details = usage.get("prompt_tokens_details") or {}
    native = "input_tokens" in usage and ("prompt_tokens_details" in usage or "request_id" in raw.response)
    return native or ("prompt_tokens" in usage and any(key in details for key in DASHSCOPE))


def read(raw: Raw) -> Adapted:
    fields = Fields(raw.usage)
    sent, made = fields.count("input_tokens", "prompt_tokens"), fields.count("output_tokens", "completion_tokens")
    if fields.has("total_tokens"):
        agree("total_tokens", fields.count("total_tokens"), input=sent, output=made)
    details = fields.part("prompt_tokens_details")
    kind, written = details.word("cache_type"), details.count("cache_creation_input_tokens")
    lives = details.part("cache_creation").count("ephemeral_5m_input_tokens")
    if lives and written:
        agree("cache_creation_input_tokens", written, ephemeral_5m_input_tokens=lives)
    given = inputs(details, sent)
    given["cache_write_tokens"] = written or lives
    other = fields.part("input_tokens_details")
    other.leave("text_tokens")
    for name in MEDIA:
        # The same count stands at up to three places.
        counts = (given[f"input_{name}_tokens"], other.count(f"{name}_tokens"), fields.count(f"{name}_tokens"))
        given[f"input_{name}_tokens"] = max(counts)
    given |= outputs(fields.part("output_tokens_details", "completion_tokens_details"), made)
    given |= {
        "cache_read_tokens": given["cache_read_tokens"] or fields.count("cached_tokens"),
        "web_searches": fields.part("plugins").part("search").count("count"),
        "generations": fields.count("image_count"),
        "video_seconds": fields.count("video_duration"),
    }
    fields.done()
    mode = {"ephemeral": "explicit", "implicit": "implicit"}.get(kind, "")
    return Adapted(filled(**given), Selectors(cache_mode=mode, thinking=bool(given["reasoning_tokens"])))
