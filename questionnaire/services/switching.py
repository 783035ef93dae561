"""A firm decides what the new results of its clients follow. What is stored stays as it is."""

from dataclasses import dataclass

from django.db import transaction

from questionnaire.models import ModelsInUse, PublishedModels
from riskalloc.firms.audit import By, changes, record
from riskalloc.firms.models import Firm
from riskalloc.firms.services.founding import ChangedElsewhere, change_firm
from riskalloc.web.errors import Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A version of the method, and whose mixes: the method's own where `published` is None."""

    method: str
    published: PublishedModels | None


@transaction.atomic
def switch(*, firm: Firm, version: int, to: Course, by: By) -> Firm:
    """Raises ChangedElsewhere where somebody was faster, unless they decided the same; Gone for a version
    that was retired meanwhile."""
    locked = Firm.objects.locked().get(pk=firm.pk)
    used = ModelsInUse.objects.filter(firm=locked).select_related("published").first()
    was, now = changes(
        said(locked.method, used.published if used else None), said(to.method, to.published)
    )
    if not now:
        return locked
    if locked.version != version:
        raise ChangedElsewhere(locked)
    if to.published and not PublishedModels.objects.current().filter(pk=to.published.pk).exists():
        raise Gone
    if "method" in now:
        locked = change_firm(firm=locked, version=version, method=to.method, by=by)
    else:
        locked.version += 1
        locked.save(update_fields=["version"])
    use(locked, to.published)
    if "mixes" in now:
        record(by=by, firm_id=locked.pk, action="mixes chosen", of=locked, before=was, after=now)
    return locked


def use(firm: Firm, published: PublishedModels | None) -> None:
    if published is None:
        ModelsInUse.objects.filter(firm=firm).delete()
    else:
        ModelsInUse.objects.update_or_create(firm=firm, defaults={"published": published})


def said(method: str, published: PublishedModels | None) -> dict[str, str]:
    return {"method": method, "mixes": str(published) if published else "the method’s"}
