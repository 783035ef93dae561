"""A firm's own models, from the first draft to a client's result, in a real browser."""

import pytest
from playwright.sync_api import expect

from questionnaire.models import ModelsInUse, PublishedModels
from riskalloc.firms.models import Role
from tests.e2e.browser import OpenPage
from tests.e2e.desk import sign_in
from tests.e2e.people import WITH_AND_WITHOUT
from tests.factories import ClientFactory, FirmFactory
from tests.firms.people import member
from tests.questionnaire.modelled import assessed


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_an_owner_drafts_publishes_looks_and_switches(open_page: OpenPage, javascript: bool):
    owner = member(FirmFactory(name="Demo practice"), Role.OWNER)
    client = ClientFactory(firm=owner.firm, name="Demo Robert")
    assessed(client)
    page = open_page(javascript=javascript)
    sign_in(page, owner.user)
    page.goto(f"/firm/{owner.firm_id}/")
    page.get_by_role("link", name="Models of your own").click()
    page.get_by_role("button", name="Start models of your own").click()
    page.get_by_label("Name").fill("Balanced")
    page.get_by_label("Aggressive, US large-cap").fill("63.99")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main")).to_contain_text(
        "Aggressive adds up to 107.99%. Take away 7.99 points."
    )
    page.get_by_label("Aggressive, US large-cap").fill("56")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("h1")).to_have_text("Balanced, version 1")
    page.get_by_role("link", name="See what it would move").click()
    expect(page.locator(".lede")).to_have_text(
        "1 of 1 client would get another mix; the largest move is 10 points."
    )
    expect(page.locator(".moves")).to_contain_text("75% → 70%")
    page.get_by_role("button", name="Switch to method v1 with Balanced, version 1").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    page.get_by_label("I have looked").check()
    page.get_by_role("button", name="Switch to method v1").click()
    expect(page.locator("main")).to_contain_text("mixes by Balanced, version 1")
    assert ModelsInUse.objects.get().published == PublishedModels.objects.get()
    owner.firm.refresh_from_db()
    client.firm.refresh_from_db()
    page.goto(f"/r/{assessed(client).public_id}/")
    expect(page.locator("#steps")).to_contain_text("The risk label chose the firm’s own mix")
    expect(page.locator("h1")).to_contain_text("70%")
