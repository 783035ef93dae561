"""A portfolio from nothing to a target, accounts and pasted holdings, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from portfolios.models import Holding, Portfolio, Target
from tests.e2e.browser import OpenPage
from tests.e2e.desk import assessed, sign_in
from tests.e2e.people import WITH_AND_WITHOUT
from tests.e2e.states_around import ROWS, press, write
from tests.factories import make_own_client
from tests.portfolios.people import aimed, portfolio_for


def at_home(page: Page, address: str = "/today/") -> Portfolio:
    """Somebody with answers and a portfolio, at an address of it."""
    client = make_own_client(name="Demo Elaine")
    portfolio = portfolio_for(client)
    assessed(client)
    sign_in(page, client.membership.user)
    page.goto(address.format(p=portfolio.pk))
    return portfolio


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_from_a_result_to_what_is_owned(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    client = make_own_client(name="Demo Elaine")
    result = assessed(client)
    sign_in(page, client.membership.user)
    page.goto(f"/r/{result.public_id}/")
    page.get_by_role("link", name="Compare with what I own").click()
    write("Name", "Old age")(page)
    press("Add the portfolio")(page)
    page.wait_for_url("**/p/*/")
    assert Target.objects.get().assessment == result
    page.get_by_role("link", name="Paste or upload").first.click()
    write("Your holdings", ROWS)(page)
    press("Read it")(page)
    expect(page.get_by_role("row", name="Together")).to_contain_text("$8,866.75")
    assert not Holding.objects.exists()
    press("Save 3 holdings")(page)
    expect(page.locator("h1")).to_have_text("3 holdings, $8,866.75")
    press("Undo all of it")(page)
    expect(page.locator("h1")).to_contain_text("Undone")
    assert not Holding.objects.kept().exists()


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_faulty_line_is_corrected_on_the_page(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    at_home(page, "/p/{p}/paste/")
    write("Your holdings", ROWS + "XYZ\t-5\t1\n")(page)
    press("Read it")(page)
    expect(page.get_by_text("Line 5:")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    write("Your holdings", ROWS)(page)
    press("Read it again")(page)
    press("Save 3 holdings")(page)
    expect(page.locator("h1")).to_contain_text("3 holdings")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_target_is_looked_at_before_it_is_saved(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page, "/today/")
    aimed(portfolio)
    page.goto(f"/p/{portfolio.pk}/target/")
    write("Stocks", "70")(page)
    press("See what would change")(page)
    expect(page.get_by_text("Targets add up to 95%. Add 5 points.").first).to_be_visible()
    write("Bonds", "15")(page)
    press("See what would change")(page)
    expect(page.locator(".previewed")).to_contain_text("+5 points")
    if javascript:
        expect(page.locator(".previewed")).to_be_focused()
    assert Target.objects.count() == 1
    press("Save the target")(page)
    page.wait_for_url(f"**/p/{portfolio.pk}/")
    assert Target.objects.count() == 2


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_only_the_numbers_of_the_chosen_band_are_asked_for(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page, "/p/{p}/policy/")
    points = page.get_by_label("Points", exact=True)
    expect(points).to_be_hidden()
    page.get_by_label("The same number of points").check()
    expect(points).to_be_visible()
    points.fill("7.5")
    press("Save")(page)
    page.wait_for_url(f"**/p/{portfolio.pk}/")
    portfolio.policy.refresh_from_db()
    assert (portfolio.policy.band, str(portfolio.policy.band_points)) == ("absolute", "7.50")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_the_sample_comes_and_goes_with_one_click_each(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    portfolio = at_home(page, "/p/{p}/")
    press("Try with sample data")(page)
    expect(page.get_by_text("This is a sample.")).to_be_visible()
    assert portfolio.holdings.count() == 4
    press("Remove the sample")(page)
    expect(page.get_by_text("This is a sample.")).to_have_count(0)
    assert portfolio.holdings.count() == 0
