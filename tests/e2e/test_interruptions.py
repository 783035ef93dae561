"""A network that fails, a server that is slow, and a finger that is fast."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from questionnaire.models import Assessment, Draft
from questionnaire.services import answering
from tests.e2e.browser import Complaints, OpenPage
from tests.e2e.people import (
    EXAMPLE_MIX,
    WITH_AND_WITHOUT,
    before,
    come_back,
    expect_at,
    expect_focus,
    field,
    fill,
    go_on,
    mix,
)
from tests.factories import DraftFactory, make_assessment

FAIL: dict[str, Callable[[Route], None]] = {
    "no network": lambda route: route.abort("internetdisconnected"),
    "server error": lambda route: route.fulfill(status=500, body="broken"),
    "gateway error": lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"),
}


@pytest.fixture(params=FAIL.values(), ids=FAIL)
def fail_once(
    request: pytest.FixtureRequest, page: Page, complaints: Complaints
) -> Iterator[Callable[[str], None]]:
    """The next request to an address fails; complaints about that one, and no other, are expected."""
    failing = []

    def fail(address: str) -> None:
        failing.append(address.strip("*"))
        page.route(address, request.param, times=1)

    yield fail
    expected = (*failing, "Failed to load resource", "Response Status Error", "htmx:")
    complaints[:] = [one for one in complaints if not any(part in one for part in expected)]


def see_banner_and_try_again(page: Page) -> None:
    banner = page.locator("#net-error")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("Your entry is still on the page.")
    expect_focus(page, "[data-retry]")
    page.keyboard.press("Enter")
    expect(banner).to_be_hidden()


def test_an_answer_that_was_not_saved_stays_and_can_be_sent_again(page: Page, fail_once):
    draft = DraftFactory(answers=before("emergency-fund"))
    come_back(page)
    page.goto("/q/emergency-fund/")
    fail_once("**/q/emergency-fund/")
    typed = {"savings": "1,234", "monthly_essentials": "567"}
    fill(page, typed)
    go_on(page)
    expect(page.locator("#net-error")).to_be_visible()
    for name, value in typed.items():
        expect(field(page, name)).to_have_value(value)
    draft.refresh_from_db()
    assert "emergency_fund" not in draft.answers
    see_banner_and_try_again(page)
    expect_at(page, "debt-to-income")
    expect_focus(page, "h1")
    draft.refresh_from_db()
    assert draft.answers["emergency_fund"] == {"savings": "1234", "monthly_essentials": "567"}


def test_trying_again_repeats_the_button_that_was_pressed(page: Page, fail_once):
    draft = DraftFactory(answers=before("horizon"))
    come_back(page)
    page.goto("/q/horizon/")
    fail_once("**/q/horizon/")
    page.get_by_text("I am not sure").click()
    page.get_by_role("button", name="Leave it for later").click()
    see_banner_and_try_again(page)
    expect_at(page, "trade-off")
    draft.refresh_from_db()
    assert draft.answers["horizon"] is None


def test_a_result_that_was_not_calculated_can_be_asked_for_again(page: Page, fail_once):
    DraftFactory()
    come_back(page)
    page.goto("/q/check/")
    fail_once("**/q/check/")
    page.get_by_role("button", name="See my result").click()
    see_banner_and_try_again(page)
    page.wait_for_url("**/r/*/")
    assert mix(page) == EXAMPLE_MIX


def test_a_number_that_did_not_open_opens_on_the_second_try(page: Page, fail_once):
    page.goto(f"/r/{make_assessment().public_id}/")
    fail_once("**/why/us_large_cap/")
    page.get_by_role("link", name="$60,000").click()
    see_banner_and_try_again(page)
    expect(page.locator(".thread .first .figure")).to_have_text("$60,000")


def test_going_on_by_another_way_puts_the_banner_away(page: Page, fail_once):
    page.goto(f"/r/{make_assessment().public_id}/")
    fail_once("**/why/us_large_cap/")
    page.get_by_role("link", name="$60,000").click()
    expect(page.locator("#net-error")).to_be_visible()
    page.get_by_role("link", name="$10,000").click()
    expect(page.locator(".thread .first .figure")).to_have_text("$10,000")
    expect(page.locator("#net-error")).to_be_hidden()


# -- One effect ------------------------------------------------------------------------------------


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes take long enough for a second click."""

    def slowly(verb: Callable) -> Callable:
        def act(**arguments: object) -> object:
            time.sleep(0.4)
            return verb(**arguments)

        return act

    for name in ("save_answer", "finish"):
        monkeypatch.setattr(answering, name, slowly(getattr(answering, name)))


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_double_click_on_see_my_result_makes_one_result(
    open_page: OpenPage, slow_server: None, javascript: bool
):
    DraftFactory()
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/check/")
    page.get_by_role("button", name="See my result").dblclick()
    page.wait_for_url("**/r/*/")
    assert mix(page) == EXAMPLE_MIX
    page.wait_for_timeout(600)  # a second request would have arrived
    assert page.url.endswith(f"/r/{Assessment.objects.get().public_id}/")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_double_click_on_continue_answers_one_question(
    open_page: OpenPage, slow_server: None, javascript: bool
):
    draft = DraftFactory(answers=before("drop-reaction"))
    version = draft.version
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/drop-reaction/")
    fill(page, {"drop_reaction": "hold_calm"})
    page.get_by_role("button", name="Continue").dblclick()
    expect_at(page, "horizon")
    page.wait_for_timeout(600)  # a second request would have arrived
    expect_at(page, "horizon")
    expect(page.locator(".problem")).to_have_count(0)
    draft.refresh_from_db()
    assert (draft.answers, draft.version) == (before("horizon"), version + 1)


def test_two_fast_answers_from_the_keyboard_do_not_run_into_each_other(
    page: Page, slow_server: None
):
    DraftFactory(answers=before("horizon"))
    come_back(page)
    page.goto("/q/horizon/")
    page.locator("[name=horizon_years]").press_sequentially("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect_at(page, "trade-off")
    page.wait_for_timeout(600)
    expect(page.locator(".problem")).to_have_count(0)
    assert Draft.objects.get().answers == before("trade-off")
