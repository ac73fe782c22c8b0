"""Cards of one folder side by side: what a person wrote comes before what was imported."""

from __future__ import annotations

import os
from collections.abc import Sequence

from tokencli.model.rates import Card

IMPORTED = "imported"
"""The folder in a folder of cards whose cards stand back: a name that a card beside it prices is priced by that one."""


def is_imported(path: str) -> bool:
    """Whether a card lies in a folder of imported cards."""
    return os.path.basename(os.path.dirname(path)) == IMPORTED


def settled(cards: Sequence[tuple[Card, bool]]) -> list[Card]:
    """Cards, some of them imported (true), without what imported ones say of names that the others price.

    An imported model whose id is taken goes, and its free aliases become names of the model that has taken it: that
    they mean the same is what was imported. Another loses the aliases that are taken.
    """
    taken: dict[tuple[str, str], str] = {}
    for card, imported in cards:
        for model in () if imported else card.models:
            for name in (model.id, *model.aliases):
                taken[card.head.provider, name.lower()] = model.id
    lent: dict[tuple[str, str], list[str]] = {}
    kept = [_free(card, taken, lent) if imported else card for card, imported in cards]
    return [card if imported else _richer(card, lent) for card, (_, imported) in zip(kept, cards, strict=True)]


def _free(card: Card, taken: dict[tuple[str, str], str], lent: dict[tuple[str, str], list[str]]) -> Card:
    provider = card.head.provider
    models = []
    for model in card.models:
        free = tuple(one for one in model.aliases if (provider, one.lower()) not in taken)
        owner = taken.get((provider, model.id.lower()))
        if owner is None:
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
