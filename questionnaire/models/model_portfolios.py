"""A firm's own mixes by risk label: one draft that changes, and versions that never do."""

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from riskalloc.engine.assets import AssetClass
from riskalloc.engine.rules import WHOLE, RiskLabel
from riskalloc.firms.models import LONGEST_NAME, Firm, TenantModel, Viewer

LONGEST_NOTE = 2000
CLASSES = tuple(asset.value for asset in AssetClass)


class OfFirmQuerySet(models.QuerySet[Any]):
    """Rows that hang on a firm: for those who sit at its desk, and for its owners to change."""

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(firm__in=Firm.objects.visible_to(user))

    def owned_by(self, user: Viewer) -> Self:
        return self.filter(firm__in=Firm.objects.owned_by(user))


class ModelDraft(TenantModel):
    """What owners are working on: one at a time. `mixes` has basis points by label and class."""

    firm = models.OneToOneField(
        Firm, primary_key=True, on_delete=models.CASCADE, related_name="model_draft"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    mixes = models.JSONField()
    changed_by = models.CharField(max_length=254)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="model_draft_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} (draft)"


class PublishedModelsQuerySet(OfFirmQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-number").select_related("retirement").prefetch_related("mixes")

    def current(self) -> Self:
        """Those that a firm may choose."""
        return self.filter(retirement__isnull=True)


class PublishedModels(TenantModel):
    """One version of a firm's mixes: inserted once, never changed, with a row for every label."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    published_by = models.CharField(max_length=254)
    published_at = models.DateTimeField(default=timezone.now)

    objects = PublishedModelsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "published models"
        constraints: ClassVar = [
            models.UniqueConstraint(name="models_number_once", fields=["firm", "number"]),
            models.CheckConstraint(name="models_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="models_have_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def is_retired(self) -> bool:
        return hasattr(self, "retirement")

    def by_label(self) -> dict[RiskLabel, dict[AssetClass, int]]:
        """Basis points; classes without a part are left out."""
        return {RiskLabel(row.label): row.parts() for row in self.mixes.all()}


def parts_of(units: Mapping[str, int]) -> dict[AssetClass, int]:
    """Basis points by class, in order; classes without a part are left out."""
    return {asset: units[asset] for asset in AssetClass if units.get(asset)}


class ModelMix(TenantModel):
    """The mix of one risk label: basis points that add up to 100 %."""

    published = models.ForeignKey(PublishedModels, on_delete=models.CASCADE, related_name="mixes")
    label = models.CharField(max_length=20)
    us_large_cap = models.PositiveIntegerField(default=0)
    us_small_cap = models.PositiveIntegerField(default=0)
    intl_developed = models.PositiveIntegerField(default=0)
    emerging = models.PositiveIntegerField(default=0)
    us_aggregate = models.PositiveIntegerField(default=0)
    government = models.PositiveIntegerField(default=0)
    ig_corporate = models.PositiveIntegerField(default=0)
    tips = models.PositiveIntegerField(default=0)
    high_yield = models.PositiveIntegerField(default=0)
    reit = models.PositiveIntegerField(default=0)
    commodities = models.PositiveIntegerField(default=0)
    gold = models.PositiveIntegerField(default=0)
    cash = models.PositiveIntegerField(default=0)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "model mixes"
        constraints: ClassVar = [
            models.UniqueConstraint(name="model_mix_once_per_label", fields=["published", "label"]),
            models.CheckConstraint(
                name="model_mix_label_known",
                condition=Q(label__in=[label.value for label in RiskLabel]),
            ),
            models.CheckConstraint(
                name="model_mix_adds_up",
                condition=Exact(reduce(add, [F(name) for name in CLASSES]), WHOLE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.published_id}: {self.label}"

    def parts(self) -> dict[AssetClass, int]:
        return parts_of({name: getattr(self, name) for name in CLASSES})


class ModelRetirement(TenantModel):
    """A version that is no longer offered; results that used it keep it."""

    published = models.OneToOneField(
        PublishedModels, primary_key=True, on_delete=models.CASCADE, related_name="retirement"
    )
    retired_by = models.CharField(max_length=254)
    retired_at = models.DateTimeField(default=timezone.now)

    objects = OfFirmQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.published_id} retired"


class ModelsInUse(TenantModel):
    """The version that new results of a firm's clients take; without a row it is the method's mixes."""

    firm = models.OneToOneField(
        Firm, primary_key=True, on_delete=models.CASCADE, related_name="models_in_use"
    )
    published = models.ForeignKey(PublishedModels, on_delete=models.RESTRICT, related_name="+")

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "models in use"

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.published_id}"
