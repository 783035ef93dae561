"""Life events and comparing in a real browser, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from questionnaire.models import ClientProfile, LifeEvent
from tests.e2e.browser import OpenPage
from tests.e2e.desk import sign_in
from tests.e2e.people import WITH_AND_WITHOUT, expect_focus, field
from tests.e2e.states_events import SAVE, SEE, retiring_sooner, see_what_changes, twice_assessed
from tests.factories import assign


@pytest.fixture
def ann(transactional_db: None) -> ClientProfile:
    return twice_assessed()


@pytest.fixture
def robert(transactional_db: None) -> ClientProfile:
    return retiring_sooner()


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_lost_job_is_looked_at_and_saved(
    open_page: OpenPage, ann: ClientProfile, javascript: bool
):
    page = open_page(javascript=javascript)
    sign_in(page, ann.membership.user)
    page.goto(f"/c/{ann.pk}/")
    page.get_by_role("link", name="Something has changed").click()
    page.get_by_role("link", name="I lost my job").click()
    expect(page.get_by_text("We filled in what usually changes. Correct it.")).to_have_count(4)
    expect(page.locator("[name=monthly_income]")).to_have_value("3,000")
    page.locator("[name=savings]").fill("6,000")
    page.locator("[name=happened_on]").fill("2026-11-02")
    see_what_changes(page)
    expect(page.locator("[name=savings]")).to_have_value("6,000")
    sentence = page.locator("#preview h2").first
    expect(sentence).to_contain_text("less in stocks")
    expect(sentence).to_be_focused()
    expect(sentence).to_be_in_viewport()
    assert not LifeEvent.objects.exists()
    page.get_by_role("button", name=SAVE).click()
    page.wait_for_url("**/r/*/")
    event = LifeEvent.objects.get()
    assert event.happened_on.isoformat() == "2026-11-02"
    assert event.assessment.public_id in page.url
    page.goto(f"/c/{ann.pk}/")
    expect(page.get_by_text("Loss of a job")).to_be_visible()


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_what_is_changed_after_looking_is_looked_at_again(
    open_page: OpenPage, ann: ClientProfile, javascript: bool
):
    page = open_page(javascript=javascript)
    sign_in(page, ann.membership.user)
    page.goto(f"/c/{ann.pk}/events/birth/")
    see_what_changes(page)
    expect(page.get_by_text("Nothing changed: the same answers, rules and amount.")).to_be_visible()
    field(page, "household_cover", "under_25").check()
    page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_role("heading", name="Look before you save")).to_be_visible()
    expect(field(page, "household_cover", "under_25")).to_be_checked()
    assert not LifeEvent.objects.exists()
    page.get_by_role("button", name=SAVE).click()
    page.wait_for_url("**/r/*/")
    assert LifeEvent.objects.count() == 1


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_problem_takes_the_focus_and_is_gone_once_it_is_solved(
    open_page: OpenPage, ann: ClientProfile, javascript: bool
):
    page = open_page(javascript=javascript)
    sign_in(page, ann.membership.user)
    page.goto(f"/c/{ann.pk}/events/inheritance/")
    page.locator("[name=amount]").fill("much")
    page.get_by_role("button", name=SEE).click()
    expect_focus(page, ".problem")
    expect(page).to_have_title("Error: Inheritance · RiskAlloc")
    page.get_by_role("link", name="Amount in US dollars").click()
    expect(page.locator("[name=amount]")).to_be_focused()
    page.locator("[name=amount]").fill("150,000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why", exact=True)).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)
    expect(page).to_have_title("Inheritance · RiskAlloc")


def test_enter_looks_and_never_saves(open_page: OpenPage, ann: ClientProfile):
    page = open_page()
    sign_in(page, ann.membership.user)
    page.goto(f"/c/{ann.pk}/events/birth/")
    see_what_changes(page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.locator("[name=savings]").press("Enter")
    assert "action=preview" in str(sent.value.request.post_data)
    expect(page.get_by_role("button", name=SAVE)).to_be_enabled()
    assert not LifeEvent.objects.exists()


def test_a_double_click_saves_once(open_page: OpenPage, ann: ClientProfile):
    page = open_page()
    sign_in(page, ann.membership.user)
    page.goto(f"/c/{ann.pk}/events/birth/")
    see_what_changes(page)
    page.get_by_role("button", name=SAVE).dblclick(no_wait_after=True)
    page.wait_for_url("**/r/*/")
    assert LifeEvent.objects.count() == 1


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_an_advisor_sees_why_two_assessments_differ(
    open_page: OpenPage, robert: ClientProfile, javascript: bool
):
    page = open_page(javascript=javascript)
    sign_in(page, assign(robert))
    page.goto(f"/c/{robert.pk}/")
    expect(page.locator("#retirement")).to_contain_text("The planned retirement on 3 Mar 2037")
    page.get_by_role("link", name="Compare with last time").click()
    expect(page.locator("h1")).to_have_text("Why 3 Mar 2026 differs from 7 May 2025")
    expect(page.get_by_text("He will help his daughter to buy a flat.")).to_be_visible()
    page.get_by_label("Compare").select_option(index=0)
    page.get_by_label("with").select_option(index=1)
    page.get_by_role("button", name="Show why they differ").click()
    expect(page.locator("h1")).to_have_text("Why 7 May 2025 differs from 3 Mar 2026")
