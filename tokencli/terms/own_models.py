"""Models of one's own in the settings: self-hosted ones, or prices that no card has, as a card of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tokencli.model.rates import Card, CardHead, PricedModel, Segment, Source
from tokencli.rates.units import RATES
from tokencli.terms.read import Entry, entries

if TYPE_CHECKING:
    from tokencli.config import File

TABLE = "own_models"


class OwnModel(NamedTuple):
    """A model with its prices, and the encoding that counts for it ("" where the catalog knows)."""

    model: PricedModel
    encoding: str


def read(files: Sequence[File]) -> list[OwnModel]:
    """The models in all settings files; of two with one name the nearest file's stands.

    TokError (usage) names the file, the line and the key.
    """
    found: dict[tuple[str, str], OwnModel] = {}
    for file in files:
        for entry in entries(file, TABLE):
            own = _model(entry)
            found.setdefault((own.model.card.provider, own.model.id.lower()), own)
    return list(found.values())


def cards(models: Sequence[OwnModel]) -> list[Card]:
    """The models as cards, one for each provider and currency."""
    heads: dict[tuple[str, str], list[PricedModel]] = {}
    for own in models:
        heads.setdefault((own.model.card.provider, own.model.card.currency), []).append(own.model)
    return [
        Card(priced[0].card, tuple(each._replace(card=priced[0].card) for each in priced)) for priced in heads.values()
    ]


def _model(entry: Entry) -> OwnModel:
    rates: dict[str, Decimal] = {}
    for key in sorted(RATES):
        rate = entry.rate(key)
        if rate is not None:
            rates[key] = rate
    if not rates:
        entry.wrong("has no price", "input = 0.1, output = 0.4 (per 1,000,000 tokens; 0 where it is free)")
    head = CardHead(
        provider=entry.text("provider", "own").lower(),
        currency=entry.currency(),
        sources=(Source(entry.where, entry.day("checked"), "settings"),),
        origin=entry.where,
    )
    segment = Segment(rates=rates, checked=entry.day("checked"), sources=head.sources, confidence="confirmed")
    name = entry.text("id", needed=True)
    model = PricedModel(head, name, (segment,), context_window=entry.whole("context_window"), note=entry.text("note"))
    return OwnModel(model, entry.text("encoding"))
