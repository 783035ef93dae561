"""A firm's own mixes: a draft, what is published of it, and versions that are no longer offered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from questionnaire.models import (
    ModelDraft,
    ModelMix,
    ModelRetirement,
    ModelsInUse,
    PublishedModels,
)
from questionnaire.models.model_portfolios import parts_of
from riskalloc import methodology
from riskalloc.engine.allocation import target_weights
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.behaviour import ANCHOR_ISS, ANCHORS
from riskalloc.engine.calculation import DEFAULT_SLEEVES
from riskalloc.engine.own_models import Mixes, percent, problems
from riskalloc.engine.rules import RiskLabel
from riskalloc.engine.scoring import limit_scores
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Firm
from riskalloc.firms.tenancy import unless_hidden

FIRST_NAME = "Our models"
Units = Mapping[Any, Mapping[Any, int]]  # basis points by label and class; each is its text


class DraftChanged(Exception):
    """The draft is another one than on the page; None where there is none by now."""

    def __init__(self, draft: ModelDraft | None) -> None:
        super().__init__()
        self.draft = draft


class NotReady(Exception):
    """What has to change before the draft can be published, in sentences."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


class StillInUse(Exception):
    """New results take this version: another one has to be chosen first."""


@transaction.atomic
def start_draft(*, firm: Firm, by: By) -> ModelDraft:
    """A copy of the last version, or of the method's own mixes; the draft that is there already, if any."""
    firm = Firm.objects.locked().get(pk=firm.pk)
    draft = ModelDraft.objects.filter(firm=firm).first()
    if draft:
        return draft
    last = PublishedModels.objects.filter(firm=firm).newest_first().first()
    draft = ModelDraft.objects.create(
        firm=firm,
        name=last.name if last else FIRST_NAME,
        mixes=plain(last.by_label() if last else usual_mixes()),
        changed_by=by.name,
    )
    after = {"name": draft.name, "copied from version": last.number if last else None}
    record(by=by, firm_id=firm.pk, action="models drafted", of=draft, after=after)
    return draft


def usual_mixes() -> dict[RiskLabel, dict[AssetClass, int]]:
    """What the method has for somebody in the middle of each label, before any income shift."""
    method = methodology.load(methodology.DEFAULT_VERSION)
    found = {}
    for label, rti in ANCHORS.items():
        scores = limit_scores(rti, ANCHOR_ISS, method)
        percents = target_weights(scores, DEFAULT_SLEEVES, method).percents()
        found[label] = {asset: int(share * 100) for asset, share in percents.items()}
    return found


def plain(mixes: Units) -> dict[str, dict[str, int]]:
    """As JSON has it."""
    return {
        str(label): {str(a): part for a, part in parts_of(mixes.get(label, {})).items()}
        for label in RiskLabel
    }


def mixes_of(draft: ModelDraft) -> Mixes:
    return {label: parts_of(draft.mixes.get(label, {})) for label in RiskLabel}


@transaction.atomic
def save_draft(
    *, firm: Firm, version: int, name: str, note: str, mixes: Units, by: By
) -> ModelDraft:
    """Figures may still be missing. DraftChanged where somebody was faster, unless they saved the same."""
    draft = ModelDraft.objects.select_for_update().filter(firm=firm).first()
    if draft is None:
        raise DraftChanged(None)
    new = {"name": name, "note": note, "mixes": plain(mixes)}
    if all(getattr(draft, field) == value for field, value in new.items()):
        return draft
    if draft.version != version:
        raise DraftChanged(draft)
    for field, value in new.items():
        setattr(draft, field, value)
    draft.changed_by, draft.changed_at = by.name, timezone.now()
    draft.version += 1
    draft.save()
    after = {"name": name, "version": draft.version}
    record(by=by, firm_id=draft.firm_id, action="models changed", of=draft, after=after)
    return draft


@transaction.atomic
def discard_draft(*, firm: Firm, version: int, by: By) -> None:
    draft = ModelDraft.objects.select_for_update().filter(firm=firm).first()
    if draft is None:
        return
    if draft.version != version:
        raise DraftChanged(draft)
    ModelDraft.objects.filter(pk=draft.pk).delete()
    record(by=by, firm_id=draft.firm_id, action="models draft dropped", of=draft)


@transaction.atomic
def publish(*, firm: Firm, version: int, models_id: UUID, by: By) -> PublishedModels:
    """The draft becomes the next version, for ever. Nobody's mix changes by it. Once per id."""
    firm = Firm.objects.locked().get(pk=firm.pk)
    known = PublishedModels.objects.filter(pk=models_id).first()
    if known and known.firm_id == firm.pk:
        return known
    draft = ModelDraft.objects.select_for_update().filter(firm=firm).first()
    if draft is None or draft.version != version:
        raise DraftChanged(draft)
    mixes = mixes_of(draft)
    if sentences := problems(mixes, methodology.load(firm.method)):
        raise NotReady(sentences)
    earlier = PublishedModels.objects.filter(firm=firm).aggregate(last=Max("number"))["last"] or 0
    published = PublishedModels.objects.create(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(PublishedModels, models_id),
        firm=firm,
        number=earlier + 1,
        name=draft.name,
        note=draft.note,
        published_by=by.name,
    )
    ModelMix.objects.bulk_create(
        ModelMix(
            firm=firm, published=published, label=label.value, **{str(a): n for a, n in mix.items()}
        )
        for label, mix in mixes.items()
    )
    ModelDraft.objects.filter(pk=draft.pk).delete()
    after = {"name": published.name, "number": published.number} | in_words(mixes)
    record(by=by, firm_id=firm.pk, action="models published", of=published, after=after)
    return published


def in_words(mixes: Mixes) -> dict[str, Any]:
    """For the trail: each label's classes in percent."""
    return {
        label.value: ", ".join(f"{asset} {percent(part)}" for asset, part in parts.items())
        for label, parts in mixes.items()
    }


@transaction.atomic
def retire(*, published: PublishedModels, by: By) -> ModelRetirement:
    """Offered no longer; what was calculated by it stays. Once."""
    firm = Firm.objects.locked().get(pk=published.firm_id)
    known = ModelRetirement.objects.filter(published=published).first()
    if known:
        return known
    if ModelsInUse.objects.filter(firm=firm, published=published).exists():
        raise StillInUse
    retired = ModelRetirement.objects.create(firm=firm, published=published, retired_by=by.name)
    after = {"name": published.name, "number": published.number}
    record(by=by, firm_id=firm.pk, action="models retired", of=published, after=after)
    return retired
