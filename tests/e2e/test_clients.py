"""From a result to a client profile that lives for years: what people do, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from questionnaire.models import Assessment, ClientProfile, Override, Ownership
from riskalloc.firms.models import Membership, Role
from tests.e2e.browser import OpenPage
from tests.e2e.desk import assessed, code_in_letter, link_in_letter, sign_in
from tests.e2e.people import EXAMPLE_MIX, SLUGS, WITH_AND_WITHOUT, answer, mix, see_result
from tests.factories import (
    ClientFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    assign,
    make_own_client,
)

PASSWORD = "demo password of a visitor"


def answer_everything(page: Page) -> None:
    for slug in SLUGS:
        answer(page, slug)
    see_result(page)


def sign_up(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/confirm-email/")
    page.locator("main input[name=code]").fill(code_in_letter())
    page.locator("main form button").first.click()


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_who_has_just_calculated_signs_up_and_finds_the_result_attached(
    open_page: OpenPage, javascript: bool
):
    page = open_page(javascript=javascript)
    page.goto("/")
    page.get_by_role("button", name="Start now").click()
    answer_everything(page)
    page.get_by_role("button", name="Save this result").click()
    page.wait_for_url("**/signup/")
    sign_up(page, "demo-visitor@example.org")
    page.wait_for_url("**/c/*/")
    expect(page.locator("h1")).to_have_text("demo-visitor")
    expect(page.get_by_text("First assessment")).to_be_visible()
    page.get_by_role("link", name="See every step").click()
    assert mix(page) == EXAMPLE_MIX
    ownership = Ownership.objects.get()
    assert ownership.client.membership.user.email == "demo-visitor@example.org"


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_an_advisor_adds_a_client_and_fills_in_for_them(open_page: OpenPage, javascript: bool):
    firm = FirmFactory(name="Demo practice")
    advisor = MembershipFactory(firm=firm, role=Role.ADVISOR).user
    page = open_page(javascript=javascript)
    sign_in(page, advisor)
    page.goto("/a/")
    page.get_by_role("link", name="Add a client").click()
    page.get_by_label("Name").fill("Demo Robert")
    page.get_by_role("button", name="Add the client").click()
    page.wait_for_url("**/c/*/")
    page.get_by_role("button", name="Fill in for this client").click()
    expect(page.get_by_text("for Demo Robert")).to_be_visible()
    answer_everything(page)
    expect(page.get_by_text(f"filled in by {advisor.email}")).to_be_visible()
    page.get_by_role("link", name="Demo Robert").first.click()
    expect(page.locator(".timeline")).to_contain_text(f"filled in by {advisor.email}")


def test_a_link_is_answered_without_an_account(page: Page, open_page: OpenPage):
    client = ClientFactory(name="Demo Robert", firm=FirmFactory(name="Demo practice"))
    sign_in(page, assign(client))
    page.goto(f"/c/{client.pk}/link/")
    page.get_by_label("E-mail").fill("demo-robert@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("h1")).to_have_text("The link is on its way")
    visitor = open_page()
    visitor.goto(link_in_letter("q"))
    expect(visitor.locator("h1")).to_contain_text("Demo practice asks you")
    visitor.get_by_role("button", name="Start now").click()
    answer_everything(visitor)
    assert mix(visitor) == EXAMPLE_MIX
    page.goto(f"/c/{client.pk}/")
    expect(page.locator(".timeline")).to_contain_text("First assessment")


def test_an_invited_client_signs_up_and_sees_their_own_profile(page: Page, open_page: OpenPage):
    client = ClientFactory(name="Demo Robert", firm=FirmFactory(name="Demo practice"))
    assessed(client)
    sign_in(page, assign(client))
    page.goto(f"/c/{client.pk}/invite/")
    page.get_by_label("E-mail").fill("demo-robert@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    page.wait_for_url(f"**/c/{client.pk}/")
    visitor = open_page()
    visitor.goto(link_in_letter("join"))
    visitor.get_by_role("link", name="Create an account").click()
    sign_up(visitor, "demo-robert@example.org")
    visitor.wait_for_url("**/join/*/")
    visitor.locator("main form button").first.click()
    visitor.get_by_role("link", name="Your profile").click()
    visitor.wait_for_url(f"**/c/{client.pk}/")
    expect(visitor.get_by_text("You are a client of Demo practice")).to_be_visible()
    membership = Membership.objects.get(user__email="demo-robert@example.org")
    assert membership.role == Role.CLIENT


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_an_advisor_decides_on_another_mix(open_page: OpenPage, javascript: bool):
    client = ClientFactory(name="Demo Robert")
    assessed(client)
    page = open_page(javascript=javascript)
    sign_in(page, assign(client))
    page.goto(f"/c/{client.pk}/")
    page.get_by_role("link", name="Decide on another mix").click()
    page.get_by_label("Stocks").fill("60")
    page.get_by_label("Why this mix").fill("Wants to sleep well after the flat.")
    page.get_by_role("button", name="Decide on this mix").click()
    expect(page.get_by_role("alert")).to_contain_text("add up to 85%. Add 15 points.")
    page.get_by_label("Bonds").fill("25")
    page.get_by_role("button", name="Decide on this mix").click()
    page.wait_for_url(f"**/c/{client.pk}/")
    expect(page.locator(".decided")).to_contain_text("60% stocks, 25% bonds, 15% alternatives")
    expect(page.locator(".decided")).to_contain_text("75% stocks, 10% bonds, 15% alternatives")
    assert Override.objects.count() == 1


def test_two_people_who_change_a_profile_both_see_what_the_other_typed(
    page: Page, open_page: OpenPage
):
    client = make_own_client(name="Demo Robert", firm=FirmFactory())
    own_page = open_page()
    for browser, user in ((page, assign(client)), (own_page, client.membership.user)):
        sign_in(browser, user)
        browser.goto(f"/c/{client.pk}/edit/")
    own_page.get_by_label("Phone").fill("555-0100")
    own_page.get_by_role("button", name="Save").click()
    own_page.wait_for_url(f"**/c/{client.pk}/")
    page.get_by_label("Phone").fill("555-0199")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("555-0100")
    page.get_by_role("button", name="Keep mine").click()
    page.wait_for_url(f"**/c/{client.pk}/")
    assert ClientProfile.objects.get().phone == "555-0199"


def test_a_saved_result_is_closed_to_other_browsers(page: Page, open_page: OpenPage):
    profile = make_own_client(UserFactory())
    result = assessed(profile)
    sign_in(page, profile.membership.user)
    page.goto(f"/r/{result.public_id}/")
    expect(page.get_by_text("This result is saved and never changes")).to_be_visible()
    stranger = open_page()
    assert stranger.goto(f"/r/{result.public_id}/").status == 404
    assert Assessment.objects.count() == 1
