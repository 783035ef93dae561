"""What the practice's desk wrote down: meetings, notes, and the mixes that it thinks of using.

Each meeting was held on the day of one of the client's chapters, so that no review falls due later by it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone

from questionnaire.demo.practice import ADVISOR, OWNER
from questionnaire.demo.telling import LOADING, moment
from questionnaire.models import ClientProfile, Note, Review
from questionnaire.services.modelling import publish, save_draft, start_draft
from questionnaire.services.reviewing import held_then
from riskalloc.engine.assets import AssetClass as A
from riskalloc.engine.rules import RiskLabel
from riskalloc.firms.audit import record
from riskalloc.firms.models import Firm

TALKED_FOR = timedelta(minutes=50)


class Meeting(NamedTuple):
    email: str
    days_ago: int
    by: str
    summary: str


class Noted(NamedTuple):
    email: str
    days_ago: int
    by: str
    text: str


MEETINGS = (
    Meeting(
        "amara@example.org", 130, ADVISOR,
        "Went through the answers after the first year in the new job. The mix stays as it is.",
    ),
    Meeting(
        "kofi@example.org", 420, ADVISOR,
        "Two weeks after the job ended. Nothing is sold; the savings are for living until there is"
        " a new one. We meet again as soon as there is.",
    ),
    Meeting(
        "jamila@example.org", 349, ADVISOR,
        "Back at work, with fewer hours for now. She holds on to the cash until spring.",
    ),
    Meeting(
        "dolores@example.org", 343, OWNER,
        "Her pension covers what she needs. She wants to give part of it to her niece in some years.",
    ),
    Meeting(
        "farah@example.org", 210, OWNER,
        "More cash until the shop is sold; the reason is with the decision. Look at it again then.",
    ),
)  # fmt: skip
NOTES = (
    Noted("amara@example.org", 128, OWNER, "Sent her the fund list of the new employer's plan."),
    Noted(
        "amara@example.org", 21, ADVISOR,
        "Called: she may move to another city in spring. Ask about a home when we meet.",
    ),
    Noted("kofi@example.org", 236, ADVISOR, "Has signed the new contract. Invite him to a review."),
    Noted(
        "jamila@example.org", 12, ADVISOR,
        "Asked when the cash can be invested. Prepare a plan for the meeting.",
    ),
    Noted(
        "chen@example.org", 40, ADVISOR, "Left two messages about the review that is overdue."
    ),
    Noted(
        "dolores@example.org", 30, OWNER,
        "Wrote to her on paper about how much of it is in stocks by now.",
    ),
)  # fmt: skip

MODELS_NAME = "Practice mixes"
MODELS_NOTE = "Fewer classes than the method's own: three funds and cash are enough to hold them."
MODELS: Mapping[RiskLabel, Mapping[A, int]] = {
    RiskLabel.CONSERVATIVE: {
        A.US_LARGE_CAP: 1_500, A.INTL_DEVELOPED: 500, A.US_AGGREGATE: 6_500, A.CASH: 1_500,
    },
    RiskLabel.MODERATE: {
        A.US_LARGE_CAP: 3_500, A.INTL_DEVELOPED: 1_500, A.US_AGGREGATE: 4_500, A.CASH: 500,
    },
    RiskLabel.AGGRESSIVE: {
        A.US_LARGE_CAP: 5_500, A.INTL_DEVELOPED: 2_500, A.US_AGGREGATE: 2_000,
    },
}  # fmt: skip


def write_down(firm: Firm) -> None:
    clients = {client.email: client for client in ClientProfile.objects.filter(firm=firm)}
    for meeting in MEETINGS:
        insert_meeting(clients[meeting.email], meeting)
    for noted in NOTES:
        insert_note(clients[noted.email], noted)
    publish_models(firm)


def insert_meeting(client: ClientProfile, meeting: Meeting) -> None:
    recorded_at = moment(meeting.days_ago) + TALKED_FOR
    held_on = timezone.localdate(recorded_at)
    assessment = held_then(client, held_on)
    assert assessment is not None
    review = Review.objects.create(
        firm=client.firm,
        client=client,
        held_on=held_on,
        assessment=assessment,
        summary=meeting.summary,
        recorded_by=meeting.by,
        recorded_at=recorded_at,
    )
    after = {"held_on": str(held_on), "result": assessment.public_id, "summary": meeting.summary}
    record(
        by=LOADING,
        firm_id=client.firm_id,
        action="review held",
        of=review,
        about=client.pk,
        after=after,
    )


def insert_note(client: ClientProfile, noted: Noted) -> None:
    note = Note.objects.create(
        firm=client.firm,
        client=client,
        text=noted.text,
        written_by=noted.by,
        written_at=moment(noted.days_ago),
    )
    record(
        by=LOADING,
        firm_id=client.firm_id,
        action="note written",
        of=note,
        about=client.pk,
        after={"characters": len(noted.text)},
    )


def publish_models(firm: Firm) -> None:
    """Published and not in use: nobody's mix changes by it, and the desk can see what would."""
    draft = start_draft(firm=firm, by=LOADING)
    draft = save_draft(
        firm=firm,
        version=draft.version,
        name=MODELS_NAME,
        note=MODELS_NOTE,
        mixes=MODELS,
        by=LOADING,
    )
    publish(firm=firm, version=draft.version, models_id=uuid4(), by=LOADING)
