"""The whole way from answers to an allocation in dollars."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from riskalloc.engine.allocation import PLAIN_SLEEVES, Allocation, allocate, near_term_weights
from riskalloc.engine.amounts import EngineError, check_cents, split_amount
from riskalloc.engine.assets import AssetClass, Top, Weights
from riskalloc.engine.market import Outlook, outlook
from riskalloc.engine.reviews import Case, Circumstances, Finding, findings
from riskalloc.engine.rules import Methodology, OwnModels
from riskalloc.engine.scoring import Answers, Scores, limit_scores, score

LARGEST_AMOUNT = Decimal(1_000_000_000)
DEFAULT_SLEEVES = PLAIN_SLEEVES
NOTHING_KNOWN = Circumstances()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One asset class of a result: percent with two decimals, dollars to the cent."""

    asset: AssetClass
    top: Top
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Everything that a method says about one set of answers (or of scores) and one amount.

    `lines` divide `invested` = `amount` - `needed`, `reserved` divides `needed`; each adds up to the cent.
    Where everything is needed soon there are no lines and no outlook. `models` are those of a firm that
    were asked for in place of the method's mixes.
    """

    method: str
    questionnaire: str
    assumptions: str
    sleeves: str
    amount: Decimal
    needed: Decimal
    answers: Answers | None
    scores: Scores
    allocation: Allocation
    lines: tuple[Line, ...]
    reserved: tuple[Line, ...]
    outlook: Outlook | None
    findings: tuple[Finding, ...]
    models: OwnModels | None = None

    @property
    def invested(self) -> Decimal:
        return self.amount - self.needed

    def top_amounts(self) -> Mapping[Top, Decimal]:
        """Dollars of each top class: the sum of its classes."""
        return {
            top: sum((line.amount for line in self.lines if line.top is top), Decimal(0))
            for top in Top
        }


def assess(
    answers: Answers,
    amount: Decimal,
    method: Methodology,
    *,
    needed: Decimal = Decimal(0),
    sleeves: str = DEFAULT_SLEEVES,
    circumstances: Circumstances = NOTHING_KNOWN,
) -> Calculation:
    """Answers and dollars to a full calculation. Values out of range raise EngineError."""
    scores = score(answers, method)
    return _calculate(answers, scores, amount, needed, sleeves, method, circumstances)


def allocate_scores(
    rti: int,
    iss: int,
    amount: Decimal,
    method: Methodology,
    *,
    horizon_years: Decimal | None = None,
    sleeves: str = DEFAULT_SLEEVES,
) -> Calculation:
    """The same from scores alone: only the limits that scores and time decide apply."""
    scores = limit_scores(rti, iss, method, horizon_years=horizon_years)
    return _calculate(None, scores, amount, Decimal(0), sleeves, method, NOTHING_KNOWN)


def _calculate(
    answers: Answers | None,
    scores: Scores,
    amount: Decimal,
    needed: Decimal,
    sleeves: str,
    method: Methodology,
    circumstances: Circumstances,
) -> Calculation:
    check_amounts(amount, needed)
    allocation = allocate(scores, sleeves, method)
    invested = amount - needed
    market = outlook(allocation.weights, invested, method.assumptions) if invested else None
    case = Case(
        answers=answers,
        scores=scores,
        allocation=allocation,
        outlook=market,
        circumstances=circumstances,
        method=method,
    )
    return Calculation(
        method=method.version,
        questionnaire=method.questionnaire.version,
        assumptions=method.assumptions.version,
        sleeves=sleeves,
        amount=amount,
        needed=needed,
        answers=answers,
        scores=scores,
        allocation=allocation,
        lines=lines(allocation.weights, invested, method) if invested else (),
        reserved=lines(near_term_weights(method), needed, method) if needed else (),
        outlook=market,
        findings=findings(case),
        models=method.models,
    )


def check_amounts(amount: Decimal, needed: Decimal) -> None:
    if not (amount.is_finite() and 0 < amount <= LARGEST_AMOUNT):
        raise EngineError(f"The amount must be more than 0 and at most {LARGEST_AMOUNT:,}.")
    if not (needed.is_finite() and 0 <= needed <= amount):
        raise EngineError("What is needed within 3 years is between 0 and the amount.")
    check_cents(amount)
    check_cents(needed)


def lines(weights: Weights, amount: Decimal, method: Methodology) -> tuple[Line, ...]:
    """Percent and dollars of each class, each split from the exact weights."""
    amounts = split_amount(amount, tuple(weights.parts.values()))
    return tuple(
        Line(asset=asset, top=method.classes.classes[asset].top, percent=percent, amount=dollars)
        for (asset, percent), dollars in zip(weights.percents().items(), amounts, strict=True)
    )
