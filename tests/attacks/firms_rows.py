"""A row of each kind in two firms, to see whether one can be reached from the other."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models

from portfolios.models import PriceImport, SavedFilter
from questionnaire.models import (
    ModelDraft,
    ModelMix,
    ModelRetirement,
    ModelsInUse,
    Note,
    PublishedModels,
    Review,
)
from riskalloc.firms.models import ClosedFirm, Firm, Job, JobItem, Membership
from tests.attacks.posting import PROJECT


def tables() -> list[type[models.Model]]:
    """What has the column, and the firms themselves."""
    ours = [model for label in PROJECT for model in apps.get_app_config(label).get_models()]
    return [model for model in ours if firm_column(model)]


def firm_column(model: type[models.Model]) -> str:
    if model is Firm:
        return "id"
    columns = [field.column for field in model._meta.concrete_fields]
    return "firm_id" if "firm_id" in columns else ""


def rows_of(model: type[models.Model], firm: Firm) -> models.QuerySet[models.Model]:
    return model._base_manager.filter(**{firm_column(model): firm.pk})


def fill(practice: SimpleNamespace) -> None:
    """A row of each kind that the cast does not have yet."""
    firm, client = practice.firm, practice.client
    assessment = client.ownerships.first().assessment
    desk = Membership.objects.filter(firm=firm).at_the_desk().first()

    def put(model: type[models.Model], **values: Any) -> Any:
        known = rows_of(model, firm).first()
        return known or model._base_manager.create(firm_id=firm.pk, **values)

    job = put(Job, kind="demo", title="Demo job")
    put(JobItem, job=job, position=1, key=uuid4())
    put(ClosedFirm, reason="demo")
    put(ModelDraft, name="Demo", mixes={}, changed_by="demo")
    published = put(PublishedModels, number=1, name="Demo", published_by="demo")
    put(ModelMix, published=published, label="moderate", cash=10_000)
    put(ModelRetirement, published=published, retired_by="demo")
    put(ModelsInUse, published=published)
    on = date(2026, 1, 2)
    put(Review, client=client, held_on=on, assessment=assessment, recorded_by="demo")
    put(Note, client=client, text="demo", written_by="demo")
    put(SavedFilter, membership=desk, name="demo", query="")
    put(PriceImport, taken=1, portfolios=1, effect={}, made_by="demo")
