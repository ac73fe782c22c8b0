"""Comparisons that every format is tested with; their numbers are made up."""

from __future__ import annotations

import pytest

from tokencli.model import Count
from tokencli.model.comparison import SCRIPTS, Comparison, Row, Sample


def exact(tokens: int) -> Count:
    return Count(tokens, tokens, tokens)


def characters(**scripts: int) -> dict[str, int]:
    return dict.fromkeys(SCRIPTS, 0) | scripts


def single() -> Comparison:
    """One encoding over digits, which are of no script."""
    sample = Sample(files=1, words=4, characters=8, bytes=8, scripts=characters())
    return Comparison(sample, (Row("o200k_base", None, "exact", exact(6), {}),))


def several() -> Comparison:
    """Three ways over all scripts: an encoding, one reached by a model, and an estimate."""
    sizes = characters(latin=600, han=100, kana=80, hangul=50, arabic=60, devanagari=40, code=200)
    sample = Sample(files=3, words=250, characters=1_250, bytes=2_000, scripts=sizes)
    best = {"latin": 120, "han": 60, "kana": 40, "hangul": 30, "arabic": 20, "devanagari": 10, "code": 50}
    rows = (
        Row("o200k_base", None, "exact", exact(400), best),
        Row("gemma4", "gemini-3.5-flash", "vendor-local", exact(500), best | {"han": 50}),
        Row("o200k_base", "grok-4", "estimate", Count(600, 500, 700), best | {"code": 75}),
    )
    return Comparison(sample, rows, ("grok-4: estimated, its tokenizer is not public",))


def broken() -> Comparison:
    """A name that would write to the terminal, and white space alone, which holds no word."""
    sample = Sample(files=2, words=0, characters=1_000_000, bytes=1_000_000, scripts=characters())
    rows = (
        Row("x" * 64, None, "exact", exact(999_999), {}),
        Row("a", "evil\x1b[31m\nname\u202e|`", "exact", exact(1_234_567), {}),
    )
    return Comparison(sample, rows, ("mine: your own tokenizer, from /tmp/\x1b[31m",))


@pytest.fixture(params=[single, several, broken], ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest) -> tuple[str, Comparison]:
    """The name of a comparison, and the comparison."""
    return request.param.__name__, request.param()
