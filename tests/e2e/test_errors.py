"""What a wrong answer looks like: said once above and once at the field, with nothing lost."""

import pytest
from playwright.sync_api import Page, expect

from questionnaire.models import Draft
from tests.e2e.browser import OpenPage
from tests.e2e.people import (
    SLUGS,
    WITH_AND_WITHOUT,
    answer,
    before,
    come_back,
    expect_focus,
    field,
    fill,
    go_on,
)
from tests.factories import DraftFactory

CASES = [
    ("amount", {}, "amount", "Enter an amount, like 25,000"),
    ("amount", {"amount": "a lot"}, "amount", "Use plain digits"),
    ("amount", {"amount": "1e9"}, "amount", "Use plain digits"),
    ("amount", {"amount": "2,000,000,000"}, "amount", "Amount must be at most $1,000,000,000"),
    ("amount", {"amount": "0"}, "amount", "Amount must be more than 0"),
    (
        "amount",
        {"amount": "1,000", "needed_within_3_years": "2,000"},
        "needed_within_3_years",
        "enter $1,000 or less",
    ),
    ("drop-reaction", {}, "drop_reaction_0", "Select what you would do"),
    ("horizon", {"horizon_years": "soon"}, "horizon_years", "Use plain digits"),
    ("horizon", {"horizon_years": "101"}, "horizon_years", "must be at most 100"),
    ("trade-off", {}, "trade_off_0", "Select the mix you would rather own"),
    ("emergency-fund", {"savings": "5,000"}, "monthly_essentials", "Enter an amount, like 2,500"),
    (
        "debt-to-income",
        {"monthly_debt": "-5", "monthly_income": "9"},
        "monthly_debt",
        "less than 0",
    ),
    ("income-variability", {}, "largest_fall_0", "Select how far your income has fallen"),
]


# Without JavaScript the same page comes as a whole: one case of each kind of field is enough.
PLAIN = (0, 5, 6, 7, 10)


def name(case: tuple, javascript: bool) -> str:
    return (
        f"{case[0]}: {'; '.join(case[1].values()) or 'nothing'}, {'js' if javascript else 'no-js'}"
    )


@pytest.mark.parametrize(
    ("slug", "typed", "at", "message", "javascript"),
    [
        pytest.param(*case, javascript, id=name(case, javascript))
        for javascript, cases in ((True, CASES), (False, [CASES[number] for number in PLAIN]))
        for case in cases
    ],
)
def test_a_wrong_answer_is_said_keeps_what_was_typed_and_leads_to_its_field(
    open_page: OpenPage, slug: str, typed: dict[str, str], at: str, message: str, javascript: bool
):
    DraftFactory(answers=before(slug))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto(f"/q/{slug}/")
    title = page.title()
    fill(page, typed)
    go_on(page)
    summary = page.locator(".problem")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("There is a problem")
    expect(summary).to_contain_text(message)
    expect(page).to_have_title(f"Error: {title}")
    for name, value in typed.items():
        expect(field(page, name)).to_have_value(value)
    expect(page.locator(".question .error")).to_contain_text(message)
    summary.get_by_role("link").click()
    expect_focus(page, f"#id_{at}")
    wrong = page.locator(f"#id_{at}")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    described = wrong.evaluate(
        "e => (e.closest('fieldset[aria-describedby]') || e).getAttribute('aria-describedby')"
    ).split()
    assert any(message in page.locator(f"#{id}").inner_text() for id in described)
    assert Draft.objects.get().answers == before(slug)


@pytest.mark.parametrize(**WITH_AND_WITHOUT)
def test_two_problems_are_two_lines_and_mending_them_goes_on(open_page: OpenPage, javascript: bool):
    DraftFactory(answers=before("emergency-fund"))
    page = open_page(javascript=javascript)
    come_back(page)
    page.goto("/q/emergency-fund/")
    fill(page, {"savings": "some", "monthly_essentials": ""})
    go_on(page)
    lines = page.locator(".problem li")
    expect(lines).to_have_count(2)
    assert "Savings" in lines.nth(0).inner_text()
    assert "spend in a month" in lines.nth(1).inner_text()
    answer(page, "emergency-fund")


def test_a_choice_that_does_not_exist_is_refused_like_an_empty_one(page: Page):
    DraftFactory(answers=before("max-loss"))
    come_back(page)
    page.goto("/q/max-loss/")
    page.locator("[name=max_loss]").first.evaluate("radio => { radio.value = 'all' }")
    page.locator("[name=max_loss]").first.check()
    go_on(page)
    expect(page.locator(".problem")).to_contain_text("Select the most you could bear to lose")


def test_typed_markup_is_shown_as_text(page: Page):
    DraftFactory(answers={})
    come_back(page)
    page.goto(f"/q/{SLUGS[0]}/")
    script = "<script>document.title='x'</script>\"'"
    fill(page, {"amount": script})
    go_on(page)
    expect(field(page, "amount")).to_have_value(script)
    expect(page).to_have_title("Error: How much money do you want to invest? · RiskAlloc")
