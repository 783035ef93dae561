"""The trail of what people did, and of firms that were closed with theirs."""

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from riskalloc.firms.models.firms import LONGEST_NAME, Firm
from riskalloc.firms.models.people import User, Viewer


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: Viewer) -> Self:
        """The whole trail of the firms that a person owns."""
        return self.filter(firm__in=Firm.objects.owned_by(user))

    def about_client(self, client_id: UUID) -> Self:
        """What happened to one client's data, in whichever firm; the client was found as visible first."""
        return self.filter(about=client_id)


class AuditEntry(models.Model):
    """Who did what to which object: inserted in the transaction of the deed, never changed.

    Each firm's entries form a chain: `hash` covers everything here and the hash before. Triggers refuse
    updates, and deletions unless a ClosedFirm row names the firm.
    """

    firm = models.ForeignKey(
        Firm, on_delete=models.DO_NOTHING, db_constraint=False, related_name="audit_entries"
    )
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    # The person may be deleted later; what they did stays.
    actor = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=254)
    on_behalf_of = models.CharField(max_length=LONGEST_NAME, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    about = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=32, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="audit_seq_once_per_firm", fields=["firm", "seq"]),
            models.CheckConstraint(name="audit_seq_from_one", condition=Q(seq__gte=1)),
        ]
        indexes: ClassVar = [models.Index(fields=["about", "at"], name="audit_about_client")]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.seq}: {self.action}"


class AuditHead(models.Model):
    """The last entry of a firm's chain; whoever appends locks it, last of all locks."""

    firm = models.OneToOneField(Firm, primary_key=True, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.seq}"


class ClosedFirm(models.Model):
    """Permission to delete a firm with its trail, and the trace that stays of it."""

    firm_id = models.UUIDField(unique=True)
    reason = models.CharField(max_length=40)
    closed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.reason}"
