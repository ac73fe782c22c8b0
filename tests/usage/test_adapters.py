"""Every shape is claimed by its adapter alone, and read as its provider says.

Each line of `fixtures/usage.jsonl` is a usage in a shape that a provider documents (its `source`, where the figures are
of the provider's own example), with what the provider's words on what includes what make of it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.rates.usage import checked
from tokencli.usage import ADAPTERS, adapt
from tokencli.usage.adapted import Raw

FIXTURES = Path(__file__).parents[1] / "fixtures" / "usage.jsonl"
SHAPES = [json.loads(line, parse_float=Decimal) for line in FIXTURES.read_text(encoding="utf-8").splitlines()]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape["name"].replace(" ", "-"))


@each_shape
def test_a_shape_is_read_as_its_provider_means_it(shape: dict[str, Any]) -> None:
    found = adapt(shape["raw"])
    assert (found.form, found.usage) == (shape["form"], shape["usage"])
    assert found.selectors == Selectors(**({"thinking": "reasoning_tokens" in shape["usage"]} | shape["selected"]))
    checked(found.usage)


@each_shape
def test_a_shape_is_claimed_by_one_adapter(shape: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    for adapter in ADAPTERS:

        def claims(raw: Raw, adapter: Any = adapter, claims: Any = adapter.claims) -> bool:
            if claims(raw):
                seen.append(adapter.FORM)
            return False

        monkeypatch.setattr(adapter, "claims", claims)
    # Where nobody claims it, it is an error, or taken for the normalised form.
    with suppress(TokError):
        adapt(shape["raw"])
    assert seen == [shape["form"]]


@each_shape
def test_a_count_that_nobody_knows_is_an_error(shape: dict[str, Any]) -> None:
    raw = json.loads(json.dumps(shape["raw"], default=int))
    usage = raw
    for step in ("result", "message", "response", "body", "usage", "usageMetadata", "attributes"):
        usage = usage.get(step, usage) if isinstance(usage, dict) else usage
    name = "gen_ai.usage.fresh_tokens" if shape["form"] == "otel" else "fresh_tokens"
    if isinstance(usage, list):
        usage.append({"key": name, "value": {"intValue": "3"}})
    else:
        usage[name] = 3
    with pytest.raises(TokError, match="fresh_tokens = 3"):
        checked(adapt(raw).usage)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            {
                "input_tokens": 1,
                "output_tokens": 1,
                "cache_creation_input_tokens": 50,
                "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 20},
            },
            "cache_creation_input_tokens is 50, but ephemeral_5m 20 \\+ ephemeral_1h 20 is 40",
        ),
        ({"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 12}, "total_tokens is 12, but .* is 11"),
        ({"input_tokens": 5, "output_tokens": 6, "total_tokens": 10}, "total_tokens is 10, but .* is 11"),
        ({"inputTokens": 5, "outputTokens": 6, "totalTokens": 10}, "totalTokens is 10, but .* is 11"),
        ({"promptTokenCount": 5, "thoughtsTokenCount": 6, "totalTokenCount": 5}, "totalTokenCount is 5, but .* is 11"),
        ({"prompt_tokens": 9, "prompt_cache_hit_tokens": 3, "prompt_cache_miss_tokens": 5}, "prompt_tokens is 9, .* 8"),
        (
            {
                "input_tokens": 9,
                "output_tokens": 1,
                "cache_read_input_tokens": 0,
                "iterations": [{"type": "message", "input_tokens": 8, "output_tokens": 1}],
            },
            "input_tokens with its cache is 9, .* 8",
        ),
    ],
)
def test_a_total_that_contradicts_its_parts_is_an_error_with_both_numbers(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(TokError, match=said) as error:
        adapt(raw)
    assert error.value.code == "inconsistent-usage"


def test_a_cache_left_out_of_the_input_is_an_error() -> None:
    # Where a library writes Anthropic's input, which excludes the cache, under the name that includes it.
    usage = adapt({"gen_ai.usage.input_tokens": 3, "gen_ai.usage.cache_read.input_tokens": 6000}).usage
    with pytest.raises(TokError, match="cache_read_tokens 6000 is more than input_tokens 3"):
        checked(usage)


def test_another_models_iteration_is_not_priced_as_this_ones() -> None:
    advisor = {"type": "advisor_message", "model": "claude-opus-5-5", "input_tokens": 9, "output_tokens": 9}
    with pytest.raises(TokError, match="ran on claude-opus-5-5"):
        adapt({"input_tokens": 1, "output_tokens": 1, "cache_creation": {}, "iterations": [advisor]})


@pytest.mark.parametrize(("model", "searches"), [("gemini-2.5-pro", 1), ("gemini-3.5-flash-lite", 2)])
def test_grounding_is_billed_by_the_query_from_gemini_3_on(model: str, searches: int) -> None:
    grounded = [{"groundingMetadata": {"webSearchQueries": ["a", "b"]}}]
    raw = {"candidates": grounded, "modelVersion": model, "usageMetadata": {"promptTokenCount": 1}}
    assert adapt(raw).usage["web_searches"] == searches


def test_a_row_wins_over_the_response_in_it() -> None:
    usage = {"prompt_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 0}, "service_tier": "flex"}
    row = {"id": 7, "provider": "azure", "model": "gpt-6-sol", "usage": usage, "at": "2026-11-22T20:00:00+08:00"}
    found = adapt(row | {"options": {"service_tier": "priority", "period_used": {"web_search": 4}}})
    assert (found.id, found.provider, found.model, found.at) == ("7", "azure", "gpt-6-sol", 1795348800)
    assert found.selectors == Selectors(service_tier="priority", period_used={"web_search": 4})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2026-11-22", 1795305600),
        ("2026-11-22T12:00:00Z", 1795348800),
        ("2026-11-22T12:00:00.999Z", 1795348800),
        ("2026-11-22 20:00+08:00", 1795348800),
        (1795348800, 1795348800),
        (1795348800999, 1795348800),
        (Decimal("1795348800.5"), 1795348800),
    ],
)
def test_instants_are_read_as_logs_write_them(value: object, seconds: int) -> None:
    assert adapt({"usage": {"input_tokens": 1}, "at": value}).at == seconds


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"at": "2026-11-22T12:00:00"}, "bad-instant"),
        ({"at": "yesterday"}, "bad-instant"),
        ({"at": -1}, "bad-instant"),
        ({"at": True}, "bad-instant"),
        ({"options": {"bacth": True}}, "bad-option"),
        ({"options": {"batch": 1}}, "bad-option"),
        ({"options": {"region": 3}}, "bad-option"),
        ({"options": {"cache_mode": "both"}}, "bad-option"),
        ({"options": {"contract_multiplier": "cheap"}}, "bad-option"),
        ({"options": {"contract_multiplier": 0.9}}, "bad-option"),
        ({"options": {"period_used": {"web_search": -1}}}, "bad-option"),
        ({"options": [1]}, "bad-option"),
        ({"batch": True}, "bad-option"),
        ({"usage": {}}, "bad-usage"),
        ({"usage": [1]}, "bad-usage"),
        ({"usage": {"tokens_of_a_kind": 1}}, "unknown-usage"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error(row: dict[str, Any], code: str) -> None:
    with pytest.raises(TokError) as error:
        checked(adapt({"usage": {"input_tokens": 1}} | row).usage)
    assert error.value.code == code


@pytest.mark.parametrize("raw", [{"prompt_tokens": True}, {"prompt_tokens": 1.5}, {"prompt_tokens": "9"}])
def test_counts_are_whole_numbers(raw: dict[str, Any]) -> None:
    with pytest.raises(TokError, match="whole number"):
        adapt(raw)


def test_what_is_no_usage_at_all_says_what_is_read() -> None:
    with pytest.raises(TokError, match="keys foo") as error:
        adapt({"foo": 3})
    assert "usage" in error.value.hint
