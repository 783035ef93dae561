"""Where a portfolio stands now, for lists, and where it stood day by day."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portfolios.models.classes import PerClass
from portfolios.models.fixed import MONEY_PLACES, FixedField
from portfolios.models.portfolios import Portfolio
from questionnaire.models import ClientProfile
from questionnaire.models.clients import OfClientQuerySet
from riskalloc.engine.rules import RiskLabel
from riskalloc.firms.models import TenantModel

# The class columns of a standing: look-through weights have four decimals, values two.
UNITS_PER_DOLLAR = 1_000_000
DRIFT_PLACES = 6
LABELS = [(label.value, label.value) for label in RiskLabel]


class Standing(PerClass, TenantModel):
    """Derived: written in the transaction of every change, or recomputed for many by `refresh_drift`.

    The class columns are millionths of a unit of the portfolio's currency, before stand-ins; together with
    `unclassified` they add up to `value`. `drift` is in points; it and what fires are null without a target.
    `largest` is what the largest single security comes to, over all accounts; cash is none. `behaves_like` is
    null where too little has figures.
    """

    portfolio = models.OneToOneField(
        Portfolio, primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    value = FixedField(places=MONEY_PLACES, default=Decimal(0))
    unclassified = models.BigIntegerField(default=0)
    largest = FixedField(places=MONEY_PLACES, default=Decimal(0))
    behaves_like = models.CharField(max_length=20, null=True, choices=LABELS)  # noqa: DJ001  # null: nothing is held
    drift = FixedField(places=DRIFT_PLACES, null=True)
    fires_band = models.BooleanField(null=True)
    fires_guard_rail = models.BooleanField(null=True)
    fires_portfolio_drift = models.BooleanField(null=True)
    oldest_price_on = models.DateField(null=True)
    refreshed_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="standing_value_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(
                name="standing_largest_not_negative", condition=Q(largest__gte=0)
            ),
            models.CheckConstraint(
                name="standing_behaves_like_a_label",
                condition=Q(behaves_like__isnull=True) | Q(behaves_like__in=list(RiskLabel)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio_id}: {self.value}"


class DayValue(TenantModel):
    """What a portfolio was worth at the end of a day on which something changed."""

    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    value = FixedField(places=MONEY_PLACES)
    drift = FixedField(places=DRIFT_PLACES, null=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="day_value_once_a_day", fields=["portfolio", "day"]),
            models.CheckConstraint(name="day_value_not_negative", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio_id} on {self.day}: {self.value}"
