"""Who sits at a firm's desk. Each write locks the firm first: two owners never demote each other."""

from django.db import transaction

from riskalloc.firms.audit import By, record
from riskalloc.firms.models import AT_THE_DESK, Firm, Membership, Role
from riskalloc.firms.services.inviting import withdraw_invitation


class LastOwner(Exception):
    """Somebody has to own the firm."""


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: By) -> None:
    """Raises LastOwner. Somebody who has gone meanwhile stays gone."""
    assert role in AT_THE_DESK, "a client is invited, never made"
    locked = _locked(membership)
    if locked is None or locked.role == role:
        return
    if is_last_owner(locked):
        raise LastOwner
    before = locked.role
    _withdraw_letters_of(locked, by)
    locked.role = role
    locked.save()
    record(
        by=by,
        firm_id=locked.firm_id,
        action="role changed",
        of=locked,
        before={"user": locked.user.email, "role": before},
        after={"user": locked.user.email, "role": role.value},
    )


@transaction.atomic
def remove_member(*, membership: Membership, by: By) -> None:
    """The person's assignments to clients go with the membership. Raises LastOwner."""
    locked = _locked(membership)
    if locked is None:
        return
    if is_last_owner(locked):
        raise LastOwner
    before = {
        "user": locked.user.email,
        "role": locked.role,
        "clients": locked.assignments.count(),
    }
    _withdraw_letters_of(locked, by)
    firm_id, pk = locked.firm_id, locked.pk
    locked.delete()
    locked.pk = pk  # what the entry is about, though it is gone
    record(by=by, firm_id=firm_id, action="member removed", of=locked, before=before)


def is_last_owner(membership: Membership) -> bool:
    """Whether nobody else could run the firm: an owner whose account is closed cannot."""
    if membership.role != Role.OWNER:
        return False
    owners = Membership.objects.filter(
        firm=membership.firm_id, role=Role.OWNER, user__is_active=True
    )
    return not owners.exclude(pk=membership.pk).exists()


def _withdraw_letters_of(membership: Membership, by: By) -> None:
    """Whoever may no longer invite leaves no open door behind."""
    letters = membership.firm.invitations.unanswered().filter(invited_by=membership.user)
    for invitation in letters.filter(role__in=AT_THE_DESK):
        withdraw_invitation(invitation=invitation, by=by)


def _locked(membership: Membership) -> Membership | None:
    Firm.objects.locked().get(pk=membership.firm_id)
    at_the_desk = Membership.objects.at_the_desk().select_related("firm", "user")
    return at_the_desk.filter(pk=membership.pk).first()
