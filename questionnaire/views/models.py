"""A firm's own mixes: to read for its desk, to change and publish for its owners."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from questionnaire.display import models as models_shown
from questionnaire.forms.models import DraftForm
from questionnaire.models import ModelDraft, ModelsInUse, PublishedModels
from questionnaire.services import modelling
from riskalloc import methodology
from riskalloc.engine.own_models import cautions, problems
from riskalloc.engine.rules import RiskLabel
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import Firm
from riskalloc.web.fragments import go_to

MOST_SHOWN = 50
LABELS = [label.capitalize() for label in RiskLabel]


def used_by(request: HttpRequest, firm: Firm) -> UUID | None:
    used = ModelsInUse.objects.visible_to(request.user).filter(pk=firm.pk)
    return used.values_list("published", flat=True).first()


@require_GET
@signed_in
def models(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    """The versions that there are, and what is being worked on."""
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=firm_id)
    versions = PublishedModels.objects.visible_to(request.user).filter(firm=firm).newest_first()
    is_owner = Firm.objects.owned_by(request.user).filter(pk=firm.pk).exists()
    drafts = ModelDraft.objects.owned_by(request.user).filter(pk=firm.pk)
    context = {
        "firm": firm,
        "versions": versions[:MOST_SHOWN],
        "used": used_by(request, firm),
        "is_owner": is_owner,
        "draft": drafts.first() if is_owner else None,
        "most_shown": MOST_SHOWN,
    }
    return render(request, "questionnaire/models.html", context)


@require_GET
@signed_in
def version(request: HttpRequest, firm_id: UUID, models_id: UUID) -> HttpResponse:
    return show_version(request, firm_id, models_id)


def show_version(
    request: HttpRequest, firm_id: UUID, models_id: UUID, status: int = 200
) -> HttpResponse:
    """One version with all its figures; 409 where it could not be retired."""
    seen = PublishedModels.objects.visible_to(request.user).newest_first().select_related("firm")
    found = get_object_or_404(seen, firm=firm_id, pk=models_id)
    mixes = found.by_label()
    context = {
        "firm": found.firm,
        "found": found,
        "shown": models_shown.shown(mixes),
        "labels": LABELS,
        "cautions": cautions(mixes, methodology.load(found.firm.method)),
        "is_used": used_by(request, found.firm) == found.pk,
        "is_owner": Firm.objects.owned_by(request.user).filter(pk=found.firm_id).exists(),
        "is_refused": status == 409,
    }
    return render(request, "questionnaire/models_version.html", context, status=status)


@require_POST
@signed_in
def retire(request: HttpRequest, firm_id: UUID, models_id: UUID) -> HttpResponse:
    mine = PublishedModels.objects.owned_by(request.user)
    found = get_object_or_404(mine, firm=firm_id, pk=models_id)
    try:
        modelling.retire(published=found, by=by_of(request))
    except modelling.StillInUse:
        return show_version(request, firm_id, models_id, status=409)
    return go_to("models", firm_id=found.firm_id)


# -- The draft ----------------------------------------------------------------------------------------------


@require_POST
@signed_in
def start(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    modelling.start_draft(firm=firm, by=by_of(request))
    return go_to("models_draft", firm_id=firm.pk)


@require_http_methods(["GET", "POST"])
@signed_in
def draft(request: HttpRequest, firm_id: UUID) -> HttpResponse:
    """Type, save, publish or drop. Saving keeps figures that do not add up yet, and says what is missing."""
    firm = get_object_or_404(Firm.objects.owned_by(request.user), pk=firm_id)
    found = ModelDraft.objects.owned_by(request.user).filter(pk=firm.pk).first()
    if request.method == "GET":
        if found is None:
            return go_to("models", firm_id=firm.pk)
        return show_draft(request, firm, found, DraftForm.of_draft(found))
    form = DraftForm(request.POST)
    if request.POST.get("action") == "drop":
        return drop(request, firm, form)
    if not form.is_valid():
        return show_draft(request, firm, found, form, status=422)
    return save(request, firm, form)


def save(request: HttpRequest, firm: Firm, form: DraftForm) -> HttpResponse:
    """And publish, where that was asked; what was sent twice is published once."""
    published = PublishedModels.objects.owned_by(request.user).filter(firm=firm)
    if published.filter(pk=form.models_id).exists():
        return go_to("models_version", firm_id=firm.pk, models_id=form.models_id)
    by = by_of(request)
    try:
        saved = modelling.save_draft(firm=firm, by=by, **form.values())
        if request.POST.get("action") != "publish":
            return go_to("models_draft", firm_id=firm.pk)
        made = modelling.publish(firm=firm, version=saved.version, models_id=form.models_id, by=by)
    except modelling.DraftChanged as change:
        return show_draft(request, firm, change.draft, form, status=409)
    except modelling.NotReady as error:
        again = DraftForm.of_draft(saved)
        return show_draft(request, firm, saved, again, status=422, refused=error.sentences)
    return go_to("models_version", firm_id=firm.pk, models_id=made.pk)


def drop(request: HttpRequest, firm: Firm, form: DraftForm) -> HttpResponse:
    form.is_valid()  # only the version counts
    try:
        modelling.discard_draft(
            firm=firm, version=form.cleaned_data.get("version", 0), by=by_of(request)
        )
    except modelling.DraftChanged as change:
        return show_draft(request, firm, change.draft, form, status=409)
    return go_to("models", firm_id=firm.pk)


def show_draft(
    request: HttpRequest,
    firm: Firm,
    found: ModelDraft | None,
    form: DraftForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """After a conflict with what is saved now beside what was typed, under the new version."""
    mixes = modelling.mixes_of(found) if found else None
    method = methodology.load(firm.method)
    context = {
        "firm": firm,
        "draft": found,
        "form": form,
        "labels": LABELS,
        "rows": models_shown.typed_rows(form.by_class()),
        "sums": models_shown.sums(mixes) if mixes else (),
        "saved": models_shown.shown(mixes) if mixes and status == 409 else None,
        "missing": problems(mixes, method) if mixes else (),
        "cautions": cautions(mixes, method) if mixes else (),
        "is_conflict": status == 409,
        **more,
    }
    return render(request, "questionnaire/models_draft.html", context, status=status)
