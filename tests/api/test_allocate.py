"""POST /api/v1/allocate: two scores to an allocation."""

from decimal import Decimal
from typing import Any

import pytest

from riskalloc.engine.calculation import allocate_scores
from riskalloc.methodology import load, versions
from tests.api.calculator import ALLOCATE, added_up, answer_of, changed, errors, post, without

SCORES = range(5, 26)


def test_the_worked_example_is_answered_as_by_assess_without_items() -> None:
    expected = answer_of("assess")
    del expected["rti"]["items"], expected["iss"]["items"]
    assert answer_of("allocate") == expected | {"findings": []}
    assert answer_of("allocate", method="seed-1")["classes"] == expected["classes"]


@pytest.mark.parametrize("name", ["method", "sleeves", "horizon_years"])
def test_what_has_a_usual_value_may_be_left_out(name: str) -> None:
    assert post("allocate", without(ALLOCATE, name)).json() == answer_of("allocate")


@pytest.mark.parametrize("method", versions())
@pytest.mark.parametrize("rti", SCORES)
def test_every_pair_of_scores_agrees_with_the_engine(method: str, rti: int) -> None:
    for iss in SCORES:
        answer = answer_of("allocate", rti=rti, iss=iss, method=method)
        expected = allocate_scores(rti, iss, Decimal(100000), load(method))
        assert answer["rti"]["effective"] == expected.scores.rti
        assert answer["mix"]["shift"] == expected.allocation.shift
        assert {
            top: Decimal(percent) for top, percent in answer["mix"]["final"].items()
        } == expected.allocation.mix.figures()
        assert [(line["id"], Decimal(line["amount"])) for line in answer["classes"]] == [
            (line.asset.value, line.amount) for line in expected.lines
        ]
        assert added_up(answer["classes"], "percent") == 100
        assert added_up(answer["classes"], "amount") == 100000
        assert {finding["rule"] for finding in answer["findings"]} <= {"C4", "C8"}


def test_capacity_is_the_limit_that_scores_alone_can_reach() -> None:
    answer = answer_of("allocate", rti=18, iss=5)
    assert [(a["rule"], a["change"]) for a in answer["rti"]["adjustments"]] == [("capacity", -5)]
    final = {"stocks": "40.00", "bonds": "45.00", "alternatives": "0.00", "cash": "15.00"}
    assert answer["mix"]["final"] == final
    assert [finding["rule"] for finding in answer["findings"]] == ["C4"]
    assert answer_of("allocate", rti=18, iss=5, method="seed-1")["rti"]["adjustments"] == []


YEARS = [
    *(("2.99", 5, 0), ("3", 8, 0), ("6.99", 12, 0), ("7", 14, 5), ("9.99", 16, 5), ("10", 17, 10)),
    *(("11", 18, 10), (0, 5, 0), (100, 18, 10), (None, 18, 10)),
]


@pytest.mark.parametrize(("years", "effective", "shift"), YEARS)
def test_time_limits_the_score_and_the_shift(years: Any, effective: int, shift: int) -> None:
    answer = answer_of("allocate", horizon_years=years)
    assert (answer["rti"]["effective"], answer["mix"]["shift"]) == (effective, shift)


@pytest.mark.parametrize("name", ["rti", "iss"])
@pytest.mark.parametrize("text", ["5", "25"])
def test_scores_run_from_5_to_25(name: str, text: str) -> None:
    assert answer_of("allocate", **{name: int(text)})


NO_SCORES = [
    *("4", "26", "-18", "0", "18.0", "1.8e1", "18e0", '"18"', "true", "null", "[18]", "{}"),
    *("9" * 5000, "-" + "9" * 5000, "1e999999999", "NaN", "Infinity"),
]


@pytest.mark.parametrize("name", ["rti", "iss"])
@pytest.mark.parametrize("text", NO_SCORES)
def test_a_score_is_a_json_integer_and_nothing_else(name: str, text: str) -> None:
    body = f'{{"amount": "1", "rti": 18, "iss": 20, "{name}": {text}}}'.replace(
        f'"{name}": {ALLOCATE[name]}, ', ""
    )
    assert errors(post("allocate", body)) == {name: "Use a whole number from 5 to 25."}


def test_answers_are_no_part_of_this_request() -> None:
    body = changed(ALLOCATE, {"answers": {}, "needed_within_3_years": "0"})
    assert list(errors(post("allocate", body))) == ["answers", "needed_within_3_years"]
