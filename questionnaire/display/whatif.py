"""A calculation beside itself with one thing changed."""

from dataclasses import dataclass
from decimal import Decimal

from questionnaire.display.results import bar
from riskalloc.engine.calculation import Calculation
from riskalloc.engine.rules import Methodology
from riskalloc.web.charts import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    name: str
    now_points: int
    then_points: int
    now_amount: Decimal
    then_amount: Decimal

    @property
    def points(self) -> int:
        return self.then_points - self.now_points

    @property
    def amount(self) -> Decimal:
        return self.then_amount - self.now_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A calculation now, and as it would be."""

    sentence: str
    now: Calculation
    then: Calculation
    now_bar: tuple[Segment, ...]
    then_bar: tuple[Segment, ...]
    rows: list[ComparedRow]


def comparison(case: str, now: Calculation, then: Calculation, method: Methodology) -> Comparison:
    now_amounts, then_amounts = now.top_amounts(), then.top_amounts()
    mixes = zip(now.allocation.mix, then.allocation.mix, strict=True)
    return Comparison(
        sentence=why_different(now, then),
        now=now,
        then=then,
        now_bar=bar(now.lines, method),
        then_bar=bar(then.lines, method),
        rows=[
            ComparedRow(
                name=method.classes.tops[top].name,
                now_points=now_points,
                then_points=then_points,
                now_amount=now_amounts[top],
                then_amount=then_amounts[top],
            )
            for (top, now_points), (_, then_points) in mixes
            if now_points or then_points
        ],
    )


def why_different(now: Calculation, then: Calculation) -> str:
    """One sentence on what moved the mix: the income score, or a limit on the risk score."""
    moved = []
    if then.scores.iss != now.scores.iss:
        moved.append(f"your income score goes from {now.scores.iss} to {then.scores.iss}")
    if then.scores.rti != now.scores.rti:
        moved.append(f"your risk score counts {then.scores.rti} instead of {now.scores.rti}")
    if then.amount != now.amount:
        return "The mix stays as it is; the dollars change."
    if then.allocation.mix == now.allocation.mix:
        reason = f" although {' and '.join(moved)}" if moved else ""
        return f"The mix stays as it is{reason}."
    if not moved:
        return "The mix changes because your reserve or your time allows another income shift."
    return f"The mix changes because {' and '.join(moved)}."
