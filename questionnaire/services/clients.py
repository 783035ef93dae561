"""Client profiles: made, changed, archived; and who lives from the same money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from questionnaire.models import Assignment, ClientProfile, HouseholdMember
from questionnaire.models.names import folded
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, changes, plain_values, record
from riskalloc.firms.models import Membership, Role
from riskalloc.firms.tenancy import unless_hidden

PROFILE_VALUES = ("name", "email", "phone", "born_on", "retires_on", "currency", "notes")
MEMBER_VALUES = ("name", "relation", "born_on")
MOST_MEMBERS = 20


class ChangedMeanwhile(Exception):
    """Somebody else has saved since the form was made; `client` is how the profile is now."""

    def __init__(self, client: ClientProfile) -> None:
        super().__init__()
        self.client = client


class TooMany(Exception):
    """There is no room for another one."""


@transaction.atomic
def create_client(
    *, client_id: UUID, membership: Membership, values: Mapping[str, Any], by: By
) -> ClientProfile:
    """A new client of the advisor's firm, in their care. Sent twice, it is created once.

    An id that is somebody else's says nothing about this client.
    """
    client, is_new = ClientProfile.objects.get_or_create(
        pk=unless_hidden(ClientProfile, client_id),
        defaults={"firm": membership.firm, "name_folded": folded(values["name"]), **values},
    )
    if not is_new:
        seen = ClientProfile.objects.visible_to(membership.user).filter(firm=membership.firm_id)
        if seen.filter(pk=client.pk).exists():
            return client
        return create_client(client_id=uuid4(), membership=membership, values=values, by=by)
    if membership.role != Role.OWNER:  # an owner sees everybody
        Assignment.objects.create(firm=membership.firm, client=client, membership=membership)
    record(
        by=by,
        firm_id=client.firm_id,
        action="profile created",
        of=client,
        about=client.pk,
        after=plain_values(client, PROFILE_VALUES),
    )
    return client


@transaction.atomic
def change_client(
    *, client: ClientProfile, version: int, values: Mapping[str, Any], by: By
) -> None:
    """Save a profile. ChangedMeanwhile where it has since `version`, unless it says the same by now."""
    locked = lock(client)
    before = plain_values(locked, PROFILE_VALUES)
    for name, value in values.items():
        setattr(locked, name, value)
    was, now = changes(before, plain_values(locked, PROFILE_VALUES))
    if not now:
        return
    if locked.version != version:
        raise ChangedMeanwhile(lock(client))
    locked.version += 1
    locked.name_folded = folded(locked.name)
    locked.save(update_fields=[*values, "name_folded", "version"])
    _record(locked, "profile changed", by, was, now)


@transaction.atomic
def archive(*, client: ClientProfile, by: By) -> None:
    """Put aside: no reminders, not on the lists; nothing is lost."""
    client = lock(client)
    if not client.is_archived:
        _set_archived(client, timezone.now())
        _record(client, "profile archived", by)


@transaction.atomic
def restore(*, client: ClientProfile, by: By) -> None:
    client = lock(client)
    if client.is_archived:
        _set_archived(client, None)
        _record(client, "profile restored", by)


def _set_archived(client: ClientProfile, at: datetime | None) -> None:
    client.archived_at = at
    client.save(update_fields=["archived_at"])


@transaction.atomic
def add_household_member(
    *, client: ClientProfile, member_id: UUID, values: Mapping[str, Any], by: By
) -> HouseholdMember:
    """Sent twice, added once. TooMany beyond what a household can be."""
    client = lock(client)
    known = HouseholdMember.objects.filter(pk=member_id).first()
    if known and known.client_id == client.pk:
        return known
    if client.household.count() >= MOST_MEMBERS:
        raise TooMany
    # An id that is somebody else's says nothing here.
    pk = uuid4() if known else unless_hidden(HouseholdMember, member_id)
    member = HouseholdMember.objects.create(pk=pk, firm=client.firm, client=client, **values)
    after = plain_values(member, MEMBER_VALUES)
    _record(client, "household member added", by, after=after)
    return member


@transaction.atomic
def remove_household_member(*, member: HouseholdMember, by: By) -> None:
    """Sent twice, removed once."""
    client = lock(member.client)
    before = plain_values(member, MEMBER_VALUES)
    removed, _ = client.household.filter(pk=member.pk).delete()
    if removed:
        _record(client, "household member removed", by, before=before)


def _record(
    client: ClientProfile,
    action: str,
    by: By,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        by=by,
        firm_id=client.firm_id,
        action=action,
        of=client,
        about=client.pk,
        before=before,
        after=after,
    )
