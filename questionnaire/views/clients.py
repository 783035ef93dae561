"""One client: where they stand and what led there; and changing who they are."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from questionnaire.display import (
    clients as clients_shown,
    events as events_shown,
    results,
    timeline,
)
from questionnaire.forms.clients import MemberForm, ProfileForm
from questionnaire.forms.reviewing import NoteForm
from questionnaire.models import Assessment, ClientProfile, HouseholdMember
from questionnaire.services import clients
from questionnaire.snapshots import result_of
from riskalloc import methodology
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import By, by_of
from riskalloc.firms.display import entries_page
from riskalloc.firms.models import AuditEntry
from riskalloc.firms.tenancy import admit_to
from riskalloc.web.fragments import go_to
from riskalloc.web.numbers import hidden_number

RELATED = ("firm", "membership__user", "invitation")


def visible(request: HttpRequest) -> QuerySet[ClientProfile]:
    return ClientProfile.objects.visible_to(request.user).select_related(*RELATED)


def changeable(request: HttpRequest) -> QuerySet[ClientProfile]:
    return ClientProfile.objects.changeable_by(request.user).select_related(*RELATED)


def by_for(request: HttpRequest, client: ClientProfile) -> By:
    """Who acts, and for whom, where it is not for themselves."""
    return by_of(request, on_behalf_of="" if client.is_own else client.name)


@require_GET
@signed_in
def client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Summary, timeline, profile, and what can be done."""
    found = get_object_or_404(visible(request), pk=client_id)
    today = timezone.localdate()
    latest = Assessment.objects.latest_of(found)
    household = list(found.household.order_by("name"))
    context = {
        "client": found,
        "who": clients_shown.who(found, len(household), today),
        "standing": clients_shown.standing(found, today),
        "timeline": timeline.timeline(
            found,
            number=timeline.page_number(request.GET.get("page", "")),
            with_notes=not found.is_own,
        ),
        "latest": latest,
        "page": None,
        "notice": None,
        "form": NoteForm() if found.is_managed and not found.is_archived else None,
        "advisors": found.assignments.select_related("membership__user"),
        "household": household,
        "is_user": found.membership is not None and found.membership.user == request.user,
    }
    if latest:
        context |= of_latest(found, latest, today)
    return render(request, "questionnaire/client.html", context)


def of_latest(client: ClientProfile, latest: Assessment, today: date) -> dict[str, object]:
    """What holds now, and whether it was decided otherwise."""
    method = methodology.load(latest.method)
    return {
        "page": results.page(result_of(latest), latest.answers, method, today),
        "notice": events_shown.retirement_notice(client, latest, today),
        "override": latest.overrides.first(),
        "has_earlier": client.ownerships.exclude(assessment=latest).exists(),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    found = get_object_or_404(changeable(request), pk=client_id)
    if request.method == "GET":
        return show_edit(request, found, ProfileForm.of_client(found))
    form = ProfileForm(request.POST)
    version = hidden_number(request.POST.get("version", ""))
    if not form.is_valid():
        return show_edit(request, found, form, version=version, status=422)
    try:
        clients.change_client(
            client=found,
            version=version,
            values=form.values(),
            by=by_for(request, found),
        )
    except clients.ChangedMeanwhile as change:
        return show_edit(request, found, form, theirs=change.client, status=409)
    return go_to("client", client_id=found.pk)


def show_edit(
    request: HttpRequest,
    client: ClientProfile,
    form: ProfileForm,
    *,
    version: int | None = None,
    theirs: ClientProfile | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form; after a conflict with what somebody else saved beside each field that differs."""
    context = {
        "client": client,
        "form": form,
        "version": (theirs or client).version if version is None else version,
        "differences": differences(form, theirs) if theirs else [],
        "is_conflict": theirs is not None,
    }
    return render(request, "questionnaire/client_edit.html", context, status=status)


def differences(form: ProfileForm, theirs: ClientProfile) -> list[tuple[str, str, str]]:
    """Label, what is saved now, what was typed."""
    return [
        (str(form.fields[name].label), said(getattr(theirs, name)), said(value))
        for name, value in form.values().items()
        if getattr(theirs, name) != value
    ]


def said(value: str | date | None) -> str:
    return date_format(value, "j M Y") if isinstance(value, date) else value or "—"


@require_POST
@signed_in
def archive(request: HttpRequest, client_id: UUID) -> HttpResponse:
    found = get_object_or_404(ClientProfile.objects.managed_by(request.user), pk=client_id)
    clients.archive(client=found, by=by_for(request, found))
    return go_to("client", client_id=found.pk)


@require_POST
@signed_in
def restore(request: HttpRequest, client_id: UUID) -> HttpResponse:
    found = get_object_or_404(ClientProfile.objects.managed_by(request.user), pk=client_id)
    clients.restore(client=found, by=by_for(request, found))
    return go_to("client", client_id=found.pk)


# -- The household --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def household(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Who lives from the same money: the list, and a form to add somebody."""
    found = get_object_or_404(changeable(request), pk=client_id)
    if request.method == "GET":
        return show_household(request, found, MemberForm())
    form = MemberForm(request.POST)
    if not form.is_valid():
        return show_household(request, found, form, status=422)
    member_id = form.cleaned_data["id"]
    by = by_for(request, found)
    try:
        clients.add_household_member(client=found, member_id=member_id, values=form.values(), by=by)
    except clients.TooMany:
        most = clients.MOST_MEMBERS
        form.add_error("name", f"There is room for {most} people. Remove somebody first.")
        return show_household(request, found, form, status=422)
    return go_to("client_household", client_id=found.pk)


def show_household(
    request: HttpRequest, client: ClientProfile, form: MemberForm, status: int = 200
) -> HttpResponse:
    context = {"client": client, "form": form, "members": client.household.order_by("name")}
    return render(request, "questionnaire/household.html", context, status=status)


@require_POST
@signed_in
def remove_member(request: HttpRequest, client_id: UUID, member_id: UUID) -> HttpResponse:
    found = get_object_or_404(changeable(request), pk=client_id)
    members = HouseholdMember.objects.visible_to(request.user).select_related("client__firm")
    member = get_object_or_404(members, pk=member_id, client=found)
    clients.remove_household_member(member=member, by=by_for(request, found))
    return go_to("client_household", client_id=found.pk)


# -- The trail ------------------------------------------------------------------------------------------


@require_GET
@signed_in
def trail(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Who did what with this client's data: theirs to see, and the owner's of the firm."""
    found = get_object_or_404(ClientProfile.objects.with_trail_for(request.user), pk=client_id)
    entries = AuditEntry.objects.about_client(found.pk)
    if found.is_own:  # what happened in another firm is the client's alone to see
        admit_to(entries)
    else:
        entries = entries.filter(firm=found.firm_id)
    context = {
        "client": found,
        "page": entries_page(entries, request.GET.get("before", "")),
    }
    return render(request, "questionnaire/client_trail.html", context)
