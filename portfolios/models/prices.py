"""Prices that came into a firm at once."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.utils import timezone

from riskalloc.firms.models import Firm, TenantModel, Viewer


class PriceImportQuerySet(models.QuerySet["PriceImport"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those of the firms at whose desk a person sits."""
        return self.filter(firm__in=Firm.objects.visible_to(user))


class PriceImport(TenantModel):
    """One paste or file of prices, so that sending it twice changes nothing, and all of it can be undone.

    `effect` has what each price was before, and the lines that were not taken with the reasons. `job` is
    the work that brings the portfolios up to date, where there were too many for one answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    taken = models.PositiveIntegerField()
    portfolios = models.PositiveIntegerField()
    effect = models.JSONField()
    job = models.UUIDField(null=True, blank=True)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = PriceImportQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "-made_at"], name="price_import_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.taken} prices at {self.made_at}"
