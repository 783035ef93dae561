from decimal import Decimal

import pytest

from questionnaire import wizard
from riskalloc.engine.rules import Methodology
from tests.factories import WORKED_EXAMPLE


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{amount}", "$100,000"),
        ("{amount:20%}", "$20,000"),
        ("{amount:-20%}", "$80,000"),
        ("no dollars", "no dollars"),
    ],
)
def test_texts_speak_in_the_persons_own_dollars(template: str, text: str) -> None:
    assert wizard.text(template, Decimal(100_000)) == text


def test_shares_of_small_amounts_keep_their_cents() -> None:
    assert wizard.text("{amount:5%}", Decimal("10.50")) == "$0.53"  # a half cent goes up


def test_the_amount_comes_first_then_risk_then_income(method: Methodology) -> None:
    abouts = [question.about for question in method.questionnaire.questions]
    assert abouts == ["amount"] + ["risk"] * 5 + ["income"] * 5


def test_a_question_is_reachable_when_all_before_it_are_answered_or_left(
    method: Methodology,
) -> None:
    questions = method.questionnaire.questions
    answers = {"amount": WORKED_EXAMPLE["amount"], "drop_reaction": None}
    assert [wizard.is_reachable(q, answers, method) for q in questions[:4]] == [
        True,
        True,
        True,
        False,
    ]
    assert wizard.first_open(answers, method) == questions[2]
    assert questions[1] in wizard.unanswered(answers, method)


def test_two_numbers_say_what_they_mean_together(method: Methodology) -> None:
    question = method.questionnaire.question("emergency_fund")
    lines = wizard.shown(question, WORKED_EXAMPLE["emergency_fund"], None)
    assert lines == ["$24,000 saved", "$3,000 to spend in a month", "8.0 months of spending"]
    nothing = wizard.shown(question, {"savings": "5", "monthly_essentials": "0"}, None)
    assert nothing == ["$5 saved", "$0 to spend in a month"]


def test_each_mix_of_the_trade_off_shows_what_was_left(method: Methodology) -> None:
    choices = method.questionnaire.field("trade_off").choices
    outcomes = [wizard.outcome(choice, Decimal(100_000), method) for choice in choices]
    assert [outcome.stocks for outcome in outcomes] == [15, 35, 50, 65, 75]
    # 50 % stocks in 2007-09: half of (80 % x -55.2 + 20 % x -60.2) and half of +7.3
    assert outcomes[2].episodes[0] == ("2007 to 2009", Decimal("75550.00"))
    returns = [outcome.expected_return for outcome in outcomes]
    assert returns == sorted(returns)
