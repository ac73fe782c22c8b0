"""What litellm's data prices otherwise than by the token: pictures, pages, searches, seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tokencli.model.rates import Duration, Fee, Override, When
from tokencli.rates.importing import exact
from tokencli.rates.importing.litellm_entry import Entry

PIXELS = re.compile(r"(?:^|/)([0-9]+)-x-([0-9]+)/")

BY_REQUEST = frozenset({"perplexity"})
"""Providers whose price of a search is a fee of the request."""

SIZES = ("low", "medium", "high")

SECONDS: Mapping[str, str] = {
    "audio_transcription": "audio_seconds",
    "realtime": "audio_seconds",
    "audio_speech": "output_audio_seconds",
}
"""Of which seconds a price is, by the mode of the model."""


def fees(entry: Entry) -> tuple[dict[str, Fee], list[Override]]:
    """Fees, and the rows that change them."""
    fees: dict[str, Fee] = {}
    rows: list[Override] = []
    for key, name in (("input_cost_per_request", "request"), ("ocr_cost_per_page", "page")):
        if price := entry.value(key):
            fees[name] = Fee(entry.tidy(price, key), 1)
    if price := entry.value("input_cost_per_query"):
        kinds = {"search": "web_search", "vector_store": "file_search"}
        fees[kinds.get(entry.mode, "rerank_query")] = Fee(entry.tidy(price, "input_cost_per_query"), 1)
    if price := entry.value("ocr_cost_per_page_batches"):
        rows.append(Override(When(batch=True), fees={"page": Fee(entry.tidy(price, "ocr_cost_per_page_batches"), 1)}))
    _images(entry, fees, rows)
    _searches(entry, fees, rows)
    return fees, rows


def _images(entry: Entry, fees: dict[str, Fee], rows: list[Override]) -> None:
    made = entry.mode in ("image_generation", "image_edit")
    flat = entry.value("output_cost_per_image")
    given = entry.value("input_cost_per_image")
    if "output_cost_per_image_token" in entry.entry and flat:
        entry.leave("output_cost_per_image", "the same charge as output_cost_per_image_token, worked out for one image")
        flat = None
    elif made and flat is None and given and "output_cost_per_image_token" not in entry.entry:
        flat, given = given, None
    if flat:
        fees["generation"] = Fee(entry.tidy(flat, "output_cost_per_image"), 1)
    if given and (made or "input_cost_per_image_token" in entry.entry) and "input_cost_per_token" in entry.entry:
        entry.leave("input_cost_per_image", "the same charge as the tokens of the image, worked out for one")
    elif given:
        fees["image"] = Fee(entry.tidy(given, "input_cost_per_image"), 1)
    for key in entry.entry:
        size = key.removeprefix("output_cost_per_image_")
        if size != key and not size.startswith(("token", "above")) and (price := entry.value(key)):
            rows.append(Override(When(resolution=(size,)), fees={"generation": Fee(entry.tidy(price, key), 1)}))
    _pixels(entry, fees)


def _pixels(entry: Entry, fees: dict[str, Fee]) -> None:
    """A price by the pixel as that of the image, whose size stands in the name of the model."""
    size = PIXELS.search(entry.model)
    for key in ("output_cost_per_pixel", "input_cost_per_pixel"):
        price = entry.value(key)
        if price and "generation" in fees:
            entry.leave(key, "the same charge as that of the image")
        elif price and size:
            digits = len(price.normalize().as_tuple().digits)
            whole = exact.significant(price * int(size[1]) * int(size[2]), min(digits - 1, exact.SHORT))
            fees["generation"] = Fee(whole, 1)
            why = f"{price:f} for each of {size[1]} x {size[2]} pixels is {whole:f}"
            entry.rounded(key, why)
        elif price:
            entry.leave(key, "cards have no price of a pixel")


def _searches(entry: Entry, fees: dict[str, Fee], rows: list[Override]) -> None:
    """Searches by the thousand, as they are published; the medium size is the one without a word."""
    told = entry.entry.get("search_context_cost_per_query")
    free = entry.entry.get("search_free_requests")
    entry.used |= {"search_context_cost_per_query", "search_free_requests"}
    if not isinstance(told, dict):
        return
    name = "request" if entry.provider in BY_REQUEST else "web_search"
    made = {}
    for size in SIZES:
        price = told.get(f"search_context_size_{size}")
        if isinstance(price, Decimal):
            made[size] = Fee(entry.tidy(price * 1000, "search_context_cost_per_query"), 1000)
    if isinstance(free, dict):
        quota = (int(free["count"]), str(free["period"]), str(free.get("shared_group") or ""))
        made = {size: fee._replace(free=quota[0], period=quota[1], group=quota[2]) for size, fee in made.items()}
    if not made:
        return
    fees[name] = made.get("medium") or next(iter(made.values()))
    rows += [Override(When(search_size=size), fees={name: fee}) for size, fee in made.items() if fee != fees[name]]


def durations(entry: Entry, tokens: bool) -> tuple[dict[str, Duration], list[Override]]:
    """Prices by the second, and the rows that scale them by resolution; beside tokens they are a rule of thumb."""
    durations: dict[str, Duration] = {}
    rows: list[Override] = []
    for key, unit in (
        ("input_cost_per_second", SECONDS.get(entry.mode, "session_seconds")),
        (
            "output_cost_per_second",
            "video_seconds" if entry.mode == "video_generation" else SECONDS.get(entry.mode, ""),
        ),
        ("output_cost_per_video_per_second", "video_seconds"),
        ("input_cost_per_audio_per_second", "input_audio_seconds"),
        ("input_cost_per_video_per_second", "video_seconds"),
    ):
        price = entry.value(key)
        if not price:
            continue
        if tokens and entry.mode in ("audio_transcription", "audio_speech", "realtime", "chat"):
            entry.leave(key, "the same charge as that of the tokens, worked out for a second")
        elif not unit or (unit in durations and durations[unit] != _duration(entry, price, key)):
            entry.leave(key, "it is not said of which seconds")
        else:
            durations[unit] = _duration(entry, price, key)
    if "video_seconds" in durations:
        rows += _resolutions(entry, durations["video_seconds"])
    return durations, rows


def _duration(entry: Entry, price: Decimal, key: str) -> Duration:
    amount, per, why = exact.by_time(price)
    if why:
        entry.rounded(key, why)
    return Duration(amount, per)


def _resolutions(entry: Entry, base: Duration) -> Iterator[Override]:
    for key in entry.entry:
        size = key.removeprefix("output_cost_per_second_")
        if size == key or (price := entry.value(key)) is None:
            continue
        factor = price * base.per / base.price
        if factor * base.price != price * base.per or exact.tidy(factor)[1] or not 0 < factor <= 100:
            entry.leave(key, f"{price:f} is no plain multiple of {base.price:f}")
        elif factor != 1:
            yield Override(When(resolution=(size,)), multiply=factor, only=("video_seconds",))
