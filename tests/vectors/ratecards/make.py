"""Make the cards of ratecards/imported again, from the data of genai-prices and litellm, and the ids for the tests.

    python tests/vectors/ratecards/make.py GENAI_PRICES LITELLM --retrieved DAY

The two are the wheels of the packages (`pip download --no-deps genai-prices==0.2.3 litellm==1.109.1`) or their JSON
files. Printed is what was written, and what was left out and why. The cards of ratecards itself always win.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tokencli.model.rates import Card, Override, PricedModel, Segment, Source
from tokencli.rates.importing import Imported, convert, names, opening, writing
from tokencli.rates.importing.genai_prices import equals
from tokencli.rates.importing.litellm import INSIDE, NO_MODELS, split
from tokencli.rates.read import instant

IDS = Path(__file__).with_name("ids.json")
CARDS = Path(__file__).parents[3] / "ratecards/imported"

FIRST_PARTY = frozenset(
    """
    ai21 alibaba amazon-nova anthropic assemblyai black_forest_labs codestral cognition cohere deepgram deepseek
    elevenlabs google gigachat inception jina_ai meta meta_llama minimax mistral moonshot morph openai perplexity
    recraft runwayml sarvam soniox stability typesafe v0 vertex volcengine voyageai xai xiaomi_mimo zai zhipu
    """.split()  # noqa: SIM905 - thirty-seven quotes say less
)
"""Providers of litellm's data, by the name of their card, that sell their own models."""

CLOUDS = frozenset({"azure", "azure-ai", "bedrock", "bedrock_mantle", "cerebras", "groq", "tencent-intl", "together"})
"""Providers of litellm's data that sell the models of others and ship too; of further resellers the data of
genai-prices has more, and history. `tok rates import --from litellm` makes a card of any."""

MODES = frozenset({"chat", "responses", "completion", "embedding", "image_generation", "image_edit"})

LITELLM_RIGHT: Mapping[str, str] = {
    "mistral": r"magistral-(?:medium|small)-latest|mistral-large-latest|mistral-medium",
    "xai": r"grok-code-fast.*",
    "bedrock": r"(?:eu|apac|us-gov)\..*nova.*|us-gov\..*",
}
"""Names that an old entry of genai-prices swallows or that it prices as in another region, by provider.

From a comparison of both sets with the pages of the providers, 2026-11-20.
"""

REGIONAL = re.compile(r"(?!global\.)(?:[a-z]{2,4}\.)?(?:anthropic\.claude|openai\.gpt-[56])[^/]*")
"""Names of Bedrock that are served in one region at 1.1 times the global price, which litellm gives at the global
price where they bear no prefix (issue 42679 of litellm); genai-prices has them as AWS lists them."""


def main() -> None:
    """Write the cards and the list of ids."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("genai_prices", type=Path)
    parser.add_argument("litellm", type=Path)
    parser.add_argument("--retrieved", required=True, metavar="DAY")
    given = parser.parse_args()
    theirs = convert("genai-prices", given.genai_prices.read_bytes(), given.genai_prices.name, given.retrieved)
    others = convert("litellm", given.litellm.read_bytes(), given.litellm.name, given.retrieved)
    clauses = _clauses(given.genai_prices)
    CARDS.mkdir(exist_ok=True)
    for old in CARDS.glob("*.yaml"):
        old.unlink()
    size = 0
    for card in map(_believable, _merged(theirs, others, clauses, instant(given.retrieved))):
        text = writing.text(card)
        size += len(text.encode())
        (CARDS / f"{card.head.provider}.yaml").write_text(text, encoding="utf-8", newline="\n")
        print(f"{card.head.provider:<28} {len(card.models):>5} models {len(text.encode()):>9,} bytes")
    print(f"{size:,} bytes in all")
    _say(theirs, others)
    IDS.write_text(_ids((given.genai_prices, given.litellm), (theirs, others)), encoding="utf-8", newline="\n")


def _believable(card: Card) -> Card:
    """A card without models whose read from the cache costs more than the input: one of the two is wrong."""
    kept = []
    for model in card.models:
        if any("input" in one.rates and one.rates.get("cache_read", 0) > one.rates["input"] for one in model.prices):
            print(f"left out {card.head.provider}/{model.id}: a read from the cache costs more than the input")
        else:
            kept.append(model)
    return card._replace(models=tuple(kept))


def _merged(
    theirs: Imported, others: Imported, clauses: Mapping[str, list[tuple[str, Any]]], now: int
) -> Iterator[Card]:
    """One card for each provider: genai-prices with its history, and what only litellm has."""
    dated = {card.head.provider: card for card in theirs.cards}
    flat = {card.head.provider: card for card in others.cards if card.head.provider in FIRST_PARTY | CLOUDS}
    for provider in sorted(dated.keys() | flat.keys()):
        if provider in dated and provider in flat:
            yield _joined(dated[provider], flat[provider], clauses.get(provider, []), now)
        else:
            yield _sorted(dated.get(provider) or flat[provider])


def _joined(dated: Card, flat: Card, clauses: list[tuple[str, Any]], now: int) -> Card:
    provider = dated.head.provider
    swallowed = re.compile(LITELLM_RIGHT.get(provider, r"(?!)"))
    models = {
        model.id.lower(): _without(model, swallowed) for model in dated.models if not swallowed.fullmatch(model.id)
    }
    taken = {name.lower(): model.id.lower() for model in models.values() for name in (model.id, *model.aliases)}
    for model in flat.models:
        # Where the data of litellm is right about a name, it stands for itself.
        owner = taken.get(model.id.lower())
        if (
            owner is None
            and provider == "bedrock"
            and REGIONAL.fullmatch(model.id)
            and not swallowed.fullmatch(model.id)
        ):
            owner = next(
                (one.lower() for one, clause in clauses if one.lower() in models and _fits(clause, model.id)), None
            )
            if owner is not None:
                models[owner] = models[owner]._replace(aliases=(*models[owner].aliases, model.id))
        if owner is None:
            models[model.id.lower()] = model
        else:
            models[owner] = _richer(models[owner], model, now)
    windows = {**dated.head.windows, **flat.head.windows}
    head = dated.head._replace(
        name=names.TITLES.get(provider, dated.head.name),
        aliases=tuple(dict.fromkeys((*dated.head.aliases, *flat.head.aliases))),
        windows=windows,
        sources=(*dated.head.sources, *flat.head.sources),
    )
    return _sorted(Card(head, tuple(models.values())))


def _without(model: PricedModel, swallowed: re.Pattern[str]) -> PricedModel:
    return model._replace(aliases=tuple(one for one in model.aliases if not swallowed.fullmatch(one)))


def _richer(model: PricedModel, other: PricedModel, now: int) -> PricedModel:
    """A model with the limits that only the other data set has, and the rows for batches, tiers and regions where both
    agree on the prices of today."""
    return model._replace(
        context_window=model.context_window or other.context_window,
        max_output=model.max_output or other.max_output,
        cache=other.cache if model.cache.min_tokens is None else model.cache,
        retires=(other.retires if model.id.lower() == other.id.lower() else "") or model.retires,
        prices=tuple(_fuller(one, other.prices[0]) if _holds(one, now) else one for one in model.prices),
    )


def _holds(one: Segment, now: int) -> bool:
    return (one.start is None or one.start <= now) and (one.end is None or now < one.end)


def _fuller(mine: Segment, other: Segment) -> Segment:
    shared = mine.rates.keys() & other.rates.keys()
    if not {"input", "output"} <= shared or any(mine.rates[key] != other.rates[key] for key in shared):
        return mine
    known = set().union(*map(_tiers, mine.overrides))
    sizes = {None, *(row.when.input_tokens for row in mine.overrides)}
    rows = (row for row in other.overrides if row.when.input_tokens in sizes)
    missing = [row for row in rows if _tiers(row) and not known & _tiers(row)]
    return mine._replace(overrides=(*mine.overrides, *missing))


def _tiers(row: Override) -> set[str]:
    """What a row is for besides sizes of input: a batch, tiers of service, speeds, regions."""
    return {*(["batch"] if row.when.batch else []), *row.when.service_tier, *row.when.speed, *row.when.region}


def _sorted(card: Card) -> Card:
    """A card with its models in order, and its sources at most one a page."""
    seen: dict[tuple[str, str], Source] = {}
    for one in card.head.sources:
        seen.setdefault((one.url, one.via), one)
    head = card.head._replace(sources=tuple(seen.values()))
    return Card(head, tuple(sorted(card.models, key=lambda model: model.id.lower())))


def _clauses(path: Path) -> dict[str, list[tuple[str, Any]]]:
    """Of each provider of genai-prices by its card: the ids, each with what its match clause accepts."""
    return {
        names.card_name(entry["id"]): [(model["id"], model["match"]) for model in entry["models"]]
        for entry in _entries(path)
    }


def _entries(path: Path) -> list[Any]:
    data, version = opening.member(path.read_bytes(), "genai_prices/data.py", path.name)
    value = opening.literals(data, "providers", path.name) if version else opening.loaded(data, path.name)
    return value["providers"] if isinstance(value, dict) else value


def _fits(clause: Mapping[str, Any], name: str) -> bool:
    """Whether a match clause of genai-prices accepts a name (types.py, is_match)."""
    (kind, told), *_ = clause.items()
    text = name.lower()
    if kind in ("or", "and"):
        return (any if kind == "or" else all)(_fits(one, name) for one in told)
    tests = {
        "equals": lambda: text == told.lower(),
        "starts_with": lambda: text.startswith(told.lower()),
        "ends_with": lambda: text.endswith(told.lower()),
        "contains": lambda: told.lower() in text,
        "regex": lambda: re.search(told, text) is not None,
    }
    return tests[kind]()


def _say(*imported: Imported) -> None:
    """Print what is left out or rounded, by reason."""
    count = Counter(
        (one.kind, one.what, re.sub(r"\d[\d.]*", "N", one.reason)) for each in imported for one in each.remarks
    )
    for (kind, what, reason), number in count.most_common():
        print(f"{kind} {number:>5} x {what}: {reason}")


def _ids(given: tuple[Path, Path], imported: tuple[Imported, Imported]) -> str:
    """The ids of both data sets, by provider of the card, those for which the data has no price apart."""
    theirs: dict[str, dict[str, list[str]]] = {}
    known = _priced(imported[0])
    for entry in _entries(given[0]):
        provider = names.card_name(entry["id"])
        for model in entry["models"]:
            kind = _kind(model["id"], provider, entry["id"], known)
            theirs.setdefault(provider, {}).setdefault(kind, []).extend((model["id"], *equals(model["match"])))
    others: dict[str, dict[str, dict[str, list[str]]]] = {"first-party": {}, "clouds": {}}
    known = _priced(imported[1])
    for key, entry in opening.loaded(opening.member(given[1].read_bytes(), INSIDE, "")[0], "").items():
        told = entry.get("litellm_provider", "")
        provider = names.card_name(told)
        if key not in NO_MODELS and entry.get("mode") in MODES and provider in FIRST_PARTY | CLOUDS:
            group = others["first-party" if provider in FIRST_PARTY else "clouds"]
            kind = _kind(split(key, provider)[1], provider, told, known)
            group.setdefault(provider, {}).setdefault(kind, []).append(key)
    sets = {"genai-prices 0.2.3": theirs, **{f"litellm 1.109.1, {kind}": told for kind, told in others.items()}}
    about = (
        "Ids (and names that match clauses equal) of genai-prices 0.2.3, and of the chat, embedding and image models "
        "of litellm 1.109.1, by the provider of their card; `unpriced` are those for which the data has no price, or 0 "
        "for everything. Both MIT, see NOTICE. Made by tests/vectors/ratecards/make.py."
    )
    lines = [f'{{"about": {json.dumps(about)},', '"sets": {']
    for number, (title, providers) in enumerate(sets.items()):
        rows = ",\n".join(
            f"{json.dumps(one)}: {json.dumps({kind: sorted(set(ids)) for kind, ids in sorted(told.items())})}"
            for one, told in sorted(providers.items())
        )
        lines.append(f"{json.dumps(title)}: {{\n{rows}\n}}{',' if number + 1 < len(sets) else ''}")
    return "\n".join([*lines, "}}"]) + "\n"


def _priced(imported: Imported) -> set[tuple[str, str]]:
    return {(card.head.provider, model.id.lower()) for card in imported.cards for model in card.models}


def _kind(model: str, provider: str, told: str, known: set[tuple[str, str]]) -> str:
    return "priced" if (provider, model.lower()) in known or told in names.CONVERTED else "unpriced"


if __name__ == "__main__":
    main()
