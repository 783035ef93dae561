"""Every page in every state that a visitor can meet, made through the rows rather than by clicking."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from playwright.sync_api import Page, expect

from questionnaire.models import Draft
from tests.e2e.people import SLUGS, before, come_back, fill, go_on
from tests.factories import DraftFactory, answered, make_assessment

Act = Callable[[Page], object]
Answers = Mapping[str, dict[str, str] | None]
SOLD = {"drop_reaction": "buy_more", "past_behaviour": "sold_all"}
LIMITED = {
    **SOLD,
    "needed_within_3_years": "20000",
    "horizon_years": "4",
    "job_security": "gig",
    "savings": "1000",
    "monthly_debt": "2500",
}
CAUTIOUS_GROWTH = {"trade_off": "mix_75", "horizon_years": "30", "drop_reaction": "hold_worried"}
BILLION = {"amount": "999999999.99", "needed_within_3_years": "123456789.01"}


class State(NamedTuple):
    name: str
    reach: Act
    sign: str  # a heading that is there only when the state has been reached


def public(address: str) -> Act:
    return lambda page: page.goto(address)


def with_draft(address: str, answers: Answers, *acts: Act, is_finished: bool = False) -> Act:
    """Open an address as a visitor who has given these answers."""

    def reach(page: Page) -> None:
        draft = DraftFactory(answers=dict(answers))
        if is_finished:
            make_assessment(draft)
        come_back(page)
        page.goto(address)
        for act in acts:
            act(page)

    return reach


def question(slug: str, *acts: Act) -> Act:
    return with_draft(f"/q/{slug}/", before(slug), *acts)


def result(address: str, *acts: Act, **fields: str) -> Act:
    """Open an address below a result that was made of these answers."""

    def reach(page: Page) -> None:
        page.goto(f"/r/{make_assessment(**fields).public_id}/{address}")
        for act in acts:
            act(page)

    return reach


def send(typed: Mapping[str, str]) -> Act:
    def act(page: Page) -> None:
        fill(page, typed)
        go_on(page)

    return act


def open_details(page: Page) -> None:
    page.locator("details:not([open]) > summary").evaluate_all("all => all.map(one => one.click())")


def click(selector: str) -> Act:
    return lambda page: page.locator(selector).first.click()


def see_network_error(page: Page) -> None:
    page.locator("#net-error").evaluate("banner => { banner.hidden = false }")


def change_elsewhere(page: Page) -> None:
    """Another tab changes an answer; this one sends its old check page."""
    other = page.context.new_page()
    other.goto("/q/horizon/")
    send({"horizon_years": "20"})(other)
    other.wait_for_url("**/q/check/")
    other.close()
    page.get_by_role("button", name="See my result").click()


def ask_what_if(case: str, amount: str | None = None) -> Act:
    def act(page: Page) -> None:
        page.locator(f"[name=case][value={case}]").check()
        if amount is not None:
            page.locator("#whatif [name=amount]").fill(amount)
        page.get_by_role("button", name="Show what changes").click()

    return act


NOTHING = send({})
PROBLEM, OPENED = "There is a problem", "Where this number comes from"

START = [
    State("home", public("/"), "Find a mix"),
    State("home with a draft", with_draft("/", before("max-loss")), "Find a mix"),
    State("home with all answers", with_draft("/", answered()), "Find a mix"),
    State("home with a result", with_draft("/", answered(), is_finished=True), "Find a mix"),
    State("start again", with_draft("/start-again/", before("horizon")), "Start again?"),
    State(
        "start again with a result",
        with_draft("/start-again/", answered(), is_finished=True),
        "Start again?",
    ),
    State("help", public("/help/"), "Help"),
    State(
        "method v1 with its tables open",
        lambda page: (page.goto("/method/v1/"), open_details(page)),
        "The method",
    ),
    State("method seed-1", public("/method/seed-1/"), "The method"),
]
TITLES = dict(
    zip(
        SLUGS,
        [
            *(
                "How much money do you",
                "would you do?",
                "In how many years",
                "Which of these mixes",
            ),
            *(
                "What did you do when",
                "What is the most you",
                "How safe is your",
                "How much do you",
            ),
            *("How much do you pay", "How far has your income", "If your largest income"),
        ],
        strict=True,
    )
)
QUESTIONS = [
    *(State(f"question {slug}", question(slug), title) for slug, title in TITLES.items()),
    State("question amount, empty", question("amount", NOTHING), PROBLEM),
    State(
        "question amount, contradictory",
        question("amount", send({"amount": "1,000", "needed_within_3_years": "2,000"})),
        PROBLEM,
    ),
    State("question choice, empty", question("drop-reaction", NOTHING), PROBLEM),
    State("question years, wrong", question("horizon", send({"horizon_years": "soon"})), PROBLEM),
    State("question trade-off, empty", question("trade-off", NOTHING), PROBLEM),
    State("question two numbers, empty", question("emergency-fund", NOTHING), PROBLEM),
    State("question choice and tick, empty", question("income-variability", NOTHING), PROBLEM),
    State("question answered", with_draft("/q/trade-off/", answered()), TITLES["trade-off"]),
    State("question with help open", question("max-loss", open_details), TITLES["max-loss"]),
    State(
        "question to answer first",
        with_draft("/q/max-loss/", before("horizon")),
        TITLES["horizon"],
    ),
    State(
        "question without network",
        question("drop-reaction", see_network_error),
        TITLES["drop-reaction"],
    ),
]
CHECK = [
    State("check", with_draft("/q/check/", answered()), "Check your answers"),
    State(
        "check with open questions",
        with_draft("/q/check/", {**answered(), "horizon": None, "household_cover": None}),
        "2 questions are still open",
    ),
    State(
        "check with contradictions",
        with_draft("/q/check/", answered(**SOLD)),
        "Two of your answers pull in different directions",
    ),
    State(
        "check out of date",
        with_draft("/q/check/", answered(), change_elsewhere),
        "Your answers have changed",
    ),
]
MIX = "Your mix"
FIRST_CLASS, FIRST_FALL, LIMITED_SCORE = ".classes .open", ".fall .open", ".lede .open"
RESULT = [
    State("result", result(""), MIX),
    State("result with limits and money set aside", result("", **LIMITED), MIX),
    State("result with limits, diversified", result("?sleeves=diversified", **LIMITED), MIX),
    State("result for the near term", result("", horizon_years="1"), MIX),
    State(
        "result with everything set aside",
        result("", amount="50000", needed_within_3_years="50000"),
        "All of it is needed soon",
    ),
    State("result of growth with caution", result("", **CAUTIOUS_GROWTH), MIX),
    State("result, diversified", result("?sleeves=diversified"), MIX),
    State("result, seed-1", result("?method=seed-1"), MIX),
    State("result, seed-1 diversified", result("?method=seed-1&sleeves=diversified"), MIX),
    State("result of a billion with cents", result("", **BILLION), MIX),
    State(
        "result of a billion with cents, diversified",
        result("?sleeves=diversified", **BILLION),
        MIX,
    ),
    State("result with its answers open", result("", open_details), MIX),
    State("thread in place", result("", click(FIRST_CLASS)), OPENED),
    State("thread in place below the bad times", result("", click(FIRST_FALL)), OPENED),
    State(
        "thread of a limited score in place", result("", click(LIMITED_SCORE), **LIMITED), OPENED
    ),
    State("thread page", result("why/us_large_cap/"), OPENED),
    State("thread page of a billion", result("why/us_large_cap/", **BILLION), OPENED),
    State("thread page of a limited score", result("why/rti/", **LIMITED), OPENED),
    State("thread page of a bad time", result("why/2022/"), OPENED),
    State("thread page of money set aside", result("why/needed/", **LIMITED), OPENED),
    State("thread page of beta", result("why/beta/?sleeves=diversified"), OPENED),
]
WHAT_IF = [
    State("what if", result("whatif/"), "What if"),
    State("what if: job lost", result("whatif/?case=job_loss"), "The mix changes because"),
    State("what if: steady job", result("whatif/?case=steady_job"), "The mix "),
    State(
        "what if: a billion",
        result("whatif/?case=amount&amount=1,000,000,000"),
        "The mix stays as it is; the dollars change.",
    ),
    State("what if in place", result("", ask_what_if("job_loss")), "The mix changes because"),
    State("what if, nothing chosen", result("whatif/?case="), PROBLEM),
    State("what if, a wrong amount in place", result("", ask_what_if("amount", "much")), PROBLEM),
    State("what if, a wrong amount", result("whatif/?case=amount&amount=much"), PROBLEM),
]
ERRORS = [
    State("no such page", public("/nothing/"), "There is no such page"),
    State("no such result", public("/r/nothing/"), "There is no such page"),
    State("no answers", public("/q/horizon/"), "There are no answers here"),
    State("no such method", result("?method=v9"), "There is no such choice"),
]
STATES = [*START, *QUESTIONS, *CHECK, *RESULT, *WHAT_IF, *ERRORS]


def reach(state: State, page: Page) -> None:
    """Bring a page into a state, as a visitor who has just come."""
    page.context.clear_cookies()
    Draft.objects.all().delete()
    state.reach(page)
    expect(page.get_by_role("heading", name=state.sign).first).to_be_attached()
    page.wait_for_load_state()  # what a page asks for by itself is asked for before that
    # What was swapped in has settled: its focus is where it will stay.
    expect(
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy]")
    ).to_have_count(0)
