"""Letters that let a client in, and accepting any invitation: to a desk, or to one's own profile."""

from enum import StrEnum
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from questionnaire.models import ClientProfile
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import AT_THE_DESK, Firm, Invitation, Membership, Role, User
from riskalloc.firms.services import inviting
from riskalloc.firms.services.inviting import LinkOf
from riskalloc.firms.tenancy import admit_to
from riskalloc.web.errors import Gone


class NotOpen(Exception):
    """The invitation was accepted or withdrawn, or has expired."""


class Obstacle(StrEnum):
    """Why this person cannot accept this invitation."""

    OTHER_ADDRESS = "other address"
    AT_THIS_DESK = "at this desk"
    CLIENT_HERE = "client here"
    CLIENT_ELSEWHERE = "client elsewhere"
    OWN_PROFILE = "own profile"


class CannotJoin(Exception):
    """`firm` is where the person is a client already."""

    def __init__(self, obstacle: Obstacle, firm: Firm | None = None) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle
        self.firm = firm


@transaction.atomic
def invite_client(
    *,
    client: ClientProfile,
    email: str,
    by: By,
    link_of: LinkOf,
    invitation_id: UUID | None = None,
) -> Invitation:
    """Offer a client their own way in; a letter that was sent before ends.

    The same `invitation_id` writes one letter.
    """
    client = lock(client)
    if client.membership:  # accepted meanwhile: there is nothing to offer any more
        raise Gone
    if client.invitation and client.invitation.pk == invitation_id:
        return client.invitation
    withdraw_from_client(client=client, by=by)
    invitation = inviting.write_invitation(
        firm=client.firm,
        email=email,
        role=Role.CLIENT,
        by=by,
        link_of=link_of,
        invitation_id=invitation_id,
        about=client.pk,
    )
    ClientProfile.objects.filter(pk=client.pk).update(invitation=invitation)
    return invitation


@transaction.atomic
def withdraw_from_client(*, client: ClientProfile, by: By) -> None:
    if client.invitation:
        inviting.withdraw_invitation(invitation=client.invitation, by=by, about=client.pk)


# -- Accepting ---------------------------------------------------------------------------------------------


def open_invitation(token: str) -> Invitation | None:
    """The one that a link opens, while somebody may still accept it."""
    token_hash = inviting.hash_of_token(token)
    admit_to(Invitation.objects.filter(token_hash=token_hash))
    invitations = Invitation.objects.open().select_related("firm")
    invitation = invitations.filter(token_hash=token_hash).first()
    if invitation and invitation.role == Role.CLIENT and not _invited(invitation).exists():
        return None
    return invitation


def accepted_before(token: str, user: User) -> Membership | None:
    """What this person became by this link: who sends the form twice arrives twice at the same place."""
    hashed = inviting.hash_of_token(token)
    invitation = Invitation.objects.filter(token_hash=hashed, accepted_at__isnull=False).first()
    if invitation is None or not inviting.has_address(user, invitation.email):
        return None
    memberships = Membership.objects.filter(user=user, firm=invitation.firm_id)
    return memberships.filter(role=invitation.role).first()


def obstacle_for(invitation: Invitation, user: User) -> CannotJoin | None:
    if not inviting.has_address(user, invitation.email):
        return CannotJoin(Obstacle.OTHER_ADDRESS)
    if invitation.role in AT_THE_DESK:
        at_this_desk = Membership.objects.at_the_desk().filter(user=user, firm=invitation.firm_id)
        return CannotJoin(Obstacle.AT_THIS_DESK) if at_this_desk.exists() else None
    membership = _as_client(user)
    if membership is None or _is_empty(membership):
        return None
    if membership.firm_id == invitation.firm_id:
        return CannotJoin(Obstacle.CLIENT_HERE)
    is_own = membership.firm.is_personal
    obstacle = Obstacle.OWN_PROFILE if is_own else Obstacle.CLIENT_ELSEWHERE
    return CannotJoin(obstacle, membership.firm)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, by: By) -> Membership:
    """Once, by one person. Raises NotOpen, and CannotJoin with the reason."""
    User.objects.select_for_update().get(pk=user.pk)  # this person accepts one thing at a time
    # Before the invitation, as whoever invites anew does: neither waits for the other for ever.
    list(_invited(invitation).select_for_update())
    opened = Invitation.objects.open().filter(pk=invitation.pk)
    if not opened.update(accepted_at=timezone.now()):
        raise NotOpen
    if obstacle := obstacle_for(invitation, user):
        raise obstacle
    if invitation.role in AT_THE_DESK:
        return inviting.accept_at_the_desk(invitation=invitation, user=user, by=by)
    return _take_profile(invitation, user, by)


def _take_profile(invitation: Invitation, user: User, by: By) -> Membership:
    client = _invited(invitation).first()
    if client is None:
        raise NotOpen
    if empty := _as_client(user):
        _leave_empty(empty, by)
    membership = Membership.objects.create(firm=invitation.firm, user=user, role=Role.CLIENT)
    ClientProfile.objects.filter(pk=client.pk).update(membership=membership)
    inviting.record_acceptance(invitation=invitation, membership=membership, by=by, about=client.pk)
    return membership


def _invited(invitation: Invitation) -> models.QuerySet[ClientProfile]:
    return ClientProfile.objects.filter(invitation=invitation, membership__isnull=True)


def _as_client(user: User) -> Membership | None:
    memberships = Membership.objects.filter(user=user, role=Role.CLIENT)
    return memberships.select_related("firm").first()


def _is_empty(membership: Membership) -> bool:
    """Whether no profile hangs on it."""
    of_person = ClientProfile.objects.filter(membership=membership)
    of_firm = ClientProfile.objects.filter(firm=membership.firm_id, firm__is_personal=True)
    return not (of_person | of_firm).exists()


def _leave_empty(membership: Membership, by: By) -> None:
    firm_id, pk = membership.firm_id, membership.pk
    before = {"user": membership.user.email, "role": membership.role}
    membership.delete()
    membership.pk = pk  # what the entry is about, though it is gone
    record(by=by, firm_id=firm_id, action="member removed", of=membership, before=before)
