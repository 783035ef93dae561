"""What staff may look at: clients and what was calculated for them. Nothing here can be changed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Now, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from questionnaire.models import (
    Assessment,
    ClientProfile,
    LifeEvent,
    ModelDraft,
    ModelsInUse,
    Note,
    Override,
    Ownership,
    PublishedModels,
    Review,
    Tombstone,
)
from riskalloc.firms.models import Firm
from riskalloc.firms.staff import StaffAdmin, Viewed, count_of_firm, firm_columns, site


class OfClientAdmin(StaffAdmin):
    """Rows that hang on a client."""

    def viewed(self, row: Any) -> Iterable[Viewed]:
        return [Viewed(row.firm_id, row.client_id)]


@admin.register(ClientProfile, site=site)
class ClientAdmin(StaffAdmin):
    list_display = ("pk", "firm_id", "currency", "created_at", "archived_at", "version")
    ordering = ("created_at", "pk")
    search_fields = ("=id", "=firm__id")
    search_help_text = "The id of a client or of a firm"
    fields = (
        "id", "firm", "name", "email", "phone", "born_on", "retires_on", "currency", "notes",
        "wants_reminders", "review_due_on", "archived_at", "created_at", "version",
    )  # fmt: skip

    def viewed(self, row: ClientProfile) -> Iterable[Viewed]:
        return [Viewed(row.firm_id, row.pk)]


@admin.register(Assessment, site=site)
class AssessmentAdmin(StaffAdmin):
    """Those of clients. A result of nobody is opened by its address alone: it is not listed."""

    list_display = ("pk", "created_at", "method", "questionnaire", "assumptions", "software")
    list_filter = ("method", "questionnaire", "assumptions")
    ordering = ("-pk",)
    search_fields = ("=id", "=ownership__client__id")
    search_help_text = "The id of an assessment or of a client"
    fields = (
        "id", "created_at", "software", "snapshot_format", "method", "questionnaire", "assumptions",
        "sleeves", "amount", "needed", "raw_rti", "rti", "iss", "kept_contradictions",
        "seconds_taken", "answers", "calculation", "worth",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Assessment]:
        owned = super().get_queryset(request).filter(ownership__isnull=False)
        match = request.resolver_match
        is_list = match is not None and (match.url_name or "").endswith("changelist")
        return owned.defer("answers", "calculation", "worth") if is_list else owned

    def viewed(self, row: Assessment) -> Iterable[Viewed]:
        return [Viewed(row.ownership.firm_id, row.ownership.client_id)]


@admin.register(Ownership, site=site)
class OwnershipAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "since")
    ordering = ("-pk",)
    search_fields = ("=client__id",)
    search_help_text = "The id of a client"
    fields = ("assessment_id", "firm", "client", "filled_in_by", "since")
    readonly_fields = ("assessment_id",)


@admin.register(Override, site=site)
class OverrideAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "assessment_id", "made_at")
    search_fields = ("=client__id",)
    search_help_text = "The id of a client"
    fields = (
        "id", "firm", "client", "assessment_id", "stocks", "bonds", "alternatives", "cash",
        "reason", "made_by", "made_at",
    )  # fmt: skip
    readonly_fields = ("assessment_id",)


@admin.register(LifeEvent, site=site)
class LifeEventAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "events_version", "recorded_at")
    ordering = ("-recorded_at", "pk")
    search_fields = ("=client__id",)
    search_help_text = "The id of a client"
    fields = (
        "id", "firm", "client", "kind", "events_version", "happened_on", "assessment_id",
        "recorded_by", "recorded_at",
    )  # fmt: skip
    readonly_fields = ("assessment_id",)


@admin.register(Review, site=site)
class ReviewAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "held_on", "recorded_at")
    ordering = ("-recorded_at", "pk")
    search_fields = ("=client__id",)
    search_help_text = "The id of a client"
    fields = (
        "id", "firm", "client", "held_on", "assessment_id", "summary", "recorded_by", "recorded_at",
    )  # fmt: skip
    readonly_fields = ("assessment_id",)


@admin.register(Note, site=site)
class NoteAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "written_at")
    ordering = ("-written_at", "pk")
    search_fields = ("=client__id",)
    search_help_text = "The id of a client"
    fields = ("id", "firm", "client", "text", "written_by", "written_at")


@admin.register(Tombstone, site=site)
class TombstoneAdmin(OfClientAdmin):
    list_display = ("pk", "firm_id", "client_id", "reason", "closed_at", "keep_until")
    list_filter = ("reason",)
    ordering = ("-closed_at", "pk")
    search_fields = ("=client_id",)
    search_help_text = "The id of a client"
    fields = ("id", "firm", "client_id", "name", "reason", "closed_at", "keep_until", "record")


# -- A firm's own models ------------------------------------------------------------------------------------


class OfFirmAdmin(StaffAdmin):
    """Rows of a firm that are about no client. A name may be anybody's: only the row's own page shows it."""

    def viewed(self, row: Any) -> Iterable[Viewed]:
        return [Viewed(row.firm_id, None)]


@admin.register(PublishedModels, site=site)
class PublishedModelsAdmin(OfFirmAdmin):
    list_display = ("pk", "firm_id", "number", "published_at", "retired_at", "is_in_use")
    ordering = ("-published_at", "pk")
    search_fields = ("=id", "=firm__id")
    search_help_text = "The id of a version or of a firm"
    fields = (
        "id", "firm", "number", "name", "note", "published_by", "published_at", "shares",
        "retired_by", "retired_at", "is_in_use",
    )  # fmt: skip
    readonly_fields = ("shares", "retired_by", "retired_at", "is_in_use")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[PublishedModels]:
        in_use = Exists(ModelsInUse.objects.filter(published=OuterRef("pk")))
        return super().get_queryset(request).annotate(in_use=in_use).select_related("retirement")

    @admin.display(description="retired at")
    def retired_at(self, published: PublishedModels) -> Any:
        return published.retirement.retired_at if published.is_retired else None

    @admin.display(description="retired by")
    def retired_by(self, published: PublishedModels) -> str:
        return published.retirement.retired_by if published.is_retired else ""

    @admin.display(description="new results take it", boolean=True)
    def is_in_use(self, published: Any) -> bool:
        return bool(published.in_use)

    @admin.display(description="mixes")
    def shares(self, published: PublishedModels) -> str:
        """In basis points, a label on each line."""
        return "\n".join(
            f"{label}: {', '.join(f'{asset} {units}' for asset, units in parts.items())}"
            for label, parts in published.by_label().items()
        )


@admin.register(ModelDraft, site=site)
class ModelDraftAdmin(OfFirmAdmin):
    list_display = ("pk", "changed_at", "version")
    ordering = ("-changed_at", "pk")
    search_fields = ("=firm__id",)
    search_help_text = "The id of a firm"
    fields = ("firm", "name", "note", "mixes", "changed_by", "changed_at", "version")


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """Which versions firms use, and by which ones results were made."""
    context = {
        **site.each_context(request),
        "title": "Versions in use",
        "tables": [
            {
                "title": "Firms, by what makes their new results",
                "of": "Method",
                "rows": _counted(Firm.objects.all(), "method"),
            },
            {
                "title": "Results, by what made them",
                "of": "Method, questionnaire, assumptions",
                "rows": _counted(
                    Assessment.objects.all(), "method", "questionnaire", "assumptions"
                ),
            },
        ],
    }
    request.current_app = site.name  # the admin's own convention
    return render(request, "staff/versions.html", context)


def _counted(rows: models.QuerySet[Any], *names: str) -> list[tuple[str, int]]:
    counts = rows.values_list(*names).annotate(Count("pk")).order_by(*names)
    return [(", ".join(versions), number) for *versions, number in counts]


site.add_page("versions", versions)


# -- What a firm's row says ------------------------------------------------------------------------------

firm_columns["clients"] = count_of_firm(ClientProfile.objects.active())
firm_columns["overdue"] = count_of_firm(
    ClientProfile.objects.active().filter(review_due_on__lt=TruncDate(Now()))
)
