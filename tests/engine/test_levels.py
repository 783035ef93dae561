"""Rows against their targets, and the triggers: by hand, at the edges, and always."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import EngineError, half_up
from riskalloc.engine.bands import FIVE_25, NO_BAND, Band, BandKind
from riskalloc.engine.levels import NothingToMeasure, Status, measure_level
from riskalloc.engine.triggers import Occasions, Policy, TriggerId, triggers
from tests.engine import rebalancing_oracle as oracle
from tests.engine.holdings import ARTICLE, any_flow, any_lines, bands, lines, numbered


def fired(level, **changes) -> list[str]:
    policy = Policy(**{"ceilings": {}} | changes)
    return [trigger.id.value for trigger in triggers((level,), policy) if trigger.has_fired]


# -- By hand ----------------------------------------------------------------------------------------------


def test_the_articles_example():
    level = measure_level(ARTICLE, FIVE_25)
    assert (level.total, half_up(level.drift, 2), half_up(level.largest, 2)) == (
        *(110_000, Decimal("3.64"), Decimal("3.64")),
    )
    us = level.rows[0]
    assert (us.weight, half_up(us.points, 2), us.amount) == (
        Decimal("63.64"),
        Decimal("3.64"),
        4000,
    )
    assert us.relative is not None
    assert half_up(us.relative, 2) == Decimal("6.06")
    assert (us.low, us.high, us.status) == (55, 65, Status.IN_BAND)
    assert fired(level) == ["portfolio_drift"]
    assert fired(level, portfolio_drift=None) == []


def test_weights_are_printed_to_add_up():
    level = measure_level(numbered([1, 1, 1], ["33.33", "33.33", "33.34"]), FIVE_25)
    assert [str(row.weight) for row in level.rows] == ["33.34", "33.33", "33.33"]


def test_a_pending_deposit_is_a_row_without_a_target():
    level = measure_level(numbered([60, 40], [60, 40]), FIVE_25, Decimal(100))
    assert [str(row.weight) for row in level.rows] == ["30.00", "20.00"]
    assert level.drift == 50
    assert level.total == 200
    level = measure_level(numbered([60, 40], [60, 40]), FIVE_25, Decimal(-50))
    assert [str(row.weight) for row in level.rows] == ["120.00", "80.00"]
    assert level.drift == 100


@pytest.mark.parametrize(
    ("band", "target", "half"),
    [
        (FIVE_25, "60", "5"),
        (FIVE_25, "20", "5"),
        (FIVE_25, "19.99", "4.9975"),
        (FIVE_25, "0", "1"),
        (Band(kind=BandKind.ABSOLUTE, points=Decimal(3)), "60", "3"),
        (Band(kind=BandKind.ABSOLUTE, points=Decimal(3)), "0", "3"),
        (Band(kind=BandKind.RELATIVE, percent=Decimal(20)), "15", "3"),
        (Band(kind=BandKind.RELATIVE, percent=Decimal(20)), "0", "0"),
        (Band(kind=BandKind.HYBRID, percent=Decimal(20), floor=Decimal(1)), "15", "3"),
        (Band(kind=BandKind.HYBRID, percent=Decimal(20), floor=Decimal(1)), "4", "1"),
        (Band(kind=BandKind.HYBRID, percent=Decimal(20), floor=Decimal(1)), "0", "1"),
    ],
)
def test_how_wide_each_band_is(band, target, half):
    assert band.half_width(Decimal(target)) == Decimal(half)


def test_no_band_has_no_edges_and_nothing_outside():
    level = measure_level(numbered([100, 0], [0, 100]), NO_BAND)
    assert [(row.low, row.high, row.distance) for row in level.rows] == [(None, None, None)] * 2
    assert level.outside == ()
    assert fired(level) == ["portfolio_drift"]


@pytest.mark.parametrize("kind", BandKind)
def test_a_band_has_its_numbers_and_no_others(kind):
    with pytest.raises(EngineError, match="A band of the kind"):
        Band(kind=kind, points=Decimal(1), percent=Decimal(1))
    with pytest.raises(EngineError):
        Band(kind=BandKind.ABSOLUTE, points=Decimal(-1))


@pytest.mark.parametrize(
    ("value", "status"),
    [
        *(("65", Status.IN_BAND), ("65.0000000001", Status.OVER)),
        *(("55", Status.IN_BAND), ("54.9999999999", Status.UNDER)),
    ],
)
def test_an_edge_is_inside_and_the_least_beyond_it_outside(value, status):
    level = measure_level(numbered([value, 100 - Decimal(value)], [60, 40]), FIVE_25)
    assert level.rows[0].status is status


def test_what_has_no_target_is_out_of_model_above_its_point():
    level = measure_level(numbered([99, 1], [100, 0]), FIVE_25)
    assert level.outside == ()
    level = measure_level(numbered(["98.99", "1.01"], [100, 0]), FIVE_25)
    assert [row.status for row in level.rows] == [Status.IN_BAND, Status.OUT_OF_MODEL]
    assert level.rows[1].relative is None


# -- Triggers ---------------------------------------------------------------------------------------------


def test_a_ceiling_fires_strictly_above_it():
    for value, expected in (("80", []), ("80.0000000001", ["guard_rail"])):
        level = measure_level(numbered([value, 100 - Decimal(value)], [80, 20]), NO_BAND)
        assert fired(level, ceilings={"000": Decimal(80)}, portfolio_drift=None) == expected


def test_portfolio_drift_fires_from_its_limit_on():
    for value, expected in (("63", ["portfolio_drift"]), ("62.9999999999", [])):
        level = measure_level(numbered([value, 100 - Decimal(value)], [60, 40]), NO_BAND)
        assert fired(level) == expected


def test_every_trigger_says_how_far_it_is():
    level = measure_level(lines({"A": 62, "B": 38}, {"A": 60, "B": 40}), FIVE_25)
    policy = Policy(ceilings={"A": Decimal(70)})
    days = Occasions(today=date(2026, 2, 27), reviewed_on=date(2025, 3, 1))
    found = {trigger.id: trigger for trigger in triggers((level,), policy, days)}
    assert list(found) == list(TriggerId)
    assert [found[id].distance for id in list(TriggerId)[:3]] == [8, 3, 1]
    assert found[TriggerId.CALENDAR].days == 2
    assert found[TriggerId.CALENDAR].sentence == "A review is due on 1 March 2026."
    assert not any(trigger.has_fired for trigger in found.values())


@pytest.mark.parametrize(
    ("reviewed_on", "today", "has_fired"),
    [
        (date(2025, 3, 1), date(2026, 2, 28), False),
        (date(2025, 3, 1), date(2026, 3, 1), True),
        (date(2024, 2, 29), date(2025, 2, 27), False),
        (date(2024, 2, 29), date(2025, 2, 28), True),
        (date(9999, 1, 1), date(9999, 12, 31), True),
    ],
)
def test_the_calendar_fires_from_the_anniversary_on(reviewed_on, today, has_fired):
    level = measure_level(ARTICLE, FIVE_25)
    days = Occasions(today=today, reviewed_on=reviewed_on)
    (found,) = [t for t in triggers((level,), Policy(), days) if t.id is TriggerId.CALENDAR]
    assert found.has_fired is has_fired
    off = triggers((level,), Policy(has_calendar=False, has_life_events=False), days)
    assert {t.id for t in off} == {TriggerId.BAND, TriggerId.GUARD_RAIL, TriggerId.PORTFOLIO_DRIFT}


@pytest.mark.parametrize(
    ("event_on", "assessed_on", "has_fired"),
    [
        (None, None, False),
        (date(2026, 1, 2), None, True),
        (date(2026, 1, 2), date(2026, 1, 1), True),
        (date(2026, 1, 2), date(2026, 1, 2), False),
    ],
)
def test_a_life_event_fires_where_it_is_newer_than_the_assessment(event_on, assessed_on, has_fired):
    level = measure_level(ARTICLE, FIVE_25)
    days = Occasions(today=date(2026, 2, 1), life_event_on=event_on, assessed_on=assessed_on)
    found = triggers((level,), Policy(), days)
    assert found[-1].id is TriggerId.LIFE_EVENT
    assert found[-1].has_fired is has_fired


def test_a_sentence_names_three_classes_and_counts_the_rest():
    level = measure_level(numbered([50, 50, 0, 0, 0], [20, 20, 20, 20, 20]), FIVE_25)
    (band,) = [t for t in triggers((level,), Policy()) if t.id is TriggerId.BAND]
    assert band.sentence == (
        "Outside the band: 000 50% (15% to 25%), 001 50% (15% to 25%), 002 0% (15% to 25%) and 2 more."
    )
    assert len(band.names) == 5


@pytest.mark.parametrize(
    "wrong", [{"minimum_trade": Decimal(-1)}, {"ceilings": {"a": Decimal(-1)}}]
)
def test_a_negative_limit_is_refused(wrong):
    with pytest.raises(EngineError):
        Policy(**wrong)


# -- Bad input --------------------------------------------------------------------------------------------


def test_there_is_no_weight_of_nothing():
    with pytest.raises(NothingToMeasure, match="nothing here yet"):
        measure_level(numbered([0, 0], [50, 50]), FIVE_25)
    with pytest.raises(NothingToMeasure, match=r"There is \$10, and \$11 is to be taken out"):
        measure_level(numbered([10], [100]), FIVE_25, Decimal(-11))


def test_targets_have_to_add_up():
    with pytest.raises(EngineError, match=r"Targets add up to 98\.5%\. Add 1\.5%\."):
        measure_level(numbered([1, 1], ["50", "48.5"]), FIVE_25)


# -- Always -----------------------------------------------------------------------------------------------


@given(given=any_lines(), band=bands, chosen=st.data())
def test_what_is_true_of_every_level(given, band, chosen):
    flow = chosen.draw(any_flow(given))
    held = sum(line.value for line in given)
    if held + flow <= 0:
        with pytest.raises(NothingToMeasure):
            measure_level(given, band, flow)
        return
    level = measure_level(given, band, flow)
    assert sum(row.weight for row in level.rows) == half_up(held * 100 / level.total, 2)
    values = [Fraction(line.value) for line in given]
    targets = [Fraction(line.target) / 100 for line in given]
    exact = 100 * oracle.drift(values, targets, Fraction(flow))
    assert 0 <= exact - Fraction(level.drift) < Fraction(1, 10**12)
    total = Fraction(level.total)
    for row, value, target in zip(level.rows, values, targets, strict=True):
        assert Fraction(row.amount) == value - target * total
        assert half_up(row.points, 2) == rounded(100 * (value / total - target))
        edges = band.edges(row.target)
        inside = edges is None or (
            Fraction(edges[0]) / 100 * total <= value
            and (value <= Fraction(edges[1]) / 100 * total or edges[1] == 100)
        )
        if edges is None or edges[1] < 100:
            assert row.is_outside is not inside


def rounded(exact: Fraction) -> Decimal:
    """Half away from zero, two decimals."""
    units = int(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(units if exact >= 0 else -units).scaleb(-2)


def test_a_thousand_classes_are_measured():
    level = measure_level(numbered([10**15] * 1000, ["0.1"] * 1000), FIVE_25)
    assert level.drift == 0
