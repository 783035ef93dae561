"""Writes about firms and who belongs to them."""

from django.db import transaction

from riskalloc.firms.audit import By, plain_values, record
from riskalloc.firms.models import Firm, Membership, Role, User

FIRM_VALUES = ("name", "is_personal", "method", "retention_years")


@transaction.atomic
def found_practice(*, name: str, owner: User, by: By, is_demo: bool = False) -> Firm:
    """A new practice with its first owner."""
    firm = Firm.objects.create(name=name, is_demo=is_demo)
    membership = Membership.objects.create(firm=firm, user=owner, role=Role.OWNER)
    record(
        by=by,
        firm_id=firm.pk,
        action="firm founded",
        of=firm,
        after=plain_values(firm, FIRM_VALUES),
    )
    record(
        by=by,
        firm_id=firm.pk,
        action="member added",
        of=membership,
        after={"user": owner.email, "role": Role.OWNER.value},
    )
    return firm


@transaction.atomic
def found_personal_firm(*, user: User, by: By) -> Membership:
    """The firm of one of a person who has no advisor; they are its client."""
    firm = Firm.objects.create(name=user.email, is_personal=True)
    membership = Membership.objects.create(firm=firm, user=user, role=Role.CLIENT)
    record(
        by=by,
        firm_id=firm.pk,
        action="firm founded",
        of=firm,
        after=plain_values(firm, FIRM_VALUES),
    )
    return membership
