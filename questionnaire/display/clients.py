"""A client's page: where they stand, what is due, and everything that led there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from django.db.models import F, QuerySet

from questionnaire.models import Assessment, ClientProfile, LifeEvent, Override
from questionnaire.models.clients import DUE_SOON
from riskalloc import methodology
from riskalloc.engine.assets import Mix

LONGEST_TIMELINE = 200
HEAVY = ("answers", "calculation", "worth")  # columns of JSON that a list does not need


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How long the last assessment holds."""

    due_on: date | None
    days_left: int | None

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def is_soon(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= DUE_SOON.days

    @property
    def days_over(self) -> int:
        return -self.days_left if self.is_overdue and self.days_left is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline: an assessment with what it opened, or a decision on it."""

    at: datetime
    assessment: Assessment
    mix: Mix
    stocks_moved: int | None
    before: Assessment | None
    event: LifeEvent | None
    event_title: str
    overrides: tuple[Override, ...]

    @property
    def override(self) -> Override | None:
        """The mix that was decided last, where it is not the calculated one."""
        return self.overrides[0] if self.overrides else None


def standing(client: ClientProfile, today: date) -> Standing:
    due_on = client.review_due_on
    return Standing(due_on=due_on, days_left=(due_on - today).days if due_on else None)


def light_assessments(client: ClientProfile) -> QuerySet[Assessment]:
    """A client's assessments, newest first, without their heavy columns but with the mix."""
    return (
        Assessment.objects.filter(ownership__client=client)
        .select_related("ownership")
        .defer(*HEAVY)
        .annotate(points=F("calculation__allocation__mix"))
        .order_by("-created_at", "-pk")[:LONGEST_TIMELINE]
    )


def timeline(client: ClientProfile) -> list[Moment]:
    """Newest first: three queries, however long a life is."""
    assessments = list(light_assessments(client))
    events = {event.assessment_id: event for event in client.life_events.all()}
    overrides: dict[int, list[Override]] = {}
    for override in client.overrides.all():
        overrides.setdefault(override.assessment_id, []).append(override)
    return [
        _moment(now, before, events.get(now.pk), overrides.get(now.pk, ()))
        for now, before in zip_longest(assessments, assessments[1:])
    ]


def _moment(
    now: Assessment,
    before: Assessment | None,
    event: LifeEvent | None,
    overrides: Iterable[Override],
) -> Moment:
    mix = mix_of(now)
    titles = methodology.load_events(event.events_version) if event else None
    return Moment(
        at=now.created_at,
        assessment=now,
        mix=mix,
        stocks_moved=mix.stocks - mix_of(before).stocks if before else None,
        before=before,
        event=event,
        event_title=titles.event(event.kind).title if titles and event else "",
        overrides=tuple(overrides),
    )


def mix_of(assessment: Assessment) -> Mix:
    """The calculated mix of an assessment that `light_assessments` found."""
    points: list[int] = assessment.points  # type: ignore[attr-defined]  # annotated
    return Mix(*points)
