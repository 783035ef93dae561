"""Plans: the article's example by hand, and what is always true of the three forms."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from riskalloc.engine.amounts import EngineError, half_up
from riskalloc.engine.bands import FIVE_25, NO_BAND, Band, BandKind
from riskalloc.engine.closed_forms import NoPlan
from riskalloc.engine.deposits import deposits, months_of
from riskalloc.engine.levels import Line, Status, measure_level
from riskalloc.engine.plans import Kind, Limits, Plan, Reason
from riskalloc.engine.rebalancing import lines_in_cents, rebalance
from tests.engine import rebalancing_oracle as oracle
from tests.engine.holdings import ARTICLE, any_flow, any_lines, bands, dollars, lines, numbered

CENT = Decimal("0.01")
kinds = st.sampled_from(Kind)


def amounts(plan: Plan) -> list[str]:
    return [str(trade.amount) for trade in plan.trades]


def traded(given: tuple[Line, ...], plan: Plan) -> tuple[Line, ...]:
    """What is held once a plan is carried out."""
    return numbered(
        [line.value + trade.amount for line, trade in zip(given, plan.trades, strict=True)],
        [line.target for line in given],
        [line.fixed for line in given],
    )


def in_cents(given: tuple[Line, ...]) -> list[int]:
    return [int(line.value * 100) for line in given]


def fractions(given: tuple[Line, ...]) -> list[Fraction]:
    return [Fraction(line.target) / 100 for line in given]


# -- By hand ----------------------------------------------------------------------------------------------


def test_the_articles_example_to_the_cent():
    plan = rebalance(ARTICLE, Kind.FULL)
    assert amounts(plan) == ["-4000.00", "1500.00", "1000.00", "1500.00"]
    assert [str(trade.after) for trade in plan.trades] == ["60.00", "15.00", "10.00", "15.00"]
    assert plan.drift_before is not None
    assert half_up(plan.drift_before, 2) == Decimal("3.64")
    assert (plan.drift_after, plan.turnover, plan.cash_left) == (0, 4000, 0)
    instead = deposits(ARTICLE, FIVE_25)
    assert (instead.to_target, instead.into_band) == (Decimal("6666.67"), 0)
    assert months_of(Decimal("6666.67"), Decimal(500)) == 14


def test_its_sentences_have_the_numbers_of_each_trade():
    assert rebalance(ARTICLE, Kind.FULL).sentences == (
        "Sell $4,000 of US large-cap: 63.64% → 60%, which takes off 1.82 points of drift.",
        "Buy $1,500 of International: 13.64% → 15%, which takes off 0.68 points of drift.",
        "Buy $1,000 of Bonds: 9.09% → 10%, which takes off 0.46 points of drift.",
        "Buy $1,500 of REITs: 13.63% → 15%, which takes off 0.68 points of drift.",
    )


def test_a_deposit_brings_the_lowest_funded_ratios_to_one_level():
    given = lines({"A": 30, "B": 10, "C": 0}, {"A": 25, "B": 25, "C": 50})
    # funded ratios 1.2, 0.4, 0 of 100: 20 bring C to B's level, then both rise together
    assert amounts(rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(20))) == [
        *("0.00", "0.00", "20.00")
    ]
    assert amounts(rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(50))) == [
        *("0.00", "10.00", "40.00")
    ]


def test_a_withdrawal_sells_first_what_has_no_target_in_proportion():
    given = lines({"A": 60, "B": 40, "X": 20, "Y": 10}, {"A": 50, "B": 50})
    assert amounts(rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(-15))) == [
        *("0.00", "0.00", "-10.00", "-5.00")
    ]
    assert amounts(rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(-40))) == [
        *("-10.00", "0.00", "-20.00", "-10.00")
    ]


def test_back_into_band_ends_at_the_edges():
    given = lines({"A": 70, "B": 20, "C": 10}, {"A": 60, "B": 20, "C": 20})
    # A to 65; C from 10 to its lower edge 15: sells 5, buys 5
    assert amounts(rebalance(given, Kind.INTO_BAND)) == ["-5.00", "0.00", "5.00"]
    wide = Band(kind=BandKind.ABSOLUTE, points=Decimal(8))
    # A to 68 raises 2, which C at its edge of 12 takes
    assert amounts(rebalance(given, Kind.INTO_BAND, band=wide)) == ["-2.00", "0.00", "2.00"]


def test_a_locked_class_trades_nothing_and_the_rest_share_what_remains():
    plan = rebalance(ARTICLE, Kind.FULL, limits=Limits(locked={"US large-cap"}))
    assert amounts(plan) == ["0.00", "0.00", "0.00", "0.00"]
    plan = rebalance(ARTICLE, Kind.FULL, limits=Limits(locked={"Bonds"}))
    assert amounts(plan) == ["-3333.33", "1666.67", "0.00", "1666.66"]
    assert plan.sentences[-1] == "Bonds: locked, so it stays $1,000 away from its target."


def test_a_partly_frozen_class_stays_at_what_is_frozen():
    given = numbered([80, 20, 0], [50, 30, 20], [65, 0, 0])
    plan = rebalance(given, Kind.FULL)
    assert amounts(plan) == ["-15.00", "1.00", "14.00"]
    assert [(skip.reason, skip.amount) for skip in plan.skipped] == [(Reason.FIXED, -15)]
    assert "cannot be sold" in plan.sentences[-1]


def test_the_smallest_line_under_the_minimum_is_dropped_and_the_rest_solved_again():
    plan = rebalance(ARTICLE, Kind.FULL, limits=Limits(minimum_trade=Decimal(1200)))
    assert amounts(plan) == ["-3333.33", "1666.67", "0.00", "1666.66"]
    assert [(skip.name, skip.amount) for skip in plan.dropped] == [("Bonds", 1000)]
    plan = rebalance(ARTICLE, Kind.FULL, limits=Limits(minimum_trade=Decimal(5000)))
    assert amounts(plan) == ["0.00"] * 4
    assert plan.cash_left == 0


def test_a_tie_under_the_minimum_drops_the_later_class_and_says_what_cash_is_left():
    given = lines({"A": 50, "B": 50}, {"A": 50, "B": 50})
    limits = Limits(minimum_trade=Decimal(5))
    plan = rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(8), limits=limits)
    assert amounts(plan) == ["8.00", "0.00"]
    assert [skip.name for skip in plan.dropped] == ["B"]
    limits = Limits(minimum_trade=Decimal(10))
    plan = rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(8), limits=limits)
    assert (amounts(plan), plan.cash_left) == (["0.00", "0.00"], 8)
    assert plan.sentences[-1] == "$8 stays in cash."
    plan = rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(-8), limits=limits)
    assert (amounts(plan), plan.cash_left) == (["0.00", "0.00"], -8)
    assert plan.sentences[-1] == "$8 of what is to be taken out is not raised."


def test_cash_to_keep_is_never_spent_and_filled_from_new_money_only():
    given = lines({"A": 60, "Cash": 40}, {"A": 100})
    limits = Limits(cash="Cash", cash_to_keep=Decimal(30))
    assert amounts(rebalance(given, Kind.FULL, limits=limits)) == ["10.00", "-10.00"]
    more = Limits(cash="Cash", cash_to_keep=Decimal(50))
    plan = rebalance(given, Kind.FULL, limits=more)
    assert amounts(plan) == ["0.00", "0.00"]
    assert plan.skipped[-1].reason is Reason.CASH_TO_KEEP
    for kind in Kind:
        plan = rebalance(given, kind, cash_flow=Decimal(15), limits=more, band=NO_BAND)
        assert amounts(plan) == ["5.00", "10.00"]


def test_the_class_cash_has_no_smallest_trade():
    given = lines({"A": 60, "B": 39, "Cash": 1}, {"A": 60, "B": 40})
    limits = Limits(cash="Cash", minimum_trade=Decimal(1))
    plan = rebalance(given, Kind.FULL, limits=limits)
    assert [trade.sentence for trade in plan.made] == [
        "Buy $1 of B: 39% → 40%, which takes off 0.5 points of drift.",
        "Use $1 of Cash: 1% → 0%, which takes off 0.5 points of drift.",
    ]


# -- Deposits instead of sales ----------------------------------------------------------------------------


def test_no_deposit_reaches_a_target_that_has_no_place_for_what_is_held():
    given = lines({"A": 50, "X": 1}, {"A": 100})
    assert deposits(given, FIVE_25).to_target is None
    assert deposits(given, FIVE_25).into_band == 49  # X is 1 % of 100
    none = Band(kind=BandKind.RELATIVE, percent=Decimal(20))
    assert deposits(given, none).into_band is None


def test_a_deposit_into_band_also_lifts_what_is_under_its_lower_edge():
    given = lines({"A": 100, "B": 0}, {"A": 50, "B": 50})
    # T: 100 / T is at most 55 %, and 45 % of T is new money
    assert deposits(given, FIVE_25).into_band == Decimal("81.82")


def test_locked_classes_get_no_new_money():
    assert deposits(ARTICLE, FIVE_25, locked={"Bonds"}).to_target is None
    assert deposits(ARTICLE, FIVE_25, locked={"US large-cap"}).to_target == Decimal("6666.67")
    given = lines({"A": 100, "B": 46, "C": 0}, {"A": 50, "B": 25, "C": 25})
    assert deposits(given, FIVE_25).into_band is not None
    assert deposits(given, FIVE_25, locked={"C"}).into_band is None


def test_no_contribution_is_no_number_of_months():
    assert months_of(Decimal(100), Decimal(0)) is None
    assert months_of(Decimal("100.01"), Decimal(100)) == 2


# -- Bad input --------------------------------------------------------------------------------------------


def test_more_cannot_be_taken_out_than_there_is():
    with pytest.raises(NoPlan, match=r"There is \$110,000, and \$110,000\.01 is to be taken out"):
        rebalance(ARTICLE, Kind.FULL, cash_flow=Decimal("-110000.01"))
    limits = Limits(locked={"US large-cap"})
    with pytest.raises(NoPlan, match=r"Only \$40,000 may be sold"):
        rebalance(ARTICLE, Kind.CASH_FLOW, cash_flow=Decimal(-40_001), limits=limits)


@pytest.mark.parametrize("kind", Kind)
def test_something_with_a_target_has_to_be_unlocked(kind):
    limits = Limits(locked={line.name for line in ARTICLE})
    with pytest.raises(NoPlan, match="Unlock a class"):
        rebalance(ARTICLE, kind, cash_flow=Decimal(1), limits=limits)


def test_what_has_no_target_may_still_be_taken_out_where_all_else_is_locked():
    given = lines({"A": 50, "X": 10}, {"A": 100})
    for kind in Kind:
        plan = rebalance(given, kind, cash_flow=Decimal(-10), limits=Limits(locked={"A"}))
        assert amounts(plan) == ["0.00", "-10.00"]
    with pytest.raises(NoPlan, match="Unlock a class"):
        rebalance(given, Kind.FULL, cash_flow=Decimal(-9), limits=Limits(locked={"A"}))


@pytest.mark.parametrize("kind", Kind)
def test_taking_out_everything_sells_everything(kind):
    plan = rebalance(ARTICLE, kind, cash_flow=Decimal(-110_000))
    assert amounts(plan) == ["-70000.00", "-15000.00", "-10000.00", "-15000.00"]
    assert (plan.drift_before, plan.drift_after, plan.turnover) == (None, 0, 110_000)
    assert plan.sentences[0] == "Sell $70,000 of US large-cap."


@pytest.mark.parametrize("kind", Kind)
def test_an_empty_portfolio_has_an_empty_plan_and_takes_a_deposit(kind):
    given = numbered([0, 0], [60, 40])
    assert amounts(rebalance(given, kind)) == ["0.00", "0.00"]
    assert amounts(rebalance(given, kind, cash_flow=Decimal(10))) == ["6.00", "4.00"]


@pytest.mark.parametrize("kind", Kind)
def test_where_everything_is_frozen_only_new_money_moves(kind):
    given = numbered([70, 30], [50, 50], [70, 30])
    assert amounts(rebalance(given, kind)) == ["0.00", "0.00"]
    assert amounts(rebalance(given, kind, cash_flow=Decimal(20))) == ["0.00", "20.00"]
    with pytest.raises(NoPlan, match=r"Only \$0 may be sold"):
        rebalance(given, kind, cash_flow=Decimal(-1))


@pytest.mark.parametrize("targets", [[50, 49.99], [50, 50.01], [0, 0], [100, 100]])
def test_targets_that_do_not_add_up_are_refused_with_what_is_missing(targets):
    with pytest.raises(EngineError, match=r"Targets add up to .*%\. (Add|Take) "):
        rebalance(numbered([1, 1], [Decimal(str(part)) for part in targets]), Kind.FULL)


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-1", "1E+100", "1E-100"])
def test_a_value_that_is_none_is_refused(wrong):
    with pytest.raises(EngineError):
        numbered([wrong], [100])
    with pytest.raises(EngineError):
        rebalance(numbered([1], [100]), Kind.FULL, cash_flow=Decimal(wrong) * 3)


def test_an_amount_finer_than_a_cent_is_refused():
    with pytest.raises(EngineError, match="two decimals"):
        rebalance(ARTICLE, Kind.FULL, cash_flow=Decimal("0.001"))


@pytest.mark.parametrize("kind", Kind)
def test_five_hundred_classes_and_huge_numbers_add_up(kind):
    given = numbered([10**18 + n for n in range(500)], [Decimal("0.2")] * 500)
    plan = rebalance(given, kind, cash_flow=Decimal("12345678901.23"))
    assert sum(trade.amount for trade in plan.trades) == Decimal("12345678901.23")


# -- Always true: the invariants by their numbers ---------------------------------------------------------


@st.composite
def cases(draw, fixed=False, has_minimum=False):
    """Lines, a kind, a cash flow and a band for which there is a plan."""
    given = draw(any_lines(fixed=fixed))
    flow = draw(any_flow(given))
    kind, band = draw(kinds), draw(bands) if fixed else FIVE_25
    minimum = dollars(draw(st.integers(0, 10**7) | st.just(0))) if has_minimum else Decimal(0)
    locked = frozenset(draw(st.sets(st.sampled_from([line.name for line in given]))))
    limits = Limits(minimum_trade=minimum, locked=locked if fixed else frozenset())
    try:
        plan = rebalance(given, kind, cash_flow=flow, band=band, limits=limits)
    except NoPlan:
        assume(False)
    return given, plan, limits


@given(case=cases(fixed=True, has_minimum=True))
def test_what_is_true_of_every_plan(case):
    """Invariants 1, 2, 7, 10 and 14, with locks, frozen parts and a smallest trade."""
    given, plan, limits = case
    sums_agree(plan)
    nothing_is_sold_that_is_not_there_or_not_to_be_sold(given, plan, limits)
    nothing_under_the_minimum_is_left(plan, limits)
    if plan.total:
        no_plan_cures_more_than_it_turns_over(plan)
        effects_add_up_to_what_the_drift_falls(plan)


def sums_agree(plan) -> None:
    assert plan.sells + plan.cash_flow == plan.buys + plan.cash_left
    assert all(trade.amount == half_up(trade.amount, 2) for trade in plan.trades)
    if plan.total:
        placed = (plan.total - plan.cash_left) * 100 / plan.total
        assert sum(trade.after for trade in plan.trades) == half_up(placed, 2)


def nothing_is_sold_that_is_not_there_or_not_to_be_sold(given, plan, limits) -> None:
    for line, trade in zip(given, plan.trades, strict=True):
        assert line.value + trade.amount >= line.fixed
        assert trade.amount == 0 or line.name not in limits.locked
        assert trade.amount <= 0 or line.target


def nothing_under_the_minimum_is_left(plan, limits) -> None:
    assert all(abs(trade.amount) >= limits.minimum_trade for trade in plan.made)
    assert all(0 < abs(skip.amount) < limits.minimum_trade for skip in plan.dropped)
    assert plan.dropped or plan.cash_left == 0


def no_plan_cures_more_than_it_turns_over(plan) -> None:
    cured = (plan.drift_before - plan.drift_after) * plan.total / 100
    assert plan.turnover >= cured - plan.total * Decimal("1e-14")


def effects_add_up_to_what_the_drift_falls(plan) -> None:
    fall = half_up(plan.drift_before, 2) - half_up(plan.drift_after, 2)
    assert sum((trade.effect for trade in plan.trades), plan.cash_effect) == fall


@given(case=cases(has_minimum=True), factor=st.integers(2, 1000), chosen=st.data())
def test_what_is_true_of_every_plan_without_locks(case, factor, chosen):
    """Invariants 4 and 6."""
    given, plan, limits = case
    if plan.drift_before is not None:
        assert plan.drift_after <= plan.drift_before + rounding(plan)
    if not limits.minimum_trade:
        scaling_scales_the_exact_plan(given, plan, factor)
        order_changes_nothing_but_ties_of_a_cent(
            given, plan, chosen.draw(st.permutations(range(len(given))))
        )


def scaling_scales_the_exact_plan(given, plan, factor) -> None:
    scaled = numbered([line.value * factor for line in given], [line.target for line in given])
    larger = rebalance(scaled, plan.kind, cash_flow=plan.cash_flow * factor)
    for one, other in zip(plan.trades, larger.trades, strict=True):
        assert abs(one.amount * factor - other.amount) <= CENT * (factor + 1)


def order_changes_nothing_but_ties_of_a_cent(given, plan, order) -> None:
    shuffled = numbered([given[i].value for i in order], [given[i].target for i in order])
    other = rebalance(shuffled, plan.kind, cash_flow=plan.cash_flow)
    for place, i in enumerate(order):
        assert abs(other.trades[place].amount - plan.trades[i].amount) <= CENT
    assert other.drift_before == plan.drift_before


def rounding(plan: Plan) -> Decimal:
    """Points of drift that whole cents may cost."""
    return 100 * CENT * len(plan.trades) / plan.total if plan.total else Decimal(0)


@given(given=any_lines(fixed=True), chosen=st.data())
def test_3_a_full_plan_carried_out_leaves_nothing_to_do(given, chosen):
    flow = chosen.draw(any_flow(given))
    try:
        plan = rebalance(given, Kind.FULL, cash_flow=flow)
    except NoPlan:
        return
    again = rebalance(traded(given, plan), Kind.FULL)
    assert again.made == ()


@given(given=any_lines(), chosen=st.data())
def test_5_cash_flow_has_one_sign_grows_with_the_cash_and_does_not_depend_on_the_path(
    given, chosen
):
    once, twice = sorted(abs(chosen.draw(any_flow(given))) for _ in range(2))
    sign = chosen.draw(st.sampled_from([1, -1]))
    held = sum(line.value for line in given)
    if sign < 0:
        once, twice = min(once, held), min(twice, held)
    small = rebalance(given, Kind.CASH_FLOW, cash_flow=sign * once)
    large = rebalance(given, Kind.CASH_FLOW, cash_flow=sign * twice)
    then = rebalance(traded(given, small), Kind.CASH_FLOW, cash_flow=sign * (twice - once))
    trades = zip(given, small.trades, large.trades, then.trades, strict=True)
    for line, one, all_of_it, rest in trades:
        assert sign * one.amount >= 0
        assert sign * (all_of_it.amount - one.amount) >= -CENT
        assert abs(one.amount + rest.amount - all_of_it.amount) <= 2 * CENT
        if all_of_it.amount > CENT:  # nothing is bought above its target
            assert line.value + all_of_it.amount <= line.target * large.total / 100 + CENT


@given(given=any_lines())
def test_7_a_full_plan_without_cash_turns_over_the_drift(given):
    plan = rebalance(given, Kind.FULL)
    assert plan.drift_before is not None
    assert plan.drift_after <= rounding(plan)
    expected = plan.drift_before * plan.total / 100
    assert abs(plan.turnover - expected) <= CENT * len(given) + plan.total * Decimal("1e-14")


@given(given=any_lines(), band=bands, chosen=st.data())
def test_8_back_into_band_is_in_band_with_the_smallest_sale(given, band, chosen):
    flow = chosen.draw(any_flow(given))
    plan = rebalance(given, Kind.INTO_BAND, cash_flow=flow, band=band)
    assert abs(plan.sells - least_sale(given, band, flow)) <= CENT * len(given)
    if not measure_level(given, band).outside:
        assert rebalance(given, Kind.INTO_BAND, band=band).made == ()
    if plan.total:
        for line, trade in zip(given, plan.trades, strict=True):
            edges = band.edges(line.target)
            after = line.value + trade.amount
            if edges is not None:
                assert edges[0] * plan.total / 100 - CENT < after
                assert after < edges[1] * plan.total / 100 + CENT


def least_sale(given, band, flow) -> Decimal:
    """The closed form: max(O, U - C, -C)."""
    total, over, under = sum(line.value for line in given) + flow, Decimal(0), Decimal(0)
    for line in given:
        edges = band.edges(line.target)
        if edges is not None:
            over += max(Decimal(0), line.value - edges[1] * total / 100)
            under += max(Decimal(0), edges[0] * total / 100 - line.value)
    return max(over, under - flow, -flow)


@given(given=any_lines(), band=bands)
def test_9_both_deposits_are_enough_and_a_cent_less_is_not(given, band):
    found = deposits(given, band)
    to_target_is_exact(given, found.to_target)
    into_band_is_enough(given, band, found)


def to_target_is_exact(given, deposit) -> None:
    if deposit is None:
        assert any(line.value and not line.target for line in given)
        return
    assert nothing_over(given, deposit)
    assert deposit == 0 or not nothing_over(given, deposit - CENT)
    plan = rebalance(given, Kind.CASH_FLOW, cash_flow=deposit)
    assert plan.drift_after <= 2 * rounding(plan)


def nothing_over(given, deposit) -> bool:
    total = sum(line.value for line in given) + deposit
    return all(line.value * 100 <= line.target * total for line in given)


def into_band_is_enough(given, band, found) -> None:
    if found.to_target is not None:
        assert found.into_band is not None
        assert found.into_band <= found.to_target
    if found.into_band is None:
        assert not enough(given, band, Decimal(10**24))
        return
    assert enough(given, band, found.into_band)
    assert found.into_band == 0 or not enough(given, band, found.into_band - CENT)


def enough(given, band, deposit) -> bool:
    """Whether new money alone brings everything into its band."""
    total, asked = sum(line.value for line in given) + deposit, Decimal(0)
    for line in given:
        edges = band.edges(line.target)
        if edges is not None:
            if line.value * 100 > edges[1] * total:
                return False
            asked += max(Decimal(0), edges[0] * total - line.value * 100)
    return asked <= 100 * deposit


@given(
    given=any_lines(fixed=True),
    extra=st.lists(st.integers(0, 10**8), min_size=8, max_size=8),
)
def test_values_of_look_through_become_cents_that_add_up(given, extra):
    fine = tuple(
        Line(
            name=line.name,
            label=line.label,
            value=line.value + Decimal(more) / 10**8,
            target=line.target,
            fixed=line.fixed + Decimal(more) / 10**8 if line.fixed else line.fixed,
        )
        for line, more in zip(given, extra, strict=False)
    )
    found = lines_in_cents(fine)
    assert sum(line.value for line in found) == half_up(sum(line.value for line in fine), 2)
    for line, exact in zip(found, fine, strict=True):
        assert line.value == half_up(line.value, 2)
        assert abs(line.value - exact.value) < CENT
        sellable = exact.value - exact.fixed
        assert line.value - line.fixed <= half_up(sellable, 8) + CENT


# -- Against a plain second reading -----------------------------------------------------------------------


@given(given=any_lines(most=5), chosen=st.data())
def test_full_and_cash_flow_agree_with_every_possibility_tried(given, chosen):
    flow = chosen.draw(any_flow(given))
    values, targets, cash = in_cents(given), fractions(given), int(flow * 100)
    expected = oracle.full(values, targets, cash)
    plan = rebalance(given, Kind.FULL, cash_flow=flow)
    assert [int(trade.amount * 100) for trade in plan.trades] == expected
    exact = oracle.cash_flow(values, targets, cash)
    plan = rebalance(given, Kind.CASH_FLOW, cash_flow=flow)
    assert [int(t.amount * 100) for t in plan.trades] == oracle.to_cents(exact, cash)


small = st.integers(0, 12)


@given(
    values=st.lists(small, min_size=2, max_size=3).filter(any),
    tenths=st.lists(st.integers(0, 10), min_size=3, max_size=3),
    points=st.sampled_from([0, 10, 20]),
    flow=st.integers(-4, 8),
)
def test_no_smaller_sale_comes_into_band_than_the_plans(values, tenths, points, flow):
    tenths = tenths[: len(values)]
    assume(0 < sum(values) + flow <= 20)
    tenths[-1] = 10 - sum(tenths[:-1])
    assume(tenths[-1] >= 0)
    # Ten cents for each unit: every edge is a whole number of cents.
    targets = [Decimal(10 * tenth) for tenth in tenths]
    band = Band(kind=BandKind.ABSOLUTE, points=Decimal(points))
    given = numbered([Decimal(value) / 10 for value in values], targets)
    plan = rebalance(given, Kind.INTO_BAND, cash_flow=Decimal(flow) / 10, band=band)
    edges = [tuple(Fraction(edge) / 100 for edge in band.edges(target)) for target in targets]
    total = sum(values) + flow
    assume(all((edge * total).denominator == 1 for pair in edges for edge in pair))
    assert plan.sells * 10 == oracle.smallest_sale(values, edges, flow)


@given(
    values=st.lists(small, min_size=2, max_size=3).filter(any),
    tenths=st.lists(st.integers(0, 10), min_size=3, max_size=3),
    flow=st.integers(0, 8),
)
def test_no_deposit_without_a_sale_leaves_less_drift_than_the_plans(values, tenths, flow):
    tenths = tenths[: len(values)]
    tenths[-1] = 10 - sum(tenths[:-1])
    assume(tenths[-1] >= 0)
    targets = [Fraction(tenth, 10) for tenth in tenths]
    given = numbered([Decimal(v * 1000) for v in values], [Decimal(10 * t) for t in tenths])
    plan = rebalance(given, Kind.CASH_FLOW, cash_flow=Decimal(flow * 1000))
    after = [Fraction(line.value) for line in traded(given, plan)]
    least = min(
        oracle.drift([v + x for v, x in zip(values, trades, strict=True)], targets, 0)
        for trades in oracle.every_trade(values, flow)
        if min(trades) >= 0
    )
    assert oracle.drift(after, targets, 0) <= least + Fraction(1, 10_000)


def test_status_words_are_those_of_the_calculator():
    assert [status.value for status in Status] == ["over", "under", "in_band", "out_of_model"]
