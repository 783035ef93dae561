from decimal import Decimal

import pytest

from riskalloc.engine.assets import AssetClass
from riskalloc.engine.assumptions import is_positive_semidefinite
from tests.engine.cast import V1

ASSUMPTIONS = V1.assumptions


@pytest.mark.parametrize(
    ("asset", "beta"),
    [
        ("us_large_cap", "1"),
        ("us_small_cap", "1.18125"),  # 0.90 x 21 / 16
        ("intl_developed", "0.9296875"),
        ("emerging", "0.984375"),
        ("us_aggregate", "0.07421875"),
        ("government", "-0.0234375"),
        ("ig_corporate", "0.225"),
        ("tips", "0.12578125"),
        ("high_yield", "0.4453125"),
        ("reit", "0.9375"),
        ("commodities", "0.590625"),
        ("gold", "0.053125"),
        ("cash", "0"),
    ],
)
def test_beta_is_correlation_times_volatility_over_that_of_the_market(asset, beta):
    assert ASSUMPTIONS.beta(AssetClass(asset)) == Decimal(beta)


@pytest.mark.parametrize(
    ("asset", "mean"),
    [
        ("us_large_cap", "0.0653"),  # 0.0525 + 0.16^2 / 2
        ("us_aggregate", "0.048628125"),  # 0.0475 + 0.0475^2 / 2
        ("reit", "0.085"),  # 0.065 + 0.2^2 / 2
        ("cash", "0.0300125"),
    ],
)
def test_the_arithmetic_mean_is_the_compound_return_and_half_the_variance(asset, mean):
    assert ASSUMPTIONS.classes[AssetClass(asset)].mean == Decimal(mean)


# -- Which correlations can all be true at once --------------------------------------------------------


def is_possible(*rows: str) -> bool:
    return is_positive_semidefinite([tuple(map(Decimal, row.split())) for row in rows])


def three(one_two: str, one_three: str, two_three: str) -> bool:
    return is_possible(
        f"1 {one_two} {one_three}", f"{one_two} 1 {two_three}", f"{one_three} {two_three} 1"
    )


@pytest.mark.parametrize("correlation", ["-1", "-0.5", "0", "0.5", "1"])
def test_any_one_correlation_is_possible(correlation):
    # Eigenvalues 1 - c and 1 + c.
    assert is_possible(f"1 {correlation}", f"{correlation} 1")


@pytest.mark.parametrize("correlation", ["-1.01", "1.000001"])
def test_a_correlation_beyond_1_is_not(correlation):
    assert not is_possible(f"1 {correlation}", f"{correlation} 1")


def test_three_equal_correlations_are_possible_down_to_minus_a_half():
    # Eigenvalues 1 + 2c and, twice, 1 - c.
    assert three("-0.5", "-0.5", "-0.5")
    assert not three("-0.500001", "-0.500001", "-0.500001")
    assert three("1", "1", "1")


def test_two_friends_of_the_first_cannot_be_strangers():
    # The determinant 1 + 2abc - a^2 - b^2 - c^2 has to stay at or above 0.
    assert three("0.8", "0.6", "0")  # 1 - 0.64 - 0.36 = 0
    assert not three("0.8", "0.61", "0")
    assert not three("0.9", "0.9", "-0.9")
    assert three("0.9", "0.9", "0.62")  # 1 + 1.0044 - 0.81 - 0.81 - 0.3844 = 0
    assert not three("0.9", "0.9", "0.61")


def test_a_matrix_with_nothing_left_after_elimination_is_possible():
    assert is_possible("0 0", "0 0")
    assert not is_possible("0 1", "1 0")  # eigenvalues 1 and -1
    assert not is_possible("0 0", "0 -1")


def test_the_published_correlations_are_possible_with_room_to_spare():
    """Every eigenvalue stays above 0.01: the set is possible with that much of the identity taken off."""
    rows = list(ASSUMPTIONS.correlations.values())
    less = [
        tuple(value - Decimal("0.01") * (i == j) for j, value in enumerate(row))
        for i, row in enumerate(rows)
    ]
    assert is_positive_semidefinite(rows)
    assert is_positive_semidefinite(less)
