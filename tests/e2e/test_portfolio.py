"""The portfolio page in a real browser: rows that are changed, and everything that they move."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portfolios.models import Holding, Portfolio
from tests.e2e.browser import OpenPage
from tests.e2e.owning import (
    PAGE,
    at_home,
    cell,
    edit,
    expect_focus_was_kept,
    go,
    holding_of,
    nothing_yet,
    press,
    quantity_of,
    row,
    settled,
    write,
)
from tests.e2e.people import WITH_AND_WITHOUT, expect_focus

EACH_WAY = pytest.mark.parametrize(**WITH_AND_WITHOUT)


def expect_figures(page: Page, *, total: str, off: str) -> None:
    """Everything that a row moves says the same."""
    expect(page.locator("#totals .sum")).to_contain_text(total)
    expect(page.locator("#summary")).to_contain_text(total)
    expect(page.locator("#summary h1")).to_have_text(off)


def press_twice(found: Locator) -> None:
    found.dblclick(no_wait_after=True)


# -- Adding ------------------------------------------------------------------------------------------------


@EACH_WAY
def test_a_holding_is_added_and_its_class_guessed(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    form = page.locator("#add")
    write("Symbol or name", "vti", form)
    write("or value", "10,000", form)
    form.get_by_label("or value").press("Enter")
    added = page.locator("#rows tr").last
    expect(added).to_contain_text("Guessed: US large-cap 88%, US small-cap 12%.")
    expect(cell(added, "Value")).to_contain_text("$10,000.00")
    expect_figures(page, total="$120,000.00", off="6.7 points from target")
    if javascript:
        expect(page.locator("#live")).to_have_text(re.compile("^Added VTI. Stocks: now 79.2%"))
        expect_focus(page, "#add_symbol")
        expect(page.locator("#add_symbol")).to_have_value("")
        expect_focus_was_kept(page)
    else:
        assert page.url.endswith(f"#h-{holding_of(portfolio, 'VTI').pk}")


@EACH_WAY
def test_a_guessed_class_is_changed_from_its_row(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    row(page, portfolio).get_by_role("link", name="Change the class of VOO").click()
    page.get_by_label("Class (guessed)").select_option(label="Gold")
    press("Save", page.locator("form:has(#id_symbol)"))
    expect(cell(row(page, portfolio), "Class")).to_have_text("Gold")
    expect(page.locator("#drift")).to_contain_text("Gold")


@EACH_WAY
def test_the_first_holding_brings_the_table(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_home(page, nothing_yet)
    expect(page.locator("#summary h1")).to_have_text("No holdings yet")
    for symbol in ("VTI", "BND"):
        write("Symbol or name", symbol, page.locator("#add"))
        write("or value", "500", page.locator("#add"))
        press("Add", page.locator("#add"))
        expect(page.locator("#rows tr").last).to_contain_text(symbol)
    expect(page.locator("#rows tr")).to_have_count(2)
    expect(page.locator("#totals .sum")).to_contain_text("$1,000.00")


# -- Changing ----------------------------------------------------------------------------------------------


def test_a_row_is_changed_in_its_place_by_keyboard_alone(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    opener = row(page, portfolio).get_by_role("link", name="Edit VOO")
    opener.focus()
    page.keyboard.press("Enter")
    expect_focus(page, ".editing #id_symbol")
    page.locator("#id_quantity").fill("150")
    page.keyboard.press("Enter")
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("150")
    expect(cell(row(page, portfolio), "Share")).to_have_text("67.74%")
    expect(cell(row(page, portfolio, "VEA"), "Share")).to_have_text("12.1%")
    expect(opener).to_be_focused()
    expect_figures(page, total="$124,000.00", off="7.7 points from target")
    expect(page.locator("#drift h3").first).to_have_text("Why a rebalance is due")
    expect(page.locator("#drift table").last).to_contain_text("+$9,600")
    expect(page.locator("#plan")).to_contain_text("Sell $9,600 of US large-cap")
    expect(page.locator("#looking")).to_contain_text("$124,000")
    expect(page.locator("#live")).to_have_text(
        "Saved VOO. Stocks: now 79.8%, 4.8 points over target."
    )
    expect_focus_was_kept(page)
    assert quantity_of(portfolio) == 150


def test_without_javascript_a_row_is_changed_on_a_page(open_page: OpenPage):
    page = open_page(javascript=False)
    portfolio = at_home(page)
    write("Quantity", "150", edit(page, portfolio))
    page.locator("#id_quantity").press("Enter")
    page.wait_for_url(f"**{PAGE.format(p=portfolio.pk)}#h-*")
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("150")
    expect_figures(page, total="$124,000.00", off="7.7 points from target")
    expect(page.locator("#plan")).to_contain_text("Sell $9,600 of US large-cap")


def test_escape_closes_the_row_and_keeps_nothing(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    write("Quantity", "150", edit(page, portfolio))
    page.keyboard.press("Escape")
    expect(row(page, portfolio).get_by_role("link", name="Edit VOO")).to_be_focused()
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("125")
    expect_focus_was_kept(page)


@EACH_WAY
def test_cancel_keeps_nothing(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    opened = edit(page, portfolio)
    write("Quantity", "150", opened)
    opened.get_by_role("link", name="Cancel").click()
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("125")
    assert quantity_of(portfolio) == 125


def test_one_row_is_open_at_a_time(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    write("Quantity", "150", edit(page, portfolio))
    row(page, portfolio, "AGG").get_by_role("link", name="Edit AGG").click()
    expect(page.locator("#live")).to_have_text("Save or cancel this row first.")
    expect_focus(page, ".editing #id_symbol")
    expect(page.locator("#id_quantity")).to_have_value("150")
    expect(page.locator(".editing")).to_have_count(1)


@EACH_WAY
def test_what_cannot_be_saved_is_said_at_its_field(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    write("Quantity", "-3", edit(page, portfolio))
    page.locator("#id_quantity").press("Enter")
    wrong = page.locator("#id_quantity")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile("Quantity must be more than 0"))
    expect(wrong).to_have_value("-3")
    if javascript:
        expect(row(page, portfolio)).to_have_class("editing")
        expect(wrong).to_be_focused()
    else:
        expect(page).to_have_title(re.compile("^Error: VOO"))
        expect(page.locator(".problem a")).to_have_attribute("href", "#id_quantity")
    assert quantity_of(portfolio) == 125
    wrong.fill("3")
    wrong.press("Enter")
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("3")
    if javascript:
        expect_focus_was_kept(page)


def test_a_row_that_did_not_get_through_is_sent_again(open_page: OpenPage, complaints: list[str]):
    page = open_page()
    portfolio = at_home(page)
    opened = edit(page, portfolio)
    write("Quantity", "150", opened)
    page.route("**/edit/", lambda route: route.abort("internetdisconnected"), times=1)
    press("Save", opened)
    expect(page.locator("#net-error")).to_contain_text("Your entry is still on the page.")
    expect(page.locator("#id_quantity")).to_have_value("150")
    expect_focus(page, "[data-retry]")
    page.keyboard.press("Enter")
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("150")
    expected = ("/edit/", "Failed to load resource", "htmx:")
    complaints[:] = [one for one in complaints if not any(part in one for part in expected)]


# -- Deleting ----------------------------------------------------------------------------------------------


@EACH_WAY
def test_a_deleted_row_comes_back(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    press("Delete VNQ", row(page, portfolio, "VNQ"))
    expect(page.get_by_text("VNQ deleted.")).to_be_visible()
    expect_figures(page, total="$95,000.00", off="15 points from target")
    undo = page.get_by_role("button", name="Undo")
    if javascript:
        expect(undo).to_be_focused()
        expect(page.locator("#live")).to_contain_text("Deleted VNQ.")
    assert holding_of(portfolio, "VNQ").deleted_at
    undo.press("Enter")
    expect(cell(row(page, portfolio, "VNQ"), "Value")).to_contain_text("$15,000.00")
    expect_figures(page, total="$110,000.00", off="3.6 points from target")
    if javascript:
        expect(row(page, portfolio, "VNQ").get_by_role("link", name="Edit VNQ")).to_be_focused()
        expect(page.locator("#live")).to_contain_text("VNQ is back.")
        expect_focus_was_kept(page)


@EACH_WAY
def test_all_rows_go_only_by_their_number(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    page.get_by_role("link", name="Delete all holdings").click()
    for typed in ("3", "4"):
        assert portfolio.holdings.kept().count() == 4
        page.locator("[name=count]").fill(typed)
        press("Delete all", page)
        if typed == "3":
            expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("#summary h1")).to_have_text("No holdings yet")


# -- Somebody is faster ------------------------------------------------------------------------------------


def two_at_once(
    open_page: OpenPage, javascript: bool, label: str, first: str, second: str
) -> tuple[Page, Portfolio]:
    """Two windows open the same row; one saves, and then so does the other, which is given back."""
    one, two = (open_page(javascript=javascript) for _window in range(2))
    portfolio = at_home(one)
    two.context.add_cookies(one.context.cookies())
    go(two, portfolio)
    opened = [edit(page, portfolio) for page in (one, two)]
    write(label, first, opened[0])
    press("Save", opened[0])
    expect(one.locator("#summary h1")).not_to_have_text("3.6 points from target")
    write(label, second, opened[1])
    press("Save", opened[1])
    if javascript:
        expect_focus(two, ".editing .problem")
    else:
        expect(two.locator("h1")).to_have_text("Somebody was faster")
    return two, portfolio


@EACH_WAY
@pytest.mark.parametrize(("way", "quantity"), [("Keep mine", "130"), ("Take theirs", "150")])
def test_who_is_slower_keeps_their_own_or_takes_the_other_s(
    open_page: OpenPage, javascript: bool, way: str, quantity: str
):
    page, portfolio = two_at_once(open_page, javascript, "Quantity", "150", "130")
    said = page.locator(".problem")
    expect(said).to_contain_text("Somebody changed VOO at")
    expect(said).to_contain_text("Now: quantity 125 → 150. Your entry: quantity 130.")
    assert quantity_of(portfolio) == 150
    said.get_by_text(way, exact=True).press("Enter")
    expect(cell(row(page, portfolio), "Quantity")).to_have_text(quantity)
    assert quantity_of(portfolio) == int(quantity)
    if javascript:
        expect(row(page, portfolio).get_by_role("link", name="Edit VOO")).to_be_focused()
        expect_focus_was_kept(page)


@EACH_WAY
def test_a_price_that_somebody_else_has_set_is_not_overwritten(
    open_page: OpenPage, javascript: bool
):
    page, portfolio = two_at_once(open_page, javascript, "Price", "600", "590")
    expect(page.locator(".problem")).to_contain_text("Now: price $560.00 → $600.00.")
    expect(page.locator(".problem")).to_contain_text("Your entry: price $590.00.")
    press("Keep mine", page)
    expect(cell(row(page, portfolio), "Price")).to_have_text("$590.00")
    assert holding_of(portfolio).value == 73_750


@EACH_WAY
def test_what_was_deleted_meanwhile_is_brought_back_with_one_s_own(
    open_page: OpenPage, javascript: bool
):
    one, two = (open_page(javascript=javascript) for _window in range(2))
    portfolio = at_home(one)
    two.context.add_cookies(one.context.cookies())
    go(two, portfolio)
    opened = edit(two, portfolio)
    press("Delete VOO", row(one, portfolio))
    expect(one.get_by_text("VOO deleted.")).to_be_visible()
    write("Quantity", "77", opened)
    press("Save", opened)
    expect(two.locator(".problem")).to_contain_text("Somebody deleted VOO at")
    press("Bring it back with mine", two)
    expect(cell(row(two, portfolio), "Quantity")).to_have_text("77")
    assert holding_of(portfolio).deleted_at is None


# -- A finger that is fast ---------------------------------------------------------------------------------


def test_a_double_click_adds_once(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    write("Symbol or name", "VTI", page.locator("#add"))
    write("or value", "500", page.locator("#add"))
    press_twice(page.locator("#add").get_by_role("button", name="Add"))
    expect(page.locator("#rows tr")).to_have_count(5)
    settled(page)
    assert portfolio.holdings.kept().count() == 5
    expect(page.locator("#add .error")).to_have_count(0)


def test_a_double_click_saves_once(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    opened = edit(page, portfolio)
    write("Quantity", "150", opened)
    press_twice(opened.get_by_role("button", name="Save"))
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("150")
    settled(page)
    expect(cell(row(page, portfolio), "Quantity")).to_have_text("150")
    assert holding_of(portfolio).version == 2


def test_a_double_click_deletes_once_and_undoes_nothing(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    press_twice(row(page, portfolio).get_by_role("button", name="Delete VOO"))
    expect(page.get_by_text("VOO deleted.")).to_be_visible()
    settled(page)
    expect(page.get_by_text("VOO deleted.")).to_be_visible()
    assert holding_of(portfolio).deleted_at
    assert Holding.objects.filter(portfolio=portfolio).kept().count() == 3


# -- Looking -----------------------------------------------------------------------------------------------


@EACH_WAY
@pytest.mark.parametrize(
    ("place", "number", "says"),
    [
        ("#rows", "$70,000.00", "125 × $560.00, rounded to the cent."),
        ("#drift", "+$4,000", "From your answers of"),
        ("#plan", "Sell $4,000 of US large-cap", "Every class goes to its target"),
    ],
)
def test_every_figure_opens_to_where_it_comes_from(
    open_page: OpenPage, javascript: bool, place: str, number: str, says: str
):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    opener = page.locator(place).get_by_role("link", name=number)
    opener.click()
    thread = page.locator(".thread")
    expect(thread.get_by_role("heading")).to_contain_text("Where this number comes from")
    expect(thread).to_contain_text(says)
    if javascript:
        expect_focus(page, ".thread h2")
        thread.get_by_role("button", name="Close").press("Enter")
        expect(thread).to_have_count(0)
        expect(opener).to_be_focused()
        expect_focus_was_kept(page)
    else:
        assert f"/p/{portfolio.pk}/why/" in page.url


@EACH_WAY
def test_a_switch_looks_at_it_another_way_and_a_saved_row_keeps_to_it(
    open_page: OpenPage, javascript: bool
):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    portfolio.accounts.update(cash=10_000)
    page.reload()
    expect(page.locator("#summary")).to_contain_text("$120,000.00, cash counted")
    page.get_by_role("link", name="leave it out").click()
    expect(page.locator("#summary")).to_contain_text("$110,000.00, cash not counted")
    opened = edit(page, portfolio)
    write("Quantity", "150", opened)
    press("Save", opened)
    expect_figures(page, total="$124,000.00", off="7.7 points from target")
    expect(page.locator("#summary")).to_contain_text("Nothing is stored.")
    page.get_by_role("link", name="Back to as usual").click()
    expect(page.locator("#summary")).to_contain_text("$134,000.00, cash counted")
