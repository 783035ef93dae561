"""The link in an invitation's letter."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from questionnaire.services import joining
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import AT_THE_DESK, Invitation, Membership, User
from riskalloc.firms.services.inviting import masked
from riskalloc.web.errors import answer, too_many
from riskalloc.web.fragments import go_to
from riskalloc.web.throttle import seconds_to_wait


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Says who invites to what; accepting is a POST by somebody whose address it was sent to."""
    if wait := seconds_to_wait(request, "joining", settings.INVITATIONS_PER_MINUTE):
        return too_many(request, wait)
    invitation = joining.open_invitation(token)
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST" and user:
        return accept(request, token, invitation, user)
    if invitation is None:
        return not_valid(request)
    if request.method == "POST":
        return redirect(with_next(settings.LOGIN_URL, token))
    problem = joining.obstacle_for(invitation, user) if user else None
    return show(request, token, invitation, problem)


def accept(
    request: HttpRequest, token: str, invitation: Invitation | None, user: User
) -> HttpResponse:
    try:
        if invitation is None:
            raise joining.NotOpen
        membership = joining.accept_invitation(invitation=invitation, user=user, by=by_of(request))
        return welcome(membership)
    except joining.CannotJoin as problem:
        assert invitation is not None
        return show(request, token, invitation, problem, status=422)
    except joining.NotOpen:
        before = joining.accepted_before(token, user)
        return welcome(before) if before else not_valid(request)


def welcome(membership: Membership) -> HttpResponse:
    if membership.role in AT_THE_DESK:
        return go_to("firm", firm_id=membership.firm_id)
    return go_to("arrive")


def not_valid(request: HttpRequest) -> HttpResponse:
    """The same answer for a link that never was, was used or withdrawn, or is too old."""
    return answer(
        request,
        404,
        "This link does not open",
        "This invitation is not valid any more. Ask for a new one.",
    )


def show(
    request: HttpRequest,
    token: str,
    invitation: Invitation,
    problem: joining.CannotJoin | None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "firm": invitation.firm,
        "is_desk": invitation.role in AT_THE_DESK,
        "invited": masked(invitation.email),
        "problem": problem.obstacle.name if problem else "",
        "client_of": problem.firm if problem else None,
        "join": reverse("join", kwargs={"token": token}),
        "sign_in": with_next(settings.LOGIN_URL, token),
        "sign_up": with_next("account_signup", token),
        "sign_out": with_next("account_logout", token),
    }
    return render(request, "questionnaire/join.html", context, status=status)


def with_next(page: str, token: str) -> str:
    """An address that comes back here."""
    return f"{resolve_url(page)}?next={reverse('join', kwargs={'token': token})}"
