"""Usage of Amazon Bedrock's Converse: input excludes what was read from and written to the cache.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html and API_runtime_CacheDetail.
"""

from __future__ import annotations

from tokencli.model.cost import Selectors
from tokencli.rates.usage import contradiction
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree

FORM = "bedrock"
LIVES = ("5m", "1h")


def claims(raw: Raw) -> bool:
    return "inputTokens" in raw.usage and "outputTokens" in raw.usage and "cacheCreationInputTokens" not in raw.usage


def read(raw: Raw) -> Adapted:
    fields = Fields(raw.usage)
    fresh, made = fields.count("inputTokens"), fields.count("outputTokens")
    cached = fields.count("cacheReadInputTokens", "cacheReadInputTokenCount")
    written = fields.count("cacheWriteInputTokens", "cacheWriteInputTokenCount")
    lives = dict.fromkeys(LIVES, 0)
    for row in fields.rows("cacheDetails"):
        life = row.word("ttl")
        # A lifetime that is not known stays a count that nobody took.
        if life in lives:
            lives[life] += row.count("inputTokens")
    if any(lives.values()):
        agree("cacheWriteInputTokens", written, **{f"cacheDetails_{life}": count for life, count in lives.items()})
    if fields.has("totalTokens"):
        total = fields.count("totalTokens")
        # The total has been seen with the cache in it and without.
        if total not in (fresh + made, fresh + made + cached + written):
            raise contradiction(
                "totalTokens", total, "inputTokens + outputTokens + cache", fresh + made + cached + written
            )
    fields.done()
    usage = filled(
        input_tokens=fresh + cached + written,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        cache_write_5m_tokens=lives["5m"],
        cache_write_1h_tokens=lives["1h"],
        output_tokens=made,
    )
    tier = raw.response.get("serviceTier")
    chosen = str(tier.get("type") or "") if isinstance(tier, dict) else ""
    return Adapted(usage, Selectors(service_tier=chosen), provider="bedrock")
