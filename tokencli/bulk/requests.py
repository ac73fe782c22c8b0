"""One row of usage: read, its model found, and priced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from json import JSONDecoder
from typing import Any, NamedTuple, Protocol

from tokencli.errors import TokError
from tokencli.model.cost import Cost, Selectors
from tokencli.model.rates import PricedModel
from tokencli.rates.names import dated
from tokencli.rates.pricing import price
from tokencli.usage import adapt
from tokencli.usage.adapted import Adapted

DECODER = JSONDecoder(parse_float=Decimal)

FOUND = 10_000
"""Names whose models are kept; a log has few."""


class Finder(Protocol):
    """Who knows the prices of models; see `tokencli.rates.cards.Cards`."""

    def find(self, name: str, provider: str = "") -> PricedModel: ...


class Defaults(NamedTuple):
    """What holds for rows that do not say it themselves: the instant (seconds since 1970 UTC), the model and its
    provider, and options by their names in a row. `discount` gives what a contract makes of a model's prices at an
    instant; a row with a multiplier of its own keeps that."""

    at: int
    model: str = ""
    provider: str = ""
    options: Mapping[str, Any] = {}
    discount: Callable[[PricedModel, int], Decimal | None] | None = None


class Pricer:
    """Prices rows one by one. Models are looked up once for each name, those that there are not as well."""

    def __init__(self, cards: Finder, defaults: Defaults) -> None:
        self.defaults = defaults
        self._cards = cards
        self._found: dict[tuple[str, str], PricedModel | TokError] = {}

    def adapted(self, row: Any) -> Adapted:
        """The request of a row, with the defaults filled in."""
        found = adapt(row, self.defaults.options)
        model, provider = found.model or self.defaults.model, found.provider
        if not model:
            hint = 'write "model" into the row, or give one for all rows with -m'
            raise TokError("the row names no model", hint=hint, code="unknown-model")
        if not row.get("provider"):
            # What a shape hints at gives way to what the user says, be it in front of the model's name.
            named = not found.model and "/" in model
            provider = self.defaults.provider or ("" if named else provider)
        return found._replace(model=model, provider=provider, at=self.defaults.at if found.at is None else found.at)

    def priced(self, request: Adapted, model: PricedModel) -> Cost:
        """The price of a request, with what its row and its name have to be said about."""
        at = self.defaults.at if request.at is None else request.at
        cost = price(model, request.usage, self.selectors(request, model, at), at)
        return cost._replace(notes=(*request.notes, *dated(request.model, model), *cost.notes))

    def selectors(self, request: Adapted, model: PricedModel, at: int) -> Selectors:
        """The selectors of a request, with the discount that its model has at an instant."""
        discount = self.defaults.discount
        if discount is None or request.selectors.contract_multiplier is not None:
            return request.selectors
        return request.selectors._replace(contract_multiplier=discount(model, at))

    def model(self, name: str, provider: str) -> PricedModel:
        """TokError `unknown-model`, `unknown-provider`, `ambiguous-model`."""
        key = (name, provider)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= FOUND:
                self._found.clear()
            try:
                found = self._cards.find(name, provider)
            except TokError as error:
                found = error
            self._found[key] = found
        if isinstance(found, TokError):
            raise found
        return found
