"""Colours and letters of every class that can be held, those that no target names included."""

from collections.abc import Mapping

from riskalloc.engine.holding_classes import UNCLASSIFIED, HoldingClass
from riskalloc.web import charts

HELD_STYLES: Mapping[str, str] = {
    **charts.STYLES,
    HoldingClass.MUNICIPAL: "bonds striped",
    HoldingClass.INTL_BONDS: "bonds dotted",
    HoldingClass.DIRECT_PROPERTY: "alts striped",
    HoldingClass.CRYPTO: "alts crossed",
    HoldingClass.OTHER: "alts dotted",
    HoldingClass.UNCLASSIFIED: "cash striped",
}
HELD_LETTERS: Mapping[str, str] = {
    **charts.LETTERS,
    HoldingClass.MUNICIPAL: "MU",
    HoldingClass.INTL_BONDS: "FB",
    HoldingClass.DIRECT_PROPERTY: "PR",
    HoldingClass.CRYPTO: "CR",
    HoldingClass.OTHER: "OT",
    HoldingClass.UNCLASSIFIED: "?",
}
TOP_STYLES: Mapping[str, str] = {
    **{top.value: style for top, style in charts.TOP_STYLES.items()},
    UNCLASSIFIED: "cash striped",
}
