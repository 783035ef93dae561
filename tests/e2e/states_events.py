"""The pages of life events and of comparing, in every state that one can meet."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from questionnaire.models import ClientProfile
from riskalloc.engine.assets import Mix
from tests.e2e.desk import sign_in
from tests.e2e.people import expect_focus
from tests.e2e.states import BILLION, LIMITED, PROBLEM, Act, State
from tests.factories import ClientFactory, assign, make_own_client
from tests.questionnaire.lives import MARCH, assessed, decided

SEE, SAVE = "See what changes", "Save this change"
CAREFUL = {"drop_reaction": "hold_worried", "needed_within_3_years": "20000", "amount": "120000"}


# -- Who ---------------------------------------------------------------------------------------------


def twice_assessed(**before: str) -> ClientProfile:
    client = make_own_client(name="Demo Ann")
    assessed(client, MARCH - timedelta(days=365), **(before or CAREFUL))
    assessed(client)
    return client


def retiring_sooner() -> ClientProfile:
    """Somebody without a sign-in, for whom another mix was decided, and whose time runs."""
    client = ClientFactory(name="Demo Robert", retires_on=MARCH.replace(year=2037))
    assessed(client, MARCH - timedelta(days=300))
    base = assessed(client, MARCH, horizon_years="11.5", amount="485250.37")
    decided(client, base, "He will help his daughter to buy a flat.", Mix(60, 25, 10, 5))
    return client


def as_themselves(address: str, *acts: Act, is_assessed: bool = True, **before: str) -> Act:
    def reach(page: Page) -> None:
        client = twice_assessed(**before) if is_assessed else make_own_client()
        sign_in(page, client.membership.user)
        page.goto(f"/c/{client.pk}/{address}")
        for act in acts:
            act(page)

    return reach


def for_robert(address: str, *acts: Act) -> Act:
    def reach(page: Page) -> None:
        client = retiring_sooner()
        sign_in(page, assign(client))
        page.goto(f"/c/{client.pk}/{address}")
        for act in acts:
            act(page)

    return reach


# -- What they do ------------------------------------------------------------------------------------


def see_what_changes(page: Page) -> None:
    page.get_by_role("button", name=SEE).click()
    expect(page.get_by_role("heading", name="Why", exact=True)).to_be_visible()


def leave_open(page: Page) -> None:
    page.locator("[name=savings]").fill("")
    page.get_by_role("button", name=SEE).click()
    expect_focus(page, ".problem")


def save_unseen(page: Page) -> None:
    see_what_changes(page)
    page.locator("[name=savings]").fill("100")
    page.get_by_role("button", name=SAVE).click()


CHANGED, JOB = "What has changed?", "Loss of a job"
EVENT_STATES = [
    State("what has changed", as_themselves("events/"), CHANGED),
    State("what has changed, for somebody", for_robert("events/"), CHANGED),
    State("what has changed, before all", as_themselves("events/", is_assessed=False), CHANGED),
    State("a lost job", as_themselves("events/job_loss/"), JOB),
    State("a lost job, before all", as_themselves("events/job_loss/", is_assessed=False), JOB),
    State("a lost job, looked at", as_themselves("events/job_loss/", see_what_changes), "Why"),
    State("a lost job, left open", as_themselves("events/job_loss/", leave_open), PROBLEM),
    State(
        "a lost job, not looked at",
        as_themselves("events/job_loss/", save_unseen),
        "Look before you save",
    ),
    State("an inheritance", as_themselves("events/inheritance/", see_what_changes), "Why"),
    State(
        "close to retirement",
        for_robert("events/nearing_retirement/", see_what_changes),
        "Close to retirement",
    ),
    State("a nearer retirement", for_robert(""), "Demo Robert"),
    State("compared", as_themselves("compare/"), "Why 3 Mar 2026 differs"),
    State(
        "compared with a billion",
        as_themselves("compare/", **{**LIMITED, **BILLION}),
        "Why 3 Mar 2026 differs",
    ),
    State("compared, with a decision", for_robert("compare/"), "Why 3 Mar 2026 differs"),
    State("nothing to compare", as_themselves("compare/", is_assessed=False), "Compare two"),
]
