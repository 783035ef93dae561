from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import (
    EngineError,
    dollars,
    half_up,
    largest_remainder,
    plain,
    split_amount,
    split_percent,
)
from tests.engine.strategies import amounts

parts = st.lists(st.integers(0, 10**6), min_size=1, max_size=13).filter(any)
totals = st.integers(0, 10**11)


def test_units_left_over_go_to_the_largest_remainders():
    assert largest_remainder(10, (3, 3, 1)) == (4, 4, 2)  # 4.29, 4.29, 1.43
    assert largest_remainder(10, (5, 3, 3)) == (4, 3, 3)  # 4.55, 2.73, 2.73


def test_ties_go_to_the_earlier_part():
    assert largest_remainder(100, (1, 1, 1)) == (34, 33, 33)
    assert largest_remainder(2, (1, 1, 1)) == (1, 1, 0)
    assert largest_remainder(5, (2, 2, 2, 2)) == (2, 1, 1, 1)


def test_a_part_of_nothing_gets_nothing():
    assert largest_remainder(7, (0, 1, 0)) == (0, 7, 0)


@pytest.mark.parametrize(("total", "parts"), [(-1, (1,)), (1, (0, 0)), (1, (2, -1))])
def test_a_split_without_sense_is_refused(total, parts):
    with pytest.raises(EngineError, match="not negative"):
        largest_remainder(total, parts)


@given(total=totals, parts=parts)
def test_parts_add_up_and_stand_within_one_unit_of_their_exact_share(total, parts):
    units = largest_remainder(total, parts)
    assert sum(units) == total
    for unit, part in zip(units, parts, strict=True):
        assert abs(unit - Fraction(total * part, sum(parts))) < 1


@given(total=totals, parts=parts)
def test_nobody_with_a_smaller_remainder_gets_a_unit_before_another(total, parts):
    units = largest_remainder(total, parts)
    exact = [Fraction(total * part, sum(parts)) for part in parts]
    rounded_up = [i for i, unit in enumerate(units) if unit > exact[i]]
    rounded_down = [i for i, unit in enumerate(units) if unit < exact[i]]
    for up in rounded_up:
        for down in rounded_down:
            assert (-(exact[up] % 1), up) < (-(exact[down] % 1), down)


@given(amount=amounts, parts=parts)
def test_dollars_add_up_to_the_cent(amount, parts):
    pieces = split_amount(amount, parts)
    assert sum(pieces) == amount
    assert all(piece == half_up(piece, 2) >= 0 for piece in pieces)


@given(parts=parts)
def test_percentages_have_two_decimals_and_add_up_to_100(parts):
    percents = split_percent(parts)
    assert sum(percents) == 100
    assert all(percent.as_tuple().exponent == -2 for percent in percents)


def test_thirds_of_a_dollar_and_of_100_percent():
    assert split_amount(Decimal("1.00"), (1, 1, 1)) == (
        Decimal("0.34"),
        Decimal("0.33"),
        Decimal("0.33"),
    )
    assert split_percent((1, 1, 1)) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))


@pytest.mark.parametrize("amount", ["0.001", "1.999", "999999999.000000000000000000000000000001"])
def test_an_amount_finer_than_a_cent_is_refused(amount):
    with pytest.raises(EngineError, match="two decimals"):
        split_amount(Decimal(amount), (1, 1))


def test_trailing_zeros_are_no_decimals():
    assert split_amount(Decimal("1.5000"), (1, 1)) == (Decimal("0.75"), Decimal("0.75"))


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("-25.15", 1, "-25.2"),
        ("25.15", 1, "25.2"),
        ("-31.445", 1, "-31.4"),
        ("-51.815", 1, "-51.8"),
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.0049999999999999999999999", 2, "0.00"),
        ("7", 2, "7.00"),
    ],
)
def test_halves_round_away_from_zero(value, places, rounded):
    assert str(half_up(Decimal(value), places)) == rounded


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234.5", "$1,234.50"),
        ("60000.00", "$60,000"),
        ("0", "$0"),
        ("-1234.5", "−$1,234.50"),
        ("1000000000", "$1,000,000,000"),
    ],
)
def test_dollars_are_written_as_in_a_sentence(amount, text):
    assert dollars(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("number", "text"), [("60.00", "60"), ("7.50", "7.5"), ("0.00", "0"), ("100", "100")]
)
def test_numbers_in_sentences_have_no_trailing_zeros(number, text):
    assert plain(Decimal(number)) == text
