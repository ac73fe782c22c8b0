"""Cards of one folder side by side: what a person wrote comes before what was imported."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from tokencli.model.rates import Card, PricedModel
from tokencli.rates.names import undated

IMPORTED = "imported"
"""The folder in a folder of cards whose cards stand back: a name that a card beside it prices is priced by that one."""


def is_imported(path: str) -> bool:
    """Whether a card lies in a folder of imported cards."""
    return os.path.basename(os.path.dirname(path)) == IMPORTED


def settled(cards: Sequence[tuple[Card, bool]]) -> list[Card]:
    """Cards, some of them imported (true), without what imported ones say of names that the others price.

    An imported model whose id is taken goes, and its free aliases become names of the model that has taken it: that
    they mean the same is what was imported. Another loses the aliases that are taken. A name with the date of a
    snapshot is taken by the model without it, unless that one says `snapshots: none`.
    """
    taken: dict[tuple[str, str], PricedModel] = {}
    for card, imported in cards:
        for model in () if imported else card.models:
            for name in (model.id, *model.aliases):
                taken[card.head.provider, name.lower()] = model
    lent: dict[tuple[str, str], list[str]] = {}
    kept = [_free(card, taken, lent) if imported else card for card, imported in cards]
    return [card if imported else _richer(card, lent) for card, (_, imported) in zip(kept, cards, strict=True)]


def _owner(taken: Mapping[tuple[str, str], PricedModel], provider: str, name: str) -> str:
    """The id of the model that prices a name at a provider, by itself or as a snapshot; "" where none does."""
    found = taken.get((provider, name.lower()))
    if found is None:
        bare, date = undated(name.lower())
        found = taken.get((provider, bare)) if date else None
        if found is not None and not found.snapshots:
            return ""
    return found.id if found is not None else ""


def _free(card: Card, taken: Mapping[tuple[str, str], PricedModel], lent: dict[tuple[str, str], list[str]]) -> Card:
    provider = card.head.provider
    models = []
    for model in card.models:
        free = tuple(one for one in model.aliases if not _owner(taken, provider, one))
        owner = _owner(taken, provider, model.id)
        if not owner:
            models.append(model if free == model.aliases else model._replace(aliases=free))
        else:
            lent.setdefault((provider, owner), []).extend(free)
    return Card(card.head, tuple(models))


def _richer(card: Card, lent: dict[tuple[str, str], list[str]]) -> Card:
    models = []
    for model in card.models:
        names = lent.get((card.head.provider, model.id), ())
        models.append(model._replace(aliases=(*model.aliases, *names)) if names else model)
    return Card(card.head, tuple(models))
