"""Letters about reviews: wanted or not."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from questionnaire.models import ClientProfile
from questionnaire.services import reminding
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.web.fragments import go_to

ONE_CLICK = ("List-Unsubscribe", "One-Click")  # what a mail program posts: RFC 8058


@require_POST
@signed_in
def switch(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """From the client's page."""
    client = get_object_or_404(ClientProfile.objects.changeable_by(request.user), pk=client_id)
    wanted = request.POST.get("wants") == "yes"
    reminding.switch_reminders(client=client, wanted=wanted, by=by_for(request, client))
    return go_to("client", client_id=client.pk)


@csrf_exempt  # for the mail program, which has no cookie of ours; the page's own form is checked below
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """From a letter, signed in or not: opening the link changes nothing, as programs open links too."""
    client = reminding.client_of_token(token)
    if client is None:
        raise Http404
    name, value = ONE_CLICK
    if request.method == "POST" and request.POST.get(name) == value:
        reminding.switch_reminders(client=client, wanted=False, by=by_of(request))
        return show(request, token, wanted=False)  # a mail program must not be sent elsewhere
    return _unsubscribe(request, token, client)


@csrf_protect
def _unsubscribe(request: HttpRequest, token: str, client: ClientProfile) -> HttpResponse:
    if request.method == "POST":
        wanted = request.POST.get("wants") == "yes"
        reminding.switch_reminders(client=client, wanted=wanted, by=by_of(request))
        return go_to("unsubscribe", token=token)
    return show(request, token, wanted=client.wants_reminders)


def show(request: HttpRequest, token: str, *, wanted: bool) -> HttpResponse:
    context = {"token": token, "wanted": wanted}
    return render(request, "questionnaire/unsubscribe.html", context)
