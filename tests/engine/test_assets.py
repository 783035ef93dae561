from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.assets import AssetClass, Mix, Top, Weights
from tests.engine import published
from tests.engine.cast import V1

STOCKS_12_2_3 = {
    AssetClass.US_LARGE_CAP: 12,
    AssetClass.US_SMALL_CAP: 2,
    AssetClass.INTL_DEVELOPED: 3,
}

weights = st.dictionaries(st.sampled_from(AssetClass), st.integers(1, 10**9), min_size=1)


def test_the_classes_stand_in_the_published_order():
    assert tuple(AssetClass) == published.CLASSES
    assert tuple(Top) == tuple(published.TOPS)
    for asset, names in V1.classes.classes.items():
        assert asset in published.TOPS[names.top]


@pytest.mark.parametrize("points", [(75, 10, 15, 1), (75, 10, 14, 0), (110, -10, 0, 0)])
def test_a_mix_that_is_not_100_or_has_a_negative_part_is_refused(points):
    with pytest.raises(EngineError, match="adds up to 100"):
        Mix(*points)


def test_a_mix_is_read_in_order_and_written_without_its_empty_parts():
    mix = Mix(75, 10, 15, 0)
    assert list(mix) == [("stocks", 75), ("bonds", 10), ("alternatives", 15), ("cash", 0)]
    assert str(mix) == "75% stocks, 10% bonds, 15% alternatives"


@pytest.mark.parametrize("parts", [{}, {AssetClass.CASH: 0}, {AssetClass.CASH: -1}])
def test_weights_are_positive_and_at_least_one(parts):
    with pytest.raises(EngineError, match="positive"):
        Weights(parts)


def test_a_sleeve_of_seventeenths_is_kept_exactly():
    core = V1.classes.row("core", "aggressive").by_top()
    weights = Weights.refine(Mix(75, 10, 15, 0), core | {Top.STOCKS: STOCKS_12_2_3})
    assert {asset: Fraction(part, weights.whole) for asset, part in weights.parts.items()} == {
        AssetClass.US_LARGE_CAP: Fraction(75 * 12, 1700),
        AssetClass.US_SMALL_CAP: Fraction(75 * 2, 1700),
        AssetClass.INTL_DEVELOPED: Fraction(75 * 3, 1700),
        AssetClass.US_AGGREGATE: Fraction(10, 100),
        AssetClass.REIT: Fraction(15, 100),
    }
    assert weights.percents() == {
        AssetClass.US_LARGE_CAP: Decimal("52.94"),
        AssetClass.US_SMALL_CAP: Decimal("8.82"),
        AssetClass.INTL_DEVELOPED: Decimal("13.24"),
        AssetClass.US_AGGREGATE: Decimal("10.00"),
        AssetClass.REIT: Decimal("15.00"),
    }


@given(parts=weights)
def test_percentages_of_any_weights_add_up_to_100(parts):
    assert sum(Weights(parts).percents().values()) == 100
