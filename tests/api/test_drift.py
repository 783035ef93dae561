"""POST /api/v1/drift: values and targets to drift and triggers."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.calculator import DRIFT, answer_of, changed, errors, post, without

NO_CLASS = "“Gold” has no value and no target."


def asked(values: dict[str, Any], target: dict[str, Any], **others: Any) -> dict[str, Any]:
    response = post("drift", {"values": values, "target": target} | others)
    assert response.status_code == 200, response.content
    return response.json()


def fired(answer: dict[str, Any]) -> list[str]:
    return [trigger["id"] for trigger in answer["triggers"]]


def test_the_articles_example_to_the_cent() -> None:
    answer = answer_of("drift")
    rows = answer.pop("rows")
    (trigger,) = answer.pop("triggers")
    assert answer == {"total": "110000.00", "drift": "3.64", "largest": "3.64", "due": True}
    assert trigger["id"] == "portfolio_drift"
    assert "3.64 points" in trigger["sentence"]
    assert rows[0] == {
        "name": "US large-cap",
        "value": "70000.00",
        "weight": "63.64",
        "target": "60.00",
        "points": "3.64",
        "amount": "4000.00",
        "relative": "6.06",
        "low": "55.00",
        "high": "65.00",
        "status": "in_band",
    }
    assert [row["weight"] for row in rows] == ["63.64", "13.64", "9.09", "13.63"]
    assert [row["amount"] for row in rows] == ["4000.00", "-1500.00", "-1000.00", "-1500.00"]


@pytest.mark.parametrize("name", ["cash_flow", "band", "ceilings"])
def test_what_has_a_usual_value_may_be_left_out(name: str) -> None:
    assert post("drift", without(DRIFT, name)).json() == answer_of("drift")


@pytest.mark.parametrize("name", ["values", "target"])
def test_what_is_missing_is_named(name: str) -> None:
    assert list(errors(post("drift", without(DRIFT, name)))) == [name]


def test_names_keep_their_order_and_what_is_not_given_is_0() -> None:
    answer = asked({"B": 50, "A": 50}, {"C": 40, "A": 60})
    assert [(row["name"], row["value"], row["target"]) for row in answer["rows"]] == [
        *(("B", "50.00", "0.00"), ("A", "50.00", "60.00"), ("C", "0.00", "40.00"))
    ]
    assert [row["status"] for row in answer["rows"]] == ["out_of_model", "under", "under"]
    assert answer["rows"][0]["relative"] is None


def test_pending_cash_is_a_row_without_a_target() -> None:
    answer = asked({"A": 60, "B": 40}, {"A": 60, "B": 40}, cash_flow="100")
    assert (answer["total"], answer["drift"]) == ("200.00", "50.00")
    assert [row["weight"] for row in answer["rows"]] == ["30.00", "20.00"]
    answer = asked({"A": 60, "B": 40}, {"A": 60, "B": 40}, cash_flow="-50.00")
    assert [row["weight"] for row in answer["rows"]] == ["120.00", "80.00"]


@pytest.mark.parametrize(
    ("band", "edges"),
    [
        ({"kind": "5/25"}, [("55.00", "65.00"), ("11.25", "18.75"), ("0.00", "1.00")]),
        (
            {"kind": "absolute", "points": "20"},
            [("40.00", "80.00"), ("0.00", "35.00"), ("0.00", "20.00")],
        ),
        (
            {"kind": "relative", "percent": 20},
            [("48.00", "72.00"), ("12.00", "18.00"), ("0.00", "0.00")],
        ),
        (
            {"kind": "hybrid", "percent": "5", "floor": "1"},
            [("57.00", "63.00"), ("14.00", "16.00"), ("0.00", "1.00")],
        ),
        ({"kind": "none"}, [(None, None), (None, None), (None, None)]),
    ],
)
def test_each_kind_of_band(band: dict[str, Any], edges: list[Any]) -> None:
    answer = asked({"A": 60, "B": 40}, {"A": 60, "B": 15, "X": 0, "C": 25}, band=band)
    assert [(row["low"], row["high"]) for row in (*answer["rows"][:2], answer["rows"][2])] == edges
    if band["kind"] == "none":
        assert {row["status"] for row in answer["rows"]} == {"in_band"}


def test_a_ceiling_fires_strictly_above() -> None:
    body = {"band": {"kind": "none"}, "ceilings": {"A": "80"}}
    assert fired(asked({"A": 80, "B": 20}, {"A": 80, "B": 20}, **body)) == []
    just_above = asked({"A": "80.0000000001", "B": "19.9999999999"}, {"A": 80, "B": 20}, **body)
    assert fired(just_above) == ["guard_rail"]


def test_every_trigger_is_named_once_and_in_order() -> None:
    answer = asked({"A": 90, "B": 10}, {"A": 60, "B": 40}, ceilings={"A": 80, "B": 5})
    assert fired(answer) == ["guard_rail", "band", "portfolio_drift"]
    assert answer["due"] is True


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"target": {"A": "99.99"}}, {"target": "Targets add up to 99.99%. Add 0.01%."}),
        ({"target": {"A": "99", "B": 2}}, {"target": "Targets add up to 101%. Take 1% away."}),
        ({"target": {}}, {"target": "Targets add up to 0%. Add 100%."}),
        ({"target": {"A": 101}}, {"target.A": "Use a number from 0 to 100."}),
        ({"target": {"A": "99.9999999999999"}}, {"target.A": "Use at most 12 decimals."}),
        ({"values": {"A": "-1"}}, {"values.A": "Use a number from 0 to 1000000000000000."}),
        ({"values": {"A": "1.00000000001"}}, {"values.A": "Use at most 10 decimals."}),
        ({"values": []}, {"values": "Use a JSON object here."}),
        ({"values": None}, {"values": "Use a JSON object here."}),
        ({"values": {"": 1}}, {"values": "Use names of 1 to 64 characters."}),
        ({"values": {"x" * 65: 1}}, {"values": "Use names of 1 to 64 characters."}),
        ({"values": {str(n): 1 for n in range(501)}}, {"values": "Use at most 500 names."}),
        (
            {"values": {str(n): 1 for n in range(500)}},
            {"target": "Use at most 500 classes, with those of values."},
        ),
        ({"cash_flow": "0.001"}, {"cash_flow": "Use at most 2 decimals."}),
        ({"ceilings": {"Gold": 80}}, {"ceilings": NO_CLASS}),
        (
            {"band": {"kind": "wide"}},
            {"band.kind": "Use one of: 5/25, absolute, relative, hybrid, none."},
        ),
        ({"band": {"kind": "absolute"}}, {"band.points": "This is missing. Add it."}),
        (
            {"band": {"kind": "absolute", "points": None}},
            {"band.points": "This is missing. Add it."},
        ),
        (
            {"band": {"kind": "5/25", "points": 5}},
            {"band.points": "There is no such field. Leave it out."},
        ),
        (
            {"band": {"kind": "hybrid", "percent": "-1"}},
            {
                "band.percent": "Use a number from 0 to 100.",
                "band.floor": "This is missing. Add it.",
            },
        ),
        ({"band": "5/25"}, {"band": "Use a JSON object here."}),
        ({"colour": 1}, {"colour": "There is no such field. Leave it out."}),
        (
            {"values": {"A": 0}, "target": {"A": 100}},
            {"": "There is nothing here yet. Add a value above 0."},
        ),
        (
            {"cash_flow": "-110000"},
            {"": "There is $110,000, and $110,000 is to be taken out. Take out less than that."},
        ),
    ],
)
def test_what_is_refused_and_the_way_out(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert errors(post("drift", DRIFT | changes)) == expected


def test_everything_that_is_wrong_is_said_at_once() -> None:
    body = {"values": {"A": "x"}, "target": {"A": "1"}, "cash_flow": "1e5", "band": {}}
    assert list(errors(post("drift", body))) == ["values.A", "target", "cash_flow", "band.kind"]


def test_a_name_given_twice_is_named() -> None:
    body = '{"values": {"A": 1, "A": 1}, "target": {"A": 100}}'
    assert errors(post("drift", body)) == {"values.A": "This is given 2 times. Give it once."}


def test_any_text_is_a_name() -> None:
    for name in ("a.b", "<script>", "💶" * 64, " ", "{0}", "%s", "\u0000"):
        assert asked({name: 1}, {name: 100})["rows"][0]["name"] == name
    errors(post("drift", DRIFT | {"target": {"{label}": 100}, "ceilings": {"{": 1}}))


def test_the_largest_and_the_finest_numbers_are_answered() -> None:
    most = "999999999999999.9999999999"
    answer = asked(
        {"A": most, "B": "0.0000000001"},
        {"A": "0.000000000001", "B": "99.999999999999"},
        cash_flow="-999999999999999.98",
    )
    assert answer["total"] == "0.02"
    many = asked({str(n): most for n in range(500)}, {str(n): "0.2" for n in range(500)})
    assert many["total"] == "500000000000000000.00"
    assert sum(Decimal(row["weight"]) for row in many["rows"]) == 100


def test_a_large_body_is_refused() -> None:
    names = {f"{n:064}": "999999999999999.9999999999" for n in range(1000)}
    assert post("drift", changed(DRIFT, {"values": names})).status_code == 413
