"""Which provider made the model that it sells: asked when the shipped cards are compiled, never when a price is."""

from __future__ import annotations

from collections.abc import Iterable

from tokencli import catalog
from tokencli.model.rates import Card, CardHead, PricedModel
from tokencli.rates.importing.names import SAME

REGIONS = ("-cn", "-intl", "-global", "-us", "-eu", "-sg")
"""Ends of a provider's id that tell one of its price regions from the others."""


def own(head: CardHead, model: PricedModel) -> bool:
    """Whether the provider is the maker: by the catalog; of a model that is not there, whether the provider is a maker
    that sells no models of others."""
    maker = maker_of(head.provider)
    names = (model.id, *model.aliases)
    known = next((one for one in map(catalog.maker, names) if one), "")
    if known:
        return maker == known
    return bool(maker) and not catalog.is_host(_region_less(head.provider))


def prefixes(cards: Iterable[Card]) -> dict[str, list[str]]:
    """What else leads to the providers that have cards: the catalog's prefixes of makers (`gemini` to `google`), and
    what the public data calls them (`fireworks_ai` to `fireworks`)."""
    providers = sorted({card.head.provider for card in cards})
    taken = {name for card in cards for name in (card.head.provider, *card.head.aliases)}
    found: dict[str, list[str]] = {}
    for prefix, maker in catalog.makers().items():
        ids = [provider for provider in providers if maker_of(provider) == maker]
        if ids and prefix not in taken:
            found[prefix] = ids
    for prefix, provider in SAME.items():
        if provider in providers and prefix not in taken:
            found.setdefault(prefix, [provider])
    return found


def maker_of(provider: str) -> str:
    """The catalog's maker behind a provider's id, in whichever region; "" where it is none."""
    return catalog.makers().get(_region_less(provider), "")


def _region_less(provider: str) -> str:
    end = next((region for region in REGIONS if provider.endswith(region)), "")
    return provider.removesuffix(end)
