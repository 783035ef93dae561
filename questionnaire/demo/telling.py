"""Stories become rows, each with the day on which it happened.

The services write today; what lies in the past is inserted here with its own date. The audit trail says
the truth: all of it was loaded just now.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from questionnaire.demo.stories import Chapter, Decision, Relative, Story, in_months
from questionnaire.models import (
    Assessment,
    ClientProfile,
    Draft,
    LifeEvent,
    Override,
    Ownership,
    hashed,
    new_token,
)
from questionnaire.services.answering import calculate
from questionnaire.services.overriding import OVERRIDE_VALUES
from questionnaire.services.owning import own
from questionnaire.snapshots import Result, stored
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.engine.rules import Methodology
from riskalloc.firms.audit import By, plain_values, record
from riskalloc.firms.models import User

LOADING = By(name="(demo data)")
# Limits behind which two answers pull apart: whoever goes through all questions is asked about them.
ASKED_ABOUT = {"C1", "C3", "horizon"}


def moment(days_ago: int) -> datetime:
    """Some time in the working hours of a day."""
    day = timezone.localdate() - timedelta(days=days_ago)
    at = time(9 + days_ago % 8, days_ago * 7 % 60)
    return timezone.make_aware(datetime.combine(day, at))


def profile_values(story: Story) -> dict[str, date | str | None]:
    today, months = timezone.localdate(), story.retires_in_months
    return {
        "name": story.name,
        "email": story.email,
        "phone": story.phone,
        "born_on": story.born.on(today) if story.born else None,
        "retires_on": in_months(today, months) if months else None,
        "notes": story.notes,
    }


def relative_values(relative: Relative) -> dict[str, date | str | None]:
    return {
        "name": relative.name,
        "relation": relative.relation,
        "born_on": relative.born.on(timezone.localdate()) if relative.born else None,
    }


def tell(client: ClientProfile, story: Story) -> None:
    """Every chapter as an assessment, with the event that opened it and the decision that followed."""
    method = methodology.load(client.firm.method)
    fields: dict[str, str] = {}
    before = None
    for chapter in story.chapters:
        fields |= chapter.answers
        before = tell_chapter(client, story, chapter, by_question(fields, method), before)


def by_question(fields: Mapping[str, str], method: Methodology) -> dict[str, dict[str, str]]:
    """Answers as a draft keeps them."""
    return {
        question.id: {field.name: fields[field.name] for field in question.fields}
        for question in method.questionnaire.questions
    }


def tell_chapter(
    client: ClientProfile,
    story: Story,
    chapter: Chapter,
    answers: Mapping[str, Mapping[str, str]],
    before: Assessment | None,
) -> Assessment:
    result = calculate(
        answers,
        methodology.load(client.firm.method),
        seconds_taken=chapter.seconds,
        rti_before=before.raw_rti if before else None,
    )
    assessment = keep_then(result, chapter, answers)
    filled_in_by = "" if story.signs_in else story.typed_by
    own(assessment=assessment, client=client, by=LOADING, filled_in_by=filled_in_by)
    Ownership.objects.filter(pk=assessment.pk).update(since=assessment.created_at)
    if chapter.event and before:
        insert_event(client, story, chapter, assessment, before)
    if chapter.decision:
        insert_decision(client, story, chapter.decision, assessment)
    return assessment


def keep_then(
    result: Result, chapter: Chapter, answers: Mapping[str, Mapping[str, str]]
) -> Assessment:
    rules = {step.rule for step in result.calculation.scores.adjustments}
    return Assessment.objects.create(
        created_at=moment(chapter.days_ago),
        software=settings.SOFTWARE_VERSION,
        kept_contradictions=not chapter.event and not rules.isdisjoint(ASKED_ABOUT),
        seconds_taken=chapter.seconds,
        answers=answers,
        **stored(result),
    )


def insert_event(
    client: ClientProfile,
    story: Story,
    chapter: Chapter,
    assessment: Assessment,
    before: Assessment,
) -> None:
    recorded_at = assessment.created_at
    happened_on = timezone.localdate(recorded_at) - timedelta(days=chapter.days_since_event)
    event = LifeEvent.objects.create(
        firm=client.firm,
        client=client,
        kind=chapter.event,
        events_version=methodology.EVENTS_VERSION,
        happened_on=happened_on,
        assessment=assessment,
        recorded_by=story.author,
        recorded_at=recorded_at,
    )
    after = {
        "kind": event.kind,
        "happened_on": happened_on.isoformat(),
        "result": assessment.public_id,
    }
    record(
        by=LOADING,
        firm_id=client.firm_id,
        action="life event recorded",
        of=event,
        about=client.pk,
        before={"result": before.public_id},
        after=after,
    )


def insert_decision(
    client: ClientProfile, story: Story, decision: Decision, assessment: Assessment
) -> None:
    mix = decision.mix
    override = Override.objects.create(
        firm=client.firm,
        client=client,
        assessment=assessment,
        stocks=mix.stocks,
        bonds=mix.bonds,
        alternatives=mix.alternatives,
        cash=mix.cash,
        reason=decision.reason,
        made_by=story.typed_by,
        made_at=assessment.created_at + timedelta(minutes=20),
    )
    calculated = Mix(*assessment.calculation["allocation"]["mix"])
    record(
        by=LOADING,
        firm_id=client.firm_id,
        action="mix overridden",
        of=override,
        about=client.pk,
        before={"calculated": str(calculated)},
        after=plain_values(override, OVERRIDE_VALUES),
    )


def begin_under_link(client: ClientProfile, story: Story, sender: User) -> None:
    """A questionnaire that is being filled in. No letter went out, so nobody else has the link."""
    draft = Draft.objects.create(
        token_hash=hashed(new_token()),
        client=client,
        started_by=sender,
        is_link=True,
        answers=story.link_answers,
        version=1 + len(story.link_answers),
        created_at=moment(story.link_sent_days_ago),
        updated_at=moment(story.link_sent_days_ago - 1),
    )
    record(
        by=LOADING,
        firm_id=client.firm_id,
        action="questionnaire link sent",
        of=draft,
        about=client.pk,
    )
