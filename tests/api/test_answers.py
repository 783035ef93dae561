"""Figures as they are printed."""

from decimal import Decimal

import pytest

from riskalloc.api.answers import figure


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("-25.15", 1, "-25.2"),
        ("-25.25", 1, "-25.3"),
        ("25.25", 1, "25.3"),
        ("0.885", 2, "0.89"),
        ("8.0449999", 2, "8.04"),
        ("75", 2, "75.00"),
        ("1E+9", 2, "1000000000.00"),
        ("-0.004", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
    ],
)
def test_halves_go_away_from_zero_and_zero_has_no_sign(
    value: str, places: int, printed: str
) -> None:
    assert figure(Decimal(value), places) == printed
