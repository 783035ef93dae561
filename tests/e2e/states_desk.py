"""The desk in every state: the morning page, the client list, and work on many clients."""

from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page

from questionnaire.models import ClientProfile
from tests.e2e.desk import sign_in
from tests.e2e.states import Act, State
from tests.e2e.states_people import LONG_NAME, press
from tests.factories import ClientFactory
from tests.portfolios.advisors.desks import Desk, answered, days_from_now, stand

Fill = Callable[[Desk], object]
LIST, MORNING = "/a/clients/", "/a/"


def at_the_desk(address: str, *acts: Act, fill: Fill = lambda desk: None) -> Act:
    def reach(page: Page) -> None:
        desk = Desk()
        fill(desk)
        sign_in(page, desk.user)
        page.goto(address)
        for act in acts:
            act(page)

    return reach


def full(desk: Desk) -> None:
    """Clients in every state that a list can show."""
    desk.quiet("Demo fine", drift=Decimal("0.4"))
    desk.quiet("Demo bold", fires_guard_rail=True, fires_band=True, drift=Decimal("23.1"))
    desk.quiet("Demo near", fires_portfolio_drift=True, drift=Decimal("3.2"))
    mixed = desk.quiet("Demo mixed", behaves_like="moderate", largest=Decimal(587))
    stand(mixed, currency="EUR", value=Decimal(1_234_567))
    late = desk.quiet("Demo late", oldest_price_on=days_from_now(-45))
    ClientProfile.objects.filter(pk=late.pk).update(review_due_on=days_from_now(-263))
    calm = desk.quiet("Demo calm", behaves_like="conservative")
    answered(calm, rti=8, raw_rti=8, kept_contradictions=True)
    desk.client("Demo new")
    desk.client("Demo gone", archived_at=timezone.now())


def longest(desk: Desk) -> None:
    client = desk.quiet(
        LONG_NAME[:190], value=Decimal("999999999999.99"), fires_band=True, drift=Decimal("99.99"),
        behaves_like="moderate", largest=Decimal("999999999999.99"),
    )  # fmt: skip
    stand(client, currency="EUR")
    desk.quiet("x" * 190)


def many(desk: Desk) -> None:
    ClientFactory.create_batch(120, firm=desk.firm, name="Demo many")


def nobody(desk: Desk) -> None:
    """A desk without clients."""


def tick(page: Page) -> None:
    page.get_by_label("Choose Demo bold").check()


def choose(what: str) -> Act:
    return lambda page: page.get_by_label("With those ticked").select_option(what)


def wait_for_assets(page: Page) -> None:
    page.locator("#assets details, #assets p").first.wait_for()


def look_around(page: Page) -> None:
    press("Look around with 12 demo clients")(page)
    page.goto(LIST)


SAVE = "/a/filters/save/?query=status%3Ddrift"
DESK_STATES = (
    State("morning, full", at_the_desk(MORNING, wait_for_assets, fill=full), "Needs you today"),
    State("morning, new", at_the_desk(MORNING, fill=nobody), "Needs you today"),
    State(
        "morning, nothing due",
        at_the_desk(MORNING, fill=lambda desk: desk.quiet()),
        "Needs you today",
    ),
    State(
        "morning, tiles pressed",
        at_the_desk("/a/?status=mismatch&status=concentration", fill=full),
        "Needs you today",
    ),
    State(
        "morning, made-up clients",
        at_the_desk(MORNING, press("Look around with 12 demo clients")),
        "Needs you today",
    ),
    State("clients, made-up", at_the_desk(MORNING, look_around), "Clients"),
    State("morning, longest", at_the_desk(MORNING, fill=longest), "Needs you today"),
    State("assets over time", at_the_desk("/a/assets/", fill=full), "Assets over time"),
    State("clients", at_the_desk(LIST, fill=full), "Clients"),
    State("clients, none", at_the_desk(LIST), "Clients"),
    State("clients, longest", at_the_desk(LIST, fill=longest), "Clients"),
    State("clients, several pages", at_the_desk(LIST + "?page=2", fill=many), "Clients"),
    State(
        "clients, narrowed",
        at_the_desk(LIST + "?q=demo&status=drift&sort=-drift&drift=1", fill=full),
        "Clients",
    ),
    State("clients, not found", at_the_desk(LIST + "?q=zzz", fill=full), "Clients"),
    State(
        "clients, nonsense",
        at_the_desk(LIST + "?q=demo&sort=shoes&drift=much&page=99&x=1", fill=full),
        "Clients",
    ),
    State("clients, archived", at_the_desk(LIST + "?archived=1", fill=full), "Archived clients"),
    State("filter to save", at_the_desk(SAVE, fill=full), "Save this filter"),
    State(
        "filter to save, wrong", at_the_desk(SAVE, press("Save"), fill=full), "There is a problem"
    ),
    State(
        "chosen clients",
        at_the_desk(LIST, tick, press("Go on"), fill=full),
        "Send a review invitation?",
    ),
    State(
        "chosen clients, nobody to assign to",
        at_the_desk(
            LIST, tick, choose("assign"), press("Go on"), press("Assign an advisor"), fill=full
        ),
        "There is a problem",
    ),
    State("chosen clients, none", at_the_desk(LIST, press("Go on"), fill=full), "Nothing was done"),
)
