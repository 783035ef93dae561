import math
from dataclasses import replace
from decimal import Decimal
from statistics import NormalDist

import pytest
from hypothesis import given

from riskalloc.engine.allocation import near_term_weights
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass, Mix, Weights
from riskalloc.engine.calculation import allocate_scores, assess
from riskalloc.engine.market import ONE_IN_TWENTY, measured_change, outlook
from tests.engine import published, strategies
from tests.engine.cast import AMOUNT, V1, answers_scoring, calculate

ASSUMPTIONS = V1.assumptions
CORE = V1.classes.row("core", "moderate").by_top()


def core(text: str) -> Weights:
    return Weights.refine(Mix(*published.mix(text)), CORE)


def view(weights: Weights, amount: Decimal = AMOUNT):
    return outlook(weights, amount, ASSUMPTIONS)


# -- CAPM ------------------------------------------------------------------------------------------


def test_the_worked_example_has_a_beta_of_0_89_and_expects_8_02_percent():
    figures = calculate().outlook
    # 0.60 x 1 + 0.15 x 0.9296875 + 0.10 x 0.07421875 + 0.15 x 0.9375
    assert figures.beta == Decimal("0.8875")
    # 4.18 + 0.8875 x 4.33
    assert figures.expected_return == Decimal("8.022875")
    # less half of 14.4744 percent squared
    assert half_up(figures.compound_return, 9) == Decimal("6.975328125")


@pytest.mark.parametrize(
    ("mix", "beta", "expected_return"),
    [
        ("25/50/5/20", "0.330468750", "5.6109296875"),
        ("50/35/10/5", "0.6126953125", "6.833"),
        ("70/20/10/0", "0.79875", "7.6385875"),
        ("75/10/15/0", "0.8875", "8.022875"),
        ("0/30/0/70", "0.022265625", "4.27641015625"),
        ("0/0/0/100", "0", "4.18"),
    ],
)
def test_capm_figures_by_hand(mix, beta, expected_return):
    figures = view(core(mix))
    assert half_up(figures.beta, 4) == half_up(Decimal(beta), 4)
    assert half_up(figures.expected_return, 3) == half_up(Decimal(expected_return), 3)


# -- Volatility and the modelled bad year ----------------------------------------------------------


def floats(weights: Weights) -> tuple[float, float]:
    """Mean and volatility as fractions, by the textbook."""
    shares = {asset.value: part / weights.whole for asset, part in weights.parts.items()}
    variance = sum(
        share * other_share * float(published.volatility(one) * published.volatility(other))
        * float(published.correlation(one, other)) / 10_000
        for one, share in shares.items()
        for other, other_share in shares.items()
    )  # fmt: skip
    mean = sum(
        share * (float(compound) / 100 + (float(volatility) / 100) ** 2 / 2)
        for asset, share in shares.items()
        for compound, volatility in [published.COMPOUND_AND_VOLATILITY[asset]]
    )
    return mean, math.sqrt(variance)


def agrees_with_floats(weights: Weights) -> None:
    mean, volatility = floats(weights)
    figures = view(weights)
    assert float(figures.mean) == pytest.approx(100 * mean, rel=1e-9)
    assert float(figures.volatility) == pytest.approx(100 * volatility, rel=1e-9)
    # A lognormal year with that mean and volatility, at its 5 % quantile.
    s = math.sqrt(math.log(1 + (volatility / (1 + mean)) ** 2))
    quantile = NormalDist(math.log(1 + mean) - s**2 / 2, s).inv_cdf(0.05)
    assert float(figures.bad_year.change) == pytest.approx(100 * math.expm1(quantile), rel=1e-9)


def test_the_worked_example_swings_by_14_5_percent_and_loses_15_in_one_year_of_twenty():
    weights = core("75/10/15/0")
    agrees_with_floats(weights)
    figures = view(weights)
    assert half_up(figures.volatility, 2) == Decimal("14.47")
    assert half_up(figures.mean, 2) == Decimal("6.96")
    assert half_up(figures.bad_year.change, 1) == Decimal("-15.1")
    assert figures.bad_year.amount == half_up(1000 * figures.bad_year.change, 2)


def test_one_class_alone_swings_by_its_own_volatility():
    assert view(core("0/0/100/0")).volatility == 20
    assert view(core("0/0/0/100")).volatility == Decimal("0.5")


def test_one_year_in_twenty_is_the_5_percent_quantile():
    assert float(ONE_IN_TWENTY) == pytest.approx(NormalDist().inv_cdf(0.05), abs=1e-15)


@given(rti=strategies.scores, iss=strategies.scores, sleeves=strategies.sleeves)
def test_any_mix_agrees_with_the_textbook_in_floats(rti, iss, sleeves):
    agrees_with_floats(allocate_scores(rti, iss, AMOUNT, V1, sleeves=sleeves).allocation.weights)


# -- Measured episodes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mix", "changes"),
    [
        ("75/10/15/0", "-51.8 -31.4 -25.2"),  # the last is exactly -25.15
        ("70/20/10/0", "-44.8 -27.8 -23.7"),
        ("50/35/10/5", "-32.3 -21.3 -20.8"),
        ("25/50/5/20", "-13.3 -10.9 -15.0"),
        ("0/30/0/70", "4.1 -0.1 -3.9"),
        ("15/0/0/85", "-6.1 -4.8 -3.3"),
    ],
)
def test_measured_changes_by_hand(mix, changes):
    shown = [half_up(episode.change, 1) for episode in view(core(mix)).episodes]
    assert shown == [Decimal(change) for change in changes.split()]


def test_episodes_are_those_three_in_order_and_in_dollars():
    episodes = calculate().outlook.episodes
    assert [(episode.id, str(episode.amount)) for episode in episodes] == [
        ("2007-09", "-51815.00"),
        ("2020", "-31445.00"),
        ("2022", "-25150.00"),
    ]


def test_half_a_cent_is_not_lost_where_a_percentage_has_no_end():
    # 12 : 2 : 3 of 75: the change in 2020 is 32.082058823529... percent of $18,700, exactly $5,999.345.
    calculation = assess(answers_scoring((3, 5, 5, 3, 3)), Decimal(18_700), V1)
    assert calculation.allocation.has_growth_split
    assert calculation.outlook.episodes[1].amount == Decimal("-5999.35")


@pytest.mark.parametrize(("gold", "covered"), [(10, True), (11, False)])
def test_an_episode_speaks_only_where_90_percent_of_the_weight_has_a_figure(gold, covered):
    without_gold = {
        asset: change
        for asset, change in ASSUMPTIONS.episodes[0].changes.items()
        if asset != "gold"
    }
    weights = Weights({AssetClass.GOLD: gold, AssetClass.CASH: 100 - gold})
    # What has a figure is cash alone, so the loss is that of cash.
    assert measured_change(weights, without_gold) == (Decimal("2.7") if covered else None)
    first = replace(ASSUMPTIONS.episodes[0], changes=without_gold)
    known = replace(ASSUMPTIONS, episodes=(first, *ASSUMPTIONS.episodes[1:]))
    episodes = outlook(weights, AMOUNT, known).episodes
    assert [episode.id for episode in episodes] == ["2007-09", "2020", "2022"][not covered :]


def test_near_term_money_lost_less_than_4_percent_in_the_worst_of_them():
    changes = [episode.change for episode in view(near_term_weights(V1)).episodes]
    assert changes == [Decimal("4.08"), Decimal("-0.12"), Decimal("-3.93")]
