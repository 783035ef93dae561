import json
import re
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st

from questionnaire import snapshots
from questionnaire.models import Assessment
from questionnaire.services import answering
from riskalloc import methodology
from tests.factories import WORKED_EXAMPLE, answered

QUESTIONS = methodology.load("v1").questionnaire.questions
MONEY = st.decimals(0, 10**6, places=2).map(str)


def field_values(field) -> st.SearchStrategy[str]:
    if field.choices:
        return st.sampled_from([choice.code for choice in field.choices])
    if field.kind == "yes_no":
        return st.sampled_from(["yes", "no"])
    return st.decimals(0, 100, places=2).map(str) if field.kind == "years" else MONEY


ANSWERS = st.fixed_dictionaries(
    {field.name: field_values(field) for q in QUESTIONS if q.is_scored for field in q.fields}
    | {"amount": st.decimals("0.01", 10**9, places=2).map(str)}
)


def as_json(result: snapshots.Result) -> dict[str, Any]:
    """The two JSON columns, as a database gives them back."""
    columns = snapshots.stored(result)
    return json.loads(json.dumps({name: columns[name] for name in ("calculation", "worth")}))


@given(ANSWERS, st.sampled_from(methodology.versions()), st.sampled_from(["core", "diversified"]))
def test_a_result_is_read_back_bit_for_bit(fields, version, sleeves) -> None:
    method = methodology.load(version)
    result = answering.calculate(answered(**fields), method, sleeves=sleeves)
    columns = as_json(result)
    assert snapshots.result_of(Assessment(**columns)) == result


@given(ANSWERS)
def test_the_order_of_answers_changes_nothing(fields) -> None:
    method = methodology.load("v1")
    answers = answered(**fields)
    backwards = dict(reversed(answers.items()))
    assert answering.calculate(answers, method) == answering.calculate(backwards, method)


def test_the_worked_example_is_stored_in_cents() -> None:
    method = methodology.load("v1")
    calculation = answering.calculate(WORKED_EXAMPLE, method).calculation
    assert {line.asset.value: line.amount for line in calculation.lines} == {
        "us_large_cap": Decimal("60000.00"),
        "intl_developed": Decimal("15000.00"),
        "us_aggregate": Decimal("10000.00"),
        "reit": Decimal("15000.00"),
    }


FORMAT_1 = """
    calculation: allocation amount answers assumptions findings lines method needed outlook
        questionnaire reserved scores sleeves
    calculation.allocation: base has_growth_split mix shift sleeves steps weights
    calculation.answers: drop_reaction horizon_years household_cover job_security largest_fall
        market_linked max_loss monthly_debt monthly_essentials monthly_income past_behaviour savings
        trade_off
    calculation.scores: adjustments horizon_years iss iss_label items near_term raw_rti reserve rti
        rti_label
    calculation.outlook: bad_year beta compound_return episodes expected_return mean volatility
    worth.0: higher lower question score
"""


def test_format_1_of_a_snapshot_is_what_it_was() -> None:
    assert snapshots.SNAPSHOT_FORMAT == 1
    result = answering.calculate(WORKED_EXAMPLE, methodology.load("v1"))
    columns = as_json(result)
    wanted = " ".join(FORMAT_1.split()).replace(": ", ":")
    for part in re.findall(r"(\S+):([^:]+?)(?= \S+:|$)", wanted):
        path, keys = part
        found = columns
        for step in path.split("."):
            found = found[int(step) if step.isdigit() else step]
        assert sorted(found) == keys.split(), f"{path} has changed: make format 2"
