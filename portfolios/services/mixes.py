"""The percentages that a target may be made of: from answers, from a decision on them, or typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from portfolios.models import Target
from portfolios.snapshots import BASIS_POINT
from questionnaire.models import Assessment, ClientProfile, Override
from questionnaire.snapshots import method_of, result_of
from riskalloc import methodology
from riskalloc.engine.allocation import sleeve_shares
from riskalloc.engine.amounts import largest_remainder
from riskalloc.engine.assets import AssetClass, Sleeve, Top, Weights
from riskalloc.engine.calculation import DEFAULT_SLEEVES
from riskalloc.engine.holding_classes import TOPS, HoldingClass
from riskalloc.engine.rules import RiskLabel

NOTHING = Decimal(0)
Percents = Mapping[str, Decimal]  # by asset class
CLASSES_OF = {
    top: tuple(asset for asset in AssetClass if TOPS[HoldingClass(asset)] == top) for top in Top
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What holds for a client: the last answers, and the mix that was decided on instead, if any."""

    assessment: Assessment
    override: Override | None

    @property
    def at(self) -> datetime:
        return self.override.made_at if self.override else self.assessment.created_at

    @property
    def shown_as(self) -> tuple[str, UUID | None]:
        """What a form names it by."""
        return self.assessment.public_id, self.override.pk if self.override else None

    def percents(self) -> dict[str, Decimal]:
        """Of each class, with two decimals that add up to 100.00."""
        calculation = result_of(self.assessment).calculation
        weights = calculation.allocation.weights
        if self.override:
            method, sleeves = method_of(self.assessment), calculation.allocation.sleeves
            shares = sleeve_shares(calculation.scores, sleeves, method)
            weights = Weights.refine(self.override.mix, shares)
        return {asset.value: percent for asset, percent in weights.percents().items()}


def decision_for(client: ClientProfile) -> Decision | None:
    """None where nothing was answered yet; two queries."""
    assessment = Assessment.objects.latest_of(client)
    if assessment is None:
        return None
    return Decision(assessment=assessment, override=assessment.overrides.first())


def percents_of(target: Target | None) -> dict[str, Decimal]:
    if target is None:
        return {}
    return {name: units * BASIS_POINT for name, units in target.per_class().items()}


def top_percents(percents: Percents) -> dict[Top, Decimal]:
    return {
        top: sum((percents.get(asset, NOTHING) for asset in assets), NOTHING)
        for top, assets in CLASSES_OF.items()
    }


def core_sleeve(top: Top) -> Sleeve:
    """How a top class is divided where nobody says otherwise; the same for every label."""
    catalogue = methodology.load(methodology.DEFAULT_VERSION).classes
    return catalogue.row(DEFAULT_SLEEVES, RiskLabel.MODERATE).by_top()[top]


def divided(top: Top, percent: Decimal) -> dict[str, Decimal]:
    """By the core sleeve, in hundredths of a percent that add up to `percent`."""
    if not percent:
        return {}
    sleeve = core_sleeve(top)
    units = largest_remainder(int(percent / BASIS_POINT), tuple(sleeve.values()))
    parts = zip(sleeve, units, strict=True)
    return {asset.value: part * BASIS_POINT for asset, part in parts if part}
