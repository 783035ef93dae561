"""The classes that holdings may be of, and where each is counted against a target.

Holdings are often broader than a target: a total-market fund holds small companies, a world fund emerging
markets. A class that the target does not name is counted in its stand-in, where the target names that.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from riskalloc.engine.assets import Top
from riskalloc.engine.rules import ClassCatalogue


class HoldingClass(StrEnum):
    """Every class, in the order that ties and tables follow: the asset classes, and what no target names."""

    US_LARGE_CAP = "us_large_cap"
    US_SMALL_CAP = "us_small_cap"
    INTL_DEVELOPED = "intl_developed"
    EMERGING = "emerging"
    US_AGGREGATE = "us_aggregate"
    GOVERNMENT = "government"
    IG_CORPORATE = "ig_corporate"
    TIPS = "tips"
    HIGH_YIELD = "high_yield"
    MUNICIPAL = "municipal"
    INTL_BONDS = "intl_bonds"
    REIT = "reit"
    COMMODITIES = "commodities"
    GOLD = "gold"
    DIRECT_PROPERTY = "direct_property"
    CRYPTO = "crypto"
    OTHER = "other"
    CASH = "cash"
    UNCLASSIFIED = "unclassified"


C = HoldingClass
UNCLASSIFIED = "unclassified"  # the row of both levels for what nobody has classed
TOPS: Mapping[HoldingClass, str] = {
    **dict.fromkeys((C.US_LARGE_CAP, C.US_SMALL_CAP, C.INTL_DEVELOPED, C.EMERGING), Top.STOCKS),
    **dict.fromkeys((C.US_AGGREGATE, C.GOVERNMENT, C.IG_CORPORATE, C.TIPS), Top.BONDS),
    **dict.fromkeys((C.HIGH_YIELD, C.MUNICIPAL, C.INTL_BONDS), Top.BONDS),
    **dict.fromkeys((C.REIT, C.COMMODITIES, C.GOLD), Top.ALTERNATIVES),
    **dict.fromkeys((C.DIRECT_PROPERTY, C.CRYPTO, C.OTHER), Top.ALTERNATIVES),
    C.CASH: Top.CASH,
    C.UNCLASSIFIED: UNCLASSIFIED,
}
# A fund of US bonds holds mostly government and company bonds: where the target names those two, one row.
US_BONDS = frozenset((C.US_AGGREGATE, C.GOVERNMENT, C.IG_CORPORATE))
STAND_INS: Mapping[HoldingClass, HoldingClass] = {
    C.US_SMALL_CAP: C.US_LARGE_CAP,
    C.EMERGING: C.INTL_DEVELOPED,
    C.GOVERNMENT: C.US_AGGREGATE,
    C.IG_CORPORATE: C.US_AGGREGATE,
    C.TIPS: C.US_AGGREGATE,
    C.MUNICIPAL: C.US_AGGREGATE,
    C.INTL_BONDS: C.US_AGGREGATE,
    C.DIRECT_PROPERTY: C.REIT,
}
# Names of what no target names; the methodology has the others.
OTHER_NAMES: Mapping[str, str] = {
    C.MUNICIPAL: "Municipal bonds",
    C.INTL_BONDS: "Foreign bonds",
    C.DIRECT_PROPERTY: "Property",
    C.CRYPTO: "Crypto",
    C.OTHER: "Other",
    C.UNCLASSIFIED: "Unclassified",
}


def counted_in(held: HoldingClass, named: frozenset[HoldingClass]) -> HoldingClass:
    """The row that a class counts in, where the target names (has more than 0 % of) these classes."""
    has_bond_row = {C.GOVERNMENT, C.IG_CORPORATE} <= named
    if has_bond_row and held in US_BONDS:
        return C.US_AGGREGATE
    if held in named or held not in STAND_INS:
        return held
    stand_in = STAND_INS[held]
    is_named = stand_in in named or (has_bond_row and stand_in in US_BONDS)
    return stand_in if is_named else held


def class_names(catalogue: ClassCatalogue) -> Mapping[str, str]:
    """Names of classes and top classes, as a methodology writes them."""
    classes = {asset.value: names.name for asset, names in catalogue.classes.items()}
    tops = {top.value: names.name for top, names in catalogue.tops.items()}
    # Cash is a top class and its only class, by one name.
    return {**tops, **classes, **OTHER_NAMES}


def in_order(classes: Iterable[HoldingClass]) -> tuple[HoldingClass, ...]:
    found = set(classes)
    return tuple(held for held in HoldingClass if held in found)
