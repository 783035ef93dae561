"""Life events: what has changed, what that would change, and keeping it."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from questionnaire.display import comparing, events as events_shown
from questionnaire.forms.events import EventForm
from questionnaire.models import Assessment, ClientProfile, LifeEvent
from questionnaire.services import living
from questionnaire.snapshots import inputs_from
from questionnaire.views.clients import by_for
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.comparison import compare
from riskalloc.engine.events import LifeEvent as EventKind
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import leave_for, page_or_fragment

SAVE = "save"


def client_of(request: HttpRequest, client_id: UUID) -> ClientProfile:
    found = ClientProfile.objects.changeable_by(request.user).active()
    return get_object_or_404(found.select_related("firm", "membership__user"), pk=client_id)


@require_GET
@signed_in
def events(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """What can have happened."""
    client = client_of(request, client_id)
    context = {
        "client": client,
        "events": events_shown.published_events().events,
        "is_assessed": client.ownerships.exists(),
    }
    return render(request, "questionnaire/events.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def event(request: HttpRequest, client_id: UUID, kind: str) -> HttpResponse:
    """The questions that an event touches, what the answers would change, and saving it."""
    client = client_of(request, client_id)
    happened = event_kind(kind)
    base = Assessment.objects.latest_of(client)
    if base is None:
        context = {"client": client, "event": happened}
        return render(request, "questionnaire/event_unassessed.html", context)
    asking = events_shown.asking(happened, client, base, timezone.localdate())
    if request.method == "GET":
        return show(request, client, asking, empty_form(client, asking))
    form = sent_form(request, client, asking)
    if not form.is_valid():
        return show(request, client, asking, form, status=422)
    return answered(request, client, asking, form)


def event_kind(kind: str) -> EventKind:
    try:
        return events_shown.published_events().event(kind)
    except EngineError:
        raise Http404 from None


def empty_form(client: ClientProfile, asking: events_shown.Asking) -> EventForm:
    return EventForm.of_answers(
        asking.questions,
        asking.start,
        amount=asking.base.amount,
        today=timezone.localdate(),
        born_on=client.born_on,
    )


def sent_form(
    request: HttpRequest, client: ClientProfile, asking: events_shown.Asking
) -> EventForm:
    return EventForm(
        asking.questions,
        amount=asking.base.amount,
        today=timezone.localdate(),
        born_on=client.born_on,
        data=request.POST,
    )


def answered(
    request: HttpRequest, client: ClientProfile, asking: events_shown.Asking, form: EventForm
) -> HttpResponse:
    """Save what was looked at; anything else is shown first."""
    answers = {**asking.kept, **form.answers()}
    if request.POST.get("action") != SAVE:
        is_stale = request.POST.get("base") != asking.base.public_id
        return preview(request, client, asking, form, is_stale=is_stale)
    if twice := recorded_before(request, client, asking, form, answers):
        return leave_for(request, "result", public_id=twice.assessment.public_id)
    if request.POST.get("base") != asking.base.public_id:
        return preview(request, client, asking, form, is_stale=True)
    if request.POST.get("previewed") != events_shown.digest(asking, answers):
        return preview(request, client, asking, form, is_unseen=True)
    return save(request, client, asking, form, answers)


def recorded_before(
    request: HttpRequest,
    client: ClientProfile,
    asking: events_shown.Asking,
    form: EventForm,
    answers: events_shown.Texts,
) -> LifeEvent | None:
    """The same event, sent a second time: its assessment is the last one by now."""
    found = LifeEvent.objects.visible_to(request.user).filter(
        client=client, pk=form.cleaned_data["event_id"], kind=asking.event.code
    )
    event = found.select_related("assessment").first()
    return event if event and event.assessment.answers == answers else None


def save(
    request: HttpRequest,
    client: ClientProfile,
    asking: events_shown.Asking,
    form: EventForm,
    answers: events_shown.Texts,
) -> HttpResponse:
    try:
        recorded = living.record_life_event(
            client=client,
            kind=asking.event.code,
            event_id=form.cleaned_data["event_id"],
            happened_on=form.cleaned_data["happened_on"],
            answers=answers,
            base=asking.base,
            by=by_for(request, client),
        )
    except living.AssessedMeanwhile:
        return event(request, client.pk, asking.event.code)  # begins with what is there now
    except living.AnotherEvent:
        return preview(request, client, asking, form, is_unseen=True)
    return leave_for(request, "result", public_id=recorded.assessment.public_id)


def preview(
    request: HttpRequest,
    client: ClientProfile,
    asking: events_shown.Asking,
    form: EventForm,
    *,
    is_stale: bool = False,
    is_unseen: bool = False,
) -> HttpResponse:
    """What these answers would change; nothing is stored."""
    answers = {**asking.kept, **form.answers()}
    after = inputs_from(answers, asking.method, asking.base.sleeves)
    return show(
        request,
        client,
        asking,
        form,
        status=409 if is_stale or is_unseen else 200,
        compared=comparing.compared(compare(asking.before, after)),
        digest=events_shown.digest(asking, answers),
        is_stale=is_stale,
        is_unseen=is_unseen,
    )


def show(
    request: HttpRequest,
    client: ClientProfile,
    asking: events_shown.Asking,
    form: EventForm,
    *,
    status: int = 200,
    **found: object,
) -> HttpResponse:
    shown = events_shown.shown_questions(asking, form, form.amount)
    losses = asking.events.losses
    # A page that could not be saved carries a new id: the old one may be taken.
    event_id = form.cleaned_data["event_id"] if form.is_bound and status == 200 else uuid4()
    context = {
        "event_id": event_id,
        "client": client,
        "asking": asking,
        "form": form,
        "questions": [asked for asked in shown if asked.question.id not in losses.questions],
        "losses": [asked for asked in shown if asked.question.id in losses.questions],
        "overrides": asking.base.overrides.all(),
        **found,
    }
    response = page_or_fragment(
        request,
        "questionnaire/event.html",
        context,
        fragments={"event": "questionnaire/_event.html"},
        status=status,
    )
    if "compared" in found:
        response["HX-Reswap"] = "outerHTML show:#preview:top"
    return response
