"""The whole way from answers to dollars."""

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.calculation import allocate_scores, assess
from riskalloc.engine.scoring import Answers
from riskalloc.methodology import build, load
from tests.engine import strategies
from tests.engine.cast import AMOUNT, METHODS, V1, answers
from tests.methodology.tables import table

BY_VERSION = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)


def dollars(lines) -> list[tuple[str, str]]:
    return [(line.asset.value, str(line.amount)) for line in lines]


@BY_VERSION
def test_the_worked_example_is_60000_15000_10000_15000(method):
    calculation = assess(answers(), AMOUNT, method)
    assert (calculation.scores.rti, calculation.scores.iss) == (18, 20)
    assert dollars(calculation.lines) == [
        ("us_large_cap", "60000.00"),
        ("intl_developed", "15000.00"),
        ("us_aggregate", "10000.00"),
        ("reit", "15000.00"),
    ]
    assert [line.percent for line in calculation.lines] == [60, 15, 10, 15]
    assert [line.top.value for line in calculation.lines] == ["stocks"] * 2 + [
        "bonds",
        "alternatives",
    ]
    assert calculation.reserved == ()


@BY_VERSION
def test_the_worked_example_holds_from_scores_alone(method):
    calculation = allocate_scores(18, 20, AMOUNT, method)
    assert dollars(calculation.lines) == dollars(assess(answers(), AMOUNT, method).lines)
    assert calculation.answers is None


def test_a_calculation_names_the_versions_that_it_stands_on():
    calculation = assess(answers(), AMOUNT, V1, sleeves="diversified")
    assert (calculation.method, calculation.questionnaire) == ("v1", "1")
    assert (calculation.assumptions, calculation.sleeves) == ("2025-12", "diversified")


# -- Money that is needed within 3 years ---------------------------------------------------------------


@BY_VERSION
def test_what_is_needed_soon_is_reserved_30_to_70_and_everything_else_describes_the_rest(method):
    calculation = assess(answers(), Decimal(120_000), method, needed=Decimal(20_000))
    assert dollars(calculation.reserved) == [("us_aggregate", "6000.00"), ("cash", "14000.00")]
    assert [line.percent for line in calculation.reserved] == [30, 70]
    assert calculation.invested == AMOUNT
    assert dollars(calculation.lines) == dollars(assess(answers(), AMOUNT, method).lines)
    assert calculation.outlook == assess(answers(), AMOUNT, method).outlook


def test_the_reserve_stands_in_core_sleeves_whatever_the_rest_is_in():
    diversified = assess(answers(), AMOUNT, V1, needed=Decimal(10_000), sleeves="diversified")
    assert dollars(diversified.reserved) == [("us_aggregate", "3000.00"), ("cash", "7000.00")]


@BY_VERSION
def test_where_everything_is_needed_soon_there_is_no_mix_and_no_outlook(method):
    calculation = assess(answers(), AMOUNT, method, needed=AMOUNT)
    assert (calculation.lines, calculation.outlook) == ((), None)
    assert dollars(calculation.reserved) == [("us_aggregate", "30000.00"), ("cash", "70000.00")]
    assert sum(calculation.top_amounts().values()) == 0


def test_one_cent_is_still_divided():
    calculation = assess(answers(), Decimal("0.02"), V1, needed=Decimal("0.01"))
    assert dollars(calculation.reserved) == [("us_aggregate", "0.00"), ("cash", "0.01")]
    assert [str(line.amount) for line in calculation.lines] == ["0.01", "0.00", "0.00", "0.00"]


# -- What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["0", "-1", "1000000000.01", "NaN", "Infinity"])
def test_an_amount_outside_its_range_is_refused(amount):
    with pytest.raises(EngineError, match="more than 0 and at most 1,000,000,000"):
        assess(answers(), Decimal(amount), V1)


@pytest.mark.parametrize("amount", ["0.01", "1000000000"])
def test_the_ends_of_the_range_are_accepted(amount):
    calculation = assess(answers(), Decimal(amount), V1)
    assert sum(line.amount for line in calculation.lines) == Decimal(amount)


@pytest.mark.parametrize("needed", ["-0.01", "100000.01", "NaN"])
def test_what_is_needed_is_between_0_and_the_amount(needed):
    with pytest.raises(EngineError, match="between 0 and the amount"):
        assess(answers(), AMOUNT, V1, needed=Decimal(needed))


@pytest.mark.parametrize(
    ("amount", "needed"),
    [("0.001", "0"), ("10", "0.001"), ("10.001", "0.001"), (f"100.{'0' * 30}1", "0")],
)
def test_fractions_of_a_cent_are_refused(amount, needed):
    with pytest.raises(EngineError, match="two decimals"):
        assess(answers(), Decimal(amount), V1, needed=Decimal(needed))


# -- For any answers and any amount ----------------------------------------------------------------


@given(
    given=strategies.any_answers,
    amount=strategies.amounts,
    share=st.integers(0, 100),
    version=strategies.versions,
    sleeves=strategies.sleeves,
)
def test_everything_adds_up_to_the_cent(given, amount, share, version, sleeves):
    needed = (amount * share).quantize(Decimal(1)) / 100
    calculation = assess(given, amount, load(version), needed=needed, sleeves=sleeves)
    invested = sum(line.amount for line in calculation.lines)
    reserved = sum(line.amount for line in calculation.reserved)
    assert (invested, reserved) == (amount - needed, needed)
    assert sum(calculation.top_amounts().values()) == amount - needed
    for lines in filter(None, (calculation.lines, calculation.reserved)):
        assert sum(line.percent for line in lines) == 100


@given(
    given=strategies.any_answers,
    amount=strategies.amounts,
    version=strategies.versions,
    sleeves=strategies.sleeves,
)
def test_the_mix_does_not_depend_on_the_amount_and_dollars_scale_within_a_cent(
    given, amount, version, sleeves
):
    calculation = assess(given, amount, load(version), sleeves=sleeves)
    hundred = assess(given, Decimal(100), load(version), sleeves=sleeves)
    assert calculation.scores == hundred.scores
    assert calculation.allocation == hundred.allocation
    weights = calculation.allocation.weights
    for line, same in zip(calculation.lines, hundred.lines, strict=True):
        assert (line.asset, line.percent) == (same.asset, same.percent)
        exact = Fraction(amount) * Fraction(weights.parts[line.asset], weights.whole)
        assert abs(Fraction(line.amount) - exact) < Fraction(1, 100)


def test_the_order_of_the_answers_changes_nothing():
    given = {field.name: getattr(answers(), field.name) for field in fields(Answers)}
    backwards = Answers(**dict(reversed(given.items())))
    assert assess(backwards, AMOUNT, V1) == assess(answers(), AMOUNT, V1)


def backwards(version: str):
    """The same method with its questions, choices and sleeves listed the other way round."""
    other = table(version)
    other["questionnaire"]["questions"].reverse()
    for question in other["questionnaire"]["questions"]:
        for field in question["fields"]:
            field.get("choices", []).reverse()
    other["classes"]["sleeves"].reverse()
    return build(other)


BACKWARDS = {version: backwards(version) for version in ("v1", "seed-1")}


@given(given=strategies.any_answers, version=strategies.versions, sleeves=strategies.sleeves)
def test_the_order_of_the_questions_changes_nothing(given, version, sleeves):
    one = assess(given, AMOUNT, load(version), sleeves=sleeves)
    other = assess(given, AMOUNT, BACKWARDS[version], sleeves=sleeves)
    assert one.scores == other.scores
    assert (one.lines, one.outlook, one.findings) == (other.lines, other.outlook, other.findings)
