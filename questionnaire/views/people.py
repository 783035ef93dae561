"""Where people arrive after signing in, what needs them themselves, and a new client."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from questionnaire.display import clients as clients_shown
from questionnaire.forms.clients import NewClientForm
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services import clients, owning
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import CHANGES_CLIENTS, Firm, Membership
from riskalloc.web.fragments import go_to

CLAIM = "claim"  # the session's key for a result that waits for its owner to sign in


@require_POST
def save_result(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep a result for good: at once, or as soon as the person has signed in or up."""
    assessment = get_object_or_404(Assessment.objects.live(), public_id=public_id)
    request.session[CLAIM] = assessment.public_id
    return go_to("arrive") if request.user.is_authenticated else go_to("account_signup")


@require_GET
@signed_in
def arrive(request: HttpRequest) -> HttpResponse:
    """After signing in: the result that was waiting becomes theirs; then on to what needs them."""
    assert request.user.is_authenticated
    public_id = request.session.pop(CLAIM, None)
    if public_id:
        client = owning.claim(public_id=public_id, user=request.user, by=by_of(request))
        if client:
            return go_to("client", client_id=client.pk)
    sits_at_desk = Firm.objects.visible_to(request.user).exists()
    return go_to("desk" if sits_at_desk else "today")


@require_GET
@signed_in
def today(request: HttpRequest) -> HttpResponse:
    """What needs me myself: my own review, and what I own. Clients are at the desk."""
    day = timezone.localdate()
    own = ClientProfile.objects.of_user(request.user).select_related("firm").first()
    own_latest = clients_shown.light_assessments(own).first() if own else None
    context = {
        "own": own,
        "own_standing": clients_shown.standing(own, day) if own else None,
        "own_latest": own_latest,
        "own_mix": clients_shown.mix_of(own_latest) if own_latest else None,
        "firms": list(Firm.objects.visible_to(request.user).order_by("name")),
        "nav": "today",
    }
    return render(request, "questionnaire/today.html", context)


# -- A new client ----------------------------------------------------------------------------------------


def may_add(request: HttpRequest) -> QuerySet[Membership]:
    """The desks from which this person may add clients."""
    mine = Membership.objects.visible_to(request.user)
    return mine.filter(user=request.user.pk, role__in=CHANGES_CLIENTS)


def add_to(request: HttpRequest) -> list[Firm]:
    desks = may_add(request).select_related("firm").order_by("firm__name")
    return [membership.firm for membership in desks]


@require_http_methods(["GET", "POST"])
@signed_in
def new_client(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    membership = get_object_or_404(may_add(request).select_related("firm"), firm=firm_id)
    form = NewClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        client = clients.create_client(
            client_id=form.client_id,
            membership=membership,
            values=form.values(),
            by=by_of(request),
        )
        return go_to("client", client_id=client.pk)
    context = {"form": form, "firm": membership.firm}
    status = 422 if request.method == "POST" else 200
    return render(request, "questionnaire/client_new.html", context, status=status)
