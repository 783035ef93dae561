"""What if, for the whole book, in a real browser."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from portfolios.models import Portfolio, Target
from riskalloc.firms.models import Role
from tests.e2e.browser import OpenPage
from tests.e2e.desk import sign_in
from tests.e2e.people import WITH_AND_WITHOUT
from tests.factories import ClientFactory
from tests.firms.people import member
from tests.portfolios.advisors.desks import stand

PAGE = "/a/whatif/"
A_DOLLAR = 10**6
CLIENTS = 52


@pytest.fixture
def owner() -> Callable[[Page], None]:
    """Signs in the owner of a book of which every portfolio is on its target, 60 % in stocks."""

    def arrive(page: Page) -> None:
        membership = member(role=Role.OWNER)
        for number in range(CLIENTS):
            client = ClientFactory(firm=membership.firm, name=f"Demo {number:02}")
            aimed = stand(
                client,
                value=Decimal(1000 + number),
                us_large_cap=(600 + number) * A_DOLLAR,
                us_aggregate=400 * A_DOLLAR,
            )
            aim(aimed)
        sign_in(page, membership.user)
        page.goto(PAGE)

    return arrive


def aim(portfolio: Portfolio) -> None:
    of = {"firm": portfolio.firm, "client": portfolio.client, "portfolio": portfolio}
    Target.objects.create(**of, us_large_cap=6_000, us_aggregate=4_000)


def sentence(page: Page) -> str:
    return page.locator(".outcome > .lede").inner_text()


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_move_is_asked_and_leads_to_the_portfolio(
    open_page: OpenPage, owner: Callable[[Page], None], javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    owner(page)
    page.get_by_label("Stocks", exact=True).fill("-50")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.locator(".outcome > .lede")).to_contain_text(
        "52 of 52 portfolios would pass a limit that they keep now."
    )
    assert "stocks=-50" in page.url
    rows = page.locator(".outcome .book tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Client", exact=True).click()
    expect(rows.first).to_contain_text("Demo 00")
    page.go_back()
    expect(rows).to_have_count(2)
    rows.first.locator("th a").last.click()
    page.wait_for_url("**/p/*/")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_move_to_begin_with_and_a_wrong_number(
    open_page: OpenPage, owner: Callable[[Page], None], javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    owner(page)
    page.get_by_role("link", name="Stocks fall 20%, bonds rise 3%").click()
    expect(page.get_by_label("Bonds", exact=True)).to_have_value("3")
    assert "The book would be worth" in sentence(page)
    page.get_by_label("Bonds", exact=True).fill("a lot")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.locator(".problem")).to_contain_text("Enter a percentage from −100 to 1,000")
    expect(page.locator(".outcome")).to_have_count(0)
    expect(page.get_by_label("Stocks", exact=True)).to_have_value("-20")
    page.get_by_label("Bonds", exact=True).fill("-10")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.locator(".problem")).to_have_count(0)
    assert "Bonds −10%" in page.locator(".outcome .caption").inner_text()


def test_every_look_of_it_is_accessible_and_narrow(
    look_page: Page, owner: Callable[[Page], None], axe: Callable[[Page], None]
) -> None:
    owner(look_page)
    for query in ("", "?stocks=-50&gold=5", "?stocks=x&gold=y"):
        look_page.goto(f"{PAGE}{query}")
        axe(look_page)
        width = look_page.evaluate("document.documentElement.scrollWidth")
        assert width <= look_page.viewport_size["width"]
