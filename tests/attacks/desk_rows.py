"""More of everything that a desk writes down, for pages to show."""

from collections.abc import Iterable
from types import SimpleNamespace
from uuid import uuid4

from django.utils import timezone

from portfolios.models import PriceImport, SavedFilter
from questionnaire.models import ClientProfile, ModelMix, Note, PublishedModels, Review
from riskalloc.firms.models import Job, JobItem, Membership
from tests.questionnaire.modelled import MIXES


def note_more(own: SimpleNamespace, clients: Iterable[ClientProfile]) -> None:
    """A meeting and a note with each of them."""
    for client in clients:
        of = {"firm": own.firm, "client": client}
        Note.objects.create(**of, text="Demo", written_by="demo@example.org")
        Review.objects.create(
            **of,
            held_on=timezone.localdate(),
            assessment=client.ownerships.first().assessment,
            summary="Demo",
            recorded_by="demo@example.org",
        )


def work_more(own: SimpleNamespace, client: ClientProfile) -> None:
    """Another thing of the job that runs, a job of its own, prices that came in, filters and models."""
    JobItem.objects.create(
        firm=own.firm, job=own.job, position=own.job.items.count() + 1, key=client.pk
    )
    job = Job.objects.create(
        firm=own.firm, kind="mark_reviewed", title="Demo", made_by=own.advisor.user
    )
    JobItem.objects.create(firm=own.firm, job=job, position=1, key=client.pk)
    PriceImport.objects.create(
        firm=own.firm, taken=1, portfolios=1, effect={}, made_by="demo@example.org"
    )
    import_more(own)
    for user in (own.owner, own.advisor.user):
        seat = Membership.objects.get(firm=own.firm, user=user)
        name = f"Demo {uuid4()}"
        SavedFilter.objects.create(firm=own.firm, membership=seat, name=name, query="")
    model_more(own)


def import_more(own: SimpleNamespace) -> None:
    """Another price, and another line that was left, in the import that is looked at."""
    found = PriceImport.objects.get(pk=own.price_import.pk)
    found.effect["left"].append("Line 2: demo")
    found.effect["prices"].append(
        {
            "security": str(own.security.pk),
            "before": {"price": "1", "priced_on": None, "price_source": ""},
            "after": {"price": "2", "priced_on": "2026-11-21", "price_source": "price file"},
        }
    )
    found.save(update_fields=["effect"])


def model_more(own: SimpleNamespace) -> None:
    number = PublishedModels.objects.filter(firm=own.firm).count() + 1
    version = PublishedModels.objects.create(
        firm=own.firm, number=number, name="Demo", published_by="demo@example.org"
    )
    for label, parts in MIXES.items():
        ModelMix.objects.create(firm=own.firm, published=version, label=label, **parts)
