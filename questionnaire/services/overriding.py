"""Another mix than the calculated one: decided by an advisor, with the reason, for ever after."""

from uuid import UUID

from django.db import transaction

from questionnaire.models import Assessment, ClientProfile, Override
from questionnaire.services.locking import lock
from riskalloc.engine.assets import Mix
from riskalloc.firms.audit import By, plain_values, record

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
    """Sent twice, it is decided once."""
    client = lock(client)
    override, is_new = Override.objects.get_or_create(
        pk=override_id,
        defaults={
            "firm": client.firm,
            "client": client,
            "assessment": assessment,
            "stocks": mix.stocks,
            "bonds": mix.bonds,
            "alternatives": mix.alternatives,
            "cash": mix.cash,
            "reason": reason,
            "made_by": by.name,
        },
    )
    if is_new:
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
