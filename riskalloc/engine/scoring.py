"""Answers to scores: ten items, the raw RTI, its limits, and the ISS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_FLOOR, Decimal

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.questions import Questionnaire
from riskalloc.engine.rules import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    IncomeLabel,
    Limits,
    Methodology,
    RiskLabel,
)
from riskalloc.engine.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All ten scored answers: codes of the questionnaire, dollars, and years."""

    drop_reaction: str
    horizon_years: Decimal
    trade_off: str
    past_behaviour: str
    max_loss: str
    job_security: str
    savings: Decimal
    monthly_essentials: Decimal
    monthly_debt: Decimal
    monthly_income: Decimal
    largest_fall: str
    market_linked: bool
    household_cover: str

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Decimal) and not (value.is_finite() and value >= 0):
                raise EngineError(f"{field.name} must not be negative.")

    @property
    def months_covered(self) -> Decimal | None:
        """Months of essential spending that savings cover; None where nothing must be spent."""
        return self.savings / self.monthly_essentials if self.monthly_essentials else None

    @property
    def debt_percent(self) -> Decimal | None:
        """Debt payments in percent of income; None without income."""
        return 100 * self.monthly_debt / self.monthly_income if self.monthly_income else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Both scores with what led there. `items` is empty where only the scores were given.

    `rti` is the effective RTI; `adjustments` are the steps from `raw_rti` to it. `reserve` is the lower
    score of emergency fund and debts, `near_term` whether the money is needed too soon for any other mix.
    """

    raw_rti: int
    rti: int
    rti_label: RiskLabel
    iss: int
    iss_label: IncomeLabel
    items: Mapping[str, int]
    adjustments: tuple[Step, ...]
    reserve: int | None
    horizon_years: Decimal | None
    near_term: bool

    def __post_init__(self) -> None:
        for name, score in (("RTI", self.raw_rti), ("RTI", self.rti), ("ISS", self.iss)):
            check_score(name, score)


def check_score(name: str, score: int) -> None:
    if not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise EngineError(f"The {name} runs from 5 to 25; {score} is outside.")


def score_items(answers: Answers, questionnaire: Questionnaire) -> dict[str, int]:
    """The score from 1 to 5 of each scored question, in its order. Unknown codes raise EngineError."""
    special = {
        "horizon": lambda: questionnaire.question("horizon").band_score(answers.horizon_years),
        "emergency_fund": lambda: emergency_fund_score(answers, questionnaire),
        "debt_to_income": lambda: debt_score(answers, questionnaire),
        "income_variability": lambda: variability_score(answers, questionnaire),
    }

    def choice_score(name: str) -> int:
        return questionnaire.field(name).choice(getattr(answers, name)).score

    return {
        question.id: special[question.id]() if question.id in special else choice_score(question.id)
        for question in questionnaire.questions
        if question.is_scored
    }


def emergency_fund_score(answers: Answers, questionnaire: Questionnaire) -> int:
    months = answers.months_covered
    return 5 if months is None else questionnaire.question("emergency_fund").band_score(months)


def debt_score(answers: Answers, questionnaire: Questionnaire) -> int:
    """Without income, debts weigh fully; without either, only a pension counts as covered."""
    percent = answers.debt_percent
    if percent is not None:
        return questionnaire.question("debt_to_income").band_score(percent)
    is_pension = questionnaire.field("job_security").choice(answers.job_security).score == 5
    return 5 if is_pension and not answers.monthly_debt else 1


def variability_score(answers: Answers, questionnaire: Questionnaire) -> int:
    score = questionnaire.field("largest_fall").choice(answers.largest_fall).score
    penalty = questionnaire.field("market_linked").penalty if answers.market_linked else 0
    return max(1, score - penalty)


def score(answers: Answers, method: Methodology) -> Scores:
    """The scores of a person's answers under a method."""
    items = score_items(answers, method.questionnaire)
    sold = method.limits is not None and answers.past_behaviour in method.limits.contradiction.sold
    return scores_of_items(items, answers.horizon_years, sold=sold, method=method)


def scores_of_items(
    items: Mapping[str, int], horizon_years: Decimal, *, sold: bool, method: Methodology
) -> Scores:
    """The scores of ten item scores; `sold` whether the person sold in the last real fall."""
    raw_rti, iss = (
        sum(items[question.id] for question in method.questionnaire.about(about))
        for about in ("risk", "income")
    )
    return limit_scores(raw_rti, iss, method, items=items, horizon_years=horizon_years, sold=sold)


def limit_scores(
    raw_rti: int,
    iss: int,
    method: Methodology,
    *,
    items: Mapping[str, int] | None = None,
    horizon_years: Decimal | None = None,
    sold: bool = False,
) -> Scores:
    """Apply every limit that the method has and whose inputs are known."""
    check_score("RTI", raw_rti)
    check_score("ISS", iss)
    items = items or {}
    reserve = min(items["emergency_fund"], items["debt_to_income"]) if items else None
    adjustments: tuple[Step, ...] = ()
    near_term = False
    if method.limits:
        steps = _limit_steps(raw_rti, iss, method.limits, items, horizon_years, reserve, sold)
        adjustments = tuple(steps)
        near_term = is_near_term(horizon_years, method.limits)
    rti = int(adjustments[-1].after["rti"]) if adjustments else raw_rti
    return Scores(
        raw_rti=raw_rti,
        rti=rti,
        rti_label=method.rti_label(rti),
        iss=iss,
        iss_label=method.iss_label(iss),
        items=items,
        adjustments=adjustments,
        reserve=reserve,
        horizon_years=horizon_years,
        near_term=near_term,
    )


def is_near_term(horizon_years: Decimal | None, limits: Limits) -> bool:
    return horizon_years is not None and horizon_years < limits.horizon.near_term_below


def _limit_steps(
    raw_rti: int,
    iss: int,
    limits: Limits,
    items: Mapping[str, int],
    horizon_years: Decimal | None,
    reserve: int | None,
    sold: bool,
) -> Iterator[Step]:
    """One step for each limit that changed the score, each counted from what the ones before left."""
    rti = raw_rti
    counted = dict(items)
    if items and sold:
        c1 = limits.contradiction
        counted["drop_reaction"] = min(items["drop_reaction"], items["past_behaviour"] + c1.above)
        lower = rti - items["drop_reaction"] + counted["drop_reaction"]
        inputs = {"answered": items["drop_reaction"], "counted": counted["drop_reaction"]}
        if lower < rti:
            yield _adjustment("C1", rti, lower, c1.sentence, inputs)
            rti = lower
    for rule, limit, sentence, inputs in _limits(limits, counted, iss, reserve, horizon_years):
        if limit < rti:
            yield _adjustment(rule, rti, limit, sentence, inputs | {"limit": limit})
            rti = limit


def _limits(
    limits: Limits,
    counted: Mapping[str, int],
    iss: int,
    reserve: int | None,
    horizon_years: Decimal | None,
) -> Iterator[tuple[str, int, str, dict[str, int]]]:
    """Rule, limit, sentence and inputs of every limit that can be known, in the method's order."""
    if counted:
        c3 = limits.lowest
        lowest = min(counted[item] for item in c3.items)
        yield "C3", c3.factor * lowest + c3.plus, c3.sentence, {"lowest": lowest}
    yield "capacity", iss + limits.capacity.plus, limits.capacity.sentence, {"iss": iss}
    if reserve is not None:
        rule = limits.reserve
        yield "reserve", rule.plus + rule.factor * reserve, rule.sentence, {"reserve": reserve}
    if horizon_years is not None:
        horizon = limits.horizon
        years = int(horizon_years.to_integral_value(ROUND_FLOOR))
        if is_near_term(horizon_years, limits):
            yield "horizon", horizon.near_term_rti, horizon.near_term_sentence, {"years": years}
        elif years in horizon.by_year:
            yield "horizon", horizon.by_year[years], horizon.sentence, {"years": years}


def _adjustment(
    rule: str, before: int, after: int, sentence: str, inputs: Mapping[str, int]
) -> Step:
    return Step(
        rule=rule,
        inputs={name: str(value) for name, value in inputs.items()},
        before={"rti": Decimal(before)},
        after={"rti": Decimal(after)},
        sentence=sentence.format(before=before, after=after, **inputs),
    )
