"""What a portfolio is meant to be, and how far it may stray."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import Exact
from django.utils import timezone

from portfolios.models.classes import CLASSES, PerClass, sum_of
from portfolios.models.fixed import MONEY_PLACES, PERCENT_PLACES, FixedField
from portfolios.models.portfolios import Portfolio
from portfolios.models.securities import WHOLE
from questionnaire.models import Assessment, ClientProfile, Override
from questionnaire.models.clients import OfClientQuerySet
from riskalloc.engine.assets import AssetClass
from riskalloc.firms.models import TenantModel

# Of a target `t`, in SQL. A join of all targets with themselves is quicker than looking each one up, and
# where there are few, either database looks them up.
IS_LATEST = """
NOT EXISTS (
    SELECT 1 FROM portfolios_target newer
    WHERE newer.portfolio_id = t.portfolio_id AND (newer.made_at, newer.id) > (t.made_at, t.id))
""".strip()
HELD_ONLY = tuple(name for name in CLASSES if name not in set(AssetClass))


class TargetQuerySet(OfClientQuerySet):
    def latest_of(self, portfolio: Portfolio) -> "Target | None":
        """What holds now."""
        mine = self.filter(portfolio=portfolio).select_related("assessment", "override")
        return mine.order_by("-made_at", "-id").first()

    def latest_of_each(self, portfolios: Sequence[Portfolio]) -> "dict[UUID, Target]":
        """By portfolio; one query, and for one portfolio the quicker one."""
        if len(portfolios) == 1:
            latest = self.latest_of(portfolios[0])
            return {latest.portfolio_id: latest} if latest else {}
        mine = Target.objects.filter(portfolio=OuterRef("pk")).order_by("-made_at", "-id")
        keys = Portfolio.objects.filter(pk__in=[one.pk for one in portfolios])
        found = self.filter(pk__in=keys.values(latest=Subquery(mine.values("pk")[:1])))
        with_sources = found.select_related("assessment", "override")
        return {target.portfolio_id: target for target in with_sources}


class Target(PerClass, TenantModel):
    """Basis points of each asset class: inserted once; the latest holds.

    It comes from an assessment, perhaps as an advisor decided otherwise, or was typed (both null).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="targets")
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.CASCADE, related_name="targets"
    )
    override = models.ForeignKey(
        Override, null=True, blank=True, on_delete=models.CASCADE, related_name="targets"
    )
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=timezone.now)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="target_adds_up", condition=Exact(sum_of(CLASSES), WHOLE)),
            models.CheckConstraint(
                name="target_not_negative",
                condition=Q(**{f"{name}__gte": 0 for name in CLASSES}),
            ),
            models.CheckConstraint(
                name="target_names_asset_classes", condition=Q(**dict.fromkeys(HELD_ONLY, 0))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["portfolio", "-made_at"], name="target_of_portfolio")
        ]

    def __str__(self) -> str:
        return f"{self.portfolio_id} at {self.made_at}"


class BandKind(models.TextChoices):
    FIVE_TWENTY_FIVE = "5/25", "5 points, or a quarter of the target where that is less"
    ABSOLUTE = "absolute", "So many points"
    RELATIVE = "relative", "So many percent of the target"
    HYBRID = "hybrid", "A share of the target, but at least so many points"
    NONE = "none", "No bands"


class Policy(TenantModel):
    """How far a portfolio may stray, and what its plans keep to. Percent and points have two decimals."""

    portfolio = models.OneToOneField(
        Portfolio, primary_key=True, on_delete=models.CASCADE, related_name="policy"
    )
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    band = models.CharField(
        max_length=10, choices=BandKind.choices, default=BandKind.FIVE_TWENTY_FIVE
    )
    band_points = FixedField(places=PERCENT_PLACES, default=Decimal(5))  # absolute
    band_percent = FixedField(places=PERCENT_PLACES, default=Decimal(20))  # relative, hybrid
    band_floor = FixedField(places=PERCENT_PLACES, default=Decimal(1))  # hybrid
    # A trigger that is null, or false, is off.
    stocks_ceiling = FixedField(places=PERCENT_PLACES, null=True, blank=True, default=Decimal(80))
    drift_points = FixedField(places=PERCENT_PLACES, null=True, blank=True, default=Decimal(3))
    watches_calendar = models.BooleanField(default=True)
    watches_life_events = models.BooleanField(default=True)
    minimum_trade = FixedField(places=MONEY_PLACES, default=Decimal(0))
    whole_shares = models.BooleanField(default=False)
    cash_to_keep = FixedField(places=MONEY_PLACES, default=Decimal(0))
    counts_cash = models.BooleanField(default=True)
    usual_deposit = FixedField(places=MONEY_PLACES, null=True, blank=True)  # a month
    reviewed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="policy_band_known", condition=Q(band__in=BandKind.values)),
            models.CheckConstraint(
                name="policy_band_in_range",
                condition=Q(
                    band_points__range=(0, 100),
                    band_percent__range=(0, 100),
                    band_floor__range=(0, 100),
                ),
            ),
            models.CheckConstraint(
                name="policy_ceiling_in_range",
                condition=Q(stocks_ceiling__isnull=True) | Q(stocks_ceiling__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="policy_drift_in_range",
                condition=Q(drift_points__isnull=True) | Q(drift_points__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="policy_money_not_negative",
                condition=Q(minimum_trade__gte=0, cash_to_keep__gte=0),
            ),
            models.CheckConstraint(
                name="policy_usual_deposit_positive",
                condition=Q(usual_deposit__isnull=True) | Q(usual_deposit__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio_id}: {self.band}"
