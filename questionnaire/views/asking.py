"""The questionnaire for a client: typed by an advisor, or by whoever has the link that was sent."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from questionnaire import wizard
from questionnaire.forms.clients import LinkForm
from questionnaire.models import ClientProfile, Draft, new_token
from questionnaire.services import answering, joining, linking
from questionnaire.views.clients import by_for
from questionnaire.views.drafts import remember
from riskalloc import methodology
from riskalloc.engine.rules import Methodology
from riskalloc.firms.access import signed_in
from riskalloc.firms.letters import wait_to_write
from riskalloc.firms.links import link_to
from riskalloc.firms.models import INVITATION_DAYS
from riskalloc.firms.tenancy import admit_to
from riskalloc.web.errors import closed, too_many
from riskalloc.web.fragments import go_to
from riskalloc.web.throttle import seconds_to_wait


def method_of(client: ClientProfile) -> Methodology:
    return methodology.load(client.firm.method)


@require_POST
@signed_in
def start_for(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Answer for a client (or for oneself, once more), in this browser."""
    found = ClientProfile.objects.changeable_by(request.user).active().select_related("firm")
    client = get_object_or_404(found, pk=client_id)
    if settings.CLOSED:
        return closed(request)
    token = new_token()
    draft = answering.start_draft_for(
        client=client, token=token, by=by_for(request, client), method=method_of(client)
    )
    response = go_on(draft, method_of(client))
    remember(response, token)
    return response


def go_on(draft: Draft, method: Methodology) -> HttpResponse:
    """To the first question that is open, or to the check."""
    question = wizard.first_open(draft.answers, method)
    return go_to("question", slug=wizard.slug(question)) if question else go_to("check")


@require_http_methods(["GET", "POST"])
@signed_in
def send_link(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Send somebody a link under which they answer for themselves, without an account."""
    found = ClientProfile.objects.managed_by(request.user).active().select_related("firm")
    client = get_object_or_404(found, pk=client_id)
    form = LinkForm(request.POST or None, initial={"email": client.email})
    if request.method == "POST" and (wait := wait_to_write(request)):
        return too_many(request, wait)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        linking.send_link(
            client=client,
            email=email,
            sent_id=form.cleaned_data["id"],
            by=by_for(request, client),
            link_of=link_to("open_link", request),
        )
        context = {"client": client, "email": email, "days": settings.DRAFT_DAYS}
        return render(request, "questionnaire/link_sent.html", context)
    context = {"client": client, "form": form, "days": settings.DRAFT_DAYS}
    status = 422 if request.method == "POST" else 200
    return render(request, "questionnaire/link.html", context, status=status)


@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, and for what; starting puts the draft into this browser."""
    if wait := seconds_to_wait(request, "links", settings.DRAFTS_PER_MINUTE):
        return too_many(request, wait)
    drafts = Draft.objects.of_token(token).filter(is_link=True, result=None)
    admit_to(drafts, "client__firm")
    draft = drafts.select_related("client__firm", "started_by").first()
    if draft is None or draft.client is None or draft.client.is_archived:
        raise Http404
    if request.method == "GET":
        context = {"draft": draft, "client": draft.client, "firm": draft.client.firm}
        return render(request, "questionnaire/link_opened.html", context)
    response = go_on(draft, method_of(draft.client))
    remember(response, token)
    return response


@require_http_methods(["GET", "POST"])
@signed_in
def invite(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Offer a client a sign-in of their own; one who has it needs no letter."""
    found = ClientProfile.objects.managed_by(request.user).active().filter(membership=None)
    client = get_object_or_404(found.select_related("firm"), pk=client_id)
    form = LinkForm(request.POST or None, initial={"email": client.email})
    if request.method == "POST" and (wait := wait_to_write(request)):
        return too_many(request, wait)
    if request.method == "POST" and form.is_valid():
        joining.invite_client(
            client=client,
            email=form.cleaned_data["email"],
            by=by_for(request, client),
            link_of=link_to("join", request),
            invitation_id=form.cleaned_data["id"],
        )
        return go_to("client", client_id=client.pk)
    context = {"client": client, "form": form, "days": INVITATION_DAYS}
    status = 422 if request.method == "POST" else 200
    return render(request, "questionnaire/client_invite.html", context, status=status)
