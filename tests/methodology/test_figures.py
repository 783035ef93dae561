"""The data files say what is published: every figure was typed twice."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from riskalloc.engine.assets import AssetClass, Top
from tests.engine import published
from tests.engine.cast import METHODS, SEED, V1, figures

ASSUMPTIONS = V1.assumptions
QUESTIONS = V1.questionnaire.questions


@pytest.mark.parametrize("asset", AssetClass)
def test_returns_and_volatilities_are_the_published_ones(asset):
    assumption = ASSUMPTIONS.classes[asset]
    compound, volatility = published.COMPOUND_AND_VOLATILITY[asset]
    assert (assumption.compound, assumption.volatility) == (Decimal(compound), Decimal(volatility))


@pytest.mark.parametrize("asset", AssetClass)
def test_correlations_are_the_published_ones(asset):
    row = [published.correlation(asset, other) for other in AssetClass]
    assert [Fraction(value) for value in ASSUMPTIONS.correlations[asset]] == row


@pytest.mark.parametrize(
    ("id", "from_on", "to_on"),
    [
        ("2007-09", date(2007, 10, 9), date(2009, 3, 9)),
        ("2020", date(2020, 2, 19), date(2020, 3, 23)),
        ("2022", date(2022, 1, 3), date(2022, 10, 12)),
    ],
)
def test_episodes_are_the_published_ones(id, from_on, to_on):
    episode = next(episode for episode in ASSUMPTIONS.episodes if episode.id == id)
    assert (episode.from_on, episode.to_on) == (from_on, to_on)
    changes = {asset.value: Fraction(change) for asset, change in episode.changes.items()}
    assert changes == published.episode(id)


def test_rates_have_their_dates():
    risk_free, premium = ASSUMPTIONS.risk_free, ASSUMPTIONS.premium
    assert (risk_free.percent, risk_free.as_of) == (Decimal("4.18"), date(2025, 12, 31))
    assert (premium.percent, premium.as_of) == (Decimal("4.33"), date(2025, 1, 1))
    assert (ASSUMPTIONS.as_of, ASSUMPTIONS.stale_after_months) == (date(2025, 12, 31), 12)
    assert ASSUMPTIONS.inflation == Decimal("2.50")
    assert ASSUMPTIONS.forecast_range == (Decimal("3.1"), Decimal("6.7"))
    assert ASSUMPTIONS.market is AssetClass.US_LARGE_CAP


def test_both_versions_share_everything_but_their_tables():
    for name in ("questionnaire", "classes", "findings", "assumptions", "rti_labels", "iss_labels"):
        assert getattr(V1, name) == getattr(SEED, name)
    assert figures(V1.classes.near_term) == "0/30/0/70"


def test_findings_are_reported_as_published():
    assert SEED.reports == ("C2", "C4", "C5", "C6", "liquidity", "reserve_gap")
    assert set(V1.reports) == {*SEED.reports, "C7", "C8"}


def test_the_limits_are_the_published_ones():
    limits = V1.limits
    assert SEED.limits is None
    assert (limits.contradiction.above, limits.contradiction.sold) == (1, ("sold_all", "sold_some"))
    assert limits.lowest.items == ("drop_reaction", "trade_off", "past_behaviour", "max_loss")
    assert (limits.lowest.factor, limits.lowest.plus) == (4, 6)
    assert limits.capacity.plus == 8
    assert (limits.reserve.plus, limits.reserve.factor) == (12, 3)
    assert limits.horizon.by_year == published.HORIZON_LIMITS


def test_the_amount_comes_first_then_risk_then_income():
    assert [(question.id, question.about) for question in QUESTIONS] == [
        ("amount", "amount"),
        ("drop_reaction", "risk"),
        ("horizon", "risk"),
        ("trade_off", "risk"),
        ("past_behaviour", "risk"),
        ("max_loss", "risk"),
        ("job_security", "income"),
        ("emergency_fund", "income"),
        ("debt_to_income", "income"),
        ("income_variability", "income"),
        ("household_cover", "income"),
    ]


def test_the_mixes_and_losses_to_choose_from_are_the_published_ones():
    mixes = V1.questionnaire.field("trade_off").choices
    assert [choice.stocks for choice in mixes] == [15, 35, 50, 65, 75]
    losses = V1.questionnaire.field("max_loss").choices
    assert [choice.limit for choice in losses] == [5, 10, 20, 35, None]


def test_what_refers_to_a_name_refers_to_one_that_exists():
    """Text that the loader cannot check: items, answer codes, findings and their sentences."""
    scored = {question.id for question in QUESTIONS if question.is_scored}
    fields = {field.name: field for question in QUESTIONS for field in question.fields}
    assert {*V1.limits.lowest.items} <= scored
    assert {*V1.classes.growth_split.growth, *V1.classes.growth_split.composure} <= scored
    for code in V1.limits.contradiction.sold:
        assert fields["past_behaviour"].choice(code)
    for row in V1.findings.reserve_months:
        for name, codes in row.answers.items():
            known = [choice.code for choice in fields[name].choices] or ["yes", "no"]
            assert set(codes) <= set(known)
    for method in METHODS:
        for rule in method.reports:
            assert any(key.startswith(rule) for key in V1.findings.sentences)


def test_every_top_class_and_class_has_words():
    assert list(V1.classes.tops) == list(Top)
    for names in V1.classes.classes.values():
        assert names.name
        assert len(names.what.split()) <= 12
