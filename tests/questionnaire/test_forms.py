from decimal import Decimal

import pytest

from questionnaire.forms import QuestionForm, WhatIfForm
from riskalloc.engine.rules import Methodology
from tests.factories import WORKED_EXAMPLE


def errors(method: Methodology, question: str, **typed: str) -> dict[str, list[str]]:
    form = QuestionForm(method.questionnaire.question(question), Decimal(100), data=typed)
    form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("25000", "25000"),
        ("$25,000", "25000"),
        ("25 000", "25000"),
        ("25,000.50", "25000.5"),
        ("+25,000.00", "25000"),
        ("0.01", "0.01"),
        ("1,000,000,000", "1000000000"),
    ],
)
def test_an_amount_is_taken_as_people_type_it(method: Methodology, typed: str, stored: str) -> None:
    question = method.questionnaire.question("amount")
    form = QuestionForm(question, None, data={"amount": typed, "needed_within_3_years": ""})
    assert form.is_valid()
    assert form.answer() == {"amount": stored, "needed_within_3_years": "0"}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter an amount, like 25,000"),
        ("   ", "Enter an amount, like 25,000"),
        ("a lot", "Use plain digits, like 25,000 or 25,000.50."),
        ("0", "Amount must be more than 0"),
        ("-5", "Amount must be more than 0"),
        ("(5)", "Amount must be more than 0"),
        ("1000000000.01", "Amount must be at most $1,000,000,000"),
        ("1e3", "Use plain digits, like 25,000 or 25,000.50."),
        ("1" + "0" * 30, "Amount must be at most $1,000,000,000"),
        ("１２３", "Use plain digits, like 25,000 or 25,000.50."),
        ("25,00", "Use plain digits, like 25,000 or 25,000.50."),
        ("1.234", "Use at most 2 decimals."),
        ("<script>", "Use plain digits, like 25,000 or 25,000.50."),
        ("1" * 200, "Enter an amount, like 25,000"),
        ("5\0", "Null characters are not allowed."),
    ],
)
def test_a_wrong_amount_gets_a_clear_sentence(
    method: Methodology, typed: str, message: str
) -> None:
    assert errors(method, "amount", amount=typed)["amount"] == [message]


def test_what_is_needed_soon_is_part_of_the_amount(method: Methodology) -> None:
    found = errors(method, "amount", amount="1000", needed_within_3_years="1000.01")
    assert found == {
        "needed_within_3_years": ["This is a part of the amount: enter $1,000 or less"]
    }
    assert errors(method, "amount", amount="1000", needed_within_3_years="1000") == {}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter a number, like 12"),
        ("-1", "The number of years must not be less than 0"),
        ("100.01", "The number of years must be at most 100"),
        ("12.345", "Use at most 2 decimals."),
    ],
)
def test_wrong_years_get_a_clear_sentence(method: Methodology, typed: str, message: str) -> None:
    assert errors(method, "horizon", horizon_years=typed)["horizon_years"] == [message]


@pytest.mark.parametrize("typed", ["", "hold_tight", "sell_all\0", "1"])
def test_an_unknown_choice_asks_to_select_one(method: Methodology, typed: str) -> None:
    assert errors(method, "drop_reaction", drop_reaction=typed)["drop_reaction"] == [
        "Select what you would do"
    ]


def test_a_stored_answer_is_shown_with_separators(method: Methodology) -> None:
    question = method.questionnaire.question("emergency_fund")
    answer = {"savings": "24000.5", "monthly_essentials": "3000"}
    form = QuestionForm.of_answer(question, Decimal(1), answer)
    assert 'value="24,000.50"' in str(form["savings"])
    assert 'value="3,000"' in str(form["monthly_essentials"])


def test_every_question_takes_back_the_answer_that_it_stored(method: Methodology) -> None:
    for question in method.questionnaire.questions:
        answer = WORKED_EXAMPLE[question.id]
        shown = QuestionForm.of_answer(question, Decimal(100_000), answer)
        typed = {field.name: field.value() for field in shown}
        typed = {name: "on" if value is True else value for name, value in typed.items() if value}
        again = QuestionForm(question, Decimal(100_000), data=typed)
        assert again.is_valid(), again.errors
        assert again.answer() == answer


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter an amount, like 25,000"),
        ("50", "Enter more than the $50 that you need within 3 years"),
        ("x", "Use plain digits, like 25,000 or 25,000.50."),
    ],
)
def test_another_amount_must_leave_something_to_divide(
    method: Methodology, typed: str, message: str
) -> None:
    form = WhatIfForm(method, Decimal(50), data={"case": "amount", "amount": typed})
    assert not form.is_valid()
    assert form.errors["amount"] == [message]
