"""A firm begins, and what its owner settles."""

from uuid import UUID, uuid4

from django.db import transaction

from riskalloc.firms.audit import By, changes, plain_values, record
from riskalloc.firms.models import Firm, Membership, Role, User
from riskalloc.firms.tenancy import admit, unless_hidden

FIRM_VALUES = ("name", "is_personal", "method", "retention_years")


class ChangedElsewhere(Exception):
    """The firm has changed since the page was made; `firm` is how it is now."""

    def __init__(self, firm: Firm) -> None:
        super().__init__()
        self.firm = firm


@transaction.atomic
def found_practice(
    *, name: str, owner: User, by: By, is_demo: bool = False, firm_id: UUID | None = None
) -> Firm:
    """A new practice with its first owner; the same `firm_id` from the same owner founds it once."""
    firm_id = unless_hidden(Firm, firm_id or uuid4())
    admit(firm_id)
    firm, is_new = Firm.objects.get_or_create(
        pk=firm_id, defaults={"name": name, "is_demo": is_demo}
    )
    if not is_new:
        is_sent_again = Firm.objects.owned_by(owner).filter(pk=firm.pk).exists()
        return firm if is_sent_again else found_practice(name=name, owner=owner, by=by)
    membership = Membership.objects.create(firm=firm, user=owner, role=Role.OWNER)
    _record_founding(firm, by)
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
    firm = Firm(name=user.email, is_personal=True)
    admit(firm.pk)
    firm.save(force_insert=True)
    membership = Membership.objects.create(firm=firm, user=user, role=Role.CLIENT)
    _record_founding(firm, by)
    return membership


def _record_founding(firm: Firm, by: By) -> None:
    after = plain_values(firm, FIRM_VALUES)
    record(by=by, firm_id=firm.pk, action="firm founded", of=firm, after=after)


@transaction.atomic
def change_firm(
    *,
    firm: Firm,
    version: int,
    name: str | None = None,
    retention_years: int | None = None,
    method: str | None = None,
    by: By,
) -> Firm:
    """What is None stays. Raises ChangedElsewhere where somebody was faster, unless they settled the same."""
    locked = Firm.objects.locked().get(pk=firm.pk)
    before = plain_values(locked, FIRM_VALUES)
    typed = {"name": name, "retention_years": retention_years, "method": method}
    for field, value in typed.items():
        if value is not None:
            setattr(locked, field, value)
    was, now = changes(before, plain_values(locked, FIRM_VALUES))
    if not now:
        return locked
    if locked.version != version:
        raise ChangedElsewhere(Firm.objects.get(pk=firm.pk))
    locked.version += 1
    locked.save()
    record(by=by, firm_id=firm.pk, action="firm changed", of=firm, before=was, after=now)
    return locked
