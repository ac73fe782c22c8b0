"""Cards as sets: all of a file or folder, one for each provider, with the history of another set kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tokencli.errors import ExitCode, TokError
from tokencli.model.rates import Card, CardHead, PricedModel, Segment


def cards_at(path: str) -> list[Card]:
    """The cards of a file or folder, those written by a person before those in its folder `imported`, which stand back.

    TokError `no-card` where there is none, `card` for one that is wrong.
    """
    import os

    from tokencli.rates import layers, precedence
    from tokencli.rates.read import decoded, read_card

    files = layers.files_of(path) if os.path.exists(path) else []
    if not files:
        hint = "name a YAML file or a folder of them"
        raise TokError(f"no rate cards at {path}", hint=hint, code="no-card", exit=ExitCode.USAGE)
    read = [(read_card(decoded(data, name), name), precedence.is_imported(name)) for name, data in files]
    return precedence.settled(read)


def by_provider(cards: Iterable[Card]) -> dict[str, Card]:
    """Cards joined to one for each provider, in the order of the first; TokError `card` where currencies differ, or
    two price a model."""
    joined: dict[str, Card] = {}
    for card in cards:
        provider = card.head.provider
        joined[provider] = _joined(joined[provider], card) if provider in joined else card
    return joined


def _joined(one: Card, other: Card) -> Card:
    first, second = one.head, other.head
    clash = {
        name for name in first.windows.keys() & second.windows.keys() if first.windows[name] != second.windows[name]
    }
    if (first.currency, first.tax, first.slices) != (second.currency, second.tax, second.slices) or clash:
        message = f"{first.origin} and {second.origin}: two cards of {first.provider} that cannot be one"
        hint = f"they differ in {', '.join(sorted(clash)) or 'currency, tax or tier_mode'}; name one provider otherwise"
        raise TokError(message, hint=hint, code="card")
    ids = {model.id.lower() for model in one.models}
    twice = next((model.id for model in other.models if model.id.lower() in ids), "")
    if twice:
        message = f"{second.origin}: {second.provider}/{twice} is priced in {first.origin} too"
        raise TokError(message, hint="keep the model in one of the two cards", code="card")
    head = first._replace(
        aliases=tuple(dict.fromkeys((*first.aliases, *second.aliases))),
        windows={**first.windows, **second.windows},
        sources=tuple(dict.fromkeys((*first.sources, *second.sources))),
    )
    return Card(head, (*one.models, *other.models))


def keeping(old: Mapping[str, Card], new: Mapping[str, Card], now: int) -> dict[str, Card]:
    """New cards with what old ones of the same providers know of the past; `now` is in seconds since 1970 UTC.

    A price that the new set gives without any date holds from `now` on where it differs from the old one; where the new
    set gives dates, the old prices stay that hold before the first of them. A model that is gone keeps its prices, so
    that what was used can still be priced.
    """
    kept = {}
    for provider, card in new.items():
        before = _apart(old[provider], card.head) if provider in old else Card(card.head, ())
        past = {model.id.lower(): model for model in before.models}
        models = [_with_past(past.pop(model.id.lower(), None), model, now) for model in card.models]
        taken = {name.lower() for model in models for name in (model.id, *model.aliases)}
        gone = [_free(model, taken) for model in past.values() if model.id.lower() not in taken]
        head = card.head._replace(windows={**before.head.windows, **card.head.windows})
        kept[provider] = Card(head, tuple(sorted((*models, *gone), key=lambda model: model.id.lower())))
    return kept


def _apart(old: Card, head: CardHead) -> Card:
    """An old card whose windows have other names than those by which the new head means other hours."""
    windows = old.head.windows
    names = {name: f"{name}_before" for name in windows if head.windows.get(name, windows[name]) != windows[name]}
    if not names:
        return old
    renamed = {names.get(name, name): window for name, window in windows.items()}

    def moved(one: Segment) -> Segment:
        rows = (
            row._replace(when=row.when._replace(window=names.get(row.when.window, row.when.window)))
            for row in one.overrides
        )
        return one._replace(overrides=tuple(rows))

    models = tuple(model._replace(prices=tuple(map(moved, model.prices))) for model in old.models)
    return Card(old.head._replace(windows=renamed), models)


def _free(model: PricedModel, taken: set[str]) -> PricedModel:
    return model._replace(aliases=tuple(one for one in model.aliases if one.lower() not in taken))


def _with_past(old: PricedModel | None, new: PricedModel, now: int) -> PricedModel:
    if old is None or old.card.currency != new.card.currency:
        return new
    prices = new.prices
    if len(prices) == 1 and prices[0].start is None and prices[0].end is None:
        same = next((one for one in old.prices if _holds(one, now) and _bare(one) == _bare(prices[0])), None)
        if same is not None:
            again = prices[0]._replace(start=same.start, end=same.end)
            return new._replace(prices=tuple(again if one is same else one for one in old.prices))
        prices = (prices[0]._replace(start=now),)
    first = prices[0].start
    if first is None:
        return new
    past = [_ended(one, first) for one in old.prices if one.start is None or one.start < first]
    return new._replace(prices=(*past, *prices))


def _ended(one: Segment, first: int) -> Segment:
    return one._replace(end=first) if one.end is None or one.end > first else one


def _holds(one: Segment, now: int) -> bool:
    return (one.start is None or one.start <= now) and (one.end is None or now < one.end)


def _bare(one: Segment) -> Segment:
    """The prices of a segment, without its dates and provenance."""
    return one._replace(start=None, end=None, checked="", sources=(), note="", confidence="imported")


def shrunk(old: Mapping[str, Card], new: Mapping[str, Card], least: int) -> list[str]:
    """Of which providers the new set has less than `least` percent of the models of the old one, in words."""
    told: Sequence[tuple[str, int, int]] = [
        (name, len(old[name].models), len(card.models)) for name, card in new.items() if name in old
    ]
    return [
        f"{name} has {after:,} of {before:,} models" for name, before, after in told if 100 * after < least * before
    ]
