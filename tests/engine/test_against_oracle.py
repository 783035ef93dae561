"""The engine and a plain second reading of the method agree, whatever the answers."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given

from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import Weights
from riskalloc.engine.calculation import Calculation, assess
from riskalloc.methodology import load
from tests.engine import oracle, published, strategies
from tests.engine.cast import AMOUNT, V1, answers


def rounded(exact: Fraction, places: int) -> Decimal:
    """Half away from zero."""
    units = int(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(units if exact >= 0 else -units).scaleb(-places)


def by_class(weights: Weights) -> oracle.Weights:
    return {asset.value: Fraction(part, weights.whole) for asset, part in weights.parts.items()}


def test_the_worked_example_is_the_same_in_both_readings():
    plain = oracle.assess(answers(), "v1", "core")
    assert (plain.raw, plain.rti, plain.iss, plain.limits) == (18, 18, 20, [])
    assert plain.mix == (75, 10, 15, 0)
    assert oracle.split(100_000, plain.weights) == {
        "us_large_cap": 60_000,
        "intl_developed": 15_000,
        "us_aggregate": 10_000,
        "reit": 15_000,
    }
    agree(assess(answers(), AMOUNT, V1), plain)


@given(
    given=strategies.any_answers,
    amount=strategies.amounts,
    version=strategies.versions,
    sleeves=strategies.sleeves,
)
def test_both_readings_agree_on_any_answers(given, amount, version, sleeves):
    agree(
        assess(given, amount, load(version), sleeves=sleeves),
        oracle.assess(given, version, sleeves),
    )


def agree(engine: Calculation, plain) -> None:
    scores_agree(engine, plain)
    mixes_agree(engine, plain)
    markets_agree(engine, plain)
    findings_agree(engine, plain)


def scores_agree(engine: Calculation, plain) -> None:
    scores = engine.scores
    assert dict(scores.items) == plain.items
    assert (scores.raw_rti, scores.rti, scores.iss) == (plain.raw, plain.rti, plain.iss)
    assert (scores.rti_label, scores.iss_label) == (plain.label, plain.iss_label)
    assert [(step.rule, step.change["rti"]) for step in scores.adjustments] == plain.limits
    assert scores.near_term == plain.is_near_term


def mixes_agree(engine: Calculation, plain) -> None:
    allocation = engine.allocation
    assert tuple(points for _, points in allocation.base) == plain.base
    assert allocation.shift == plain.shift
    assert tuple(points for _, points in allocation.mix) == plain.mix
    assert list(by_class(allocation.weights).items()) == list(plain.weights.items())
    percents = {line.asset: int(100 * line.percent) for line in engine.lines}
    assert percents == oracle.split(10_000, plain.weights)
    cents = {line.asset: int(100 * line.amount) for line in engine.lines}
    assert cents == oracle.split(int(100 * engine.amount), plain.weights)


def markets_agree(engine: Calculation, plain) -> None:
    outlook = engine.outlook
    beta = oracle.average(plain.weights, {asset: published.beta(asset) for asset in plain.weights})
    assert half_up(outlook.beta, 2) == rounded(beta, 2)
    capm = Fraction(published.RISK_FREE) + beta * Fraction(published.PREMIUM)
    assert half_up(outlook.expected_return, 2) == rounded(capm, 2)
    assert [episode.id for episode in outlook.episodes] == list(published.EPISODES)
    for episode in outlook.episodes:
        change = oracle.average(plain.weights, published.episode(episode.id))
        assert half_up(episode.change, 1) == rounded(change, 1)
        assert episode.amount == rounded(Fraction(engine.amount) * change / 100, 2)


def findings_agree(engine: Calculation, plain) -> None:
    found = {finding.rule: finding.figures for finding in engine.findings}
    assert list(found) == plain.findings
    if "C2" in found:
        without_rti = 0 if "cash" in found["C2"] else None
        assert found["C2"].get("rti", without_rti) == plain.nearest
    if "reserve_gap" in found:
        assert Fraction(found["reserve_gap"]["gap"]) == plain.gap
