"""Decimals as whole numbers and back."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import EngineError, half_up
from riskalloc.engine.exact import (
    cents,
    check_number,
    decimal_of,
    quotient,
    round_to_sum,
    units,
    whole_numbers,
)

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=10, max_value=10**15)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.005", 1), ("0.0049999999", 0), ("-0.005", -1), ("1E+3", 100_000), ("-1.994", -199)],
)
def test_cents_are_half_up_away_from_zero(value, expected):
    assert cents(Decimal(value)) == expected


@given(values=st.lists(decimals, max_size=5))
def test_whole_numbers_and_back_lose_nothing(values):
    numbers, places = whole_numbers(values)
    assert [decimal_of(number, places) for number in numbers] == values
    assert [units(value, places) for value in values] == numbers


def test_numbers_longer_than_the_usual_context_are_exact():
    long = Decimal("123456789012345678.123456789012345678")
    (number,), places = whole_numbers([long])
    assert decimal_of(number, places) == long
    assert str(half_up(long, 2)) == "123456789012345678.12"


@given(numerator=st.integers(-(10**40), 10**40), denominator=st.integers(1, 10**30))
def test_a_quotient_that_is_cut_off_rounds_as_the_exact_one(numerator, denominator):
    exact = Fraction(numerator, denominator)
    hundredths = int(abs(exact) * 100 + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    assert half_up(quotient(numerator, denominator), 2) == Decimal(f"{hundredths}E-2")


@given(
    numerators=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8),
    denominator=st.integers(1, 10**6),
)
def test_fractions_that_add_up_stay_within_a_unit_and_whole_ones_stay(numerators, denominator):
    numerators[-1] -= sum(numerators) % denominator
    total = sum(numerators) // denominator
    whole = round_to_sum(numerators, denominator, total)
    assert sum(whole) == total
    for number, numerator in zip(whole, numerators, strict=True):
        assert abs(number * denominator - numerator) < denominator
        assert numerator % denominator or number * denominator == numerator


def test_what_is_left_goes_to_the_largest_remainder_and_ties_to_the_earlier():
    assert round_to_sum([15, -5, -10], 10, 0) == [2, -1, -1]
    assert round_to_sum([5, 5, -10], 10, 0) == [1, 0, -1]


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "1E+61", "1E-61", "9" * 61])
def test_what_is_no_sum_of_money_is_refused(text):
    with pytest.raises(EngineError):
        check_number(Decimal(text))
