"""Two calculations beside each other, and why they differ, cause by cause."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format

from questionnaire import wizard
from questionnaire.display.clients import mix_of
from questionnaire.display.results import bar
from questionnaire.display.whatif import ChangedAnswer, ComparedRow, compared_rows
from questionnaire.models import Assessment, Override
from questionnaire.snapshots import texts_of
from riskalloc import methodology
from riskalloc.engine.assets import Mix, Top
from riskalloc.engine.calculation import Calculation
from riskalloc.engine.comparison import Cause, CauseKind, Change, Comparison
from riskalloc.engine.rules import Methodology
from riskalloc.web.charts import Segment
from riskalloc.web.numbers import money_text

KEPT_SAFE = "Kept safe"
DAY = "j M Y"
TIME = "j M Y, H:i"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one thing did to one class. `points` is None for money that is kept safe: it has no share."""

    name: str
    points: int | None
    amount: Decimal

    @property
    def is_moved(self) -> bool:
        return bool(self.points or self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """One cause: what it is called, from what to what it changed, and what it moved."""

    title: str
    changes: list[ChangedAnswer]
    cells: list[Cell]
    is_inside: bool = False  # it moved no part, but classes inside the parts

    @property
    def has_effect(self) -> bool:
        return any(cell.is_moved for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    name: str
    before: int
    after: int

    @property
    def points(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Everything that a comparison shows. The cells of all causes add up to `total`."""

    sentence: str
    before: Calculation
    after: Calculation
    before_bar: tuple[Segment, ...]
    after_bar: tuple[Segment, ...]
    scores: list[ScoreRow]
    rows: list[ComparedRow]
    has_needed: bool
    columns: list[str]
    causes: list[CauseRow]
    total: CauseRow

    @property
    def amount(self) -> Decimal:
        """Dollars more (or, negative, less) in all."""
        return self.after.amount - self.before.amount

    @property
    def needed(self) -> Decimal:
        return self.after.needed - self.before.needed

    @property
    def cents(self) -> int:
        """Decimals of every dollar figure: cents for all of them where one has some."""
        cells = [cell.amount for cause in (*self.causes, self.total) for cell in cause.cells]
        shown = [self.before.amount, self.before.needed, self.after.amount, self.after.needed]
        lines = [line.amount for line in (*self.before.lines, *self.after.lines)]
        figures = [*cells, *shown, *lines]
        return 0 if all(figure == figure.to_integral_value() for figure in figures) else 2


def compared(comparison: Comparison) -> Compared:
    before, after = comparison.before, comparison.after
    methods = methodology.load(before.method), methodology.load(after.method)
    columns = moved_columns(comparison, methods[1])
    return Compared(
        sentence=what_moved(comparison, methods[1]),
        before=before,
        after=after,
        before_bar=bar(before.lines, methods[0]),
        after_bar=bar(after.lines, methods[1]),
        scores=score_rows(before, after),
        rows=compared_rows(before, after, methods[1]),
        has_needed=bool(before.needed or after.needed),
        columns=columns,
        causes=[cause_row(cause, columns, methods[1]) for cause in comparison.causes],
        total=CauseRow(title="Together", changes=[], cells=cells(comparison, columns, methods[1])),
    )


# -- What moved ---------------------------------------------------------------------------------------------


def what_moved(change: Change, method: Methodology) -> str:
    """One sentence: the class that moved most, stocks where they moved at all, in dollars and points."""
    before, after = change.before, change.after
    if not any(change.points.values()):
        if before.invested != after.invested:
            return "The mix stays as it is; the dollars change."
        if before.allocation.weights != after.allocation.weights:
            return "The four parts stay as they are; the classes in them change."
        return "The mix stays as it is."
    top = most_moved(change)
    before_share, after_share = (dict(part.allocation.mix)[top] for part in (before, after))
    name, amount = method.classes.tops[top].name.lower(), change.dollars[top]
    if before.invested != after.invested or not amount:  # dollars moved for another reason as well
        return f"{after_share}% {name} instead of {before_share}%."
    moved = f"{money_text(abs(amount))} {'more' if amount > 0 else 'less'} in {name}"
    return f"{moved}: {after_share}% instead of {before_share}%."


def most_moved(change: Change) -> Top:
    """Stocks where they moved, otherwise the class that moved most."""
    if change.points[Top.STOCKS]:
        return Top.STOCKS
    return max(Top, key=lambda top: abs(change.points[top]))


def score_rows(before: Calculation, after: Calculation) -> list[ScoreRow]:
    """The scores that count; the sum of the risk answers as well where limits lowered one of them."""
    was, now = before.scores, after.scores
    rows = [
        ScoreRow(name="Risk score that counts", before=was.rti, after=now.rti),
        ScoreRow(name="Income score", before=was.iss, after=now.iss),
    ]
    if was.adjustments or now.adjustments:
        answered = ScoreRow(name="Risk answers together", before=was.raw_rti, after=now.raw_rti)
        rows.insert(0, answered)
    return rows


# -- Why ----------------------------------------------------------------------------------------------------


def moved_columns(comparison: Comparison, method: Methodology) -> list[str]:
    """The classes that anything moved, and what is kept safe where that changed."""
    changes = [comparison, *comparison.causes]
    moved = {
        cell.name for change in changes for cell in every_cell(change, method) if cell.is_moved
    }
    return [cell.name for cell in every_cell(comparison, method) if cell.name in moved]


def every_cell(change: Change, method: Methodology) -> list[Cell]:
    points, dollars = change.points, change.dollars
    needed = change.after.needed - change.before.needed
    return [
        *(
            Cell(name=method.classes.tops[top].name, points=points[top], amount=dollars[top])
            for top in Top
        ),
        Cell(name=KEPT_SAFE, points=None, amount=needed),
    ]


def cells(change: Change, columns: Iterable[str], method: Methodology) -> list[Cell]:
    return [cell for cell in every_cell(change, method) if cell.name in columns]


def cause_row(cause: Cause, columns: Iterable[str], method: Methodology) -> CauseRow:
    if cause.kind is CauseKind.AMOUNT:
        title, changes = "The amount", changed_amounts(cause)
    elif cause.kind is CauseKind.METHOD:
        title, changes = "The rules", [*changed_rules(cause), *changed_answers(cause)]
    else:
        (answer,) = changed_answers(cause)
        title, changes = answer.short, [replace(answer, short="")]
    weights = cause.before.allocation.weights, cause.after.allocation.weights
    return CauseRow(
        title=title,
        changes=changes,
        cells=cells(cause, columns, method),
        is_inside=weights[0] != weights[1],
    )


def changed_answers(cause: Cause) -> list[ChangedAnswer]:
    """The answers of a cause in words, each in the words of its own questionnaire."""
    was, now = in_words(cause.before), in_words(cause.after)
    return [
        ChangedAnswer(short=short, now=was.get(id, ("", "—"))[1], then=then)
        for id, (short, then) in now.items()
        if was.get(id, ("", "—"))[1] != then
    ]


def in_words(calculation: Calculation) -> dict[str, tuple[str, str]]:
    """Each scored question's short name and answer, by its id."""
    assert calculation.answers is not None  # an assessment always has answers
    texts = texts_of(calculation.answers)
    questions = methodology.load(calculation.method).questionnaire.questions
    return {
        question.id: (
            question.short,
            ", ".join(wizard.shown(question, texts, calculation.amount)),
        )
        for question in questions
        if question.is_scored
    }


def changed_rules(cause: Cause) -> list[ChangedAnswer]:
    pairs = [
        ("Method", cause.before.method, cause.after.method),
        ("Asset classes", cause.before.sleeves, cause.after.sleeves),
        ("Whose mixes", whose(cause.before), whose(cause.after)),
    ]
    return [ChangedAnswer(short=name, now=was, then=now) for name, was, now in pairs if was != now]


def whose(calculation: Calculation) -> str:
    """The method's mixes, or those of a firm, by the name they were published under."""
    models = calculation.models
    if models is None:
        return "the method’s"
    return f"those of {models.firm}: “{models.name}”, version {models.number}"


def changed_amounts(cause: Cause) -> list[ChangedAnswer]:
    pairs = [
        ("To invest", cause.before.amount, cause.after.amount),
        ("Needed within 3 years", cause.before.needed, cause.after.needed),
    ]
    return [
        ChangedAnswer(short=name, now=money_text(was), then=money_text(now))
        for name, was, now in pairs
        if was != now
    ]


# -- Which two ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An assessment in a list to choose from."""

    public_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two assessments: when, what was calculated, and what was decided otherwise."""

    assessment: Assessment
    name: str
    mix: Mix
    overrides: list[Override]


def sides(before: Assessment, after: Assessment) -> list[Side]:
    pair = [before, after]
    return [
        Side(
            assessment=one,
            name=name,
            mix=calculated_mix(one),
            overrides=list(one.overrides.all()),
        )
        for one, name in zip(pair, names_of(pair), strict=True)
    ]


def choices(listed: list[Assessment], *chosen: Assessment) -> list[Choice]:
    """Day and mix of assessments that `light_assessments` found, and of those chosen beyond its end."""
    found = {one.pk: mix_of(one) for one in listed}
    shown = [*listed, *(one for one in dict.fromkeys(chosen) if one.pk not in found)]
    return [
        Choice(
            public_id=one.public_id,
            text=f"{name}: {found.get(one.pk) or calculated_mix(one)}",
        )
        for one, name in zip(shown, names_of(shown), strict=True)
    ]


def names_of(assessments: Iterable[Assessment]) -> list[str]:
    """The day of each; with the time where a day has two of them."""
    moments = [timezone.localtime(one.created_at) for one in assessments]
    counts = Counter(moment.date() for moment in moments)
    return [date_format(moment, TIME if counts[moment.date()] > 1 else DAY) for moment in moments]


def calculated_mix(assessment: Assessment) -> Mix:
    return Mix(*assessment.calculation["allocation"]["mix"])
