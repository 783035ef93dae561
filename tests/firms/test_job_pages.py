"""Pages of work on many things: who sees them, what they say, how they go on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from riskalloc.firms.jobs_display import PER_PAGE, UNSEEN
from riskalloc.firms.models import Job, Role
from riskalloc.firms.services.jobs import run_job
from tests.factories import MembershipFactory
from tests.firms.people import browser_of, member, queries
from tests.firms.works import job, keys_of, owner_of

pytestmark = pytest.mark.django_db
POLL = {"HX-Request": "true", "HX-Target": "job-progress"}


def page(found: Job, name: str = "") -> str:
    return f"/jobs/{found.pk}/{name}"


def advisor_and_job(count: int = 3, **fields: object) -> tuple[Client, Job]:
    membership = member(role=Role.ADVISOR)
    return browser_of(membership.user), job(count, by=membership, **fields)


def text_of(browser: Client, address: str, **fields: object) -> str:
    answer = browser.get(address, **fields)
    assert answer.status_code == 200
    return answer.content.decode()


# -- Who ---------------------------------------------------------------------------------------------------


def test_who_started_it_and_the_owners_see_it_and_nobody_else() -> None:
    membership = member(role=Role.ADVISOR)
    found = job(by=membership)
    owner = owner_of(found)
    colleague = MembershipFactory(firm=found.firm, role=Role.ADVISOR)
    stranger = member()
    for person, status in ((membership, 200), (owner, 200), (colleague, 404), (stranger, 404)):
        browser = browser_of(person.user)
        assert browser.get(page(found)).status_code == status
        assert (found.title in text_of(browser, "/jobs/")) is (status == 200)
        for deed in ("cancel/", "resume/"):
            assert browser.post(page(found, deed)).status_code == (303 if status == 200 else 404)
    assert Client().get(page(found)).status_code == 302


def test_who_has_left_the_firm_sees_it_no_longer() -> None:
    membership = member(role=Role.ADVISOR)
    found = job(by=membership)
    browser = browser_of(membership.user)
    membership.delete()
    assert browser.get(page(found)).status_code == 404


def test_what_runs_by_itself_is_the_owners_to_see() -> None:
    membership = member(role=Role.ADVISOR)
    found = job(by=membership)
    Job.objects.update(made_by=None)
    owner = browser_of(owner_of(found).user)
    assert browser_of(membership.user).get(page(found)).status_code == 404
    assert found.title not in text_of(owner, "/jobs/")
    assert found.title in text_of(owner, "/jobs/?automatic=1")
    assert "by RiskAlloc itself" in text_of(owner, page(found))


# -- What it says ------------------------------------------------------------------------------------------


def test_it_says_how_far_it_is_and_asks_again() -> None:
    browser, found = advisor_and_job(5)
    waiting = text_of(browser, page(found))
    assert "Waiting to begin. 5 to do." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    Job.objects.update(started_at=timezone.now())
    states = ["done", "done", "failed", "waiting", "waiting"]
    for item, state in zip(found.items.order_by("position"), states, strict=True):
        done_at = None if state == "waiting" else timezone.now()
        found.items.filter(pk=item.pk).update(state=state, done_at=done_at)
    working = text_of(browser, page(found))
    assert "2 of 5 done, 1 not." in working
    assert 'max="5" value="3"' in working


def test_when_it_is_over_it_stops_asking_and_lists_why() -> None:
    keys = [uuid4(), uuid4(), uuid4()]
    browser, found = advisor_and_job(keys=keys, own={keys[1]: {"refuse": "No address. Add one."}})
    run_job(found.pk)
    over = text_of(browser, page(found))
    assert "2 done, 1 not." in over
    assert "hx-trigger" not in over
    assert f"Thing {keys[1].hex[:4]}" in over
    assert "No address. Add one." in over
    assert f"Thing {keys[0].hex[:4]}" not in over
    assert f"Thing {keys[0].hex[:4]}" in text_of(browser, page(found, "?show=done"))


def test_htmx_gets_the_part_alone() -> None:
    browser, found = advisor_and_job()
    part = text_of(browser, page(found), headers=POLL)
    assert part.lstrip().startswith('<div id="job-progress"')
    assert "<h1" not in part


def test_who_listens_is_told_rarely_and_at_the_end() -> None:
    browser, found = advisor_and_job(2)
    assert "#live" not in text_of(browser, page(found, "?told=0"), headers=POLL)
    run_job(found.pk)
    assert "#live" in text_of(browser, page(found, "?told=0"), headers=POLL)
    assert "#live" not in text_of(browser, page(found))


def test_what_was_left_behind_offers_to_go_on() -> None:
    browser, found = advisor_and_job(2)
    assert "Go on now" not in text_of(browser, page(found))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    left = text_of(browser, page(found))
    assert "Go on now" in left
    assert "hx-trigger" not in left
    assert "Broken off" in text_of(browser, "/jobs/")


def test_a_stopped_job_says_what_was_not_begun() -> None:
    browser, found = advisor_and_job(2)
    assert browser.post(page(found, "cancel/")).status_code == 303
    stopped = text_of(browser, page(found))
    assert "Stopped: 0 done, 2 not begun." in stopped
    assert "Go on now" not in stopped
    assert "job-cancel" not in stopped


def test_things_that_the_viewer_may_not_see_have_no_name() -> None:
    browser, found = advisor_and_job(1)
    run_job(found.pk)
    Job.objects.update(kind="gone")
    assert UNSEEN in text_of(browser, page(found))


# -- Bounds ------------------------------------------------------------------------------------------------


def test_long_lists_are_shown_in_parts() -> None:
    browser, found = advisor_and_job(PER_PAGE + 2)
    run_job(found.pk)
    first = text_of(browser, page(found))
    shown = [key for key in keys_of(found) if f"Thing {key.hex[:4]}" in first]
    assert len(shown) >= PER_PAGE
    last = found.items.order_by("pk")[PER_PAGE - 1].pk
    assert f"?show=done&amp;after={last}" in first
    rest = text_of(browser, page(found, f"?show=done&after={last}"))
    assert f"Thing {keys_of(found)[-1].hex[:4]}" in rest
    assert "Next" not in rest


@pytest.mark.parametrize(
    "query",
    ["?show=all", "?after=x", "?after=-1", "?after=99999999999999999999", "?told=x", "?after=٣"],
)
def test_unknown_words_in_the_address_are_no_error(query: str) -> None:
    browser, found = advisor_and_job(1)
    text_of(browser, page(found, query))


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=999", "?automatic=maybe"])
def test_a_page_out_of_range_is_no_error(query: str) -> None:
    browser, found = advisor_and_job(1)
    assert found.title in text_of(browser, f"/jobs/{query}")


def test_pages_ask_the_database_equally_often_however_much_there_is() -> None:
    membership = member(role=Role.ADVISOR)
    browser, found = browser_of(membership.user), job(2, by=membership)
    few = queries(browser, "/jobs/"), queries(browser, page(found))
    for _ in range(5):
        job(2, by=membership)
    large = job(60, by=membership)
    run_job(large.pk)
    run_job(found.pk)
    assert (queries(browser, "/jobs/"), queries(browser, page(large))) <= (few[0], few[1] + 1)


def test_watching_is_no_activity() -> None:
    """Else a sign-in would last as long as the work."""
    browser, found = advisor_and_job(1)
    browser.get(page(found))
    long_ago = int(timezone.now().timestamp()) - 600
    session = browser.session
    session["seen_at"] = long_ago
    session.save()
    browser.get(page(found), headers=POLL)
    assert browser.session["seen_at"] == long_ago
    browser.get(page(found))
    assert browser.session["seen_at"] > long_ago
