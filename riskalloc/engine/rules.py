"""The shape of a methodology. It is filled from data files, and refuses what does not hold together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from riskalloc.engine.amounts import EngineError, require
from riskalloc.engine.assets import AssetClass, Mix, Sleeve, Top
from riskalloc.engine.assumptions import Assumptions
from riskalloc.engine.questions import Questionnaire

LOWEST_SCORE, HIGHEST_SCORE = 5, 25


class RiskLabel(StrEnum):
    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"


class IncomeLabel(StrEnum):
    LOW = "low"
    HIGH = "high"


# -- Classes and sleeves -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TopNames:
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassNames:
    top: Top
    name: str
    what: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SleeveRow:
    """How each top class is divided, for one set and some labels."""

    set: str
    labels: tuple[RiskLabel, ...]
    stocks: Sleeve
    bonds: Sleeve
    alternatives: Sleeve
    cash: Sleeve

    def __post_init__(self) -> None:
        for top, sleeve in self.by_top().items():
            require(
                sum(sleeve.values()) == 100, f"{self.set}: the {top} sleeve must add up to 100."
            )
            require(min(sleeve.values()) >= 0, f"{self.set}: no part of {top} is negative.")

    def by_top(self) -> dict[Top, Sleeve]:
        return {
            Top.STOCKS: self.stocks,
            Top.BONDS: self.bonds,
            Top.ALTERNATIVES: self.alternatives,
            Top.CASH: self.cash,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthSplit:
    """The stock sleeve of those whose growth answers stand `margin` above their composure answers."""

    set: str
    label: RiskLabel
    growth: tuple[str, ...]
    composure: tuple[str, ...]
    margin: int
    stocks: Sleeve


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCatalogue:
    version: str
    released: date
    near_term: Mix
    tops: Mapping[Top, TopNames]
    classes: Mapping[AssetClass, ClassNames]
    sleeves: tuple[SleeveRow, ...]
    growth_split: GrowthSplit

    def __post_init__(self) -> None:
        require(list(self.classes) == list(AssetClass), "Every class is named once, in order.")
        found = sorted((row.set, label) for row in self.sleeves for label in row.labels)
        wanted = sorted((set_, label) for set_ in self.sets() for label in RiskLabel)
        require(found == wanted, "Every sleeve set has one row for every label.")
        for row in self.sleeves:
            for top, sleeve in row.by_top().items():
                strangers = [asset for asset in sleeve if self.classes[asset].top is not top]
                require(not strangers, f"{row.set}: {strangers} are not {top}.")
        for asset, part in self.growth_split.stocks.items():
            is_part = self.classes[asset].top is Top.STOCKS and part > 0
            require(is_part, f"The growth split: {asset} is not a part of stocks.")

    def sets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.set for row in self.sleeves))

    def top_shares(self, parts: Mapping[AssetClass, int]) -> dict[Top, int]:
        """The sum of each top class's parts."""
        return {
            top: sum(part for asset, part in parts.items() if self.classes[asset].top is top)
            for top in Top
        }

    def row(self, sleeves: str, label: RiskLabel) -> SleeveRow:
        for row in self.sleeves:
            if row.set == sleeves and label in row.labels:
                return row
        raise EngineError(f"There are no “{sleeves}” sleeves. Choose {' or '.join(self.sets())}.")


# -- Tables over scores ------------------------------------------------------------------------------


class ScoreRange(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


Row = TypeVar("Row", bound=ScoreRange)
Label = TypeVar("Label", RiskLabel, IncomeLabel)


def require_complete(rows: Iterable[ScoreRange], name: str) -> None:
    covered = [score for row in rows for score in range(row.first, row.last + 1)]
    require(
        covered == list(range(LOWEST_SCORE, HIGHEST_SCORE + 1)),
        f"{name}: the rows must cover 5 to 25 without gap or overlap.",
    )


def row_for(rows: Sequence[Row], score: int) -> Row:
    return next(row for row in rows if row.first <= score <= row.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow(Generic[Label]):
    label: Label
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MixRow:
    first: int
    last: int
    mix: Mix


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    first: int
    last: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseTable:
    """The starting mix by effective RTI."""

    rule: str
    rows: tuple[MixRow, ...]

    def __post_init__(self) -> None:
        require_complete(self.rows, "base")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsCap:
    below: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCaps:
    """How far a rise may go: `reserve_factor` points for each reserve score above 1; less for little time."""

    rule: str
    reserve_factor: int
    years: tuple[YearsCap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftTable:
    """Points moved into (or, negative, out of) stocks and alternatives, by ISS."""

    rule: str
    rows: tuple[PointsRow, ...]
    caps: ShiftCaps | None = None

    def __post_init__(self) -> None:
        require_complete(self.rows, "shift")


# -- Limits on the risk score ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionLimit:
    """C1: in a fall, those who `sold` count at most `above` points more than what they did."""

    rule: str
    above: int
    sold: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LowestLimit:
    """C3: `factor` x the lowest of `items` + `plus`."""

    rule: str
    items: tuple[str, ...]
    factor: int
    plus: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityLimit:
    """ISS + `plus`."""

    rule: str
    plus: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveLimit:
    """`plus` + `factor` x the lower score of emergency fund and debts."""

    rule: str
    plus: int
    factor: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonLimit:
    """A limit by whole years, and the near-term mix for less than `near_term_below`."""

    rule: str
    by_year: Mapping[int, int]
    near_term_below: int
    near_term_rti: int
    sentence: str
    near_term_sentence: str

    def __post_init__(self) -> None:
        years = list(self.by_year)
        require(
            years == list(range(self.near_term_below, self.near_term_below + len(years))),
            "The horizon limits must follow year by year on the near term.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    contradiction: ContradictionLimit
    lowest: LowestLimit
    capacity: CapacityLimit
    reserve: ReserveLimit
    horizon: HorizonLimit


# -- A firm's own mixes ------------------------------------------------------------------------------

WHOLE = 10_000  # basis points
ONE_PERCENT = 100
Parts = Mapping[AssetClass, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModels:
    """One published version of a firm's mixes: basis points of each class, for every risk label.

    They stand in place of the base mix, the income shift and the sleeves. What led to the label, and money
    that is needed soon, stays with the method.
    """

    id: str
    firm: str
    name: str
    number: int
    published_by: str
    published_on: date
    mixes: Mapping[RiskLabel, Parts]

    def __post_init__(self) -> None:
        require(set(self.mixes) == set(RiskLabel), "Own models have a mix for every risk label.")
        for label, parts in self.mixes.items():
            require(sum(parts.values()) == WHOLE, f"The {label} model must add up to 100%.")
            require(min(parts.values()) >= 0, f"No part of the {label} model is negative.")


# -- What to watch out for ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveMonths:
    """Months of spending to keep, where any of `answers` was given (or none is asked for)."""

    months: int
    answers: Mapping[str, tuple[str, ...]]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    liquidity_months: int
    liquidity_alternatives: int
    first_time_rti: int
    rti_rise: int
    stocks_rise: int
    borders: tuple[int, ...]
    fast_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRules:
    version: str
    released: date
    reserve_months: tuple[ReserveMonths, ...]
    thresholds: Thresholds
    sentences: Mapping[str, str]

    def __post_init__(self) -> None:
        require(
            not self.reserve_months[-1].answers, "The last row of reserve_months fits everyone."
        )


# -- The whole ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Methodology:
    """One published version of the method, with everything that it refers to."""

    version: str
    name: str
    released: date
    summary: str
    questionnaire: Questionnaire
    classes: ClassCatalogue
    findings: FindingRules
    assumptions: Assumptions
    reports: tuple[str, ...]
    rti_labels: tuple[LabelRow[RiskLabel], ...]
    iss_labels: tuple[LabelRow[IncomeLabel], ...]
    base: BaseTable
    shift: ShiftTable
    limits: Limits | None = None
    models: OwnModels | None = None  # never in a published file: a firm's, added by whoever asks

    def __post_init__(self) -> None:
        require_complete(self.rti_labels, "rti_labels")
        require_complete(self.iss_labels, "iss_labels")
        for label, parts in self.models.mixes.items() if self.models else ():
            shares = self.classes.top_shares(parts).values()
            whole = all(share % ONE_PERCENT == 0 for share in shares)
            require(whole, f"The four parts of the {label} model are whole percents.")

    def rti_label(self, rti: int) -> RiskLabel:
        return row_for(self.rti_labels, rti).label

    def iss_label(self, iss: int) -> IncomeLabel:
        return row_for(self.iss_labels, iss).label
