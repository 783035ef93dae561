"""Watching work on many things in a real browser."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from riskalloc.firms.models import Job, Role
from riskalloc.firms.services import working
from riskalloc.firms.services.jobs import run_job
from tests.e2e.browser import Complaints, OpenPage
from tests.e2e.desk import sign_in
from tests.firms.people import member
from tests.firms.works import job

REFUSAL = "This client has no e-mail address. Add one on the client’s page."


@pytest.fixture
def waiting() -> Job:
    """Queued, and nobody has begun."""
    keys = [uuid4() for _ in range(6)]
    with patch("riskalloc.firms.services.jobs.enqueue_with_commit"):
        return job(
            keys=keys,
            own={keys[1]: {"refuse": REFUSAL}, keys[4]: {"said": "2 plans prepared"}},
            by=member(role=Role.ADVISOR),
            title="Send 6 review invitations",
        )


def open_job(page: Page, found: Job) -> Page:
    assert found.made_by
    sign_in(page, found.made_by)
    page.goto(found.get_absolute_url())
    return page


def one_step(found: Job) -> None:
    """A worker comes, does one thing, and is gone."""
    ours = iter((True, False))
    with patch.object(working.Turn, "goes_on", lambda turn: next(ours)):
        run_job(found.pk)
    Job.objects.update(lease=None)


def test_the_page_follows_the_work_and_says_at_the_end_what_was_not_done(page: Page, waiting: Job):
    open_job(page, waiting)
    sentence, live = page.locator("#job-sentence"), page.locator("#live")
    expect(sentence).to_have_text("Waiting to begin. 6 to do.")
    page.locator("#job-cancel").focus()
    one_step(waiting)
    one_step(waiting)
    expect(sentence).to_have_text("1 of 6 done, 1 not.")
    expect(page.locator("#job-cancel")).to_be_focused()
    expect(page.get_by_text(REFUSAL)).to_be_visible()
    run_job(waiting.pk)
    expect(sentence).to_have_text("5 done, 1 not.")
    expect(live).to_have_text("5 done, 1 not.")
    expect(page.locator("progress")).to_have_count(0)
    with page.expect_navigation():
        page.get_by_role("link", name="5 done").click()
    expect(page.get_by_text("2 plans prepared")).to_be_visible()


def test_work_is_stopped_and_nothing_is_asked_any_more(page: Page, waiting: Job):
    open_job(page, waiting)
    one_step(waiting)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#job-sentence")).to_have_text("Stopped: 1 done, 5 not begun.")
    expect(page.locator("[data-poll]")).to_have_count(0)


def test_work_that_broke_off_goes_on_at_a_button(page: Page, waiting: Job):
    Job.objects.update(lease_until=waiting.created_at)
    open_job(page, waiting)
    page.get_by_role("button", name="Go on now").click()
    expect(page.locator("#job-sentence")).to_have_text("5 done, 1 not.")


def test_what_was_not_done_is_tried_again_at_a_button(page: Page, waiting: Job):
    run_job(waiting.pk)
    open_job(page, waiting)
    page.get_by_role("button", name="Try the failed ones again").click()
    expect(page.locator("h1")).to_have_text("Work for a test, again: 1")
    expect(page.locator("#job-sentence")).to_have_text("0 done, 1 not.")
    page.get_by_role("link", name="Send 6 review invitations").click()
    expect(page.get_by_text("What was not done is tried again in")).to_be_visible()
    expect(page.locator("#job-again")).to_have_count(0)


def test_without_javascript_a_link_says_how_far_it_is(open_page: OpenPage, waiting: Job):
    page = open_job(open_page(javascript=False), waiting)
    run_job(waiting.pk)
    page.get_by_role("link", name="See how far it is now").click()
    expect(page.locator("#job-sentence")).to_have_text("5 done, 1 not.")


def test_every_look_is_accessible(look_page: Page, axe, waiting: Job):
    one_step(waiting)
    one_step(waiting)
    open_job(look_page, waiting)
    axe(look_page)
    run_job(waiting.pk)
    look_page.goto(f"{waiting.get_absolute_url()}?show=failed")
    axe(look_page)
    look_page.goto("/jobs/")
    axe(look_page)


def test_a_network_that_fails_for_a_moment_is_no_alarm(
    page: Page, waiting: Job, complaints: Complaints
):
    open_job(page, waiting)
    with page.expect_response("**/jobs/**"):
        page.route("**/jobs/**", lambda route: route.fulfill(status=503, body="away"))
    page.unroute("**/jobs/**")
    run_job(waiting.pk)
    expect(page.locator("#job-sentence")).to_have_text("5 done, 1 not.")
    expect(page.locator("#net-error")).to_be_hidden()
    assert complaints, "it did not fail"
    complaints.clear()
