"""The result page: a Result laid out for reading."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from questionnaire import wizard
from questionnaire.snapshots import Result
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import Top
from riskalloc.engine.assumptions import Episode
from riskalloc.engine.calculation import Calculation, Line
from riskalloc.engine.market import EpisodeChange
from riskalloc.engine.questions import Question
from riskalloc.engine.reviews import Finding
from riskalloc.engine.rules import IncomeLabel, Methodology, RiskLabel
from riskalloc.engine.steps import Step
from riskalloc.engine.whatif import Worth
from riskalloc.web.charts import LETTERS, STYLES, Segment, stacked_bar

RISK_WORDS = {
    RiskLabel.CONSERVATIVE: "small swings only",
    RiskLabel.MODERATE: "some swings are bearable",
    RiskLabel.AGGRESSIVE: "large swings are bearable",
}
INCOME_WORDS = {IncomeLabel.LOW: "a thin cushion", IncomeLabel.HIGH: "a solid cushion"}
FINDING_TITLES = {
    "C2": "Deeper than your limit",
    "C4": "Your situation sets the limit",
    "C5": "Your first fall is still to come",
    "C6": "A second look is worth it",
    "C7": "Brave in good times",
    "C8": "Close to a border",
    "liquidity": "A thin reserve",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the allocation table; `key` opens its thread."""

    key: str
    name: str
    what: str
    example: str
    style: str
    letters: str
    percent: Decimal
    amount: Decimal
    is_sub: bool
    is_divided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    question: Question
    slug: str
    lines: list[str]
    worth: Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class BadTime:
    """A bad time in dollars: what is left, and how wide its bar is (of 100)."""

    key: str
    name: str
    change: Decimal
    left: Decimal
    width: str
    is_gain: bool
    episode: Episode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything on the result page."""

    calculation: Calculation
    method: Methodology
    parts: list[tuple[int, str]]
    bar: tuple[Segment, ...]
    rows: list[Row]
    reserved: list[Row]
    cents: int
    risk_words: str
    income_words: str
    answers: dict[str, list[AnswerRow]]
    steps: dict[str, Step]
    bad_times: list[BadTime]
    findings: list[tuple[str, Finding]]
    reserve_gap: Finding | None
    is_stale: bool


def page(
    result: Result, draft: Mapping[str, Mapping[str, str]], method: Methodology, today: date
) -> Page:
    calculation = result.calculation
    shown = calculation.lines + calculation.reserved
    is_round = all(line.amount == line.amount.to_integral_value() for line in shown)
    return Page(
        calculation=calculation,
        method=method,
        parts=[(points, top.value) for top, points in calculation.allocation.mix if points],
        bar=bar(calculation.lines, method),
        rows=rows(calculation.lines, calculation, method),
        reserved=[sub_row(line, method, is_sub=False) for line in calculation.reserved],
        cents=0 if is_round else 2,
        risk_words=RISK_WORDS[calculation.scores.rti_label],
        income_words=INCOME_WORDS[calculation.scores.iss_label],
        answers=answer_rows(result, draft, method),
        steps={step.rule: step for step in calculation.allocation.steps},
        bad_times=bad_times(calculation, method),
        findings=[
            (FINDING_TITLES[finding.rule], finding)
            for finding in calculation.findings
            if finding.rule in FINDING_TITLES
        ],
        reserve_gap=next((f for f in calculation.findings if f.rule == "reserve_gap"), None),
        is_stale=months_between(method.assumptions.as_of, today)
        >= method.assumptions.stale_after_months,
    )


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another."""
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (end.day < start.day)


# -- The mix ----------------------------------------------------------------------------------------------


def bar(lines: tuple[Line, ...], method: Methodology) -> tuple[Segment, ...]:
    return stacked_bar(
        (line.asset, method.classes.classes[line.asset].name, line.percent) for line in lines
    )


def rows(lines: tuple[Line, ...], calculation: Calculation, method: Methodology) -> list[Row]:
    """Top classes with their classes below; a top class of one class is one row."""
    amounts = calculation.top_amounts()
    found: list[Row] = []
    for top, points in calculation.allocation.mix:
        inside = [line for line in lines if line.top is top]
        if len(inside) == 1:
            found.append(only_row(inside[0], method))
        elif inside:
            found.append(top_row(top, points, amounts[top], method))
            found += [sub_row(line, method, is_sub=True) for line in inside]
    return found


def only_row(line: Line, method: Methodology) -> Row:
    """A top class of one class: named as the top class, with what it is made of."""
    row, top = sub_row(line, method, is_sub=False), method.classes.tops[line.top].name
    what = row.what if row.name == top else f"{row.name}: {row.what}"
    return replace(row, name=top, what=what)


def top_row(top: Top, points: int, amount: Decimal, method: Methodology) -> Row:
    names = method.classes.tops[top]
    return Row(
        key=top.value,
        name=names.name,
        what=names.what,
        example="",
        style="",
        letters="",
        percent=Decimal(points),
        amount=amount,
        is_sub=False,
        is_divided=True,
    )


def sub_row(line: Line, method: Methodology, *, is_sub: bool) -> Row:
    names = method.classes.classes[line.asset]
    return Row(
        key=line.asset.value,
        name=names.name,
        what=names.what,
        example=names.example,
        style=STYLES[line.asset],
        letters=LETTERS[line.asset],
        percent=line.percent,
        amount=line.amount,
        is_sub=is_sub,
        is_divided=False,
    )


# -- Answers and bad times ----------------------------------------------------------------------------------


def answer_rows(
    result: Result, draft: Mapping[str, Mapping[str, str]], method: Methodology
) -> dict[str, list[AnswerRow]]:
    """The ten scored answers by what they are about."""
    worth = {entry.question: entry for entry in result.worth}
    amount = result.calculation.amount
    return {
        about: [
            AnswerRow(
                question=question,
                slug=wizard.slug(question),
                lines=wizard.shown(question, draft[question.id], amount),
                worth=worth[question.id],
            )
            for question in method.questionnaire.about(about)
        ]
        for about in ("risk", "income")
    }


def bad_times(calculation: Calculation, method: Methodology) -> list[BadTime]:
    """The measured episodes, then the modelled year."""
    if calculation.outlook is None:
        return []
    episodes = {episode.id: episode for episode in method.assumptions.episodes}
    changes = (*calculation.outlook.episodes, calculation.outlook.bad_year)
    return [bad_time(change, episodes.get(change.id), calculation.invested) for change in changes]


def bad_time(change: EpisodeChange, episode: Episode | None, amount: Decimal) -> BadTime:
    return BadTime(
        key=change.id,
        name=episode.name if episode else "One year in 20 (model)",
        change=change.change,
        left=amount + change.amount,
        width=str(half_up(min(100 + change.change, Decimal(100)), 1)),
        is_gain=change.change > 0,
        episode=episode,
    )
