from dataclasses import replace

import pytest

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.scoring import limit_scores, score, score_items
from tests.engine.cast import (
    CODES,
    HIGHEST,
    LOWEST,
    METHODS,
    V1,
    answers,
    answers_scoring,
    pair,
    spread,
)

BY_VERSION = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)


def item(name: str, **changes) -> int:
    return score_items(answers(**changes), V1.questionnaire)[name]


def test_the_worked_example_scores_18_and_20():
    scores = score(answers(), V1)
    assert list(scores.items.items()) == [
        ("drop_reaction", 4),
        ("horizon", 4),
        ("trade_off", 3),
        ("past_behaviour", 4),
        ("max_loss", 3),
        ("job_security", 4),
        ("emergency_fund", 4),
        ("debt_to_income", 4),
        ("income_variability", 4),
        ("household_cover", 4),
    ]
    assert (scores.raw_rti, scores.rti, scores.iss) == (18, 18, 20)
    assert (scores.rti_label, scores.iss_label) == ("aggressive", "high")
    assert scores.adjustments == ()


# -- Every threshold, on both sides ----------------------------------------------------------------


@pytest.mark.parametrize("name", CODES)
def test_each_choice_has_its_score(name):
    question = "income_variability" if name == "largest_fall" else name
    assert [item(question, **{name: code}) for code in CODES[name]] == [1, 2, 3, 4, 5]


def test_never_invested_scores_like_sold_some():
    assert item("past_behaviour", past_behaviour="never_invested") == 2


@pytest.mark.parametrize(
    ("wanted", "least", "most"),
    [(1, "0", "2.99"), (2, "3", "4.99"), (3, "5", "10"), (4, "10.01", "15"), (5, "15.01", "100")],
)
def test_years_are_scored_at_both_ends_of_each_band(wanted, least, most):
    assert item("horizon", horizon_years=least) == wanted
    assert item("horizon", horizon_years=most) == wanted


@pytest.mark.parametrize(
    ("wanted", "least", "most"),
    [
        (1, "0", "999.99"),
        (2, "1000", "2999.99"),
        (3, "3000", "5999.99"),
        (4, "6000", "11999.99"),
        (5, "12000", "1000000000"),
    ],
)
def test_months_of_reserve_are_scored_at_both_ends_of_each_band(wanted, least, most):
    for savings in (least, most):
        assert item("emergency_fund", savings=savings, monthly_essentials="1000") == wanted


@pytest.mark.parametrize(
    ("wanted", "least", "most"),
    [
        (5, "0", "2000"),
        (4, "2000.01", "2800"),
        (3, "2800.01", "3600"),
        (2, "3600.01", "4300"),
        (1, "4300.01", "25000"),
    ],
)
def test_debts_are_scored_at_both_ends_of_each_band(wanted, least, most):
    for debt in (least, most):
        assert item("debt_to_income", monthly_debt=debt, monthly_income="10000") == wanted


def test_measures_are_compared_exactly_where_a_quotient_has_no_end():
    assert item("emergency_fund", savings="999999999.99", monthly_essentials="333333333.33") == 3
    assert item("emergency_fund", savings="999999999.98", monthly_essentials="333333333.33") == 2
    assert item("debt_to_income", monthly_debt="66666666.60", monthly_income="333333333.00") == 5
    assert item("debt_to_income", monthly_debt="66666666.61", monthly_income="333333333.00") == 4


@pytest.mark.parametrize(
    ("largest_fall", "wanted"),
    [("25_or_more", 1), ("15_to_25", 1), ("10_to_15", 2), ("5_to_10", 3), ("under_5", 4)],
)
def test_pay_that_depends_on_the_market_costs_a_point_but_never_the_last(largest_fall, wanted):
    given = replace(answers(largest_fall=largest_fall), market_linked=True)
    assert score_items(given, V1.questionnaire)["income_variability"] == wanted


def test_who_must_spend_nothing_has_the_full_score_for_a_reserve():
    assert item("emergency_fund", savings="0", monthly_essentials="0") == 5


@pytest.mark.parametrize(
    ("debt", "job_security", "wanted"),
    [
        ("0.01", "tenured_or_pension", 1),
        ("0", "tenured_or_pension", 5),
        ("0", "permanent_steady", 1),
        ("0.01", "permanent_steady", 1),
    ],
)
def test_without_income_only_a_pension_without_debts_counts(debt, job_security, wanted):
    changes = {"monthly_debt": debt, "monthly_income": "0", "job_security": job_security}
    assert item("debt_to_income", **changes) == wanted


# -- Sums and labels -------------------------------------------------------------------------------


@BY_VERSION
def test_scores_are_the_sums_of_five_answers_each(method):
    for total in range(LOWEST, HIGHEST + 1):
        scores = score(answers_scoring(spread(total), spread(30 - total)), method)
        assert (scores.raw_rti, scores.iss) == (total, 30 - total)


@BY_VERSION
@pytest.mark.parametrize(
    ("label", "first", "last"),
    [("conservative", 5, 10), ("moderate", 11, 15), ("aggressive", 16, 25)],
)
def test_risk_labels_change_at_11_and_16(label, first, last, method):
    assert pair(first, 20, method).rti_label == pair(last, 20, method).rti_label == label


@BY_VERSION
@pytest.mark.parametrize(("label", "first", "last"), [("low", 5, 14), ("high", 15, 25)])
def test_income_labels_change_at_15(label, first, last, method):
    assert pair(18, first, method).iss_label == pair(18, last, method).iss_label == label


# -- What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["-0.01", "NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize(
    "name",
    ["horizon_years", "savings", "monthly_essentials", "monthly_debt", "monthly_income"],
)
def test_a_number_below_zero_or_without_end_is_refused(name, value):
    with pytest.raises(EngineError, match=f"{name} must not be negative"):
        answers(**{name: value})


@pytest.mark.parametrize("name", [*CODES])
def test_an_unknown_answer_is_refused_with_those_that_are_known(name):
    with pytest.raises(
        EngineError, match=rf"{name} has no answer “nothing”. It has: {CODES[name][0]}"
    ):
        score(answers(**{name: "nothing"}), V1)


@BY_VERSION
@pytest.mark.parametrize(
    ("rti", "iss", "name"),
    [(4, 20, "RTI"), (26, 5, "RTI"), (30, 25, "RTI"), (18, 4, "ISS"), (18, 26, "ISS")],
)
def test_a_score_outside_5_to_25_is_refused(rti, iss, name, method):
    with pytest.raises(EngineError, match=f"The {name} runs from 5 to 25"):
        limit_scores(rti, iss, method)
