"""An estimate is a proxy's count with a range, and the range holds what it says it holds."""

from __future__ import annotations

import json
import sysconfig
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.encoders import estimate, load
from tokencli.encoders.estimate import Bound, Estimate
from tokencli.errors import TokError
from tokencli.model import Count

LEFT_OUT: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parent.parent / "vectors/estimate-left-out.json").read_text(encoding="utf-8")
)
"""Proxy -> family -> the bounds that tests/bench/calibrate.py made without that family."""


def prose() -> list[str]:
    """The topics of Python's language reference, which calibrate.py leaves out of its texts."""
    from pydoc_data.topics import topics

    return [text[:8000] for text in topics.values() if len(text) > 800]


def code() -> list[str]:
    """Source files of the standard library two folders down, where calibrate.py takes none."""
    folders = ("concurrent/futures", "importlib/metadata", "importlib/resources", "xml/dom", "xml/etree", "xml/sax")
    paths = [path for folder in folders for path in sorted(Path(sysconfig.get_path("stdlib"), folder).glob("*.py"))]
    if not paths:
        pytest.skip("this Python has no sources of its standard library")
    texts = [path.read_text(encoding="utf-8")[:8000] for path in paths]
    return [text for text in texts if len(text) > 800]


@pytest.mark.parametrize(
    ("proxy", "family"),
    [("o200k_base", "glm-4.7"), ("o200k_base", "kimi-k2"), ("kimi-k2", "o200k_base"), ("kimi-k2", "glm-4.7")],
)
def test_a_range_made_without_a_family_holds_its_truth_on_texts_never_seen(proxy: str, family: str) -> None:
    low, high = (estimate.bound(LEFT_OUT[proxy][family][end]) for end in ("low", "high"))
    encoder, truth = load(proxy), load(family)
    inside: list[bool] = []
    for texts in (prose(), code()):
        counts = [estimate.within((encoder.count(text), *estimate.measure(text)), low, high) for text in texts]
        inside += [count.low <= truth.count(text) <= count.high for count, text in zip(counts, texts, strict=True)]
        assert median((count.high - count.low) / count.tokens for count in counts) <= 0.08
    assert sum(inside) / len(inside) >= 0.95


def test_the_central_figure_is_the_count_of_the_proxy() -> None:
    text = "Counting is easy; knowing what was counted is not.\n" * 20
    tokens, low, high = Estimate("o200k_base").estimate(text)
    assert tokens == load("o200k_base").count(text) == Estimate("o200k_base").count(text)
    assert low < tokens < high


def test_nothing_is_nothing_and_a_single_letter_is_at_least_one_token() -> None:
    assert Estimate("o200k_base").estimate("") == (0, 0, 0)
    tokens, low, _ = Estimate("o200k_base").estimate("a")
    assert (tokens, low) == (1, 1)


def test_a_range_is_rounded_outwards_with_one_token_of_slack_and_holds_the_proxy() -> None:
    features = (100, 10, 0, 0, 0, 0, 0, 0, 0)
    low, high = Bound(0.9, -0.1, (0.05, *[0.0] * 7)), Bound(1.0, 0.2, (0.15, *[0.0] * 7))
    # 0.9 * 100 - 0.1 * 10 + 0.05 * 10 = 89.5 and 1.0 * 100 + 0.2 * 10 + 0.15 * 10 = 103.5
    assert estimate.within(features, low, high) == Count(100, 88, 105)
    assert estimate.within(features, high, high) == Count(100, 100, 105)
    assert estimate.within(features, low, low) == Count(100, 88, 100)


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("", {}),
        ("plain words", {}),
        ("1,234 and 56", {"digits": 6}),
        ("HTTP and IO", {"capitals": 4}),
        ("getElementById", {"humps": 3}),
        ("汉字", {"han": 2}),
        ("かなカナ", {"kana": 4}),
        ("한국어", {"hangul": 3}),
        ("éß", {"latin": 2}),
        ("привет", {"other": 6}),
        ("🙂", {"other": 1}),
    ],
)
def test_what_is_counted_beside_the_tokens(text: str, features: dict[str, int]) -> None:
    assert (
        dict(zip(estimate.FEATURES, estimate.measure(text), strict=True))
        == dict.fromkeys(estimate.FEATURES, 0) | features
    )


@given(st.lists(st.text(alphabet="aBC1 \n汉é", max_size=20), max_size=6))
def test_the_figures_of_a_text_are_the_sums_of_those_of_its_parts(lines: list[str]) -> None:
    parts = [line.strip() + "\n" for line in lines]
    figures = [estimate.measure(part) for part in parts]
    assert estimate.measure("".join(parts)) == tuple(
        map(sum, zip((0,) * len(estimate.FEATURES), *figures, strict=True))
    )


def test_an_encoding_without_a_range_of_its_own_takes_the_general_one() -> None:
    assert estimate.band("tekken") == estimate.band("general") != estimate.band("kimi-k2")


def test_parts_measured_together_are_those_measured_alone() -> None:
    texts = ["one two\n", "", "3 汉字\n"]
    one = estimate.load("o200k_base")
    assert one.measure_all(texts) == [one.measure(text) for text in texts]
    assert one.finish(tuple(map(sum, zip(*one.measure_all(texts), strict=True)))) == Count(
        *one.estimate("".join(texts))
    )


def test_an_estimate_refuses_ids() -> None:
    one = Estimate("o200k_base")
    for refused in (partial(one.encode, "a"), partial(one.decode, [1])):
        with pytest.raises(TokError) as caught:
            refused()
        assert caught.value.code == "no-token-ids"
        assert "-e o200k_base" in caught.value.hint
