"""Cards of genai-prices (MIT, github.com/pydantic/genai-prices): its JSON of version 2 or 3, its data.py, or its wheel.

Its rules, of types.py of version 0.2.3: of several prices the last whose date has come holds, a time of day standing
above every date; variants replace single prices, the first that fits; a tier prices the whole request, above its start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from tokencli.model.rates import (
    Card,
    CardHead,
    Duration,
    Fee,
    Override,
    PricedModel,
    Segment,
    Source,
    Threshold,
    When,
    Window,
)
from tokencli.rates.importing import Imported, Provenance, Remark, exact, names, opening

RATES: Mapping[str, str] = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_5m_mtok": "cache_write_5m",
    "cache_write_1h_mtok": "cache_write_1h",
    "output_reasoning_mtok": "reasoning",
    "output_citation_mtok": "citation",
    "input_text_mtok": "input_text",
    "output_text_mtok": "output_text",
} | {
    theirs: ours
    for kind in ("audio", "image", "video")
    for theirs, ours in (
        (f"input_{kind}_mtok", f"input_{kind}"),
        (f"output_{kind}_mtok", f"output_{kind}"),
        (f"cache_{kind}_read_mtok", f"cache_read_{kind}"),
    )
}
"""Keys of prices per million tokens, and the rate that each is."""

FEES: Mapping[str, str] = {
    "web_searches_kcount": "web_search",
    "storage_searches_kcount": "file_search",
    "rerank_searches_kcount": "rerank_query",
    "requests_kcount": "request",
    "input_document_kpages": "page",
}
"""Keys of prices per thousand, and the fee that each is."""

HOURS: Mapping[str, str] = {
    "audio_hours": "audio_seconds",
    "input_audio_hours": "input_audio_seconds",
    "output_audio_hours": "output_audio_seconds",
}
"""Keys of prices per hour, and the duration that each is."""

SELECTORS: Mapping[tuple[str, str], When] = {("processing", "batch"): When(batch=True)}
"""Conditions of variants that have a word of their own in cards; `service_tier` and `speed` are taken as they are."""

GROQ_MINIMUM = 10
"""Seconds that Groq bills at least for its Whisper models; genai-prices has it in its code (types.py, calc_price)."""


class Prices(NamedTuple):
    """One set of prices: rates by the size of input from which they hold (0 first), fees and durations."""

    rates: dict[int, dict[str, Decimal]]
    fees: dict[str, Fee]
    durations: dict[str, Duration]


def cards_of(data: bytes, name: str, retrieved: str, providers: tuple[str, ...]) -> Imported:
    """See `tokencli.rates.importing.convert`."""
    content, version = opening.member(data, "genai_prices/data.py", name)
    python = bool(version) or name.endswith(".py")
    value = opening.literals(content, "providers", name) if python else opening.loaded(content, name)
    entries = value.get("providers") if isinstance(value, dict) else value
    if not isinstance(entries, list) or not all(isinstance(one, dict) and "models" in one for one in entries):
        raise opening.refused(name, "no list of providers with models", "take prices/new_data/v2/data.json")
    origin = Provenance("genai-prices", version, hashlib.sha256(data).hexdigest(), retrieved)
    wanted = names.chosen(providers, (str(one["id"]) for one in entries))
    remarks: list[Remark] = []
    cards = []
    for entry in entries:
        told = str(entry["id"])
        if told in wanted and told in names.CONVERTED and not providers:
            remarks.append(Remark("left out", names.card_name(told), "", "every price", names.CONVERTED[told]))
        elif told in wanted and (card := _card(entry, origin, remarks)):
            cards.append(card)
    return Imported(tuple(cards), tuple(remarks))


def _card(entry: Mapping[str, Any], origin: Provenance, remarks: list[Remark]) -> Card | None:
    told = str(entry["id"])
    provider = names.card_name(told)
    urls = entry.get("pricing_urls") or ["https://github.com/pydantic/genai-prices"]
    windows: dict[str, Window] = {}
    head = CardHead(
        provider=provider,
        currency="USD",
        name=str(entry.get("name") or provider),
        aliases=(told,) if told != provider else (),
        windows=windows,
        sources=tuple(Source(str(url), origin.retrieved, origin.via) for url in urls),
    )
    ids = {str(model["id"]).lower() for model in entry["models"]}
    taken = set(ids)
    models = []
    for model in entry["models"]:
        maker = _Model(provider, str(model["id"]), windows, remarks)
        prices = tuple(maker.segments(model.get("prices"), model.get("price_variants") or []))
        if prices:
            aliases = tuple(
                {one.lower(): one for one in equals(model.get("match")) if one.lower() not in taken}.values()
            )
            taken.update(one.lower() for one in aliases)
            models.append(_model(head, model, aliases, prices))
    return Card(head, tuple(models)) if models else None


RESOLD = "Imported from OpenRouter pricing"
"""How the comment begins of a price that is not of the provider under which it stands."""


def _model(
    head: CardHead, model: Mapping[str, Any], aliases: tuple[str, ...], prices: tuple[Segment, ...]
) -> PricedModel:
    window = model.get("context_window")
    if str(model.get("price_comments")).startswith(RESOLD):
        note = "the price of a reseller (OpenRouter), not compared with the provider's own"
        prices = tuple(one._replace(confidence="unconfirmed", note=one.note or note) for one in prices)
    return PricedModel(
        head,
        str(model["id"]),
        prices,
        aliases=aliases,
        context_window=int(window) if window else None,
        note="deprecated, says its provider" if model.get("deprecated") else "",
    )


def equals(clause: Any) -> Iterator[str]:
    """The exact names of a match clause. What accepts a beginning, a part or a pattern of a name is no name."""
    if isinstance(clause, dict):
        if "equals" in clause:
            yield str(clause["equals"])
        for each in clause.get("or") or ():
            yield from equals(each)


class _Model:
    """Makes the segments of one model; what they cannot say goes to `remarks`, hours of the day to `windows`."""

    def __init__(self, provider: str, model: str, windows: dict[str, Window], remarks: list[Remark]) -> None:
        self.provider = provider
        self.model = model
        self.windows = windows
        self.remarks = remarks
        self.said: set[str] = set()

    def leave(self, what: str, reason: str) -> None:
        """Remark once that something is not in the card."""
        if what not in self.said:
            self.said.add(what)
            self.remarks.append(Remark("left out", self.provider, self.model, what, reason))

    def price(self, value: Any, what: str) -> Decimal:
        """A price as it was published; one that a float spoilt is mended with a remark."""
        price, why = exact.tidy(Decimal(value))
        if why:
            self.remarks.append(Remark("rounded", self.provider, self.model, what, why))
        return price

    def segments(self, told: Any, variants: list[Any]) -> Iterator[Segment]:
        """The dated segments, equal neighbours joined."""
        listed = [{"prices": told}] if isinstance(told, dict) else list(told or ())
        starts = sorted({start for one in [*listed, *variants] if (start := _start(one)) is not None})
        before: Segment | None = None
        for begin, end in zip([None, *starts], [*starts, None], strict=True):
            made = self._segment(listed, variants, begin, end, last=end is None)
            if made is None:
                continue
            if before is not None and before.end == made.start and _same(before, made):
                before = before._replace(end=made.end)
                continue
            if before is not None:
                yield before
            before = made
        if before is not None:
            yield before

    def _segment(
        self, listed: list[Any], variants: list[Any], begin: int | None, end: int | None, *, last: bool
    ) -> Segment | None:
        """The prices from `begin` to `end`, over which the same entries hold; None where nothing can be expressed."""
        holding = [one for one in listed if _holds(one, begin)]
        dated = [at for at, one in enumerate(holding) if not _daily(one)]
        base = self.prices(holding[dated[-1]]["prices"] if dated else listed[0]["prices"])
        if not (base.rates or base.fees or base.durations):
            if self.model.endswith(":free"):
                free = {"input": Decimal(0), "output": Decimal(0)}
                return Segment(begin, end, free, note="free, as its name says; the data has no price")
            if not self.said:
                self.leave("the model", "it has no price")
            return None
        rows = list(_tiers(When(), base, base))
        # A daily entry has no date, so it would hold in all of the past; its comments say that it came with the last.
        for one in holding[dated[-1] + 1 if dated else 0 :] if last else ():
            rows += self._rows(When(window=self._window(one["constraint"])), base, self.prices(one["prices"]))
        for variant in reversed(variants):
            if _holds(variant, begin):
                asked = self._when(variant["when"])
                if asked is not None:
                    rows += self._rows(asked, base, self.prices(variant["prices"]))
        return Segment(begin, end, base.rates.get(0, {}), base.fees, base.durations, overrides=tuple(rows))

    def _rows(self, asked: When, base: Prices, special: Prices) -> Iterator[Override]:
        """The rows that put `special` prices over the base where `asked` holds."""
        if special.durations and any(base.durations.get(key) != one for key, one in special.durations.items()):
            self.leave("durations of a variant", "overrides of a card have no durations")
        rates = special.rates.get(0, {})
        if rates or special.fees:
            yield Override(asked, rates, special.fees)
        yield from _tiers(asked, base, special)

    def _when(self, told: Mapping[str, Any]) -> When | None:
        asked = When()
        for key, value in told.items():
            if (key, value) in SELECTORS:
                asked = SELECTORS[key, value]._replace(service_tier=asked.service_tier, speed=asked.speed)
            elif key == "service_tier":
                asked = asked._replace(service_tier=(str(value),))
            elif key == "speed":
                asked = asked._replace(speed=(str(value),))
            else:
                self.leave(f"the variant {key}={value}", f"cards have no condition {key}")
                return None
        return asked

    def _window(self, told: Mapping[str, Any]) -> str:
        start, end = _minutes(told["start_time"]), _minutes(told["end_time"])
        name = f"daily_{start // 60:02}{start % 60:02}_{end // 60:02}{end % 60:02}"
        self.windows[name] = Window(((start, end),))
        return name

    def prices(self, told: Mapping[str, Any]) -> Prices:
        """A set of prices by its units."""
        rates: dict[int, dict[str, Decimal]] = {}
        fees: dict[str, Fee] = {}
        durations: dict[str, Duration] = {}
        for key, value in told.items():
            if value is None:
                continue
            tiers = [(0, value)] if not isinstance(value, dict) else _steps(value)
            if key in RATES:
                for start, price in tiers:
                    rates.setdefault(start, {})[RATES[key]] = self.price(price, key)
            elif key in FEES and len(tiers) == 1:
                fees[FEES[key]] = Fee(self.price(value, key), 1000)
            elif key in HOURS and len(tiers) == 1:
                durations[HOURS[key]] = Duration(self.price(value, key), 3600, self._minimum())
            else:
                self.leave(key, "cards have no such unit")
        # The seconds of the input are the seconds of the audio: billed once, whichever of the two is given.
        if durations.get("input_audio_seconds") == durations.get("audio_seconds"):
            durations.pop("input_audio_seconds", None)
        # A write for an hour beside plain ones says that the plain ones are those for five minutes.
        if any("cache_write_1h" in level and "cache_write_5m" not in level for level in rates.values()):
            for level in rates.values():
                if "cache_write" in level:
                    level["cache_write_5m"] = level.pop("cache_write")
        return Prices(rates, fees, durations)

    def _minimum(self) -> int:
        return GROQ_MINIMUM if self.provider == "groq" and self.model.startswith("whisper-large-v3") else 0


def _tiers(asked: When, base: Prices, special: Prices) -> Iterator[Override]:
    """A row for each size of input above which `special` differs, with every rate that holds there."""
    full = base.rates.get(0, {}) | special.rates.get(0, {})
    for start in sorted(special.rates):
        if start:
            full |= special.rates[start]
            yield Override(asked._replace(input_tokens=threshold(start)), dict(full))


def threshold(start: int) -> Threshold:
    """Above `start` tokens; a start such as 199,999 is how genai-prices writes "200,000 or more"."""
    return Threshold(gte=start + 1) if (start + 1) % 1000 == 0 else Threshold(gt=start)


def _steps(tiered: Mapping[str, Any]) -> list[tuple[int, Decimal]]:
    return [(0, tiered["base"]), *((int(one["start"]), one["price"]) for one in tiered["tiers"])]


def _start(told: Mapping[str, Any]) -> int | None:
    """The start of the day from which an entry holds, in seconds since 1970 UTC."""
    from datetime import UTC, datetime

    date = (told.get("constraint") or {}).get("start_date")
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()) if date else None


def _holds(told: Mapping[str, Any], instant: int | None) -> bool:
    """Whether an entry without a date, or whose date has come, at an instant (None: before all dates)."""
    start = _start(told)
    return start is None or (instant is not None and start <= instant)


def _daily(told: Mapping[str, Any]) -> bool:
    return "start_time" in (told.get("constraint") or {})


def _minutes(told: str) -> int:
    return int(told[:2]) * 60 + int(told[3:5])


def _same(one: Segment, other: Segment) -> bool:
    return one._replace(start=None, end=None) == other._replace(start=None, end=None)
