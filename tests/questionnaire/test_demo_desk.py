"""What the demo's desk wrote down: meetings, notes and mixes, whatever day it is."""

from datetime import UTC, date, datetime, time
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from questionnaire.demo.desk import MEETINGS, NOTES
from questionnaire.demo.practice import ADVISOR, OWNER
from questionnaire.models import ModelsInUse, Note, PublishedModels, Review
from questionnaire.services.modelling import in_words
from questionnaire.services.owning import valid_until
from questionnaire.services.reviewing import held_then
from riskalloc import methodology
from riskalloc.engine.own_models import cautions, problems
from riskalloc.firms.models import AuditEntry, User

pytestmark = pytest.mark.django_db
DAYS = [date(2026, 11, 21), date(2028, 2, 29), date(2031, 1, 1)]


@pytest.fixture(params=DAYS, ids=str, autouse=True)
def _some_day(request: pytest.FixtureRequest, settings: Settings) -> object:
    settings.DEBUG = True
    with time_machine.travel(datetime.combine(request.param, time(0, 1), UTC), tick=False):
        call_command("demo", stdout=StringIO())
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
