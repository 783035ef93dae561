"""POST /api/v1/shares: prices, targets and cash to whole shares."""

from typing import Any

import pytest

from tests.api.calculator import SHARES, answer_of, errors, post, without


def test_the_documented_example() -> None:
    assert answer_of("shares") == {
        "shares": {"A": 6, "B": 13},
        "trades": {"A": 6, "B": 13},
        "left": "10.00",
        "drift_after": "1.00",
    }


def test_a_part_of_a_share_is_sold_as_text() -> None:
    answer = answer_of("shares", held__A="2.50", held__B="3")
    assert answer["trades"]["A"] == "5.5"
    assert answer["shares"]["A"] == 8


def test_the_rest_of_the_targets_is_cash() -> None:
    answer = answer_of("shares", target={"A": "50"})
    assert answer["shares"] == {"A": 5, "B": 0}
    assert (answer["left"], answer["drift_after"]) == ("500.00", "0.00")


@pytest.mark.parametrize("name", SHARES)
def test_every_field_is_needed(name: str) -> None:
    assert errors(post("shares", without(SHARES, name)))[name] == "This is missing. Add it."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"target": {"A": 60, "B": "40.01"}},
            {"target": "Targets add up to more than 100%. Lower one of them."},
        ),
        ({"target": {"C": 10}}, {"target": "There is no price for “C”. Add it to prices."}),
        ({"held": {"C": 10}}, {"held": "There is no price for “C”. Add it to prices."}),
        (
            {"prices": {"A": 0, "B": 1}},
            {"prices.A": "Use a number above 0 and up to 1000000000000000."},
        ),
        ({"prices": {}}, {"prices": "Add at least one price."}),
        ({"held": {"A": -1}}, {"held.A": "Use a number from 0 to 1000000000000000."}),
        ({"cash": "-1"}, {"cash": "Use a number from 0 to 1000000000000000."}),
        ({"cash": 0}, {"": "There is nothing to divide. Add cash, or shares that are held."}),
    ],
)
def test_what_is_refused_and_the_way_out(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert errors(post("shares", SHARES | changes)) == expected


def test_five_hundred_prices_and_the_largest_numbers_are_answered() -> None:
    names = [f"S{n}" for n in range(500)]
    body = {
        "prices": {name: f"{n + 1}.0123456789" for n, name in enumerate(names)},
        "target": dict.fromkeys(names, "0.2"),
        "held": dict.fromkeys(names, "0.1234567891"),
        "cash": "999999999999999.9999999999",
    }
    answer = post("shares", body).json()
    assert sum(answer["shares"].values()) > 0
    tiny = {"prices": {"A": "0.0000000001"}, "target": {"A": 100}, "held": {}, "cash": 10**14}
    assert post("shares", tiny).json()["shares"] == {"A": 10**24}
