"""What the commands that price share: instants, decimals, models with their terms, amounts in another currency."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tokencli.cli.options import State
from tokencli.costing import Assumptions, Target, priced_as
from tokencli.errors import ExitCode, TokError
from tokencli.model.cost import Converted, CostRow, CostTotal, Rate, Selectors
from tokencli.rates.names import dated

if TYPE_CHECKING:
    from tokencli.config import Value
    from tokencli.model import Column
    from tokencli.model.rates import PricedModel
    from tokencli.model.terms import Terms
    from tokencli.rates import Cards

DECIMAL = re.compile(r"\d{1,15}(?:\.\d{1,12})?")


def usage_error(message: str, hint: str) -> TokError:
    """The error about options that are wrong."""
    return TokError(message, hint=hint, code="usage", exit=ExitCode.USAGE)


def decimal(text: str | None, option: str) -> Decimal | None:
    """The number of an option, exactly as typed."""
    if text is None:
        return None
    if not DECIMAL.fullmatch(text.strip()):
        raise usage_error(f"{option}: {text!r} is no decimal number", f"write it as in {option} 0.8")
    return Decimal(text.strip())


def instant(text: str | None) -> int:
    """Seconds since 1970 UTC of `--at`; without it, now. A date is 00:00 UTC, an instant needs its zone."""
    if text is None:
        return int(time.time())
    from tokencli.usage.instants import instant as read

    try:
        return read(text)
    except TokError as error:
        raise usage_error(f"--at: {error.message}", error.hint) from error


def day_of(at: int) -> str:
    """The day of an instant in UTC, as ISO writes it."""
    return time.strftime("%Y-%m-%d", time.gmtime(at))


def units(texts: Sequence[str]) -> dict[str, int | Decimal]:
    """The counts of `--unit`; which names there are is told where they are priced."""
    found: dict[str, int | Decimal] = {}
    for text in texts:
        name, equals, number = (part.strip() for part in text.partition("="))
        value = decimal(number, "--unit") if equals else None
        if value is None or not name or name in found:
            raise usage_error(f"--unit: {text!r} is no count", "as in --unit web_searches=3, each name once")
        found[name] = int(value) if "." not in number else value
    return found


class PriceBook(NamedTuple):
    """What prices are looked up with: cards, terms of payment where there are any, the instant, the encodings of own
    models, and what is to be known of the terms."""

    cards: Cards
    terms: Terms | None
    at: int
    encodings: Mapping[tuple[str, str], str] = {}
    notes: tuple[str, ...] = ()

    def target(self, name: str, column: Column | None = None) -> Target:
        """A model by its name, with what the user's terms make of its prices; TokError where it has none."""
        model = self.cards.find(name)
        to = self.priced_as(name, model, column)
        return to._replace(notes=(*dated(name, model), *to.notes))

    def priced_as(self, name: str, model: PricedModel, column: Column | None = None) -> Target:
        """A model as a target, with the user's terms; `column` counts for it, whatever else would."""
        own = self.encodings.get((model.card.provider, model.id))
        if own and column is None:
            from tokencli.encoders import column as named

            column = named(own)
        return self._with_terms(priced_as(name, model, column))

    def _with_terms(self, to: Target) -> Target:
        if self.terms is None:
            return to
        from tokencli.terms import discount, names_of, notes

        names, day = names_of(to.model, to.name), day_of(self.at)
        multiplier, why = discount(self.terms, names, day)
        return to._replace(multiplier=multiplier, notes=(*why, *notes(self.terms, names, day)))


def price_book(state: State, ratecards: Sequence[str], providers: Sequence[str], at: int) -> PriceBook:
    """The cards that apply, those named by options first, and what the settings say of money."""
    from tokencli import config

    cards, files = state.cards(ratecards, providers), state.settings_files()
    if not any(name in file.values for file in files for name in config.TERMS):
        return PriceBook(cards, None, at)
    from tokencli.terms import astray, own_models
    from tokencli.terms.read import read

    own = own_models.read(files)
    encodings = {(each.model.card.provider, each.model.id): each.encoding for each in own if each.encoding}
    whole, terms = cards.above(len(ratecards), own_models.cards(own)), read(files)
    return PriceBook(whole, terms, at, encodings, astray(terms, whole))


def chosen_encoding(settings: Mapping[str, Value]) -> Column | None:
    """The one encoding that was asked for on the command line, for models of whatever kind."""
    encodings = settings["encoding"]
    if not encodings.value or encodings.rank != 0:
        return None
    if len(encodings.value) > 1:
        raise usage_error("several encodings", "give one -e: it counts for every model")
    from tokencli.encoders import column

    return column(encodings.value[0])


def exchange(texts: Sequence[str], terms: Terms | None, day: str) -> tuple[Rate, ...]:
    """The exchange rates, typed ones first."""
    stated = terms.rates if terms is not None else ()
    if not texts:
        return stated
    from tokencli.costing.exchange import typed

    return (*(typed(text, day) for text in texts), *stated)


class Exchange(NamedTuple):
    """The currency that all amounts are to be in (None: each in that of its card), and the rates that lead there."""

    wanted: str | None
    rates: Sequence[Rate]
    day: str

    def of(self, currency: str) -> Converted | None:
        """One unit of a currency there, None where it stays as it is; TokError `no-exchange-rate`."""
        from tokencli.costing.exchange import convert

        if self.wanted in (None, currency):
            return None
        return convert(Fraction(1), currency, str(self.wanted), self.rates, self.day)


def exchanger(currency: str | None, texts: Sequence[str] | None, book: PriceBook) -> Exchange:
    """What `--currency` and `--fx` ask for."""
    if texts and currency is None:
        raise usage_error("--fx is missing the currency that it leads to", "as in --currency CNY --fx USD/CNY=7.1")
    day = day_of(book.at)
    return Exchange(code(currency), exchange(texts or (), book.terms, day), day)


def convert_rows(rows: Sequence[CostRow], currency: str, rates: Sequence[Rate], day: str) -> Iterator[CostRow]:
    """The rows with their totals in another currency; TokError where no rate leads there."""
    from tokencli.costing.exchange import convert

    for row in rows:
        if row.cost is None or row.cost.currency == currency:
            yield row
        else:
            yield row._replace(converted=convert(row.cost.total, row.cost.currency, currency, rates, day))


def convert_totals(
    totals: Sequence[CostTotal], currency: str, rates: Sequence[Rate], day: str
) -> tuple[CostTotal, ...]:
    """The totals with their amounts in another currency."""
    from tokencli.costing.exchange import convert

    return tuple(
        total
        if total.currency == currency
        else total._replace(converted=convert(total.total, total.currency, currency, rates, day))
        for total in totals
    )


def code(text: str | None) -> str | None:
    """A currency's code as it is written everywhere: three capital letters."""
    if text is None:
        return None
    if not re.fullmatch(r"[A-Za-z]{3}", text.strip()):
        raise usage_error(f"--currency: {text!r} is no currency", "a code of three letters, such as USD")
    return text.strip().upper()


def family(models: Iterator[PricedModel], names: Sequence[str]) -> Iterator[PricedModel]:
    """The models whose id begins with one of the names, whole words only, or whose provider is one of them."""
    wanted = [name.lower() for name in names]
    for model in models:
        bare = model.id.lower().rpartition("/")[2]
        starts = any(bare == name or bare.startswith((f"{name}-", f"{name}.", f"{name}:")) for name in wanted)
        if starts or model.card.provider in wanted:
            yield model


def selectors(
    *,
    batch: bool,
    service_tier: str | None,
    speed: str | None,
    region: str | None,
    thinking: bool,
    cache_mode: str | None,
    search_size: str | None,
    resolution: str | None,
    seconds: str | None,
) -> Selectors:
    """What was chosen among prices, from the options."""
    return Selectors(
        batch=batch,
        service_tier=service_tier or "",
        speed=speed or "",
        region=region or "",
        thinking=thinking,
        cache_mode=cache_mode or "",
        search_size=search_size or "",
        resolution=resolution or "",
        duration_seconds=decimal(seconds, "--duration-seconds"),
    )


def assumptions(
    output_tokens: int | None,
    output_ratio: str | None,
    cached_tokens: int | None,
    cached_share: str | None,
    more: Sequence[str],
) -> Assumptions:
    """What was said of a call, from the options; TokError (usage) where two of them say the same thing."""
    share, ratio = decimal(cached_share, "--cached-share"), decimal(output_ratio, "--output-ratio")
    if output_tokens is not None and ratio is not None:
        raise usage_error("--output-tokens and --output-ratio exclude each other", "keep one")
    if cached_tokens is not None and share is not None:
        raise usage_error("--cached-tokens and --cached-share exclude each other", "keep one")
    if share is not None and share > 1:
        raise usage_error(f"--cached-share: {share} is more than all of the input", "a share from 0 to 1, such as 0.8")
    counts = units(more)
    said = {"input_tokens": "--input-tokens", "output_tokens": "--output-tokens"}
    if cached_tokens is not None or share is not None:
        said["cache_read_tokens"] = "--cached-tokens"
    for name in counts:
        if name in said:
            raise usage_error(f"--unit {name} is what {said[name]} says", f"leave it out, and use {said[name]} N")
    return Assumptions(output_tokens, ratio, cached_tokens, share, counts)
