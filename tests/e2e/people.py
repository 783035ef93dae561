"""What people do with the pages: type, choose, continue, and read what comes out."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from questionnaire.views.drafts import COOKIE
from tests.factories import TOKEN, WORKED_EXAMPLE

# The worked example as it is typed: RTI 18, ISS 20, $100,000.
TYPED: dict[str, dict[str, str]] = {
    "amount": {"amount": "$100,000"},
    "drop-reaction": {"drop_reaction": "hold_calm"},
    "horizon": {"horizon_years": "12"},
    "trade-off": {"trade_off": "mix_50"},
    "past-behaviour": {"past_behaviour": "did_nothing"},
    "max-loss": {"max_loss": "up_to_20"},
    "job-security": {"job_security": "permanent_steady"},
    "emergency-fund": {"savings": "24 000", "monthly_essentials": "3,000.00"},
    "debt-to-income": {"monthly_debt": "1500", "monthly_income": "6,000"},
    "income-variability": {"largest_fall": "5_to_10"},
    "household-cover": {"household_cover": "75_to_100"},
}
SLUGS = tuple(TYPED)
EXAMPLE_MIX = {
    "Stocks": "$75,000",
    "US large-cap": "$60,000",
    "International": "$15,000",
    "Bonds": "$10,000",
    "Alternatives": "$15,000",
}
WITH_AND_WITHOUT = {"argnames": "javascript", "argvalues": [True, False], "ids": ["js", "no-js"]}
SEE = ", see where it comes from"  # what only a screen reader says beside a number


def before(slug: str) -> dict[str, dict[str, str]]:
    """The stored answers of somebody who has come as far as a question."""
    return dict(list(WORKED_EXAMPLE.items())[: SLUGS.index(slug)])


def come_back(page: Page) -> None:
    """Be the visitor whose draft the factory makes."""
    page.context.add_cookies([{"name": COOKIE, "value": TOKEN, "domain": "localhost", "path": "/"}])


# -- Answering -------------------------------------------------------------------------------------


def field(page: Page, name: str, value: str = "") -> Locator:
    """The text field of a name, or the radio button with this value."""
    text = page.locator(f"input[type=text][name={name}]")
    if not re.fullmatch(r"\w+", value):
        return text
    return text.or_(page.locator(f"input[type=radio][name={name}][value='{value}']"))


def fill(page: Page, typed: Mapping[str, str]) -> None:
    for name, value in typed.items():
        found = field(page, name, value)
        if found.get_attribute("type") == "radio":
            found.check()
        else:
            found.fill(value)


def expect_stored(page: Page, slug: str) -> None:
    """A question shows the worked example's answer."""
    for name, value in TYPED[slug].items():
        found = field(page, name, value)
        if found.get_attribute("type") == "radio":
            expect(found).to_be_checked()
        else:
            plain = value.removeprefix("$").removesuffix(".00").replace(",", "").replace(" ", "")
            assert found.input_value().replace(",", "") == plain


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def answer(page: Page, slug: str) -> None:
    """Answer a question as in the worked example, and see the next page."""
    expect_at(page, slug)
    fill(page, TYPED[slug])
    go_on(page)
    expect_at(page, after(slug))


def after(slug: str) -> str:
    return (*SLUGS, "check")[SLUGS.index(slug) + 1]


def expect_at(page: Page, slug: str) -> None:
    page.wait_for_url(f"**/q/{slug}/*")
    if slug == "check":
        expect(page.locator("h1")).to_have_text("Check your answers")
    else:
        number = SLUGS.index(slug) + 1
        expect(page.locator("p.caption").first).to_contain_text(f"Question {number} of 11")


def see_result(page: Page) -> None:
    page.get_by_role("button", name="See my result").click()
    page.wait_for_url("**/r/*/")


# -- Reading ---------------------------------------------------------------------------------------


def mix(page: Page) -> dict[str, str]:
    """Name and dollars of each row of the allocation table."""
    page.wait_for_load_state()  # a click is over when the next page begins to come
    rows = page.locator("table.classes").first.locator("tbody tr:not(.sum)").all()
    return {
        row.locator(".named").evaluate("cell => cell.lastChild.textContent.trim()"): number_of(
            row.locator("a.open")
        )
        for row in rows
    }


def number_of(link: Locator) -> str:
    """The number of a link that opens it, without what stands beside it."""
    return str(link.text_content()).removesuffix(SEE)


def expect_focus(page: Page, on: str) -> None:
    expect(page.locator(f"{on}:focus")).to_have_count(1)
