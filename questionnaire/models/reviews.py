"""What an advisor writes down: meetings that were held, and notes for the desk alone."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from questionnaire.models.assessments import Assessment
from questionnaire.models.clients import LONGEST_NOTES, ClientProfile, OfClientQuerySet
from riskalloc.firms.models import TenantModel, Viewer

LONGEST_SUMMARY = 2_000


class Review(TenantModel):
    """A client and an advisor looked at everything again: inserted once; the client reads it too."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="reviews")
    held_on = models.DateField()
    # What held on that day.
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reviews")
    summary = models.TextField(max_length=LONGEST_SUMMARY, blank=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-held_on"], name="review_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} on {self.held_on}"


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those of the desk about its clients; nobody reads what is noted about themselves."""
        clients = ClientProfile.objects.at_the_desk_of(user)
        return self.filter(client__in=clients.values("pk"))


class Note(TenantModel):
    """What the desk remembers of a client: inserted once, never the client's to see.

    It is the practice's: it stays behind when the client leaves, in the record that the firm keeps.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="desk_notes")
    text = models.TextField(max_length=LONGEST_NOTES)
    written_by = models.CharField(max_length=254)
    written_at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="note_says_something", condition=~Q(text="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-written_at"], name="note_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} at {self.written_at}"
