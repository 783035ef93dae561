"""Base mix, income shift, and the mixes of all 441 pairs of scores."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given

from riskalloc.engine.allocation import allocate, shifted, target_mix, target_weights
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.assets import Mix
from riskalloc.engine.scoring import limit_scores, score
from riskalloc.methodology import load
from tests.engine import published, strategies
from tests.engine.cast import (
    HIGHEST,
    LOWEST,
    METHODS,
    SEED,
    V1,
    answers,
    answers_scoring,
    calculate,
    figures,
    pair,
)

SCORES = range(LOWEST, HIGHEST + 1)
BY_VERSION = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)


def mix_of(rti, iss, method=V1) -> Mix:
    """The mix of a pair, without the limits."""
    return allocate(pair(rti, iss, method), "core", method).mix


@BY_VERSION
def test_the_worked_example_is_75_10_15_0(method):
    allocation = calculate(method).allocation
    assert figures(allocation.base) == "70/20/10/0"
    assert allocation.shift == 10
    assert figures(allocation.mix) == "75/10/15/0"


# -- Base and shift --------------------------------------------------------------------------------


def test_the_graduated_base_is_the_published_table():
    bases = {rti: figures(allocate(pair(rti, 15, V1), "core", V1).base) for rti in SCORES}
    assert bases == {rti: published.V1_BASE[min(rti, 18)] for rti in SCORES}


def test_the_banded_base_follows_the_label():
    for rti in SCORES:
        scores = pair(rti, 15, SEED)
        base = allocate(scores, "core", SEED).base
        assert figures(base) == published.SEED_BASE[scores.rti_label]


def test_the_shift_is_two_points_for_each_point_from_15():
    shifts = {iss: allocate(pair(18, iss, V1), "core", V1).shift for iss in SCORES}
    assert shifts == {iss: min(max(2 * (iss - 15), -20), 10) for iss in SCORES}


def test_the_banded_shift_knows_high_and_low():
    shifts = {iss: allocate(pair(18, iss, SEED), "core", SEED).shift for iss in SCORES}
    assert shifts == {iss: 10 if iss >= 15 else -20 for iss in SCORES}


@pytest.mark.parametrize(
    ("base", "points", "mix"),
    [
        ("70/20/10/0", 0, "70/20/10/0"),
        ("70/20/10/0", 10, "75/10/15/0"),  # all out of bonds
        ("50/35/10/5", 10, "55/30/15/0"),  # cash first, then bonds
        ("25/50/5/20", 10, "30/50/10/10"),  # all out of cash
        ("66/23/10/1", 5, "69/19/12/0"),  # the odd point goes to stocks
        ("66/23/10/1", 1, "67/23/10/0"),
        ("95/3/1/1", 10, "97/0/3/0"),  # as much as there is
        ("70/20/10/0", -20, "60/30/0/10"),
        ("25/50/5/20", -20, "15/57/0/28"),  # 5 + 10 taken: 7 to bonds, 8 to cash
        ("10/40/0/50", -20, "0/45/0/55"),
        ("25/50/5/20", -2, "24/51/4/21"),
        ("25/50/5/20", -3, "24/51/4/21"),  # half of 3, rounded down
        ("5/40/0/55", -20, "0/42/0/58"),
    ],
)
def test_points_move_as_published(base, points, mix):
    assert figures(shifted(Mix(*published.mix(base)), points)) == mix


# -- The published table of mixes, and all pairs ------------------------------------------------------


@pytest.mark.parametrize(
    ("rti", "mixes"),
    [
        (8, "15/57/0/28 20/55/0/25 24/51/4/21 25/50/5/20 26/50/6/18 27/50/7/16 30/50/10/10"),
        (13, "40/45/0/15 45/40/5/10 49/36/9/6 50/35/10/5 51/35/11/3 52/35/12/1 55/30/15/0"),
        (18, "60/30/0/10 65/25/5/5 69/21/9/1 70/20/10/0 71/18/11/0 72/16/12/0 75/10/15/0"),
    ],
)
def test_the_published_table_of_mixes_holds(rti, mixes):
    by_iss = zip((5, 10, 14, 15, 16, 17, 20), mixes.split(), strict=True)
    for iss, mix in by_iss:
        assert figures(mix_of(rti, iss)) == mix
    assert {figures(mix_of(rti, iss)) for iss in range(20, 26)} == {mixes.split()[-1]}


def test_with_the_ceiling_rti_18_and_iss_5_are_those_of_rti_13():
    scores = limit_scores(18, 5, V1)
    assert scores.rti == 13
    assert figures(allocate(scores, "core", V1).mix) == "40/45/0/15"


@BY_VERSION
def test_stocks_never_fall_where_a_score_rises(method):
    stocks = {(rti, iss): mix_of(rti, iss, method).stocks for rti in SCORES for iss in SCORES}
    assert len(stocks) == 441
    for lower, higher in pairwise(SCORES):
        for other in SCORES:
            assert stocks[lower, other] <= stocks[higher, other]
            assert stocks[other, lower] <= stocks[other, higher]


@BY_VERSION
def test_all_pairs_add_up_to_100_and_have_no_negative_part(method):
    for rti in SCORES:
        for iss in SCORES:
            points = [points for _, points in mix_of(rti, iss, method)]
            assert sum(points) == 100
            assert min(points) >= 0


def test_the_ceiling_keeps_stocks_from_falling_where_a_score_rises():
    def stocks(rti, iss):
        return allocate(limit_scores(rti, iss, V1), "core", V1).mix.stocks

    for lower, higher in pairwise(SCORES):
        for other in SCORES:
            assert stocks(lower, other) <= stocks(higher, other)
            assert stocks(other, lower) <= stocks(other, higher)


def test_one_point_never_moves_stocks_by_more_than_5_in_the_graduated_method():
    for lower, higher in pairwise(SCORES):
        for other in SCORES:
            assert mix_of(higher, other).stocks - mix_of(lower, other).stocks <= 5
            assert mix_of(other, higher).stocks - mix_of(other, lower).stocks <= 5


def test_stocks_and_alternatives_together_never_fall_where_a_score_rises():
    def both(rti, iss):
        mix = mix_of(rti, iss)
        return mix.stocks + mix.alternatives

    for lower, higher in pairwise(SCORES):
        for other in SCORES:
            assert both(lower, other) <= both(higher, other)
            assert both(other, lower) <= both(other, higher)


# -- What holds a rise back --------------------------------------------------------------------------


@pytest.mark.parametrize(("reserve", "shift"), [(1, 0), (2, 5), (3, 10), (4, 10), (5, 10)])
@pytest.mark.parametrize("place", [1, 2], ids=["emergency_fund", "debt_to_income"])
def test_a_rise_is_at_most_5_points_for_each_reserve_point_above_1(place, reserve, shift):
    income = [5, 5, 5, 5, 5]
    income[place] = reserve
    assert allocate(score(answers_scoring((3, 5, 3, 3, 3), income), V1), "core", V1).shift == shift


@pytest.mark.parametrize(
    ("years", "shift"),
    [("3", 0), ("6.99", 0), ("7", 5), ("9.99", 5), ("10", 10), ("40", 10)],
)
def test_a_rise_is_nothing_under_7_years_and_at_most_5_points_under_10(years, shift):
    scores = limit_scores(8, 25, V1, horizon_years=Decimal(years))
    assert allocate(scores, "core", V1).shift == shift


def test_a_rise_smaller_than_its_caps_stays_as_it_is():
    scores = limit_scores(14, 17, V1, horizon_years=Decimal(7))
    assert allocate(scores, "core", V1).shift == 4


def test_a_fall_is_never_capped():
    scores = score(answers_scoring((2, 2, 2, 2, 2), (1, 1, 1, 1, 1)), V1)
    assert allocate(scores, "core", V1).shift == -20


def test_the_banded_method_caps_nothing():
    allocation = calculate(SEED, horizon_years="1", savings="0", monthly_debt="5000").allocation
    assert allocation.shift == -20  # ISS 4 + 1 + 1 + 4 + 4 = 14
    steady = {"job_security": "tenured_or_pension"}
    allocation = calculate(
        SEED, horizon_years="1", savings="0", monthly_debt="5000", **steady
    ).allocation
    assert allocation.shift == 10


# -- Money that is needed soon, and the steps ---------------------------------------------------------


@pytest.mark.parametrize("sleeves", ["core", "diversified"])
@pytest.mark.parametrize("items", [(1, 1, 1, 1, 1), (5, 1, 5, 5, 5)])
def test_near_term_money_is_30_bonds_and_70_cash_whatever_the_rest_says(items, sleeves):
    allocation = allocate(score(answers_scoring(items), V1), sleeves, V1)
    assert figures(allocation.mix) == figures(allocation.base) == "0/30/0/70"
    assert (allocation.shift, allocation.sleeves) == (0, "core")
    assert allocation.weights.percents() == {"us_aggregate": 30, "cash": 70}


@pytest.mark.parametrize("years", ["2", "12"])
def test_unknown_sleeves_are_refused_with_those_that_there_are(years):
    with pytest.raises(EngineError, match=r"no “odd” sleeves\. Choose core or diversified"):
        allocate(score(answers(horizon_years=years), V1), "odd", V1)


@given(given=strategies.any_answers, version=strategies.versions, sleeves=strategies.sleeves)
def test_the_mix_alone_is_the_mix_with_its_steps(given, version, sleeves):
    method = load(version)
    scores = score(given, method)
    allocation = allocate(scores, sleeves, method)
    assert target_mix(scores, method) == allocation.mix
    assert target_weights(scores, sleeves, method) == allocation.weights


def test_the_steps_of_a_mix_follow_each_other():
    base, shift, sleeves = calculate().allocation.steps
    assert (base.rule, shift.rule, sleeves.rule) == ("base", "shift", "sleeves")
    assert base.after == shift.before
    assert shift.after == sleeves.before
    assert shift.change == {"stocks": 5, "bonds": -10, "alternatives": 5}
    assert sum(sleeves.after.values()) == 100


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "20 moves 10 points: 10 out of bonds; 5 into stocks and 5 into alternatives."),
        (
            {"household_cover": "under_25", "largest_fall": "25_or_more"},
            "14 moves 2 points: 1 out of stocks and 1 out of alternatives; 1 into bonds and 1 into cash.",
        ),
        (
            {"household_cover": "under_25", "largest_fall": "15_to_25"},
            "15 leaves the mix as it is.",
        ),
        (
            {"savings": "0"},
            "17 leaves the mix as it is. Your emergency fund and debts allow 0, not 4.",
        ),
    ],
)
def test_the_shift_says_what_it_moved_and_what_held_it_back(changes, sentence):
    shift = calculate(**changes).allocation.steps[1]
    assert shift.sentence == f"Your income score of {sentence}"
