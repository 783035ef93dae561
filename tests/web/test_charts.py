from decimal import Decimal
from itertools import pairwise

from hypothesis import given, strategies as st

from riskalloc.engine.assets import AssetClass, Mix
from riskalloc.web.charts import LETTERS, STYLES, mix_bar, stacked_bar


def test_every_class_has_letters_and_a_look_of_its_own() -> None:
    assert set(LETTERS) == set(STYLES) == set(AssetClass)
    assert len(set(LETTERS.values())) == len(set(STYLES.values()) | {"bonds again"})
    assert {len(letters) for letters in LETTERS.values()} == {2}


@given(st.lists(st.integers(1, 100), min_size=1, max_size=13))
def test_segments_stand_side_by_side_and_never_overlap(parts: list[int]) -> None:
    total = sum(parts)
    percents = [Decimal(100 * part) / total for part in parts]
    segments = stacked_bar(zip(AssetClass, ["a name"] * 13, percents, strict=False))
    edges = [(Decimal(s.x), Decimal(s.x) + Decimal(s.width)) for s in segments]
    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert edges[-1][1] <= 100


def test_a_mix_fills_its_bar() -> None:
    parts = mix_bar(Mix(stocks=75, bonds=10, alternatives=15, cash=0))
    assert parts == [("us-large", 0, 75), ("bonds", 75, 10), ("alts", 85, 15), ("cash", 100, 0)]
