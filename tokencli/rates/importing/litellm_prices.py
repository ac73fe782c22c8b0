"""One entry of litellm's data as a segment: flat keys whose ends say for what input, tier or batch a price holds.

Its rules, of litellm_core_utils/llm_cost_calc/utils.py of version 1.109.1: a price above a size of input holds for the
whole request, from that size on for xai; a tier of service takes its own price, else the standard one of that size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from tokencli.model.rates import Override, Segment, Threshold, When, Window
from tokencli.rates.importing import litellm_fees
from tokencli.rates.importing.litellm_entry import Entry

RATES: Mapping[str, str] = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "cache_creation_input_token_cost_above_12hr": "cache_write_12h",
    "output_cost_per_reasoning_token": "reasoning",
    "citation_cost_per_token": "citation",
    "input_cost_per_audio_token": "input_audio",
    "output_cost_per_audio_token": "output_audio",
    "cache_read_input_audio_token_cost": "cache_read_audio",
    "input_cost_per_image_token": "input_image",
    "output_cost_per_image_token": "output_image",
    "cache_read_input_image_token_cost": "cache_read_image",
    "input_cost_per_video_token": "input_video",
    "output_cost_per_video_token": "output_video",
}
"""Keys of prices per token, and the rate that each is."""

TIERS: Mapping[str, When] = {
    "balanced": When(service_tier=("balanced",)),
    "flex": When(service_tier=("flex",)),
    "priority": When(service_tier=("priority",)),
    "ultrafast": When(service_tier=("ultrafast",)),
    "batches": When(batch=True),
}
"""Ends of keys, and the condition that each is, in the order of the rows."""

KEY = re.compile(
    "({})(?:_above_([0-9]+)k_tokens)?(?:_({}))?".format("|".join(sorted(RATES, key=len, reverse=True)), "|".join(TIERS))
)

BY_TOKEN = ("chat", "completion", "responses", "embedding", "")
"""Modes of models of which no second is sold but that of a machine held ready."""

MILLION = Decimal(1_000_000)

INCLUSIVE = frozenset({"xai"})
"""Providers whose larger prices hold from the size on, not only above it."""

THINKING = frozenset({"alibaba"})
"""Providers whose price of reasoning is that of all output while the model thinks."""

REGIONS: Mapping[str, str] = {
    "regional_processing_uplift_multiplier_eu": "eu",
    "regional_processing_uplift_multiplier_us": "us",
    "regional_endpoint_uplift_multiplier": "regional",
}


class Prices:
    """Makes the segment of one entry; hours of the day go to `windows`."""

    def __init__(self, entry: Entry, windows: dict[str, Window]) -> None:
        self.at = entry
        self.entry = entry.entry
        self.provider = entry.provider
        self.windows = windows

    def segment(self) -> Segment | None:
        """The prices of today; None, with a remark, where there is none that a card can hold."""
        if (
            self.at.mode in ("chat", "completion", "responses", "embedding", "")
            and "input_cost_per_second" in self.entry
        ):
            self.at.leave("the model", "it is sold by the time that it is held ready")
            return None
        levels = self.levels()
        fees, fee_rows = litellm_fees.fees(self.at)
        durations, duration_rows = litellm_fees.durations(self.at, any(levels.get((0, ""), {}).values()))
        rows = [*self.rate_rows(levels), *fee_rows, *duration_rows, *self.factors()]
        self.at.rest()
        rates = levels.get((0, ""), {})
        if not any(rates.values()):
            rates = {} if fees or durations else rates
        if not (rates or fees or durations):
            if not any(one.provider == self.provider and one.model == self.at.model for one in self.at.remarks[-3:]):
                self.at.leave("the model", "it has no price")
            return None
        if not (any(rates.values()) or fees or durations or rows):
            self.at.leave("the model", "all its prices are 0, which may be a plan, a trial or not known")
            return None
        return Segment(rates=rates, fees=fees, durations=durations, overrides=tuple(rows))

    def levels(self) -> dict[tuple[int, str], dict[str, Decimal]]:
        """Rates by the size of input above which they hold, and the tier ("" is the standard)."""
        levels: dict[tuple[int, str], dict[str, Decimal]] = {}
        for key in self.entry:
            fits = KEY.fullmatch(key)
            if fits and (value := self.at.value(key)) is not None:
                at = (int(fits[2] or 0) * 1000, fits[3] or "")
                levels.setdefault(at, {})[RATES[fits[1]]] = self.at.tidy(value * MILLION, key)
        self._ranges(levels)
        base = levels.get((0, ""), {})
        hit = self.entry.get("input_cost_per_token_cache_hit")
        if isinstance(hit, Decimal) and "cache_read" not in base and base:
            base["cache_read"] = self.at.tidy(hit * MILLION, "input_cost_per_token_cache_hit")
        if "cache_write_1h" in base:
            for rates in levels.values():
                if "cache_write" in rates:
                    rates["cache_write_5m"] = rates.pop("cache_write")
        for at, rates in levels.items():
            if rates.get("reasoning") == rates.get("output", levels.get((at[0], ""), {}).get("output")):
                rates.pop("reasoning", None)
        return levels

    def _ranges(self, levels: dict[tuple[int, str], dict[str, Decimal]]) -> None:
        """Add the rates of `tiered_pricing`, a list of ranges of input."""
        told = self.entry.get("tiered_pricing")
        if not isinstance(told, list):
            return
        self.at.used.add("tiered_pricing")
        for part in told:
            if "range" not in part:
                self.at.leave("tiered_pricing", "its ranges are not of input tokens")
                return
            rates = levels.setdefault((int(part["range"][0]), ""), {})
            for key, rate in RATES.items():
                if isinstance(part.get(key), Decimal):
                    rates[rate] = self.at.tidy(part[key] * MILLION, f"tiered_pricing.{key}")

    def rate_rows(self, levels: dict[tuple[int, str], dict[str, Decimal]]) -> Iterator[Override]:
        """The rows of larger inputs, of modes, of hours, and of tiers, each restating every rate that it changes."""
        base = levels.get((0, ""), {})
        sizes = sorted({size for size, tier in levels if size and not tier})
        thinking = self._thinking(levels, sizes)
        full = dict(base)
        for size in sizes:
            full |= followed(base, levels[size, ""])
            yield Override(self._above(When(), size), dict(full))
        yield from thinking
        explicit = self.at.value("explicit_cache_read_input_token_cost")
        if explicit is not None:
            rate = self.at.tidy(explicit * MILLION, "explicit_cache_read_input_token_cost")
            yield Override(When(cache_mode="explicit"), {"cache_read": rate})
        yield from self._off_peak()
        for tier, asked in TIERS.items():
            own = followed(base, levels.get((0, tier), {}))
            if own:
                yield Override(asked, own)
            full = base | own
            for size in sorted({size for size, _ in levels if size}):
                special = levels.get((size, tier), {})
                # A tier of service has the standard price of a large input where it has none of its own.
                large = followed(base, levels.get((size, ""), {}))
                less = discounted(base, own, large) if tier == "batches" and not special else {}
                if tier == "batches":
                    large = {name: rate for name, rate in large.items() if name not in own}
                full |= large | less | followed(base, special)
                if special or (own and (less or tier != "batches")):
                    yield Override(self._above(asked, size), dict(full))

    def _thinking(self, levels: dict[tuple[int, str], dict[str, Decimal]], sizes: list[int]) -> list[Override]:
        """The rows of a model whose output has another price while it thinks; takes that price out of the levels."""
        if self.provider not in THINKING:
            return []
        rows = []
        for size in (0, *sizes):
            price = levels.get((size, ""), {}).pop("reasoning", None)
            if price is not None:
                asked = When(thinking=True)
                rows.append(Override(self._above(asked, size) if size else asked, {"output": price}))
        return rows

    def _above(self, asked: When, size: int) -> When:
        return asked._replace(input_tokens=Threshold(gte=size) if self.provider in INCLUSIVE else Threshold(gt=size))

    def _off_peak(self) -> Iterator[Override]:
        told = self.entry.get("off_peak_pricing")
        if not isinstance(told, dict):
            return
        self.at.used.add("off_peak_pricing")
        rates = {
            rate: self.at.tidy(told[key] * MILLION, f"off_peak_pricing.{key}")
            for key, rate in RATES.items()
            if key in told
        }
        for window in told.get("windows") or ():
            hours = window["hours_utc"] if isinstance(window["hours_utc"], list) else [window["hours_utc"]]
            days = tuple(int(day) - 1 for day in window.get("weekdays") or ())
            made = Window(tuple(map(_minutes, hours)), days, str(told.get("weekday_timezone") or "UTC"))
            name = next(
                (one for one, known in self.windows.items() if known == made), f"off_peak_{len(self.windows) + 1}"
            )
            self.windows[name] = made
            yield Override(When(window=name), rates)

    def factors(self) -> Iterator[Override]:
        """The rows that scale every token: a faster answer, a region."""
        special = self.entry.get("provider_specific_entry")
        special = special if isinstance(special, dict) else {}
        if isinstance(special.get("fast"), Decimal):
            yield Override(When(speed=("fast",)), multiply=special["fast"])
        if isinstance(special.get("us"), Decimal):
            yield Override(When(region=("us",)), multiply=special["us"])
        for key, region in REGIONS.items():
            if factor := self.at.value(key):
                yield Override(When(region=(region,)), multiply=factor)


def followed(base: Mapping[str, Decimal], special: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Special rates, and those of pictures, sound and film that cost what text costs in the base and are not named."""
    rates = dict(special)
    for side in ("input", "output"):
        for kind in ("audio", "image", "video"):
            name = f"{side}_{kind}"
            if side in special and name not in special and name in base and base[name] == base.get(side):
                rates[name] = special[side]
    return rates


def discounted(
    base: Mapping[str, Decimal], own: Mapping[str, Decimal], large: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """The rates of a large input in a batch that only has `own` rates for a small one: less by the same factor, as
    providers publish it; none where input and output are not less by one factor."""
    sides = [side for side in ("input", "output") if side in own and base.get(side)]
    if not sides or len({Fraction(own[side]) / Fraction(base[side]) for side in sides}) != 1:
        return {}
    factor = own[sides[0]] / base[sides[0]]
    return {name: (large[name] * factor).normalize() for name in own if name in large}


def _minutes(hours: str) -> tuple[int, int]:
    start, _, end = hours.partition("-")
    return _minute(start), _minute(end)


def _minute(told: str) -> int:
    hour, _, minute = told.partition(":")
    return int(hour) % 24 * 60 + int(minute)
