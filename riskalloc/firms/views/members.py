"""What each person at the desk may do, and their leaving."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.forms import RoleForm
from riskalloc.firms.models import Firm, Membership
from riskalloc.firms.services.members import (
    LastOwner,
    change_role,
    is_last_owner,
    remove_member,
)
from riskalloc.firms.views.firm import show_form
from riskalloc.web.fragments import go_to

OTHERS_FIRST = "Make somebody else owner first."


def member_of_own_firm(request: HttpRequest, firm_id: Any, membership_id: Any) -> Membership:
    """Somebody at the desk of a firm that the person who asks owns."""
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    members = Membership.objects.visible_to(request.user).select_related("firm", "user")
    return get_object_or_404(members, firm=firm, pk=membership_id)


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: HttpRequest, firm_id: Any, membership_id: Any) -> HttpResponse:
    membership = member_of_own_firm(request, firm_id, membership_id)
    sent = request.POST if request.method == "POST" else None
    form = RoleForm(sent, initial={"role": membership.role})
    if form.is_valid():
        try:
            change_role(membership=membership, role=form.cleaned_data["role"], by=by_of(request))
            return go_to("firm", firm_id=firm_id)
        except LastOwner:
            form.add_error("role", f"Somebody has to own the firm. {OTHERS_FIRST}")
    return show_form(
        request,
        "firms/member.html",
        form,
        membership=membership,
        firm=membership.firm,
        is_me=membership.user_id == request.user.pk,
        is_last_owner=is_last_owner(membership),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def remove(request: HttpRequest, firm_id: Any, membership_id: Any) -> HttpResponse:
    """Ask first, and say how many clients lose this person."""
    membership = member_of_own_firm(request, firm_id, membership_id)
    if request.method == "POST":
        return let_go(request, membership)
    return confirm(request, membership)


@require_http_methods(["GET", "POST"])
@signed_in
def leave(request: HttpRequest, firm_id: Any) -> HttpResponse:
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=firm_id)
    members = Membership.objects.visible_to(request.user).select_related("firm", "user")
    membership = get_object_or_404(members, firm=firm, user=request.user)
    if request.method == "POST":
        return let_go(request, membership)
    return confirm(request, membership)


def let_go(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Somebody who has left themselves goes where everybody goes after signing in."""
    try:
        remove_member(membership=membership, by=by_of(request))
    except LastOwner:
        return confirm(request, membership, status=422)
    if membership.user_id == request.user.pk:
        return go_to("arrive")
    return go_to("firm", firm_id=membership.firm_id)


def confirm(request: HttpRequest, membership: Membership, status: int = 200) -> HttpResponse:
    context = {
        "membership": membership,
        "firm": membership.firm,
        "is_me": membership.user_id == request.user.pk,
        "is_last_owner": is_last_owner(membership),
        "clients": membership.assignments.count(),
        "others_first": OTHERS_FIRST,
        "refused": status != 200,
    }
    return render(request, "firms/remove.html", context, status=status)
