"""Staff's pages in a real browser: they work under the same strict policy as every other page."""

import pytest
from playwright.sync_api import Page, expect

from questionnaire.models import Ownership
from riskalloc.firms.models import Membership, Role
from tests.e2e.desk import sign_in
from tests.factories import UserFactory, make_assessment, make_own_client
from tests.firms.people import member
from tests.staff.test_admin import PAGES


@pytest.fixture
def staff(page: Page) -> Page:
    sign_in(page, UserFactory(is_staff=True))
    return page


def test_every_list_opens_without_a_word_of_the_policy(staff: Page):
    """`page` fails the test when the console says anything."""
    client = make_own_client()
    Ownership.objects.create(firm=client.firm, client=client, assessment=make_assessment())
    for page in PAGES:
        staff.goto(f"/staff/{page}")
        expect(staff.locator("#site-name")).to_have_text("RiskAlloc staff")
        if (row := staff.locator("#result_list tbody th a")).count():
            row.first.click()
            staff.wait_for_url("**/change/")
            expect(staff.locator("#site-name")).to_be_visible()


def test_staff_give_a_firm_a_new_owner_by_hand(staff: Page):
    advisor = member(role=Role.ADVISOR)
    staff.goto(f"/staff/firms/membership/{advisor.pk}/change/")
    staff.get_by_label("Owner:").check()
    staff.get_by_role("button", name="Save", exact=True).click()
    staff.wait_for_url("**/staff/firms/membership/")
    assert Membership.objects.get(pk=advisor.pk).role == Role.OWNER
