"""What a portfolio is made of: four top classes, thirteen asset classes, and how they add up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import lcm

from riskalloc.engine.amounts import EngineError, split_percent


class Top(StrEnum):
    STOCKS = "stocks"
    BONDS = "bonds"
    ALTERNATIVES = "alternatives"
    CASH = "cash"


class AssetClass(StrEnum):
    """The classes that a target may name, in the order that ties and tables follow."""

    US_LARGE_CAP = "us_large_cap"
    US_SMALL_CAP = "us_small_cap"
    INTL_DEVELOPED = "intl_developed"
    EMERGING = "emerging"
    US_AGGREGATE = "us_aggregate"
    GOVERNMENT = "government"
    IG_CORPORATE = "ig_corporate"
    TIPS = "tips"
    HIGH_YIELD = "high_yield"
    REIT = "reit"
    COMMODITIES = "commodities"
    GOLD = "gold"
    CASH = "cash"


PLACES = {asset: place for place, asset in enumerate(AssetClass)}


@dataclass(frozen=True, slots=True)
class Mix:
    """Percent of each top class, in whole points that add up to 100."""

    stocks: int
    bonds: int
    alternatives: int
    cash: int

    def __post_init__(self) -> None:
        points = (self.stocks, self.bonds, self.alternatives, self.cash)
        if min(points) < 0 or sum(points) != 100:
            raise EngineError(f"A mix adds up to 100 and has no negative part: {points}.")

    def __iter__(self) -> Iterator[tuple[Top, int]]:
        return iter(
            (
                (Top.STOCKS, self.stocks),
                (Top.BONDS, self.bonds),
                (Top.ALTERNATIVES, self.alternatives),
                (Top.CASH, self.cash),
            )
        )

    def figures(self) -> dict[str, Decimal]:
        return {top.value: Decimal(points) for top, points in self}

    def __str__(self) -> str:
        return ", ".join(f"{points}% {top}" for top, points in self if points)


Sleeve = Mapping[AssetClass, int]


@dataclass(frozen=True, slots=True)
class Weights:
    """Exact weights over asset classes, as integer parts of their sum: always exactly 100 %."""

    parts: Mapping[AssetClass, int]

    def __post_init__(self) -> None:
        if min(self.parts.values(), default=0) <= 0:
            raise EngineError("Weights are positive, and there is at least one.")

    @classmethod
    def refine(cls, mix: Mix, sleeves: Mapping[Top, Sleeve]) -> "Weights":
        """Divide each top class of `mix` over its sleeve, without rounding."""
        scale = lcm(*(sum(sleeve.values()) for sleeve in sleeves.values()))
        parts = {
            asset: points * part * (scale // sum(sleeves[top].values()))
            for top, points in mix
            for asset, part in sleeves[top].items()
        }
        return cls({asset: parts[asset] for asset in AssetClass if parts.get(asset)})

    @property
    def whole(self) -> int:
        return sum(self.parts.values())

    def percents(self) -> dict[AssetClass, Decimal]:
        """Percent with two decimals, adding up to 100.00."""
        return dict(zip(self.parts, split_percent(tuple(self.parts.values())), strict=True))
