"""Who looks after a client."""

from collections.abc import Collection

from django.db import transaction

from questionnaire.models import Assignment, ClientProfile
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import AT_THE_DESK, Membership


@transaction.atomic
def assign_advisor(*, client: ClientProfile, membership: Membership, by: By) -> None:
    """Somebody at the desk of the client's firm; once."""
    is_of_firm = membership.firm_id == client.firm_id and membership.role in AT_THE_DESK
    assert is_of_firm, "only the client's own firm looks after them"
    _, is_new = Assignment.objects.get_or_create(
        client=client, membership=membership, defaults={"firm_id": client.firm_id}
    )
    if is_new:
        record(
            by=by,
            firm_id=client.firm_id,
            action="advisor assigned",
            of=membership,
            about=client.pk,
            after={"user": membership.user.email},
        )


@transaction.atomic
def unassign_advisor(*, client: ClientProfile, membership: Membership, by: By) -> None:
    deleted, _ = Assignment.objects.filter(client=client, membership=membership).delete()
    if deleted:
        record(
            by=by,
            firm_id=client.firm_id,
            action="advisor unassigned",
            of=membership,
            about=client.pk,
            before={"user": membership.user.email},
        )


@transaction.atomic
def set_advisors(
    *,
    client: ClientProfile,
    offered: Collection[Membership],
    chosen: Collection[Membership],
    by: By,
) -> None:
    """Those of the `offered` who were ticked look after the client; whoever was not offered stays."""
    client = lock(client)
    for membership in offered:
        act = assign_advisor if membership in chosen else unassign_advisor
        act(client=client, membership=membership, by=by)
