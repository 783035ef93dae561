"""The shape of a set of capital-market assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from riskalloc.engine.amounts import require
from riskalloc.engine.assets import PLACES, AssetClass

ROUNDING = Decimal("1e-12")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedFigure:
    percent: Decimal
    source: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAssumption:
    """Expected compound return a year over ten years, and the volatility of yearly returns, in percent."""

    compound: Decimal
    volatility: Decimal
    source: str

    def __post_init__(self) -> None:
        require(self.volatility > 0, "A volatility is more than 0.")

    @property
    def mean(self) -> Decimal:
        """Arithmetic mean a year, as a fraction: compound + volatility^2 / 2."""
        return self.compound / 100 + (self.volatility / 100) ** 2 / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Total return of each class from one day to another, in percent."""

    id: str
    name: str
    from_on: date
    to_on: date
    source: str
    changes: Mapping[AssetClass, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Expected returns, volatilities, correlations and measured episodes; percent, nominal US dollars."""

    version: str
    released: date
    as_of: date
    stale_after_months: int
    inflation: Decimal
    market: AssetClass
    forecast_range: tuple[Decimal, Decimal]
    risk_free: SourcedFigure
    premium: SourcedFigure
    classes: Mapping[AssetClass, ClassAssumption]
    correlations: Mapping[AssetClass, tuple[Decimal, ...]]
    episodes: tuple[Episode, ...]

    def __post_init__(self) -> None:
        order = list(AssetClass)
        require(list(self.classes) == order, "Every class has one assumption, in order.")
        require(list(self.correlations) == order, "Every class has one row of correlations.")
        matrix = list(self.correlations.values())
        require(all(len(row) == len(order) for row in matrix), "Correlations form a square.")
        for i in range(len(order)):
            require(matrix[i][i] == 1, f"{order[i]} must correlate 1 with itself.")
            for j in range(i):
                require(matrix[i][j] == matrix[j][i], f"{order[i]}, {order[j]}: not symmetric.")
        require(
            is_positive_semidefinite(matrix),
            "These correlations cannot all be true at once (the matrix is not positive semi-definite).",
        )

    def correlation(self, one: AssetClass, other: AssetClass) -> Decimal:
        return self.correlations[one][PLACES[other]]

    def beta(self, asset: AssetClass) -> Decimal:
        """Correlation with the market x volatility / the market's volatility."""
        ratio = self.classes[asset].volatility / self.classes[self.market].volatility
        return self.correlation(asset, self.market) * ratio


def is_positive_semidefinite(matrix: list[tuple[Decimal, ...]]) -> bool:
    """Whether a symmetric matrix has no negative eigenvalue, by elimination with diagonal pivots."""
    rest = [list(row) for row in matrix]
    while rest:
        pivot = max(range(len(rest)), key=lambda i: rest[i][i])
        diagonal = rest[pivot][pivot]
        if diagonal <= ROUNDING:
            return all(abs(value) <= ROUNDING for row in rest for value in row)
        row = rest.pop(pivot)
        column = [other.pop(pivot) for other in rest]
        row.pop(pivot)
        rest = [
            [value - factor * top / diagonal for value, top in zip(other, row, strict=True)]
            for other, factor in zip(rest, column, strict=True)
        ]
    return True
