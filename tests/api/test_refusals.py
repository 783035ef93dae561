"""What is refused, where, and with which way out."""

import json
from typing import Any

import pytest

from riskalloc.engine import calculation
from riskalloc.engine.amounts import EngineError
from riskalloc.methodology import load
from tests.api.calculator import ALLOCATE, ASSESS, answer_of, changed, errors, post, without

GRAMMAR = "Use plain digits, like 25000.00, at most 15 before the point."
MISSING = "This is missing. Add it."
UNKNOWN = "There is no such field. Leave it out."
TWICE = "This is given 2 times. Give it once."
OBJECT = "Use a JSON object here."

MONEY = [
    "answers.emergency_fund.savings",
    "answers.emergency_fund.monthly_essentials",
    "answers.debt_to_income.monthly_debt",
    "answers.debt_to_income.monthly_income",
    "needed_within_3_years",
]
CHOICES = {
    question.id if len(question.fields) == 1 else f"{question.id}.{field.name}": [
        choice.code for choice in field.choices
    ]
    for question in load("v1").questionnaire.questions
    for field in question.fields
    if field.choices
}


def refused(path: str, written: str) -> str:
    """The message for a value, as it is written in JSON, at a path of the worked example."""
    body = json.dumps(changed(ASSESS, {path: "HERE"})).replace('"HERE"', written)
    found = errors(post("assess", body))
    assert list(found) == [path]
    return found[path]


# -- Decimals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["1", "1.5", "1.50", "0.01", "007", "000000000000001", "1000000000", "1000000000.00"]
)
def test_plain_digits_are_an_amount(text: str) -> None:
    assert answer_of("assess", amount=text)


NO_DECIMALS = [
    *("", " ", "1 ", " 1", "1_000", "1,000", "1e5", "1E5", "+1", "--1", "-", ".5", "5.", "1.2.3"),
    *("0x10", "NaN", "Infinity", "1\n", "1\u0000", "−5", "$5", "1/2", "HERE", "\ud800"),
    *("\uff11\uff12", "\u0661", "1.\u0665", "²"),  # digits of other scripts
    *("1" * 16, "0" * 16, "9" * 5000),
]


@pytest.mark.parametrize("text", NO_DECIMALS)
def test_anything_else_is_no_decimal(text: str) -> None:
    assert refused("amount", json.dumps(text)) == GRAMMAR


NO_DECIMALS_IN_JSON = [
    *("1e5", "1E5", "1e999999999", "1e-2", "NaN", "Infinity", "-Infinity", "true", "false", "null"),
    *("[]", "[1]", "{}", '{"a": 1}', "9" * 5000, "1" * 16),
]


@pytest.mark.parametrize("written", NO_DECIMALS_IN_JSON)
def test_a_json_value_has_to_follow_the_same_grammar(written: str) -> None:
    assert refused("amount", written) == GRAMMAR


@pytest.mark.parametrize("path", [*MONEY, "answers.horizon_years"])
def test_two_decimals_are_read_and_three_are_not(path: str) -> None:
    assert post("assess", changed(ASSESS, {path: "12.34"})).status_code == 200
    assert refused(path, '"12.345"') == "Use at most 2 decimals."
    assert refused(path, "12.340") == "Use at most 2 decimals."
    assert refused(path, f"1.{'0' * 5000}") == "Use at most 2 decimals."


@pytest.mark.parametrize("path", MONEY)
def test_money_is_never_negative_nor_endless(path: str) -> None:
    assert refused(path, '"-0.01"') == "Use a number from 0 to 1000000000."
    assert refused(path, "1000000000.01") == "Use a number from 0 to 1000000000."
    nothing = [post("assess", changed(ASSESS, {path: zero})) for zero in ("0", "-0.00", -0.0)]
    assert nothing[0].json() == nothing[1].json() == nothing[2].json()


@pytest.mark.parametrize("written", ["0", "0.00", "-0", "-1", '"-0.01"', "1000000000.01"])
def test_the_amount_is_above_zero_and_at_most_a_billion(written: str) -> None:
    assert refused("amount", written) == "Use a number above 0 and up to 1000000000."


def test_years_run_from_0_to_100() -> None:
    for years in ("0", "100", "100.00"):
        assert answer_of("assess", answers__horizon_years=years)
    for years in ('"-0.01"', "100.01"):
        assert refused("answers.horizon_years", years) == "Use a number from 0 to 100."
    body = changed(ALLOCATE, {"horizon_years": "100.01"})
    assert errors(post("allocate", body)) == {"horizon_years": "Use a number from 0 to 100."}


def test_what_is_needed_is_at_most_the_amount() -> None:
    assert answer_of("assess", amount="5.00", needed_within_3_years="5")
    body = changed(ASSESS, {"amount": "5.00", "needed_within_3_years": "5.01"})
    assert errors(post("assess", body)) == {
        "needed_within_3_years": "Use at most the amount, 5.00."
    }


# -- Codes, yes and no ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHOICES)
def test_every_code_of_the_questionnaire_is_known_and_no_other(name: str) -> None:
    path = f"answers.{name}"
    for code in CHOICES[name]:
        assert post("assess", changed(ASSESS, {path: code})).status_code == 200
    for written in ('"HOLD_CALM"', '""', '" gig"', "3", "true", "null", "[]", "{}", '"\\ud800"'):
        assert refused(path, written) == f"Use one of: {', '.join(CHOICES[name])}."


@pytest.mark.parametrize(
    ("name", "choices"), [("method", "v1, seed-1"), ("sleeves", "core, diversified")]
)
@pytest.mark.parametrize("written", ['"V1"', '"v2"', '""', "1", "null", '["v1"]'])
def test_an_unknown_method_or_set_names_the_choices(name: str, choices: str, written: str) -> None:
    assert refused(name, written) == f"Use one of: {choices}."


@pytest.mark.parametrize("written", ["0", "1", '"true"', '"no"', "null", "[]", "{}"])
def test_market_linked_is_true_or_false(written: str) -> None:
    path = "answers.income_variability.market_linked"
    assert refused(path, written) == "Use true or false."


# -- Fields -----------------------------------------------------------------------------------------------

NEEDED = ["answers", "amount", *(f"answers.{name}" for name in ASSESS["answers"]), *MONEY[:4]]


@pytest.mark.parametrize(
    "path",
    [*NEEDED]
    + [f"answers.income_variability.{name}" for name in ("largest_fall", "market_linked")],
)
def test_a_field_that_is_missing_is_named(path: str) -> None:
    assert errors(post("assess", without(ASSESS, path))) == {path: MISSING}


@pytest.mark.parametrize("path", ["score", "answers.horizon", "answers.emergency_fund.months"])
@pytest.mark.parametrize("value", [1, None, {}, [[[]]], "x" * 1000])
def test_an_unknown_field_is_named(path: str, value: Any) -> None:
    assert errors(post("assess", changed(ASSESS, {path: value}))) == {path: UNKNOWN}


def test_a_field_given_twice_is_named_even_with_the_same_value() -> None:
    text = json.dumps(ASSESS)
    doubles = {
        "amount": '"amount": "100000"',
        "answers.max_loss": '"max_loss": "up_to_20"',
        "answers.debt_to_income.monthly_debt": '"monthly_debt": "1500"',
        "answers.income_variability.market_linked": '"market_linked": false',
        "method": '"method": "v1"',
    }
    for field, written in doubles.items():
        assert text.count(written) == 1
        body = text.replace(written, f"{written}, {written}")
        assert errors(post("assess", body)) == {field: TWICE}
    all_doubled = text
    for written in doubles.values():
        all_doubled = all_doubled.replace(written, f"{written}, {written}")
    assert errors(post("assess", all_doubled)) == dict.fromkeys(doubles, TWICE)


def test_an_unknown_field_given_twice_is_still_unknown() -> None:
    body = json.dumps(ASSESS)[:-1] + ', "colour": 1, "colour": 1}'
    assert errors(post("assess", body)) == {"colour": UNKNOWN}


def test_an_object_given_twice_is_named() -> None:
    body = json.dumps(ASSESS)[:-1] + ', "answers": {}}'
    assert errors(post("assess", body)) == {"answers": TWICE}


@pytest.mark.parametrize("path", ["answers", "answers.emergency_fund", "answers.debt_to_income"])
@pytest.mark.parametrize("written", ["null", "[]", "5", '"x"', "true", "[{}]"])
def test_where_an_object_belongs_nothing_else_is_read(path: str, written: str) -> None:
    assert refused(path, written) == OBJECT


def test_everything_that_is_wrong_is_said_at_once() -> None:
    body = {
        "answers": changed(
            ASSESS["answers"],
            {
                "drop_reaction": "panic",
                "horizon_years": "101",
                "emergency_fund": {"savings": "-1", "months": 3},
                "income_variability": 4,
            },
        ),
        "amount": "10",
        "needed_within_3_years": "11",
        "method": "v2",
        "sleeves": True,
        "colour": "green",
    }
    assert errors(post("assess", body)) == {
        "answers.drop_reaction": "Use one of: sell_all, sell_some, hold_worried, hold_calm, buy_more.",
        "answers.horizon_years": "Use a number from 0 to 100.",
        "answers.emergency_fund.savings": "Use a number from 0 to 1000000000.",
        "answers.emergency_fund.monthly_essentials": MISSING,
        "answers.emergency_fund.months": UNKNOWN,
        "answers.income_variability": OBJECT,
        "needed_within_3_years": "Use at most the amount, 10.",
        "method": "Use one of: v1, seed-1.",
        "sleeves": "Use one of: core, diversified.",
        "colour": UNKNOWN,
    }


def test_a_long_name_is_cut_and_half_a_character_replaced() -> None:
    (field,) = errors(post("assess", changed(ASSESS, {"x" * 5000: 1})))
    assert field == "x" * 99 + "…"
    assert errors(post("assess", json.dumps(ASSESS)[:-1] + ', "\\ud800": 1}')) == {"?": UNKNOWN}


def test_a_field_without_a_name_is_an_unknown_one() -> None:
    assert errors(post("assess", changed(ASSESS, {"": 1}))) == {"": UNKNOWN}


# -- Bodies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["[]", "null", "5", '"text"', "true", "NaN", "1e5", "[{}]", ""])
@pytest.mark.parametrize("operation", ["assess", "allocate"])
def test_a_body_is_one_json_object(operation: str, body: str) -> None:
    assert errors(post(operation, body)) == {"": "Send one JSON object."}


@pytest.mark.parametrize(
    "body", ["{", "{}{}", "{'a': 1}", '{"a": 01}', '{"a": +1}', '{"a": 1,}', " ", "\ufeff{}", "{}x"]
)
def test_malformed_json_is_refused_with_its_place(body: str) -> None:
    (message,) = errors(post("assess", body)).values()
    assert message.startswith("This is not JSON: see line 1, column ")


def test_an_empty_object_is_asked_for_everything() -> None:
    assert errors(post("assess", {})) == {"answers": MISSING, "amount": MISSING}
    assert errors(post("allocate", {})) == dict.fromkeys(["rti", "iss", "amount"], MISSING)


@pytest.mark.parametrize(
    "body", [b"\xff", b'{"amount": "\xe9"}', json.dumps(ASSESS).encode("utf-16")]
)
def test_only_utf_8_is_read(body: bytes) -> None:
    assert errors(post("assess", body)) == {"": "This is not UTF-8. Send JSON encoded in UTF-8."}


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening: str) -> None:
    for body in (opening * 10000, opening * 10000 + "1" + "]" * 10000):
        (message,) = errors(post("assess", body)).values()
        assert message.startswith(("This is nested too deeply.", "This is not JSON"))
    nested = f'{{"a": {"[" * 200}{"]" * 200}}}'
    assert errors(post("assess", nested)) == {"answers": MISSING, "amount": MISSING, "a": UNKNOWN}


def test_what_the_engine_refuses_is_no_fault_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise EngineError("The engine has a rule of its own.")

    monkeypatch.setattr(calculation, "assess", refuse)
    assert errors(post("assess", ASSESS)) == {"": "The engine has a rule of its own."}
