"""Usage in the attributes of OpenTelemetry's conventions for generative AI: input includes the cache.

Source: https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ (the counts of the cache "SHOULD be
included in gen_ai.usage.input_tokens"; where a library left them out, the parts are more than the whole: an error).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokencli.model.cost import Selectors
from tokencli.usage.adapted import Adapted, Raw, filled
from tokencli.usage.fields import Fields, agree

FORM = "otel"
START = "gen_ai.usage."
PROVIDERS = {
    "aws.bedrock": "bedrock",
    "aws_bedrock": "bedrock",
    "gcp.gemini": "google",
    "gemini": "google",
    "gcp.vertex_ai": "vertex",
    "vertex_ai": "vertex",
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "mistral_ai": "mistral",
    "moonshot_ai": "moonshot",
    "x_ai": "xai",
}
"""Names of `gen_ai.provider.name` that are not those of the cards."""


def claims(raw: Raw) -> bool:
    return any(key.startswith(START) for key in raw.usage)


def read(raw: Raw) -> Adapted:
    said = raw.usage
    fields = Fields({key.removeprefix(START): value for key, value in said.items() if key.startswith(START)})
    sent, made = fields.count("input_tokens", "prompt_tokens"), fields.count("output_tokens", "completion_tokens")
    usage = filled(
        input_tokens=sent,
        cache_read_tokens=fields.count("cache_read.input_tokens", "cache_read_input_tokens", "input_tokens.cached"),
        cache_write_tokens=fields.count(
            "cache_creation.input_tokens", "cache_creation_input_tokens", "input_tokens.cache_write"
        ),
        output_tokens=made,
        reasoning_tokens=fields.count("reasoning.output_tokens", "output_tokens.reasoning", "reasoning_tokens"),
    )
    if fields.has("total_tokens"):
        agree("gen_ai.usage.total_tokens", fields.count("total_tokens"), input_tokens=sent, output_tokens=made)
    fields.leave("cost")
    fields.done()
    provider = _word(said, "gen_ai.provider.name", "gen_ai.system")
    tier = _word(said, "openai.response.service_tier", "gen_ai.openai.response.service_tier")
    return Adapted(
        usage,
        Selectors(service_tier=tier, thinking="reasoning_tokens" in usage),
        model=_word(said, "gen_ai.response.model", "gen_ai.request.model"),
        provider=PROVIDERS.get(provider, provider),
        id=_word(said, "gen_ai.response.id"),
    )


def attributes(value: Any) -> Mapping[str, Any] | None:
    """The attributes of a span, also where OTLP lists them as keys and typed values; None if none is about usage."""
    if isinstance(value, Mapping):
        return value if any(str(key).startswith(START) for key in value) else None
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return None
    found = {str(row.get("key")): _typed(row.get("value")) for row in value}
    return found if any(key.startswith(START) for key in found) else None


def _typed(value: Any) -> Any:
    """A value of OTLP, whose integers are strings in JSON."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return value
    kind, plain = next(iter(value.items()))
    return int(plain) if kind == "intValue" and str(plain).isdecimal() else plain


def _word(said: Mapping[str, Any], *names: str) -> str:
    return next((str(said[name]) for name in names if said.get(name)), "")
