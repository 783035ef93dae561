"""Why two calculations differ: every change on its own, one after the other, down to the cent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from riskalloc.engine.assets import Top
from riskalloc.engine.calculation import DEFAULT_SLEEVES, Calculation, assess
from riskalloc.engine.questions import Question
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Answers


class CauseKind(StrEnum):
    ANSWER = "answer"
    METHOD = "method"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that a calculation starts from. `amount` and `needed` are dollars."""

    answers: Answers
    amount: Decimal
    needed: Decimal = Decimal(0)
    sleeves: str = DEFAULT_SLEEVES
    method: Methodology

    def calculated(self) -> Calculation:
        return assess(
            self.answers, self.amount, self.method, needed=self.needed, sleeves=self.sleeves
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From one calculation to another."""

    before: Calculation
    after: Calculation

    @property
    def points(self) -> dict[Top, int]:
        """Points that each top class gained or (negative) lost; they add up to 0."""
        pairs = zip(self.before.allocation.mix, self.after.allocation.mix, strict=True)
        return {top: after - before for (top, before), (_, after) in pairs}

    @property
    def dollars(self) -> dict[Top, Decimal]:
        """Dollars that each top class gained or lost, to the cent; they add up to those of `invested`."""
        before, after = self.before.top_amounts(), self.after.top_amounts()
        return {top: after[top] - before[top] for top in Top}

    @property
    def has_effect(self) -> bool:
        """Whether a point or a cent moved. Scores alone do not count."""
        return any(self.points.values()) or any(self.dollars.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Change):
    """One thing that changed, between the calculations just before and just after it did.

    `question` is the id of the question that has another answer; None where the method changed.
    """

    kind: CauseKind
    question: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Change):
    """The whole change. The causes lead from `before` to `after`, each from where the last one ended."""

    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What changed, and the inputs once it had."""

    kind: CauseKind
    question: str | None
    inputs: Inputs


def compare(before: Inputs, after: Inputs) -> Comparison:
    """Change one thing at a time and see what moves: each answer, then the method, then the amount.

    Answers change in the questionnaire's order, with all fields of their question. The method is a version
    with all that it refers to, and the sleeves; the amount comes with what is needed soon. What stayed the
    same is no cause; what changed and moved nothing is a cause without effect. The causes add up exactly,
    in points and in cents. How much each one carries depends on the order, because answers act together:
    where two of them hold a limit down, the mix moves with the one that changes last.

    Findings are those of the inputs alone. Values out of range raise EngineError.
    """
    stages = tuple(changes(before, after))
    calculations = (before.calculated(), *(stage.inputs.calculated() for stage in stages))
    causes = tuple(
        Cause(kind=stage.kind, question=stage.question, before=earlier, after=later)
        for stage, (earlier, later) in zip(stages, pairwise(calculations), strict=True)
    )
    return Comparison(before=calculations[0], after=calculations[-1], causes=causes)


def changes(before: Inputs, after: Inputs) -> Iterator[Stage]:
    """Each thing that changed, in order; the last stage has the inputs of `after`."""
    now = before
    for question in changed_questions(before, after):
        now = replace(now, answers=with_answer(question, now.answers, after.answers))
        yield Stage(kind=CauseKind.ANSWER, question=question.id, inputs=now)
    at_last = replace(after, amount=before.amount, needed=before.needed)
    if now != at_last:
        yield Stage(kind=CauseKind.METHOD, question=None, inputs=at_last)
    if at_last != after:
        yield Stage(kind=CauseKind.AMOUNT, question="amount", inputs=after)


def changed_questions(before: Inputs, after: Inputs) -> Iterator[Question]:
    """The scored questions that are answered differently.

    An answer that the earlier questionnaire does not offer cannot be given under the earlier method: it
    changes together with the method.
    """
    for question in before.method.questionnaire.questions:
        if not (question.is_scored and is_offered(question, after.answers)):
            continue
        if with_answer(question, before.answers, after.answers) != before.answers:
            yield question


def is_offered(question: Question, answers: Answers) -> bool:
    """Whether the question has the choices of these answers."""
    return all(
        getattr(answers, field.name) in [choice.code for choice in field.choices]
        for field in question.fields
        if field.choices
    )


def with_answer(question: Question, answers: Answers, other: Answers) -> Answers:
    """The answers, with those to one question taken from others."""
    return replace(answers, **{field.name: getattr(other, field.name) for field in question.fields})
