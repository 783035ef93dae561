"""An allocation in the market: CAPM, expected return, volatility, and measured bad times."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass, Weights
from riskalloc.engine.assumptions import Assumptions

# The 5 % quantile of the standard normal distribution.
ONE_IN_TWENTY = Decimal("-1.6448536269514727")
# An episode speaks for a mix only where this much of its weight has a measured figure.
LEAST_COVERED = Decimal("0.9")


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeChange:
    """What a mix would have gone through: `change` in percent (exact), `amount` in dollars gained or lost."""

    id: str
    change: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Figures of a mix under one set of assumptions; percent a year, unrounded.

    `expected_return` is CAPM's one-period arithmetic figure and `compound_return` the same less half the
    variance. `mean` and `volatility` come from the classes' own assumptions, and `bad_year` is the change
    that one modelled year in twenty undercuts, under a lognormal distribution with that mean and volatility.
    """

    beta: Decimal
    expected_return: Decimal
    compound_return: Decimal
    mean: Decimal
    volatility: Decimal
    bad_year: EpisodeChange
    episodes: tuple[EpisodeChange, ...]

    @property
    def assumed_compound(self) -> Decimal:
        """What the classes' own assumptions compound to: their mean less half the variance."""
        return self.mean - self.volatility**2 / 200


def outlook(weights: Weights, amount: Decimal, assumptions: Assumptions) -> Outlook:
    """All market figures of a mix of `amount` dollars."""
    beta = portfolio_beta(weights, assumptions)
    volatility = portfolio_volatility(weights, assumptions)
    mean = portfolio_mean(weights, assumptions)
    expected = capm_return(beta, assumptions)
    return Outlook(
        beta=beta,
        expected_return=expected,
        compound_return=expected - volatility**2 / 200,
        mean=mean,
        volatility=volatility,
        bad_year=dollar_change("1-in-20", one_in_twenty_year(mean, volatility), amount),
        episodes=episode_changes(weights, amount, assumptions),
    )


def portfolio_beta(weights: Weights, assumptions: Assumptions) -> Decimal:
    return weighted(weights, {asset: assumptions.beta(asset) for asset in weights.parts})


def capm_return(beta: Decimal, assumptions: Assumptions) -> Decimal:
    """E(R) = risk-free rate + beta x equity premium, in percent."""
    return assumptions.risk_free.percent + beta * assumptions.premium.percent


def portfolio_mean(weights: Weights, assumptions: Assumptions) -> Decimal:
    """Arithmetic mean a year in percent."""
    return 100 * weighted(
        weights, {asset: assumptions.classes[asset].mean for asset in weights.parts}
    )


def portfolio_volatility(weights: Weights, assumptions: Assumptions) -> Decimal:
    """Square root of w' C w, in percent."""
    risks = [
        (asset, part * assumptions.classes[asset].volatility)
        for asset, part in weights.parts.items()
    ]
    variance = sum(
        (
            one_risk * other_risk * assumptions.correlation(one, other)
            for one, one_risk in risks
            for other, other_risk in risks
        ),
        Decimal(0),
    )
    return variance.sqrt() / weights.whole


def one_in_twenty_year(mean: Decimal, volatility: Decimal) -> Decimal:
    """Change in percent: exp(m + z s) - 1, with s^2 = ln(1 + (v/(1+a))^2) and m = ln(1+a) - s^2/2."""
    growth = 1 + mean / 100
    s_squared = (1 + (volatility / 100 / growth) ** 2).ln()
    m = growth.ln() - s_squared / 2
    return 100 * ((m + ONE_IN_TWENTY * s_squared.sqrt()).exp() - 1)


def episode_changes(
    weights: Weights, amount: Decimal, assumptions: Assumptions
) -> tuple[EpisodeChange, ...]:
    """The measured episodes, with weights held fixed, of those that cover enough of the mix."""
    return tuple(
        EpisodeChange(
            id=episode.id,
            change=weighted(covered, episode.changes),
            # Divided once: half a cent must not get lost in the last digit of a rounded percentage.
            amount=half_up(amount * total(covered, episode.changes) / (100 * covered.whole), 2),
        )
        for episode in assumptions.episodes
        if (covered := covered_weights(weights, episode.changes)) is not None
    )


def measured_change(weights: Weights, changes: Mapping[AssetClass, Decimal]) -> Decimal | None:
    """Change of a mix in percent, over the weight that has a figure; None under 90 % of the weight."""
    covered = covered_weights(weights, changes)
    return None if covered is None else weighted(covered, changes)


def covered_weights(weights: Weights, changes: Mapping[AssetClass, Decimal]) -> Weights | None:
    """The weights that have a figure; None under 90 % of the weight."""
    covered = {asset: part for asset, part in weights.parts.items() if asset in changes}
    return Weights(covered) if sum(covered.values()) >= LEAST_COVERED * weights.whole else None


def dollar_change(id: str, change: Decimal, amount: Decimal) -> EpisodeChange:
    return EpisodeChange(id=id, change=change, amount=half_up(amount * change / 100, 2))


def weighted(weights: Weights, figures: Mapping[AssetClass, Decimal]) -> Decimal:
    """Weighted average; summed exactly, divided once."""
    return total(weights, figures) / weights.whole


def total(weights: Weights, figures: Mapping[AssetClass, Decimal]) -> Decimal:
    return sum((part * figures[asset] for asset, part in weights.parts.items()), Decimal(0))
