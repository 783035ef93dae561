"""What a job did not do, tried again: by whoever may start such work, and once."""

from uuid import uuid4

import pytest
from django.test import Client

from riskalloc.firms.models import AuditEntry, Job, JobItem, Role
from riskalloc.firms.services.jobs import cancel_job, run_job, try_again
from tests.factories import MembershipFactory
from tests.firms.people import browser_of, member, queries
from tests.firms.works import by_user, deeds, job, keys_of, owner_of

pytestmark = pytest.mark.django_db
BUTTON = "Try the failed ones again"
NO_ADDRESS = "There is no e-mail address. Add one."


def address(found: Job) -> str:
    return f"/jobs/{found.pk}/again/"


def page_of(browser: Client, found: Job) -> str:
    return browser.get(f"/jobs/{found.pk}/").content.decode()


def ended(**fields: object) -> Job:
    """Of three things the first and the last were not done."""
    keys = [uuid4() for _ in range(3)]
    refused = {key: {"refuse": NO_ADDRESS} for key in (keys[0], keys[2])}
    found = job(keys=keys, own=refused, **fields)
    run_job(found.pk)
    found.refresh_from_db()
    return found


def person_of(found: Job) -> Client:
    assert found.made_by
    return browser_of(found.made_by)


def test_exactly_what_failed_is_begun_anew_with_what_belongs_to_it() -> None:
    first = ended(arguments={"seconds": 0})
    failed = [key for key in keys_of(first) if key not in deeds(first)]
    answer = person_of(first).post(address(first))
    again = first.again
    assert (answer.status_code, answer["Location"]) == (303, again.get_absolute_url())
    assert keys_of(again) == failed
    assert (again.kind, again.arguments, again.made_by) == (
        first.kind,
        first.arguments,
        first.made_by,
    )
    assert again.title == "Work for a test, again: 2"
    assert [item.arguments["refuse"] for item in again.items.all()] == [NO_ADDRESS] * 2


def test_what_can_be_done_by_now_is_done_and_the_first_stays_as_it_was() -> None:
    first = ended()
    again = try_again(job=first, by=by_user(first.made_by))
    assert again
    again.items.update(arguments={})  # the address is there now
    run_job(again.pk)
    assert [item.state for item in again.items.all()] == ["done", "done"]
    assert len(deeds(first)) == 3
    assert first.items.filter(state=JobItem.State.FAILED).count() == 2


def test_pressed_five_times_it_is_begun_once() -> None:
    first = ended()
    browser = person_of(first)
    places = {browser.post(address(first))["Location"] for _ in range(5)}
    assert places == {first.again.get_absolute_url()}
    assert Job.objects.count() == 2
    started = AuditEntry.objects.filter(action="work started", object_id=str(first.again.pk))
    assert started.get().after["again_of"] == str(first.pk)


def test_each_page_leads_to_the_other_and_the_button_is_gone() -> None:
    first = ended()
    browser = person_of(first)
    assert BUTTON in page_of(browser, first)
    browser.post(address(first))
    page = page_of(browser, first)
    assert BUTTON not in page
    assert f'What was not done is tried again in <a href="/jobs/{first.again.pk}/">' in page
    assert f'It tries again what was not done in <a href="/jobs/{first.pk}/">' in page_of(
        browser, first.again
    )


def test_what_failed_a_second_time_can_be_tried_a_third_time() -> None:
    first = ended()
    browser = person_of(first)
    browser.post(address(first))
    run_job(first.again.pk)
    assert BUTTON in page_of(browser, first.again)
    browser.post(address(first.again))
    assert keys_of(first.again.again) == keys_of(first.again)


def test_a_colleague_and_a_stranger_find_nothing() -> None:
    first = ended()
    colleague = MembershipFactory(firm=first.firm, role=Role.ADVISOR)
    for person in (colleague, member()):
        assert browser_of(person.user).post(address(first)).status_code == 404
    assert Client().post(address(first)).status_code == 302
    assert person_of(first).get(address(first)).status_code == 405
    assert Job.objects.count() == 1


def test_who_may_start_such_work_no_longer_does_not_try_it_again() -> None:
    membership = member(role=Role.ADVISOR)
    first = ended(by=membership)
    membership.role = Role.READER
    membership.save()
    browser = browser_of(membership.user)
    assert BUTTON not in page_of(browser, first)
    assert browser.post(address(first)).status_code == 404


def test_where_the_owner_was_faster_the_advisor_reads_it() -> None:
    first = ended()
    owner = browser_of(owner_of(first).user)
    assert owner.post(address(first))["Location"] == first.again.get_absolute_url()
    browser = person_of(first)
    assert browser.post(address(first))["Location"] == first.get_absolute_url()
    assert "Somebody else at this desk has tried again" in page_of(browser, first)
    assert Job.objects.count() == 2


@pytest.mark.parametrize("kind", ["send_reminders", "nightly_refresh", "gone"])
def test_what_begins_by_itself_or_is_gone_offers_nothing(kind: str) -> None:
    first = ended()
    Job.objects.update(kind=kind)
    assert BUTTON not in page_of(person_of(first), first)
    assert person_of(first).post(address(first)).status_code == 404


def test_while_it_runs_and_where_all_is_done_there_is_nothing_to_try() -> None:
    membership = member(role=Role.ADVISOR)
    browser, found = browser_of(membership.user), job(2, by=membership)
    for _ in range(2):
        assert BUTTON not in page_of(browser, found)
        assert browser.post(address(found))["Location"] == found.get_absolute_url()
        run_job(found.pk)
    assert Job.objects.count() == 1


def test_of_stopped_work_what_failed_is_tried_and_what_was_not_begun_is_not() -> None:
    first = job(3)
    done_at = first.created_at
    first.items.filter(position=1).update(state="failed", said=NO_ADDRESS, done_at=done_at)
    cancel_job(job=first, by=by_user(first.made_by))
    again = try_again(job=first, by=by_user(first.made_by))
    assert again
    assert keys_of(again) == keys_of(first)[:1]


def test_work_that_was_forgotten_leaves_what_tried_it_again() -> None:
    first = ended()
    again = try_again(job=first, by=by_user(first.made_by))
    assert again
    first.delete()
    again.refresh_from_db()
    assert again.again_of is None


def test_more_failures_ask_no_more_of_the_database() -> None:
    membership = member(role=Role.ADVISOR)
    browser = browser_of(membership.user)
    few = ended(by=membership)
    keys = [uuid4() for _ in range(40)]
    many = job(by=membership, keys=keys, own={key: {"refuse": NO_ADDRESS} for key in keys})
    run_job(many.pk)
    counts = {queries(browser, found.get_absolute_url()) for found in (few, many)}
    assert len(counts) == 1
