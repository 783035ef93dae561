"""While somebody types into an open row: what it would move is shown, and never in the way."""

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from portfolios.models import Portfolio
from portfolios.views import holdings, previews
from tests.e2e.browser import OpenPage
from tests.e2e.owning import (
    at_home,
    cell,
    edit,
    expect_focus_was_kept,
    press,
    quantity_of,
    row,
    settled,
)
from tests.e2e.people import expect_focus

MARK = "Preview: not saved yet"
MARKED = ("#summary", "#drift", "#totals")
TYPED = 600  # milliseconds: a preview has been asked for by then
STORED, AT_130, AT_150 = "$110,000.00", "$112,800.00", "$124,000.00"


def retype(page: Page, quantity: str) -> None:
    """Key by key, as people do."""
    page.locator("#id_quantity").select_text()
    page.keyboard.type(quantity)


def expect_preview(page: Page, total: str) -> None:
    for place in MARKED:
        expect(page.locator(place)).to_contain_text(MARK)
    for place in ("#summary", "#totals .sum"):
        expect(page.locator(place)).to_contain_text(total)


def expect_stored(page: Page, total: str) -> None:
    for place in ("#summary", "#totals .sum"):
        expect(page.locator(place)).to_contain_text(total)
    expect(page.get_by_text(MARK)).to_have_count(0)


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """The first preview reaches the server, and is not answered before it is let go."""
    arrived, let_go = Event(), Event()
    work_out = previews.preview_row

    def slowly(**known):
        if not arrived.is_set():
            arrived.set()
            let_go.wait(10)
        return work_out(**known)

    monkeypatch.setattr(previews, "preview_row", slowly)
    yield arrived, let_go
    let_go.set()


def wait_for(page: Page, event: Event) -> None:
    deadline = time.monotonic() + 10
    while not event.is_set():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def asked(page: Page) -> list[str]:
    """The previews that a page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: "/preview/" in request.url and found.append(request.url))
    return found


def let_go_and_settle(page: Page, let_go: Event) -> None:
    let_go.set()
    page.wait_for_timeout(300)  # what is late comes now, if it comes at all
    settled(page)


# -- Typing ------------------------------------------------------------------------------------------------


def test_typing_shows_what_it_would_move_and_a_save_makes_it_so(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    opened = edit(page, portfolio)
    retype(page, "150")
    expect_preview(page, AT_150)
    expect(page.locator("#summary h1")).to_have_text("7.7 points from target")
    expect(page.locator("#drift table").last).to_contain_text("+$9,600")
    expect(page.locator("#drift a.open")).to_have_count(0)  # they would open what is saved
    assert quantity_of(portfolio) == 125
    press("Save", opened)
    expect_stored(page, AT_150)
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("150")
    expect(page.locator("#drift a.open").first).to_be_visible()
    expect_focus_was_kept(page)


def test_neither_focus_nor_caret_moves_and_nothing_is_read_out(open_page: OpenPage):
    page = open_page()
    edit(page, at_home(page))
    retype(page, "150")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    expect_preview(page, "$45,600.00")  # of 10
    expect_focus(page, "#id_quantity")
    assert page.locator("#id_quantity").evaluate("field => field.selectionStart") == 1
    expect(page.locator("#live")).to_have_text("")
    expect_focus_was_kept(page)


def test_who_clicked_beside_it_meanwhile_is_not_sent_elsewhere(
    open_page: OpenPage, held_up: tuple[Event, Event]
):
    page = open_page()
    edit(page, at_home(page))
    retype(page, "150")
    wait_for(page, held_up[0])
    page.locator("footer p").first.click()
    let_go_and_settle(page, held_up[1])
    expect_preview(page, AT_150)
    expect(page.locator("main:focus")).to_have_count(0)


def test_what_cannot_be_saved_yet_says_nothing(open_page: OpenPage):
    page = open_page()
    edit(page, at_home(page))
    retype(page, "150")
    expect_preview(page, AT_150)
    found = asked(page)
    retype(page, "-")
    page.wait_for_timeout(TYPED)
    settled(page)
    assert len(found) == 1
    expect(page.locator(".editing .error")).to_have_count(0)
    expect_preview(page, AT_150)
    expect_focus(page, "#id_quantity")


def test_a_preview_that_does_not_get_through_says_nothing(
    open_page: OpenPage, complaints: list[str]
):
    page = open_page()
    edit(page, at_home(page))
    page.route("**/preview/", lambda route: route.abort("internetdisconnected"), times=1)
    retype(page, "130")
    page.wait_for_timeout(TYPED)
    expect(page.locator("#net-error")).to_be_hidden()
    expect_focus(page, "#id_quantity")
    expect_stored(page, STORED)
    retype(page, "150")
    expect_preview(page, AT_150)
    expected = ("/preview/", "Failed to load resource", "htmx:")
    complaints[:] = [one for one in complaints if not any(part in one for part in expected)]


# -- Cancel ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "leave",
    [
        lambda page: page.keyboard.press("Escape"),
        lambda page: page.locator(".editing [data-cancel]").click(),
    ],
    ids=["Escape", "the link"],
)
def test_cancel_brings_back_what_is_stored(open_page: OpenPage, leave: Callable[[Page], None]):
    page = open_page()
    portfolio = at_home(page)
    edit(page, portfolio)
    retype(page, "150")
    expect_preview(page, AT_150)
    leave(page)
    expect_stored(page, STORED)
    expect(page.locator("#summary h1")).to_have_text("3.6 points from target")
    expect(page.locator("#drift table").last).to_contain_text("+$4,000")
    expect(row(page, portfolio).get_by_role("link", name="Edit VOO")).to_be_focused()
    expect_focus_was_kept(page)


def test_a_preview_that_is_late_does_not_undo_cancel(
    open_page: OpenPage, held_up: tuple[Event, Event]
):
    page = open_page()
    portfolio = at_home(page)
    edit(page, portfolio)
    retype(page, "150")
    wait_for(page, held_up[0])
    page.keyboard.press("Escape")
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("125")
    let_go_and_settle(page, held_up[1])
    expect_stored(page, STORED)


# -- Late and overtaken ------------------------------------------------------------------------------------


def test_a_preview_that_is_late_does_not_cover_what_was_saved(
    open_page: OpenPage, held_up: tuple[Event, Event]
):
    page = open_page()
    portfolio = at_home(page)
    edit(page, portfolio)
    retype(page, "130")
    wait_for(page, held_up[0])
    retype(page, "150")
    page.keyboard.press("Enter")
    expect_stored(page, AT_150)
    let_go_and_settle(page, held_up[1])
    expect_stored(page, AT_150)
    expect_saved(page, portfolio, "150")


def test_the_newer_of_two_previews_stays(open_page: OpenPage, held_up: tuple[Event, Event]):
    page = open_page()
    edit(page, at_home(page))
    retype(page, "130")
    wait_for(page, held_up[0])
    retype(page, "150")
    expect_preview(page, AT_150)
    let_go_and_settle(page, held_up[1])
    expect_preview(page, AT_150)


def test_nothing_is_previewed_while_it_is_being_saved(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    page = open_page()
    portfolio = at_home(page)
    edit(page, portfolio)
    save, found = holdings.change_row, asked(page)

    def slowly(**known):
        time.sleep(3 * TYPED / 1000)
        return save(**known)

    monkeypatch.setattr(holdings, "change_row", slowly)
    retype(page, "150")
    page.keyboard.press("Enter")
    page.wait_for_timeout(TYPED)
    page.locator("#id_quantity").press_sequentially("0")  # still typing, but it is on its way
    expect_stored(page, AT_150)
    expect_saved(page, portfolio, "150")
    assert found == []


def test_what_failed_to_be_saved_stays_said_while_typing_goes_on(
    open_page: OpenPage, complaints: list[str]
):
    page = open_page()
    portfolio = at_home(page)
    opened = edit(page, portfolio)
    page.route("**/edit/", lambda route: route.abort("internetdisconnected"), times=1)
    retype(page, "130")
    press("Save", opened)
    expect_focus(page, "[data-retry]")
    retype(page, "150")
    expect_preview(page, AT_150)
    expect(page.locator("#net-error")).to_be_visible()
    page.locator("[data-retry]").click()
    expect_stored(page, AT_150)
    expect(page.locator("#net-error")).to_be_hidden()
    expected = ("/edit/", "Failed to load resource", "htmx:")
    complaints[:] = [one for one in complaints if not any(part in one for part in expected)]


def expect_saved(page: Page, portfolio: Portfolio, quantity: str) -> None:
    expect(cell(row(page, portfolio), "Quantity")).to_have_text(quantity)
    expect(page.locator(".editing")).to_have_count(0)
    assert quantity_of(portfolio) == int(quantity)
