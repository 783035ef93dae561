"""The same calculation with one thing changed: what an answer is worth, and what-if cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from riskalloc.engine.allocation import target_mix
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.questions import Question
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Answers, debt_score, score, scores_of_items

HUNDREDTH = Decimal("0.01")  # the finest step in which years are typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What one answer is worth: the change of stocks, in points, with it one score lower or higher.

    None where there is no such score, or no value that has it.
    """

    question: str
    score: int
    lower: int | None
    higher: int | None


def answer_worth(answers: Answers, method: Methodology) -> tuple[Worth, ...]:
    """Run the method again with each answer one score lower and one higher, all else unchanged."""
    scores = score(answers, method)
    stocks = target_mix(scores, method).stocks

    def change(question: Question, by: int) -> int | None:
        wanted = scores.items[question.id] + by
        if not 1 <= wanted <= 5 or has_no_measure(question, answers):
            return None
        return stocks_with(question, wanted, answers, scores.items, method) - stocks

    return tuple(
        Worth(
            question=question.id,
            score=scores.items[question.id],
            lower=change(question, -1),
            higher=change(question, +1),
        )
        for question in method.questionnaire.questions
        if question.is_scored
    )


def stocks_with(
    question: Question,
    wanted: int,
    answers: Answers,
    items: Mapping[str, int],
    method: Methodology,
) -> int:
    """Percent of stocks with one answer at another score; a score of 2 for the past means "sold some"."""
    years = answers.horizon_years
    if question.id == "horizon":
        years = nearest_with_score(question, wanted, years)
    sold = method.limits is not None and answers.past_behaviour in method.limits.contradiction.sold
    if question.id == "past_behaviour":
        sold = wanted <= 2
    changed = {**items, question.id: wanted}
    if question.id == "job_security":  # without income, a pension decides what no debts count
        other = next(c.code for c in question.fields[0].choices if c.score == wanted)
        other_answers = replace(answers, job_security=other)
        changed["debt_to_income"] = debt_score(other_answers, method.questionnaire)
    scores = scores_of_items(changed, years, sold=sold, method=method)
    return target_mix(scores, method).stocks


def has_no_measure(question: Question, answers: Answers) -> bool:
    """Whether a quotient is missing its denominator: no amount of savings or debts has another score."""
    measures = {"emergency_fund": answers.months_covered, "debt_to_income": answers.debt_percent}
    return measures.get(question.id, 0) is None


def nearest_with_score(question: Question, wanted: int, measure: Decimal) -> Decimal:
    """The measure nearest to `measure` that has the score `wanted`."""
    lowest = Decimal(0)
    for band in question.bands:
        if band.score == wanted:
            if measure < lowest or band.edge is None:
                return lowest
            return band.edge if band.up_to is not None else band.edge - HUNDREDTH
        if band.edge is not None:
            lowest = band.edge if band.below is not None else band.edge + HUNDREDTH
    raise EngineError(f"{question.id} has no answer that scores {wanted}.")


# -- What if: each case changes the answers as its name says ----------------------------------------------


def job_loss(answers: Answers, method: Methodology) -> Answers:
    return replace(
        answers,
        job_security="gig",
        largest_fall="25_or_more",
        household_cover=one_lower("household_cover", answers.household_cover, method),
        monthly_income=answers.monthly_income / 2,
    )


def steady_job(answers: Answers, method: Methodology) -> Answers:
    return replace(
        answers, job_security="permanent_steady", largest_fall="under_5", market_linked=False
    )


def retire_soon(answers: Answers, method: Methodology) -> Answers:
    """Income falls to 70 %, and 12 years at most remain; a pension counts where it covers everything."""
    is_covered = answers.household_cover == "100_or_more"
    return replace(
        answers,
        monthly_income=answers.monthly_income * Decimal("0.7"),
        horizon_years=min(answers.horizon_years, Decimal(12)),
        job_security="tenured_or_pension" if is_covered else answers.job_security,
    )


def reserve_6(answers: Answers, method: Methodology) -> Answers:
    return replace(answers, savings=6 * answers.monthly_essentials)


CASES: Mapping[str, Callable[[Answers, Methodology], Answers]] = {
    "job_loss": job_loss,
    "steady_job": steady_job,
    "retire_soon": retire_soon,
    "reserve_6": reserve_6,
}


def what_if(case: str, answers: Answers, method: Methodology) -> Answers:
    """The answers as they would be in a case. EngineError where there is no such case."""
    if case not in CASES:
        raise EngineError(f"There is no case “{case}”. Choose {', '.join(CASES)}.")
    return CASES[case](answers, method)


def one_lower(name: str, code: str, method: Methodology) -> str:
    """The code of the choice that scores one less, or the same where it is the lowest."""
    field = method.questionnaire.field(name)
    lower = [c.code for c in field.choices if c.score == field.choice(code).score - 1]
    return lower[0] if lower else code
