"""The desk in a real browser: the list and Back, saved filters, tiles, and work on many clients."""

import re

import pytest
from playwright.sync_api import Page, expect

from portfolios.models import SavedFilter
from questionnaire.models import Review
from tests.e2e.browser import OpenPage
from tests.e2e.desk import sign_in
from tests.e2e.people import WITH_AND_WITHOUT
from tests.e2e.states_desk import full
from tests.portfolios.advisors.desks import Desk

EACH_WAY = pytest.mark.parametrize(**WITH_AND_WITHOUT)


def at_the_desk(page: Page, address: str) -> Desk:
    desk = Desk()
    full(desk)
    sign_in(page, desk.user)
    page.goto(address)
    return desk


def names(page: Page) -> list[str]:
    page.wait_for_load_state()  # a click is over when the next page begins to come
    return page.locator(".book tbody th bdi").all_inner_texts()


def test_typing_narrows_the_list_keeps_the_entry_and_back_brings_it_back(page: Page):
    at_the_desk(page, "/a/clients/")
    assert len(names(page)) == 7
    page.locator("#q").press_sequentially("bo", delay=30)
    expect(page.locator("#live")).to_have_text("1 client")
    expect(page).to_have_url(re.compile(r"/a/clients/\?q=bo$"))
    expect(page.locator("#q")).to_be_focused()
    assert names(page) == ["Demo bold"]
    page.get_by_label("Risk", exact=True).select_option("conservative")
    expect(page.locator("#live")).to_have_text("0 clients")
    expect(page).to_have_url(re.compile(r"\?q=bo&risk=conservative$"))
    page.go_back()
    expect(page.locator(".counted")).to_contain_text("1 client")
    expect(page.locator("#q")).to_have_value("bo")
    expect(page.get_by_label("Risk", exact=True)).to_have_value("")
    page.go_back()
    expect(page.locator(".counted")).to_contain_text("7 clients")
    expect(page.locator("h1")).to_have_text("Clients")


@EACH_WAY
def test_a_heading_sorts_and_turns_round_and_the_filter_stays(
    open_page: OpenPage, javascript: bool
):
    page = open_page(javascript=javascript)
    at_the_desk(page, "/a/clients/?status=drift")
    page.get_by_role("link", name="Drift").click()
    expect(page.locator("[aria-sort=descending]")).to_contain_text("Drift")
    assert names(page) == ["Demo bold", "Demo near"]
    page.get_by_role("link", name="Drift").click()
    expect(page.locator("[aria-sort=ascending]")).to_contain_text("Drift")
    assert names(page) == ["Demo near", "Demo bold"]
    assert page.url.endswith("?status=drift&sort=drift")


def test_what_is_next_sorts_by_urgency_at_a_desk_and_on_a_phone(page: Page):
    at_the_desk(page, "/a/clients/?status=drift")
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("link", name="Next").click()
    expect(page.locator("[aria-sort=ascending]")).to_contain_text("Next")
    assert names(page) == ["Demo bold", "Demo near"]
    page.get_by_role("link", name="Next").click()
    expect(page.locator("[aria-sort=descending]")).to_contain_text("Next")
    assert names(page) == ["Demo near", "Demo bold"]


@EACH_WAY
def test_an_empty_desk_is_looked_around_and_empty_again(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    sign_in(page, Desk().user)
    page.goto("/a/")
    page.get_by_role("button", name="Look around with 12 demo clients").click()
    expect(page.get_by_text("These 12 clients are made up.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("of your 12 clients")
    page.goto("/a/clients/")
    assert len(names(page)) == 12
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_role("button", name="Look around with 12 demo clients")).to_be_visible()


def test_what_is_sorted_stays_so_while_somebody_types(page: Page):
    at_the_desk(page, "/a/clients/")
    page.get_by_role("link", name="Drift").click()
    expect(page.locator("[aria-sort=descending]")).to_be_visible()
    page.locator("#q").press_sequentially("n", delay=30)
    expect(page).to_have_url(re.compile(r"\?q=n&sort=-drift$"))
    assert names(page) == ["Demo near", "Demo new"]


@EACH_WAY
def test_a_filter_is_saved_found_again_and_deleted(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_the_desk(page, "/a/clients/")
    page.get_by_text("More filters").click()
    page.get_by_label("Review overdue").check()
    if not javascript:
        page.get_by_role("button", name="Find").click()
    expect(page.locator(".counted")).to_contain_text("1 client: review overdue")
    page.get_by_role("link", name="Save this filter").click()
    page.get_by_label("A name for this filter").fill("Demo late ones")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".saved")).to_contain_text("Demo late ones")
    page.goto("/a/clients/")
    page.get_by_role("link", name="Demo late ones", exact=True).click()
    expect(page.locator(".counted")).to_contain_text("1 client: review overdue")
    page.get_by_role("link", name="Change the filter Demo late ones").click()
    page.get_by_role("button", name="Delete this filter").click()
    expect(page.locator(".saved")).to_have_count(0)
    assert not SavedFilter.objects.exists()


@EACH_WAY
def test_tiles_narrow_down_and_lead_to_the_same_clients(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_the_desk(page, "/a/")
    tile = page.locator("#tile-mismatch")
    expect(tile).to_contain_text("1")
    tile.click()
    expect(page).to_have_url(re.compile(r"/a/\?status=mismatch$"))
    expect(page.locator("#tile-concentration")).to_contain_text("1")
    page.locator("#tile-concentration").click()
    expect(page).to_have_url(re.compile(r"status=mismatch&status=concentration$"))
    expect(page.locator("#tile-drift")).to_contain_text("0")
    if javascript:
        expect(page.locator("#tile-concentration")).to_be_focused()
        expect(page.locator("#live")).to_have_text("1 client")
    page.get_by_role("link", name="Show this client").click()
    assert names(page) == ["Demo mixed"]


def test_assets_come_by_themselves(page: Page):
    at_the_desk(page, "/a/")
    expect(page.locator("#assets")).to_contain_text("Nobody owns anything yet.")


@EACH_WAY
def test_many_are_marked_as_reviewed_after_a_question(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_the_desk(page, "/a/clients/?q=demo")
    page.get_by_label("All 7 clients that match").check()
    page.get_by_label("With those ticked").select_option(label="Mark as reviewed today")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Mark as reviewed today?")
    expect(page.locator(".lede")).to_contain_text("7 clients.")
    expect(page.locator(".named-all")).to_contain_text("Demo new")
    page.get_by_role("button", name="Mark as reviewed today").click()
    page.wait_for_url("**/jobs/*/")
    page.goto("/a/clients/")
    assert Review.objects.count() == 6  # one has answered nothing yet


def test_those_who_are_ticked_are_exported(page: Page):
    at_the_desk(page, "/a/clients/")
    page.get_by_label("Choose Demo bold").check()
    page.get_by_label("With those ticked").select_option(label="Export as CSV")
    with page.expect_download() as found:
        page.get_by_role("button", name="Go on").click()
    assert found.value.suggested_filename.endswith(".csv")
