"""The whole way from the first page to the result: with JavaScript, without, and without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from questionnaire.models import Assessment, Draft
from tests.e2e.browser import OpenPage
from tests.e2e.people import (
    EXAMPLE_MIX,
    SLUGS,
    TYPED,
    WITH_AND_WITHOUT,
    after,
    answer,
    before,
    come_back,
    expect_at,
    expect_focus,
    expect_stored,
    field,
    fill,
    go_on,
    mix,
    see_result,
)
from tests.e2e.states import CHECK, QUESTIONS, RESULT, START, WHAT_IF, State, reach
from tests.factories import WORKED_EXAMPLE, DraftFactory, answered


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_eleven_answers_become_the_mix_of_the_worked_example(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    page.goto("/")
    page.get_by_role("button", name="Start now").click()
    for slug in SLUGS:
        answer(page, slug)
    see_result(page)
    assert mix(page) == EXAMPLE_MIX
    assert Draft.objects.get().answers == WORKED_EXAMPLE
    assert page.url.endswith(f"/r/{Assessment.objects.get().public_id}/")


def test_each_question_is_put_in_place_with_its_title_its_address_and_the_focus(page: Page):
    page.goto("/")
    page.get_by_role("button", name="Start now").click()
    expect_at(page, "amount")
    page.evaluate("window.isTheSamePage = true")
    for slug in SLUGS[:4]:
        answer(page, slug)
        expect_focus(page, "h1")
        expect(page).to_have_title(f"{page.inner_text('h1')} · RiskAlloc")
        assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("window.isTheSamePage")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_question_left_for_later_is_asked_for_before_the_result(
    open_page: OpenPage, javascript: bool
):
    DraftFactory(answers=before("household-cover"))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/household-cover/")
    page.get_by_text("I am not sure").click()
    page.get_by_role("button", name="Leave it for later").click()
    expect_at(page, "check")
    expect(page.get_by_role("heading", name="1 question is still open")).to_be_visible()
    expect(page.get_by_role("button", name="See my result")).to_have_count(0)
    page.get_by_role("link", name="Answer If your largest income stopped").click()
    answer(page, "household-cover")
    see_result(page)
    assert mix(page) == EXAMPLE_MIX


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_answers_that_pull_apart_are_shown_and_may_be_kept(open_page: OpenPage, javascript: bool):
    DraftFactory(answers=answered(drop_reaction="buy_more", past_behaviour="sold_all"))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/check/")
    panel = page.locator("#contradictions")
    for part in ("I sold everything", "I would buy more while it is cheap"):
        expect(panel).to_contain_text(part)
    assert panel.get_by_role("link", name="Change").count() >= 2
    page.get_by_role("button", name="Keep both answers").click()
    expect(panel).to_have_count(0)
    see_result(page)
    steps = page.locator("#steps")
    expect(steps).to_contain_text("You chose to keep answers that pull in different directions.")
    expect(steps).to_contain_text("You sold in the last real fall")


# -- By keyboard alone -----------------------------------------------------------------------------

# What has the focus, whether it shows it, and the place of it on the page.
FOCUSED = """() => {
    const e = document.activeElement, rings = [e, e.closest('label'), e.closest('.input')];
    const ring = rings.find(r => r && getComputedStyle(r).outlineStyle === 'solid'
        && parseFloat(getComputedStyle(r).outlineWidth) >= 3);
    const box = (ring || e).getBoundingClientRect();
    return {
        name: e.name || '', value: e.value || '', text: e.textContent.trim().slice(0, 40),
        tag: e.tagName, ring: !!ring,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        index: [...document.querySelectorAll('*')].indexOf(e),
    }
}"""


def tab(page: Page, *, back: bool = False) -> dict:
    page.keyboard.press("Shift+Tab" if back else "Tab")
    focused: dict = page.evaluate(FOCUSED)
    if focused["tag"] != "BODY":  # between the end of the page and its start
        assert focused["ring"], f"no ring on {focused}"
        assert focused["seen"], f"out of sight: {focused}"
    return focused


def tab_to(page: Page, **wanted: str) -> None:
    for _ in range(40):
        focused = tab(page)
        if all(focused[key] == value for key, value in wanted.items()):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def press_answer(page: Page, slug: str) -> None:
    for name, value in TYPED[slug].items():
        if field(page, name, value).get_attribute("type") == "text":
            tab_to(page, name=name)
            page.keyboard.type(value)
        else:
            tab_to(page, name=name)  # the first of the group, or the one that is chosen
            page.keyboard.press("Space")
            while page.evaluate("document.activeElement.value") != value:
                page.keyboard.press("ArrowDown")


def test_everything_can_be_done_without_a_mouse(page: Page):
    page.goto("/")
    tab_to(page, text="Start now")
    page.keyboard.press("Enter")
    for number, slug in enumerate(SLUGS):
        expect_at(page, slug)
        if number:
            expect_focus(page, "h1")
        press_answer(page, slug)
        if number % 2:
            page.keyboard.press("Enter")  # a form is sent from any of its fields
        else:
            tab_to(page, text="Continue")
            page.keyboard.press("Space")
        expect_at(page, after(slug))
    expect_focus(page, "h1")
    tab_to(page, text="See my result")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/*/")
    assert mix(page) == EXAMPLE_MIX
    tab_to(page, text="$60,000, see where it comes from")
    page.keyboard.press("Enter")
    expect(page.locator(".thread .first .figure")).to_have_text("$60,000")


FOCUSABLE = """() => {
    const groups = new Set();
    return [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility() && !e.disabled && e.type !== 'hidden')
        .filter(e => e.type !== 'radio' || !groups.has(e.name) && groups.add(e.name))
        .map(e => [...document.querySelectorAll('*')].indexOf(e))
}"""
OF_EACH_KIND = [
    *(START[0], START[-1], *QUESTIONS[:4], QUESTIONS[9], CHECK[2], RESULT[1], WHAT_IF[1]),
]


@pytest.mark.parametrize("state", OF_EACH_KIND, ids=[state.name for state in OF_EACH_KIND])
def test_tab_reaches_everything_in_its_order_and_leaves_again_both_ways(page: Page, state: State):
    reach(state, page)
    order = page.evaluate(FOCUSABLE)
    walked = [tab(page)["index"] for _ in order]
    assert walked == order
    assert leave(page) == order[0]
    assert leave(page, back=True) == order[-1]
    assert [tab(page, back=True)["index"] for _ in order[1:]] == order[-2::-1]


def leave(page: Page, *, back: bool = False) -> int:
    """Over the edge of the page, where the browser's own controls would be, to its other end."""
    focused = tab(page, back=back)
    return focused["index"] if focused["tag"] != "BODY" else tab(page, back=back)["index"]


def test_the_first_tab_offers_to_skip_to_the_content(page: Page):
    page.goto("/help/")
    assert tab(page)["text"] == "Skip to the content"
    page.keyboard.press("Enter")
    expect_focus(page, "#main")


# -- Back and refresh ------------------------------------------------------------------------------


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_the_back_button_and_refresh_keep_every_answer(open_page: OpenPage, javascript: bool):
    DraftFactory(answers={})
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/amount/")
    for slug in SLUGS:
        answer(page, slug)
        page.go_back()
        expect_at(page, slug)
        expect_stored(page, slug)
        page.go_forward()
        expect_at(page, after(slug))
        page.reload()
        expect_at(page, after(slug))
    assert Draft.objects.get().answers == WORKED_EXAMPLE


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_the_back_link_leads_through_every_stored_answer_to_the_first_page(
    open_page: OpenPage, javascript: bool
):
    DraftFactory(answers=before("household-cover"))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/household-cover/")
    for slug in reversed(SLUGS[:-1]):
        page.get_by_role("link", name="Back", exact=True).click()
        expect_at(page, slug)
        expect_stored(page, slug)
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_text("You were at question 11 of 11.")).to_be_visible()


def test_a_wrong_answer_on_the_way_is_one_step_back(page: Page):
    DraftFactory(answers=before("horizon"))
    come_back(page)
    page.goto("/q/horizon/")
    go_on(page)
    expect(page.locator(".problem")).to_be_focused()
    fill(page, TYPED["horizon"])
    go_on(page)
    expect_at(page, "trade-off")
    page.go_back()
    expect_at(page, "horizon")
    expect_stored(page, "horizon")
    expect(page.locator(".problem")).to_have_count(0)


@pytest.mark.parametrize("slug", [SLUGS[3], SLUGS[-1], "check"])
def test_a_later_page_opened_early_leads_to_what_comes_first(page: Page, slug: str):
    DraftFactory(answers=before("horizon"))
    come_back(page)
    page.goto(f"/q/{slug}/")
    expect_at(page, "horizon")
    expect(page.get_by_text("Answer this first.")).to_be_visible()


# -- Coming back, changing, and two tabs -----------------------------------------------------------


def test_closing_the_browser_and_coming_back_goes_on_where_it_was(open_page: OpenPage):
    page = open_page()
    page.goto("/")
    page.get_by_role("button", name="Start now").click()
    for slug in SLUGS[:5]:
        answer(page, slug)
    kept = page.context.storage_state()
    page.context.close()
    page = open_page(storage_state=kept)
    page.goto("/")
    expect(page.get_by_text("You were at question 6 of 11.")).to_be_visible()
    page.get_by_role("link", name="Continue where you left off").click()
    expect_at(page, "max-loss")
    assert Draft.objects.get().answers == before("max-loss")


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_one_answer_changed_from_the_check_page_leads_back_to_it(
    open_page: OpenPage, javascript: bool
):
    DraftFactory()
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/check/")
    page.get_by_role("link", name="Change Years until you need the money").click()
    expect_at(page, "horizon")
    expect_stored(page, "horizon")
    page.get_by_role("link", name="Back to your answers").click()
    expect_at(page, "check")
    page.get_by_role("link", name="Change Years until you need the money").click()
    fill(page, {"horizon_years": "20"})
    go_on(page)
    expect_at(page, "check")
    expect(page.locator(".summary").nth(1)).to_contain_text("20 years")


def test_of_two_tabs_the_last_continue_wins_and_never_half_of_it(page: Page):
    draft = DraftFactory(answers=before("emergency-fund"))
    come_back(page)
    other = page.context.new_page()
    for tab_of, savings, essentials in [(page, "1000", "500"), (other, "9000", "1500")]:
        tab_of.goto("/q/emergency-fund/")
        fill(tab_of, {"savings": savings, "monthly_essentials": essentials})
    for tab_of in (other, page):
        go_on(tab_of)
        expect_at(tab_of, "debt-to-income")
    draft.refresh_from_db()
    assert draft.answers["emergency_fund"] == {"savings": "1000", "monthly_essentials": "500"}


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_an_old_check_page_says_that_the_answers_have_changed(
    open_page: OpenPage, javascript: bool
):
    DraftFactory()
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/check/")
    other = page.context.new_page()
    other.goto("/q/horizon/")
    fill(other, {"horizon_years": "4"})
    go_on(other)
    expect_at(other, "check")
    with page.expect_response(re.compile("/q/check/$")) as answered_with:
        page.get_by_role("button", name="See my result").click()
    assert answered_with.value.status == 409
    expect(page.get_by_role("heading", name="Your answers have changed")).to_be_visible()
    expect(page.locator(".summary").nth(1)).to_contain_text("4 years")
    if javascript:
        expect_focus(page, "h1")
    assert not Assessment.objects.exists()
    see_result(page)
    assert Assessment.objects.get().answers["horizon"] == {"horizon_years": "4"}


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_an_answer_to_a_draft_that_is_gone_says_so_and_leads_to_the_start(
    open_page: OpenPage, javascript: bool
):
    draft = DraftFactory(answers=before("horizon"))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/horizon/")
    draft.delete()
    fill(page, TYPED["horizon"])
    go_on(page)
    page.wait_for_url("**/q/expired/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There are no answers here")
    page.get_by_role("link", name="Go to the first page").click()
    expect(page.get_by_role("button", name="Start now")).to_be_visible()


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_starting_again_asks_first_and_then_begins_at_the_first_question(
    open_page: OpenPage, javascript: bool
):
    DraftFactory(answers=before("horizon"))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/")
    page.get_by_role("link", name="Start again").click()
    page.get_by_role("link", name="Keep them").click()
    expect(page.get_by_text("You were at question 3 of 11.")).to_be_visible()
    page.get_by_role("link", name="Start again").click()
    page.get_by_role("button", name="Delete my answers").click()
    page.get_by_role("button", name="Start now").click()
    expect_at(page, "amount")
    expect(field(page, "amount")).to_have_value("")
