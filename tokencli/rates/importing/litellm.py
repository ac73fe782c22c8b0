"""Cards of litellm (MIT, github.com/BerriAI/litellm): its model_prices_and_context_window.json, or its wheel.

The data holds the prices of the day and no history. What one entry says is read in `litellm_prices`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from tokencli.model.rates import CacheRules, Card, CardHead, PricedModel, Source, Window
from tokencli.rates.importing import Imported, Provenance, Remark, names, opening
from tokencli.rates.importing.litellm_entry import Entry
from tokencli.rates.importing.litellm_prices import Prices

INSIDE = "litellm/model_prices_and_context_window_backup.json"
"""Where the wheel has the data."""

URL = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json"

NO_MODELS = frozenset({"sample_spec", "fallback_generalizations"})


def cards_of(data: bytes, name: str, retrieved: str, providers: tuple[str, ...]) -> Imported:
    """See `tokencli.rates.importing.convert`."""
    content, version = opening.member(data, INSIDE, name)
    value = opening.loaded(content, name)
    if not isinstance(value, dict) or not any(
        isinstance(one, dict) and "litellm_provider" in one for one in value.values()
    ):
        raise opening.refused(name, "no models of litellm", "take model_prices_and_context_window.json")
    origin = Provenance("litellm", version, hashlib.sha256(data).hexdigest(), retrieved)
    there: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for key, entry in value.items():
        if key not in NO_MODELS and isinstance(entry, dict) and isinstance(entry.get("litellm_provider"), str):
            there.setdefault(entry["litellm_provider"], []).append((key, entry))
    wanted = names.chosen(providers, there)
    remarks: list[Remark] = []
    together: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for told, entries in there.items():
        if told in wanted and told in names.CONVERTED and not providers:
            remarks.append(Remark("left out", names.card_name(told), "", "every price", names.CONVERTED[told]))
        elif told in wanted:
            together.setdefault(names.card_name(told), []).extend(entries)
    cards = [card for provider, entries in together.items() if (card := _card(provider, entries, origin, remarks))]
    return Imported(tuple(cards), tuple(remarks))


def _card(
    provider: str, entries: list[tuple[str, Mapping[str, Any]]], origin: Provenance, remarks: list[Remark]
) -> Card | None:
    windows: dict[str, Window] = {}
    prefixes: dict[str, None] = {}
    urls: dict[str, None] = {URL: None}
    found: dict[str, PricedModel] = {}
    head = CardHead(provider, "USD", names.TITLES.get(provider, provider), windows=windows)
    for key, entry in entries:
        prefix, name = split(key, provider)
        made = Prices(Entry(provider, name, entry, remarks), windows).segment()
        if made is None:
            continue
        if prefix and prefix != provider:
            prefixes[prefix] = None
        url = entry.get("source")
        if isinstance(url, str) and re.fullmatch(r"https?://[^\s\"\\]+", url):
            urls[url] = None
        model = _model(head, name, entry)._replace(prices=(made,))
        before = found.setdefault(name.lower(), model)
        if before.prices != model.prices:
            remarks.append(Remark("left out", provider, name, key, "an entry before it has other prices for this name"))
    if not found:
        return None
    head = head._replace(
        aliases=tuple(one for one in prefixes if re.fullmatch(r"[a-z0-9][a-z0-9._-]*", one)),
        sources=tuple(Source(url, origin.retrieved, origin.via) for url in urls),
    )
    return Card(head, tuple(model._replace(card=head) for model in found.values()))


def split(key: str, provider: str) -> tuple[str, str]:
    """A key of the data as the prefix that routes it ("" where it has none) and the name that its provider gives it."""
    prefix, slash, rest = key.partition("/")
    if slash and rest and names.card_name(prefix) == provider:
        return prefix, rest
    return "", key


def _model(head: CardHead, name: str, entry: Mapping[str, Any]) -> PricedModel:
    retires = entry.get("deprecation_date")
    return PricedModel(
        head,
        name,
        (),
        context_window=_count(entry.get("max_input_tokens")),
        max_output=_count(entry.get("max_output_tokens")),
        cache=CacheRules(min_tokens=_count(entry.get("prompt_cache_min_tokens"))),
        retires=retires if isinstance(retires, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", retires) else "",
    )


def _count(value: Any) -> int | None:
    return (
        int(value) if isinstance(value, int) or (value and not isinstance(value, str) and value == int(value)) else None
    )
