"""Meetings that were held, and what the desk notes about a client."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, Note, Review
from questionnaire.services.locking import lock
from questionnaire.services.owning import valid_until
from riskalloc.firms.audit import By, record
from riskalloc.firms.tenancy import unless_hidden


class NothingToReview(Exception):
    """On that day nothing had been calculated for the client yet."""


@transaction.atomic
def mark_reviewed(
    *, client: ClientProfile, review_id: UUID, held_on: date, summary: str = "", by: By
) -> Review:
    """Keep that everything was looked at; the next time is due a year after, unless later already.

    Sent twice, it is kept once. Raises NothingToReview, and Gone where the client has left meanwhile.
    """
    client = lock(client)
    known = Review.objects.filter(pk=review_id).first()
    if known and known.client_id == client.pk:
        return known
    assessment = held_then(client, held_on)
    if assessment is None:
        raise NothingToReview
    review = Review.objects.create(
        # an id that is somebody else's says nothing here
        pk=uuid4() if known else unless_hidden(Review, review_id),
        firm=client.firm,
        client=client,
        held_on=held_on,
        assessment=assessment,
        summary=summary,
        recorded_by=by.name,
    )
    was, due_on = client.review_due_on, _due_after(client, held_on)
    ClientProfile.objects.filter(pk=client.pk).update(review_due_on=due_on)
    record(
        by=by,
        firm_id=client.firm_id,
        action="review held",
        of=review,
        about=client.pk,
        before={"review_due_on": str(was) if was else None},
        after={
            "held_on": str(held_on),
            "result": assessment.public_id,
            "summary": summary,
            "review_due_on": str(due_on),
        },
    )
    return review


def held_then(client: ClientProfile, day: date) -> Assessment | None:
    """The last assessment until the end of a day."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    found = Assessment.objects.filter(ownership__client=client, created_at__lt=end)
    return found.order_by("-created_at", "-pk").first()


def _due_after(client: ClientProfile, held_on: date) -> date:
    return max(filter(None, [client.review_due_on, valid_until(held_on)]))


@transaction.atomic
def write_note(*, client: ClientProfile, note_id: UUID, text: str, by: By) -> Note:
    """Sent twice, it is written once. The trail says that, not what: the client may read the trail."""
    client = lock(client)
    known = Note.objects.filter(pk=note_id).first()
    if known and known.client_id == client.pk:
        return known
    pk = uuid4() if known else unless_hidden(Note, note_id)
    note = Note.objects.create(
        pk=pk, firm=client.firm, client=client, text=text, written_by=by.name
    )
    record(
        by=by,
        firm_id=client.firm_id,
        action="note written",
        of=note,
        about=client.pk,
        after={"characters": len(text)},
    )
    return note
