"""A firm's own mixes in place of the method's: how they are checked, and how they lead to dollars."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from riskalloc import methodology
from riskalloc.engine import threads
from riskalloc.engine.allocation import allocate, target_mix, target_weights
from riskalloc.engine.amounts import RulesError
from riskalloc.engine.assets import AssetClass as A, Mix, Top
from riskalloc.engine.calculation import allocate_scores, assess
from riskalloc.engine.comparison import CauseKind, Inputs, compare
from riskalloc.engine.own_models import cautions, problems
from riskalloc.engine.rules import OwnModels, RiskLabel
from riskalloc.engine.scoring import limit_scores
from riskalloc.engine.whatif import answer_worth
from tests.engine.cast import EXAMPLE

V1, SEED = methodology.load("v1"), methodology.load("seed-1")
C, M, G = RiskLabel.CONSERVATIVE, RiskLabel.MODERATE, RiskLabel.AGGRESSIVE
MIXES = {
    C: {A.US_LARGE_CAP: 2000, A.US_AGGREGATE: 6000, A.CASH: 2000},
    M: {A.US_LARGE_CAP: 4533, A.EMERGING: 467, A.US_AGGREGATE: 4000, A.GOLD: 1000},
    G: {A.US_LARGE_CAP: 6000, A.INTL_DEVELOPED: 2000, A.US_AGGREGATE: 2000},
}


def models(mixes=MIXES, **fields) -> OwnModels:
    values = {
        "id": "1", "firm": "Demo practice", "name": "Balanced", "number": 3,
        "published_by": "owner@example.org", "published_on": date(2026, 3, 3), "mixes": mixes,
    }  # fmt: skip
    return OwnModels(**(values | fields))


def by(method, mixes=MIXES):
    return replace(method, models=models(mixes))


# -- The worked example ----------------------------------------------------------------------------------


def test_a_moderate_person_gets_the_moderate_model_to_the_cent():
    found = allocate_scores(13, 20, Decimal("100000.01"), by(V1))
    assert found.allocation.mix == Mix(50, 40, 10, 0)
    assert {line.asset: (line.percent, line.amount) for line in found.lines} == {
        A.US_LARGE_CAP: (Decimal("45.33"), Decimal("45330.01")),
        A.EMERGING: (Decimal("4.67"), Decimal("4670.00")),
        A.US_AGGREGATE: (Decimal("40.00"), Decimal("40000.00")),
        A.GOLD: (Decimal("10.00"), Decimal("10000.00")),
    }
    assert found.models == models()


def test_the_step_says_whose_model_it_is_and_that_income_does_not_move_it():
    first, second = allocate(limit_scores(13, 20, V1), "core", by(V1)).steps
    assert first.sentence == (
        "A risk score of 13 is moderate. For that, Demo practice has its own model in place of the "
        "method’s mix: “Balanced”, version 3, published by owner@example.org on 3 Mar 2026. It has 50% "
        "stocks, 40% bonds, 10% alternatives. The income score does not move it."
    )
    assert first.after == Mix(50, 40, 10, 0).figures()
    assert second.before == first.after
    assert sum(second.after.values()) == 100


@pytest.mark.parametrize("method", [V1, SEED], ids=lambda method: method.version)
@pytest.mark.parametrize("sleeves", ["core", "diversified"])
@pytest.mark.parametrize("iss", [5, 15, 25])
def test_income_shifts_nothing_and_sleeves_divide_nothing(method, sleeves, iss):
    """It still limits the risk score, where the method has limits."""
    scores = limit_scores(13, iss, method)
    assert target_mix(scores, by(method)).figures() == Mix(50, 40, 10, 0).figures()
    percents = target_weights(scores, sleeves, by(method)).percents()
    assert percents[A.EMERGING] == Decimal("4.67")


def test_a_low_income_score_still_limits_the_label():
    assert limit_scores(20, 5, by(V1)).rti_label is M
    assert allocate_scores(20, 5, Decimal(100), by(V1)).allocation.mix == Mix(50, 40, 10, 0)


def test_money_that_is_needed_soon_stays_with_the_method():
    found = allocate_scores(20, 20, Decimal(1000), by(V1), horizon_years=Decimal(2))
    assert found.allocation.mix == V1.classes.near_term
    assert found.allocation.steps[0].rule == "near_term"
    some = assess(EXAMPLE, Decimal(1000), by(V1), needed=Decimal(400))
    plain = assess(EXAMPLE, Decimal(1000), V1, needed=Decimal(400))
    assert some.reserved == plain.reserved
    assert some.invested == 600


def test_without_models_nothing_is_different():
    assert assess(EXAMPLE, Decimal(1000), V1).models is None


# -- What is made of it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("needed", [0, 400, 1000])
def test_every_number_opens_down_to_the_answers(needed):
    method = by(V1)
    found = assess(EXAMPLE, Decimal(1000), method, needed=Decimal(needed))
    for key in threads.keys(found):
        steps = threads.thread(key, found, method)
        assert not {"base", "shift"} & {step.rule for step in steps}
    if needed < 1000:
        rules = [step.rule for step in threads.thread("us_large_cap", found, method)]
        assert rules == ["dollars", "model_classes", "model", "rti_items"]
        share = threads.thread("us_large_cap", found, method)[1]
        assert share.sentence == "75% of the 80% in stocks."


def test_an_answer_is_worth_what_its_label_is_worth():
    worth = {w.question: (w.lower, w.higher) for w in answer_worth(EXAMPLE, by(V1))}
    assert set(worth["job_security"]) <= {0, None}  # income shifts nothing
    moves = {move for pair in worth.values() for move in pair if move}
    assert moves <= {-30, -60, 30}


def test_a_firm_that_begins_to_use_its_models_is_a_cause_of_its_own():
    before = Inputs(answers=EXAMPLE, amount=Decimal(100_000), method=V1)
    found = compare(before, replace(before, method=by(V1)))
    (cause,) = found.causes
    assert cause.kind is CauseKind.METHOD
    assert cause.points[Top.STOCKS] == 80 - 75


def parts_of_100():
    """Four whole parts, and each of them over its classes in basis points."""
    cuts = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted)
    return cuts.map(lambda at: (at[0], at[1] - at[0], at[2] - at[1], 100 - at[2]))


@given(
    tops=parts_of_100(),
    shares=st.lists(st.integers(0, 10_000), min_size=9, max_size=9),
    rti=st.integers(5, 25),
    iss=st.integers(5, 25),
)
def test_weights_add_up_and_the_steps_lead_to_the_mix(tops, shares, rti, iss):
    stocks, bonds, alternatives, cash = (100 * part for part in tops)
    first, second = sorted((shares[0] % (stocks + 1), shares[1] % (stocks + 1)))
    third = shares[2] % (bonds + 1)
    parts = {
        A.US_LARGE_CAP: first, A.INTL_DEVELOPED: second - first, A.EMERGING: stocks - second,
        A.TIPS: third, A.US_AGGREGATE: bonds - third, A.GOLD: alternatives, A.CASH: cash,
    }  # fmt: skip
    method = by(V1, {label: {a: part for a, part in parts.items() if part} for label in RiskLabel})
    found = allocate(limit_scores(rti, iss, method), "core", method)
    assert found.mix == Mix(*tops)
    assert sum(found.weights.percents().values()) == 100
    assert found.weights.percents() == {a: Decimal(parts[a]) / 100 for a in A if parts.get(a)}
    assert found.steps[-1].before == found.steps[0].after == found.mix.figures()
    assert found.steps[-1].after == {a.value: p for a, p in found.weights.percents().items()}


# -- What is refused -------------------------------------------------------------------------------------


def changed(label, **parts):
    mix = MIXES[label] | {A(name): part for name, part in parts.items()}
    return MIXES | {label: mix}


@pytest.mark.parametrize(
    ("mixes", "sentence"),
    [
        (changed(M, gold=999), "Moderate adds up to 99.99%. Add 0.01 points."),
        (changed(M, gold=1001), "Moderate adds up to 100.01%. Take away 0.01 points."),
        (changed(M, gold=900), "Moderate adds up to 99%. Add 1 point."),
        (MIXES | {G: {}}, "Aggressive has no figures yet. Fill in 100%."),
        ({C: MIXES[C], M: MIXES[M]}, "Aggressive has no figures yet. Fill in 100%."),
        (
            changed(C, us_large_cap=2050, us_aggregate=5950),
            ("Conservative: stocks add up to 20.5%. Each of the four parts is a whole percent: add 0.5 "
            "points or take away 0.5 points."),
        ),
        (changed(C, gold=-100, cash=2100), "Conservative: Gold is -1%. Nothing is below 0%."),
        (
            changed(C, us_large_cap=5100, us_aggregate=2900),
            ("Moderate has 50% stocks, and conservative 51%. Give moderate 1 point more, or conservative "
            "1 point less."),
        ),
        (
            MIXES | {C: {A.US_LARGE_CAP: 2000, A.COMMODITIES: 8000}},
            ("Moderate swings by 9.1% a year, and conservative by 18.5%. Make moderate livelier, or "
            "conservative calmer."),
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_in_points(mixes, sentence):
    assert sentence in problems(mixes, V1)


def test_mixes_that_hold_together_have_no_problems():
    assert problems(MIXES, V1) == problems(MIXES, SEED) == ()
    same = dict.fromkeys(RiskLabel, MIXES[M])
    assert problems(same, V1) == ()


def test_the_methods_own_mixes_hold_together_as_well():
    """The rules that a firm is held to are those of the published tables."""
    for method in (V1, SEED):
        for sleeves in method.classes.sets():
            mixes = {
                label: {
                    asset: int(share * 100)
                    for asset, share in target_weights(
                        replace(limit_scores(rti, 14, method)), sleeves, method
                    )
                    .percents()
                    .items()
                }
                for label, rti in ((C, 8), (M, 13), (G, 18))
            }
            assert problems(mixes, method) == ()


def test_more_stocks_than_the_ceiling_is_worth_a_word():
    mixes = MIXES | {G: {A.US_LARGE_CAP: 9000, A.CASH: 1000}}
    assert problems(mixes, V1) == ()
    assert cautions(mixes, V1) == (
        "Aggressive has 90% stocks. Portfolios are flagged above 80%, unless their own rule is changed.",
    )
    assert cautions(MIXES, V1) == ()


@pytest.mark.parametrize(
    "mixes",
    [
        {C: MIXES[C], M: MIXES[M]},
        changed(M, gold=999),
        changed(C, gold=-100, cash=2100),
    ],
)  # fmt: skip
def test_the_engine_takes_no_models_that_do_not_hold_together(mixes):
    with pytest.raises(RulesError):
        models(mixes)


def test_the_engine_takes_no_broken_parts():
    with pytest.raises(RulesError, match="whole percents"):
        by(V1, changed(C, us_large_cap=2050, us_aggregate=5950))
