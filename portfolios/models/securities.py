"""What can be held: securities with their classes and their last price, shared within a firm."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.db.models.lookups import LessThanOrEqual

from portfolios.models.classes import CLASSES, PerClass, sum_of
from portfolios.models.fixed import PRICE_PLACES, FixedField
from questionnaire.models import ClientProfile
from riskalloc.firms.models import AT_THE_DESK, Membership, TenantModel, Viewer

LONGEST_SYMBOL = 64
LONGEST_SECURITY_NAME = 200
LONGEST_SOURCE = 40
WHOLE = 10_000  # basis points


class SecurityQuerySet(models.QuerySet["Security"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those of the firms where a person works, and those that they hold themselves.

        A client of a practice does not see the rest: another client's house may be among it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        desks = Membership.objects.filter(user=user, role__in=AT_THE_DESK)
        own = ClientProfile.objects.of_user(user)
        alone = own.filter(firm__is_personal=True)
        held = Security.objects.filter(holdings__client__in=own.values("pk"))
        return self.filter(
            Q(firm__in=desks.values("firm"))
            | Q(firm__in=alone.values("firm"))
            | Q(pk__in=held.values("pk"))
        )


class Security(PerClass, TenantModel):
    """A fund, a share, a house: the class columns are basis points of it; the rest is unclassified."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    symbol = models.CharField(max_length=LONGEST_SYMBOL)
    name = models.CharField(max_length=LONGEST_SECURITY_NAME, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    price = FixedField(places=PRICE_PLACES, null=True, blank=True)
    priced_on = models.DateField(null=True, blank=True)
    price_source = models.CharField(max_length=LONGEST_SOURCE, blank=True)
    # Nobody has looked at the classes yet: they were guessed from the built-in list or the name.
    is_guessed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = SecurityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "securities"
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("symbol"), "firm", name="security_once_per_firm"),
            models.CheckConstraint(name="security_has_a_symbol", condition=~Q(symbol="")),
            models.CheckConstraint(
                name="security_currency_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="security_price_not_negative",
                condition=Q(price__isnull=True) | Q(price__gte=0),
            ),
            models.CheckConstraint(
                name="security_price_has_a_day",
                condition=Q(price__isnull=True) | Q(priced_on__isnull=False),
            ),
            models.CheckConstraint(
                name="security_classes_not_negative",
                condition=Q(**{f"{name}__gte": 0 for name in CLASSES}),
            ),
            models.CheckConstraint(
                name="security_classes_within_the_whole",
                condition=LessThanOrEqual(sum_of(CLASSES), WHOLE),
            ),
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def unclassified(self) -> int:
        return WHOLE - sum(self.per_class().values())
