"""A calculation beside itself with one thing changed."""

from dataclasses import dataclass
from decimal import Decimal

from questionnaire import wizard
from questionnaire.display.results import bar
from questionnaire.snapshots import texts_of
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.calculation import Calculation, Line
from riskalloc.engine.rules import Methodology
from riskalloc.web.charts import LETTERS, STYLES, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One class, now and what if: percent and dollars."""

    name: str
    style: str
    letters: str
    now: Line | None
    then: Line | None

    @property
    def now_percent(self) -> Decimal:
        return self.now.percent if self.now else Decimal(0)

    @property
    def then_percent(self) -> Decimal:
        return self.then.percent if self.then else Decimal(0)

    @property
    def now_amount(self) -> Decimal:
        return self.now.amount if self.now else Decimal(0)

    @property
    def then_amount(self) -> Decimal:
        return self.then.amount if self.then else Decimal(0)

    @property
    def points(self) -> Decimal:
        return self.then_percent - self.now_percent

    @property
    def amount(self) -> Decimal:
        return self.then_amount - self.now_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedAnswer:
    short: str
    now: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A calculation now, and as it would be."""

    sentence: str
    now: Calculation
    then: Calculation
    now_bar: tuple[Segment, ...]
    then_bar: tuple[Segment, ...]
    rows: list[ComparedRow]
    changed: list[ChangedAnswer]


def comparison(now: Calculation, then: Calculation, method: Methodology) -> Comparison:
    return Comparison(
        sentence=why_different(now, then),
        now=now,
        then=then,
        now_bar=bar(now.lines, method),
        then_bar=bar(then.lines, method),
        rows=compared_rows(now, then, method),
        changed=changed_answers(now, then, method),
    )


def compared_rows(now: Calculation, then: Calculation, method: Methodology) -> list[ComparedRow]:
    before = {line.asset: line for line in now.lines}
    after = {line.asset: line for line in then.lines}
    return [
        ComparedRow(
            name=method.classes.classes[asset].name,
            style=STYLES[asset],
            letters=LETTERS[asset],
            now=before.get(asset),
            then=after.get(asset),
        )
        for asset in AssetClass
        if asset in before or asset in after
    ]


def changed_answers(
    now: Calculation, then: Calculation, method: Methodology
) -> list[ChangedAnswer]:
    """What the case assumes: every answer that it changes, in words."""
    if now.answers is None or then.answers is None:
        return []
    before, after = texts_of(now.answers), texts_of(then.answers)
    found = []
    for question in method.questionnaire.questions:
        if not question.is_scored:
            continue
        lines = [", ".join(wizard.shown(question, texts, now.amount)) for texts in (before, after)]
        if lines[0] != lines[1]:
            found.append(ChangedAnswer(short=question.short, now=lines[0], then=lines[1]))
    return found


def why_different(now: Calculation, then: Calculation) -> str:
    """One sentence on what moved the mix: the income score, or a limit on the risk score."""
    if then.amount != now.amount:
        return "The mix stays as it is; the dollars change."
    if then.answers == now.answers:
        return "Nothing changes: your answers say this already."
    moved = []
    if then.scores.iss != now.scores.iss:
        moved.append(f"your income score goes from {now.scores.iss} to {then.scores.iss}")
    if then.scores.rti != now.scores.rti:
        moved.append(f"your risk score counts {then.scores.rti} instead of {now.scores.rti}")
    reason = " and ".join(moved) or "your emergency fund, debts or time allow another income shift"
    if then.allocation.mix != now.allocation.mix:
        return f"The mix changes because {reason}."
    if then.allocation.weights != now.allocation.weights:
        return f"The four parts stay as they are; the classes in them change because {reason}."
    return f"The mix stays as it is{f' although {reason}' if moved else ''}."
