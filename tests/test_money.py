"""Amounts as they are shown and written; expected values follow from the rule beside them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.money import ends, exact, ratio, show


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("0", "USD", "$0.00"),
        ("1234567.891", "USD", "$1,234,567.89"),
        ("12", "CNY", "¥12.00"),
        ("0.5", "EUR", "€0.50"),
        ("0.1234", "USD", "$0.123"),
        ("0.00001234", "USD", "$0.0000123"),
        ("0.0000000000026", "CNY", "¥0.0000000000026"),
        ("-3.456", "USD", "-$3.46"),
        ("7", "JPY", "JPY 7.00"),
    ],
)
def test_people_see_two_places_or_three_digits(amount: str, currency: str, shown: str) -> None:
    assert show(Fraction(amount), currency) == shown


@pytest.mark.parametrize(("amount", "shown"), [("2.345", "$2.34"), ("2.355", "$2.36"), ("0.09996", "$0.10")])
def test_the_one_rounding_is_half_to_even(amount: str, shown: str) -> None:
    assert show(Fraction(amount), "USD") == shown


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Fraction(3), "3"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 40), "-0.025"),
        (Fraction(1, 10**25), "0." + "0" * 24 + "1"),
        (Fraction(1, 3), "0.333333333333333333"),
        (Fraction(2, 3), "0.666666666666666667"),
        (Fraction(-1, 3 * 10**20), "0.000000000000000000"),
        (Fraction(1, 1024), "0.0009765625"),
    ],
)
def test_machines_get_the_whole_decimal_or_18_places(amount: Fraction, written: str) -> None:
    assert exact(amount) == written


def test_what_does_not_end_is_given_as_a_ratio() -> None:
    assert (ends(Fraction(1, 3)), ends(Fraction(1, 80)), ratio(Fraction(2, 6))) == (False, True, "1/3")


@given(st.fractions())
def test_an_amount_that_ends_is_written_in_full(amount: Fraction) -> None:
    assert ends(amount) == (Fraction(Decimal(exact(amount))) == amount)


@given(st.fractions(min_value=Fraction(1, 10**12), max_value=10**9))
def test_no_price_is_shown_as_0(amount: Fraction) -> None:
    shown = Fraction(show(amount, "USD")[1:].replace(",", ""))
    assert abs(shown - amount) <= amount * Fraction(5, 1000)
