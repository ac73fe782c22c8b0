"""What images, sound and film cost in tokens: by published formulas, with the dated figures of the rate cards."""

from __future__ import annotations

from typing import NamedTuple

from tokencli.media.families import NoNumberError, count
from tokencli.media.headers import HeaderError, from_base64, from_bytes, from_data_url, from_stream
from tokencli.media.rules import Rule, find
from tokencli.model import Column, Count, Method
from tokencli.model.transcript import Media

__all__ = [
    "LEVELS",
    "HeaderError",
    "Measured",
    "from_base64",
    "from_bytes",
    "from_data_url",
    "from_stream",
    "tokens",
]

LEVELS = ("auto", "low", "medium", "high", "ultra_high", "original")
"""What can be asked for: OpenAI's `detail` is one of auto, low, high and original, Gemini's `media_resolution` one of
low, medium, high and ultra_high."""


class Measured(NamedTuple):
    """The tokens of one part and how they were made; where there is no number, `note` says why.

    `name` is the rule's, for the place where a text's encoding stands. `note` tells the formula, what stands behind it,
    its source and when that was read.
    """

    number: Count | None
    method: Method | None
    name: str
    note: str


def tokens(model: Column | str | None, media: Media, *, detail: str | None = None) -> Measured:
    """The tokens of media for a model: a column's, or an id of the catalog.

    `detail` is the resolution asked for where the media itself names none, in the word of OpenAI or Google. A model
    without a rule, an unknown size and a level that the model lacks give no number. Of Qwen-VL the two tokens around an
    image are counted with it.
    """
    name = model.model if isinstance(model, Column) else model
    if name is None:
        return _none(f"what {_plural(media)} cost depends on the model")
    rule = find(media.kind, name)
    if rule is None:
        return _none(f"what {_plural(media)} cost is not known for {name}")
    level = _level(media.detail) or _level(detail)
    if level is not None and rule.levels and level not in rule.levels:
        return _none(f"{name} has no resolution '{level}' for {_plural(media)}, only {', '.join(rule.levels)}")
    try:
        found = _count(rule, media, level)
    except NoNumberError as why:
        return _none(f"{name}: {why}")
    method = rule.method if found.low == found.high else "estimate"
    return Measured(found, method, rule.name, _note(rule, name, level))


def _count(rule: Rule, media: Media, level: str | None) -> Count:
    """The count at a level; with none asked for, at the rule's own, the range going over those it may be."""
    if level is not None or rule.auto is None:
        return count(rule.formula, rule.figures | rule.levels.get(level or "", {}), media)
    low, middle, high = (count(rule.formula, rule.figures | rule.levels[name], media) for name in rule.auto)
    return Count(middle.tokens, min(low.low, middle.low), max(middle.high, high.high))


def _level(word: str | None) -> str | None:
    """The level of the providers' words: `high`, `MEDIA_RESOLUTION_HIGH`; None for those that leave it to the model."""
    level = (word or "").lower().removeprefix("media_resolution_")
    return None if level in ("", "auto", "unspecified") else level


def _note(rule: Rule, model: str, level: str | None) -> str:
    if not rule.levels:
        at = f" ({level}: it has no levels)" if level else ""
    elif level is None and rule.auto is not None:
        low, middle, high = rule.auto
        at = f" at {middle}" + (f", where {low} to {high} may be taken" if (low, high) != (middle, middle) else "")
    else:
        at = f" at {level}"
    sources = "; ".join(source.partition(" (")[0] for source in rule.sources)
    return f"{model}: {rule.name}{at}; {rule.confidence} [{sources}; checked {rule.checked}]"


def _plural(media: Media) -> str:
    return {"image": "images", "audio": "sounds", "video": "films"}.get(media.kind, "such files")


def _none(why: str) -> Measured:
    return Measured(None, None, "", why)
