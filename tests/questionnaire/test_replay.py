"""What was stored comes out again: every assessment, by the rules of then, bit for bit."""

import io
import random

import pytest
from django.core.management import CommandError, call_command

from questionnaire.models import Assessment
from questionnaire.services.answering import calculate
from questionnaire.snapshots import result_of, stored
from riskalloc import methodology
from riskalloc.engine.questions import FieldKind
from tests.factories import columns_of, make_assessment

pytestmark = pytest.mark.django_db
MANY = 1000


def any_answers(chance: random.Random, method) -> dict[str, dict[str, str]]:
    """Complete answers, as a draft keeps them."""

    def value(field) -> str:
        if field.kind is FieldKind.CHOICE:
            return chance.choice(field.choices).code
        if field.kind is FieldKind.YES_NO:
            return chance.choice(["yes", "no"])
        if field.kind is FieldKind.YEARS:
            return str(chance.choice([0, 1, 2.5, 3, 5, 8, 12, 30]))
        return str(chance.choice([0, 1, 99.99, 1500, 2400, 24000, 100000]))

    answers = {q.id: {f.name: value(f) for f in q.fields} for q in method.questionnaire.questions}
    amount = chance.choice(["0.01", "1", "1000", "123456.78", "1000000000"])
    answers["amount"] = {
        "amount": amount,
        "needed_within_3_years": chance.choice(["0", "0", "0.01", amount]),
    }
    return answers


def verify() -> str:
    out = io.StringIO()
    call_command("verify_results", stdout=out)
    return out.getvalue()


def test_a_thousand_stored_assessments_come_out_as_they_were_stored():
    chance = random.Random(20261121)
    rows = []
    for _ in range(MANY):
        method = methodology.load(chance.choice(methodology.versions()))
        answers = any_answers(chance, method)
        sleeves = chance.choice(list(method.classes.sets()))
        seconds = chance.choice([None, 5, 300])
        result = calculate(answers, method, sleeves=sleeves, seconds_taken=seconds)
        rows.append(
            Assessment(
                software="0",
                kept_contradictions=False,
                seconds_taken=seconds,
                answers=answers,
                **stored(result),
            )
        )
    Assessment.objects.bulk_create(rows)
    assert verify() == f"{MANY} assessments calculated again, none differs.\n"


def test_a_result_that_differs_is_named():
    columns = columns_of(make_assessment())
    columns["calculation"]["scores"]["raw_rti"] += 1
    forged = Assessment.objects.create(**columns)
    with pytest.raises(CommandError, match=f"1 of 2 .*{forged.public_id}"):
        verify()


def test_a_stored_result_is_read_and_not_calculated(assessment, monkeypatch):
    monkeypatch.setattr("questionnaire.services.answering.assess", None)
    assert result_of(assessment).calculation.scores.raw_rti == 18
