"""Taking data along, leaving a firm, deleting, and what a firm has to keep."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from questionnaire.forms.leaving import DeleteForm
from questionnaire.models import ClientProfile, Tombstone
from questionnaire.services import exporting, leaving
from questionnaire.views.clients import RELATED, by_for
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import Firm, Role, User, Viewer
from riskalloc.firms.tenancy import admit_to
from riskalloc.web.fragments import go_to

PER_PAGE = 50


def deletable_by(user: Viewer) -> QuerySet[ClientProfile]:
    """One's own profile, and as owner those of the firm."""
    own = Q(membership__user=user.pk, membership__role=Role.CLIENT)
    owned = Q(viewer_role=Role.OWNER)
    return ClientProfile.objects.visible_to(user).filter(own | owned).select_related(*RELATED)


def attachment(content: Mapping[str, Any], kind: str, pk: UUID) -> HttpResponse:
    """A file to keep. Its name says nothing about anybody."""
    response = JsonResponse(content, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="riskalloc-{kind}-{pk}.json"'
    return response


# -- Taking data along -----------------------------------------------------------------------------------


@require_GET
@signed_in
def export(request: HttpRequest, client_id: UUID) -> HttpResponse:
    clients = ClientProfile.objects.changeable_by(request.user).select_related(*RELATED)
    return _export(request, get_object_or_404(clients, pk=client_id))


@reauthentication_required
def _export(request: HttpRequest, client: ClientProfile) -> HttpResponse:
    """After the lookup: who may not see the client is told of no sign-in, but that there is no page."""
    content = exporting.export_client(client=client, by=by_for(request, client))
    return attachment(content, "client", client.pk)


# -- Leaving ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def leave(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Says what happens, does it, and says that it has happened. Only for the client themselves."""
    clients = ClientProfile.objects.of_user(request.user).select_related(*RELATED)
    client = get_object_or_404(clients, pk=client_id)
    if request.method == "POST":
        leaving.leave_firm(client=client, by=by_of(request))
        return go_to("client_leave", client_id=client.pk)
    until = leaving.kept_until(client.firm, timezone.localdate())
    context = {"client": client, "firm": client.firm, "keep_until": until}
    return render(request, "questionnaire/leave.html", context)


# -- Deleting --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def delete(request: HttpRequest, client_id: UUID) -> HttpResponse:
    return _delete(request, get_object_or_404(deletable_by(request.user), pk=client_id))


@reauthentication_required
def _delete(request: HttpRequest, client: ClientProfile) -> HttpResponse:
    assert isinstance(request.user, User)
    is_own = client.membership is not None and client.membership.user == request.user
    offers_account = is_own and leaving.may_delete_account(request.user)
    sent = request.POST if request.method == "POST" else None
    form = DeleteForm(sent, name=client.name, offers_account=offers_account)
    if not form.is_valid():
        return show_delete(request, client, form, is_own=is_own)
    try:
        return delete_for_good(request, client, form, is_own=is_own)
    except leaving.HasDesk:  # joined one meanwhile
        form.add_error(None, "A firm needs your account. Untick “Delete my account too”.")
        return show_delete(request, client, form, is_own=is_own)


def delete_for_good(
    request: HttpRequest, client: ClientProfile, form: DeleteForm, *, is_own: bool
) -> HttpResponse:
    assert isinstance(request.user, User)
    by = by_of(request) if is_own else by_for(request, client)
    if form.cleaned_data.get("delete_account"):
        leaving.delete_client_and_account(client=client, user=request.user, by=by)
        logout(request)
    else:
        leaving.delete_client(client=client, by=by)
    if is_own:
        return go_to("client_deleted")
    return go_to("firm_kept", firm_id=client.firm_id)


def show_delete(
    request: HttpRequest, client: ClientProfile, form: DeleteForm, *, is_own: bool
) -> HttpResponse:
    """What goes, and what stays until when: here, and for the client themselves in earlier firms too."""
    earlier = Tombstone.objects.filter(client_id=client.pk).select_related("firm").defer("record")
    if is_own:
        admit_to(earlier)
    context = {
        "client": client,
        "form": form,
        "is_own": is_own,
        "keep_until": leaving.kept_until(client.firm, timezone.localdate()),
        "earlier": earlier.exclude(firm=client.firm) if is_own else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "questionnaire/delete.html", context, status=status)


@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """The last word. It knows nothing about anybody, so it opens to everybody."""
    return render(request, "questionnaire/deleted.html")


# -- What a firm keeps -----------------------------------------------------------------------------------


@require_GET
@signed_in
def kept(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    tombstones = Tombstone.objects.visible_to(request.user).filter(firm=firm).defer("record")
    ordered = tombstones.order_by("-closed_at", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "questionnaire/kept.html", {"firm": firm, "page": page})


@require_GET
@signed_in
def kept_record(request: HttpRequest, firm_id: UUID, tombstone_id: UUID) -> HttpResponse:
    tombstones = Tombstone.objects.visible_to(request.user)
    return _kept_record(request, get_object_or_404(tombstones, pk=tombstone_id, firm=firm_id))


@reauthentication_required
def _kept_record(request: HttpRequest, tombstone: Tombstone) -> HttpResponse:
    content = exporting.export_kept_record(tombstone=tombstone, by=by_of(request))
    return attachment(content, "record", tombstone.pk)
