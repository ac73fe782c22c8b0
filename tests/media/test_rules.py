"""The rules of the rate cards, and what is said where they give no number."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.catalog import models, resolve
from tokencli.media import LEVELS, families, formulas, tokens
from tokencli.media.rules import rules
from tokencli.model import METHODS, Column
from tokencli.model.transcript import Media

SIDE = st.integers(1, 100_000)


def test_every_model_of_a_rule_is_in_the_catalog_and_has_one_rule_for_each_kind() -> None:
    known = {model.id for model in models()}
    named = [(rule.kind, model) for rule in rules() for model in rule.models]
    assert {model for _, model in named} <= known
    assert len(set(named)) == len(named)


def test_every_rule_is_whole() -> None:
    for rule in rules():
        assert rule.formula in families.FORMULAS
        assert rule.method in METHODS
        assert rule.confidence
        assert rule.sources
        assert datetime.date.fromisoformat(rule.checked) <= datetime.date.today()
        assert set(rule.levels) <= set(LEVELS)
        assert bool(rule.levels) == bool(rule.auto)
        assert set(rule.auto or ()) <= set(rule.levels)
        assert not any(isinstance(value, float) for value in rule.figures.values())


@pytest.mark.parametrize("kind", ["image", "audio", "video"])
@given(width=SIDE, height=SIDE, seconds=st.floats(0.01, 1e6))
def test_every_rule_gives_a_number_within_its_range_or_says_why_not(
    kind: str, width: int, height: int, seconds: float
) -> None:
    media = Media(kind, width=width, height=height, seconds=seconds)  # type: ignore[arg-type]
    for rule in rules():
        if rule.kind != kind:
            continue
        for level in (None, *rule.levels):
            found = tokens(rule.models[0], media, detail=level)
            if found.number is None:
                assert found.note
                assert found.method is None
                continue
            assert 0 <= found.number.low <= found.number.tokens <= found.number.high
            assert found.number.tokens
            assert found.method == "estimate" or found.number.low == found.number.high
            assert rule.checked in found.note


def test_the_turn_of_an_image_changes_nothing_but_for_pixtral() -> None:
    for rule in rules():
        if rule.kind == "image" and rule.formula != "pixtral":
            for width, height in ((1075, 1520), (4000, 1474), (333, 5), (2049, 513)):
                upright = tokens(rule.models[0], Media("image", width=width, height=height))
                turned = tokens(rule.models[0], Media("image", width=height, height=width))
                assert upright.number == turned.number


@given(width=SIDE, height=SIDE, budget=st.integers(1, 12_000))
def test_patches_stay_within_their_budget(width: int, height: int, budget: int) -> None:
    assert 1 <= formulas.patches((width, height), side=65_535, budget=budget) <= budget


@given(width=SIDE, height=SIDE)
def test_claude_stays_within_its_limits(width: int, height: int) -> None:
    shown = formulas.claude_size((width, height), edge=1568, tokens=1568)
    assert max(shown) <= min(1568, max(width, height))
    assert 1 <= formulas.claude_patches((width, height), edge=1568, tokens=1568) <= 1568


def test_a_part_of_a_token_counts_whole_and_only_then() -> None:
    assert formulas.times(5, Fraction("1.2")) == 6
    assert formulas.times(1536, Fraction("1.2")) == 1844
    assert formulas.per_second(1.0, 32) == (32, 32, 32)
    assert formulas.per_second(0.5, 32) == (16, 0, 32)


def no_number(model: Column | str | None, media: Media, detail: str | None = None) -> str:
    found = tokens(model, media, detail=detail)
    assert found[:3] == (None, None, "")
    return found.note


def test_what_is_not_known_has_no_number() -> None:
    sized = Media("image", width=10, height=10)
    assert no_number(None, sized) == "what images cost depends on the model"
    assert no_number(Column("o200k_base", "exact"), sized) == "what images cost depends on the model"
    assert no_number("kimi-k2", sized) == "what images cost is not known for kimi-k2"
    assert no_number("gpt-4o", Media("audio", seconds=3)) == "what sounds cost is not known for gpt-4o"
    assert no_number("gpt-4o", Media("file")) == "what such files cost is not known for gpt-4o"
    assert no_number("gpt-4o", Media("image")) == "gpt-4o: its width and height are not known"
    assert no_number("gpt-4o", Media("image", width=0, height=-1)) == "gpt-4o: its width and height are not known"
    for seconds in (None, 0.0, -1.0, float("nan"), float("inf")):
        media = Media("audio", seconds=seconds)
        assert no_number("gemini-2.5-pro", media) == "gemini-2.5-pro: its length in seconds is not known"


def test_a_level_that_a_model_lacks_has_no_number() -> None:
    sized = Media("image", width=10, height=10)
    assert no_number("gpt-4o", sized, "medium") == "gpt-4o has no resolution 'medium' for images, only low, high"
    assert "no resolution 'original'" in no_number("gemini-3-pro-preview", sized, "original")


def test_what_media_says_of_its_level_counts_more_than_what_is_asked_for_all() -> None:
    media = Media("image", width=1024, height=1024, detail="low")
    assert tokens("gpt-4o", media, detail="high") == tokens("gpt-4o", media)
    assert tokens("gpt-4o", media._replace(detail="auto"), detail="low") == tokens("gpt-4o", media)


def test_a_model_without_levels_takes_any_and_says_so() -> None:
    found = tokens(resolve("claude-opus-4.8"), Media("image", width=1024, height=1024), detail="high")
    assert found.number is not None
    assert "claude-opus-4-8: claude-patches (high: it has no levels)" in found.note


def test_where_auto_may_be_one_or_the_other_the_range_says_so() -> None:
    found = tokens("gpt-4o", Media("image", width=1024, height=1024))
    assert found.number is not None
    assert (found.number.low, found.number.tokens, found.number.high, found.method) == (85, 765, 765, "estimate")
    assert "at high, where low to high may be taken" in found.note
