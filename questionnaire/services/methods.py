"""What new results of a firm's clients follow: a method, and perhaps the firm's own mixes."""

from dataclasses import replace

from questionnaire.models import ModelsInUse, PublishedModels
from questionnaire.snapshots import own_models
from riskalloc import methodology
from riskalloc.engine.rules import Methodology
from riskalloc.firms.models import Firm


def method_for(firm: Firm) -> Methodology:
    return with_models(firm.method, None if firm.is_personal else models_in_use(firm))


def models_in_use(firm: Firm) -> PublishedModels | None:
    """None where the firm uses the method's mixes; otherwise two queries."""
    used = ModelsInUse.objects.filter(firm=firm).select_related("published__firm")
    found = used.prefetch_related("published__mixes").first()
    return found.published if found else None


def with_models(version: str, published: PublishedModels | None) -> Methodology:
    method = methodology.load(version)
    return replace(method, models=own_models(published)) if published else method
