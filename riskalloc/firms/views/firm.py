"""Founding a practice, its page, and what its owner settles."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from riskalloc import methodology
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.forms import FirmForm, NewFirmForm
from riskalloc.firms.models import AT_THE_DESK, Firm, Invitation, Membership
from riskalloc.firms.services.founding import ChangedElsewhere, change_firm, found_practice
from riskalloc.web.fragments import go_to

BY_ROLE = Case(
    *[When(role=role, then=Value(number)) for number, role in enumerate(AT_THE_DESK)],
    output_field=IntegerField(),
)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Somebody says "I am an advisor" and becomes the owner of a practice."""
    assert request.user.is_authenticated
    form = NewFirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        firm = found_practice(
            name=form.cleaned_data["name"],
            owner=request.user,
            by=by_of(request),
            firm_id=form.cleaned_data["id"],
        )
        return go_to("firm", firm_id=firm.pk)
    return show_form(request, "firms/new.html", form)


def show_form(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """A page with a form: 422 where something on it is wrong."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


@require_GET
@signed_in
def show(request: HttpRequest, firm_id: Any) -> HttpResponse:
    """Who sits at the desk; for its owner also who is invited, and what is settled."""
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=firm_id)
    members = Membership.objects.visible_to(request.user).filter(firm=firm).select_related("user")
    invitations = Invitation.objects.visible_to(request.user).filter(firm=firm).unanswered()
    context = {
        "firm": firm,
        "members": members.order_by(BY_ROLE, "user__email"),
        "invitations": invitations.order_by("created_at", "pk"),
        "method": methodology.load(firm.method),
        "my_role": members.filter(user=request.user.pk).values_list("role", flat=True).first(),
    }
    return render(request, "firms/firm.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def settle(request: HttpRequest, firm_id: Any) -> HttpResponse:
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    if request.method == "GET":
        return show_form(request, "firms/settings.html", FirmForm.of_firm(firm), firm=firm)
    form = FirmForm(request.POST)
    if not form.is_valid():
        return show_form(request, "firms/settings.html", form, firm=firm)
    try:
        change_firm(firm=firm, by=by_of(request), **form.cleaned_data)
    except ChangedElsewhere as change:
        return show_conflict(request, form, change.firm)
    return go_to("firm", firm_id=firm.pk)


def show_conflict(request: HttpRequest, form: FirmForm, firm: Firm) -> HttpResponse:
    """Both values of what differs, and a form that carries the new version: nothing is overwritten."""
    mine = Firm(**{name: form.cleaned_data[name] for name in form.cleaned_data})
    context = {
        "firm": firm,
        "version": firm.version,
        "typed": [
            (name, form.cleaned_data[name]) for name in form.cleaned_data if name != "version"
        ],
        "rows": [
            (form.fields[name].label, getattr(firm, name), getattr(mine, name))
            for name in ("name", "retention_years")
            if getattr(firm, name) != getattr(mine, name)
        ],
    }
    return render(request, "firms/conflict.html", context, status=409)
