"""Triggers: what happened is never updated, and deleted only where an erasure names it.

The firm of an event or an override may change: it follows a client who leaves.
"""

from typing import ClassVar

from django.db import migrations

from riskalloc.firms.facts import Facts

FACTS = (
    Facts(table="questionnaire_assessment", key="public_id", permits="questionnaire_erasure", permitted="public_id"),
    Facts(
        table="questionnaire_override",
        key="client_id",
        is_uuid=True,
        columns=(
            "id", "client_id", "assessment_id", "stocks", "bonds", "alternatives", "cash",
            "reason", "made_by", "made_at",
        ),
        permits="questionnaire_erasure", permitted="public_id",
    ),
    Facts(
        table="questionnaire_lifeevent",
        key="client_id",
        is_uuid=True,
        columns=(
            "id", "client_id", "kind", "events_version", "happened_on", "assessment_id",
            "recorded_by", "recorded_at",
        ),
        permits="questionnaire_erasure", permitted="public_id",
    ),
    Facts(table="questionnaire_tombstone", key="id", is_uuid=True, permits="questionnaire_erasure", permitted="public_id"),
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0004_clients")]
    operations: ClassVar = [facts.operation for facts in FACTS]
