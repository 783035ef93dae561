"""Clients who have been assessed, on days of the past as well."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

import time_machine

from questionnaire.models import Assessment, ClientProfile, Override
from questionnaire.services.owning import own
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.firms.audit import By
from tests.factories import make_assessment

MARCH = date(2026, 3, 3)
TODAY = date(2026, 11, 21)
EVENTS = methodology.load_events(methodology.EVENTS_VERSION)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def assessed(client: ClientProfile, day: date = MARCH, **fields: str) -> Assessment:
    """A result of the worked example, some fields answered otherwise, that a client has owned since a day."""
    with time_machine.travel(noon(day), tick=False):
        assessment = make_assessment(**fields)
        own(assessment=assessment, client=client, by=By())
    return assessment


def decided(client: ClientProfile, assessment: Assessment, reason: str, mix: Mix) -> Override:
    return Override.objects.create(
        id=uuid4(),
        firm=client.firm,
        client=client,
        assessment=assessment,
        **{top.value: points for top, points in mix},
        reason=reason,
        made_by="demo-advisor@example.org",
    )
