import math
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.allocation import target_weights
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass, Mix, Weights
from riskalloc.engine.behaviour import (
    ANCHORS,
    Likeness,
    anchor_volatilities,
    behaves_like,
    behaviour,
    exact_weights,
    known_part,
    likeness,
)
from riskalloc.engine.calculation import allocate_scores
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.market import outlook, portfolio_volatility
from riskalloc.engine.rules import RiskLabel
from riskalloc.engine.scoring import limit_scores
from tests.engine import published
from tests.engine.cast import AMOUNT, V1, pair

ASSUMPTIONS = V1.assumptions
CORE = V1.classes.row("core", "moderate").by_top()
# $110,000, of which US large-cap has grown to $70,000.
ARTICLE = {"us_large_cap": 70_000, "intl_developed": 15_000, "us_aggregate": 10_000, "reit": 15_000}


def dollars(**values: float | str) -> dict[HoldingClass, Decimal]:
    return {HoldingClass(name): Decimal(str(value)) for name, value in values.items()}


def of(**values: float | str):
    return behaviour(known_part(dollars(**values)), ASSUMPTIONS)


def core(text: str) -> Weights:
    return Weights.refine(Mix(*published.mix(text)), CORE)


def swing(weights: Weights) -> float:
    """Volatility in percent by the textbook, from the published tables."""
    shares = {asset.value: part / weights.whole for asset, part in weights.parts.items()}
    return math.sqrt(
        sum(
            share * other_share * float(published.volatility(one) * published.volatility(other))
            * float(published.correlation(one, other))
            for one, share in shares.items()
            for other, other_share in shares.items()
        )
    )  # fmt: skip


# -- What has a figure -----------------------------------------------------------------------------


def test_the_articles_holdings_by_hand():
    figures = of(**ARTICLE)
    # beta: (70 x 1 + 15 x 0.9296875 + 10 x 0.07421875 + 15 x 0.9375) / 110
    beta = Decimal("98.75") / 110
    assert half_up(figures.beta, 12) == half_up(beta, 12)
    # 4.18 + 0.897727... x 4.33
    assert half_up(figures.expected_return, 4) == Decimal("8.0672")
    # 2007-09: 70 x -55.2 + 15 x -60.2 + 10 x 7.3 + 15 x -69.3 = -5,733.5 hundredths of $1,000
    assert [str(episode.amount) for episode in figures.episodes] == [
        "-57335.00",
        "-34815.00",  # 70 x -33.7 + 15 x -32.6 + 10 x -1.1 + 15 x -41.5 = -3,481.5
        "-27600.00",  # 70 x -24.5 + 15 x -28.1 + 10 x -14.5 + 15 x -31.9 = -2,760
    ]


def test_the_bad_year_of_the_articles_holdings_is_that_of_the_textbook():
    figures, shares = of(**ARTICLE), {name: value / 110_000 for name, value in ARTICLE.items()}
    mean = sum(
        share * (float(compound) / 100 + (float(volatility) / 100) ** 2 / 2)
        for name, share in shares.items()
        for compound, volatility in [published.COMPOUND_AND_VOLATILITY[name]]
    )
    volatility = swing(Weights({AssetClass(name): value for name, value in ARTICLE.items()})) / 100
    # A lognormal year with that mean and volatility, at its 5 % quantile.
    s = math.sqrt(math.log(1 + (volatility / (1 + mean)) ** 2))
    change = math.expm1(NormalDist(math.log(1 + mean) - s**2 / 2, s).inv_cdf(0.05))
    assert float(figures.bad_year.amount) == pytest.approx(110_000 * change, abs=0.005)


def test_what_has_no_figures_of_its_own_stands_on_another_class_where_there_is_one():
    known = known_part(
        dollars(municipal=1000, intl_bonds=2000, us_aggregate=500, direct_property=7)
    )
    assert known.by_class == {AssetClass.US_AGGREGATE: 3500, AssetClass.REIT: 7}
    assert known.stood_in == dollars(municipal=1000, intl_bonds=2000, direct_property=7)
    assert known.left_out == {}


def test_a_stand_in_behaves_as_the_class_it_stands_on():
    assert of(municipal=60, direct_property=40) == of(us_aggregate=60, reit=40)


def test_the_rest_is_left_out_and_said():
    known = known_part(dollars(us_large_cap=96_000, crypto=4000, other=0))
    assert (known.total, known.amount) == (100_000, 96_000)
    assert known.left_out == dollars(crypto=4000)
    # Its dollars are those of the known part alone.
    assert known.is_enough
    assert of(us_large_cap=96_000, crypto=4000) == of(us_large_cap=96_000)


@pytest.mark.parametrize(("unknown", "is_enough"), [("10", True), ("10.000001", False)])
def test_figures_need_nine_tenths_of_the_value(unknown, is_enough):
    for name in ("crypto", "other", "unclassified"):
        known = known_part(dollars(cash=Decimal(100) - Decimal(unknown), **{name: unknown}))
        assert known.is_enough == is_enough
        assert (behaviour(known, ASSUMPTIONS) is None) != is_enough


@pytest.mark.parametrize("values", [{}, {"cash": 0}, {"crypto": 5}])
def test_there_are_no_figures_of_nothing(values):
    assert of(**values) is None


def test_every_class_that_can_be_held_has_a_figure_or_is_left_out():
    values = dict.fromkeys(HoldingClass, Decimal("0.000001"))
    known = known_part(values)
    assert known.total == Decimal("0.000019")
    assert set(known.left_out) == {
        HoldingClass.CRYPTO,
        HoldingClass.OTHER,
        HoldingClass.UNCLASSIFIED,
    }
    assert set(known.by_class) == set(AssetClass)


held = st.dictionaries(
    st.sampled_from(HoldingClass),
    st.integers(0, 10**18).map(lambda units: Decimal(units).scaleb(-6)),
)


@given(held)
def test_nothing_is_lost_between_the_known_and_the_left_out(values):
    known = known_part(values)
    assert known.amount == sum(known.by_class.values())
    assert known.total == sum(values.values())
    assert known.amount + sum(known.left_out.values()) == known.total


@given(held)
def test_weights_are_exact(values):
    known = known_part(values)
    if not known.amount:
        return
    weights = exact_weights(known.by_class)
    for asset, value in known.by_class.items():
        share = Fraction(value) / Fraction(known.amount)
        assert Fraction(weights.parts[asset], weights.whole) == share


@given(held, st.integers(2, 10**6))
def test_ten_times_the_money_behaves_the_same(values, times):
    one = behaviour(known_part(values), ASSUMPTIONS)
    more = behaviour(known_part({n: v * times for n, v in values.items()}), ASSUMPTIONS)
    assert (one is None) == (more is None)
    if one and more:
        assert half_up(one.volatility, 12) == half_up(more.volatility, 12)
        assert half_up(one.beta, 12) == half_up(more.beta, 12)


def test_holdings_at_their_target_behave_as_the_calculation_says():
    calculation = allocate_scores(18, 20, AMOUNT, V1)
    values = {HoldingClass(line.asset): line.amount for line in calculation.lines}
    assert behaviour(known_part(values), ASSUMPTIONS) == calculation.outlook


# -- The label that they behave like ---------------------------------------------------------------


def test_the_anchors_are_the_published_mixes_in_the_middle_of_each_label():
    mixes = {"conservative": "25/50/5/20", "moderate": "50/35/10/5", "aggressive": "70/20/10/0"}
    anchors = anchor_volatilities(V1)
    assert list(anchors) == list(RiskLabel)
    for label, text in mixes.items():
        assert float(anchors[RiskLabel(label)]) == pytest.approx(swing(core(text)), rel=1e-9)
    shown = [half_up(volatility, 2) for volatility in anchors.values()]
    assert shown == [Decimal("5.95"), Decimal("10.18"), Decimal("13.02")]


@pytest.mark.parametrize("rti", range(5, 26))
def test_every_risk_score_whose_income_shifts_nothing_behaves_as_its_own_label(rti):
    scores = pair(rti, 15, V1)
    volatility = portfolio_volatility(target_weights(scores, "core", V1), ASSUMPTIONS)
    assert behaves_like(volatility, V1) is scores.rti_label


def test_an_anchor_behaves_as_itself():
    for label, volatility in anchor_volatilities(V1).items():
        assert behaves_like(volatility, V1) is label
        assert V1.rti_label(ANCHORS[label]) is label


def test_the_border_lies_halfway_between_two_anchors():
    calm, middle, wild = anchor_volatilities(V1).values()
    step = Decimal("1e-20")
    assert behaves_like((calm + middle) / 2 - step, V1) is RiskLabel.CONSERVATIVE
    assert behaves_like((calm + middle) / 2 + step, V1) is RiskLabel.MODERATE
    assert behaves_like((middle + wild) / 2 - step, V1) is RiskLabel.MODERATE
    assert behaves_like((middle + wild) / 2 + step, V1) is RiskLabel.AGGRESSIVE


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"cash": 1}, "conservative"),
        ({"us_aggregate": 1}, "conservative"),  # 4.75
        ({"us_large_cap": 1, "cash": 1}, "conservative"),  # about 8.0, just under 8.06
        ({"us_large_cap": 60, "us_aggregate": 40}, "moderate"),  # about 10
        (ARTICLE, "aggressive"),  # 14.7
        ({"us_large_cap": 1}, "aggressive"),  # 16
    ],
)
def test_some_holdings_and_what_they_behave_like(values, label):
    figures = of(**values)
    weights = exact_weights(known_part(dollars(**values)).by_class)
    assert float(figures.volatility) == pytest.approx(swing(weights), rel=1e-9)
    assert behaves_like(figures.volatility, V1) is RiskLabel(label)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_who_swings_more_never_behaves_like_a_calmer_label(one, other):
    calm, wild = sorted((Decimal(one) / 100, Decimal(other) / 100))
    order = list(RiskLabel)
    labels = [order.index(behaves_like(swing, V1)) for swing in (calm, wild)]
    assert labels == sorted(labels)


@given(st.lists(st.integers(0, 10**12), min_size=18, max_size=18))
def test_the_stored_label_is_that_of_the_volatility(amounts):
    values = {held: dollar for held, dollar in zip(HoldingClass, amounts, strict=False) if dollar}
    figures = behaviour(known_part({held: Decimal(v) for held, v in values.items()}), ASSUMPTIONS)
    label = likeness(V1).label(values)
    assert label is (behaves_like(figures.volatility, V1) if figures else None)


def test_exactly_on_a_border_the_calmer_label_holds():
    rule, cash = likeness(V1), HoldingClass.CASH
    at = Likeness(
        covariances=rule.covariances,
        borders={
            RiskLabel.CONSERVATIVE: Decimal(rule.covariances[AssetClass.CASH, AssetClass.CASH]),
            RiskLabel.MODERATE: None,
        },
    )
    assert at.label({cash: 7}) is RiskLabel.CONSERVATIVE
    assert at.label({HoldingClass.TIPS: 7}) is RiskLabel.MODERATE


def test_an_income_score_can_move_a_mix_to_another_label():
    # RTI 10 is conservative; at ISS 20 its mix of 50/35/15/0 swings like a moderate one.
    scores = limit_scores(10, 20, V1)
    figures = outlook(target_weights(scores, "core", V1), AMOUNT, ASSUMPTIONS)
    assert scores.rti_label is RiskLabel.CONSERVATIVE
    assert behaves_like(figures.volatility, V1) is RiskLabel.MODERATE
