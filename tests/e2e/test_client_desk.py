"""What an advisor does around a meeting, and when new prices come, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portfolios.models import Security
from questionnaire.models import Note, Review
from tests.e2e.browser import OpenPage
from tests.e2e.desk import assessed, sign_in
from tests.e2e.people import WITH_AND_WITHOUT
from tests.factories import ClientFactory, FirmFactory, assign
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of


def desk(page: Page):
    """A client whose review is overdue, and whose portfolio is far from its target."""
    client = ClientFactory(name="Demo Robert", firm=FirmFactory(name="Demo practice"))
    assessed(client, days_ago=400)
    portfolio = portfolio_for(client)
    aimed(portfolio)
    held(account_for(portfolio), security_of(portfolio), "100")
    sign_in(page, assign(client))
    return client


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_meeting_from_the_packet_to_the_next_date(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    client = desk(page)
    page.goto(f"/c/{client.pk}/")
    expect(page.locator(".next-step")).to_contain_text("Too much in stocks.")
    expect(page.locator(".facts")).to_contain_text("days overdue")
    page.get_by_label("New note").fill("Thinks about a house in 2028.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator(".timeline")).to_contain_text("Thinks about a house in 2028.")
    page.goto(f"/c/{client.pk}/")
    page.get_by_role("link", name="Prepare the review").first.click()
    expect(page.locator("h1")).to_have_text("Review of Demo Robert")
    expect(page.locator(".ask")).to_contain_text("VTI is 100.0% of the portfolio")
    expect(page.get_by_text("Thinks about a house in 2028.")).to_be_visible()
    page.get_by_label("What you agreed on").fill("Sell a part of it.")
    page.get_by_role("button", name="Mark as reviewed").click()
    page.wait_for_url(f"**/c/{client.pk}/")
    expect(page.locator(".timeline li").first).to_contain_text("Reviewed together")
    expect(page.locator(".at-a-glance")).not_to_contain_text("overdue")
    assert (Note.objects.count(), Review.objects.get().summary) == (1, "Sell a part of it.")


def test_the_packet_is_made_for_paper(page: Page):
    client = desk(page)
    page.goto(f"/a/clients/{client.pk}/packet/")
    page.emulate_media(media="print")
    for gone in (".back", "#reviewed", "button[data-print]", ".top nav"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("Calculated by RiskAlloc")).to_be_visible()
    assert page.pdf(format="Letter").startswith(b"%PDF")
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_new_prices_with_a_jump_that_is_meant(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    client = desk(page)
    day = timezone.localdate()
    old = day - timedelta(days=2)
    Security.objects.update(priced_on=old)
    page.goto("/a/prices/")
    text = f"Symbol,Price,Date\nVTI,210,{day}\nXYZ,5,{day}\n"
    page.get_by_label("Prices", exact=True).fill(text)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("main")).to_contain_text("your firm knows no XYZ")
    jump = page.get_by_label("VTI: $100")
    expect(jump).not_to_be_checked()
    jump.check()
    page.get_by_role("button", name="Take those that are ticked").click()
    expect(page.locator("h1")).to_have_text("1 price taken")
    expect(page.locator(".lede")).to_contain_text(
        "1 portfolio brought up to date, 1 line not taken"
    )
    page.goto(f"/c/{client.pk}/")
    expect(page.locator(".at-a-glance")).to_contain_text("$21,000")
    page.go_back()
    page.get_by_role("button", name="Take all of it back").click()
    expect(page.locator("h1")).to_contain_text("Taken back")
    page.goto(f"/c/{client.pk}/")
    expect(page.locator(".at-a-glance")).to_contain_text("$10,000")
