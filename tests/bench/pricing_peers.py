"""What other programs make of the worked bills: run by an interpreter that has them, never by the tests.

    PYTHON tests/bench/pricing_peers.py genai-prices|litellm|tokencost < requests.json

Reads a list of {name, at, usage, options, peer} and prints a list of answers: a decimal as text, or null where the
program has no price for the model. Each is told all that its interface takes; the functions say what that is.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Request = Mapping[str, Any]

MEDIA = ("audio", "image", "video")
WRITES = ("5m", "30m", "1h", "12h")


def genai_prices(request: Request) -> str | None:
    """`calc_price` with every count it has a key for (its counts of media hold the cached ones), the provider, the
    instant, and what it prices apart: processing batch, service_tier, speed."""
    from genai_prices import Usage, calc_price

    used, options = request["usage"], request["options"]
    counts = {
        "input_tokens": used.get("input_tokens"),
        "output_tokens": used.get("output_tokens", 0) + used.get("citation_tokens", 0) or None,
        "output_citation_tokens": used.get("citation_tokens"),
        "output_reasoning_tokens": used.get("reasoning_tokens"),
        "cache_read_tokens": used.get("cache_read_tokens"),
        "cache_write_tokens": _written(used) or None,
        "cache_write_5m_tokens": used.get("cache_write_5m_tokens"),
        "cache_write_1h_tokens": used.get("cache_write_1h_tokens"),
        "web_searches": used.get("web_searches"),
        "storage_searches": used.get("file_searches"),
        "rerank_searches": used.get("rerank_queries"),
        "input_document_pages": used.get("pages"),
        "input_audio_seconds": used.get("audio_seconds"),
    }
    for kind in MEDIA:
        cached = used.get(f"cache_read_{kind}_tokens", 0)
        counts[f"input_{kind}_tokens"] = used.get(f"input_{kind}_tokens", 0) + cached or None
        counts[f"cache_{kind}_read_tokens"] = cached or None
        counts[f"output_{kind}_tokens"] = used.get(f"output_{kind}_tokens")
    context = {key: options[key] for key in ("service_tier", "speed") if key in options}
    if options.get("batch"):
        context["processing"] = "batch"
    provider, model = request["peer"]
    answer = calc_price(
        Usage(**{key: _number(value) for key, value in counts.items() if value is not None}),
        model_ref=model,
        provider_id=provider,
        genai_request_timestamp=datetime.fromisoformat(request["at"]),
        price_context=context or None,
    )
    return str(answer.total_price)


def litellm(request: Request) -> str | None:
    """Its cost calculator as it is called for a response: the function for the kind of call, the Usage it makes of a
    provider's reply, its own fields for speed, place, cache type and searches, and the instant where it takes one."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    from litellm import get_llm_provider
    from litellm import model_cost as known
    from litellm.cost_calculator import (
        batch_cost_calculator,
        completion_cost,
        default_video_cost_calculator,
        rerank_cost,
        transcription_cost,
    )
    from litellm.litellm_core_utils.llm_cost_calc.utils import generic_cost_per_token
    from litellm.types.utils import ModelResponse

    key, used, options = request["peer"], request["usage"], request["options"]
    if key not in known:
        raise LookupError(key)
    model, provider, _, _ = get_llm_provider(model=key)
    if seconds := used.get("video_seconds"):
        resolution = options.get("resolution")
        return str(default_video_cost_calculator(model, float(seconds), provider, video_resolution=resolution))
    if seconds := used.get("audio_seconds"):
        return str(sum(transcription_cost(model, provider, float(seconds))))
    if queries := used.get("rerank_queries"):
        return str(sum(rerank_cost(model, provider, billed_units={"search_units": queries})))
    usage = _litellm_usage(used, options)
    if options.get("batch"):
        return str(sum(batch_cost_calculator(usage, model, provider, data_residency=options.get("region"))))
    if "off_peak_pricing" in known[key]:
        at = datetime.fromisoformat(request["at"]).astimezone(UTC)
        return str(sum(generic_cost_per_token(model=model, usage=usage, custom_llm_provider=provider, current_time=at)))
    response = ModelResponse(model=model, usage=usage)
    answer = completion_cost(
        completion_response=response,
        model=key,
        custom_llm_provider=provider,
        service_tier=options.get("service_tier"),
        data_residency=options.get("region") if provider == "openai" else None,
    )
    return str(answer)


def _litellm_usage(used: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    from litellm.types.utils import (
        CacheCreationTokenDetails,
        CompletionTokensDetailsWrapper,
        PromptTokensDetailsWrapper,
        ServerToolUse,
        Usage,
    )

    lived = {f"ephemeral_{key}_input_tokens": used.get(f"cache_write_{key}_tokens") for key in WRITES}
    cached = {f"{kind}_tokens": used.get(f"cache_read_{kind}_tokens", 0) for kind in MEDIA}
    sent = {f"{kind}_tokens": used.get(f"input_{kind}_tokens", 0) for kind in MEDIA}
    made = {f"{kind}_tokens": used.get(f"output_{kind}_tokens") for kind in MEDIA}
    written, searches = _written(used), used.get("web_searches") or used.get("requests") or None
    prompt = PromptTokensDetailsWrapper(
        cached_tokens=used.get("cache_read_tokens"),
        cache_creation_tokens=written or None,
        cache_creation_token_details=CacheCreationTokenDetails(**lived) if any(lived.values()) else None,
        web_search_requests=searches,
        **{key: count + cached[key] or None for key, count in sent.items()},
    )
    if any(cached.values()):
        prompt.cached_tokens_details = cached
    if options.get("cache_mode") == "explicit":
        prompt.cache_type = "ephemeral"
    answer = CompletionTokensDetailsWrapper(reasoning_tokens=used.get("reasoning_tokens"), **made)
    if any(made.values()):
        media = sum(count or 0 for count in made.values())
        answer.text_tokens = used.get("output_tokens", 0) - media - used.get("reasoning_tokens", 0)
    total = used.get("input_tokens", 0) + used.get("output_tokens", 0)
    usage = Usage(
        prompt_tokens=used.get("input_tokens", 0),
        completion_tokens=used.get("output_tokens", 0),
        total_tokens=total,
        prompt_tokens_details=prompt,
        completion_tokens_details=answer,
        cache_read_input_tokens=used.get("cache_read_tokens"),
        cache_creation_input_tokens=written or None,
        server_tool_use=ServerToolUse(web_search_requests=searches) if searches else None,
    )
    extra = {
        "speed": options.get("speed"),
        "inference_geo": options.get("region"),
        "citation_tokens": used.get("citation_tokens"),
        "search_context_size": options.get("search_size"),
    }
    for name, value in extra.items():
        if value is not None:
            setattr(usage, name, value)
    return usage


def tokencost(request: Request) -> str | None:
    """`calculate_cost_by_tokens` for uncached input, cached input and output: it takes nothing else."""
    from tokencost.costs import calculate_cost_by_tokens

    used = request["usage"]
    cached, total = used.get("cache_read_tokens", 0), used.get("input_tokens", 0)
    counts = {"input": total - cached, "cached": cached, "output": used.get("output_tokens", 0)}
    if not any(counts.values()):
        raise LookupError("it sells nothing but tokens")
    return str(
        sum(calculate_cost_by_tokens(count, request["peer"], kind) for kind, count in counts.items() if count)
        or Decimal()
    )


def _written(used: Mapping[str, Any]) -> int:
    parts = sum(used.get(f"cache_write_{ttl}_tokens", 0) for ttl in WRITES)
    return max(used.get("cache_write_tokens", 0), parts)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, str) else value


PEERS: Mapping[str, Callable[[Request], str | None]] = {
    "genai-prices": genai_prices,
    "litellm": litellm,
    "tokencost": tokencost,
}


def main() -> None:
    """Answer the requests on the standard input."""
    warnings.simplefilter("ignore")
    ask = PEERS[sys.argv[1]]
    answers: list[dict[str, str | None]] = []
    for request in json.load(sys.stdin):
        try:
            answers.append({"total": ask(request)})
        except (LookupError, ValueError) as problem:
            answers.append({"total": None, "why": f"{type(problem).__name__}: {problem}"[:200]})
        except Exception as problem:  # litellm raises its own for a model it has no price for
            answers.append({"total": None, "why": f"{type(problem).__name__}: {problem}"[:200]})
    json.dump(answers, sys.__stdout__)


if __name__ == "__main__":
    main()
