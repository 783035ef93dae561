"""A client as the desk sees one, the packet for a meeting, and new prices: in every state."""

from decimal import Decimal
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Page

from questionnaire.models import ClientProfile
from questionnaire.services.reviewing import mark_reviewed, write_note
from riskalloc.firms.audit import By
from riskalloc.firms.models import Role
from tests.e2e.desk import sign_in
from tests.e2e.states import Act, State
from tests.e2e.states_people import CLIENT, at_work, press
from tests.factories import FirmFactory, MembershipFactory
from tests.portfolios.factories import SecurityFactory
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of

BY = By(name="demo-advisor@example.org")
PACKET = "/a/clients/{client}/packet/"
PRICES = "/a/prices/"


def reviewed(page: Page) -> None:
    """A meeting, notes, and two portfolios, one of which is due."""
    client = ClientProfile.objects.latest("created_at")
    mark_reviewed(
        client=client,
        review_id=uuid4(),
        held_on=timezone.localdate(client.created_at),
        summary="Stay with the mix.\nPut $500 a month aside.",
        by=BY,
    )
    write_note(client=client, note_id=uuid4(), text="Thinks about a house.\nx" + "y" * 90, by=BY)
    for name in ("Retirement", "House " * 12):
        portfolio = portfolio_for(client, name=name.strip())
        held(account_for(portfolio), security_of(portfolio), "120.5")
    aimed(client.portfolios.order_by("created_at").first())
    page.reload()


def many_notes(page: Page) -> None:
    client = ClientProfile.objects.latest("created_at")
    for number in range(45):
        write_note(client=client, note_id=uuid4(), text=f"Demo note {number}", by=BY)
    page.reload()


def prices(*acts: Act, firms: int = 1) -> Act:
    def reach(page: Page) -> None:
        seat = MembershipFactory(firm=FirmFactory(name="Demo practice"), role=Role.ADVISOR)
        for _ in range(firms - 1):
            other = FirmFactory(name="Demo second practice")
            MembershipFactory(firm=other, user=seat.user, role=Role.OWNER)
        for symbol in ("VTI", "BND", "DEMO-WITH-A-VERY-LONG-SYMBOL-THAT-SOMEBODY-TYPED-ONCE"):
            SecurityFactory(firm=seat.firm, symbol=symbol, price=Decimal("100.00000001"))
        sign_in(page, seat.user)
        page.goto(PRICES)
        for act in acts:
            act(page)

    return reach


def typed(*lines: str) -> Act:
    today = timezone.localdate().isoformat()
    text = "\n".join(["Symbol,Price,Date", *(f"{line},{today}" for line in lines)])
    return lambda page: page.get_by_label("Prices", exact=True).fill(text)


MIXED = typed(
    "VTI,110.5",
    "BND,310",
    "XYZ,5",
    "VTI,-5",
    "DEMO-WITH-A-VERY-LONG-SYMBOL-THAT-SOMEBODY-TYPED-ONCE,101",
)
READ, TAKE = press("Read it"), press("Take ")
REVIEW_STATES = (
    State("client at the desk, with everything", at_work(CLIENT, reviewed), "Demo Robert"),
    State(
        "client at the desk, second page", at_work(CLIENT + "?page=2", many_notes), "Demo Robert"
    ),
    State("notes", at_work(CLIENT + "notes/", many_notes), "45 notes"),
    State("notes, none, for a reader", at_work(CLIENT + "notes/", role=Role.READER), "Notes"),
    State(
        "notes, wrong", at_work(CLIENT + "notes/", press("Keep this note")), "There is a problem"
    ),
    State("mark as reviewed", at_work(CLIENT + "review/"), "Mark as reviewed"),
    State(
        "mark as reviewed, wrong",
        at_work(
            CLIENT + "review/",
            lambda page: page.get_by_label("You met on").fill("2999-01-01"),
            press("Mark as reviewed"),
        ),
        "There is a problem",
    ),
    State("packet, first meeting", at_work(PACKET), "Review of"),
    State("packet", at_work(PACKET, reviewed), "Review of"),
    State("new prices", prices(), "New prices"),
    State("new prices, two firms", prices(firms=2), "New prices"),
    State("new prices, wrong", prices(READ), "There is a problem"),
    State("new prices, understood", prices(MIXED, READ), "What was understood"),
    State("new prices, taken", prices(MIXED, READ, TAKE), "prices taken"),
    State(
        "new prices, taken back",
        prices(MIXED, READ, TAKE, press("Take all of it back")),
        "Taken back",
    ),
)
