"""Saved plans, what was done of them, and holdings that were pasted."""

from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portfolios.models.fixed import MONEY_PLACES, FixedField
from portfolios.models.portfolios import Account, Portfolio
from questionnaire.models import ClientProfile
from questionnaire.models.clients import OfClientQuerySet
from riskalloc.firms.models import TenantModel


class PlanKind(models.TextChoices):
    FULL = "full", "Sell and buy, back to the target"
    CASH_FLOW = "cash_flow", "Use new cash first"
    INTO_BAND = "into_band", "Sell as little as possible, back into the bands"


class Plan(TenantModel):
    """A plan as it was calculated: inserted once, never changed.

    `inputs` and `result` have everything that the page shows, decimals as text, with their versions.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="plans")
    kind = models.CharField(max_length=20, choices=PlanKind.choices)
    cash_flow = FixedField(places=MONEY_PLACES, default=Decimal(0))
    inputs = models.JSONField()
    result = models.JSONField()
    software = models.CharField(max_length=40)
    plan_format = models.PositiveSmallIntegerField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="plan_kind_known", condition=Q(kind__in=PlanKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.made_at}"


class PlanMark(TenantModel):
    """That a line of a plan was done, or not after all: inserted once; the latest of a line holds."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="marks")
    line = models.PositiveSmallIntegerField()
    is_done = models.BooleanField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    def __str__(self) -> str:
        return f"line {self.line}: {'done' if self.is_done else 'not done'}"


class Paste(TenantModel):
    """Rows that came in at once, so that they can be undone at once.

    `effect` names the holdings that were made, until one of them is changed by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="pastes")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    effect = models.JSONField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.rows} rows at {self.made_at}"
