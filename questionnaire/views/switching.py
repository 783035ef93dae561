"""What the new results of a firm's clients follow, and what another choice would move, before it is made."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from questionnaire.display import switching as switching_shown
from questionnaire.forms.models import BUILT_IN, CourseForm, SwitchForm
from questionnaire.models import ClientProfile, PublishedModels
from questionnaire.services import switching
from questionnaire.services.methods import models_in_use
from questionnaire.services.switching import Course
from riskalloc import methodology
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import Firm
from riskalloc.firms.services.founding import ChangedElsewhere
from riskalloc.web.fragments import go_to

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@signed_in
def method(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    if request.method == "POST":
        return switch(request, get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id))
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=firm_id)
    now = Course(method=firm.method, published=models_in_use(firm))
    asked = request.GET if {"method", "mixes"} & request.GET.keys() else None
    form = CourseForm(choices(request, firm), data=asked, initial=as_initial(now))
    to = form.course() if form.is_valid() else None
    return show(request, firm, now, form, to, status=422 if form.errors else 200)


def choices(request: HttpRequest, firm: Firm) -> list[PublishedModels]:
    mine = PublishedModels.objects.visible_to(request.user).filter(firm=firm)
    return list(mine.current().newest_first().select_related("firm"))


def as_initial(course: Course) -> dict[str, str]:
    return {
        "method": course.method,
        "mixes": str(course.published.pk) if course.published else BUILT_IN,
    }


def switch(request: HttpRequest, firm: Firm) -> HttpResponse:
    """Only with the figures that hold now: what was shown before is shown again where they moved."""
    now = Course(method=firm.method, published=models_in_use(firm))
    form = SwitchForm(choices(request, firm), request.POST)
    if not form.is_valid():
        to = form.course() if {"method", "mixes"} <= form.cleaned_data.keys() else None
        return show(request, firm, now, form, to, status=422)
    to = form.course()
    if to == now:
        return go_to("firm_method", firm_id=firm.pk)
    found = switching_shown.preview(clients_of(request, firm), to)
    if found.figures != form.cleaned_data["figures"]:
        return show(request, firm, now, form, to, status=409)
    try:
        switching.switch(firm=firm, version=form.cleaned_data["version"], to=to, by=by_of(request))
    except ChangedElsewhere as change:
        now = Course(method=change.firm.method, published=models_in_use(change.firm))
        return show(request, change.firm, now, form, to, status=409)
    return go_to("firm_method", firm_id=firm.pk)


def clients_of(request: HttpRequest, firm: Firm) -> Any:
    return ClientProfile.objects.at_the_desk_of(request.user).filter(firm=firm).active()


def show(
    request: HttpRequest,
    firm: Firm,
    now: Course,
    form: CourseForm,
    to: Course | None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = switching_shown.preview(clients_of(request, firm), to) if to else None
    movers = found.movers if found else ()
    context = {
        "firm": firm,
        "now": now,
        "method": methodology.load(now.method),
        "form": form,
        "to": to,
        "is_same": to == now,
        "preview": found,
        "page": Paginator(movers, PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode(as_initial(to)) if to else "",
        "chosen": as_initial(to) if to else None,
        "is_owner": Firm.objects.owned_by(request.user).filter(pk=firm.pk).exists(),
        "is_conflict": status == 409,
    }
    return render(request, "questionnaire/firm_method.html", context, status=status)
