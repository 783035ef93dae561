"""The result: every number opens, what if, other ways to look at it, and print."""

import re
import zlib
from decimal import ROUND_HALF_UP, Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from questionnaire.models import Assessment
from tests.e2e.browser import OpenPage
from tests.e2e.people import (
    EXAMPLE_MIX,
    WITH_AND_WITHOUT,
    come_back,
    expect_at,
    expect_focus,
    fill,
    go_on,
    mix,
    number_of,
    see_result,
)
from tests.e2e.states import CAUTIOUS_GROWTH, LIMITED, ask_what_if
from tests.factories import DraftFactory, make_assessment

CASES = {
    "job_loss": "The mix changes because your income score goes from 20 to 10",
    "steady_job": "The mix stays as it is although your income score goes from 20 to 21",
    "retire_soon": "The mix ",
    "reserve_6": "The mix ",
}
OTHER = "?method=seed-1&sleeves=diversified"


def figure(text: str) -> Decimal:
    """The number in a text such as `$1,234.50`, `18 of 25`, `β 0.89` or `7.0%`."""
    return Decimal(re.findall(r"[0-9.]+", text.replace(",", ""))[0])


def agree(clicked: str, opened: str) -> bool:
    """Whether a thread begins with the number that was clicked, which may have been rounded more."""
    number = figure(clicked)
    return figure(opened).quantize(number, ROUND_HALF_UP) == number


def first_figure(thread: Locator) -> str:
    """What a thread begins with, less what it was before."""
    shown = thread.locator(".first .figure")
    was = shown.locator(".was")
    return shown.inner_text().removeprefix(was.inner_text() if was.count() else "")


# What every number of a page opens to: address, status, what was clicked, first figure, way back.
OPEN_ALL = """() => Promise.all([...document.querySelectorAll('a.open')].map(async a => {
    const answer = await fetch(a.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    page.querySelector('.first .was')?.remove();
    return [a.href, answer.status, a.firstChild.textContent,
        page.querySelector('.first .figure')?.textContent,
        page.querySelector('a.back').getAttribute('href')];
}))"""


# -- Every number opens ----------------------------------------------------------------------------

RESULTS = {
    "worked example": ("", {}),
    "limits and money set aside": ("", LIMITED),
    "near term": ("", {"horizon_years": "1"}),
    "everything set aside": ("", {"amount": "50000", "needed_within_3_years": "50000"}),
    "growth with caution": ("", CAUTIOUS_GROWTH),
    "another method and other classes": (OTHER, {}),
    "cents": ("", {"amount": "98765.43"}),
}


@pytest.mark.parametrize(("query", "fields"), RESULTS.values(), ids=RESULTS)
def test_every_number_opens_to_a_page_that_begins_with_it(
    page: Page, query: str, fields: dict[str, str]
):
    page.goto(f"/r/{make_assessment(**fields).public_id}/{query}")
    opened = page.evaluate(OPEN_ALL)
    assert len(opened) >= 4
    for address, status, clicked, shown, back in opened:
        assert status == 200, address
        assert agree(clicked, shown), f"{clicked} opens to {shown}: {address}"
        assert address.endswith(query)
        assert back.endswith(query)


def test_without_javascript_a_number_leads_to_a_page_of_its_own(open_page: OpenPage):
    page = open_page(javascript=False)
    page.goto(f"/r/{make_assessment().public_id}/")
    result = page.url
    for number in ("18 of 25", "$60,000", "$48,185", "8.0%"):
        page.get_by_role("link", name=number).click()
        page.wait_for_url("**/why/*/")
        expect(page.locator("h1")).to_contain_text("Where this number comes from")
        assert agree(number, first_figure(page.locator(".thread")))
        page.get_by_role("link", name="Back to the result").click()
        page.wait_for_url(result)


@pytest.mark.parametrize("fields", [{}, LIMITED], ids=["worked example", "limits"])
def test_every_number_opens_in_place_with_the_focus_on_what_opened(
    page: Page, fields: dict[str, str]
):
    page.goto(f"/r/{make_assessment(**fields).public_id}/")
    address = page.url
    for link in page.locator("a.open").all():
        with page.expect_response(re.compile("/why/")) as opened:
            link.click()
        assert opened.value.status == 200
        thread = page.locator(f"#thread-{opened.value.url.rstrip('/').split('/')[-1]}")
        expect(thread.locator("h2")).to_be_focused()
        expect(thread.locator("h2")).to_be_in_viewport()
        clicked, shown = number_of(link), first_figure(thread)
        assert agree(clicked, shown), f"{clicked} opens to {shown}"
    assert page.url == address
    assert page.locator(".thread").count() == 2  # one at the mix, one at the bad times
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_an_opened_number_ends_in_the_answers(page: Page):
    page.goto(f"/r/{make_assessment().public_id}/why/us_large_cap/")
    thread = page.locator(".thread")
    for part in (
        "60% of $100,000",
        "4 + 4 + 3 + 4 + 3 = 18.",
        "The mix you would rather own: 50% stocks, 50% bonds",
    ):
        expect(thread).to_contain_text(part)
    for rule in thread.get_by_role("link", name="The rule").all():
        address, _hash, anchor = str(rule.get_attribute("href")).partition("#")
        assert address == "/method/v1/"
        assert anchor
    thread.get_by_role("link", name="The rule").first.click()
    expect(page.locator(f"section#{page.url.partition('#')[2]} h2")).to_be_in_viewport()


# -- What if ---------------------------------------------------------------------------------------


def comparison(page: Page) -> Locator:
    return page.locator("#whatif .comparison")


@pytest.mark.parametrize(("case", "sentence"), CASES.items(), ids=CASES)
@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_each_what_if_is_shown_beside_the_mix_of_now(
    open_page: OpenPage, javascript: bool, case: str, sentence: str
):
    assessment = make_assessment()
    page = open_page(javascript=javascript)
    page.goto(f"/r/{assessment.public_id}/")
    ask_what_if(case)(page)
    expect(comparison(page).get_by_role("heading")).to_contain_text(sentence)
    expect(comparison(page).locator("tbody tr").first).to_contain_text("$60,000")
    expect(page.locator(f"[name=case][value={case}]")).to_be_checked()
    assert Assessment.objects.get() == assessment
    if javascript:  # in place, beside the result
        expect_focus(page, "#whatif h2")
        assert mix(page) == EXAMPLE_MIX
        shown = comparison(page).inner_text()
        comparison(page).get_by_role("link", name="Link to this comparison").click()
        page.wait_for_url("**/whatif/?*")
        assert comparison(page).inner_text() == shown
    else:
        assert f"/whatif/?case={case}" in page.url


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_another_amount_is_asked_for_only_when_it_is_chosen_and_changes_dollars_alone(
    open_page: OpenPage, javascript: bool
):
    page = open_page(javascript=javascript)
    page.goto(f"/r/{make_assessment().public_id}/")
    expect(page.locator("#whatif [name=amount]")).to_be_hidden()
    ask_what_if("amount", "250 000")(page)
    shown = comparison(page)
    expect(shown.get_by_role("heading")).to_have_text("The mix stays as it is; the dollars change.")
    first = shown.locator("tbody tr").first
    for part in ("$60,000", "$150,000", "+$90,000", "0 points"):
        expect(first).to_contain_text(part)


@pytest.mark.parametrize(
    ("case", "amount", "message", "at"),
    [
        (None, None, "Select what might change", "id_case_0"),
        ("amount", "", "Enter an amount, like 25,000", "id_amount"),
        ("amount", "much", "Use plain digits", "id_amount"),
        ("amount", "20,000", "Enter more than the $20,000 that you need", "id_amount"),
    ],
    ids=["nothing", "empty", "text", "too small"],
)
@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_a_wrong_what_if_is_said_and_keeps_what_was_typed(
    open_page: OpenPage,
    javascript: bool,
    case: str | None,
    amount: str | None,
    message: str,
    at: str,
):
    page = open_page(javascript=javascript)
    page.goto(f"/r/{make_assessment(**LIMITED).public_id}/")
    if case:
        ask_what_if(case, amount)(page)
    else:
        page.get_by_role("button", name="Show what changes").click()
    summary = page.locator("#whatif .problem")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(message)
    if amount is not None:
        expect(page.locator("#whatif [name=amount]")).to_have_value(amount)
    if not javascript:
        expect(page).to_have_title("Error: What if · RiskAlloc")
    summary.get_by_role("link").click()
    expect_focus(page, f"#{at}")


# -- Other methods and classes ---------------------------------------------------------------------


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_the_same_answers_can_be_seen_another_way_and_everything_follows(
    open_page: OpenPage, javascript: bool
):
    page = open_page(javascript=javascript)
    page.goto(f"/r/{make_assessment().public_id}/")
    page.get_by_role("link", name="Method seed-1, diversified classes").click()
    page.wait_for_url("**/r/*/?*")
    expect(page.locator("main > .note").first).to_contain_text(
        "These are your answers by method seed-1 with diversified classes."
    )
    assert len(mix(page)) > len(EXAMPLE_MIX)
    assert page.locator("a.open").evaluate_all(
        "all => all.every(one => new URL(one.href).search.includes('method=seed-1'))"
    )
    ask_what_if("amount", "200000")(page)
    link = comparison(page).get_by_role("link", name="Link to this comparison")
    address = str(link.get_attribute("href"))
    assert "method=seed-1" in address
    assert "sleeves=diversified" in address
    page.goto(address)
    page.get_by_role("link", name="Back to the result").click()
    page.get_by_role("link", name="Show the result that was saved").click()
    page.wait_for_url(re.compile("/r/[^?]*$"))
    assert mix(page) == EXAMPLE_MIX


def test_a_result_can_be_changed_and_becomes_another_one(page: Page):
    draft = DraftFactory()
    first = make_assessment(draft)
    come_back(page)
    page.goto(f"/r/{first.public_id}/")
    page.get_by_role("link", name="Change an answer").click()
    expect_at(page, "check")
    see_result(page)
    assert page.url.endswith(f"/r/{first.public_id}/")  # nothing changed: the same result
    page.goto("/q/amount/")
    fill(page, {"amount": "50000"})
    go_on(page)
    expect_at(page, "check")
    see_result(page)
    assert mix(page)["US large-cap"] == "$30,000"
    page.goto(f"/r/{first.public_id}/")
    assert mix(page) == EXAMPLE_MIX


# -- Print -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_the_print_shows_the_result_and_none_of_the_controls(open_page: OpenPage, javascript: bool):
    page = open_page(javascript=javascript)
    page.goto(f"/r/{make_assessment(**LIMITED).public_id}/")
    page.locator("details > summary").first.click()  # closed on the screen
    page.emulate_media(media="print")
    for hidden in ("header nav", ".btn", "form", "#what-if", ".skip", "#net-error"):
        for element in page.locator(hidden).all():
            expect(element).to_be_hidden()
    expect(page.locator("table.classes").first).to_be_visible()
    inside = page.locator("details :is(table, p)").all()
    assert inside
    for element in inside:
        expect(element).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgba(0, 0, 0, 0)",
        "rgb(255, 255, 255)",
    )


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_result_becomes_pages_of_text(page: Page, paper: str):
    page.goto(f"/r/{make_assessment(**LIMITED).public_id}/")
    pdf = page.pdf(format=paper)
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    texts = [drawn for stream in streams if b" Tf\n" in (drawn := inflated(stream))]
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 2 <= len(texts) == pages <= 6


def test_the_button_prints(page: Page):
    page.goto(f"/r/{make_assessment().public_id}/")
    page.evaluate("window.print = () => { window.hasPrinted = true }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.hasPrinted")


def test_without_javascript_there_is_no_button_that_does_nothing(open_page: OpenPage):
    page = open_page(javascript=False)
    page.goto(f"/r/{make_assessment().public_id}/")
    expect(page.get_by_text("Print", exact=True)).to_be_hidden()


def inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
