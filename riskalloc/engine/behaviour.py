"""How holdings behave: their market figures, and the risk label whose mix swings most like them.

Not everything that can be held has a figure: some classes stand on another one, the rest is left out.
Where more than a tenth of the value has none, there are no figures at all.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from riskalloc.engine.allocation import PLAIN_SLEEVES, target_weights
from riskalloc.engine.assets import AssetClass, Weights
from riskalloc.engine.assumptions import Assumptions
from riskalloc.engine.exact import EXACT, units, whole_numbers
from riskalloc.engine.holding_classes import HoldingClass, in_order
from riskalloc.engine.market import LEAST_COVERED, Outlook, outlook, portfolio_volatility
from riskalloc.engine.rules import Methodology, RiskLabel
from riskalloc.engine.scoring import limit_scores

NOTHING, MILLION = Decimal(0), Decimal(10**6)
STAND_INS: Mapping[HoldingClass, AssetClass] = {
    HoldingClass.MUNICIPAL: AssetClass.US_AGGREGATE,
    HoldingClass.INTL_BONDS: AssetClass.US_AGGREGATE,
    HoldingClass.DIRECT_PROPERTY: AssetClass.REIT,
}
FIGURES: Mapping[HoldingClass, AssetClass] = {
    **{HoldingClass(asset): asset for asset in AssetClass},
    **STAND_INS,
}
# The middle of each label, with an income score that shifts nothing.
ANCHORS: Mapping[RiskLabel, int] = {
    RiskLabel.CONSERVATIVE: 8,
    RiskLabel.MODERATE: 13,
    RiskLabel.AGGRESSIVE: 18,
}
ANCHOR_ISS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The part of what is held that has figures. Exact dollars.

    `by_class` is `amount` after stand-ins, `stood_in` what was counted as another class, and `left_out`
    what has no figure.
    """

    total: Decimal
    amount: Decimal
    by_class: Mapping[AssetClass, Decimal]
    stood_in: Mapping[HoldingClass, Decimal]
    left_out: Mapping[HoldingClass, Decimal]

    @property
    def is_enough(self) -> bool:
        """Whether figures of the known part may speak for the whole."""
        return self.amount > 0 and self.amount >= EXACT.multiply(LEAST_COVERED, self.total)


def known_part(values: Mapping[HoldingClass, Decimal]) -> Known:
    """Divide dollars of each class (not negative) into what has a figure and what has none."""
    held = {name: values[name] for name in in_order(values) if values[name]}
    found: dict[AssetClass, Decimal] = defaultdict(Decimal)
    with localcontext(EXACT):
        for name, value in held.items():
            if name in FIGURES:
                found[FIGURES[name]] += value
        return Known(
            total=sum(held.values(), NOTHING),
            amount=sum(found.values(), NOTHING),
            by_class={asset: found[asset] for asset in AssetClass if asset in found},
            stood_in={name: value for name, value in held.items() if name in STAND_INS},
            left_out={name: value for name, value in held.items() if name not in FIGURES},
        )


def exact_weights(parts: Mapping[AssetClass, Decimal]) -> Weights:
    """Weights in proportion to dollars or percent, without rounding; at least one is not nought."""
    named = {asset: part for asset, part in parts.items() if part}
    numbers, _ = whole_numbers(named.values())
    return Weights(dict(zip(named, numbers, strict=True)))


def behaviour(known: Known, assumptions: Assumptions) -> Outlook | None:
    """Market figures of the known part, in its dollars; None where too little is known."""
    if not known.is_enough:
        return None
    return outlook(exact_weights(known.by_class), known.amount, assumptions)


def anchor_volatilities(method: Methodology) -> dict[RiskLabel, Decimal]:
    """How much the mix in the middle of each label swings, in percent a year."""
    return {
        label: portfolio_volatility(
            target_weights(limit_scores(rti, ANCHOR_ISS, method), PLAIN_SLEEVES, method),
            method.assumptions,
        )
        for label, rti in ANCHORS.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The same rule without any rounding, for figures that are stored, in whole numbers of any unit.

    `covariances` are of percent a year, in millionths. A mix behaves like the first label whose border (the
    square of the volatility halfway to the next label's anchor, in the same unit) is not under its variance;
    a label without a border takes the rest.
    """

    covariances: Mapping[tuple[AssetClass, AssetClass], int]
    borders: Mapping[RiskLabel, Decimal | None]

    def label(self, values: Mapping[HoldingClass, int]) -> RiskLabel | None:
        """None where too little is known; see `behaviour`."""
        parts: dict[AssetClass, int] = defaultdict(int)
        for held, value in values.items():
            if value and held in FIGURES:
                parts[FIGURES[held]] += value
        whole = sum(parts.values())
        if not whole or whole < LEAST_COVERED * sum(values.values()):
            return None
        variance = sum(
            one * other * self.covariances[a, b]
            for a, one in parts.items()
            for b, other in parts.items()
        )
        return next(
            label
            for label, border in self.borders.items()
            if border is None or variance <= EXACT.multiply(border, whole**2)
        )


def likeness(method: Methodology) -> Likeness:
    """To be made once and kept."""
    figures, anchors = method.assumptions, anchor_volatilities(method)
    swings = list(anchors.values())
    halfway = [(low + high) / 2 for low, high in pairwise(swings)]
    borders = [EXACT.multiply(MILLION, EXACT.multiply(edge, edge)) for edge in halfway]
    return Likeness(
        covariances={
            (one, other): units(
                figures.classes[one].volatility
                * figures.classes[other].volatility
                * figures.correlation(one, other),
                6,
            )
            for one in AssetClass
            for other in AssetClass
        },
        borders=dict(zip(anchors, [*borders, None], strict=True)),
    )


def behaves_like(volatility: Decimal, method: Methodology) -> RiskLabel:
    """The label whose anchor mix has the nearest volatility (percent a year)."""
    anchors = anchor_volatilities(method)
    return min(anchors, key=lambda label: abs(anchors[label] - volatility))
