"""What staff may see of people, firms and work, and the little that they may change."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from riskalloc.firms.audit import by_of, changes, plain_values, record
from riskalloc.firms.forms import role_field
from riskalloc.firms.models import (
    AT_THE_DESK,
    AuditEntry,
    Firm,
    Invitation,
    Job,
    JobItem,
    Membership,
    User,
)
from riskalloc.firms.services.inviting import masked
from riskalloc.firms.services.members import LastOwner, change_role, is_last_owner, remove_member
from riskalloc.firms.staff import StaffAdmin, Viewed, count_of_firm, firm_columns, site

MOST_SENTENCES = 50


def viewed_memberships(memberships: models.QuerySet[Membership]) -> list[Viewed]:
    """The profile that hangs on a membership belongs to the app above."""
    return [Viewed(*ids) for ids in memberships.values_list("firm_id", "profile__pk").distinct()]


def column_name(title: str) -> str:
    return "column_" + title.replace(" ", "_")


def column(title: str) -> Any:
    """What the list's query has worked out."""

    @admin.display(description=title, ordering=column_name(title))
    def shown(*of: Any) -> Any:  # called with the row alone, or as a method
        value = getattr(of[-1], column_name(title))
        return day_of(value) if isinstance(value, datetime) else value

    return shown


def day_of(moment: datetime) -> str:
    return date_format(localtime(moment), "j M Y")


def count_of_job(**of: Any) -> Any:
    rows = JobItem.objects.filter(job=models.OuterRef("pk"), **of).order_by().values("job")
    counted = models.Subquery(rows.annotate(n=models.Count("pk")).values("n"))
    return Coalesce(counted, 0)


@admin.register(User, site=site)
class UserAdmin(StaffAdmin):
    """Accounts: found by the whole address, closed and opened again."""

    list_display = ("pk", "address", "is_active", "is_staff", "joined_at")
    list_filter = ("is_active", "is_staff")
    ordering = ("pk",)
    search_fields = ("=email",)
    search_help_text = "The whole e-mail address"
    fields = ("email", "is_active", "is_staff", "joined_at", "last_login")
    readonly_fields = ("email", "joined_at", "last_login")

    @admin.display(description="e-mail address")
    def address(self, user: User) -> str:
        return masked(user.email)

    def viewed(self, row: User) -> Iterable[Viewed]:
        return viewed_memberships(Membership.objects.filter(user=row))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Others: nobody locks themselves out."""
        return obj is None or obj.pk != request.user.pk

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        names = ("is_active", "is_staff")
        before = plain_values(User.objects.select_for_update().get(pk=obj.pk), names)
        was, now = changes(before, plain_values(obj, names))
        obj.save(update_fields=names)
        if (
            not obj.is_active
        ):  # for good: no old cookie works again with an account that is opened again
            for session in UserSession.objects.filter(user=obj):
                session.end()
        for viewed in self.viewed(obj) if now else ():
            record(
                by=by_of(request),
                firm_id=viewed.firm_id,
                action="account changed by staff",
                of=obj,
                about=viewed.about,
                before=was,
                after=now,
            )


@admin.register(Firm, site=site)
class FirmAdmin(StaffAdmin):
    """What a firm has settled is its owner's to change."""

    list_display = ("pk", "practice")
    list_filter = ("is_personal", "is_demo", "method")
    ordering = ("created_at", "pk")
    search_fields = ("name",)
    search_help_text = "The name of a practice"
    fields = (
        "id",
        "name",
        "is_personal",
        "is_demo",
        "method",
        "retention_years",
        "created_at",
        "version",
    )
    readonly_fields = fields

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return (*self.list_display, *map(column, firm_columns), "since", "method", "is_demo")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Firm]:
        columns = {column_name(title): asked for title, asked in firm_columns.items()}
        return super().get_queryset(request).annotate(**columns)

    @admin.display(description="name")
    def practice(self, firm: Firm) -> str:
        """The firm of one person has their address as its name."""
        return "(one person)" if firm.is_personal else firm.name

    @admin.display(description="since", ordering="created_at")
    def since(self, firm: Firm) -> str:
        return day_of(firm.created_at)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Firm], search_term: str
    ) -> tuple[models.QuerySet[Firm], bool]:
        found, has_doubles = super().get_search_results(request, queryset, search_term)
        return found.filter(is_personal=False) if search_term else found, has_doubles

    def viewed(self, row: Firm) -> Iterable[Viewed]:
        return [Viewed(row.pk, None)]


FAILED_SINCE = timedelta(days=7)
FAILED = JobItem.objects.filter(state=JobItem.State.FAILED)
LAST_ENTRY = AuditEntry.objects.filter(firm=models.OuterRef("pk")).order_by("-seq")
firm_columns["advisors"] = count_of_firm(Membership.objects.at_the_desk())
firm_columns["not done in a week"] = count_of_firm(FAILED.filter(done_at__gt=Now() - FAILED_SINCE))
firm_columns["last activity"] = models.Subquery(LAST_ENTRY.values("at")[:1])


class MembershipForm(forms.ModelForm):
    role = role_field()

    class Meta:
        model = Membership
        fields = ("role",)

    def clean_role(self) -> str:
        """What the service would refuse is said here; the firm stays locked until it is saved."""
        Firm.objects.locked().get(pk=self.instance.firm_id)
        role = self.cleaned_data["role"]
        if role != self.initial["role"] and is_last_owner(self.instance):
            raise ValidationError("Somebody has to own the firm. Make somebody else owner first.")
        return role


@admin.register(Membership, site=site)
class MembershipAdmin(StaffAdmin):
    """Who sits at which desk; a firm whose owners are all gone gets a new one here."""

    form = MembershipForm
    list_display = ("pk", "firm_id", "user_id", "role", "created_at")
    list_filter = ("role",)
    ordering = ("created_at", "pk")
    search_fields = ("=firm__id",)
    search_help_text = "The id of a firm"
    fields = ("id", "firm", "user", "role", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name != "role")

    def viewed(self, row: Membership) -> Iterable[Viewed]:
        return viewed_memberships(Membership.objects.filter(pk=row.pk))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.role in AT_THE_DESK

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.role in AT_THE_DESK and not is_last_owner(obj)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        change_role(membership=obj, role=form.cleaned_data["role"], by=by_of(request))

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        with suppress(LastOwner):  # the other owner went meanwhile: this one stays
            remove_member(membership=obj, by=by_of(request))


@admin.register(Invitation, site=site)
class InvitationAdmin(StaffAdmin):
    list_display = (
        "pk",
        "firm_id",
        "role",
        "created_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    )
    list_filter = ("role",)
    ordering = ("-created_at", "pk")
    fields = (
        "id", "firm", "email", "role", "invited_by", "created_at", "expires_at", "accepted_at",
        "withdrawn_at",
    )  # fmt: skip

    def viewed(self, row: Invitation) -> Iterable[Viewed]:
        """The profile that the letter was about belongs to the app above."""
        invitations = Invitation.objects.filter(pk=row.pk)
        return [Viewed(*ids) for ids in invitations.values_list("firm_id", "client__pk")]


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(StaffAdmin):
    """One entry at a time: what it says may be a client's."""

    list_display = ("pk", "firm_id", "seq", "at", "action", "object_type", "object_id")
    ordering = ("-pk",)
    search_fields = ("=firm__id", "=object_id")
    search_help_text = "The id of a firm, or of what was changed"
    fields = (
        "firm_id", "seq", "at", "actor_name", "on_behalf_of", "action", "object_type", "object_id",
        "about", "before", "after", "request_id", "previous_hash", "hash",
    )  # fmt: skip
    readonly_fields = ("firm_id",)

    def viewed(self, row: AuditEntry) -> Iterable[Viewed]:
        return (
            [Viewed(row.firm_id, row.about)] if Firm.objects.filter(pk=row.firm_id).exists() else []
        )


class HowFar(admin.SimpleListFilter):
    title = "how far"
    parameter_name = "far"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "not ended"), ("left", "broken off"), ("failed", "something not done")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> Any:
        match self.value():
            case "open":
                return queryset.filter(ended_at__isnull=True)
            case "left":
                return queryset.filter(ended_at__isnull=True, lease_until__lte=Now())
            case "failed":
                return queryset.filter(models.Exists(FAILED.filter(job=models.OuterRef("pk"))))
        return queryset


@admin.register(Job, site=site)
class JobAdmin(StaffAdmin):
    """Work on many things. A title may name a person: only the row's own page shows it."""

    list_display = ("pk", "firm_id", "kind", "created_at", "ended_at", "total", "done", "not_done")
    list_filter = (HowFar,)
    ordering = ("-created_at", "pk")
    search_fields = ("=id", "=firm__id", "=kind")
    search_help_text = "The id of the work or of a firm, or a kind of work"
    fields = (
        "id", "firm", "kind", "title", "made_by", "arguments", "again_of", "created_at", "started_at",
        "ended_at", "cancelled_at", "lease_until", "tries", "total", "done", "not_done", "why",
    )  # fmt: skip
    readonly_fields = ("total", "done", "not_done", "why")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Job]:
        rows = super().get_queryset(request)
        return rows.annotate(
            column_total=count_of_job(),
            column_done=count_of_job(state=JobItem.State.DONE),
            column_not_done=count_of_job(state=JobItem.State.FAILED),
        )

    total, done, not_done = column("total"), column("done"), column("not done")

    @admin.display(description="why not done")
    def why(self, job: Job) -> str:
        """The sentences, the most frequent first."""
        failed = job.items.filter(state=JobItem.State.FAILED).order_by().values_list("said")
        counted = failed.annotate(n=models.Count("pk")).order_by("-n", "said")[:MOST_SENTENCES]
        return "\n".join(f"{count} x {said}" for said, count in counted)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == HowFar.parameter_name

    def viewed(self, row: Job) -> Iterable[Viewed]:
        return [Viewed(row.firm_id, None)]
