from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.assets import AssetClass, Mix
from riskalloc.web.charts import (
    LETTERS,
    STYLES,
    line_chart,
    mix_bar,
    scale_of,
    stacked_bar,
    thinned,
)


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


# -- Lines over days -------------------------------------------------------------------------------

TODAY = date(2026, 11, 21)
values = st.integers(0, 10**14).map(lambda cents: Decimal(cents) / 100)


def days(*found: tuple[int, str | None]) -> list[tuple[date, Decimal | None]]:
    """So many days ago, so much."""
    return [
        (TODAY - timedelta(days=ago), None if value is None else Decimal(value))
        for ago, value in found
    ]


@pytest.mark.parametrize(
    ("most", "scale"),
    [
        ("118000", "0 50000 100000 150000"),
        ("110000", "0 50000 100000 150000"),
        ("100000", "0 50000 100000"),
        ("80000", "0 20000 40000 60000 80000"),
        ("80000.01", "0 50000 100000"),
        ("3.64", "0 1 2 3 4"),
        ("40", "0 10 20 30 40"),
        ("0.01", "0 0.005 0.010"),
        ("0", "0 1"),
    ],
)
def test_a_scale_has_few_round_steps(most, scale):
    assert scale_of(Decimal(most)) == [Decimal(step) for step in scale.split()]


@given(values)
def test_a_scale_ends_just_above_what_it_shows(most):
    scale = scale_of(most)
    assert scale[0] == 0
    assert 2 <= len(scale) <= 5
    assert scale[-1] >= most
    assert not most or scale[-2] < most
    assert len({b - a for a, b in pairwise(scale)}) == 1


def test_a_line_steps_from_day_to_day_up_to_today():
    # 0 is at 86 %, the top of the scale (200) at 16 %: 100 is halfway, 150 at 33.5 %.
    chart = line_chart(days((10, "100"), (5, "150"), (1, "200")), TODAY)
    assert chart.path == "M0 51 H500 V33.5 H900 V16 H1000"
    assert (chart.end_x, chart.end_y) == ("100", "16")
    assert [(mark.at, mark.value) for mark in chart.scale] == [
        ("86", 0), ("68.5", 50), ("51", 100), ("33.5", 150), ("16", 200),
    ]  # fmt: skip


def test_a_line_of_one_day_is_a_point_today_and_level_after_an_earlier_one():
    assert line_chart(days((0, "100")), TODAY).path == "M1000 16 H1000"
    assert line_chart(days((30, "100")), TODAY).path == "M0 16 H1000"


@pytest.mark.parametrize(
    ("before", "has_room_below"),
    [("150", True), ("100", False), ("50", False)],
)
def test_a_word_at_the_end_stands_free_of_the_line(before, has_room_below):
    chart = line_chart(days((100, "90"), (20, before), (0, "100")), TODAY)
    assert chart.has_room_below == has_room_below


def test_at_the_bottom_a_word_stands_above():
    assert not line_chart(days((20, "100"), (0, "1")), TODAY).has_room_below


def test_a_line_of_nought_lies_on_the_axis():
    chart = line_chart(days((10, "0"), (5, "0")), TODAY)
    assert chart.path == "M0 86 H500 V86 H1000"
    assert chart.end_y == "86"


def test_a_line_breaks_where_nothing_is_known():
    chart = line_chart(days((10, None), (8, "4"), (5, None), (2, "2"), (1, None)), TODAY)
    assert chart.path == "M200 16 H500 M800 51 H900"
    assert chart.end_y is None
    assert line_chart(days((3, None)), TODAY).path == ""


def test_a_limit_is_on_the_scale():
    chart = line_chart(days((10, "1")), TODAY, Decimal(3))
    assert chart.limit is not None
    assert (chart.limit.at, chart.limit.value) == ("16", 3)
    assert [mark.value for mark in chart.scale] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("ago", "years"),
    [
        (0, []),
        (300, []),
        (450, []),
        (700, [2026]),
        (1500, [2025]),  # from 13 Oct 2022; 2024 begins at 29.7 %, 2026 at 78.3 %
        (4000, [2020, 2022]),  # from 9 Dec 2015; every other one of 2020 to 2023
    ],
)
def test_years_are_named_where_there_is_room(ago, years):
    assert [mark.value for mark in line_chart(days((ago, "1")), TODAY).years] == years


amounts_a_day = st.lists(st.none() | values, min_size=1, max_size=600)


@given(amounts_a_day)
def test_a_line_of_many_days_is_short_and_keeps_its_extremes(found):
    points = [(Decimal(1000 * i) / len(found), value) for i, value in enumerate(found)]
    kept = thinned(points)
    assert len(kept) <= 3 * 100 + 1
    assert kept == sorted(kept, key=lambda point: point[0])
    assert set(kept) <= set(points)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    known = {value for value in found if value is not None}
    if known:
        assert {min(known), max(known)} <= {value for _, value in kept}


@given(amounts_a_day)
def test_every_line_stays_inside_its_picture(found):
    chart = line_chart(days(*((len(found) - i, value) for i, value in enumerate(found))), TODAY)
    places = [(step[0], step[1:]) for step in chart.path.split() if step[0] in "HV"]
    assert all(16 <= Decimal(at) <= 86 for kind, at in places if kind == "V")
    across = [Decimal(at) for kind, at in places if kind == "H"]
    assert across == sorted(across)
    assert all(0 <= at <= 1000 for at in across)
