"""Life events: the questions that are asked again, the answers they propose, and time that passes."""

from dataclasses import dataclass, replace
from datetime import MAXYEAR, date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from riskalloc.engine.amounts import EngineError, half_up, require
from riskalloc.engine.dates import anniversary
from riskalloc.engine.questions import Question, Questionnaire
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Answers
from riskalloc.engine.whatif import CASES, HUNDREDTH, what_if

TENTH = Decimal("0.1")  # years; less is not worth saying
AROUND_RETIREMENT = Decimal(1)  # years; people type whole ones
LAST_DAY = date(MAXYEAR - 1, 12, 31)  # the next anniversary of any day until then exists


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent:
    """One event. `button` is what the person says, `title` what a timeline calls it.

    `questions` are ids, `proposal` is the what-if case that proposes answers, if any.
    """

    code: str
    button: str
    title: str
    why: str
    questions: tuple[str, ...]
    proposal: str | None = None

    def __post_init__(self) -> None:
        require(bool(self.questions), f"{self.code}: an event asks something.")
        twice = len(set(self.questions)) < len(self.questions)
        require(not twice, f"{self.code}: a question is asked twice.")
        known = self.proposal is None or self.proposal in CASES
        require(known, f"{self.code}: there is no case “{self.proposal}”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LossQuestions:
    """The questions about losses that every event offers, under a title of their own."""

    title: str
    why: str
    questions: tuple[str, ...]

    def __post_init__(self) -> None:
        require(bool(self.questions), "An event always asks about losses.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvents:
    """One published version of the events, with the questionnaire that they ask from."""

    version: str
    released: date
    questionnaire: Questionnaire
    losses: LossQuestions
    events: tuple[LifeEvent, ...]

    def __post_init__(self) -> None:
        codes = [event.code for event in self.events]
        require(len(set(codes)) == len(codes), "Two events share a code.")
        known = {question.id for question in self.questionnaire.questions}
        asked = {id for event in self.events for id in event.questions} | {*self.losses.questions}
        strangers = ", ".join(sorted(asked - known))
        require(not strangers, f"The questionnaire has no question {strangers}.")

    def event(self, code: str) -> LifeEvent:
        for event in self.events:
            if event.code == code:
                return event
        known = ", ".join(event.code for event in self.events)
        raise EngineError(f"There is no life event “{code}”. Choose {known}.")


def questions_touched(
    event: LifeEvent, events: LifeEvents, method: Methodology
) -> tuple[Question, ...]:
    """What an event asks again, in the questionnaire's order; the questions about losses come last."""
    losses = events.losses.questions
    every = method.questionnaire.questions
    touched = [q for q in every if q.id in event.questions and q.id not in losses]
    return (*touched, *(q for q in every if q.id in losses))


# -- Proposed answers -------------------------------------------------------------------------------------


def proposed_answers(event: LifeEvent, answers: Answers, method: Methodology) -> Answers:
    """The answers to begin with: those of the event's what-if case, for the questions that it touches.

    Dollars are rounded to the cent, so that each can be typed. Unchanged where there is no case.
    """
    if event.proposal is None:
        return answers
    case = what_if(event.proposal, answers, method)
    questions = [method.questionnaire.question(id) for id in event.questions]
    names = [field.name for q in questions if q.is_scored for field in q.fields]
    changed = [name for name in names if getattr(case, name) != getattr(answers, name)]
    return replace(answers, **{name: typed(getattr(case, name)) for name in changed})


def typed(value: Any) -> Any:
    """A number as a person would type it; any other answer as it is."""
    return half_up(value, 2) if isinstance(value, Decimal) else value


# -- A planned retirement ---------------------------------------------------------------------------------


def moved_horizon(
    answers: Answers, *, answered_on: date, today: date, planned_retirement_on: date | None
) -> Decimal | None:
    """The answered horizon as it is today, in years with two decimals, rounded down and never below 0.

    The answer is the number of years until most of the money is needed. Someone who plans a date lives
    by the calendar: that time comes nearer, while without a date "in ten years" may well stay ten years.

    * An answer within a year of the planned date was about it. The date is then the finer of the two, and
      today's horizon is the time until that date: 0 once it has come (the retirement event asks anew).
    * Any other answer (a home, or money for much later) loses the time that has passed since.

    It is never longer than answered: a later date alone lets nobody take more risk. None where nothing
    moved: without a date, with one that had come before the answer, or by less than a tenth of a year.
    """
    if planned_retirement_on is None or planned_retirement_on <= answered_on or today < answered_on:
        return None
    retirement = min(planned_retirement_on, LAST_DAY)
    answered, passed = answers.horizon_years, years_between(answered_on, today)
    left = answered - passed
    if abs(answered - years_between(answered_on, retirement)) <= AROUND_RETIREMENT:
        left = min(answered, years_between(today, retirement))
    moved = max(left, Decimal(0)).quantize(HUNDREDTH, ROUND_FLOOR)
    return moved if min(passed, answered - moved) >= TENTH else None


def years_between(start: date, end: date) -> Decimal:
    """Years from `start` to a later `end`: whole anniversaries, and the part of the year after the last.

    0 where `end` is not later. After a 29 February the anniversary is 28 February in common years.
    """
    if end <= start:
        return Decimal(0)
    years = end.year - start.year
    years -= anniversary(start, end.year) > end
    last, following = (anniversary(start, start.year + years + more) for more in (0, 1))
    return years + Decimal((end - last).days) / (following - last).days
