"""The engine beside bare arithmetic, on the worked example."""

from decimal import Decimal
from typing import Any

from benchmarks.arithmetic import worked_example
from benchmarks.rounds import Pair
from questionnaire.services.answering import calculate
from questionnaire.snapshots import answers_of
from riskalloc import methodology
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.calculation import Calculation, assess

ANSWERS = {
    "amount": {"amount": "100000", "needed_within_3_years": "0"},
    "drop_reaction": {"drop_reaction": "hold_calm"},
    "horizon": {"horizon_years": "12"},
    "trade_off": {"trade_off": "mix_50"},
    "past_behaviour": {"past_behaviour": "did_nothing"},
    "max_loss": {"max_loss": "up_to_20"},
    "job_security": {"job_security": "permanent_steady"},
    "emergency_fund": {"savings": "24000", "monthly_essentials": "3000"},
    "debt_to_income": {"monthly_debt": "1500", "monthly_income": "6000"},
    "income_variability": {"largest_fall": "5_to_10", "market_linked": "no"},
    "household_cover": {"household_cover": "75_to_100"},
}
AMOUNT = Decimal(100_000)
CLASSES = tuple(
    AssetClass(name) for name in ("us_large_cap", "intl_developed", "us_aggregate", "reit", "cash")
)
REPEATS = 20


def bare() -> tuple[Any, ...]:
    """The worked example with its choices as points."""
    return worked_example(
        choices=(4, 3, 4, 3),
        years=Decimal(12),
        job=4,
        savings=Decimal(24_000),
        essentials=Decimal(3_000),
        debt=Decimal(1_500),
        income=Decimal(6_000),
        variability=4,
        cover=4,
        bearable=20,
        amount=AMOUNT,
    )


def figures(calculation: Calculation) -> tuple[Any, ...]:
    """The figures of a calculation in the order of the bare arithmetic."""
    outlook = calculation.outlook
    assert outlook is not None  # everything is invested
    by_class = {line.asset: line for line in calculation.lines}
    lines = [by_class.get(asset) for asset in CLASSES]
    (found,) = calculation.findings
    return (
        (
            calculation.scores.raw_rti,
            calculation.scores.rti,
            calculation.scores.iss,
            tuple(points for _, points in calculation.allocation.mix),
        ),
        (
            tuple(line.percent if line else Decimal(0) for line in lines),
            tuple(line.amount if line else Decimal(0) for line in lines),
        ),
        (
            outlook.beta,
            outlook.expected_return,
            outlook.compound_return,
            outlook.mean,
            outlook.volatility,
        ),
        (outlook.bad_year.change, outlook.bad_year.amount),
        tuple(episode.change for episode in outlook.episodes),
        tuple(episode.amount for episode in outlook.episodes),
        (
            found.figures["change"],
            found.figures["rti"],
            tuple(found.figures[top.value] for top, _ in calculation.allocation.mix),
        ),
    )


def engine_beside_arithmetic() -> tuple[Pair, Pair]:
    """`assess` alone, and everything that a result stores: with what each answer is worth."""
    method = methodology.load(methodology.DEFAULT_VERSION)
    answers = answers_of(ANSWERS, method)
    assert figures(assess(answers, AMOUNT, method)) == bare()
    return (
        Pair(
            name="Assess",
            floor=bare,
            product=lambda: assess(answers, AMOUNT, method),
            repeats=REPEATS,
        ),
        Pair(
            name="With answers' worth",
            floor=bare,
            product=lambda: calculate(ANSWERS, method),
            repeats=REPEATS,
        ),
    )
