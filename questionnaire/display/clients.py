"""A client's page: where they stand, what is due, and everything that led there."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from questionnaire.models import Assessment, ClientProfile, LifeEvent
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
    """An assessment with what it opened, and what it moved."""

    at: datetime
    assessment: Assessment
    mix: Mix
    stocks_moved: int | None
    before: Assessment | None
    event: LifeEvent | None
    event_title: str


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


def moment(now: Assessment, before: Assessment | None, event: LifeEvent | None) -> Moment:
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
    )


def who(client: ClientProfile, household: int, today: date) -> str:
    """`61 years old, lives with 2 others, retires in May 2031`: what is known of it."""
    parts = []
    if client.born_on:
        parts.append(_("{age} years old").format(age=age_on(client.born_on, today)))
    if household:
        say = ngettext("lives with {n} other", "lives with {n} others", household)
        parts.append(say.format(n=household))
    if client.retires_on:
        say = _("retires in {month}") if client.retires_on > today else _("retired in {month}")
        parts.append(say.format(month=date_format(client.retires_on, "F Y")))
    return ", ".join(parts)


def age_on(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def mix_of(assessment: Assessment) -> Mix:
    """The calculated mix of an assessment that `light_assessments` found."""
    points: list[int] = assessment.points  # type: ignore[attr-defined]  # annotated
    return Mix(*points)
