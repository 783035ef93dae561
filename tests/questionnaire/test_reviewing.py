"""Reviews that were held: kept once, with what held then, and the next one a year later."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, Review
from questionnaire.services.owning import own, valid_until
from questionnaire.services.reviewing import NothingToReview, mark_reviewed
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from riskalloc.web.errors import Gone
from tests.factories import ClientFactory, assign, make_assessment, make_own_client
from tests.firms.people import browser_of, member

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def assessed(days_ago: int = 400) -> ClientProfile:
    """A client whose review is overdue."""
    client = ClientFactory(name="Demo Robert")
    columns = {
        field.attname: getattr(made, field.attname)
        for made in [make_assessment()]
        for field in made._meta.concrete_fields
        if not field.primary_key
    }
    at = timezone.now() - timedelta(days=days_ago)
    old = Assessment.objects.create(**columns | {"created_at": at, "public_id": uuid4().hex[:22]})
    own(assessment=old, client=client, by=By())
    client.refresh_from_db()
    return client


@pytest.fixture
def desk():
    client = assessed()
    browser = browser_of(assign(client))
    browser.looks_after, browser.address = client, f"/c/{client.pk}/review/"
    return browser


def held(**fields) -> dict[str, object]:
    return {"id": uuid4(), "held_on": today().isoformat(), "summary": "Stay with it."} | fields


# -- The deed ----------------------------------------------------------------------------------------------


def test_the_next_review_is_due_a_year_after_the_meeting():
    client = assessed()
    assert client.review_due_on < today()
    review = mark_reviewed(client=client, review_id=uuid4(), held_on=today(), by=By())
    client.refresh_from_db()
    assert client.review_due_on == valid_until(today())
    assert review.assessment == Assessment.objects.latest_of(client)
    entry = AuditEntry.objects.get(action="review held")
    assert entry.after["review_due_on"] == str(client.review_due_on)
    assert entry.about == client.pk


def test_a_meeting_entered_late_does_not_shorten_what_is_due():
    client = assessed(days_ago=10)
    due = client.review_due_on
    mark_reviewed(client=client, review_id=uuid4(), held_on=today() - timedelta(days=5), by=By())
    client.refresh_from_db()
    assert client.review_due_on == valid_until(today() - timedelta(days=5)) > due
    mark_reviewed(client=client, review_id=uuid4(), held_on=today() - timedelta(days=9), by=By())
    client.refresh_from_db()
    assert client.review_due_on == valid_until(today() - timedelta(days=5))


def test_what_held_on_that_day_is_kept_not_what_holds_now():
    client = assessed(days_ago=100)
    then = Assessment.objects.latest_of(client)
    own(assessment=make_assessment(horizon_years="4"), client=client, by=By())
    meeting = today() - timedelta(days=50)
    review = mark_reviewed(client=client, review_id=uuid4(), held_on=meeting, by=By())
    assert review.assessment == then
    assert Assessment.objects.latest_of(client) != then


def test_before_anything_was_calculated_there_is_nothing_to_review():
    for client, day in [(ClientFactory(), today()), (assessed(10), today() - timedelta(days=20))]:
        with pytest.raises(NothingToReview):
            mark_reviewed(client=client, review_id=uuid4(), held_on=day, by=By())
    assert not Review.objects.exists()
    assert not AuditEntry.objects.filter(action="review held").exists()


def test_marked_twice_it_is_held_once():
    client, review_id = assessed(), uuid4()
    first = mark_reviewed(client=client, review_id=review_id, held_on=today(), by=By())
    assert mark_reviewed(client=client, review_id=review_id, held_on=today(), by=By()) == first
    assert AuditEntry.objects.filter(action="review held").count() == 1


def test_an_id_that_is_anothers_says_nothing_here():
    one, other = assessed(), assessed()
    first = mark_reviewed(client=one, review_id=uuid4(), held_on=today(), by=By())
    second = mark_reviewed(client=other, review_id=first.pk, held_on=today(), by=By())
    assert second.pk != first.pk
    assert (first.client, second.client) == (one, other)


def test_whoever_has_left_meanwhile_is_not_reviewed():
    client = assessed()
    client.firm_id = ClientFactory().firm_id
    with pytest.raises(Gone):
        mark_reviewed(client=client, review_id=uuid4(), held_on=today(), by=By())


# -- The page ----------------------------------------------------------------------------------------------


def test_a_meeting_is_entered_and_stands_on_the_clients_page(desk):
    assert desk.get(desk.address).status_code == 200
    answer = desk.post(desk.address, held())
    assert (answer.status_code, answer["Location"]) == (303, f"/c/{desk.looks_after.pk}/")
    page = desk.get(answer["Location"]).content.decode()
    assert "Reviewed together" in page
    assert "Stay with it." in page
    assert "Nothing needs you" in page or "Set the target" in page


def test_sent_twice_it_is_held_once(desk):
    sent = held()
    for _ in range(3):
        assert desk.post(desk.address, sent).status_code == 303
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"held_on": ""}, "Enter a date, like 2026-11-21"),
        ({"held_on": "yesterday"}, "Enter a date, like 2026-11-21"),
        ({"held_on": "9999-12-31"}, "This day is in the future"),
        ({"held_on": "1066-10-14"}, "Check the year: 1066"),
        ({"summary": "x" * 2_001}, "Use at most 2000"),
    ],
)
def test_bad_input_gets_a_sentence(desk, fields, sentence):
    answer = desk.post(desk.address, held(**fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Review.objects.exists()


def test_a_day_before_the_first_result_gets_a_sentence(desk):
    day = (today() - timedelta(days=500)).isoformat()
    answer = desk.post(desk.address, held(held_on=day))
    assert answer.status_code == 422
    assert "Nothing had been calculated by that day" in answer.content.decode()


def test_the_client_reads_it_and_enters_none():
    client = make_own_client()
    own(assessment=make_assessment(), client=client, by=By())
    mark_reviewed(client=client, review_id=uuid4(), held_on=today(), summary="Agreed", by=By())
    browser = browser_of(client.membership.user)
    assert "Agreed" in browser.get(f"/c/{client.pk}/").content.decode()
    assert browser.get(f"/c/{client.pk}/review/").status_code == 404
    assert browser.post(f"/c/{client.pk}/review/", held()).status_code == 404


def test_readers_and_strangers_enter_none(desk):
    for user in (assign(desk.looks_after, Role.READER), member().user):
        browser = browser_of(user)
        assert browser.get(desk.address).status_code == 404
        assert browser.post(desk.address, held()).status_code == 404
    assert desk.put(desk.address).status_code == 405
