"""From top classes to asset classes."""

from decimal import Decimal

import pytest

from riskalloc.engine.allocation import allocate
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.rules import RiskLabel
from riskalloc.engine.scoring import limit_scores, score
from tests.engine import published
from tests.engine.cast import METHODS, SEED, SLEEVES, V1, answers, answers_scoring

BY_VERSION = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)


def shares(sleeves: str, label: RiskLabel, top: str) -> str:
    row = V1.classes.row(sleeves, label).by_top()
    return "/".join(str(row[Top(top)].get(AssetClass(asset), 0)) for asset in published.TOPS[top])


@pytest.mark.parametrize("label", RiskLabel)
@pytest.mark.parametrize("top", Top)
def test_core_is_the_same_for_every_label(label, top):
    assert shares("core", label, top) == published.CORE[top]


@pytest.mark.parametrize("label", RiskLabel)
def test_diversified_follows_the_label(label):
    for top in ("stocks", "bonds"):
        assert shares("diversified", label, top) == published.DIVERSIFIED[label][top]
    assert shares("diversified", label, "alternatives") == published.DIVERSIFIED_ALTERNATIVES
    assert shares("diversified", label, "cash") == "100"


@pytest.mark.parametrize(
    ("rti", "percents"),
    [
        # 25/50/5/20
        (8, {"us_large_cap": "18.75", "intl_developed": "6.25", "government": "25.00",
             "ig_corporate": "12.50", "tips": "12.50", "reit": "3.00", "commodities": "1.00",
             "gold": "1.00", "cash": "20.00"}),
        # 50/35/10/5
        (13, {"us_large_cap": "32.50", "us_small_cap": "5.00", "intl_developed": "10.00",
              "emerging": "2.50", "government": "14.00", "ig_corporate": "12.25", "tips": "5.25",
              "high_yield": "3.50", "reit": "6.00", "commodities": "2.00", "gold": "2.00",
              "cash": "5.00"}),
        # 70/20/10/0
        (18, {"us_large_cap": "42.00", "us_small_cap": "7.00", "intl_developed": "14.00",
              "emerging": "7.00", "government": "7.00", "ig_corporate": "7.00", "tips": "3.00",
              "high_yield": "3.00", "reit": "6.00", "commodities": "2.00", "gold": "2.00"}),
    ],
)  # fmt: skip
def test_a_diversified_mix_by_hand(rti, percents):
    weights = allocate(limit_scores(rti, 15, V1), "diversified", V1).weights
    wanted = [(asset, Decimal(percent)) for asset, percent in percents.items()]
    assert list(weights.percents().items()) == wanted


# -- High growth, with some caution -------------------------------------------------------------------

# Growth is horizon and trade_off, (5 + 5) / 2 = 5; composure the other three, (3 + 3 + 4) / 3 = 3.33.
GROWTH = (3, 5, 5, 3, 4)


def has_split(items, method=V1, sleeves="core") -> bool:
    return allocate(score(answers_scoring(items), method), sleeves, method).has_growth_split


@BY_VERSION
def test_high_growth_with_some_caution_splits_stocks_12_2_3(method):
    allocation = allocate(score(answers_scoring(GROWTH), method), "core", method)
    assert allocation.has_growth_split
    assert list(allocation.weights.percents().items()) == [
        ("us_large_cap", Decimal("52.94")),
        ("us_small_cap", Decimal("8.82")),
        ("intl_developed", Decimal("13.24")),
        ("us_aggregate", 10),
        ("reit", 15),
    ]
    assert allocation.steps[-1].rule == "growth_split"


@pytest.mark.parametrize(
    ("items", "is_split"),
    [
        ((4, 5, 5, 4, 4), True),  # 5 - 4 is exactly 1
        ((4, 5, 5, 4, 5), False),  # 5 - 4.33
        ((3, 4, 4, 3, 3), True),  # 4 - 3, the lowest that is aggressive
        ((3, 4, 4, 3, 4), False),  # 4 - 3.33
        ((3, 4, 5, 3, 4), True),  # 4.5 - 3.33
        ((3, 4, 5, 4, 4), False),  # 4.5 - 3.67
    ],
)
def test_growth_has_to_stand_a_full_point_above_composure(items, is_split):
    assert has_split(items) == is_split
    assert has_split(items, SEED) == is_split


def test_the_label_has_to_be_aggressive():
    assert has_split((3, 4, 4, 3, 3), SEED)  # RTI 17
    assert not has_split((2, 4, 4, 2, 3), SEED)  # RTI 15, with growth at 4 and composure at 2.33
    assert not has_split((2, 5, 5, 3, 3))  # RTI 18, held at 14 by the lowest answer


def test_composure_is_taken_as_answered_not_as_corrected():
    # buy_more beside sold_some: answered (5 + 2 + 5) / 3 = 4; counted (3 + 2 + 5) / 3 = 3.33.
    assert has_split((5, 5, 5, 2, 5), SEED)
    assert not has_split((5, 5, 4, 2, 5), SEED)  # 4.5 - 4


def test_only_the_core_sleeves_are_split():
    assert not has_split(GROWTH, V1, "diversified")
    assert not has_split(GROWTH, SEED, "diversified")


@pytest.mark.parametrize("sleeves", SLEEVES)
def test_scores_alone_are_never_split(sleeves):
    assert not allocate(limit_scores(18, 20, V1), sleeves, V1).has_growth_split


def test_near_term_money_is_never_split():
    scores = score(answers(horizon_years="2", trade_off="mix_75", drop_reaction="sell_all"), V1)
    assert not allocate(scores, "core", V1).has_growth_split
