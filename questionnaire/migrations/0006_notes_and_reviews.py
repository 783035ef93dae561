"""Meetings that were held, and what the desk notes: facts, like what is calculated.

A review goes where its client goes; a note stays with the practice that wrote it.
"""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from riskalloc.firms.facts import Facts

FACTS = (
    Facts(
        table="questionnaire_review",
        key="client_id",
        is_uuid=True,
        columns=(
            "id", "client_id", "held_on", "assessment_id", "summary", "recorded_by", "recorded_at",
        ),
        permits="questionnaire_erasure", permitted="public_id",
    ),
    Facts(table="questionnaire_note", key="id", is_uuid=True, permits="questionnaire_erasure", permitted="public_id"),
)  # fmt: skip


def key() -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def related(to: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=to
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0005_facts_never_change")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", key()),
                ("held_on", models.DateField()),
                ("summary", models.TextField(blank=True, max_length=2000)),
                ("recorded_by", models.CharField(max_length=254)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("assessment", related("questionnaire.assessment", "reviews")),
                ("client", related("questionnaire.clientprofile", "reviews")),
                ("firm", related("firms.firm", "+")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-held_on"], name="review_of_client"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", key()),
                ("text", models.TextField(max_length=10000)),
                ("written_by", models.CharField(max_length=254)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("client", related("questionnaire.clientprofile", "desk_notes")),
                ("firm", related("firms.firm", "+")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-written_at"], name="note_of_client"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="note_says_something"
                    ),
                ],
            },
        ),
        *(facts.operation for facts in FACTS),
    ]
