"""What happens in a life, and the letters that ask to look again."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from questionnaire.models.assessments import Assessment
from questionnaire.models.clients import ClientProfile, OfClientQuerySet
from riskalloc.firms.models import TenantModel


class LifeEvent(TenantModel):
    """Something that changed the answers: inserted once, with the assessment that it opened."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="life_events")
    kind = models.CharField(max_length=30)
    events_version = models.CharField(max_length=20)
    happened_on = models.DateField()
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="life_events")
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} on {self.happened_on}"


class Reminder(TenantModel):
    """A letter that was sent about a review that is due; one for each due day."""

    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="reminder_once_per_due_day", fields=["client", "due_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.due_on}"
