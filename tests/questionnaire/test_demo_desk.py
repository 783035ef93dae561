"""What the demo's desk wrote down: meetings, notes and mixes, whatever day it is."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from questionnaire.demo.desk import MEETINGS, NOTES
from questionnaire.demo.practice import ADVISOR, OWNER
from questionnaire.models import ModelsInUse, Note, PublishedModels, Review
from questionnaire.services.modelling import in_words
from questionnaire.services.owning import valid_until
from questionnaire.services.reviewing import held_then
from riskalloc import methodology
from riskalloc.engine.own_models import cautions, problems
from riskalloc.firms.models import AuditEntry, User
from tests.demo import loaded_on

pytestmark = pytest.mark.django_db
DAYS = [date(2026, 11, 21), date(2028, 2, 29), date(2031, 1, 1)]


@pytest.fixture(scope="module", autouse=True, params=DAYS, ids=str)
def _some_day(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with loaded_on(request.param, django_db_blocker):
        yield


def test_meetings_are_about_what_was_calculated_by_then_and_move_no_review() -> None:
    assert Review.objects.count() == len(MEETINGS)
    for review in Review.objects.select_related("client"):
        assert review.assessment == held_then(review.client, review.held_on)
        assert review.assessment.created_at < review.recorded_at < timezone.now()
        assert review.held_on == timezone.localdate(review.recorded_at)
        due_on = review.client.review_due_on
        assert due_on
        assert valid_until(review.held_on) <= due_on


def test_notes_are_of_the_desk_and_nothing_lies_ahead() -> None:
    assert Note.objects.count() == len(NOTES)
    for note in Note.objects.select_related("client"):
        assert note.client.created_at < note.written_at < timezone.now()
        desk = User.objects.get(email=note.written_by)
        assert Note.objects.visible_to(desk).filter(pk=note.pk).exists()
        assert desk.email in (OWNER, ADVISOR)


def test_the_practice_s_mixes_are_published_and_not_in_use() -> None:
    (published,) = PublishedModels.objects.all()
    mixes, method = published.by_label(), methodology.load(methodology.DEFAULT_VERSION)
    assert not problems(mixes, method)
    assert not cautions(mixes, method)
    assert not ModelsInUse.objects.exists()


def test_the_trail_tells_of_each() -> None:
    entered = AuditEntry.objects.filter(actor_name="(demo data)")
    for review in Review.objects.all():
        entry = entered.get(action="review held", object_id=str(review.pk))
        assert (entry.after or {})["summary"] == review.summary
    assert entered.filter(action="note written").count() == len(NOTES)
    after = entered.get(action="models published").after
    assert after
    assert after.items() >= in_words(PublishedModels.objects.get().by_label()).items()
