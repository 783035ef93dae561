"""Nothing gets riskier because one answer got more careful, nor the other way round."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product

from hypothesis import given, strategies as st

from riskalloc.engine.allocation import Allocation, allocate
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import Mix
from riskalloc.engine.market import measured_change, portfolio_beta, portfolio_volatility
from riskalloc.engine.scoring import Answers, limit_scores, score
from tests.engine import strategies
from tests.engine.cast import CODES, V1, answers_scoring

ASSUMPTIONS = V1.assumptions
LAST_DIGIT = Decimal("1e-20")  # of a square root
CHOICES = [name for name in CODES if name != "past_behaviour"]
LESS, MORE = st.integers(0, 100), st.integers(100, 1000)  # percent of what was answered

# Everything that somebody did in a fall, the most careful first; the middle two score the same.
PAST = ("sold_all", "sold_some", "never_invested", "put_in_less", "did_nothing", "bought")


def allocation_of(given: Answers, sleeves: str = "core") -> Allocation:
    return allocate(score(given, V1), sleeves, V1)


def more_careful(given: Answers, less: int, more: int) -> Iterator[Answers]:
    """The same person with one answer more careful, for each answer that can be."""
    for name in CHOICES:
        place = CODES[name].index(getattr(given, name))
        if place:
            yield replace(given, **{name: CODES[name][place - 1]})
    if (place := PAST.index(given.past_behaviour)) > 0:
        yield replace(given, past_behaviour=PAST[place - 1])
    yield replace(given, market_linked=True)
    for name in ("horizon_years", "savings", "monthly_income"):
        yield replace(given, **{name: getattr(given, name) * less / 100})
    for name in ("monthly_essentials", "monthly_debt"):
        yield replace(given, **{name: getattr(given, name) * more / 100 + Decimal("0.01")})


def never_riskier(careful: Mix, mix: Mix) -> bool:
    both, more = careful.stocks + careful.alternatives, mix.stocks + mix.alternatives
    return careful.stocks <= mix.stocks and both <= more


def test_the_worked_example_with_each_answer_one_step_more_careful():
    given = answers_scoring((4, 4, 3, 4, 3))
    stocks = [allocation_of(careful).mix.stocks for careful in more_careful(given, 50, 200)]
    # drop_reaction, trade_off, max_loss, job, largest_fall, cover; past_behaviour; market-linked pay;
    # half the years (7.5), savings (4 months) and income; twice the spending and the debts.
    assert stocks == [71, 59, 59, 74, 74, 74, 71, 74, 57, 74, 58, 74, 58]


@given(given=strategies.any_answers, less=LESS, more=MORE)
def test_a_more_careful_answer_less_time_or_a_smaller_reserve_never_adds_stocks(given, less, more):
    mix = allocation_of(given).mix
    for careful in more_careful(given, less, more):
        assert never_riskier(allocation_of(careful).mix, mix)


@given(given=strategies.any_answers, less=LESS, more=MORE, sleeves=strategies.sleeves)
def test_volatility_beta_and_the_worst_fall_never_rise_unless_stocks_turn_to_growth(
    given, less, more, sleeves
):
    """The one exception: answers that fall behind growth by a full point turn stocks to 12 : 2 : 3."""
    allocation = allocation_of(given, sleeves)
    for careful in more_careful(given, less, more):
        other = allocation_of(careful, sleeves)
        is_same = other.weights == allocation.weights
        if not is_same and other.has_growth_split <= allocation.has_growth_split:
            pairs = zip(risks(other), risks(allocation), strict=True)
            assert all(careful_risk <= risk + LAST_DIGIT for careful_risk, risk in pairs)


def risks(allocation: Allocation) -> tuple[Decimal, Decimal, Decimal]:
    weights = allocation.weights
    falls = [-(measured_change(weights, episode.changes) or 0) for episode in ASSUMPTIONS.episodes]
    return (
        portfolio_volatility(weights, ASSUMPTIONS),
        portfolio_beta(weights, ASSUMPTIONS),
        max(falls),
    )


def test_the_growth_split_is_the_exception_and_by_how_much():
    # max_loss one step lower: growth of 5 stands above composure of 4.33 before, of 4 after.
    before = allocation_of(answers_scoring((4, 5, 5, 4, 5)))
    after = allocation_of(answers_scoring((4, 5, 5, 4, 4)))
    assert before.mix == after.mix
    assert (before.has_growth_split, after.has_growth_split) == (False, True)
    assert [str(half_up(risk, 2)) for risk in risks(before)] == ["14.47", "0.89", "51.82"]
    assert [str(half_up(risk, 2)) for risk in risks(after)] == ["14.78", "0.90", "52.01"]


# -- All of them -----------------------------------------------------------------------------------
#
# Answers about risk act through the score that they allow and the rise that time allows; those about
# income through the ISS and the lower score of reserve and debts. That leaves few enough to try all.

YEARS = [Decimal(n) for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, "10.5", 11, 16)]
STEADY = {"emergency_fund": 5, "debt_to_income": 5}
RiskAnswers = tuple[
    int, int, int, int, int
]  # places: drop_reaction, YEARS, trade_off, PAST, max_loss


@cache
def risk_state(given: RiskAnswers) -> tuple[int, Decimal]:
    """The score that a steady income would be allowed, and years that stand for the rise allowed."""
    drop, years, trade_off, past, max_loss = given
    items = {
        "drop_reaction": drop + 1,
        "horizon": V1.questionnaire.question("horizon").band_score(YEARS[years]),
        "trade_off": trade_off + 1,
        "past_behaviour": V1.questionnaire.field("past_behaviour").choice(PAST[past]).score,
        "max_loss": max_loss + 1,
    }
    raw = sum(items.values())
    scores = limit_scores(
        raw, 25, V1, items=items | STEADY, horizon_years=YEARS[years], sold=past <= 1
    )
    return scores.rti, max(edge for edge in (0, 3, 7, 10) if edge <= YEARS[years])


def neighbours(given: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for i, place in enumerate(given):
        if place:
            yield (*given[:i], place - 1, *given[i + 1 :])


def income_state(given: tuple[int, ...]) -> tuple[int, int]:
    """The ISS and the reserve of emergency fund, debts, and the sum of the other three (places from 0)."""
    fund, debt, others = given
    return fund + debt + others + 5, min(fund, debt) + 1


@cache
def mix_of(risk: tuple[int, Decimal], income: tuple[int, int]) -> Mix:
    (rti, years), (iss, reserve) = risk, income
    scores = limit_scores(rti, iss, V1)
    held = min(scores.rti, V1.limits.reserve.plus + V1.limits.reserve.factor * reserve)
    scores = replace(
        scores,
        rti=held,
        rti_label=V1.rti_label(held),
        reserve=reserve,
        horizon_years=Decimal(years),
        near_term=years == 0,
    )
    return allocate(scores, "core", V1).mix


def test_it_holds_for_all_answers_there_are():
    risk = list(product(range(5), range(len(YEARS)), range(5), range(len(PAST)), range(5)))
    income = list(product(range(5), range(5), range(13)))
    risk_steps = {(risk_state(b), risk_state(a)) for a in risk for b in neighbours(a)}
    income_steps = {(income_state(b), income_state(a)) for a in income for b in neighbours(a)}
    for careful, usual in risk_steps:
        for state in {income_state(answer) for answer in income}:
            assert never_riskier(mix_of(careful, state), mix_of(usual, state))
    for careful, usual in income_steps:
        for state in {risk_state(answer) for answer in risk}:
            assert never_riskier(mix_of(state, careful), mix_of(state, usual))
