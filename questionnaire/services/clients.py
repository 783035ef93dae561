"""Client profiles: made, changed, archived; and who lives from the same money."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from questionnaire.models import Assignment, ClientProfile, HouseholdMember
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, changes, plain_values, record
from riskalloc.firms.models import Firm, Membership, Role

PROFILE_VALUES = ("name", "email", "phone", "born_on", "retires_on", "currency", "notes")
MEMBER_VALUES = ("name", "relation", "born_on")
MOST_MEMBERS = 20


class ChangedMeanwhile(Exception):
    """Somebody else has saved since the form was made."""


class TooMany(Exception):
    """There is no room for another one."""


@transaction.atomic
def create_client(
    *, client_id: UUID, membership: Membership, values: Mapping[str, Any], by: By
) -> ClientProfile:
    """A new client of the advisor's firm, in their care. Sent twice, it is created once."""
    client, is_new = ClientProfile.objects.get_or_create(
        pk=client_id, defaults={"firm": membership.firm, **values}
    )
    if not is_new:
        return client
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
    """Save a profile unless it has changed since `version`: then ChangedMeanwhile."""
    locked = lock(client)
    if locked.version != version:
        raise ChangedMeanwhile
    before = plain_values(locked, PROFILE_VALUES)
    for name, value in values.items():
        setattr(locked, name, value)
    was, now = changes(before, plain_values(locked, PROFILE_VALUES))
    if not now:
        return
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    _record(locked, "profile changed", by, was, now)


@transaction.atomic
def archive(*, client: ClientProfile, by: By) -> None:
    """Put aside: no reminders, not on the lists; nothing is lost."""
    archived_at = timezone.now()
    if ClientProfile.objects.filter(pk=client.pk, archived_at=None).update(archived_at=archived_at):
        _record(client, "profile archived", by)


@transaction.atomic
def restore(*, client: ClientProfile, by: By) -> None:
    archived = ClientProfile.objects.filter(pk=client.pk, archived_at__isnull=False)
    if archived.update(archived_at=None):
        _record(client, "profile restored", by)


@transaction.atomic
def add_household_member(
    *, client: ClientProfile, member_id: UUID, values: Mapping[str, Any], by: By
) -> HouseholdMember:
    """Sent twice, added once. TooMany beyond what a household can be."""
    client = lock(client)
    known = HouseholdMember.objects.filter(pk=member_id, client=client).first()
    if known:
        return known
    if client.household.count() >= MOST_MEMBERS:
        raise TooMany
    member = HouseholdMember.objects.create(pk=member_id, firm=client.firm, client=client, **values)
    after = plain_values(member, MEMBER_VALUES)
    _record(client, "household member added", by, after=after)
    return member


@transaction.atomic
def remove_household_member(*, member: HouseholdMember, by: By) -> None:
    before = plain_values(member, MEMBER_VALUES)
    client = member.client
    member.delete()
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


def desk_in(firm: Firm, user_id: int) -> Membership:
    """As what a person sits at a firm's desk."""
    return Membership.objects.at_the_desk().get(firm=firm, user=user_id)
