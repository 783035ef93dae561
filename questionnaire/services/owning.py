"""Whose an assessment is, and when it is due to be looked at again."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, Draft, Ownership
from questionnaire.models.clients import VALID_YEARS
from questionnaire.models.names import folded
from questionnaire.services.locking import lock
from riskalloc.engine.dates import anniversary
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Membership, Role, User
from riskalloc.firms.services import found_personal_firm


class AlreadyOwned(Exception):
    """Somebody else has saved this result before."""


def own(
    *, assessment: Assessment, client: ClientProfile, by: By, filled_in_by: str = ""
) -> Ownership:
    """Give a client an assessment. Once: sent twice, it is the same ownership."""
    with transaction.atomic():
        locked = lock(client)
        try:
            ownership, is_new = Ownership.objects.get_or_create(
                assessment=assessment,
                defaults={"client": locked, "firm": locked.firm, "filled_in_by": filled_in_by},
            )
        except IntegrityError as error:  # another firm's, which is not seen from here
            raise AlreadyOwned from error
        if ownership.client_id != client.pk:
            raise AlreadyOwned
        if not is_new:
            return ownership
        due_on = valid_until(timezone.localdate(assessment.created_at))
        latest = max(filter(None, [locked.review_due_on, due_on]))
        ClientProfile.objects.filter(pk=client.pk).update(review_due_on=latest)
        client.review_due_on = latest
        record(
            by=by,
            firm_id=locked.firm_id,
            action="assessment added",
            of=assessment,
            about=client.pk,
            after={
                "result": assessment.public_id,
                "method": assessment.method,
                "rti": assessment.rti,
                "iss": assessment.iss,
                "amount": str(assessment.amount),
                "filled_in_by": filled_in_by,
            },
        )
    return ownership


def valid_until(day: date) -> date:
    """Twelve months later; after a 29 February, on the 28th."""
    return anniversary(day, day.year + VALID_YEARS)


@transaction.atomic
def claim(*, public_id: str, user: User, by: By) -> ClientProfile | None:
    """Attach a result of nobody to the person who has just signed in; None where there is none to take."""
    assessment = Assessment.objects.live().filter(public_id=public_id).first()
    if assessment is None:
        return None
    client = own_profile(user=user, by=by)
    try:
        own(assessment=assessment, client=client, by=by)
    except AlreadyOwned:
        return None
    # Whoever uses this browser next finds no answers in it.
    Draft.objects.filter(result=assessment).delete()
    return client


@transaction.atomic
def own_profile(*, user: User, by: By) -> ClientProfile:
    """The profile that describes this person, made with a firm of one where there is none."""
    User.objects.select_for_update().get(pk=user.pk)  # two tabs make one
    membership = Membership.objects.filter(user=user, role=Role.CLIENT).first()
    membership = membership or found_personal_firm(user=user, by=by)
    client = ClientProfile.objects.filter(membership=membership).first()
    if client is None:
        name = user.email.partition("@")[0]
        client = ClientProfile.objects.create(
            firm=membership.firm,
            membership=membership,
            name=name,
            name_folded=folded(name),
            email=user.email,
        )
        record(
            by=by,
            firm_id=client.firm_id,
            action="profile created",
            of=client,
            about=client.pk,
            after={"name": client.name, "email": client.email},
        )
    return client
