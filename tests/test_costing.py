"""Prompts as usage: estimates at their ends, media in the input, what is free for all calls, several inputs as one.

Expected amounts are worked by hand: tokens x rate / 1,000,000.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tokencli.costing import Assumptions, Call, Target, added, prompt_row, together
from tokencli.errors import TokError
from tokencli.model import Count
from tokencli.model.cost import CostRow, Selectors
from tokencli.model.rates import CardHead, Override, PricedModel, Segment, Threshold, When

RATES = {key: Decimal(rate) for key, rate in (("input", "2"), ("cache_read", "0.5"), ("output", "8"))}
MEDIA = {"input_image": Decimal(10), "input_audio": Decimal(20), "cache_read_image": Decimal(1)}
DOUBLE = Override(When(input_tokens=Threshold(gt=100)), multiply=Decimal(2))


NOTHING = Assumptions()


def row(call: Call, assumed: Assumptions = NOTHING, *, media: bool = False) -> CostRow:
    segment = Segment(rates={**RATES, **(MEDIA if media else {})}, overrides=(DOUBLE,))
    to = Target("m", PricedModel(CardHead("p", "USD"), "m", (segment,)), None)
    return prompt_row(to, call, assumed, Selectors(), 0)


def total(call: Call, assumed: Assumptions = NOTHING, *, media: bool = False) -> Fraction:
    """Millionths."""
    cost = row(call, assumed, media=media).cost
    assert cost is not None
    return cost.total * 1_000_000


def ends(call: Call, assumed: Assumptions = NOTHING, *, media: bool = False) -> list[Fraction]:
    """Millionths."""
    priced = row(call, assumed, media=media)
    assert priced.low is not None
    assert priced.high is not None
    return [priced.low * 1_000_000, priced.high * 1_000_000]


def test_a_range_that_crosses_a_tier_is_as_wide_as_the_prices_on_both_sides() -> None:
    # 90 x 2, and 110 x 2 x 2
    assert ends(Call(Count(100, 90, 110))) == [180, 440]


def test_a_range_holds_output_and_cached_shares_at_each_end() -> None:
    assumed = Assumptions(output_ratio=Decimal("0.5"), cached_share=Decimal("0.5"))
    # 40 x 2 + 40 x 0.5 + 40 x 8; 50 x 2 + 50 x 0.5 + 50 x 8
    assert ends(Call(Count(90, 80, 100)), assumed) == [420, 525]


def test_no_fewer_tokens_are_sent_than_are_cached() -> None:
    # at the low end all 85 are cached: 85 x 0.5; at the high end 85 x 0.5 + 15 x 2
    assert ends(Call(Count(90, 80, 100)), Assumptions(cached_tokens=85)) == [Fraction("42.5"), Fraction("72.5")]


def test_more_cached_than_is_sent_names_both_numbers() -> None:
    with pytest.raises(TokError, match="cache_read_tokens 95 is more than input_tokens 90"):
        total(Call(Count(90, 80, 100)), Assumptions(cached_tokens=95))


def test_images_have_their_rate_at_both_ends_of_a_range() -> None:
    call = Call(Count(60, 50, 70), {"input_image_tokens": Count(40, 30, 50)})
    # 20 of text at each end: 40 + 300, 40 + 500
    assert ends(call, media=True) == [340, 540]


def test_what_is_cached_is_text_first() -> None:
    call = Call(Count(60, 60, 60), {"input_image_tokens": Count(40, 40, 40)})
    # 15 of 20 tokens of text: 5 x 2 + 15 x 0.5 + 40 x 10
    assert total(call, Assumptions(cached_tokens=15), media=True) == Fraction("417.5")
    # 48 = 20 of text and 28 of the image: 20 x 0.5 + 28 x 1 + 12 x 10
    assert total(call, Assumptions(cached_share=Decimal("0.8")), media=True) == 158


def test_cached_sound_without_a_rate_of_its_own_is_cached_input() -> None:
    call = Call(Count(60, 60, 60), {"input_audio_tokens": Count(60, 60, 60)})
    # 30 x 0.5 + 30 x 20
    assert total(call, Assumptions(cached_share=Decimal("0.5")), media=True) == 615


def test_a_count_that_was_given_goes_before_one_that_was_made() -> None:
    call = Call(Count(60, 60, 60), {"input_image_tokens": Count(40, 40, 40)})
    assert total(call, Assumptions(units={"input_image_tokens": 10}), media=True) == 50 * 2 + 10 * 10


def test_inputs_of_one_call_keep_their_images_and_reach_the_tier_together() -> None:
    text = Call(Count(80, 80, 80))
    image = Call(Count(40, 30, 50), {"input_image_tokens": Count(40, 30, 50)})
    # 120 tokens are over the tier: (80 x 2 + 40 x 10) x 2
    assert total(together([text, image]), media=True) == 1120


def test_calls_that_are_one_row_know_the_longest_of_them() -> None:
    whole = added([row(Call(Count(n, n, n))) for n in (40, 90, 60)])
    assert whole.cost is not None
    assert (whole.sent, whole.cost.total) == (90, Fraction(190 * 2, 1_000_000))
