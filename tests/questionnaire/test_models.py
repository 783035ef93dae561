from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from questionnaire.models import Assessment, Draft, Erasure, new_token
from riskalloc.firms.models import User
from tests.factories import DraftFactory, UserFactory, columns_of, make_assessment

REFUSED = {
    "assessment_amount_in_range": [{"amount": Decimal(0)}, {"amount": Decimal("1000000000.01")}],
    "assessment_needed_within_amount": [
        {"needed": Decimal("-0.01")},
        {"needed": Decimal("100000.01")},
    ],
    "assessment_raw_rti_in_range": [{"raw_rti": 26, "rti": 25}, {"raw_rti": 4, "rti": 4}],
    "assessment_rti_in_range": [{"rti": 4}],
    "assessment_rti_only_lowered": [{"rti": 19}],
    "assessment_iss_in_range": [{"iss": 4}, {"iss": 26}],
}
ACCEPTED = [
    {"amount": Decimal("0.01")},
    {"amount": Decimal("1000000000.00")},
    {"needed": Decimal("100000.00")},
    {"raw_rti": 5, "rti": 5},
    {"raw_rti": 25, "rti": 25},
    {"iss": 5},
    {"iss": 25},
]


def test_every_named_constraint_of_an_assessment_has_a_case() -> None:
    assert {constraint.name for constraint in Assessment._meta.constraints} == set(REFUSED)


@pytest.mark.parametrize(
    ("name", "values"), [(name, values) for name, cases in REFUSED.items() for values in cases]
)
def test_the_database_refuses_values_out_of_range(
    assessment: Assessment, name: str, values: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Assessment.objects.create(**columns_of(assessment) | values)


@pytest.mark.parametrize("values", ACCEPTED)
def test_the_database_accepts_values_at_the_edge(
    assessment: Assessment, values: dict[str, object]
) -> None:
    others = columns_of(assessment) | {"needed": Decimal(0)} | values
    assert Assessment.objects.create(**others).pk


def test_an_address_is_one_account_in_upper_and_lower_case(db: None) -> None:
    UserFactory(email="demo@example.org")
    with pytest.raises(IntegrityError, match="user_email_unique"), transaction.atomic():
        User.objects.bulk_create([User(email="DEMO@example.org")])
    assert User.objects.create_user("other@example.org").pk


def test_an_assessment_cannot_be_changed_through_the_orm(assessment: Assessment) -> None:
    assessment.amount = Decimal(5)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        assessment.save()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Assessment.objects.update(rti=5)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE questionnaire_assessment SET amount = 5", "DELETE FROM questionnaire_assessment"],
)
def test_an_assessment_cannot_be_changed_by_sql(assessment: Assessment, statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="questionnaire_assessment"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Assessment.objects.filter(pk=assessment.pk, amount=100_000).exists()


def test_an_assessment_is_deleted_only_where_an_erasure_names_it(assessment: Assessment) -> None:
    other = make_assessment()
    Erasure.objects.create(public_id=other.public_id, reason="expired")
    with (
        pytest.raises(IntegrityError, match="questionnaire_erasure names it"),
        transaction.atomic(),
    ):
        assessment.delete()
    other.delete()
    assert list(Assessment.objects.all()) == [assessment]


def test_tokens_have_128_bits_and_do_not_repeat() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {22}  # 22 characters of 6 bits hold 128


def test_a_draft_is_found_by_its_token_until_it_expires(db: None, settings) -> None:
    draft = DraftFactory()
    assert Draft.objects.of_token("demo-token-of-this-browser").get() == draft
    assert not Draft.objects.of_token("another-token").exists()
    late = timezone.now() - timedelta(days=settings.DRAFT_DAYS, seconds=1)
    Draft.objects.update(updated_at=late)
    assert not Draft.objects.of_token("demo-token-of-this-browser").exists()


def test_a_draft_does_not_store_the_token_itself(draft: Draft) -> None:
    assert "demo-token" not in draft.token_hash
