"""The owner of a firm says who looks after a client."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from questionnaire.forms.assigning import AdvisorsForm
from questionnaire.models import ClientProfile
from questionnaire.services.assigning import set_advisors
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import Membership
from riskalloc.web.fragments import go_to


@require_http_methods(["GET", "POST"])
@signed_in
def advisors(request: HttpRequest, client_id: Any) -> HttpResponse:
    owned = ClientProfile.objects.owned_by(request.user).select_related("firm")
    client = get_object_or_404(owned, pk=client_id)
    members = Membership.objects.visible_to(request.user).filter(firm=client.firm)
    members = members.select_related("user").order_by("user__email")
    if request.method == "GET":
        now = [str(pk) for pk in client.assignments.values_list("membership_id", flat=True)]
        return show(request, client, AdvisorsForm(members, initial={"advisors": now}))
    form = AdvisorsForm(members, data=request.POST)
    if not form.is_valid():
        return show(request, client, form, status=422)
    set_advisors(
        client=client, offered=form.members.values(), chosen=form.chosen(), by=by_of(request)
    )
    return go_to("client_advisors", client_id=client.pk)


def show(
    request: HttpRequest, client: ClientProfile, form: AdvisorsForm, status: int = 200
) -> HttpResponse:
    context = {"client": client, "form": form}
    return render(request, "questionnaire/advisors.html", context, status=status)
