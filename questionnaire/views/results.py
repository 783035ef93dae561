"""The result, its threads, and what if."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from questionnaire import snapshots
from questionnaire.display import results, threads as threads_shown, whatif as comparisons
from questionnaire.forms import WhatIfForm
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services import answering
from questionnaire.snapshots import Result
from questionnaire.views.drafts import draft_of
from riskalloc import methodology
from riskalloc.api.answers import answer_to
from riskalloc.engine import threads
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.calculation import assess
from riskalloc.engine.rules import Methodology
from riskalloc.engine.whatif import what_if
from riskalloc.web.errors import answer
from riskalloc.web.fragments import page_or_fragment


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An assessment as the address asks for it: as it was stored, or by another method or sleeves."""

    assessment: Assessment
    method: Methodology
    result: Result
    query: str


def shown(request: HttpRequest, public_id: str) -> Shown:
    """404 for what is not there, EngineError for a method or sleeves that do not exist."""
    assessment = open_assessment(request, public_id)
    models = snapshots.models_of(assessment)
    method = methodology.load(request.GET.get("method", assessment.method))
    sleeves = request.GET.get("sleeves", assessment.sleeves)
    is_same = (method.version, sleeves) == (assessment.method, assessment.sleeves)
    # A firm's own mixes stand in no address: whoever names a method asks for its own mixes.
    if not {"method", "sleeves"} & request.GET.keys() if models else is_same:
        method = replace(method, models=models)
        result, query = snapshots.result_of(assessment), ""
    else:
        result = answering.calculate(
            assessment.answers, method, sleeves=sleeves, seconds_taken=assessment.seconds_taken
        )
        query = "?" + urlencode({"method": method.version, "sleeves": sleeves})
    return Shown(assessment=assessment, method=method, result=result, query=query)


def open_assessment(request: HttpRequest, public_id: str) -> Assessment:
    """A result of nobody, by its address; that of a client, to whom it may be shown.

    And to whoever answered by a link: their browser still has the draft that it was made of.
    """
    results_seen = Assessment.objects.opened_by(request.user)
    related = ("ownership__client__firm",)
    found = results_seen.select_related(*related).filter(public_id=public_id).first()
    if found:
        return found
    draft = draft_of(request)
    of_link = draft.result_id if draft and draft.is_link else None
    answered = Assessment.objects.filter(pk__in=[of_link] if of_link else [])
    return get_object_or_404(answered.select_related(*related), public_id=public_id)


def no_such_choice(request: HttpRequest, error: EngineError) -> HttpResponse:
    return answer(request, 422, "There is no such choice", str(error))


@require_GET
def result(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        view = shown(request, public_id)
    except EngineError as error:
        return no_such_choice(request, error)
    draft = draft_of(request)
    client = owner(request, view.assessment)
    context = {
        "shown": view,
        "assessment": view.assessment,
        "query": view.query,
        "page": page_of(view),
        "choices": choices(view),
        "is_own": draft is not None and draft.result_id == view.assessment.pk,
        "client": client,
        # What an advisor decided, and why, is not for a browser that only answered by a link.
        "overrides": view.assessment.overrides.all() if client else (),
        "whatif_form": WhatIfForm(view.method, view.assessment.needed),
    }
    return page_or_fragment(request, "questionnaire/result.html", context, fragments={})


def owner(request: HttpRequest, assessment: Assessment) -> ClientProfile | None:
    """The client whose result it is, as the viewer sees them."""
    if not assessment.is_owned:
        return None
    seen = ClientProfile.objects.visible_to(request.user).select_related("firm")
    return seen.filter(pk=assessment.ownership.client_id).first()


@require_GET
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    """The result as the API would answer it, with the answers that led there."""
    try:
        view = shown(request, public_id)
    except EngineError as error:
        return no_such_choice(request, error)
    calculated = answer_to(view.result.calculation, view.method).model_dump(mode="json")
    models = snapshots.models_in(view.result)
    response = JsonResponse({"answers": view.assessment.answers} | calculated | models)
    response["Content-Disposition"] = f'attachment; filename="riskalloc-{public_id}.json"'
    return response


def page_of(view: Shown) -> results.Page:
    today = timezone.localdate()
    return results.page(view.result, view.assessment.answers, view.method, today)


def choices(view: Shown) -> list[tuple[str, str, bool]]:
    """The other ways to look at the same answers: label, query string, whether it is shown now."""
    calculation = view.result.calculation
    models = snapshots.models_of(view.assessment)
    found = []
    if models:
        name = f"{models.firm}: “{models.name}”, version {models.number}"
        found.append((name, "", calculation.models is not None))
    for version in methodology.versions():
        for sleeves in view.method.classes.sets():
            is_now = (version, sleeves) == (calculation.method, calculation.sleeves)
            is_now = is_now and calculation.models is None
            query = urlencode({"method": version, "sleeves": sleeves})
            found.append((f"Method {version}, {sleeves} classes", f"?{query}", is_now))
    return found


@require_GET
def why(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """One number, opened down to the answers."""
    try:
        view = shown(request, public_id)
    except EngineError as error:
        return no_such_choice(request, error)
    try:
        steps = threads.thread(key, view.result.calculation, view.method)
    except EngineError:
        raise Http404 from None
    context = {
        "shown": view,
        "assessment": view.assessment,
        "query": view.query,
        "key": key,
        "title": threads_shown.thread_title(key, view.method),
        "nodes": threads_shown.nodes(steps, view.result, view.assessment.answers, view.method),
    }
    fragments = dict.fromkeys(("thread-mix", "thread-falls"), "questionnaire/_thread.html")
    return page_or_fragment(request, "questionnaire/thread.html", context, fragments=fragments)


@require_GET
def whatif(request: HttpRequest, public_id: str) -> HttpResponse:
    """Now and what if, side by side. Nothing is stored."""
    try:
        view = shown(request, public_id)
    except EngineError as error:
        return no_such_choice(request, error)
    sent = request.GET if {"case", "amount"} & request.GET.keys() else None
    form = WhatIfForm(view.method, view.assessment.needed, data=sent)
    context = {
        "shown": view,
        "assessment": view.assessment,
        "query": view.query,
        "whatif_form": form,
        "comparison": compare(view, form.cleaned_data) if form.is_valid() else None,
        "link": request.get_full_path(),
    }
    return page_or_fragment(
        request,
        "questionnaire/whatif.html",
        context,
        fragments={"whatif": "questionnaire/_whatif.html"},
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


def compare(view: Shown, chosen: dict[str, object]) -> comparisons.Comparison:
    now = view.result.calculation
    answers, amount = now.answers, now.amount
    assert answers is not None  # an assessment always has answers
    case = str(chosen["case"])
    if case == "amount":
        amount = chosen["amount"]  # type: ignore[assignment]  # a Decimal: the form has checked it
    else:
        answers = what_if(case, answers, view.method)
    then = assess(answers, amount, view.method, needed=now.needed, sleeves=now.sleeves)
    return comparisons.comparison(now, then, view.method)
