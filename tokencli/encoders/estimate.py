"""Counts for a model without a public tokenizer: a proxy encoding's count, and a range calibrated on known families.

`estimate.toml` holds the ranges, made by tests/bench/calibrate.py: that script says how, and on which texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, sqrt
from os.path import dirname, join
from typing import Any, Literal, NoReturn

from tokencli import encoders
from tokencli.errors import ExitCode, TokError
from tokencli.model import Count

FEATURES = ("digits", "capitals", "humps", "han", "kana", "hangul", "latin", "other")
"""What is counted in a text beside the proxy's tokens, because known tokenizers differ there: digits, capitals before a
capital, capitals in the middle of a word, and the letters of other scripts."""

_DATA = join(dirname(__file__), "estimate.toml")

SLACK = 1
"""Tokens by which a range is wider at each end, for the sake of short texts."""

_PLAIN = (re.compile(r"[0-9]"), re.compile(r"[A-Z](?=[A-Z])"), re.compile(r"[a-z](?=[A-Z])"))
_SCRIPTS = (re.compile(r"[㐀-䶿一-鿿]"), re.compile(r"[぀-ヿ]"), re.compile(r"[가-힣]"), re.compile(r"[À-ɏ]"))
_FOREIGN = re.compile(r"[^\x00-\x7f]")

Features = tuple[int, ...]
"""Proxy tokens, then one count per name in FEATURES. Those of a text are the sums of those of its parts at any cut."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: `base` * proxy tokens + `root` * their square root + `weights` * the other features."""

    base: float
    root: float
    weights: tuple[float, ...]

    def at(self, features: Sequence[int]) -> float:
        """The bound in tokens, not rounded."""
        proxy = features[0]
        extra = sum(weight * value for weight, value in zip(self.weights, features[1:], strict=True))
        return self.base * proxy + self.root * sqrt(proxy) + extra


class Estimate:
    """Counts by way of a proxy encoding: its count as the central figure, and a range around it.

    A proxy without a range of its own takes the general one.
    """

    method: Literal["estimate"] = "estimate"

    def __init__(self, proxy: str) -> None:
        self._encoder = encoders.load(proxy)
        self.proxy = self.name = self._encoder.name
        self.parallel = self._encoder.parallel
        self.expect = self._encoder.expect
        self.start = self._encoder.start
        self.low, self.high = band(self.proxy)

    @property
    def cut(self) -> re.Pattern[str]:
        return self._encoder.cut

    def measure(self, text: str, *, special: bool = False) -> Features:
        """The features of a text; add those of the parts of a long one, item by item, before `finish`."""
        return self.measure_all([text], special=special)[0]

    def measure_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[Features]:
        """The features of each text; `inner` as for an Encoder."""
        counts = self._encoder.count_all(texts, special=special, inner=inner)
        return [(tokens, *measure(text)) for tokens, text in zip(counts, texts, strict=True)]

    def finish(self, features: Sequence[int], /) -> Count:
        """The proxy's count as the central figure, and the range in whole tokens around it."""
        return within(features, self.low, self.high)

    def estimate(self, text: str) -> tuple[int, int, int]:
        """Tokens, low and high of one text."""
        count = self.finish(self.measure(text))
        return count.tokens, count.low, count.high

    def count(self, text: str, *, special: bool = False) -> int:
        """The central figure alone, which is the proxy's count."""
        return self._encoder.count(text, special=special)

    def encode(self, text: str, *, special: bool = False) -> NoReturn:
        """Refused: an estimate has no token ids."""
        raise self._refusal()

    def decode(self, ids: Sequence[int]) -> NoReturn:
        """Refused: an estimate has no token ids."""
        raise self._refusal()

    def _refusal(self) -> TokError:
        return TokError(
            "an estimate has counts but no token ids",
            hint=f"-e {self.proxy} gives the ids of the encoding behind the estimate",
            code="no-token-ids",
            exit=ExitCode.DATA,
        )


def measure(text: str) -> Features:
    """How many characters of each kind in FEATURES a text has."""
    plain = [len(pattern.findall(text)) for pattern in _PLAIN]
    if text.isascii():
        return (*plain, 0, 0, 0, 0, 0)
    scripts = [len(pattern.findall(text)) for pattern in _SCRIPTS]
    return (*plain, *scripts, len(_FOREIGN.findall(text)) - sum(scripts))


def within(figures: Sequence[int], low: Bound, high: Bound) -> Count:
    """Features and bounds -> whole tokens; the range always holds the proxy's own count and never 0 for a text."""
    tokens = figures[0]
    if not tokens:
        return Count(0, 0, 0)
    bottom, top = floor(low.at(figures)) - SLACK, ceil(high.at(figures)) + SLACK
    return Count(tokens, max(1, min(bottom, tokens)), max(top, tokens))


@cache
def load(proxy: str) -> Estimate:
    """The estimate by way of an encoding, made once per process."""
    return Estimate(proxy)


@cache
def version() -> str:
    """What changes whenever the ranges do: kept counts of another version are not used."""
    from hashlib import sha256

    with open(_DATA, "rb") as file:
        return sha256(file.read()).hexdigest()[:16]


@cache
def band(proxy: str) -> tuple[Bound, Bound]:
    """The low and high bound of a proxy, from the data file."""
    bands = _bands()
    row = bands.get(proxy, bands["general"])
    return bound(row["low"]), bound(row["high"])


def bound(row: dict[str, float]) -> Bound:
    """A bound from a row of the data file, where a feature that is not named weighs nothing."""
    return Bound(row["base"], row["root"], tuple(row.get(name, 0.0) for name in FEATURES))


@cache
def _bands() -> dict[str, Any]:
    import tomllib

    with open(_DATA, "rb") as file:
        bands: dict[str, Any] = tomllib.load(file)["band"]
    return bands
