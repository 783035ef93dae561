"""Staff's pages at `/staff/`: Django's admin, for staff with a second factor only.

Lists show ids and versions, never who somebody is; what shows a person's data is entered in the trail of
the firm before it is shown, and so is every change.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path

from riskalloc.firms.access import sign_in_address
from riskalloc.firms.accounts.standing import standing_of
from riskalloc.firms.audit import by_of, changes, plain_values, record
from riskalloc.firms.forms import role_field
from riskalloc.firms.models import AT_THE_DESK, AuditEntry, Firm, Invitation, Membership, User
from riskalloc.firms.services.inviting import masked
from riskalloc.firms.services.members import LastOwner, change_role, is_last_owner, remove_member
from riskalloc.web.errors import not_found

View = Callable[..., HttpResponse]
# Signing in and out, passwords: the product's own pages. Autocompletion would list names unseen.
LEFT_OUT = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "view_on_site",
}


class StaffSite(admin.AdminSite):
    site_header = site_title = "RiskAlloc staff"
    index_title = "What staff may see and change"
    index_template = "staff/index.html"
    enable_nav_sidebar = False

    def __init__(self, name: str = "staff") -> None:
        super().__init__(name)
        self.pages: list[tuple[str, View]] = []

    def add_page(self, name: str, view: View) -> None:
        """A page of its own, at `/staff/<name>/`."""
        self.pages.append((name, view))

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return False
        standing = getattr(request, "standing", None) or standing_of(user)
        return standing.has_second_step

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Sign in first; and for anybody else who is not staff there is no such page."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def for_staff(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect(sign_in_address(request))
            if not self.has_permission(request):
                return not_found(request)
            return guarded(request, *args, **kwargs)

        return for_staff

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = [path(f"{name}/", self.admin_view(view), name=name) for name, view in self.pages]
        return own + [url for url in super().get_urls() if getattr(url, "name", "") not in LEFT_OUT]


site = StaffSite()


class Viewed(NamedTuple):
    """In whose trail it is said that staff looked, and which client's data it was."""

    firm_id: UUID
    about: UUID | None


class StaffAdmin(admin.ModelAdmin):
    """Rows to look at, and nothing else unless a subclass says so."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "staff/row.html"

    def viewed(self, row: Any) -> Iterable[Viewed]:
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The entry comes first: what cannot be recorded is not shown."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        with transaction.atomic():
            for viewed in self.viewed(row):
                record(
                    by=by_of(request),
                    firm_id=viewed.firm_id,
                    action="viewed by staff",
                    of=row,
                    about=viewed.about,
                )
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404  # the trail is the history

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what is offered: a filter on a name in the address would tell names unseen."""
        return lookup.partition("__")[0] in self.list_filter

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def viewed_memberships(memberships: models.QuerySet[Membership]) -> list[Viewed]:
    """The profile that hangs on a membership belongs to the app above."""
    return [Viewed(*ids) for ids in memberships.values_list("firm_id", "profile__pk").distinct()]


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

    list_display = (
        "pk",
        "practice",
        "is_personal",
        "is_demo",
        "method",
        "retention_years",
        "created_at",
    )
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

    @admin.display(description="name")
    def practice(self, firm: Firm) -> str:
        """The firm of one person has their address as its name."""
        return "" if firm.is_personal else firm.name

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Firm], search_term: str
    ) -> tuple[models.QuerySet[Firm], bool]:
        found, has_doubles = super().get_search_results(request, queryset, search_term)
        return found.filter(is_personal=False) if search_term else found, has_doubles

    def viewed(self, row: Firm) -> Iterable[Viewed]:
        return [Viewed(row.pk, None)]


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
