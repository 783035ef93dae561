"""Asking the calculator: the worked example, changes to it, and what comes back."""

import json
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django.test import Client

ASSESS: dict[str, Any] = {
    "answers": {
        "drop_reaction": "hold_calm",
        "horizon_years": "12",
        "trade_off": "mix_50",
        "past_behaviour": "did_nothing",
        "max_loss": "up_to_20",
        "job_security": "permanent_steady",
        "emergency_fund": {"savings": "24000", "monthly_essentials": "3000"},
        "debt_to_income": {"monthly_debt": "1500", "monthly_income": "6000"},
        "income_variability": {"largest_fall": "5_to_10", "market_linked": False},
        "household_cover": "75_to_100",
    },
    "amount": "100000",
    "needed_within_3_years": "0",
    "method": "v1",
    "sleeves": "core",
}
ALLOCATE: dict[str, Any] = {
    "rti": 18,
    "iss": 20,
    "amount": "100000",
    "method": "v1",
    "sleeves": "core",
    "horizon_years": None,
}
VALUES = {"US large-cap": "70000", "International": "15000", "Bonds": "10000", "REITs": "15000"}
TARGET = {"US large-cap": "60", "International": "15", "Bonds": "10", "REITs": "15"}
DRIFT: dict[str, Any] = {
    "values": VALUES,
    "target": TARGET,
    "cash_flow": "0",
    "band": {"kind": "5/25"},
    "ceilings": {},
}
PLAN: dict[str, Any] = {
    "values": VALUES,
    "target": TARGET,
    "cash_flow": "0",
    "kind": "full",
    "band": {"kind": "5/25"},
    "minimum_trade": "0",
    "locked": [],
}
SHARES: dict[str, Any] = {
    "prices": {"A": "100", "B": "30"},
    "target": {"A": "60", "B": "40"},
    "held": {"A": 0, "B": 0},
    "cash": "1000",
}
BODIES = {
    "assess": ASSESS,
    "allocate": ALLOCATE,
    "drift": DRIFT,
    "plan": PLAN,
    "shares": SHARES,
}


def post(operation: str, body: Any, **environment: Any) -> Any:
    """The response to a body, sent as it is where it is text or bytes, and as JSON otherwise."""
    sent = body if isinstance(body, bytes | str) else json.dumps(body)
    return Client().post(
        f"/api/v1/{operation}", sent, content_type="application/json", **environment
    )


def changed(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a body with other values, by path: `{"answers.max_loss": "up_to_5"}`."""
    copy = deepcopy(dict(body))
    for path, value in changes.items():
        *parents, name = path.split(".")
        place = copy
        for parent in parents:
            place = place[parent]
        place[name] = value
    return copy


def without(body: Mapping[str, Any], path: str) -> dict[str, Any]:
    copy = deepcopy(dict(body))
    *parents, name = path.split(".")
    place = copy
    for parent in parents:
        place = place[parent]
    del place[name]
    return copy


def answer_of(operation: str, **changes: Any) -> dict[str, Any]:
    """The answer to the worked example with other values; `__` stands for the point in a path."""
    paths = {name.replace("__", "."): value for name, value in changes.items()}
    response = post(operation, changed(BODIES[operation], paths))
    assert response.status_code == 200, response.content
    return response.json()


def errors(response: Any, status: int = 422) -> dict[str, str]:
    """What was refused: messages by field. Holds the shape of the answer on the way."""
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    body = json.loads(response.content)
    assert list(body) == ["errors"]
    assert body["errors"]
    for error in body["errors"]:
        assert list(error) == ["field", "message"]
        assert isinstance(error["field"], str)
        assert len(error["field"]) <= 100
        assert 0 < len(error["message"]) <= 300
    fields = [error["field"] for error in body["errors"]]
    assert len(set(fields)) == len(fields), "one message for one field"
    return {error["field"]: error["message"] for error in body["errors"]}


def added_up(lines: list[dict[str, str]], figure: str) -> Decimal:
    return sum((Decimal(line[figure]) for line in lines), Decimal(0))
