"""The formulas that rules name: each takes a rule's figures and the media, and gives a count with its range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tokencli.media import formulas
from tokencli.model import Count
from tokencli.model.transcript import Media

Figures = dict[str, Any]

LONGEST = 10**9
"""Seconds that nothing lasts."""


class NoNumberError(Exception):
    """There is no number; the text says why."""


def count(formula: str, figures: Figures, media: Media) -> Count:
    """The tokens of media by a formula of this module and the figures of a rule; NoNumberError where it gives none."""
    found = FORMULAS[formula](figures, media)
    if "percent" not in figures:
        return found
    low, high = figures["percent"]
    return Count(found.tokens, found.low * low // 100, -(-found.high * high // 100))


def _tiles(figures: Figures, media: Media) -> Count:
    tile: int = figures["tile"]
    return _sure(figures["base"] + (tile * formulas.tiles(_size(media)) if tile else 0))


def _patches(figures: Figures, media: Media) -> Count:
    size = _size(media)
    budget: int | None = figures.get("budget")
    patches = formulas.patches(size, side=figures["side"], budget=budget)
    if "refused" in figures and patches > figures["refused"]:
        raise NoNumberError(f"{patches:,} patches, and more than {figures['refused']:,} are refused")
    whole = formulas.times(patches, figures["multiplier"])
    tokens = round(patches * figures["multiplier"]) if figures.get("nearest") else whole
    others = [tokens, whole]
    if "other_side" in figures:
        others.append(
            formulas.times(formulas.patches(size, side=figures["other_side"], budget=budget), figures["multiplier"])
        )
    if "over_budget" in figures and patches < formulas.patches(size, side=max(size), budget=None):
        others.append(formulas.times(patches, figures["over_budget"]))
    return Count(tokens, min(others), max(others))


def _claude(figures: Figures, media: Media) -> Count:
    size, largest = _size(media), figures["largest"]
    if max(size) > largest:
        raise NoNumberError(f"{size[0]:,} x {size[1]:,} pixels, and more than {largest:,} a side are refused")
    tokens = formulas.claude_patches(size, edge=figures["edge"], tokens=figures["tokens"])
    edge, most = figures.get("other", (figures["edge"], figures["tokens"]))
    other = formulas.claude_patches(size, edge=edge, tokens=most)
    return Count(tokens, min(tokens, other), max(tokens, other))


def _gemini_tiles(figures: Figures, media: Media) -> Count:
    squares, rough = (figures["tokens"] * tiles for tiles in formulas.gemini_tiles(_size(media)))
    return Count(squares, min(squares, rough), max(squares, rough))


def _fixed(figures: Figures, media: Media) -> Count:
    return _sure(figures["tokens"])


def _qwen(figures: Figures, media: Media) -> Count:
    size = _size(media)
    if max(size) > 200 * min(size):
        raise NoNumberError("one side is more than 200 times the other, which the model's own code refuses")

    def tokens(least: int, most: int) -> int:
        return 2 + formulas.qwen_patches(size, factor=figures["factor"], least=least, most=most)

    middle = tokens(figures["least"], figures["most"])
    ends = [tokens(least, most) for least, most in figures.get("others", ())]
    return Count(middle, min(middle, *ends), max(middle, *ends)) if ends else _sure(middle)


def _pixtral(figures: Figures, media: Media) -> Count:
    return _sure(formulas.pixtral_tokens(_size(media), patch=figures["patch"], longest=figures["longest"]))


def _grok(figures: Figures, media: Media) -> Count:
    low, tokens, high = (
        formulas.grok_tokens(_size(media), most=most)
        for most in (figures["others"][0], figures["most"], figures["others"][1])
    )
    return Count(tokens, low, max(high, 256 * (figures["others"][1] + 1)))


def _seconds(figures: Figures, media: Media) -> Count:
    if media.seconds is None or not 0 < media.seconds < LONGEST:
        raise NoNumberError("its length in seconds is not known")
    tokens, low, high = formulas.per_second(media.seconds, figures["rate"])
    slow, fast = figures.get("rates", (figures["rate"], figures["rate"]))
    return Count(
        tokens,
        min(low, formulas.per_second(media.seconds, slow)[1]),
        max(high, formulas.per_second(media.seconds, fast)[2]),
    )


def _sure(tokens: int) -> Count:
    return Count(tokens, tokens, tokens)


def _size(media: Media) -> formulas.Size:
    if media.width is None or media.height is None or min(media.width, media.height) < 1:
        raise NoNumberError("its width and height are not known")
    return media.width, media.height


FORMULAS: dict[str, Callable[[Figures, Media], Count]] = {
    "tiles": _tiles,
    "patches": _patches,
    "claude": _claude,
    "gemini-tiles": _gemini_tiles,
    "fixed": _fixed,
    "qwen": _qwen,
    "pixtral": _pixtral,
    "grok": _grok,
    "seconds": _seconds,
}
