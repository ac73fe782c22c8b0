"""Model names resolve whole or not at all, and every row of the catalog is sound."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tokencli import catalog
from tokencli.errors import ExitCode, TokError
from tokencli.model import METHODS

ENCODINGS = {
    *("r50k_base", "p50k_base", "cl100k_base", "o200k_base", "o200k_harmony"),
    *("qwen2", "qwen3.5", "deepseek-v3", "deepseek-v4", "glm-4", "glm-4.7", "kimi-k2", "tekken", "minimax"),
    *("gemma3", "gemma4", "claude-3", "claude-4.7", "claude-4.8", "claude-legacy", "llama3", "llama4"),
}

# The models people use most, with the encoding that the named source gives (tiktoken/model.py, the table of ctok's
# README, ...), or the proxy and "estimate" where no source names the model.
FLAGSHIPS = [
    ("gpt-6-astra", "o200k_base", "estimate"),
    ("gpt-6.1-sol", "o200k_base", "estimate"),
    ("gpt-6.1-terra", "o200k_base", "estimate"),
    ("gpt-6-sol", "o200k_base", "estimate"),
    ("gpt-6-luna", "o200k_base", "estimate"),
    ("gpt-5.6-sol", "o200k_base", "exact"),
    ("gpt-5.6-terra", "o200k_base", "exact"),
    ("gpt-5.5", "o200k_base", "exact"),
    ("gpt-5.4-mini", "o200k_base", "exact"),
    ("claude-fable-5-1", "claude-4.8", "estimate"),
    ("claude-opus-5-5", "claude-4.8", "estimate"),
    ("claude-sonnet-5-5", "claude-4.8", "estimate"),
    ("claude-haiku-5-5", "claude-4.8", "estimate"),
    ("claude-haiku-4-5", "claude-3", "reconstructed"),
    ("gemini-4-argon", "gemma4", "estimate"),
    ("gemini-3.1-pro-preview", "gemma4", "vendor-local"),
    ("gemini-3.8-flash", "gemma4", "estimate"),
    ("gemini-3.5-flash-lite", "gemma4", "estimate"),
    ("gemini-2.5-pro", "gemma3", "vendor-local"),
    ("deepseek-v4-pro", "deepseek-v4", "exact"),
    ("deepseek-v4-flash", "deepseek-v4", "exact"),
    ("kimi-k3", "kimi-k2", "exact"),
    ("kimi-k3.1-pro", "kimi-k2", "estimate"),
    ("glm-5.3", "glm-4.7", "estimate"),
    ("glm-4.7", "glm-4.7", "exact"),
    ("qwen3.8-max", "qwen3.5", "estimate"),
    ("qwen3.7-max", "qwen3.5", "estimate"),
    ("qwen3.7-plus", "qwen3.5", "estimate"),
    ("qwen3.8-flash", "qwen3.5", "estimate"),
    ("qwen-plus", "qwen2", "vendor-local"),
    ("qwen3-max", "qwen2", "exact"),
    ("qwen3.5-plus", "qwen3.5", "exact"),
    ("ernie-5.1", "kimi-k2", "estimate"),
    ("ernie-4.5-turbo-128k", "kimi-k2", "estimate"),
    ("hy3", "kimi-k2", "estimate"),
    ("doubao-seed-2.1-pro", "kimi-k2", "estimate"),
    ("doubao-seed-2.0-pro", "kimi-k2", "estimate"),
    ("mistral-large-4", "tekken", "estimate"),
    ("mistral-medium-latest", "tekken", "estimate"),
    ("grok-4.7", "o200k_base", "estimate"),
    ("muse-wonder-1.0", "o200k_base", "estimate"),
    ("muse-spark-1.3", "o200k_base", "estimate"),
    ("openai/gpt-oss-120b", "o200k_harmony", "exact"),
    ("Llama-3.3-70B", "llama3", "exact"),
    ("minimax-m3", "minimax", "exact"),
]


@pytest.mark.parametrize(("name", "encoding", "method"), FLAGSHIPS)
def test_every_flagship_resolves_to_its_encoding_and_says_how_sure_that_is(
    name: str, encoding: str, method: str
) -> None:
    column = catalog.resolve(name)
    assert (column.encoding, column.method) == (encoding, method)
    assert column.window is not None
    assert column.proxy == (encoding if method == "estimate" else None)


def test_no_id_and_no_alias_stands_twice() -> None:
    names = Counter(name for model in catalog.models() for name in (model.id, *model.aliases))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_name_is_lower_case_and_every_alias_points_into_its_own_group() -> None:
    for group in _groups():
        assert all(name == name.lower() for name in (*group["models"], *group.get("aliases", {})))
        assert set(group.get("aliases", {}).values()) <= set(group["models"])


def test_every_group_has_known_keys_a_maker_a_source_and_either_an_encoding_or_a_proxy() -> None:
    known = {"maker", "encoding", "method", "proxy", "window", "output", "source", "note", "models", "aliases"}
    data = _data()
    for group in data["group"]:
        assert set(group) <= known
        assert group["maker"] in data["makers"]
        assert group["source"] in data["sources"]
        assert ("proxy" in group) == (group["source"] == "none")
        assert ("proxy" in group) != ("encoding" in group and group["method"] in METHODS)


def test_every_encoding_is_one_the_program_has() -> None:
    assert {model.encoding for model in catalog.models()} <= ENCODINGS


def test_no_proxy_needs_an_extra() -> None:
    proxies = {model.encoding for model in catalog.models() if model.method == "estimate"}
    assert not proxies & {"llama3", "llama4"}


def test_claude_is_never_called_exact_after_its_tokenizer_was_withdrawn() -> None:
    assert {model.encoding for model in catalog.models() if model.maker == "anthropic" and model.method == "exact"} == {
        "claude-legacy"
    }


@pytest.mark.parametrize(
    "name",
    [
        "GPT-4o",
        "openai/gpt-4o",
        "openai:gpt-4o",
        "azure/gpt-4o",
        "openrouter/openai/gpt-4o",
        "ft:gpt-4o",
        " gpt-4o ",
    ],
)
def test_case_and_provider_prefixes_do_not_change_the_model(name: str) -> None:
    assert catalog.resolve(name).model == "gpt-4o"
    assert catalog.resolve(name).note == ""


@pytest.mark.parametrize(
    ("name", "model", "date"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o", "2024-08-06"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5", "2025-10-01"),
        ("vertex_ai/claude-haiku-4-5@20251001", "claude-haiku-4-5", "2025-10-01"),
        ("anthropic:claude-3-5-sonnet-20241022", "claude-3-5-sonnet", "2024-10-22"),
        ("gpt-5-chat-2025-08-07", "gpt-5-chat-latest", "2025-08-07"),
    ],
)
def test_a_dated_snapshot_is_counted_as_its_model_and_says_so(name: str, model: str, date: str) -> None:
    column = catalog.resolve(name)
    assert column.model == model
    assert column.note == f"{name}: counted as {model} (snapshot {date})"


def test_an_alias_says_whose_name_it_is() -> None:
    assert catalog.resolve("gpt-35-turbo").note == "gpt-35-turbo: counted as gpt-3.5-turbo"


def test_a_note_of_the_catalog_reaches_the_column() -> None:
    assert "blanks at the end" in catalog.resolve("claude-opus-5").note
    note = catalog.resolve("claude-opus-5-20260701").note
    assert note.startswith("claude-opus-5-20260701: counted as claude-opus-5 (snapshot 2026-07-01); ")


@pytest.mark.parametrize(
    "name",
    [
        "gpt-9",
        "gpt-4o-turbo",  # a longer name than a known one
        "gpt-4-0101",  # -MMDD is not a date suffix
        "gpt-4-20241301",  # no thirteenth month
        "gpt-4-2024-08-06-preview",
        "xgpt-4",
        "anthropic/gpt-4",  # a prefix of another maker
        "nowhere/gpt-4",  # an unknown prefix
        "llama",
        "",
        "/",
        "openai/",
    ],
)
def test_an_unknown_name_is_an_error_never_a_guess(name: str) -> None:
    with pytest.raises(TokError) as caught:
        catalog.resolve(name)
    assert caught.value.code == "unknown-model"
    assert caught.value.exit == ExitCode.DATA
    assert caught.value.message == f"unknown model '{name}'"
    assert "tok count -e ENCODING" in caught.value.hint


def test_an_unknown_name_names_the_nearest_ones() -> None:
    with pytest.raises(TokError) as caught:
        catalog.resolve("claude-sonet-4-5")
    assert "claude-sonnet-4-5" in caught.value.hint


def test_openai_models_called_exact_have_the_encoding_of_tiktokens_own_table() -> None:
    tiktoken = pytest.importorskip("tiktoken.model")
    same = {"p50k_edit": "p50k_base", "gpt2": "r50k_base"}
    checked = 0
    for model in catalog.models():
        if model.source == "tiktoken":
            theirs = tiktoken.encoding_name_for_model(model.id)
            assert same.get(theirs, theirs) == model.encoding, model.id
            checked += 1
    assert checked > 70


def _data() -> dict[str, Any]:
    return tomllib.loads(Path(catalog.__file__).with_name("catalog.toml").read_text("utf-8"))


def _groups() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = _data()["group"]
    return groups


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("gpt-4o-2024-13-45", "gpt-4o"),
        ("gpt-4o-20241345", "gpt-4o"),
        ("openai/o3-2025-99-99", "o3"),
        ("gemini-2.5-pro-002", "gemini-2.5-pro"),
        ("gtp-4o", "gpt-4o"),
    ],
)
def test_a_date_that_does_not_exist_leaves_the_name_to_be_suggested(name: str, nearest: str) -> None:
    with pytest.raises(TokError) as caught:
        catalog.resolve(name)
    assert caught.value.hint.startswith(f"nearest: {nearest}")
