"""Life events: what is asked again, what is proposed, and a planned retirement that comes nearer."""

from dataclasses import fields, replace
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.allocation import allocate
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.events import (
    moved_horizon,
    proposed_answers,
    questions_touched,
    years_between,
)
from riskalloc.engine.scoring import score
from riskalloc.methodology import EVENTS_VERSION, load_events
from tests.engine import strategies
from tests.engine.cast import EXAMPLE, V1, answers

EVENTS = load_events(EVENTS_VERSION)
BY_EVENT = pytest.mark.parametrize("event", EVENTS.events, ids=lambda event: event.code)


def ids(event) -> list[str]:
    return [question.id for question in questions_touched(event, EVENTS, V1)]


def proposed(code: str, given=EXAMPLE):
    return proposed_answers(EVENTS.event(code), given, V1)


# -- What is asked ---------------------------------------------------------------------------------


def test_an_event_is_found_by_its_code():
    assert EVENTS.event("birth").title == "Birth of a child"


@pytest.mark.parametrize("code", ["", "lottery", "Birth", "Birth of a child"])
def test_an_unknown_event_is_refused_with_those_that_there_are(code):
    with pytest.raises(EngineError, match=rf"no life event “{code}”\. Choose marriage, divorce, "):
        EVENTS.event(code)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("divorce", "amount emergency_fund debt_to_income household_cover"),
        ("home_purchase", "amount emergency_fund debt_to_income"),
        (
            "retirement",
            "horizon job_security debt_to_income income_variability household_cover",
        ),
    ],
)
def test_questions_are_asked_in_the_order_of_the_questionnaire_and_losses_last(code, asked):
    assert ids(EVENTS.event(code)) == [*asked.split(), "drop_reaction", "max_loss"]


def test_a_question_about_losses_is_asked_once_though_the_event_touches_it():
    event = replace(EVENTS.event("birth"), questions=("max_loss", "household_cover"))
    assert ids(event) == ["household_cover", "drop_reaction", "max_loss"]


@BY_EVENT
def test_every_event_asks_what_it_touches_and_about_losses(event):
    assert sorted(ids(event)) == sorted({*event.questions, "drop_reaction", "max_loss"})


# -- What is proposed ------------------------------------------------------------------------------


def test_losing_the_job_proposes_the_what_if_case():
    assert proposed("job_loss") == answers(
        job_security="gig",
        largest_fall="25_or_more",
        household_cover="50_to_75",
        monthly_income="3000",
    )


def test_a_new_job_proposes_a_steady_one():
    given = answers(job_security="gig", largest_fall="25_or_more", market_linked=True)
    assert proposed("new_job", given) == answers(
        job_security="permanent_steady", largest_fall="under_5"
    )


def test_nearing_retirement_proposes_less_income_and_12_years_at_most():
    given = answers(horizon_years="20", household_cover="100_or_more")
    assert proposed("nearing_retirement", given) == answers(
        horizon_years="12",
        monthly_income="4200",
        household_cover="100_or_more",
        job_security="tenured_or_pension",
    )


def test_only_the_questions_that_the_event_touches_get_a_proposal():
    event = replace(EVENTS.event("job_loss"), questions=("job_security", "amount"))
    assert proposed_answers(event, EXAMPLE, V1) == answers(job_security="gig")


@pytest.mark.parametrize(("income", "half"), [("0.01", "0.01"), ("4321.07", "2160.54")])
def test_proposed_dollars_can_be_typed(income, half):
    assert proposed("job_loss", answers(monthly_income=income)).monthly_income == Decimal(half)


@BY_EVENT
def test_where_there_is_no_case_nothing_is_proposed(event):
    assert (proposed(event.code) is EXAMPLE) == (event.proposal is None)


@given(given=strategies.any_answers, event=st.sampled_from(EVENTS.events))
def test_a_proposal_is_accepted_and_leaves_all_other_answers(given, event):
    then = proposed_answers(event, given, V1)
    allocate(score(then, V1), "core", V1)
    questions = [V1.questionnaire.question(id) for id in event.questions]
    touched = {field.name for question in questions for field in question.fields}
    changed = {f.name for f in fields(given) if getattr(given, f.name) != getattr(then, f.name)}
    assert changed <= touched
    for value in (getattr(then, name) for name in changed):
        assert not isinstance(value, Decimal) or value == round(value, 2)


# -- Years between two days ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2025, 3, 1), date(2025, 3, 1), "0"),
        (date(2025, 3, 1), date(2024, 3, 1), "0"),
        (date(2025, 3, 1), date(2026, 3, 1), "1"),
        (date(2025, 3, 1), date(2025, 5, 13), "0.2"),  # 73 of 365 days
        (date(2025, 3, 1), date(2037, 3, 1), "12"),  # three leap days between
        (date(2023, 8, 1), date(2024, 1, 31), "0.5"),  # 183 of 366 days
        (date(2024, 2, 29), date(2025, 2, 28), "1"),
        (date(2024, 2, 29), date(2028, 2, 29), "4"),
        (date(2024, 2, 29), date(2025, 5, 12), "1.2"),  # 73 days after 28 February 2025
        (date(2027, 2, 28), date(2028, 2, 28), "1"),
        (date(2025, 12, 31), date(2026, 12, 31), "1"),
        (date(1900, 1, 1), date(2000, 1, 1), "100"),
    ],
)
def test_years_are_counted_from_one_anniversary_to_the_next(start, end, years):
    assert years_between(start, end) == Decimal(years)


def test_the_day_before_an_anniversary_is_less_than_a_year():
    assert years_between(date(2024, 2, 29), date(2028, 2, 28)) < 4
    assert years_between(date(2025, 3, 1), date(2026, 2, 28)) < 1


days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(start=days, end=days)
def test_a_day_later_is_never_fewer_years_and_a_later_start_never_more(start, end):
    tomorrow = timedelta(days=1)
    now = years_between(start, end)
    assert years_between(start, end + tomorrow) >= now >= years_between(start + tomorrow, end)


# -- A planned retirement --------------------------------------------------------------------------

ANSWERED_ON = date(2025, 3, 1)


def moved(horizon: str, today: date, planned: date | None, answered_on=ANSWERED_ON):
    """The horizon of today as text; None where it did not move."""
    value = moved_horizon(
        answers(horizon_years=horizon),
        answered_on=answered_on,
        today=today,
        planned_retirement_on=planned,
    )
    return value if value is None else str(value)


def test_twelve_years_to_retirement_are_ten_two_years_later():
    assert moved("12", date(2027, 3, 1), date(2037, 3, 1)) == "10.00"


def test_what_is_left_is_rounded_down_so_three_years_soon_are_the_near_term():
    # 37 of 365 days: 0.1013..., and 2.8986... is left.
    assert moved("3", date(2025, 4, 7), date(2028, 3, 1)) == "2.89"


@pytest.mark.parametrize(
    ("horizon", "planned", "then"),
    [
        ("12", date(2037, 3, 1), "11.00"),
        ("12", date(2036, 3, 1), "10.00"),  # a year earlier: the date is the finer of the two
        ("12", date(2038, 3, 1), None),  # a year later: still 12 years from today
        ("12", date(2036, 2, 29), "11.00"),  # more than a year earlier: about something else
        ("12", date(2038, 3, 2), "11.00"),  # more than a year later
        ("4", date(2045, 3, 1), "3.00"),  # money for a home, long before retirement
        ("30", date(2035, 3, 1), "29.00"),  # money for much later
        ("0.5", date(2045, 3, 1), "0.00"),  # never negative
    ],
)
def test_an_answer_near_the_planned_date_was_about_it(horizon, planned, then):
    assert moved(horizon, date(2026, 3, 1), planned) == then


def test_the_date_that_is_a_little_nearer_counts_only_once_time_has_passed():
    planned = date(2036, 9, 1)  # 11.504 years away
    assert moved("12", ANSWERED_ON, planned) is None
    assert moved("12", date(2025, 4, 6), planned) is None  # 36 days
    assert moved("12", date(2025, 4, 7), planned) == "11.40"


def test_a_date_that_is_a_little_later_waits_until_less_than_the_answer_is_left():
    planned = date(2037, 9, 1)  # 12.504 years away
    assert moved("12", date(2025, 9, 1), planned) is None
    assert moved("12", date(2025, 10, 1), planned) is None  # 11.92: less than a tenth
    assert moved("12", date(2025, 11, 1), planned) == "11.83"


@pytest.mark.parametrize("today", [date(2037, 3, 1), date(2037, 3, 2), date(2060, 1, 1)])
def test_once_the_planned_date_has_come_nothing_is_left(today):
    assert moved("12.75", today, date(2037, 3, 1)) == "0.00"


@pytest.mark.parametrize("planned", [None, date(2025, 3, 1), date(2020, 1, 1)])
def test_nothing_moves_without_a_date_that_lay_ahead_of_the_answer(planned):
    assert moved("0.5", date(2026, 3, 1), planned) is None
    assert moved("12", date(2026, 3, 1), planned) is None


def test_nothing_moves_before_the_answer_was_given():
    assert moved("12", date(2025, 2, 28), date(2037, 3, 1)) is None


def test_nothing_is_left_to_move_from_0():
    assert moved("0", date(2026, 3, 1), date(2037, 3, 1)) is None
    assert moved("0.09", date(2026, 3, 1), date(2037, 3, 1)) is None


@pytest.mark.parametrize(
    ("today", "then"),
    [
        (date(2025, 2, 27), "3.00"),  # the day before the anniversary: 3.0027...
        (date(2025, 2, 28), "3.00"),
        (date(2025, 3, 1), "2.99"),
        (date(2028, 2, 29), "0.00"),
    ],
)
def test_an_answer_of_a_leap_day_has_its_anniversary_on_the_28th(today, then):
    assert moved("4", today, date(2028, 2, 29), answered_on=date(2024, 2, 29)) == then


def test_a_date_at_the_end_of_the_calendar_does_no_harm():
    assert moved("12", date(2026, 3, 1), date(MAXYEAR, 12, 31)) == "11.00"


@given(given=strategies.any_answers, answered_on=days, planned=days, today=days)
def test_a_horizon_only_ever_comes_nearer(given, answered_on, planned, today):
    def left(day: date) -> Decimal:
        value = moved_horizon(
            given, answered_on=answered_on, today=day, planned_retirement_on=planned
        )
        assert value is None or value == round(value, 2)
        return given.horizon_years if value is None else value

    assert 0 <= left(today + timedelta(days=1)) <= left(today) <= given.horizon_years
