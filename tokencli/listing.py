"""Which models there are: those that cards price and those that the catalog counts, with what is known of each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from tokencli import catalog
from tokencli.errors import TokError
from tokencli.model.cost import Selectors
from tokencli.model.listing import ListedModel, ModelsReport
from tokencli.model.rates import PricedModel
from tokencli.rates import Cards
from tokencli.rates.effective import Facts, Price, covering, effective
from tokencli.rates.encodings import column_of
from tokencli.rates.makers import maker_of, own
from tokencli.rates.precedence import is_imported


class Wanted(NamedTuple):
    """What models must be to be listed; empty and None ask nothing. Words fit anywhere, in any case.

    `everybody` takes models at those too who did not make them, as does a `provider`; `max_input` is in the currency
    of the card.
    """

    words: tuple[str, ...] = ()
    provider: str = ""
    maker: str = ""
    currency: str = ""
    max_input: Decimal | None = None
    min_window: int | None = None
    exact: bool = False
    priced: bool = False
    retired: Literal["no", "only", "all"] = "no"
    everybody: bool = False


def models(cards: Cards, wanted: Wanted, at: int, day: str) -> ModelsReport:
    """The models that are wanted, sorted by provider and name, those without a price last; `day` is that of `at`.

    Without `everybody` a model is listed where its maker sells it, or, where no maker does, nowhere but in `left_out`.
    """
    found: list[ListedModel] = []
    left_out = 0
    sellers = cards.providers(wanted.provider) if wanted.provider else None
    for model in cards.models():
        if sellers is not None and model.card.provider not in sellers:
            continue
        listed = _priced(model, at)
        if not _fits(listed, wanted, day):
            continue
        if wanted.everybody or wanted.provider or at_home(model):
            found.append(listed)
        else:
            left_out += 1
    found += [model for model in _unpriced(cards) if sellers is None and _fits(model, wanted, day)]
    return ModelsReport(tuple(found), at, left_out)


def at_home(model: PricedModel) -> bool:
    """Whether a model is shown where no seller was asked for: at its maker, or in a card of one's own, unless that was
    imported: public data list a model at everybody who sells it, wherever the cards made of them lie."""
    written = model.card.origin != "bundled" and not is_imported(model.card.origin)
    return written or own(model.card, model)


def _priced(model: PricedModel, at: int) -> ListedModel:
    """A model with its prices for text at an instant; none where the card has none for then."""
    column = column_of(model)
    known = catalog.maker(column.model or "") if column else ""
    listed = ListedModel(
        provider=model.card.provider,
        id=model.id,
        maker=known or (maker_of(model.card.provider) if own(model.card, model) else ""),
        encoding=column.encoding if column else None,
        method=column.method if column else None,
        window=model.context_window or (column.window if column else None),
        max_output=model.max_output,
        currency=model.card.currency,
        cache_minimum=model.cache.min_tokens,
        deprecated=model.deprecated,
        retires=model.retires,
    )
    try:
        segment = covering(model, at)
    except TokError:
        return listed
    rates = effective(model, segment, Facts(Selectors(), at, 0, 0)).rates
    return listed._replace(
        input=_amount(rates.get("input") or rates.get("input_text")),
        output=_amount(rates.get("output") or rates.get("output_text")),
        cache_read=_amount(rates.get("cache_read")),
        confidence=segment.confidence,
    )


def _amount(price: Price | None) -> Fraction | None:
    return None if price is None else price.amount


def _unpriced(cards: Cards) -> Iterator[ListedModel]:
    """The models of the catalog that no card names, by their id or an alias."""
    sold = {name.lower() for model in cards.models() for name in (model.id, *model.aliases)}
    for model in catalog.models():
        if not sold & {model.id, *model.aliases}:
            yield ListedModel("", model.id, model.maker, model.encoding, model.method, model.window, model.output)


def _fits(model: ListedModel, wanted: Wanted, day: str) -> bool:
    retired = bool(model.retires) and model.retires[:10] <= day
    return (
        all(word.lower() in model.name.lower() for word in wanted.words)
        and wanted.maker in ("", model.maker)
        and wanted.currency in ("", model.currency)
        and (not wanted.priced or model.currency != "")
        and (wanted.max_input is None or (model.input is not None and model.input <= Fraction(wanted.max_input)))
        and (wanted.min_window is None or (model.window or 0) >= wanted.min_window)
        and (not wanted.exact or model.method == "exact")
        and (wanted.retired == "all" or retired == (wanted.retired == "only"))
    )
