"""Plans in a real browser: asked for, kept, marked line by line, downloaded."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portfolios.models import Plan, PlanMark
from tests.e2e.browser import OpenPage
from tests.e2e.owning import (
    at_home,
    change_price,
    edit,
    expect_focus_was_kept,
    far_off,
    go,
    press,
    quiet,
    row,
    settled,
    write,
)
from tests.e2e.people import WITH_AND_WITHOUT, expect_focus

EACH_WAY = pytest.mark.parametrize(**WITH_AND_WITHOUT)
FULL, CASH, BAND = (
    "Sell and buy, back to the target",
    "Use new cash first",
    "Sell as little as possible, back into the bands",
)


def ask(page: Page, kind: str, amount: str = "", way: str = "Put in") -> None:
    """Fill in the planner, and send it."""
    planner = page.locator("#plan details.planner")
    if planner.get_attribute("open") is None:
        planner.locator("summary").click()
    planner.get_by_label(kind).check()
    planner.get_by_label("Put in or take out").select_option(label=way)
    planner.get_by_label("Amount").fill(amount)
    press("Show the plan", planner)


def expect_plan(page: Page, title: str, balance: str) -> None:
    expect(page.locator("#plan > p.small").first).to_contain_text(title)
    expect(page.locator("#plan .balance")).to_have_text(balance)


def keep(page: Page) -> Plan:
    press("Keep this plan", page)
    page.wait_for_url("**/plans/*/")
    return Plan.objects.get()


# -- Asking ------------------------------------------------------------------------------------------------


@EACH_WAY
def test_a_plan_is_asked_for_each_of_the_three_ways(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page, far_off)
    balance = "Sells $32,000.00 + new cash $0.00 = buys $32,000.00 + cash left $0.00"
    expect_plan(page, FULL, balance)
    ask(page, CASH, "2,500")
    balance = "Sells $0.00 + new cash $2,500.00 = buys $2,500.00 + cash left $0.00"
    expect_plan(page, f"{CASH}, with $2,500 put in", balance)
    if javascript:
        expect_focus(page, "#plan h2")
        expect(page.locator(".own")).to_be_visible()
        expect_focus_was_kept(page)
    ask(page, CASH, "3000", "Take out")
    balance = "Sells $3,000.00 = buys $0.00 + taken out $3,000.00 + cash left $0.00"
    expect_plan(page, f"{CASH}, with $3,000 taken out", balance)
    ask(page, BAND)
    expect_plan(page, BAND, re.compile("^Sells "))
    ask(page, FULL, "1000")
    expect_plan(page, FULL, re.compile("new cash"))
    assert not Plan.objects.exists()
    assert page.url.endswith(f"/p/{portfolio.pk}/") == javascript


@EACH_WAY
def test_what_cannot_be_planned_is_said_at_its_field(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_home(page)
    ask(page, CASH, "1,000,000", "Take out")
    problem = page.locator("#plan .problem")
    expect(problem).to_contain_text("$110,000")
    expect(page.locator("#plan_cash_flow")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#plan_cash_flow")).to_have_value("1,000,000")
    if javascript:
        expect_focus_was_kept(page)
    ask(page, CASH, "1,000")
    expect(page.locator("#plan .balance")).to_contain_text("new cash $1,000.00")
    expect(problem).to_have_count(0)


@EACH_WAY
def test_a_deposit_that_makes_sales_needless_is_one_click_away(
    open_page: OpenPage, javascript: bool
):
    page = open_page(javascript=javascript)
    at_home(page)
    expect(page.locator(".way").first).to_contain_text("Or add $6,666.67 and sell nothing")
    page.get_by_role("link", name="See that plan with $6,666.67").click()
    balance = "Sells $0.00 + new cash $6,666.67 = buys $6,666.67 + cash left $0.00"
    expect_plan(page, CASH, balance)


@EACH_WAY
def test_where_nothing_is_due_the_planner_is_open(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_home(page, quiet)
    expect(page.locator("#plan")).to_contain_text("Nothing is due.")
    expect(page.get_by_role("button", name="Keep this plan")).to_have_count(0)
    ask(page, CASH, "500")
    expect(page.locator("#plan .balance")).to_contain_text("new cash $500.00")


def test_a_plan_that_was_asked_for_is_the_usual_one_again_after_a_change(open_page: OpenPage):
    page = open_page()
    portfolio = at_home(page)
    ask(page, CASH, "500")
    expect(page.locator("#plan .balance")).to_contain_text("new cash $500.00")
    opened = edit(page, portfolio)
    write("Quantity", "250", opened)
    press("Save", opened)
    expect_plan(page, FULL, re.compile(r"^Sells \$32,000.00"))
    expect(row(page, portfolio).get_by_role("link", name="Edit VOO")).to_be_focused()
    expect_focus_was_kept(page)


# -- Keeping -----------------------------------------------------------------------------------------------


@EACH_WAY
def test_a_plan_is_kept_and_its_lines_are_marked(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    plan = keep(page)
    expect(page.locator("h1")).to_have_text(FULL)
    progress, line = page.locator("#plan-lines > p").first, page.locator("#line-1")
    expect(progress).to_have_text("0 of 4 lines done")
    page.locator("#mark-1").press("Enter")
    expect(progress).to_have_text("1 of 4 lines done")
    expect(line).to_have_class("done")
    expect(line).to_contain_text("demo-")
    assert PlanMark.objects.get().is_done
    expect(page.locator("#mark-1")).to_have_accessible_name(re.compile("^Undo"))
    if javascript:
        expect_focus(page, "#mark-1")
    page.locator("#mark-1").press("Enter")
    expect(progress).to_have_text("0 of 4 lines done")
    expect(line).not_to_have_class("done")
    if javascript:
        expect_focus(page, "#mark-1")
    assert PlanMark.objects.count() == 2
    go(page, portfolio)
    page.get_by_role("link", name=f"{FULL} of").click()
    expect(page).to_have_url(re.compile(f"/plans/{plan.pk}/$"))


@EACH_WAY
def test_a_plan_that_has_changed_is_shown_before_it_is_kept(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    change_price(portfolio, "VOO", "600")
    press("Keep this plan", page)
    expect(page.locator(".problem")).to_contain_text("Nothing is saved.")
    if javascript:
        expect_focus(page, ".problem")
    assert not Plan.objects.exists()
    keep(page)
    expect(page.locator(".kept-plan")).to_contain_text("VOO")


@EACH_WAY
def test_a_kept_plan_is_held_against_today(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page)
    keep(page)
    change_price(portfolio, "VOO", "600")
    page.reload()
    today = page.locator("div:has(> h2:text-is('Against today'))")
    expect(today).to_contain_text("%")
    expect(today.get_by_role("table")).to_contain_text("VOO")
    expect(page.locator("#plan-lines")).to_contain_text("Sell 7.1428 VOO")
    today.get_by_role("link", name="Plan it again today").click()
    expect(page.locator("#plan .balance")).to_be_visible()


def test_a_double_click_keeps_and_marks_once(open_page: OpenPage):
    page = open_page()
    at_home(page)
    page.get_by_role("button", name="Keep this plan").dblclick(no_wait_after=True)
    page.wait_for_url("**/plans/*/")
    page.locator("#mark-1").dblclick(no_wait_after=True)
    progress = page.locator("#plan-lines > p").first
    expect(progress).to_have_text("1 of 4 lines done")
    settled(page)
    expect(progress).to_have_text("1 of 4 lines done")
    assert Plan.objects.count() == 1
    assert PlanMark.objects.filter(is_done=True).count() == 1


# -- Files -------------------------------------------------------------------------------------------------


def orders_in(page: Page, to: Path) -> list[tuple[str, ...]]:
    """The lines of the file that a page offers: what, how many, for how much, and whether it is done."""
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download as CSV").click()
    assert re.fullmatch(r"plan-\d{4}-\d\d-\d\d\.csv", downloaded.value.suggested_filename)
    downloaded.value.save_as(to)
    rows = csv.DictReader(io.StringIO(to.read_bytes().decode("utf-8-sig")))
    names = ("Holding", "Shares", "Amount", "Done")
    return [tuple(row[name] for name in names) for row in rows if row["Line"]]


@EACH_WAY
def test_the_file_says_what_the_page_says(open_page: OpenPage, javascript: bool, tmp_path: Path):
    page, file = open_page(javascript=javascript), tmp_path / "plan.csv"
    at_home(page)
    ask(page, CASH, "2,500")
    orders = page.locator(".orders li")
    expect(orders.first).to_have_text("Buy 12.5 VEA$937.50")
    assert orders_in(page, file) == [
        ("VEA", "12.5000", "937.50", ""),
        ("AGG", "6.2500", "625.00", ""),
        ("VNQ", "10.0000", "937.50", ""),
    ]
    keep(page)
    page.locator("#mark-2").click()
    expect(page.locator("#line-2")).to_have_class("done")
    assert [row[-1] for row in orders_in(page, file)] == ["no", "yes", "no"]
