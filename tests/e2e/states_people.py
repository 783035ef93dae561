"""The pages of clients and those who look after them, in every state that one can meet."""

from datetime import timedelta
from uuid import uuid4

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page

from questionnaire.models import ClientProfile
from questionnaire.services.clients import add_household_member
from questionnaire.services.overriding import override_mix
from riskalloc.engine.assets import Mix
from riskalloc.firms.audit import By
from riskalloc.firms.models import Role
from tests.e2e.desk import assessed, sign_in
from tests.e2e.states import Act, State
from tests.factories import (
    FirmFactory,
    UserFactory,
    assign,
    make_own_client,
)

LONG_NAME = "Bartholomew Maximilian Featherstonehaugh-Cholmondeley (demo) the Third " * 2


def a_life(firm=None, **fields: object) -> ClientProfile:
    """A client of a practice with two years behind them."""
    client = make_own_client(
        firm=firm or FirmFactory(name="Demo practice"),
        **{"name": "Demo Robert", "notes": "Prefers mornings.\nElaine joins.", **fields},
    )
    assessed(client, days_ago=700, drop_reaction="buy_more")
    latest = assessed(client, days_ago=20, horizon_years="8")
    by = By(name="demo-advisor@example.org")
    reason = "Wants to sleep well until the pension is settled."
    override_mix(
        override_id=uuid4(), client=client, assessment=latest, mix=Mix(50, 40, 5, 5),
        reason=reason, by=by,
    )  # fmt: skip
    values = {"name": "Demo Elaine", "relation": "wife"}
    add_household_member(client=client, member_id=uuid4(), values=values, by=by)
    return client


def at_work(address: str, *acts: Act, role: Role = Role.OWNER, **fields: object) -> Act:
    """Open an address about a client as somebody who looks after them."""

    def reach(page: Page) -> None:
        client = a_life(**fields)
        latest = client.ownerships.latest("assessment__created_at").assessment.public_id
        sign_in(page, assign(client, role))
        page.goto(address.format(client=client.pk, firm=client.firm_id, latest=latest))
        for act in acts:
            act(page)

    return reach


def as_client(address: str, *acts: Act) -> Act:
    def reach(page: Page) -> None:
        client = a_life()
        sign_in(page, client.membership.user)
        page.goto(address.format(client=client.pk, firm=client.firm_id))
        for act in acts:
            act(page)

    return reach


def press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name).first.click()


def new_here(address: str) -> Act:
    def reach(page: Page) -> None:
        sign_in(page, UserFactory())
        page.goto(address)

    return reach


def changed_meanwhile(page: Page) -> None:
    ClientProfile.objects.update(phone="555-0100", version=F("version") + 1)
    page.get_by_label("Phone").fill("555-0199")
    page.get_by_role("button", name="Save").click()


def overdue(page: Page) -> None:
    ClientProfile.objects.update(review_due_on=timezone.localdate() - timedelta(days=3))
    page.reload()


def archived(page: Page) -> None:
    ClientProfile.objects.update(archived_at=timezone.now())
    page.reload()


CLIENT = "/c/{client}/"
PEOPLE_STATES = (
    State("client, for the owner", at_work(CLIENT), "Demo Robert"),
    State("client, for a reader", at_work(CLIENT, role=Role.READER), "Demo Robert"),
    State("client, themselves", as_client(CLIENT), "Demo Robert"),
    State("client, long name", at_work(CLIENT, name=LONG_NAME[:200]), "Featherstonehaugh"),
    State("client, overdue", as_client(CLIENT, overdue), "Demo Robert"),
    State("client, archived", at_work(CLIENT, archived), "Demo Robert"),
    State("profile", at_work(CLIENT + "edit/"), "Change the profile"),
    State(
        "profile, wrong",
        at_work(CLIENT + "edit/", lambda p: p.get_by_label("Name").fill(""), press("Save")),
        "There is a problem",
    ),
    State(
        "profile, changed meanwhile",
        at_work(CLIENT + "edit/", changed_meanwhile),
        "Somebody changed this profile meanwhile",
    ),
    State("household", at_work(CLIENT + "household/"), "Household"),
    State(
        "household, wrong",
        at_work(CLIENT + "household/", press("Add")),
        "There is a problem",
    ),
    State("trail of a client", as_client(CLIENT + "trail/"), "Who did what"),
    State("another mix", at_work(CLIENT + "override/{latest}/"), "Decide on another mix"),
    State(
        "another mix, wrong",
        at_work(CLIENT + "override/{latest}/", press("Decide")),
        "There is a problem",
    ),
    State("send a link", at_work(CLIENT + "link/"), "Demo Robert the questions"),
    State(
        "link sent",
        at_work(
            CLIENT + "link/",
            lambda p: p.get_by_label("E-mail").fill("demo@example.org"),
            press("Send the link"),
        ),
        "on its way",
    ),
    State("saved result", at_work("/r/{latest}/"), "Your mix"),
    State("what needs me, new", new_here("/today/"), "Your money"),
    State("what needs me, client", as_client("/today/"), "Your money"),
    State("new client", at_work("/firm/{firm}/clients/new/"), "Add a client"),
)
