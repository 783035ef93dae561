"""From the raw RTI to the effective RTI: C1 and the limits, each on both sides and all in order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from riskalloc.engine.scoring import Scores, limit_scores, score
from tests.engine import published
from tests.engine.cast import CODES, SEED, V1, answers, answers_scoring

ALL_FIVES = (5, 5, 5, 5, 5)


def changes(scores: Scores) -> list[tuple[str, int]]:
    return [(step.rule, int(step.change["rti"])) for step in scores.adjustments]


# -- C1 and C3 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past_behaviour", "drop_reaction", "change"),
    [
        ("sold_all", "sell_some", 0),
        ("sold_all", "hold_worried", -1),
        ("sold_all", "buy_more", -3),
        ("sold_some", "hold_worried", 0),
        ("sold_some", "hold_calm", -1),
        ("sold_some", "buy_more", -2),
        ("never_invested", "buy_more", 0),
        ("put_in_less", "buy_more", 0),
    ],
)
def test_who_sold_counts_at_most_one_point_more_in_a_fall(past_behaviour, drop_reaction, change):
    scores = score(answers(past_behaviour=past_behaviour, drop_reaction=drop_reaction), V1)
    assert dict(changes(scores)).get("C1", 0) == change
    assert (
        CODES["drop_reaction"][scores.items["drop_reaction"] - 1] == drop_reaction
    )  # kept as given


@pytest.mark.parametrize(("lowest", "limit"), [(1, 10), (2, 14), (3, 18), (4, 22), (5, 25)])
@pytest.mark.parametrize("place", [0, 2, 3, 4])
def test_the_lowest_of_four_answers_limits_the_score(place, lowest, limit):
    items = [5, 5, 5, 5, 5]
    items[place] = lowest
    scores = score(answers_scoring(items, ALL_FIVES), V1)
    assert scores.rti == min(limit, sum(items) + dict(changes(scores)).get("C1", 0))
    assert ("C3" in dict(changes(scores))) == (lowest < 5 and scores.raw_rti > limit)


def test_the_horizon_is_not_among_the_four():
    # 4 years score 2; a lowest answer of 2 would limit 18 to 14 before time does so to 9.
    scores = score(answers_scoring((4, 2, 4, 4, 4), ALL_FIVES), V1)
    assert changes(scores) == [("horizon", -9)]


@pytest.mark.parametrize(
    ("items", "rti", "adjustments"),
    [
        ((3, 5, 4, 3, 3), 18, []),  # exactly at the limit of 18
        ((4, 5, 4, 3, 3), 18, [("C3", -1)]),
        ((2, 5, 2, 3, 2), 14, []),  # exactly at the limit of 14
        ((2, 5, 3, 3, 2), 14, [("C3", -1)]),
    ],
)
def test_the_lowest_answer_binds_only_above_its_limit(items, rti, adjustments):
    scores = score(answers_scoring(items, ALL_FIVES), V1)
    assert scores.rti == rti
    assert changes(scores) == adjustments


def test_the_lowest_answer_is_taken_after_the_contradiction():
    # buy_more counts 2 beside sold_all: 21 - 3 = 18, and the lowest is past_behaviour's 1.
    scores = score(answers_scoring((5, 5, 5, 1, 5), ALL_FIVES), V1)
    assert changes(scores) == [("C1", -3), ("C3", -8)]
    assert scores.rti == 10


# -- Capacity, reserve, horizon ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rti", "iss", "limited"),
    [(18, 10, 18), (19, 10, 18), (13, 5, 13), (14, 5, 13), (25, 17, 25), (25, 16, 24)],
)
def test_capacity_is_the_income_score_plus_8(rti, iss, limited):
    scores = limit_scores(rti, iss, V1)
    assert scores.rti == limited
    assert changes(scores) == ([("capacity", limited - rti)] if limited < rti else [])


@pytest.mark.parametrize(("reserve", "limit"), [(1, 15), (2, 18), (3, 21), (4, 24), (5, 25)])
@pytest.mark.parametrize("place", [1, 2], ids=["emergency_fund", "debt_to_income"])
def test_the_lower_of_reserve_and_debts_limits_the_score(place, reserve, limit):
    income = [5, 5, 5, 5, 5]
    income[place] = reserve
    scores = score(answers_scoring(ALL_FIVES, income), V1)
    assert scores.reserve == reserve
    assert changes(scores) == ([("reserve", limit - 25)] if limit < 25 else [])


def test_the_reserve_binds_only_above_its_limit():
    assert changes(score(answers_scoring((3, 3, 3, 3, 3), (5, 1, 5, 5, 5)), V1)) == []
    assert changes(score(answers_scoring((3, 3, 3, 3, 4), (5, 1, 5, 5, 5)), V1)) == [
        ("reserve", -1)
    ]


@pytest.mark.parametrize(("years", "limit"), published.HORIZON_LIMITS.items())
@pytest.mark.parametrize("fraction", ["0", "0.99"])
def test_years_are_rounded_down_to_find_their_limit(years, limit, fraction):
    scores = limit_scores(25, 25, V1, horizon_years=years + Decimal(fraction))
    assert (scores.rti, changes(scores)) == (limit, [("horizon", limit - 25)])
    at_the_limit = limit_scores(limit, 25, V1, horizon_years=years + Decimal(fraction))
    assert (at_the_limit.rti, changes(at_the_limit)) == (limit, [])


@pytest.mark.parametrize("years", ["11", "11.5", "100"])
def test_from_11_years_on_time_is_no_limit(years):
    assert limit_scores(25, 25, V1, horizon_years=Decimal(years)).adjustments == ()


def test_the_limit_counts_whole_years_and_the_score_does_not():
    scores = score(answers(horizon_years="10.99", drop_reaction="buy_more"), V1)
    assert scores.items["horizon"] == 4
    assert changes(scores) == [("C3", -1), ("horizon", -1)]  # raw 19, then 18, then 17


@pytest.mark.parametrize(
    ("years", "rti", "near_term"), [("0", 5, True), ("2.99", 5, True), ("3", 8, False)]
)
def test_under_3_years_the_score_is_5_and_the_money_near_term(years, rti, near_term):
    scores = limit_scores(18, 20, V1, horizon_years=Decimal(years))
    assert (scores.rti, scores.near_term) == (rti, near_term)


def test_money_is_near_term_even_where_the_score_was_5_already():
    scores = score(answers_scoring((1, 1, 1, 1, 1)), V1)
    assert (scores.raw_rti, scores.rti, scores.near_term) == (5, 5, True)
    assert changes(scores) == []


# -- All of them -----------------------------------------------------------------------------------


def test_each_limit_counts_from_what_the_ones_before_left():
    # 5 + 2 + 5 + 2 + 5 = 19. C1: 19 - 2 = 17. C3: lowest 2, so 14. Capacity: 5 + 8 = 13.
    # Reserve: 12 + 3 x 1 = 15 does not bind. Horizon of 4 years: 9.
    given = answers_scoring((5, 2, 5, 2, 5), (1, 1, 1, 1, 1))
    scores = score(given, V1)
    assert changes(scores) == [("C1", -2), ("C3", -3), ("capacity", -1), ("horizon", -4)]
    assert (scores.raw_rti, scores.rti) == (19, 9)


def test_limits_of_the_situation_follow_each_other():
    # 20; C3 3 x 4 + 6 = 18; capacity 9 + 8 = 17; reserve 15; a horizon of 7 years 14.
    given = answers_scoring((4, 3, 5, 5, 3), (1, 1, 1, 3, 3))
    ten_years = [("C3", -2), ("capacity", -1), ("reserve", -2)]
    assert changes(score(given, V1)) == ten_years
    seven_years = replace(given, horizon_years=Decimal("7.5"))
    assert changes(score(seven_years, V1)) == [*ten_years, ("horizon", -1)]


def test_every_adjustment_says_from_where_to_where():
    given = answers_scoring((5, 2, 5, 2, 5), (1, 1, 1, 1, 1))
    assert [step.sentence.rsplit(" from ")[1] for step in score(given, V1).adjustments] == [
        "19 to 17.",
        "17 to 14.",
        "14 to 13.",
        "13 to 9.",
    ]


def test_the_banded_method_has_no_limits():
    scores = score(answers_scoring((5, 1, 5, 1, 5), (1, 1, 1, 1, 1)), SEED)
    assert (scores.raw_rti, scores.rti, scores.adjustments) == (17, 17, ())
    assert not scores.near_term


def test_scores_alone_know_only_capacity_and_time():
    assert changes(limit_scores(25, 5, V1)) == [("capacity", -12)]
    both = limit_scores(25, 5, V1, horizon_years=Decimal(5))
    assert changes(both) == [("capacity", -12), ("horizon", -2)]
