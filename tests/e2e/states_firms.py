"""The pages of firms, of who belongs to them, and of invitations, in every state that one can meet."""

from datetime import timedelta
from itertools import count

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page

from questionnaire.models import Assignment
from riskalloc.firms.models import Firm, Membership, Role
from tests.e2e.desk import sign_in
from tests.e2e.states import Act, State
from tests.factories import ClientFactory, FirmFactory, UserFactory, make_own_client
from tests.firms.people import invitation, member

NAME = "Demo & Partners"
LONG_NAME = "\u202e<b>omed\u202c " + "Donaudampfschifffahrtsgesellschaft" * 5
LONG_ADDRESS = "demo-advisor-with-a-long-address-that-goes-on-{n}@subdomain.example.org"
number = count()  # a state is reached more than once beside the same rows


def a_firm(name: str = NAME) -> Membership:
    """A practice with people, letters on their way and clients; gives its owner."""
    n = next(number)
    owner = member(FirmFactory(name=name), user__email=f"demo-owner-{n}@example.org")
    advisor = member(owner.firm, Role.ADVISOR, user__email=LONG_ADDRESS.format(n=n))
    member(owner.firm, Role.READER)
    for client in ClientFactory.create_batch(2, firm=owner.firm, name=name):
        Assignment.objects.create(firm=owner.firm, client=client, membership=advisor)
    now = timezone.now()
    past = {"created_at": now - timedelta(days=9), "expires_at": now - timedelta(days=2)}
    invitation(f"open-{n}", firm=owner.firm)
    invitation(f"old-{n}", firm=owner.firm, email="demo-older@example.org", **past)
    return owner


def desk(address: str, *acts: Act, role: Role = Role.OWNER, name: str = NAME) -> Act:
    """Open an address of the firm as somebody at its desk."""

    def reach(page: Page) -> None:
        owner = a_firm(name)
        of_role = Membership.objects.get(firm=owner.firm, role=role)
        advisor = Membership.objects.get(firm=owner.firm, role=Role.ADVISOR)
        client = owner.firm.clients.first()
        sign_in(page, of_role.user)
        page.goto(
            address.format(
                firm=owner.firm_id, me=owner.pk, advisor=advisor.pk, client=client and client.pk
            )
        )
        for act in acts:
            act(page)

    return reach


def joining(
    *acts: Act, role: Role = Role.ADVISOR, is_signed_in: bool = True, is_invited: bool = True,
    has_profile: bool = False,
) -> Act:  # fmt: skip
    """Open an invitation, perhaps as the person that it is for."""

    def reach(page: Page) -> None:
        user, token = UserFactory(), f"token-{next(number)}"
        client = ClientFactory(firm=FirmFactory(name=NAME))
        email = user.email if is_invited else "invited@example.org"
        client.invitation = invitation(token, firm=client.firm, role=role, email=email)
        client.save()
        if has_profile:
            make_own_client(user)
        if is_signed_in:
            sign_in(page, user)
        page.goto(f"/join/{token}/")
        for act in acts:
            act(page)

    return reach


def press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name).first.click()


def changed_meanwhile(page: Page) -> None:
    Firm.objects.update(name="Demo two", retention_years=5, version=F("version") + 1)
    page.get_by_role("button", name="Save").click()


def empty_name(page: Page) -> None:
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Save").click()


def new_firm(page: Page) -> None:
    sign_in(page, UserFactory())
    page.goto("/firm/new/")


FIRM = "/firm/{firm}/"
FIRM_STATES = (
    State("new firm", new_firm, "Set up your firm"),
    State(
        "new firm, wrong",
        lambda page: (new_firm(page), press("Set up the firm")(page)),
        "There is a problem",
    ),
    State("firm, for its owner", desk(FIRM), NAME),
    State("firm, for a reader", desk(FIRM, role=Role.READER), NAME),
    State("firm, long name", desk(FIRM, name=LONG_NAME), "Donaudampf"),
    State("settings of a firm", desk(FIRM + "settings/"), "Settings"),
    State("settings of a firm, wrong", desk(FIRM + "settings/", empty_name), "There is a problem"),
    State(
        "settings of a firm, changed meanwhile",
        desk(FIRM + "settings/", changed_meanwhile),
        "Somebody was faster",
    ),
    State("invite", desk(FIRM + "invite/"), "Invite somebody"),
    State(
        "invite, wrong",
        desk(FIRM + "invite/", press("Send the invitation")),
        "There is a problem",
    ),
    State("member", desk(FIRM + "members/{advisor}/"), "demo-advisor"),
    State("member, the last owner", desk(FIRM + "members/{me}/"), "demo-owner"),
    State("remove a member", desk(FIRM + "members/{advisor}/remove/"), "Remove"),
    State("leave a firm", desk(FIRM + "leave/", role=Role.READER), "Leave"),
    State("leave a firm, the last owner", desk(FIRM + "leave/"), "Leave"),
    State("trail of a firm", desk(FIRM + "trail/"), "Who did what"),
    State("who looks after a client", desk("/c/{client}/advisors/"), "Who looks after"),
    State(
        "who looks after a client, long name",
        desk("/c/{client}/advisors/", name=LONG_NAME),
        "Who looks after",
    ),
    State("invitation, not signed in", joining(is_signed_in=False), "invites you"),
    State("invitation, signed in", joining(), "invites you"),
    State("invitation to a profile", joining(role=Role.CLIENT), "invites you"),
    State("invitation, another address", joining(is_invited=False), "invites you"),
    State(
        "invitation, a profile of one's own",
        joining(role=Role.CLIENT, has_profile=True),
        "invites you",
    ),
    State("invitation, not valid", lambda page: page.goto("/join/x/"), "This link does not open"),
)
