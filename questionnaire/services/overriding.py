"""Another mix than the calculated one: decided by an advisor, with the reason, for ever after."""

from uuid import UUID, uuid4

from django.db import transaction

from questionnaire.models import Assessment, ClientProfile, Override
from questionnaire.services.living import AssessedMeanwhile
from questionnaire.services.locking import lock
from riskalloc.engine.assets import Mix
from riskalloc.firms.audit import By, plain_values, record
from riskalloc.firms.tenancy import unless_hidden

OVERRIDE_VALUES = ("stocks", "bonds", "alternatives", "cash", "reason")


@transaction.atomic
def override_mix(
    *,
    override_id: UUID,
    client: ClientProfile,
    assessment: Assessment,
    mix: Mix,
    reason: str,
    by: By,
) -> Override:
    """Sent twice, it is decided once. AssessedMeanwhile where `assessment` is no longer the last one."""
    client = lock(client)
    known = Override.objects.filter(pk=override_id).first()
    if known and known.client_id == client.pk:
        return known
    if Assessment.objects.latest_of(client) != assessment:
        raise AssessedMeanwhile
    override = Override.objects.create(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(Override, override_id),
        firm=client.firm,
        client=client,
        assessment=assessment,
        stocks=mix.stocks,
        bonds=mix.bonds,
        alternatives=mix.alternatives,
        cash=mix.cash,
        reason=reason,
        made_by=by.name,
    )
    record(
        by=by,
        firm_id=client.firm_id,
        action="mix overridden",
        of=override,
        about=client.pk,
        before={"calculated": str(Mix(*assessment.calculation["allocation"]["mix"]))},
        after=plain_values(override, OVERRIDE_VALUES),
    )
    return override
