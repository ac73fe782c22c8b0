"""Usage of Anthropic's Messages API: input excludes what was read from and written to the cache.

Source: https://platform.claude.com/docs/en/api/messages (usage), /docs/en/build-with-claude/prompt-caching,
/docs/en/build-with-claude/compaction (`iterations`: the outer counts leave the compaction out, all are billed).
"""

from __future__ import annotations

from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree

FORM = "anthropic"
OWN = {"cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "server_tool_use", "inference_geo"}
PROVIDERS = {"msg_bdrk_": "bedrock", "msg_vrtx_": "vertex", "msg_": "anthropic"}
"""First letters of a message's id -> who answered: the same models have other prices elsewhere."""

_Counts = dict[str, int]


def claims(raw: Raw) -> bool:
    # OpenRouter adds `server_tool_use` to the shape of OpenAI.
    return ("input_tokens" in raw.usage and not OWN.isdisjoint(raw.usage)) or raw.response.get("type") == "message"


def read(raw: Raw) -> Adapted:
    fields = Fields(raw.usage)
    counts, notes = _buckets(fields), list[str]()
    iterations = fields.rows("iterations")
    if iterations:
        counts = _summed(counts, iterations)
        if len(iterations) > 1:
            notes.append(f"the sum of {len(iterations)} iterations")
    tools = fields.part("server_tool_use")
    counts["web_searches"] = tools.count("web_search_requests")
    tools.leave("web_fetch_requests", "tool_search_requests")
    if tools.count("code_execution_requests"):
        notes.append("code execution is billed by the hours of its container, which the usage does not tell")
    tier, region = fields.word("service_tier"), fields.word("inference_geo")
    selectors = Selectors(
        batch=tier == "batch",
        service_tier="" if tier == "batch" else tier,
        speed=fields.word("speed"),
        region="" if region == "not_available" else region,
        thinking=bool(counts.get("reasoning_tokens")),
    )
    fields.done()
    id = str(raw.response.get("id") or "")
    provider = next((name for start, name in PROVIDERS.items() if id.startswith(start)), "")
    return Adapted(filled(**counts), selectors, provider=provider, notes=tuple(notes))


def _buckets(fields: Fields) -> _Counts:
    """The counts of one sampling, normalised."""
    fresh, output = fields.count("input_tokens"), fields.count("output_tokens")
    read_tokens = fields.count("cache_read_input_tokens")
    split = fields.part("cache_creation")
    lives = {life: split.count(f"ephemeral_{life}_input_tokens") for life in ("5m", "1h")}
    written = sum(lives.values())
    if fields.has("cache_creation_input_tokens"):
        said = fields.count("cache_creation_input_tokens")
        if written:
            agree("cache_creation_input_tokens", said, **{f"ephemeral_{life}": count for life, count in lives.items()})
        written = said
    return {
        "input_tokens": fresh + read_tokens + written,
        "cache_read_tokens": read_tokens,
        "cache_write_tokens": written,
        **{f"cache_write_{life}_tokens": count for life, count in lives.items()},
        "output_tokens": output,
        "reasoning_tokens": fields.part("output_tokens_details").count("thinking_tokens", "reasoning_tokens"),
    }


def _summed(outer: _Counts, iterations: list[Fields]) -> _Counts:
    """The counts of all iterations; those of messages must come to the outer ones."""
    sums = dict.fromkeys(outer, 0)
    messages = dict.fromkeys(("input_tokens", "output_tokens"), 0)
    for row in iterations:
        kind, other = row.word("type"), row.word("model")
        counts = _buckets(row)
        if kind not in ("message", "compaction", "") or other:
            said = f"an iteration of type {kind!r}" + (f" ran on {other}" if other else "")
            hint = "price it as a request of its own, with its own model"
            raise TokError(f"{said}, whose price is not that of the message", hint=hint, code="unknown-usage")
        for key, count in counts.items():
            sums[key] += count
        if kind != "compaction":
            messages = {key: count + counts[key] for key, count in messages.items()}
    for key, count in messages.items():
        agree(f"{key} with its cache", outer[key], **{f"{key}_of_iterations": count})
    # Where thinking is told at all, it is told of the whole.
    sums["reasoning_tokens"] = max(sums["reasoning_tokens"], outer["reasoning_tokens"])
    return sums
