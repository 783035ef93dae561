"""What a client owns: portfolios, their accounts, and the holdings in them."""

from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portfolios.models.fixed import MONEY_PLACES, QUANTITY_PLACES, RATE_PLACES, FixedField
from portfolios.models.securities import Security
from questionnaire.models import ClientProfile
from questionnaire.models.clients import OfClientQuerySet
from riskalloc.firms.models import LONGEST_NAME, TenantModel

LONGEST_REASON = 200


class Portfolio(TenantModel):
    """Money with one purpose and one target: retirement, a house."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="portfolios")
    name = models.CharField(max_length=LONGEST_NAME)
    currency = models.CharField(max_length=3, default="USD")  # the base of all totals
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="portfolio_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="portfolio_currency_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "created_at"], name="portfolio_of_client")
        ]

    def __str__(self) -> str:
        return self.name


class ExchangeRate(TenantModel):
    """What one unit of a currency is worth in the portfolio's own, typed by a person."""

    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="rates")
    currency = models.CharField(max_length=3)
    rate = FixedField(places=RATE_PLACES)
    typed_on = models.DateField()

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="rate_once_per_currency", fields=["portfolio", "currency"]
            ),
            models.CheckConstraint(name="rate_is_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(
                name="rate_currency_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate}"


class Tax(models.TextChoices):
    TAXABLE = "taxable", "Taxable"
    DEFERRED = "tax_deferred", "Tax-deferred"
    FREE = "tax_free", "Tax-free"


class Kind(models.TextChoices):
    BROKERAGE = "brokerage", "Brokerage account"
    BANK = "bank", "Bank account"
    IRA = "ira", "Traditional IRA"
    ROTH_IRA = "roth_ira", "Roth IRA"
    K401 = "401k", "401(k) or 403(b)"
    ROTH_401K = "roth_401k", "Roth 401(k) or 403(b)"
    HSA = "hsa", "Health savings account"
    EDUCATION = "education", "Education account (529)"
    PENSION = "pension", "Pension"
    OTHER = "other", "Something else"


class Account(TenantModel):
    """Where holdings are kept, with its cash. Cash never moves between accounts by itself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.BROKERAGE)
    tax = models.CharField(max_length=20, choices=Tax.choices, default=Tax.TAXABLE)
    currency = models.CharField(max_length=3, default="USD")
    cash = FixedField(places=MONEY_PLACES, default=Decimal(0))
    custodian = models.CharField(max_length=LONGEST_NAME, blank=True)
    # An account that is outside the portfolio's base says why: "emergency fund".
    is_counted = models.BooleanField(default=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="account_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="account_cash_not_negative", condition=Q(cash__gte=0)),
            models.CheckConstraint(name="account_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="account_tax_known", condition=Q(tax__in=Tax.values)),
            models.CheckConstraint(
                name="account_currency_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HoldingRole(models.TextChoices):
    TRADABLE = "tradable", "Can be traded"
    FROZEN = "frozen", "Counted, never traded"
    EXCLUDED = "excluded", "Not counted"


class HoldingQuerySet(OfClientQuerySet):
    def kept(self) -> "HoldingQuerySet":
        """Without those that somebody deleted and may still bring back."""
        return self.filter(deleted_at__isnull=True)


class Holding(TenantModel):
    """So much of a security in an account: units at its price, or a value that somebody typed.

    `value` is what that comes to in the portfolio's currency, rounded half up to the cent; the services
    keep it. Cost and typed value are in the account's currency.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="holdings")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="holdings")
    security = models.ForeignKey(Security, on_delete=models.PROTECT, related_name="holdings")
    quantity = FixedField(places=QUANTITY_PLACES, null=True, blank=True)
    typed_value = FixedField(places=MONEY_PLACES, null=True, blank=True)
    value = FixedField(places=MONEY_PLACES, default=Decimal(0))
    role = models.CharField(
        max_length=10, choices=HoldingRole.choices, default=HoldingRole.TRADABLE
    )
    frozen_until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    cost_basis = FixedField(places=MONEY_PLACES, null=True, blank=True)
    acquired_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="holding_units_or_value",
                condition=Q(quantity__isnull=False, typed_value__isnull=True)
                | Q(quantity__isnull=True, typed_value__isnull=False),
            ),
            models.CheckConstraint(
                name="holding_quantity_not_negative",
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0),
            ),
            models.CheckConstraint(
                name="holding_typed_value_not_negative",
                condition=Q(typed_value__isnull=True) | Q(typed_value__gte=0),
            ),
            models.CheckConstraint(name="holding_value_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(
                name="holding_cost_not_negative",
                condition=Q(cost_basis__isnull=True) | Q(cost_basis__gte=0),
            ),
            models.CheckConstraint(
                name="holding_role_known", condition=Q(role__in=HoldingRole.values)
            ),
            models.CheckConstraint(
                name="holding_frozen_where_a_day_says_so",
                condition=Q(frozen_until__isnull=True) | Q(role=HoldingRole.FROZEN),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["portfolio", "account", "created_at"], name="holding_of_portfolio"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.security_id} in {self.account_id}"
