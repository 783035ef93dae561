"""Every number of a result can be opened down to the answers."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.calculation import Calculation, allocate_scores, assess
from riskalloc.engine.steps import Step
from riskalloc.engine.threads import keys, thread
from riskalloc.methodology import load
from tests.engine import strategies
from tests.engine.cast import AMOUNT, SEED, V1, answers, answers_scoring, calculate

ANSWERS = ("rti_items", "iss_items")
MARKET = ("2007-09", "2020", "2022", "1-in-20", "beta", "expected_return", "compound_return")


def steps(key: str, **changes) -> tuple[Step, ...]:
    return thread(key, calculate(**changes), V1)


def rules(key: str, **changes) -> list[str]:
    return [step.rule for step in steps(key, **changes)]


# -- By hand ---------------------------------------------------------------------------------------


def test_the_numbers_of_the_worked_example():
    assert keys(calculate()) == (
        *("stocks", "bonds", "alternatives"),
        *("us_large_cap", "intl_developed", "us_aggregate", "reit"),
        *("rti", "iss"),
        *MARKET,
    )


SHIFT = (
    "Your income score of 20 moves 10 points: 10 out of bonds; "
    "5 into stocks and 5 into alternatives."
)


def test_60000_dollars_of_us_large_cap_down_to_the_answers():
    assert [(step.rule, dict(step.after), step.sentence) for step in steps("us_large_cap")] == [
        (
            "dollars",
            {"amount": Decimal(60_000)},
            "60% of $100,000, split so that all classes add up to the cent.",
        ),
        ("sleeves", {"percent": Decimal(60)}, "80% of the 75% in stocks."),
        (
            "shift",
            {"stocks": 75},
            SHIFT,
        ),
        ("iss_items", {"iss": 20}, "4 + 4 + 4 + 4 + 4 = 20."),
        (
            "base",
            {"stocks": 70},
            "A risk score of 18 starts from 70% stocks, 20% bonds, 10% alternatives.",
        ),
        ("rti_items", {"rti": 18}, "4 + 4 + 3 + 4 + 3 = 18."),
    ]


def test_a_limited_score_opens_from_the_last_limit_to_the_raw_sum():
    calculation = assess(answers_scoring((5, 2, 5, 2, 5), (1, 1, 1, 1, 1)), AMOUNT, V1)
    opened = thread("rti", calculation, V1)
    assert [(step.rule, step.after["rti"]) for step in opened] == [
        *[("horizon", 9), ("capacity", 13), ("C3", 14), ("C1", 17)],
        ("rti_items", 19),
    ]


def test_a_measured_fall_shows_its_sum():
    first = steps("2022")[0]
    assert first.sentence == (
        "60% × (−24.5%) + 15% × (−28.1%) + 10% × (−14.5%) + 15% × (−31.9%) = −25.2%."
    )
    assert first.after == {"percent": Decimal("-25.15"), "amount": Decimal("-25150.00")}


def test_seventeenths_are_named_as_parts():
    split = assess(answers_scoring((3, 5, 5, 3, 4)), AMOUNT, V1)
    assert thread("us_small_cap", split, V1)[1].sentence == "2 parts in 17 of the 75% in stocks."


def test_near_term_money_opens_to_the_answer_about_time():
    assert rules("cash", horizon_years="2") == ["dollars", "near_term", "rti_items"]
    assert rules("us_aggregate", horizon_years="2") == [
        *["dollars", "sleeves", "near_term", "rti_items"]
    ]
    assert steps("cash", horizon_years="2")[-1].inputs["horizon"] == "1"


def test_where_everything_is_needed_soon_only_that_and_the_scores_can_be_opened():
    assert keys(assess(answers(), AMOUNT, V1, needed=AMOUNT)) == (
        *("needed", "needed_us_aggregate", "needed_cash"),
        *("rti", "iss"),
    )


def test_what_is_needed_soon_opens_to_the_answer_itself():
    (step,) = thread("needed", assess(answers(), AMOUNT, V1, needed=Decimal(20_000)), V1)
    assert step.after == {"amount": 20_000}
    assert step.sentence.startswith("Of $100,000 you need $20,000 within 3 years.")
    assert "needed" not in keys(calculate())


def test_each_class_of_what_is_needed_soon_opens_to_its_own_dollars():
    calculation = assess(answers(), AMOUNT, V1, needed=Decimal(20_000))
    own, needed = thread("needed_cash", calculation, V1)
    assert own.after == {"amount": 14_000}
    assert own.sentence.startswith("70% of $20,000, split")
    assert needed == thread("needed", calculation, V1)[0]


def test_the_sum_of_the_answers_opens_beside_the_score_that_counts():
    calculation = assess(answers_scoring((5, 2, 5, 2, 5), (1, 1, 1, 1, 1)), AMOUNT, V1)
    (step,) = thread("raw_rti", calculation, V1)
    assert step.after == {"rti": 19}
    assert "raw_rti" not in keys(calculate())


def test_scores_that_were_given_say_so():
    calculation = allocate_scores(18, 20, AMOUNT, V1)
    assert thread("rti", calculation, V1)[-1].sentence == "Given as 18."
    assert thread("iss", calculation, V1)[-1].sentence == "Given as 20."


@pytest.mark.parametrize("key", ["gold", "cash", "horizon", ""])
def test_a_number_that_is_not_there_is_refused(key):
    with pytest.raises(EngineError, match=f"no number “{key}”"):
        steps(key)


# -- For any answers -------------------------------------------------------------------------------


@given(
    given=strategies.any_answers,
    amount=strategies.amounts,
    version=strategies.versions,
    sleeves=strategies.sleeves,
)
def test_every_number_opens_and_its_steps_chain_down_to_the_answers(
    given, amount, version, sleeves
):
    method = load(version)
    calculation = assess(given, amount, method, sleeves=sleeves)
    for key in keys(calculation):
        opened = thread(key, calculation, method)
        begins_at_the_figure(key, opened[0], calculation)
        assert opened[-1].rule in ANSWERS
        chain(opened)
        sums_hold(opened, calculation)


def begins_at_the_figure(key: str, first: Step, calculation: Calculation) -> None:
    outlook = calculation.outlook
    changes = {change.id: change for change in (*outlook.episodes, outlook.bad_year)}
    figures = {
        "rti": {"rti": calculation.scores.rti},
        "raw_rti": {"rti": calculation.scores.raw_rti},
        "iss": {"iss": calculation.scores.iss},
        "beta": {"beta": outlook.beta},
        "expected_return": {"percent": outlook.expected_return},
        "compound_return": {"percent": outlook.compound_return},
    }
    figures |= {line.asset.value: {"amount": line.amount} for line in calculation.lines}
    figures |= {top.value: {"amount": sum_} for top, sum_ in calculation.top_amounts().items()}
    figures |= {id: {"percent": c.change, "amount": c.amount} for id, c in changes.items()}
    assert first.after == figures[key]


def chain(opened: tuple[Step, ...]) -> None:
    """What a step started from is what the next one about the same figure ends with."""
    for name in {name for step in opened for name in step.before}:
        links = [step for step in opened if name in step.after]
        for step, below in pairwise(links):
            assert step.before[name] == below.after[name]
        assert name not in links[-1].before


def sums_hold(opened: tuple[Step, ...], calculation: Calculation) -> None:
    """The steps that name a figure as text name the one that the next step gives."""
    by_rule = {step.rule: step for step in opened}
    if "shift" in by_rule:
        assert by_rule["shift"].inputs["iss"] == str(by_rule["iss_items"].after["iss"])
        assert by_rule["base"].inputs["rti"] == str(calculation.scores.rti)
    for rule, name in (("rti_items", "rti"), ("iss_items", "iss")):
        if rule in by_rule:
            points = [int(score) for score in by_rule[rule].inputs.values()]
            assert sum(points) == by_rule[rule].after[name]
    if "sleeves" in by_rule and "dollars" in by_rule:
        shown = Decimal(by_rule["dollars"].inputs["percent"])
        assert shown == by_rule["sleeves"].after["percent"]


@pytest.mark.parametrize("method", [V1, SEED], ids=lambda method: method.version)
@pytest.mark.parametrize("key", MARKET)
def test_market_figures_open_to_the_mix_and_from_there_to_both_scores(key, method):
    opened = thread(key, calculate(method), method)
    assert [step.rule for step in opened[1:]] == ["weights", "iss_items", "rti_items"]
