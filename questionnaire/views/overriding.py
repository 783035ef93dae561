"""An advisor decides on another mix."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from questionnaire.forms.clients import OverrideForm
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services.overriding import override_mix
from questionnaire.views.clients import by_for
from riskalloc.engine.assets import Mix
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to


@require_http_methods(["GET", "POST"])
@signed_in
def override(request: HttpRequest, client_id: UUID, public_id: str) -> HttpResponse:
    """Only the last assessment can be overridden: what is past stays as it was decided."""
    managed = ClientProfile.objects.managed_by(request.user).active().select_related("firm")
    client = get_object_or_404(managed, pk=client_id)
    seen = Assessment.objects.visible_to(request.user).filter(ownership__client=client)
    latest = Assessment.objects.latest_of(client)
    assessment = get_object_or_404(seen, public_id=public_id, pk=latest.pk if latest else None)
    calculated = Mix(*assessment.calculation["allocation"]["mix"])
    form = OverrideForm(request.POST or None, initial=dict(calculated))
    if request.method == "POST" and form.is_valid():
        override_mix(
            override_id=form.cleaned_data["id"],
            client=client,
            assessment=assessment,
            mix=form.mix(),
            reason=form.cleaned_data["reason"],
            by=by_for(request, client),
        )
        return go_to("client", client_id=client.pk)
    context = {
        "client": client,
        "assessment": assessment,
        "calculated": calculated,
        "form": form,
        "overrides": assessment.overrides.all(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "questionnaire/override.html", context, status=status)
