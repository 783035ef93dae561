"""What is answered: a Calculation as JSON. Money, percent and other decimals are text, rounded half up.

The API and the JSON download of a result print the same `answer_to`, so they cannot disagree.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass, Mix, Top
from riskalloc.engine.calculation import Calculation, Line
from riskalloc.engine.market import EpisodeChange, Outlook
from riskalloc.engine.reviews import Finding
from riskalloc.engine.rules import IncomeLabel, Methodology, RiskLabel
from riskalloc.engine.scoring import Scores
from riskalloc.engine.steps import Step


def is_none(value: Any) -> bool:
    return value is None


Dollars = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["60000.00"])]
Percent = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["60.00"])]
Change = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]$", examples=["-51.8"])]
Items = Annotated[
    dict[str, int] | SkipJsonSchema[None],
    Field(
        exclude_if=is_none, description="Points of each answer; left out where scores were sent."
    ),
]


class Answered(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Adjustment(Answered):
    """A limit that changed the RTI; changes add up to effective − raw."""

    rule: str
    change: int
    sentence: str


class RiskScore(Answered):
    raw: int
    effective: int
    label: RiskLabel
    items: Items = None
    adjustments: list[Adjustment]


class IncomeScore(Answered):
    score: int
    label: IncomeLabel
    items: Items = None


class TopPercents(Answered):
    stocks: Percent
    bonds: Percent
    alternatives: Percent
    cash: Percent


class MixAnswer(Answered):
    """The base mix of the RTI, the points that the ISS moved, and the mix after that."""

    base: TopPercents
    shift: int
    final: TopPercents


class ClassLine(Answered):
    id: AssetClass
    top: Top
    percent: Percent
    amount: Dollars


class Reserved(Answered):
    """What is needed within three years, and where it stands."""

    amount: Dollars
    classes: list[ClassLine]


class Capm(Answered):
    risk_free: Percent
    premium: Percent
    beta: Percent
    expected_return: Percent


class EpisodeAnswer(Answered):
    """What the mix would have gone through, in percent and in dollars."""

    id: str
    change: Change
    amount: Dollars


class FindingAnswer(Answered):
    rule: str
    sentence: str


class Answer(Answered):
    method: str
    assumptions: str
    rti: RiskScore
    iss: IncomeScore
    mix: MixAnswer
    classes: list[ClassLine]
    reserved: Annotated[Reserved | SkipJsonSchema[None], Field(exclude_if=is_none)] = None
    capm: Capm | None
    episodes: list[EpisodeAnswer]
    findings: list[FindingAnswer]


def answer_to(calculation: Calculation, method: Methodology) -> Answer:
    """Everything that a calculation says; `method` is the one that it was made with."""
    outlook = calculation.outlook
    return Answer(
        method=calculation.method,
        assumptions=calculation.assumptions,
        rti=_risk_score(calculation.scores, method),
        iss=_income_score(calculation.scores, method),
        mix=MixAnswer(
            base=_top_percents(calculation.allocation.base),
            shift=calculation.allocation.shift,
            final=_top_percents(calculation.allocation.mix),
        ),
        classes=_class_lines(calculation.lines),
        reserved=_reserved(calculation),
        capm=_capm(outlook, method) if outlook else None,
        episodes=[_episode(episode) for episode in outlook.episodes] if outlook else [],
        findings=[_finding(finding) for finding in calculation.findings],
    )


def figure(value: Decimal, places: int) -> str:
    """Plain digits with `places` decimals, half up, without a negative zero."""
    rounded = half_up(value, places)
    return f"{rounded or abs(rounded):f}"


def _risk_score(scores: Scores, method: Methodology) -> RiskScore:
    return RiskScore(
        raw=scores.raw_rti,
        effective=scores.rti,
        label=scores.rti_label,
        items=_items(scores, "risk", method),
        adjustments=[_adjustment(step) for step in scores.adjustments],
    )


def _income_score(scores: Scores, method: Methodology) -> IncomeScore:
    items = _items(scores, "income", method)
    return IncomeScore(score=scores.iss, label=scores.iss_label, items=items)


def _items(scores: Scores, about: str, method: Methodology) -> dict[str, int] | None:
    if not scores.items:
        return None
    return {
        question.id: scores.items[question.id] for question in method.questionnaire.about(about)
    }


def _adjustment(step: Step) -> Adjustment:
    return Adjustment(rule=step.rule, change=int(step.change["rti"]), sentence=step.sentence)


def _top_percents(mix: Mix) -> TopPercents:
    return TopPercents(**{top: figure(percent, 2) for top, percent in mix.figures().items()})


def _class_lines(lines: Iterable[Line]) -> list[ClassLine]:
    return [
        ClassLine(
            id=line.asset,
            top=line.top,
            percent=figure(line.percent, 2),
            amount=figure(line.amount, 2),
        )
        for line in lines
    ]


def _reserved(calculation: Calculation) -> Reserved | None:
    if not calculation.reserved:
        return None
    amount, lines = figure(calculation.needed, 2), _class_lines(calculation.reserved)
    return Reserved(amount=amount, classes=lines)


def _capm(outlook: Outlook, method: Methodology) -> Capm:
    return Capm(
        risk_free=figure(method.assumptions.risk_free.percent, 2),
        premium=figure(method.assumptions.premium.percent, 2),
        beta=figure(outlook.beta, 2),
        expected_return=figure(outlook.expected_return, 2),
    )


def _episode(episode: EpisodeChange) -> EpisodeAnswer:
    change, amount = figure(episode.change, 1), figure(episode.amount, 2)
    return EpisodeAnswer(id=episode.id, change=change, amount=amount)


def _finding(finding: Finding) -> FindingAnswer:
    return FindingAnswer(rule=finding.rule, sentence=finding.sentence)
