"""All of the demo in one transaction, once; and who can sign in."""

from typing import NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from questionnaire.demo.accounts import make_account
from questionnaire.demo.desk import write_down
from questionnaire.demo.personas import PERSONAS
from questionnaire.demo.practice import ADVISOR, CLIENTS, FOUNDED_DAYS_AGO, NAME, OWNER, READER
from questionnaire.demo.stories import Story
from questionnaire.demo.telling import (
    LOADING,
    begin_under_link,
    moment,
    profile_values,
    relative_values,
    tell,
)
from questionnaire.models import ClientProfile
from questionnaire.services.assigning import assign_advisor
from questionnaire.services.clients import (
    add_household_member,
    archive,
    change_client,
    create_client,
)
from questionnaire.services.owning import own_profile
from riskalloc.firms.audit import record
from riskalloc.firms.models import Firm, Membership, Role, User
from riskalloc.firms.services import found_practice

STAFF = "staff@example.org"


class SignIn(NamedTuple):
    email: str
    who: str
    asks_for_code: bool = False


class AddressTaken(Exception):
    """Somebody who does not belong to the demo has an account with one of its addresses."""


SIGN_INS = (
    *(SignIn(story.email, f"{story.name}, {story.about}") for story in PERSONAS),
    SignIn(OWNER, f"owner of the {NAME}", asks_for_code=True),
    SignIn(ADVISOR, "advisor there, with five of the twelve clients", asks_for_code=True),
    SignIn(READER, "may look at four of them, and change nothing", asks_for_code=True),
    *(SignIn(story.email, f"{story.name}, {story.about}") for story in CLIENTS if story.signs_in),
    SignIn(STAFF, "staff of the installation, at /staff/", asks_for_code=True),
)


def sign_ins() -> list[SignIn]:
    """Those that still exist: whoever tries things out may delete an account."""
    emails = [sign_in.email for sign_in in SIGN_INS]
    existing = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    return [sign_in for sign_in in SIGN_INS if sign_in.email in existing]


def own_firms() -> QuerySet[Firm]:
    """The personas' and the practice's: other firms may be marked as demo, such as a book of thousands."""
    desk = Membership.objects.filter(user__email__in=(OWNER, ADVISOR, READER)).values("firm")
    return Firm.objects.filter(Q(is_personal=True) | Q(pk__in=desk), is_demo=True)


@transaction.atomic
def load_once() -> bool:
    """Whether there was anything to load. Raises AddressTaken."""
    if own_firms().exists():
        return False
    if taken := sign_ins():
        raise AddressTaken(taken[0].email)
    for story in PERSONAS:
        load_persona(story)
    load_practice()
    make_account(STAFF, moment(FOUNDED_DAYS_AGO), is_staff=True, has_second_step=True)
    return True


def load_persona(story: Story) -> None:
    began_at = moment(story.begins_days_ago)
    client = own_profile(user=make_account(story.email, began_at), by=LOADING)
    Firm.objects.filter(pk=client.firm_id).update(is_demo=True, created_at=began_at)
    Membership.objects.filter(firm=client.firm_id).update(created_at=began_at)
    change_client(client=client, version=client.version, values=profile_values(story), by=LOADING)
    fill(client, story)


def fill(client: ClientProfile, story: Story) -> None:
    """Everything that hangs on a profile, whoever it belongs to."""
    ClientProfile.objects.filter(pk=client.pk).update(created_at=moment(story.begins_days_ago))
    for relative in story.household:
        add_household_member(
            client=client, member_id=uuid4(), values=relative_values(relative), by=LOADING
        )
    tell(client, story)


# -- The practice ------------------------------------------------------------------------------------------


def load_practice() -> None:
    founded_at = moment(FOUNDED_DAYS_AGO)
    owner = make_account(OWNER, founded_at, has_second_step=True)
    firm = found_practice(name=NAME, owner=owner, by=LOADING, is_demo=True)
    Firm.objects.filter(pk=firm.pk).update(created_at=founded_at)
    desk = {OWNER: Membership.objects.get(firm=firm, user=owner)}
    for email, role in ((ADVISOR, Role.ADVISOR), (READER, Role.READER)):
        user = make_account(email, founded_at, has_second_step=True)
        desk[email] = add_member(firm, user, role)
    Membership.objects.filter(firm=firm).update(created_at=founded_at)
    for story in CLIENTS:
        load_client(story, desk)
    write_down(firm)


def add_member(firm: Firm, user: User, role: Role) -> Membership:
    membership = Membership.objects.create(firm=firm, user=user, role=role)
    record(
        by=LOADING,
        firm_id=firm.pk,
        action="member added",
        of=membership,
        after={"user": user.email, "role": role.value},
    )
    return membership


def load_client(story: Story, desk: dict[str, Membership]) -> None:
    owner = desk[OWNER]
    client = create_client(
        client_id=uuid4(), membership=owner, values=profile_values(story), by=LOADING
    )
    for email in story.looked_after_by:
        assign_advisor(client=client, membership=desk[email], by=LOADING)
    if story.signs_in:
        let_in(client, story)
    fill(client, story)
    if story.link_answers:
        begin_under_link(client, story, owner.user)
    if story.archived_days_ago:
        archive(client=client, by=LOADING)
        archived_at = moment(story.archived_days_ago)
        ClientProfile.objects.filter(pk=client.pk).update(archived_at=archived_at)


def let_in(client: ClientProfile, story: Story) -> None:
    began_at = moment(story.begins_days_ago)
    membership = add_member(client.firm, make_account(story.email, began_at), Role.CLIENT)
    Membership.objects.filter(pk=membership.pk).update(created_at=began_at)
    ClientProfile.objects.filter(pk=client.pk).update(membership=membership)
