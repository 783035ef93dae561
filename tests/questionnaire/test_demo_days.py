"""The past of the demo's people holds together whatever day it is loaded."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from questionnaire.demo.personas import PERSONAS
from questionnaire.demo.practice import CLIENTS
from questionnaire.models import Assessment, ClientProfile, LifeEvent, Override
from questionnaire.models.clients import DUE_SOON
from questionnaire.services.owning import valid_until
from tests.demo import loaded_on

DAYS = [
    date(2026, 11, 21),
    date(2028, 2, 29),
    date(2029, 3, 1),
    date(2030, 1, 1),
    date(2031, 12, 31),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True, params=DAYS, ids=str)
def _some_day(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with loaded_on(request.param, django_db_blocker):
        yield


def histories() -> list[tuple[ClientProfile, list[Assessment]]]:
    of_client = Assessment.objects.order_by("created_at").filter
    return [(c, list(of_client(ownership__client=c))) for c in ClientProfile.objects.all()]


def test_the_past_is_two_years_long_and_no_fact_lies_ahead() -> None:
    now = timezone.now()
    for client, assessments in histories():
        if assessments:
            assert timedelta(days=730) <= now - assessments[0].created_at < timedelta(days=780)
            assert client.created_at < assessments[0].created_at
            assert client.firm.created_at <= client.created_at
        for assessment in assessments:
            assert assessment.created_at < now
            assert assessment.ownership.since == assessment.created_at
    for event in LifeEvent.objects.all():
        assert event.recorded_at == event.assessment.created_at
        assert event.happened_on <= event.recorded_at.date()
    for override in Override.objects.all():
        assert override.assessment.created_at < override.made_at < now


def test_reviews_are_due_in_every_way() -> None:
    today = timezone.localdate()
    for client, assessments in histories():
        due_on = valid_until(assessments[-1].created_at.date()) if assessments else None
        assert client.review_due_on == due_on
    active = ClientProfile.objects.active()
    personas, clients = (active.filter(firm__is_personal=is_own) for is_own in (True, False))
    for people, overdue, soon, later in ((personas, 1, 1, 2), (clients, 2, 2, 5)):
        assert people.filter(review_due_on__lt=today).count() == overdue
        assert people.filter(review_due_on__range=(today, today + DUE_SOON)).count() == soon
        assert people.filter(review_due_on__gt=today + DUE_SOON).count() == later
    assert clients.filter(review_due_on=None).count() == 2
    assert ClientProfile.objects.filter(archived_at__lt=timezone.now()).count() == 1


def test_ages_are_what_they_are_today() -> None:
    today = timezone.localdate()
    for story in (*PERSONAS, *CLIENTS):
        born_on = ClientProfile.objects.get(name=story.name).born_on
        had_birthday = (born_on.month, born_on.day) <= (today.month, today.day)
        assert today.year - born_on.year - (not had_birthday) == story.born.age
