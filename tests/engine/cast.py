"""The answers that these tests start from, and the shortest ways to others."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from riskalloc.engine.assets import Mix
from riskalloc.engine.calculation import Calculation, assess
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Answers, Scores, limit_scores
from riskalloc.methodology import load

V1, SEED = load("v1"), load("seed-1")
METHODS = (V1, SEED)
SLEEVES = ("core", "diversified")
LOWEST, HIGHEST = 5, 25

# The codes of the scores 1 to 5. past_behaviour has a second answer that scores 2: never_invested.
CODES = {
    "drop_reaction": ("sell_all", "sell_some", "hold_worried", "hold_calm", "buy_more"),
    "trade_off": ("mix_15", "mix_35", "mix_50", "mix_65", "mix_75"),
    "past_behaviour": ("sold_all", "sold_some", "put_in_less", "did_nothing", "bought"),
    "max_loss": ("up_to_5", "up_to_10", "up_to_20", "up_to_35", "over_35"),
    "job_security": (
        *("gig", "contract_or_new", "permanent_or_cyclical"),
        *("permanent_steady", "tenured_or_pension"),
    ),
    "largest_fall": ("25_or_more", "15_to_25", "10_to_15", "5_to_10", "under_5"),
    "household_cover": ("under_25", "25_to_50", "50_to_75", "75_to_100", "100_or_more"),
}
HORIZON_YEARS = ("2", "4", "10", "15", "16")
SAVINGS = ("0", "3000", "9000", "24000", "36000")  # beside essentials of $3,000
MONTHLY_DEBT = ("3000", "2400", "2100", "1500", "0")  # beside an income of $6,000

# RTI 18 and ISS 20: the worked example.
EXAMPLE = Answers(
    drop_reaction="hold_calm",
    horizon_years=Decimal(12),
    trade_off="mix_50",
    past_behaviour="did_nothing",
    max_loss="up_to_20",
    job_security="permanent_steady",
    savings=Decimal(24000),
    monthly_essentials=Decimal(3000),
    monthly_debt=Decimal(1500),
    monthly_income=Decimal(6000),
    largest_fall="5_to_10",
    market_linked=False,
    household_cover="75_to_100",
)
AMOUNT = Decimal(100_000)


def answers(**changes: Any) -> Answers:
    """The worked example with other answers; numbers may be written as text."""
    kinds = {name: type(getattr(EXAMPLE, name)) for name in changes}
    return replace(EXAMPLE, **{name: kinds[name](value) for name, value in changes.items()})


def answers_scoring(
    rti_items: Sequence[int], iss_items: Sequence[int] = (4, 4, 4, 4, 4)
) -> Answers:
    """Answers with these ten scores, in the order of the questions."""
    drop, horizon, trade_off, past, max_loss = (score - 1 for score in rti_items)
    job, fund, debt, variability, cover = (score - 1 for score in iss_items)
    return answers(
        drop_reaction=CODES["drop_reaction"][drop],
        horizon_years=HORIZON_YEARS[horizon],
        trade_off=CODES["trade_off"][trade_off],
        past_behaviour=CODES["past_behaviour"][past],
        max_loss=CODES["max_loss"][max_loss],
        job_security=CODES["job_security"][job],
        savings=SAVINGS[fund],
        monthly_debt=MONTHLY_DEBT[debt],
        largest_fall=CODES["largest_fall"][variability],
        household_cover=CODES["household_cover"][cover],
    )


def spread(total: int) -> tuple[int, ...]:
    """Five scores, as even as can be, that add up to `total`: 18 -> (4, 4, 4, 3, 3)."""
    return tuple(total // 5 + (i < total % 5) for i in range(5))


def pair(rti: int, iss: int, method: Methodology) -> Scores:
    """Two scores without any of the limits."""
    return limit_scores(rti, iss, replace(method, limits=None))


def calculate(method: Methodology = V1, sleeves: str = "core", **changes: Any) -> Calculation:
    """The calculation of the worked example with other answers, for $100,000."""
    return assess(answers(**changes), AMOUNT, method, sleeves=sleeves)


def figures(mix: Mix) -> str:
    """A mix as the published tables write it: `75/10/15/0`."""
    return "/".join(str(points) for _, points in mix)
