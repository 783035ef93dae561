"""Emptying tables of facts: what a flush after a test may delete is only what a permission names."""

from portfolios.models import Plan, PlanMark, Target
from questionnaire.models import (
    Assessment,
    ClientProfile,
    Erasure,
    LifeEvent,
    ModelMix,
    ModelRetirement,
    ModelsInUse,
    Note,
    Override,
    PublishedModels,
    Review,
    Tombstone,
)
from riskalloc.firms.models import AuditEntry, ClosedFirm


def erase_facts() -> None:
    names = {
        *Assessment.objects.values_list("public_id", flat=True),
        *(pk.hex for pk in ClientProfile.objects.values_list("pk", flat=True)),
        *(pk.hex for pk in Note.objects.values_list("pk", flat=True)),
        *(pk.hex for pk in Tombstone.objects.values_list("pk", flat=True)),
    }
    Erasure.objects.bulk_create(
        [Erasure(public_id=name, reason="test") for name in names], ignore_conflicts=True
    )
    firms = set(AuditEntry.objects.values_list("firm_id", flat=True))
    ClosedFirm.objects.bulk_create(
        [ClosedFirm(firm_id=pk, reason="test") for pk in firms], ignore_conflicts=True
    )
    ModelsInUse.objects.all().delete()
    for facts in (ModelRetirement, ModelMix, PublishedModels):
        facts.objects.all().delete()
    for facts in (
        *(PlanMark, Plan, Target, LifeEvent, Review, Note, Override, Tombstone, AuditEntry),
        Assessment,
    ):
        facts.objects.all().delete()
