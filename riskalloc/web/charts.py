"""Geometry of our charts. Templates only print it, as attributes of SVG elements."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from riskalloc.engine.amounts import plain
from riskalloc.engine.assets import AssetClass, Mix, Top

GAP = Decimal("0.25")  # percent of the width between two segments
LABELLED_FROM = 8  # percent
NAMED_FROM = 22  # percent: room for the name as well

# Two letters and a style for each class, so that colour is never the only carrier.
LETTERS = {
    AssetClass.US_LARGE_CAP: "US",
    AssetClass.US_SMALL_CAP: "SC",
    AssetClass.INTL_DEVELOPED: "IN",
    AssetClass.EMERGING: "EM",
    AssetClass.US_AGGREGATE: "BD",
    AssetClass.GOVERNMENT: "GV",
    AssetClass.IG_CORPORATE: "CO",
    AssetClass.TIPS: "IL",
    AssetClass.HIGH_YIELD: "HY",
    AssetClass.REIT: "RE",
    AssetClass.COMMODITIES: "CM",
    AssetClass.GOLD: "GO",
    AssetClass.CASH: "CA",
}
STYLES = {
    AssetClass.US_LARGE_CAP: "us-large",
    AssetClass.US_SMALL_CAP: "us-small",
    AssetClass.INTL_DEVELOPED: "intl",
    AssetClass.EMERGING: "intl striped",
    AssetClass.US_AGGREGATE: "bonds",
    AssetClass.GOVERNMENT: "bonds",
    AssetClass.IG_CORPORATE: "bonds striped",
    AssetClass.TIPS: "bonds dotted",
    AssetClass.HIGH_YIELD: "bonds crossed",
    AssetClass.REIT: "alts",
    AssetClass.COMMODITIES: "alts striped",
    AssetClass.GOLD: "alts dotted",
    AssetClass.CASH: "cash",
}
TOP_STYLES = {
    Top.STOCKS: "us-large",
    Top.BONDS: "bonds",
    Top.ALTERNATIVES: "alts",
    Top.CASH: "cash",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a stacked bar; `x`, `width` and `label_x` in percent of the bar."""

    style: str
    pattern: str
    name: str
    letters: str
    percent: Decimal
    x: str
    width: str
    label_x: str
    is_labelled: bool
    is_named: bool


def stacked_bar(parts: Iterable[tuple[AssetClass, str, Decimal]]) -> tuple[Segment, ...]:
    """Segments for (class, name, percent), side by side."""
    segments, left = [], Decimal(0)
    for asset, name, percent in parts:
        style, _, pattern = STYLES[asset].partition(" ")
        segments.append(
            Segment(
                style=style,
                pattern=pattern,
                name=name,
                letters=LETTERS[asset],
                percent=percent,
                x=plain(left),
                width=plain(max(percent - GAP, percent / 2)),
                label_x=plain(left + 1),
                is_labelled=percent >= LABELLED_FROM,
                is_named=percent >= NAMED_FROM,
            )
        )
        left += percent
    return tuple(segments)


def mix_bar(mix: Mix) -> list[tuple[str, int, int]]:
    """Style, left edge and width (of 100) of each top class."""
    found, left = [], 0
    for top, points in mix:
        found.append((TOP_STYLES[top], left, points))
        left += points
    return found
