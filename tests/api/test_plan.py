"""POST /api/v1/plan: values and targets to trades."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.calculator import PLAN, answer_of, errors, post, without


def asked(values: dict[str, Any], target: dict[str, Any], **others: Any) -> dict[str, Any]:
    response = post("plan", {"values": values, "target": target, "kind": "full"} | others)
    assert response.status_code == 200, response.content
    return response.json()


def test_the_articles_example_to_the_cent() -> None:
    answer = answer_of("plan")
    sentences = answer.pop("sentences")
    assert answer == {
        "trades": {
            "US large-cap": "-4000.00",
            "International": "1500.00",
            "Bonds": "1000.00",
            "REITs": "1500.00",
        },
        "after": {
            "US large-cap": "60.00",
            "International": "15.00",
            "Bonds": "10.00",
            "REITs": "15.00",
        },
        "drift_before": "3.64",
        "drift_after": "0.00",
        "turnover": "4000.00",
        "deposit_to_target": "6666.67",
        "deposit_into_band": "0.00",
        "dropped": [],
        "cash_left": "0.00",
    }
    assert len(sentences) == 4
    assert sentences[0].startswith("Sell $4,000 of US large-cap: 63.64% → 60%")


@pytest.mark.parametrize("name", ["cash_flow", "band", "minimum_trade", "locked"])
def test_what_has_a_usual_value_may_be_left_out(name: str) -> None:
    assert post("plan", without(PLAN, name)).json() == answer_of("plan")


@pytest.mark.parametrize("name", ["values", "target", "kind"])
def test_what_is_missing_is_named(name: str) -> None:
    assert list(errors(post("plan", without(PLAN, name)))) == [name]


def test_new_cash_is_placed_without_a_sale() -> None:
    answer = answer_of("plan", kind="cash_flow", cash_flow="6666.67")
    assert answer["trades"]["US large-cap"] == "0.00"
    assert (answer["drift_after"], answer["turnover"]) == ("0.00", "6666.67")


def test_into_band_ends_at_the_edge() -> None:
    answer = asked({"A": 70, "B": 30}, {"A": 60, "B": 40}, kind="into_band")
    assert answer["trades"] == {"A": "-5.00", "B": "5.00"}
    assert answer["after"] == {"A": "65.00", "B": "35.00"}
    wide = {"kind": "absolute", "points": "8"}
    answer = asked({"A": 70, "B": 30}, {"A": 60, "B": 40}, kind="into_band", band=wide)
    assert answer["trades"] == {"A": "-2.00", "B": "2.00"}


def test_values_are_rounded_half_up_to_the_cent_first() -> None:
    answer = asked({"A": "0.005", "B": "0.0149"}, {"B": 100})
    assert answer["trades"] == {"A": "-0.01", "B": "0.01"}


def test_a_smallest_trade_drops_lines_and_says_what_cash_is_left() -> None:
    body = {"kind": "cash_flow", "cash_flow": "8", "minimum_trade": "10"}
    answer = asked({"A": 50, "B": 50}, {"A": 50, "B": 50}, **body)
    assert answer["trades"] == {"A": "0.00", "B": "0.00"}
    assert (answer["dropped"], answer["cash_left"]) == (["A", "B"], "8.00")
    assert sum(Decimal(weight) for weight in answer["after"].values()) == Decimal("92.59")


def test_a_locked_class_does_not_trade() -> None:
    answer = answer_of("plan", locked=["Bonds", "Bonds"])
    assert answer["trades"]["Bonds"] == "0.00"
    assert answer["trades"]["US large-cap"] == "-3333.33"
    assert answer["deposit_to_target"] is None


def test_no_deposit_mends_what_has_no_target() -> None:
    answer = asked({"A": 50, "X": 50}, {"A": 100}, band={"kind": "relative", "percent": 20})
    assert (answer["deposit_to_target"], answer["deposit_into_band"]) == (None, None)


@pytest.mark.parametrize("kind", ["full", "cash_flow", "into_band"])
def test_withdrawing_everything_sells_everything(kind: str) -> None:
    answer = answer_of("plan", kind=kind, cash_flow="-110000")
    assert answer["trades"]["US large-cap"] == "-70000.00"
    assert set(answer["after"].values()) == {"0.00"}
    assert (answer["drift_before"], answer["drift_after"]) == (None, "0.00")
    assert answer["deposit_to_target"] == "6666.67"


def test_an_empty_portfolio_has_an_empty_plan() -> None:
    answer = asked({}, {"A": 100})
    assert answer["trades"] == {"A": "0.00"}
    assert answer["drift_before"] is None


ALL = list(PLAN["target"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"cash_flow": "-110000.01"},
            {
                "": "There is $110,000, and $110,000.01 is to be taken out. Take out at most $110,000."
            },
        ),
        (
            {"cash_flow": "-50000", "locked": ["US large-cap"]},
            {"": "Only $40,000 may be sold, and $50,000 is to be taken out. Unlock something."},
        ),
        (
            {"locked": ALL},
            {"": "Nothing that may be bought has a target. Unlock a class that has one."},
        ),
        ({"locked": ["Gold"]}, {"locked": "“Gold” has no value and no target."}),
        ({"locked": "Bonds"}, {"locked": "Use a JSON list here."}),
        ({"locked": [1]}, {"locked.0": "Use text here."}),
        ({"kind": "tax"}, {"kind": "Use one of: full, cash_flow, into_band."}),
        ({"minimum_trade": "-1"}, {"minimum_trade": "Use a number from 0 to 1000000000000000."}),
        ({"minimum_trade": "0.001"}, {"minimum_trade": "Use at most 2 decimals."}),
        ({"target": {"A": "100.01"}}, {"target.A": "Use a number from 0 to 100."}),
        ({"ceilings": {}}, {"ceilings": "There is no such field. Leave it out."}),
    ],
)
def test_what_is_refused_and_the_way_out(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert errors(post("plan", PLAN | changes)) == expected


@pytest.mark.parametrize("kind", ["full", "cash_flow", "into_band"])
@pytest.mark.parametrize("flow", ["0", "999999999999999.99", "-999999999999999.99"])
def test_five_hundred_classes_of_the_largest_numbers_add_up(kind: str, flow: str) -> None:
    names = [str(n) for n in range(500)]
    values = dict.fromkeys(names, "999999999999999.9999999999")
    target = dict.fromkeys(names, "0.2")
    answer = asked(values, target, kind=kind, cash_flow=flow)
    assert sum(Decimal(trade) for trade in answer["trades"].values()) == Decimal(flow)
    assert answer["cash_left"] == "0.00"
