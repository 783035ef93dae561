"""The review packet: one address that an advisor prints before a meeting."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portfolios.advisors import packet_shown
from questionnaire.display import clients as clients_shown
from questionnaire.forms.reviewing import ReviewForm
from questionnaire.models import Assessment, ClientProfile
from riskalloc.firms.access import signed_in


@require_GET
@signed_in
def packet(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """For the desk; notes go along unless the address says `?notes=no`, for a paper that is handed over."""
    found = ClientProfile.objects.at_the_desk_of(request.user).select_related("firm")
    client = get_object_or_404(found, pk=client_id)
    today, latest = timezone.localdate(), Assessment.objects.latest_of(client)
    context = {
        "client": client,
        "standing": clients_shown.standing(client, today),
        "packet": packet_shown.packet(client, latest, today) if latest else None,
        "has_notes": request.GET.get("notes") != "no",
        "form": ReviewForm.of_today() if client.is_managed and not client.is_archived else None,
        "software": settings.SOFTWARE_VERSION,
        "now": timezone.now(),
    }
    return render(request, "portfolios/advisors/packet.html", context)
