"""Leaving a firm, and deleting what is known about a client; what a firm must keep stays until its day."""

from datetime import date

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, Draft, Erasure, Tombstone
from questionnaire.services import belongings
from questionnaire.services.exporting import record_to_keep
from questionnaire.services.locking import lock, lock_wherever
from riskalloc.engine.dates import anniversary
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import (
    AuditEntry,
    ClosedFirm,
    Firm,
    Membership,
    TenantModel,
    User,
)
from riskalloc.firms.services import found_personal_firm

LEFT, DELETED = "left", "deleted"


class HasDesk(Exception):
    """Somebody else's work hangs on this account."""


def kept_until(firm: Firm, today: date) -> date | None:
    """Until when a firm has to keep its records of a client who goes today; None where it need not."""
    if firm.is_personal or firm.retention_years == 0:
        return None
    return anniversary(today, today.year + firm.retention_years)


# -- Leaving -----------------------------------------------------------------------------------------------


@transaction.atomic
def leave_firm(*, client: ClientProfile, by: By) -> ClientProfile:
    """Move a client who signs in to a firm of one, with everything that is theirs.

    Whoever is in a firm of one already stays there: sent twice, it happens once.
    """
    _lock_person(client)
    client = lock_wherever(client)
    old_firm, old_membership = client.firm, client.membership
    if old_firm.is_personal or old_membership is None:
        return client
    belongings.lock_all(client)
    until = _keep_record(client, LEFT)
    _erase_notes(client)
    _end_what_the_firm_started(client, old_membership.user)
    membership = _moved_to_firm_of_one(client, old_membership, by)
    for table, field in tables_of_clients():
        table._base_manager.filter(**{field: client}).update(firm=membership.firm)
    belongings.move_all(client, by)
    after = {"keep_until": str(until) if until else None}
    # Nobody else knows the new chain yet: the old one is the last lock that others may wait for.
    record(
        by=by,
        firm_id=membership.firm_id,
        action="profile arrived",
        of=client,
        about=client.pk,
        before={"firm": old_firm.name},
    )
    record(
        by=by, firm_id=old_firm.pk, action="client left", of=client, about=client.pk, after=after
    )
    return client


def _moved_to_firm_of_one(client: ClientProfile, old: Membership, by: By) -> Membership:
    user, invitation = old.user, client.invitation
    client.membership = client.invitation = None
    client.save(update_fields=["membership", "invitation"])
    old.delete()  # first: somebody is the client of one firm
    if invitation:
        invitation.delete()
    client.membership = found_personal_firm(user=user, by=by)
    client.firm = client.membership.firm
    client.version += 1
    client.save(update_fields=["membership", "firm", "version"])
    return client.membership


def _end_what_the_firm_started(client: ClientProfile, user: User) -> None:
    client.assignments.all().delete()
    client.drafts.exclude(started_by=user, is_link=False).delete()


def tables_of_clients() -> list[tuple[type[models.Model], str]]:
    """What hangs on a client and carries its firm, in whichever app, with the name of the foreign key."""
    fields = ClientProfile._meta.get_fields(include_hidden=True)  # some have no way back
    relations = [field for field in fields if isinstance(field, models.ForeignObjectRel)]
    return [
        (relation.related_model, relation.field.name)
        for relation in relations
        if issubclass(relation.related_model, TenantModel)
    ]


# -- Deleting ----------------------------------------------------------------------------------------------


@transaction.atomic
def delete_client(*, client: ClientProfile, by: By) -> None:
    """A firm of one goes with all it has; a practice keeps what it must, and that it happened.

    Gone where somebody was faster, or the client has left the firm.
    """
    _lock_person(client)
    client = lock(client)
    belongings.lock_all(client)
    firm, pk = client.firm, client.pk
    until = _keep_record(client, DELETED)
    _erase(client)
    if firm.is_personal:
        close_firm(firm)
        return
    client.pk = pk  # what the entry is about, though it is gone
    after = {"keep_until": str(until) if until else None}
    record(by=by, firm_id=firm.pk, action="client deleted", of=client, about=pk, after=after)


def may_delete_account(user: User) -> bool:
    """Whether nothing but the person's own profile hangs on their account."""
    return not user.is_staff and not Membership.objects.at_the_desk().filter(user=user).exists()


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Sign-ins, keys and sessions go with it; what the person did stays in the trails under the name.

    Raises HasDesk.
    """
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        return
    if not may_delete_account(locked):
        raise HasDesk
    locked.delete()


@transaction.atomic
def delete_client_and_account(*, client: ClientProfile, user: User, by: By) -> None:
    """Both or neither."""
    delete_client(client=client, by=by)
    delete_account(user=user)


def _erase(client: ClientProfile) -> None:
    """The profile, its assessments and all that hangs on them; the erasures let the facts go."""
    assessments = Assessment.objects.filter(ownership__client=client)
    names = list(assessments.values_list("public_id", flat=True))
    _permit([*names, client.pk.hex])
    _erase_notes(client)
    belongings.erase_all(client)
    Draft.objects.filter(Q(client=client) | Q(result__public_id__in=names)).delete()
    Assessment.objects.filter(public_id__in=names).delete()
    membership, invitation = client.membership, client.invitation
    client.delete()
    for row in (membership, invitation):
        if row is not None:
            row.delete()


def _erase_notes(client: ClientProfile) -> None:
    """They are the desk's: they go nowhere with the client, and the kept record has them already."""
    _permit([pk.hex for pk in client.desk_notes.values_list("pk", flat=True)])
    client.desk_notes.all().delete()


def close_firm(firm: Firm) -> None:
    """With its trail, once its clients are gone: nobody is left who could ask for it."""
    for tombstone in Tombstone.objects.filter(firm=firm):
        destroy_record(tombstone, "deleted on request")
    ClosedFirm.objects.bulk_create(
        [ClosedFirm(firm_id=firm.pk, reason="deleted on request")], ignore_conflicts=True
    )
    AuditEntry.objects.filter(firm=firm.pk).delete()
    firm.delete()


# -- What a firm keeps -------------------------------------------------------------------------------------


def _keep_record(client: ClientProfile, reason: str) -> date | None:
    """The record of a client who goes. One who went before and came back has the later one only."""
    until = kept_until(client.firm, timezone.localdate())
    if until is None:
        return None
    earlier = Tombstone.objects.filter(firm=client.firm, client_id=client.pk).first()
    if earlier:
        until = max(until, earlier.keep_until)
        destroy_record(earlier, "replaced")
    Tombstone.objects.create(
        firm=client.firm,
        client_id=client.pk,
        name=client.name,
        reason=reason,
        record=record_to_keep(client),
        keep_until=until,
    )
    return until


def destroy_record(tombstone: Tombstone, reason: str) -> None:
    _permit([tombstone.pk.hex], reason)
    tombstone.delete()


def _permit(names: list[str], reason: str = "deleted on request") -> None:
    """Let facts be deleted: the trace that stays of them."""
    erasures = [Erasure(public_id=name, reason=reason) for name in names]
    Erasure.objects.bulk_create(erasures, ignore_conflicts=True)


def _lock_person(client: ClientProfile) -> None:
    """Whose profile it is, before the profile itself, as in `own_profile`."""
    people = User.objects.select_for_update(of=("self",)).filter(memberships__profile=client)
    list(people.order_by("pk"))
