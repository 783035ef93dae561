"""The shape of a questionnaire: questions, fields, choices, and the bands that turn measures into scores."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from riskalloc.engine.amounts import EngineError, require


class FieldKind(StrEnum):
    CHOICE = "choice"
    MONEY = "money"
    YEARS = "years"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer. `limit` is a loss in percent, `stocks` a share of stocks in percent."""

    code: str
    score: int
    text: str
    limit: Decimal | None = None
    stocks: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in: a choice, an amount of dollars, a number of years, or a yes."""

    name: str
    kind: FieldKind
    label: str
    hint: str = ""
    missing: str = ""
    example: str = ""
    optional: bool = False
    above: Decimal | None = None
    up_to: Decimal | None = None
    penalty: int = 0
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        require(
            bool(self.choices) == (self.kind is FieldKind.CHOICE),
            f"{self.name}: a choice needs choices, and nothing else has them.",
        )
        codes = [choice.code for choice in self.choices]
        require(len(set(codes)) == len(codes), f"{self.name}: two choices share a code.")

    def choice(self, code: str) -> Choice:
        for choice in self.choices:
            if choice.code == code:
                return choice
        known = ", ".join(choice.code for choice in self.choices)
        raise EngineError(f"{self.name} has no answer “{code}”. It has: {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A score for measures `below` an edge, or `up_to` and with it; the last band has no edge."""

    score: int
    below: Decimal | None = None
    up_to: Decimal | None = None

    def __post_init__(self) -> None:
        require(self.below is None or self.up_to is None, "A band ends below an edge or with it.")

    @property
    def edge(self) -> Decimal | None:
        return self.up_to if self.below is None else self.below

    def holds(self, measure: Decimal) -> bool:
        if self.below is not None:
            return measure < self.below
        return self.up_to is None or measure <= self.up_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: str
    about: str
    short: str
    title: str
    hint: str
    why: str
    not_sure: str
    fields: tuple[Field, ...]
    bands: tuple[Band, ...] = ()

    def __post_init__(self) -> None:
        scores = [band.score for band in self.bands] or [c.score for c in self.fields[0].choices]
        require(
            not self.is_scored or set(scores) == {1, 2, 3, 4, 5}, f"{self.id}: scores are 1 to 5."
        )
        edges = [band.edge for band in self.bands]
        require(None not in edges[:-1], f"{self.id}: only the last band is open.")
        require(not edges or edges[-1] is None, f"{self.id}: the last band must be open.")
        closed = [edge for edge in edges if edge is not None]
        require(closed == sorted(set(closed)), f"{self.id}: the bands must rise.")

    @property
    def is_scored(self) -> bool:
        return self.about != "amount"

    def band_score(self, measure: Decimal) -> int:
        return next(band.score for band in self.bands if band.holds(measure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    version: str
    released: date
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        counts = [sum(q.about == about for q in self.questions) for about in ("risk", "income")]
        require(counts == [5, 5], "A questionnaire has five questions on risk and five on income.")

    def question(self, id: str) -> Question:
        for question in self.questions:
            if question.id == id:
                return question
        raise EngineError(f"There is no question “{id}”.")

    def field(self, name: str) -> Field:
        return next(f for q in self.questions for f in q.fields if f.name == name)

    def about(self, about: str) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.about == about)
