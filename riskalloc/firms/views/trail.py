"""What was done in a firm, by whom, and when: its owner's to read."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from riskalloc.firms.access import signed_in
from riskalloc.firms.display import entries_page
from riskalloc.firms.models import AuditEntry, Firm


@require_GET
@signed_in
def show(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    entries = AuditEntry.objects.visible_to(request.user).filter(firm=firm)
    page = entries_page(entries, request.GET.get("before", ""), by="seq")
    return render(request, "firms/trail.html", {"firm": firm, "page": page})
