"""The ground of staff's pages at `/staff/`: Django's admin, for staff with a second factor only.

Lists show ids and versions, never who somebody is; what shows a person's data is entered in the trail of
the firm before it is shown, and so is every change.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path

from riskalloc.firms.access import sign_in_address
from riskalloc.firms.accounts.standing import standing_of
from riskalloc.firms.audit import by_of, record
from riskalloc.firms.tenancy import admit_to_everything
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
            admit_to_everything()
            return guarded(request, *args, **kwargs)

        return for_staff

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = [path(f"{name}/", self.admin_view(view), name=name) for name, view in self.pages]
        return own + [url for url in super().get_urls() if getattr(url, "name", "") not in LEFT_OUT]


site = StaffSite()
# What a firm's row says of its size and health: the apps that have the rows add their columns.
firm_columns: dict[str, models.expressions.BaseExpression] = {}


def count_of_firm(rows: models.QuerySet[Any]) -> models.expressions.BaseExpression:
    """How many of these are the firm's of a row of firms; asked for the rows of one page only."""
    counted = rows.order_by().filter(firm=models.OuterRef("pk")).values("firm")
    return Coalesce(models.Subquery(counted.annotate(n=models.Count("pk")).values("n")), 0)


class Viewed(NamedTuple):
    """In whose trail it is said that staff looked, and which client's data it was."""

    firm_id: UUID
    about: UUID | None


class StaffAdmin(admin.ModelAdmin):
    """Rows to look at, and nothing else unless a subclass says so."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
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
