"""A portfolio against its target: look-through, stand-ins, roles and the base."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.drift import Target, measure
from riskalloc.engine.holding_classes import (
    STAND_INS,
    TOPS,
    HoldingClass,
    class_names,
    counted_in,
)
from riskalloc.engine.levels import NothingToMeasure
from riskalloc.engine.positions import Account, Portfolio, Position, Role, Switches, role_on
from riskalloc.engine.triggers import Policy
from tests.engine.cast import V1
from tests.engine.holdings import CORE, NAMES, portfolio, position, target

ARTICLE = portfolio(
    position("us_large_cap", 70_000),
    position("intl_developed", 15_000),
    position("us_aggregate", 10_000),
    position("reit", 15_000),
)
DIVERSIFIED = target(
    us_large_cap=50, intl_developed=10, government=20, ig_corporate=10, tips=5, high_yield=5
)


def drift_of(held, to=CORE, policy=None, **changes):
    return measure(held, to, policy or Policy(), NAMES, **changes)


def values(level) -> dict[str, Decimal]:
    return {str(row.name): row.value for row in level.rows}


def test_the_articles_example_at_both_levels():
    drift = drift_of(ARTICLE)
    assert [(row.label, str(row.weight)) for row in drift.tops.rows] == [
        *(("Stocks", "77.27"), ("Bonds", "9.09"), ("Alternatives", "13.64"))
    ]
    assert [trigger.id.value for trigger in drift.fired] == ["portfolio_drift"]
    assert drift.base.total == 110_000
    assert drift.is_due


def test_the_ceiling_on_stocks_looks_at_the_top_class():
    held = portfolio(position("us_large_cap", 81), position("us_aggregate", 19))
    to = target(us_large_cap=80, us_aggregate=20)
    assert [trigger.id.value for trigger in drift_of(held, to).fired] == ["guard_rail"]


def test_bands_fire_at_either_level():
    held = portfolio(position("us_large_cap", 64), position("intl_developed", 19), a=17)
    to = target(us_large_cap=60, intl_developed=17, us_aggregate=23)
    found = {str(name) for t in drift_of(held, to).fired if t.id == "band" for name in t.names}
    assert {"stocks", "bonds", "us_aggregate", "cash"} <= found
    assert not {"us_large_cap", "intl_developed"} & found


# -- Stand-ins --------------------------------------------------------------------------------------------


def test_a_class_that_the_target_does_not_name_counts_in_its_stand_in():
    named = CORE.named
    assert {held: counted_in(held, named) for held in STAND_INS} == dict(STAND_INS)
    for held in ("high_yield", "gold", "commodities", "crypto", "other", "cash", "unclassified"):
        assert counted_in(HoldingClass(held), named) == held


def test_a_named_class_counts_as_itself():
    named = target(us_large_cap=50, us_small_cap=50).named
    assert counted_in(HoldingClass.US_SMALL_CAP, named) is HoldingClass.US_SMALL_CAP
    assert counted_in(HoldingClass.EMERGING, named) is HoldingClass.EMERGING
    only_government = target(government=100).named
    assert counted_in(HoldingClass.US_AGGREGATE, only_government) is HoldingClass.US_AGGREGATE


def test_government_and_company_bonds_form_one_row_with_aggregate():
    held = portfolio(
        position("us_large_cap", 50),
        position("us_aggregate", 20),
        position("government", 20),
        position("municipal", 5),
        position("tips", 5),
    )
    drift = drift_of(held, DIVERSIFIED)
    bonds = drift.classes.row("us_aggregate")
    assert bonds is not None
    assert (bonds.value, bonds.target) == (45, 30)
    assert bonds.line.members == ("government", "ig_corporate", "municipal")
    assert values(drift.classes)["tips"] == 5


def test_a_class_of_0_in_the_target_is_not_named():
    to = target(us_large_cap=100, us_small_cap=0)
    drift = drift_of(portfolio(position("us_small_cap", 10)), to)
    assert values(drift.classes) == {"us_large_cap": 10}


def test_every_class_has_a_top_class_and_a_name():
    assert set(TOPS) == set(HoldingClass)
    names = class_names(V1.classes)
    assert all(names[held] for held in [*HoldingClass, *Top])
    for asset in AssetClass:
        assert TOPS[HoldingClass(asset)] == V1.classes.classes[asset].top
    order = [held.value for held in HoldingClass if held.value in set(AssetClass)]
    assert order == [asset.value for asset in AssetClass]


# -- Look-through, roles, the base ------------------------------------------------------------------------


def test_a_fund_that_spans_classes_counts_by_its_weights_and_the_rest_is_unclassified():
    world = position(
        "world", "1000.01", classes={"us_large_cap": "60.5", "emerging": "20"}, name="World"
    )
    drift = drift_of(portfolio(world))
    assert values(drift.classes) == {
        "us_large_cap": Decimal("605.00605"),
        "intl_developed": Decimal("200.002"),
        "us_aggregate": 0,
        "reit": 0,
        "unclassified": Decimal("195.00195"),
    }
    assert sum(values(drift.tops).values()) == Decimal("1000.01")
    assert drift.base.unclassified == Decimal("195.00195")
    assert drift.base.mixed_ids == ("world",)
    assert [row.line.fixed for row in drift.classes.rows] == [*values(drift.classes).values()]


def test_frozen_counts_and_is_fixed_and_excluded_does_not_count():
    held = portfolio(
        position("us_large_cap1", 60),
        position("us_large_cap2", 30, role=Role.FROZEN, reason="Pension"),
        position("reit", 500, role=Role.EXCLUDED),
        a=10,
    )
    drift = drift_of(held)
    assert (drift.base.total, drift.base.frozen, drift.base.excluded) == (100, 30, 500)
    assert (drift.base.frozen_ids, drift.base.excluded_ids) == (("us_large_cap2",), ("reit",))
    us = drift.classes.row("us_large_cap")
    assert us is not None
    assert (us.value, us.line.fixed) == (90, 30)


def test_the_switches_count_something_else():
    held = portfolio(position("us_large_cap", 60), position("reit", 40, role=Role.EXCLUDED), a=10)
    without_cash = drift_of(held, switches=Switches(counts_cash=False))
    assert (without_cash.base.total, without_cash.base.cash) == (60, 10)
    everything = drift_of(held, switches=Switches(counts_excluded=True))
    assert everything.base.total == 110
    reit = everything.classes.row("reit")
    assert reit is not None
    assert reit.line.fixed == 40


def test_frozen_until_a_day_is_tradable_from_it_on():
    day = date(2026, 5, 1)
    assert role_on(date(2026, 4, 30), Role.FROZEN, day) is Role.FROZEN
    assert role_on(day, Role.FROZEN, day) is Role.TRADABLE
    assert role_on(day, Role.EXCLUDED, day) is Role.EXCLUDED
    assert role_on(day, Role.FROZEN, None) is Role.FROZEN


@given(
    cents=st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any),
    hundredths=st.lists(st.integers(0, 5000), min_size=24, max_size=24),
    classes=st.lists(st.sampled_from(HoldingClass), min_size=24, max_size=24),
    cash=st.integers(0, 10**9),
)
def test_10_look_through_adds_up_to_the_whole_at_both_levels(cents, hundredths, classes, cash):
    positions = tuple(
        Position(
            id=str(n),
            name=str(n),
            account="a",
            value=Decimal(value) / 100,
            classes={
                classes[2 * n]: Decimal(hundredths[2 * n]) / 100,
                classes[2 * n + 1]: Decimal(hundredths[2 * n + 1]) / 100,
            },
        )
        for n, value in enumerate(cents)
    )
    account = Account(id="a", name="a", cash=Decimal(cash) / 100)
    drift = drift_of(Portfolio(accounts=(account,), positions=positions))
    whole = Decimal(sum(cents) + cash) / 100
    for level in (drift.tops, drift.classes):
        assert sum(row.value for row in level.rows) == whole == drift.base.total
        assert sum(row.weight for row in level.rows) == 100
        assert sum(row.target for row in level.rows) == 100
        assert all(row.line.fixed <= row.value for row in level.rows)


# -- Bad input --------------------------------------------------------------------------------------------


def test_an_empty_portfolio_has_nothing_to_measure():
    for held in (Portfolio(), portfolio(a=0), portfolio(position("reit", 5, role=Role.EXCLUDED))):
        with pytest.raises(NothingToMeasure):
            drift_of(held)


def test_only_cash_is_a_portfolio():
    drift = drift_of(portfolio(a=100))
    assert drift.classes.drift == 100
    assert values(drift.tops) == {"stocks": 0, "bonds": 0, "alternatives": 0, "cash": 100}


@pytest.mark.parametrize("percents", [{"us_large_cap": "99.99"}, {"us_large_cap": "100.01"}, {}])
def test_a_target_adds_up(percents):
    with pytest.raises(EngineError, match="Targets add up to"):
        target(**percents)


@pytest.mark.parametrize(
    "changes",
    [
        {"value": "-1"},
        {"value": "1.001"},
        {"value": "NaN"},
        {"value": "1E+300"},
        {"classes": {"reit": "100.01"}},
        {"classes": {"reit": "60", "gold": "40.01"}},
        {"classes": {"reit": "-1"}},
        {"quantity": "-1"},
    ],
)
def test_a_position_that_cannot_be_is_refused(changes):
    with pytest.raises(EngineError):
        position("reit", changes.pop("value", 1), **changes)


def test_a_portfolio_that_does_not_hold_together_is_refused():
    with pytest.raises(EngineError, match="same id"):
        portfolio(position("reit", 1), position("reit", 1))
    with pytest.raises(EngineError, match="not here"):
        Portfolio(positions=(position("reit", 1),))
    with pytest.raises(EngineError, match="not negative"):
        Account(id="a", name="a", cash=Decimal(-1))
    with pytest.raises(EngineError, match="not negative"):
        Target(percents={AssetClass.REIT: Decimal(101), AssetClass.GOLD: Decimal(-1)})
