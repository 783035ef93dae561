from dataclasses import replace
from decimal import Decimal

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
@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 5])
def test_each_choice_has_its_score(name, wanted):
    question = "income_variability" if name == "largest_fall" else name
    assert item(question, **{name: CODES[name][wanted - 1]}) == wanted


def test_never_invested_scores_like_sold_some():
    assert item("past_behaviour", past_behaviour="never_invested") == 2


@pytest.mark.parametrize(
    ("years", "wanted"),
    [("0", 1), ("2.99", 1), ("3", 2), ("4.99", 2), ("5", 3), ("10", 3), ("10.01", 4)]
    + [("15", 4), ("15.01", 5), ("100", 5)],
)
def test_years_are_scored_at_both_sides_of_each_threshold(years, wanted):
    assert item("horizon", horizon_years=years) == wanted


@pytest.mark.parametrize(
    ("savings", "wanted"),
    [("0", 1), ("999.99", 1), ("1000", 2), ("2999.99", 2), ("3000", 3), ("5999.99", 3)]
    + [("6000", 4), ("11999.99", 4), ("12000", 5), ("1000000000", 5)],
)
def test_months_of_reserve_are_scored_at_both_sides_of_each_threshold(savings, wanted):
    assert item("emergency_fund", savings=savings, monthly_essentials="1000") == wanted


@pytest.mark.parametrize(
    ("debt", "wanted"),
    [("0", 5), ("2000", 5), ("2000.01", 4), ("2800", 4), ("2800.01", 3), ("3600", 3)]
    + [("3600.01", 2), ("4300", 2), ("4300.01", 1), ("25000", 1)],
)
def test_debts_are_scored_at_both_sides_of_each_threshold(debt, wanted):
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


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)
@pytest.mark.parametrize("total", range(LOWEST, HIGHEST + 1))
def test_scores_are_the_sums_of_five_answers_each(total, method):
    scores = score(answers_scoring(spread(total), spread(30 - total)), method)
    assert (scores.raw_rti, scores.iss) == (total, 30 - total)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)
@pytest.mark.parametrize(
    ("rti", "label"),
    [(5, "conservative"), (10, "conservative"), (11, "moderate"), (15, "moderate")]
    + [(16, "aggressive"), (25, "aggressive")],
)
def test_risk_labels_change_at_11_and_16(rti, label, method):
    assert pair(rti, 20, method).rti_label == label


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)
@pytest.mark.parametrize(("iss", "label"), [(5, "low"), (14, "low"), (15, "high"), (25, "high")])
def test_income_labels_change_at_15(iss, label, method):
    assert pair(18, iss, method).iss_label == label


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


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)
@pytest.mark.parametrize(
    ("rti", "iss", "name"),
    [(4, 20, "RTI"), (26, 5, "RTI"), (30, 25, "RTI"), (18, 4, "ISS"), (18, 26, "ISS")],
)
def test_a_score_outside_5_to_25_is_refused(rti, iss, name, method):
    with pytest.raises(EngineError, match=f"The {name} runs from 5 to 25"):
        limit_scores(rti, iss, method)
