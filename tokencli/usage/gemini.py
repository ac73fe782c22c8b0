"""Usage of Gemini: thoughts are not in the candidates, what tools fed in is not in the prompt, the cache is.

Sources: https://ai.google.dev/api/generate-content#UsageMetadata, and https://ai.google.dev/gemini-api/docs/pricing
for grounding: from Gemini 3 on every query is billed, before that the prompt that led to any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tokencli.model.cost import Selectors
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree

FORM = "gemini"
MEDIA = ("audio", "image", "video")
TIERS = {"ON_DEMAND_PRIORITY": "priority", "ON_DEMAND_FLEX": "flex"}


def claims(raw: Raw) -> bool:
    return not {"promptTokenCount", "prompt_token_count", "totalTokenCount", "total_token_count"}.isdisjoint(raw.usage)


def read(raw: Raw) -> Adapted:
    fields = Fields({_snake(key): value for key, value in raw.usage.items()})
    prompt, fed = fields.count("prompt_token_count"), fields.count("tool_use_prompt_token_count")
    said = fields.count("candidates_token_count", "response_token_count")
    thoughts = fields.count("thoughts_token_count")
    if fields.has("total_token_count"):
        total = fields.count("total_token_count")
        agree("totalTokenCount", total, promptTokenCount=prompt, toolUse=fed, candidates=said, thoughts=thoughts)
    sent, tools = _kinds(fields, "prompt_tokens_details"), _kinds(fields, "tool_use_prompt_tokens_details")
    cached = _kinds(fields, "cache_tokens_details")
    made = _kinds(fields, "candidates_tokens_details", "response_tokens_details")
    usage = filled(
        input_tokens=prompt + fed,
        cache_read_tokens=fields.count("cached_content_token_count"),
        output_tokens=said + thoughts,
        reasoning_tokens=thoughts,
        web_searches=_searches(raw.response),
        **{f"cache_read_{kind}_tokens": cached[kind] for kind in MEDIA},
        **{f"input_{kind}_tokens": sent[kind] + tools[kind] - cached[kind] for kind in MEDIA},
        **{f"output_{kind}_tokens": made[kind] for kind in MEDIA},
    )
    traffic = fields.word("traffic_type")
    served = TIERS.get(traffic, "") or fields.word("service_tier").lower()
    fields.done()
    bought = "PROVISIONED_THROUGHPUT"
    notes = (f"{bought}: paid for by its capacity, not by what it used",) if traffic == bought else ()
    return Adapted(usage, Selectors(service_tier=served, thinking=bool(thoughts)), notes=notes)


def _kinds(fields: Fields, *names: str) -> dict[str, int]:
    """The tokens of each modality in a list of them; those of text and documents are what is left."""
    found = dict.fromkeys(MEDIA, 0)
    for row in fields.rows(*names):
        kind, count = row.word("modality").lower(), row.count("tokenCount", "token_count")
        if kind in found:
            found[kind] += count
    return found


def _searches(response: Mapping[str, Any]) -> int:
    """The searches that are billed for a response."""
    queries: set[str] = set()
    for candidate in response.get("candidates") or ():
        grounding = candidate.get("groundingMetadata") if isinstance(candidate, Mapping) else None
        queries.update(query for query in (grounding or {}).get("webSearchQueries") or () if query)
    each = not str(response.get("modelVersion", "")).removeprefix("models/").startswith(("gemini-1", "gemini-2"))
    return len(queries) if each else min(1, len(queries))


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
