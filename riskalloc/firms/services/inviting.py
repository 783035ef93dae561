"""Letters that let somebody in. The token is only in the letter; here is its hash."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from riskalloc.firms.audit import By, record
from riskalloc.firms.letters import write_letter
from riskalloc.firms.models import (
    AT_THE_DESK,
    INVITATION_DAYS,
    Firm,
    Invitation,
    Membership,
    Role,
    User,
    new_token,
)
from riskalloc.firms.tenancy import unless_hidden

LinkOf = Callable[[str], str]  # token -> the address that goes into the letter


def hash_of_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_member(
    *,
    firm: Firm,
    email: str,
    role: Role,
    by: By,
    link_of: LinkOf,
    invitation_id: UUID | None = None,
) -> Invitation:
    """Invite to a firm's desk; the same `invitation_id` writes one letter, a new one replaces the last."""
    assert role in AT_THE_DESK, "clients are invited to their profile"
    Firm.objects.locked().get(pk=firm.pk)  # two letters are written one after the other
    if invitation_id and (sent := firm.invitations.filter(pk=invitation_id).first()):
        return sent
    for earlier in firm.invitations.open().filter(role__in=AT_THE_DESK):
        if is_same_address(earlier.email, email):
            withdraw_invitation(invitation=earlier, by=by)
    return write_invitation(
        firm=firm, email=email, role=role, by=by, link_of=link_of, invitation_id=invitation_id
    )


@transaction.atomic
def write_invitation(
    *,
    firm: Firm,
    email: str,
    role: Role,
    by: By,
    link_of: LinkOf,
    invitation_id: UUID | None = None,
    about: UUID | None = None,
) -> Invitation:
    """The row, the letter and the entry; `about` is the client who is invited."""
    token = new_token()
    written = {"firm": firm, "email": email, "role": role, "invited_by": by.user}
    invitation, is_new = Invitation.objects.get_or_create(
        pk=unless_hidden(Invitation, invitation_id or uuid4()),
        defaults={**written, "token_hash": hash_of_token(token)},
    )
    if not is_new:  # the id is another firm's: it says nothing about this letter
        return write_invitation(
            firm=firm, email=email, role=role, by=by, link_of=link_of, about=about
        )
    context = {
        "firm": firm,
        "role": role,
        "by": by.name,
        "link": link_of(token),
        "days": INVITATION_DAYS,
    }
    write_letter(to=email, template=f"firms/letters/{_letter(role)}", context=context)
    record(
        by=by,
        firm_id=firm.pk,
        action="invitation sent",
        of=invitation,
        about=about,
        after={"email": email, "role": Role(role).value},
    )
    return invitation


def _letter(role: Role) -> str:
    return "client" if role == Role.CLIENT else "member"


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: By, link_of: LinkOf) -> None:
    """A new letter with a new link; the old link ends. One that has ended already is left alone."""
    if withdraw_invitation(invitation=invitation, by=by):
        write_invitation(
            firm=invitation.firm,
            email=invitation.email,
            role=Role(invitation.role),
            by=by,
            link_of=link_of,
        )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: By, about: UUID | None = None) -> bool:
    """Whether there was anything to withdraw: neither accepted nor withdrawn yet."""
    withdrawn = Invitation.objects.unanswered().filter(pk=invitation.pk)
    if not withdrawn.update(withdrawn_at=timezone.now()):
        return False
    record(
        by=by,
        firm_id=invitation.firm_id,
        action="invitation withdrawn",
        of=invitation,
        about=about,
        before={"email": invitation.email, "role": invitation.role},
    )
    return True


@transaction.atomic
def accept_at_the_desk(*, invitation: Invitation, user: User, by: By) -> Membership:
    """The invitation is claimed by the caller, in the same transaction."""
    membership = Membership.objects.create(
        firm=invitation.firm, user=user, role=Role(invitation.role)
    )
    record_acceptance(invitation=invitation, membership=membership, by=by)
    return membership


def record_acceptance(
    *, invitation: Invitation, membership: Membership, by: By, about: UUID | None = None
) -> None:
    after = {"user": membership.user.email, "role": membership.role}
    record(
        by=by,
        firm_id=invitation.firm_id,
        action="invitation accepted",
        of=invitation,
        about=about,
        after=after,
    )
    record(
        by=by,
        firm_id=invitation.firm_id,
        action="member added",
        of=membership,
        about=about,
        after=after,
    )


# -- Addresses ---------------------------------------------------------------------------------------------


def has_address(user: User, email: str) -> bool:
    """Whether this person has shown that letters to this address reach them."""
    shown = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return any(is_same_address(one, email) for one in shown)


def is_same_address(one: str, other: str) -> bool:
    """Upper and lower case are the same in ASCII only: elsewhere two letters may fold into one."""
    if one == other:
        return True
    return one.isascii() and other.isascii() and one.lower() == other.lower()


def masked(email: str) -> str:
    """Enough to know one's own address by: `d***@example.org`."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"
