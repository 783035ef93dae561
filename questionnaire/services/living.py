"""Living: what happens to people, and the assessment that it opens."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from questionnaire.models import Assessment, ClientProfile, LifeEvent
from questionnaire.services.answering import calculate, give, keep
from questionnaire.services.locking import lock
from questionnaire.services.methods import method_for
from riskalloc import methodology
from riskalloc.firms.audit import By, record
from riskalloc.firms.tenancy import unless_hidden


class AssessedMeanwhile(Exception):
    """The client has another last assessment than the one that the page began with."""


class AnotherEvent(Exception):
    """The id belongs to an event that says something else."""


@transaction.atomic
def record_life_event(
    *,
    client: ClientProfile,
    kind: str,
    event_id: UUID,
    happened_on: date,
    answers: Mapping[str, Mapping[str, str]],
    base: Assessment,
    by: By,
) -> LifeEvent:
    """Keep an event with the new assessment of complete answers. Sent twice, it is recorded once.

    Raises AssessedMeanwhile where `base` is no longer the client's last assessment, and AnotherEvent
    where the id is taken.
    """
    client = lock(client)  # two events wait for each other
    known = LifeEvent.objects.filter(pk=event_id).select_related("assessment").first()
    if known:
        if (known.client_id, known.kind, known.assessment.answers) != (client.pk, kind, answers):
            raise AnotherEvent
        return known
    if unless_hidden(LifeEvent, event_id) != event_id:
        raise AnotherEvent
    if Assessment.objects.latest_of(client) != base:
        raise AssessedMeanwhile
    event = LifeEvent.objects.create(
        pk=event_id,
        firm=client.firm,
        client=client,
        kind=kind,
        events_version=methodology.EVENTS_VERSION,
        happened_on=happened_on,
        assessment=_assess_again(client, answers, base, by),
        recorded_by=by.name,
    )
    record(
        by=by,
        firm_id=client.firm_id,
        action="life event recorded",
        of=event,
        about=client.pk,
        before={"result": base.public_id},
        after={
            "kind": kind,
            "happened_on": happened_on.isoformat(),
            "result": event.assessment.public_id,
        },
    )
    return event


def _assess_again(
    client: ClientProfile,
    answers: Mapping[str, Mapping[str, str]],
    base: Assessment,
    by: By,
) -> Assessment:
    """By the method that the firm uses now; asset classes are divided as they were."""
    method = method_for(client.firm)
    result = calculate(answers, method, sleeves=base.sleeves, rti_before=base.raw_rti)
    assessment = keep(result, answers)
    give(assessment, client, by)
    return assessment
