"""An advisor decides on another mix."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from questionnaire.display.comparing import calculated_mix
from questionnaire.forms.clients import OverrideForm
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services.living import AssessedMeanwhile
from questionnaire.services.overriding import override_mix
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to


@require_http_methods(["GET", "POST"])
@signed_in
def override(request: HttpRequest, client_id: UUID, public_id: str) -> HttpResponse:
    """Only the last assessment can be overridden: what is past stays as it was decided."""
    managed = ClientProfile.objects.managed_by(request.user).active().select_related("firm")
    client = get_object_or_404(managed, pk=client_id)
    seen = Assessment.objects.visible_to(request.user).filter(ownership__client=client)
    assessment = get_object_or_404(seen, public_id=public_id)
    if request.method == "GET":
        if Assessment.objects.latest_of(client) != assessment:
            raise Http404
        form = OverrideForm(initial=dict(calculated_mix(assessment)))
        return show(request, client, assessment, form)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return show(request, client, assessment, form, status=422)
    try:
        override_mix(
            override_id=form.cleaned_data["id"],
            client=client,
            assessment=assessment,
            mix=form.mix(),
            reason=form.cleaned_data["reason"],
            by=by_for(request, client),
        )
    except AssessedMeanwhile:
        latest = Assessment.objects.latest_of(client) or assessment
        return show(request, client, latest, form, status=409)
    return go_to("client", client_id=client.pk)


def show(
    request: HttpRequest,
    client: ClientProfile,
    assessment: Assessment,
    form: OverrideForm,
    status: int = 200,
) -> HttpResponse:
    """The form; after a conflict with what was calculated meanwhile, and with what was typed."""
    context = {
        "client": client,
        "assessment": assessment,
        "calculated": calculated_mix(assessment),
        "form": form,
        "overrides": assessment.overrides.all(),
        "is_conflict": status == 409,
    }
    return render(request, "questionnaire/override.html", context, status=status)
