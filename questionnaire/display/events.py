"""What has changed in a client's life, laid out for asking again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from questionnaire import wizard
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services.methods import method_for
from questionnaire.snapshots import inputs_of, texts_of
from riskalloc import methodology
from riskalloc.engine.amounts import half_up
from riskalloc.engine.comparison import Comparison, Inputs, compare
from riskalloc.engine.events import (
    LifeEvent,
    LifeEvents,
    moved_horizon,
    proposed_answers,
    questions_touched,
    years_between,
)
from riskalloc.engine.questions import Question
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Answers
from riskalloc.web.numbers import exact_text

DAY = "j M Y"
TENTH = Decimal("0.1")

Texts = Mapping[str, Mapping[str, str]]


def published_events() -> LifeEvents:
    return methodology.load_events(methodology.EVENTS_VERSION)


# -- A planned retirement -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedHorizon:
    """The years until the money is needed, as answered and as they are today, and why they differ."""

    answered: Decimal
    now: Decimal
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementNotice:
    """What time has done to the years, and what it would do to the mix. `kind` is the event to record."""

    moved: MovedHorizon
    comparison: Comparison
    moves: list["MovedClass"]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClass:
    """A top class that would have another share; `amount` in whole dollars."""

    name: str
    before: int
    after: int
    amount: Decimal

    @property
    def size(self) -> Decimal:
        return abs(self.amount)


def retirement_notice(
    client: ClientProfile, assessment: Assessment, today: date
) -> RetirementNotice | None:
    """None where no planned retirement has moved anything."""
    inputs = inputs_of(assessment)
    moved = horizon_moved(client, assessment, inputs.answers, today)
    if moved is None or client.retires_on is None:
        return None
    answers = replace(inputs.answers, horizon_years=moved.now)
    comparison = compare(inputs, replace(inputs, answers=answers))
    before, after = comparison.before.allocation.mix, comparison.after.allocation.mix
    tops = inputs.method.classes.tops
    moves = [
        MovedClass(
            name=tops[top].name.lower(),
            before=was,
            after=now,
            amount=half_up(comparison.dollars[top], 0),
        )
        for (top, was), (_, now) in zip(before, after, strict=True)
        if was != now
    ]
    kind = "retirement" if client.retires_on <= today else "nearing_retirement"
    return RetirementNotice(moved=moved, comparison=comparison, moves=moves, kind=kind)


def horizon_moved(
    client: ClientProfile, assessment: Assessment, answers: Answers, today: date
) -> MovedHorizon | None:
    answered_on = timezone.localdate(assessment.created_at)
    now = moved_horizon(
        answers, answered_on=answered_on, today=today, planned_retirement_on=client.retires_on
    )
    if now is None or client.retires_on is None:
        return None
    sentence = why_nearer(client, answers.horizon_years, now, answered_on, today)
    return MovedHorizon(answered=answers.horizon_years, now=now, sentence=sentence)


def why_nearer(
    client: ClientProfile, answered: Decimal, now: Decimal, answered_on: date, today: date
) -> str:
    """The date that is nearer; or the time that has passed, where the answer was about something else."""
    assert client.retires_on is not None
    whose = "Your" if client.is_own else "The"
    retirement = f"{whose} planned retirement on {date_format(client.retires_on, DAY)}"
    since = date_format(answered_on, DAY)
    so = f"so {in_years(answered)} became {exact_text(now)}."
    passed = years_between(answered_on, today)
    if client.retires_on <= today:
        if not now:
            return f"{retirement} has come, {so}"
        return f"{in_years(half_up(passed, 1))} have passed since {since}, {so}"
    if abs(answered - now - passed) < TENTH:
        return f"{retirement} is {in_years(half_up(passed, 1))} nearer than on {since}, {so}"
    return f"{retirement} is {in_years(now)} away, {so}"


def in_years(number: Decimal) -> str:
    return f"{exact_text(number)} {'year' if number == 1 else 'years'}"


# -- What is asked again ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An event that is being recorded: what it asks, and the answers that it begins with.

    `proposed` are the questions whose answers we filled in; `kept` holds all that still fit.
    """

    event: LifeEvent
    events: LifeEvents
    base: Assessment
    before: Inputs
    method: Methodology
    questions: tuple[Question, ...]
    kept: Texts
    start: Texts
    proposed: frozenset[str]
    moved: MovedHorizon | None


def asking(event: LifeEvent, client: ClientProfile, base: Assessment, today: date) -> Asking:
    """What an event asks a client by the method of their firm.

    Besides what the event touches: whatever an older questionnaire asked in another way, and the years,
    where time has moved them. Nobody gets a result of answers that are no longer theirs.
    """
    events, method = published_events(), method_for(client.firm)
    before = inputs_of(base)
    kept = {id: answer for id, answer in wizard.still_valid(base.answers, method).items() if answer}
    every = method.questionnaire.questions
    moved = horizon_moved(client, base, before.answers, today)
    overtaken = {q.id for q in every if q.id not in kept} | ({"horizon"} if moved else set())
    answers = replace(before.answers, horizon_years=moved.now) if moved else before.answers
    is_complete = len(kept) == len(every)
    proposed = proposed_answers(event, answers, method) if is_complete else answers
    return Asking(
        event=event,
        events=events,
        base=base,
        before=before,
        method=method,
        questions=asked_questions(event, events, overtaken, method),
        kept=kept,
        start=start_answers(kept, before.answers, proposed, method),
        proposed=frozenset(q.id for q in every if differs(q, answers, proposed)),
        moved=moved,
    )


def asked_questions(
    event: LifeEvent, events: LifeEvents, overtaken: set[str], method: Methodology
) -> tuple[Question, ...]:
    """In the questionnaire's order; the questions about losses last."""
    touched = questions_touched(event, events, method)
    losses = events.losses.questions
    ids = {question.id for question in touched} | overtaken
    every = method.questionnaire.questions
    first = [q for q in every if q.id in ids and q.id not in losses]
    return (*first, *(q for q in touched if q.id in losses))


def start_answers(kept: Texts, before: Answers, start: Answers, method: Methodology) -> Texts:
    """The kept answers, with those that time or the event moved."""
    texts = texts_of(start)
    moved = {
        question.id: {field.name: texts[field.name] for field in question.fields}
        for question in method.questionnaire.questions
        if question.id in kept and differs(question, before, start)
    }
    return {**kept, **moved}


def differs(question: Question, one: Answers, other: Answers) -> bool:
    names = [field.name for field in question.fields if question.is_scored]
    return any(getattr(one, name) != getattr(other, name) for name in names)


# -- The page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """One question as the page shows it; `last_time` in words where we filled in something else."""

    question: Question
    title: str
    hint: str
    not_sure: str
    fields: list[forms.BoundField]
    is_proposed: bool
    last_time: str
    moved: MovedHorizon | None

    @property
    def described_by(self) -> str:
        """The ids of what stands beside the question and belongs to it: errors of its choices."""
        return " ".join(f"{f.auto_id}_error" for f in self.fields if f.errors and f.use_fieldset)


def shown_questions(asking: Asking, form: forms.Form, amount: Decimal) -> list[AskedQuestion]:
    """Each question with its fields of the form; dollars in texts are parts of the amount."""
    found = []
    for question in asking.questions:
        last = asking.base.answers.get(question.id)
        is_proposed = question.id in asking.proposed
        lines = wizard.shown(question, last, asking.base.amount) if last and is_proposed else []
        found.append(
            AskedQuestion(
                question=question,
                title=wizard.text(question.title, amount),
                hint=wizard.text(question.hint, amount),
                not_sure=wizard.text(question.not_sure, amount),
                fields=[form[field.name] for field in question.fields],
                is_proposed=is_proposed,
                last_time=", ".join(lines),
                moved=asking.moved if question.id == "horizon" else None,
            )
        )
    return found


def digest(asking: Asking, answers: Texts) -> str:
    """Names what a preview showed: the same answers, held against the same assessment by the same method."""
    models = asking.method.models.id if asking.method.models else None
    said = [asking.event.code, asking.base.public_id, asking.method.version, models, answers]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
