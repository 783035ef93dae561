"""Two assessments of a client beside each other."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from questionnaire.display import clients as clients_shown, comparing
from questionnaire.models import Assessment, ClientProfile
from questionnaire.snapshots import inputs_of
from questionnaire.views.clients import visible
from riskalloc.engine.comparison import compare as compare_inputs
from riskalloc.firms.access import signed_in


@require_GET
@signed_in
def compare(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Why one differs from the other: the last two, or any two of this client."""
    client = get_object_or_404(visible(request), pk=client_id)
    listed = list(clients_shown.light_assessments(client))
    if len(listed) < 2:
        context = {"client": client, "is_assessed": bool(listed)}
        return render(request, "questionnaire/compare_empty.html", context)
    after = chosen(request, client, "b", listed[0])
    before = chosen(request, client, "a", just_before(after, listed))
    context = {
        "client": client,
        "choices": comparing.choices(listed, before, after),
        "sides": comparing.sides(before, after),
        "compared": comparing.compared(compare_inputs(inputs_of(before), inputs_of(after))),
        "is_same": before == after,
    }
    return render(request, "questionnaire/compare.html", context)


def just_before(after: Assessment, listed: list[Assessment]) -> Assessment:
    """The one before; for the first of all, the last."""
    return next((one for one in listed if one.created_at < after.created_at), listed[0])


def chosen(
    request: HttpRequest, client: ClientProfile, name: str, default: Assessment
) -> Assessment:
    """The assessment that the address names; 404 where it is not one of this client."""
    public_id = request.GET.get(name) or default.public_id
    of_client = Assessment.objects.filter(ownership__client=client)
    return get_object_or_404(of_client.prefetch_related("overrides"), public_id=public_id)
