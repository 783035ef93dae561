"""What staff may look at: what clients own, what it is meant to be, and plans. Nothing can be changed.

Lists name nothing that a person typed: an account's name may be theirs, a symbol their house.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from portfolios.models import (
    CLASSES,
    Account,
    Holding,
    Plan,
    Portfolio,
    PriceImport,
    Security,
    Target,
)
from questionnaire.admin import OfClientAdmin
from questionnaire.models import ClientProfile
from riskalloc.firms.staff import StaffAdmin, Viewed, count_of_firm, firm_columns, site

SEARCHED = ("=id", "=client__id", "=portfolio__id")
SEARCH_HELP = "The id of one of these, of a client or of a portfolio"


@admin.register(Portfolio, site=site)
class PortfolioAdmin(OfClientAdmin):
    list_display = (
        "pk",
        "firm_id",
        "client_id",
        "currency",
        "created_at",
        "archived_at",
        "version",
    )
    ordering = ("created_at", "pk")
    search_fields = ("=id", "=client__id", "=firm__id")
    search_help_text = "The id of a portfolio, of a client or of a firm"
    fields = (
        "id", "firm", "client", "name", "currency", "created_at", "archived_at", "version",
    )  # fmt: skip


@admin.register(Account, site=site)
class AccountAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "portfolio_id", "kind", "currency", "version")
    list_filter = ("kind", "is_sample")
    ordering = ("created_at", "pk")
    search_fields = SEARCHED
    search_help_text = SEARCH_HELP
    fields = (
        "id", "firm", "client", "portfolio_id", "name", "kind", "tax", "currency", "cash",
        "custodian", "is_counted", "reason", "is_sample", "created_at", "version",
    )  # fmt: skip
    readonly_fields = ("portfolio_id",)


@admin.register(Holding, site=site)
class HoldingAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "account_id", "security_id", "role", "version")
    list_filter = ("role",)
    ordering = ("created_at", "pk")
    search_fields = SEARCHED
    search_help_text = SEARCH_HELP
    fields = (
        "id", "firm", "client", "portfolio_id", "account_id", "security_id", "quantity",
        "typed_value", "value", "role", "frozen_until", "reason", "cost_basis", "acquired_on",
        "created_at", "deleted_at", "version",
    )  # fmt: skip
    readonly_fields = ("portfolio_id", "account_id", "security_id")


@admin.register(Security, site=site)
class SecurityAdmin(StaffAdmin):
    list_display = ("pk", "firm_id", "currency", "priced_on", "is_guessed", "version")
    list_filter = ("is_guessed",)
    ordering = ("pk",)
    search_fields = ("=id", "=firm__id")
    search_help_text = "The id of a security or of a firm"
    fields = (
        "id", "firm", "symbol", "name", "currency", "price", "priced_on", "price_source",
        "is_guessed", "version", *CLASSES,
    )  # fmt: skip

    def viewed(self, row: Security) -> Iterable[Viewed]:
        """Of a firm of one, it is its client's."""
        own = ClientProfile.objects.filter(firm=row.firm_id, firm__is_personal=True).first()
        return [Viewed(row.firm_id, own.pk if own else None)]


@admin.register(PriceImport, site=site)
class PriceImportAdmin(StaffAdmin):
    list_display = ("pk", "firm_id", "taken", "portfolios", "made_at", "undone_at")
    ordering = ("-made_at", "pk")
    search_fields = ("=id", "=firm__id")
    search_help_text = "The id of one of these or of a firm"
    fields = (
        "id", "firm", "taken", "portfolios", "effect", "job", "made_by", "made_at", "undone_at",
    )  # fmt: skip

    def viewed(self, row: PriceImport) -> Iterable[Viewed]:
        return [Viewed(row.firm_id, None)]


@admin.register(Target, site=site)
class TargetAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "portfolio_id", "assessment_id", "made_at")
    search_fields = SEARCHED
    search_help_text = SEARCH_HELP
    fields = (
        "id", "firm", "client", "portfolio_id", "assessment_id", "override_id", *CLASSES, "made_by",
        "made_at",
    )  # fmt: skip
    readonly_fields = ("portfolio_id", "assessment_id", "override_id")


@admin.register(Plan, site=site)
class PlanAdmin(OfClientAdmin):
    list_display = (
        "pk", "firm_id", "client_id", "portfolio_id", "kind", "software", "plan_format", "made_at",
    )  # fmt: skip
    list_filter = ("kind",)
    ordering = ("-made_at", "pk")
    search_fields = SEARCHED
    search_help_text = SEARCH_HELP
    fields = (
        "id", "firm", "client", "portfolio_id", "kind", "cash_flow", "inputs", "result", "software",
        "plan_format", "made_by", "made_at",
    )  # fmt: skip
    readonly_fields = ("portfolio_id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        plans = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and (match.url_name or "").endswith("changelist")
        return plans.defer("inputs", "result") if is_list else plans


firm_columns["portfolios"] = count_of_firm(Portfolio.objects.filter(archived_at__isnull=True))
