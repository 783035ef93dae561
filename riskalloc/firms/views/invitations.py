"""An owner invites people to the firm's desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.forms import InviteForm
from riskalloc.firms.letters import wait_to_write
from riskalloc.firms.links import link_to
from riskalloc.firms.models import Firm, Invitation
from riskalloc.firms.services.inviting import (
    invite_member,
    resend_invitation,
    withdraw_invitation,
)
from riskalloc.firms.views.firm import show_form
from riskalloc.web.errors import too_many
from riskalloc.web.fragments import go_to


@require_http_methods(["GET", "POST"])
@signed_in
def invite(request: HttpRequest, firm_id: Any) -> HttpResponse:
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    if request.method == "GET":
        return show_form(request, "firms/invite.html", InviteForm(firm), firm=firm)
    if wait := wait_to_write(request):
        return too_many(request, wait)
    form = InviteForm(firm, data=request.POST)
    if not form.is_valid():
        return show_form(request, "firms/invite.html", form, firm=firm)
    invite_member(
        firm=firm,
        email=form.cleaned_data["email"],
        role=form.cleaned_data["role"],
        by=by_of(request),
        link_of=link_to("join", request),
        invitation_id=form.cleaned_data["id"],
    )
    return go_to("firm", firm_id=firm.pk)


def invitation_of_own_firm(request: HttpRequest, firm_id: Any, invitation_id: Any) -> Invitation:
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    invitations = Invitation.objects.visible_to(request.user).select_related("firm")
    return get_object_or_404(invitations, firm=firm, pk=invitation_id)


@require_POST
@signed_in
def withdraw(request: HttpRequest, firm_id: Any, invitation_id: Any) -> HttpResponse:
    invitation = invitation_of_own_firm(request, firm_id, invitation_id)
    withdraw_invitation(invitation=invitation, by=by_of(request))
    return go_to("firm", firm_id=firm_id)


@require_POST
@signed_in
def resend(request: HttpRequest, firm_id: Any, invitation_id: Any) -> HttpResponse:
    invitation = invitation_of_own_firm(request, firm_id, invitation_id)
    if wait := wait_to_write(request):
        return too_many(request, wait)
    resend_invitation(invitation=invitation, by=by_of(request), link_of=link_to("join", request))
    return go_to("firm", firm_id=firm_id)
